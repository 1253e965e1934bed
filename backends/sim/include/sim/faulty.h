// Faulty<X>: any implementation of a HAL class, with the faults of a FaultPlan before it.
//
// A decorator forwards everything else unchanged. `inner` and `plan` outlive it. Runner thread only
// (Faulty<hal::Camera>: the face pipeline's).
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "hal/devices.h"
#include "sim/fault_plan.h"

namespace strongroom::sim {

template <class Device>
class Faulty;

namespace detail {

// For devices that deliver items by polling: what is held back, and what comes twice.
template <class Item>
class Held {
public:
    void hold(Instant until, Item item) { held_.push_back({until, std::move(item)}); }
    [[nodiscard]] std::optional<Item> take(Instant now) {
        if (held_.empty() || held_.front().until > now) return std::nullopt;
        Item item = std::move(held_.front().item);
        held_.pop_front();
        return item;
    }
    [[nodiscard]] Instant next() const { return held_.empty() ? never : held_.front().until; }
    void clear() { held_.clear(); }

private:
    struct Entry {
        Instant until;
        Item item;
    };
    std::deque<Entry> held_;
};

// A dry contact: may lie once, or stay as it last was.
class Contact {
public:
    explicit Contact(FaultPlan& plan) : plan_(plan) {}
    template <class Read>
    [[nodiscard]] Result<bool> read(Call call, Read&& inner) {
        const auto fault = plan_.ask(call);
        if (fault && fault->kind == FaultKind::fail) return fail(fault->error);
        if (fault && fault->kind == FaultKind::stick && last_) return *last_;
        Result<bool> reading = inner();
        if (fault && fault->kind == FaultKind::corrupt && reading) return !*reading;
        if (reading) last_ = *reading;
        return reading;
    }

private:
    FaultPlan& plan_;
    std::optional<bool> last_;
};

}  // namespace detail

template <>
class Faulty<hal::Strike> final : public hal::Strike {
public:
    Faulty(hal::Strike& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
    [[nodiscard]] Result<void> pulse(Duration hold) override;
    [[nodiscard]] Result<void> lock() override;
    [[nodiscard]] Result<hal::BoltState> sense() override;
    [[nodiscard]] Duration max_hold() const override { return inner_.max_hold(); }

private:
    hal::Strike& inner_;
    FaultPlan& plan_;
    std::optional<hal::BoltState> last_;
};

template <>
class Faulty<hal::KeySwitch> final : public hal::KeySwitch {
public:
    Faulty(hal::KeySwitch& inner, FaultPlan& plan) : inner_(inner), contact_(plan) {}
    [[nodiscard]] Result<bool> turned() override {
        return contact_.read(Call::key_switch_turned, [&] { return inner_.turned(); });
    }

private:
    hal::KeySwitch& inner_;
    detail::Contact contact_;
};

template <>
class Faulty<hal::DoorContact> final : public hal::DoorContact {
public:
    Faulty(hal::DoorContact& inner, FaultPlan& plan) : inner_(inner), contact_(plan) {}
    [[nodiscard]] Result<bool> open() override {
        return contact_.read(Call::door_contact_open, [&] { return inner_.open(); });
    }

private:
    hal::DoorContact& inner_;
    detail::Contact contact_;
};

template <>
class Faulty<hal::TamperLoop> final : public hal::TamperLoop {
public:
    Faulty(hal::TamperLoop& inner, FaultPlan& plan) : inner_(inner), contact_(plan) {}
    [[nodiscard]] Result<bool> intact() override {
        return contact_.read(Call::tamper_loop_intact, [&] { return inner_.intact(); });
    }

private:
    hal::TamperLoop& inner_;
    detail::Contact contact_;
};

template <>
class Faulty<hal::ExitButton> final : public hal::ExitButton {
public:
    Faulty(hal::ExitButton& inner, FaultPlan& plan) : inner_(inner), contact_(plan) {}
    [[nodiscard]] Result<bool> pressed() override {
        return contact_.read(Call::exit_button_pressed, [&] { return inner_.pressed(); });
    }

private:
    hal::ExitButton& inner_;
    detail::Contact contact_;
};

template <>
class Faulty<hal::Keypad> final : public hal::Keypad {
public:
    Faulty(hal::Keypad& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
    [[nodiscard]] Result<std::optional<hal::KeypadEntry>> poll() override;

private:
    hal::Keypad& inner_;
    FaultPlan& plan_;
    detail::Held<hal::KeypadEntry> held_;
};

template <>
class Faulty<hal::Display> final : public hal::Display {
public:
    Faulty(hal::Display& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
    [[nodiscard]] Result<void> show(const Prompt& prompt) override;

private:
    hal::Display& inner_;
    FaultPlan& plan_;
};

template <>
class Faulty<hal::Siren> final : public hal::Siren {
public:
    Faulty(hal::Siren& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
    [[nodiscard]] Result<void> raise(Alarm alarm) override;
    [[nodiscard]] Result<void> clear(Alarm alarm) override;

private:
    hal::Siren& inner_;
    FaultPlan& plan_;
};

template <>
class Faulty<hal::ByteLink> final : public hal::ByteLink {
public:
    Faulty(hal::ByteLink& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> buffer) override;

private:
    hal::ByteLink& inner_;
    FaultPlan& plan_;
    std::deque<std::byte> ready_;  // before what the inner link has
    detail::Held<std::vector<std::byte>> held_;
};

template <>
class Faulty<hal::SmsGateway> final : public hal::SmsGateway {
public:
    Faulty(hal::SmsGateway& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
    [[nodiscard]] Result<void> submit(const hal::SmsMessage& message) override;
    [[nodiscard]] Result<std::optional<hal::SmsDelivery>> poll_delivery() override;

private:
    hal::SmsGateway& inner_;
    FaultPlan& plan_;
    detail::Held<hal::SmsDelivery> held_;
};

template <>
class Faulty<hal::FaceObserver> final : public hal::FaceObserver {
public:
    // `clock` is the terminal's, in which next_poll() speaks.
    Faulty(hal::FaceObserver& inner, FaultPlan& plan, const hal::Clock& clock)
        : inner_(inner), plan_(plan), clock_(clock) {}
    [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate> templates) override;
    void stop() override;
    [[nodiscard]] Result<std::optional<FaceObservation>> poll() override;
    [[nodiscard]] Instant next_poll() const override;
    [[nodiscard]] FaceModelId model() const override { return inner_.model(); }

private:
    hal::FaceObserver& inner_;
    FaultPlan& plan_;
    const hal::Clock& clock_;
    std::optional<Errc> lost_;            // until start()
    detail::Held<FaceObservation> held_;  // on the terminal's clock
};

template <>
class Faulty<hal::FingerprintReader> final : public hal::FingerprintReader {
public:
    // `clock` is the terminal's, in which next_poll() speaks.
    Faulty(hal::FingerprintReader& inner, FaultPlan& plan, const hal::Clock& clock)
        : inner_(inner), plan_(plan), clock_(clock) {}
    [[nodiscard]] Result<void> start(const hal::FingerReference& reference) override;
    void stop() override;
    [[nodiscard]] Result<std::optional<FingerObservation>> poll() override;
    [[nodiscard]] Instant next_poll() const override;

private:
    hal::FingerprintReader& inner_;
    FaultPlan& plan_;
    const hal::Clock& clock_;
    detail::Held<FingerObservation> held_;  // on the terminal's clock
};

template <>
class Faulty<hal::Camera> final : public hal::Camera {
public:
    Faulty(hal::Camera& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
    [[nodiscard]] Result<void> start() override;
    void stop() override;
    [[nodiscard]] Result<std::optional<hal::Frame>> poll() override;
    [[nodiscard]] const hal::CameraIdentity& identity() const override { return inner_.identity(); }

private:
    hal::Camera& inner_;
    FaultPlan& plan_;
    std::optional<Errc> lost_;  // until start()
    detail::Held<hal::Frame> held_;
};

template <>
class Faulty<hal::Entropy> final : public hal::Entropy {
public:
    Faulty(hal::Entropy& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
    [[nodiscard]] Result<void> fill(std::span<std::byte> bytes) override;

private:
    hal::Entropy& inner_;
    FaultPlan& plan_;
};

// A clock cannot fail. It can stand still, and its calendar can be wrong.
template <>
class Faulty<hal::Clock> final : public hal::Clock {
public:
    Faulty(const hal::Clock& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] WallTime wall() const override;
    [[nodiscard]] bool wall_is_set() const override { return inner_.wall_is_set(); }

private:
    const hal::Clock& inner_;
    FaultPlan& plan_;
    mutable std::optional<Instant> last_now_;
    mutable std::optional<WallTime> last_wall_;
};

}  // namespace strongroom::sim
