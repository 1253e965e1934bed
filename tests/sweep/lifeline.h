// The life of a simulated process, and the devices that it can touch only while it lives.
//
// A process that is killed runs no destructor. Here its objects are destroyed all the same, so that
// no memory is lost, but behind these wrappers nothing that they do reaches the world any more.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "hal/devices.h"

namespace strongroom::test {

// Moments are counted: one before and one after every call that changes something outside of the
// process. The process can be told to die at one of them.
class Lifeline {
public:
    [[nodiscard]] bool alive() const { return alive_; }
    [[nodiscard]] std::uint64_t moments() const { return moments_; }
    // `last` 0: never. `died` is called when it happens.
    void end_at(std::uint64_t last, std::function<void()> died) {
        last_ = last;
        died_ = std::move(died);
    }
    void end() {
        if (!std::exchange(alive_, false)) return;
        if (died_) died_();
    }
    // A new process.
    void begin() {
        alive_ = true;
        last_ = 0;
    }

    // Runs `call` unless the process is dead or dies right before it; what dies right after it does
    // not hear the answer.
    template <class Call>
    auto guard(Call&& call) -> decltype(call()) {
        if (!pass()) return fail(Errc::disconnected);
        auto answer = call();
        if (!pass()) return fail(Errc::disconnected);
        return answer;
    }

private:
    bool pass() {
        if (!alive_) return false;
        if (++moments_ == last_) end();
        return alive_;
    }
    bool alive_ = true;
    std::uint64_t moments_ = 0;
    std::uint64_t last_ = 0;
    std::function<void()> died_;
};

// The devices that change something in the world, behind a lifeline. The others are read only.
class MortalDevices {
public:
    MortalDevices(const hal::Devices& devices, Lifeline& life)
        : devices_(devices),
          strike_(devices.strike, life),
          face_(devices.face, life),
          display_(devices.display, life),
          siren_(devices.siren, life),
          sms_(devices.sms, life) {
        if (devices.finger != nullptr) finger_.emplace(*devices.finger, life);
    }

    [[nodiscard]] hal::Devices devices() {
        return {devices_.clock,
                devices_.entropy,
                face_,
                strike_,
                devices_.key,
                devices_.door,
                devices_.tamper,
                devices_.exit_button,
                devices_.keypad,
                display_,
                siren_,
                sms_,
                finger_ ? &*finger_ : nullptr};
    }

private:
    class Strike final : public hal::Strike {
    public:
        Strike(hal::Strike& inner, Lifeline& life) : inner_(inner), life_(life) {}
        [[nodiscard]] Result<void> pulse(Duration hold) override {
            return life_.guard([&] { return inner_.pulse(hold); });
        }
        [[nodiscard]] Result<void> lock() override {
            return life_.guard([&] { return inner_.lock(); });
        }
        [[nodiscard]] Result<hal::BoltState> sense() override { return inner_.sense(); }
        [[nodiscard]] Duration max_hold() const override { return inner_.max_hold(); }

    private:
        hal::Strike& inner_;
        Lifeline& life_;
    };
    class Face final : public hal::FaceObserver {
    public:
        Face(hal::FaceObserver& inner, Lifeline& life) : inner_(inner), life_(life) {}
        [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate> templates) override {
            return life_.guard([&] { return inner_.start(templates); });
        }
        void stop() override {
            if (life_.alive()) inner_.stop();
        }
        [[nodiscard]] Result<std::optional<FaceObservation>> poll() override {
            return inner_.poll();
        }
        [[nodiscard]] Instant next_poll() const override { return inner_.next_poll(); }
        [[nodiscard]] FaceModelId model() const override { return inner_.model(); }

    private:
        hal::FaceObserver& inner_;
        Lifeline& life_;
    };
    class Finger final : public hal::FingerprintReader {
    public:
        Finger(hal::FingerprintReader& inner, Lifeline& life) : inner_(inner), life_(life) {}
        [[nodiscard]] Result<void> start(const hal::FingerReference& reference) override {
            return life_.guard([&] { return inner_.start(reference); });
        }
        void stop() override {
            if (life_.alive()) inner_.stop();
        }
        [[nodiscard]] Result<std::optional<FingerObservation>> poll() override {
            return inner_.poll();
        }
        [[nodiscard]] Instant next_poll() const override { return inner_.next_poll(); }

    private:
        hal::FingerprintReader& inner_;
        Lifeline& life_;
    };
    class Display final : public hal::Display {
    public:
        Display(hal::Display& inner, Lifeline& life) : inner_(inner), life_(life) {}
        [[nodiscard]] Result<void> show(const Prompt& prompt) override {
            return life_.guard([&] { return inner_.show(prompt); });
        }

    private:
        hal::Display& inner_;
        Lifeline& life_;
    };
    class Siren final : public hal::Siren {
    public:
        Siren(hal::Siren& inner, Lifeline& life) : inner_(inner), life_(life) {}
        [[nodiscard]] Result<void> raise(Alarm alarm) override {
            return life_.guard([&] { return inner_.raise(alarm); });
        }
        [[nodiscard]] Result<void> clear(Alarm alarm) override {
            return life_.guard([&] { return inner_.clear(alarm); });
        }

    private:
        hal::Siren& inner_;
        Lifeline& life_;
    };
    class Sms final : public hal::SmsGateway {
    public:
        Sms(hal::SmsGateway& inner, Lifeline& life) : inner_(inner), life_(life) {}
        [[nodiscard]] Result<void> submit(const hal::SmsMessage& message) override {
            return life_.guard([&] { return inner_.submit(message); });
        }
        [[nodiscard]] Result<std::optional<hal::SmsDelivery>> poll_delivery() override {
            return inner_.poll_delivery();
        }

    private:
        hal::SmsGateway& inner_;
        Lifeline& life_;
    };

    hal::Devices devices_;
    Strike strike_;
    Face face_;
    Display display_;
    Siren siren_;
    Sms sms_;
    std::optional<Finger> finger_;
};

}  // namespace strongroom::test
