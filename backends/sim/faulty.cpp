#include "sim/faulty.h"

#include <algorithm>
#include <limits>

namespace strongroom::sim {
namespace {

[[nodiscard]] bool is(const std::optional<FaultPlan::Fault>& fault, FaultKind kind) {
    return fault && fault->kind == kind;
}

// The common part of everything that is polled for items: fails, holds back, drops, repeats,
// alters. `poll` asks the inner device, `alter` changes an item.
template <class Item, class Poll, class Alter>
[[nodiscard]] Result<std::optional<Item>> poll_items(FaultPlan& plan, Call call, Instant now,
                                                     detail::Held<Item>& held, Poll&& poll,
                                                     Alter&& alter) {
    const auto fault = plan.ask(call);
    if (is(fault, FaultKind::fail)) {
        // "One was dropped" is what corrupt means to a caller; the other errors take nothing.
        if (fault->error == Errc::corrupt && !held.take(now)) static_cast<void>(poll());
        return fail(fault->error);
    }
    if (is(fault, FaultKind::stick)) return std::nullopt;
    if (auto ready = held.take(now)) return ready;
    Result<std::optional<Item>> result = poll();
    if (!fault || !result || !*result) return result;
    switch (fault->kind) {
        case FaultKind::delay:
            held.hold(now + fault->delay, std::move(**result));
            plan.wake_after(fault->delay);
            return std::nullopt;
        case FaultKind::drop: return std::nullopt;
        case FaultKind::duplicate: held.hold(now, **result); return result;
        case FaultKind::corrupt: alter(**result); return result;
        case FaultKind::fail:
        case FaultKind::stick: break;
    }
    return result;
}

}  // namespace

Result<void> Faulty<hal::Strike>::pulse(Duration hold) {
    const auto fault = plan_.ask(Call::strike_pulse);
    if (is(fault, FaultKind::fail)) {
        // A strike that cannot be reached is locked.
        if (fault->error == Errc::disconnected) static_cast<void>(inner_.lock());
        return fail(fault->error);
    }
    if (is(fault, FaultKind::drop)) {  // a coil that is burnt through: the board says yes
        if (hold <= Duration::zero() || hold > max_hold()) return fail(Errc::out_of_range);
        return {};
    }
    return inner_.pulse(hold);
}

Result<void> Faulty<hal::Strike>::lock() {
    const auto fault = plan_.ask(Call::strike_lock);
    if (is(fault, FaultKind::fail)) return fail(fault->error);
    if (is(fault, FaultKind::drop)) return {};
    return inner_.lock();
}

Result<hal::BoltState> Faulty<hal::Strike>::sense() {
    const auto fault = plan_.ask(Call::strike_sense);
    if (is(fault, FaultKind::fail)) return fail(fault->error);
    if (is(fault, FaultKind::stick) && last_) return *last_;
    const Result<hal::BoltState> state = inner_.sense();
    if (!state) return state;
    if (is(fault, FaultKind::corrupt)) {
        return *state == hal::BoltState::released ? hal::BoltState::secured
                                                  : hal::BoltState::released;
    }
    last_ = *state;
    return state;
}

Result<std::optional<hal::KeypadEntry>> Faulty<hal::Keypad>::poll() {
    return poll_items<hal::KeypadEntry>(
        plan_, Call::keypad_poll, plan_.now(), held_, [&] { return inner_.poll(); },
        [&](hal::KeypadEntry& entry) {
            if (entry.kind != hal::KeypadEntry::Kind::code || entry.digits.size() == 0) {
                entry.kind = hal::KeypadEntry::Kind::cancel;  // one key was taken for another
                return;
            }
            std::string digits(entry.digits.reveal());
            char& digit = digits[plan_.rng().below(digits.size())];
            digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
            entry.digits = CodeDigits(digits);
        });
}

Result<void> Faulty<hal::Display>::show(const Prompt& prompt) {
    const auto fault = plan_.ask(Call::display_show);
    if (is(fault, FaultKind::fail)) return fail(fault->error);
    if (is(fault, FaultKind::drop) || is(fault, FaultKind::stick)) return {};
    return inner_.show(prompt);
}

Result<void> Faulty<hal::Siren>::raise(Alarm alarm) {
    const auto fault = plan_.ask(Call::siren_raise);
    if (is(fault, FaultKind::fail)) return fail(fault->error);
    if (is(fault, FaultKind::drop)) return {};
    return inner_.raise(alarm);
}

Result<void> Faulty<hal::Siren>::clear(Alarm alarm) {
    const auto fault = plan_.ask(Call::siren_clear);
    if (is(fault, FaultKind::fail)) return fail(fault->error);
    if (is(fault, FaultKind::drop)) return {};
    return inner_.clear(alarm);
}

Result<void> Faulty<hal::ByteLink>::write(std::span<const std::byte> bytes) {
    const auto fault = plan_.ask(Call::byte_link_write);
    if (!fault) return inner_.write(bytes);
    switch (fault->kind) {
        case FaultKind::fail: return fail(fault->error);
        case FaultKind::drop: return {};
        case FaultKind::duplicate: {
            std::vector<std::byte> twice(bytes.begin(), bytes.end());
            twice.insert(twice.end(), bytes.begin(), bytes.end());
            return inner_.write(twice);
        }
        case FaultKind::corrupt: {
            std::vector<std::byte> altered(bytes.begin(), bytes.end());
            if (!altered.empty()) {
                altered[plan_.rng().below(altered.size())] ^= std::byte{1} << plan_.rng().below(8);
            }
            return inner_.write(altered);
        }
        case FaultKind::delay:
        case FaultKind::stick: break;
    }
    return inner_.write(bytes);
}

Result<std::size_t> Faulty<hal::ByteLink>::read(std::span<std::byte> buffer) {
    const auto fault = plan_.ask(Call::byte_link_read);
    if (is(fault, FaultKind::fail)) return fail(fault->error);
    if (is(fault, FaultKind::stick)) return std::size_t{0};
    while (auto late = held_.take(plan_.now())) {
        ready_.insert(ready_.end(), late->begin(), late->end());
    }
    if (ready_.empty()) {
        const Result<std::size_t> count = inner_.read(buffer);
        if (!count || *count == 0 || !fault) return count;
        const std::span<std::byte> arrived = buffer.first(*count);
        if (fault->kind == FaultKind::drop) return std::size_t{0};
        if (fault->kind == FaultKind::delay) {
            held_.hold(plan_.now() + fault->delay, {arrived.begin(), arrived.end()});
            plan_.wake_after(fault->delay);
            return std::size_t{0};
        }
        if (fault->kind == FaultKind::corrupt) {
            arrived[plan_.rng().below(arrived.size())] ^= std::byte{1} << plan_.rng().below(8);
        }
        if (fault->kind == FaultKind::duplicate) ready_.assign(arrived.begin(), arrived.end());
        return count;
    }
    const std::size_t count = std::min(buffer.size(), ready_.size());
    const auto end = ready_.begin() + static_cast<std::ptrdiff_t>(count);
    std::copy(ready_.begin(), end, buffer.begin());
    ready_.erase(ready_.begin(), end);
    return count;
}

Result<void> Faulty<hal::SmsGateway>::submit(const hal::SmsMessage& message) {
    const auto fault = plan_.ask(Call::sms_submit);
    if (is(fault, FaultKind::fail)) return fail(fault->error);
    if (is(fault, FaultKind::drop)) return {};
    return inner_.submit(message);
}

Result<std::optional<hal::SmsDelivery>> Faulty<hal::SmsGateway>::poll_delivery() {
    return poll_items<hal::SmsDelivery>(
        plan_, Call::sms_poll_delivery, plan_.now(), held_, [&] { return inner_.poll_delivery(); },
        [](hal::SmsDelivery&) {});
}

Result<void> Faulty<hal::FaceObserver>::start(std::span<const hal::FaceTemplate> templates) {
    held_.clear();
    const auto fault = plan_.ask(Call::face_start);
    if (is(fault, FaultKind::fail)) {
        inner_.stop();
        return fail(fault->error);
    }
    lost_.reset();
    return inner_.start(templates);
}

void Faulty<hal::FaceObserver>::stop() {
    held_.clear();
    lost_.reset();
    inner_.stop();
}

Result<std::optional<FaceObservation>> Faulty<hal::FaceObserver>::poll() {
    if (lost_) {
        static_cast<void>(plan_.ask(Call::face_poll));
        return fail(*lost_);
    }
    Result<std::optional<FaceObservation>> result = poll_items<FaceObservation>(
        plan_, Call::face_poll, clock_.now(), held_, [&] { return inner_.poll(); },
        // A comparison that went wrong: not a number, which nothing may take for a small one.
        [](FaceObservation& o) { o.distance = std::numeric_limits<float>::quiet_NaN(); });
    if (!result &&
        (result.error().code == Errc::disconnected || result.error().code == Errc::timeout)) {
        lost_ = result.error().code;
        held_.clear();
        inner_.stop();
    }
    return result;
}

Instant Faulty<hal::FaceObserver>::next_poll() const {
    return std::min(inner_.next_poll(), held_.next());
}

Result<void> Faulty<hal::FingerprintReader>::start(const hal::FingerReference& reference) {
    held_.clear();
    const auto fault = plan_.ask(Call::finger_start);
    if (is(fault, FaultKind::fail)) {
        inner_.stop();
        return fail(fault->error);
    }
    return inner_.start(reference);
}

void Faulty<hal::FingerprintReader>::stop() {
    held_.clear();
    inner_.stop();
}

Result<std::optional<FingerObservation>> Faulty<hal::FingerprintReader>::poll() {
    Result<std::optional<FingerObservation>> result = poll_items<FingerObservation>(
        plan_, Call::finger_poll, clock_.now(), held_, [&] { return inner_.poll(); },
        // A judgement of the image that went wrong: no number, which nothing may take for a high
        // one.
        [](FingerObservation& o) { o.liveness_score = std::numeric_limits<float>::quiet_NaN(); });
    if (!result && result.error().code != Errc::corrupt) {  // it has stopped
        held_.clear();
        inner_.stop();
    }
    return result;
}

Instant Faulty<hal::FingerprintReader>::next_poll() const {
    return std::min(inner_.next_poll(), held_.next());
}

Result<void> Faulty<hal::Camera>::start() {
    const auto fault = plan_.ask(Call::camera_start);
    if (is(fault, FaultKind::fail)) {
        held_.clear();
        inner_.stop();
        return fail(fault->error);
    }
    lost_.reset();
    return inner_.start();
}

void Faulty<hal::Camera>::stop() {
    held_.clear();
    lost_.reset();
    inner_.stop();
}

Result<std::optional<hal::Frame>> Faulty<hal::Camera>::poll() {
    if (lost_) {
        static_cast<void>(plan_.ask(Call::camera_poll));
        return fail(*lost_);
    }
    Result<std::optional<hal::Frame>> result = poll_items<hal::Frame>(
        plan_, Call::camera_poll, plan_.now(), held_, [&] { return inner_.poll(); },
        [&](hal::Frame& frame) {
            if (!frame.pixels) return;
            // Noise in a tenth of the bytes: what a bad cable does.
            auto altered = std::make_shared<std::vector<std::uint8_t>>(*frame.pixels);
            for (std::size_t i = 0; i < altered->size(); i += 1 + plan_.rng().below(20)) {
                (*altered)[i] = static_cast<std::uint8_t>(plan_.rng().below(256));
            }
            frame.pixels = std::move(altered);
        });
    if (!result &&
        (result.error().code == Errc::disconnected || result.error().code == Errc::timeout)) {
        lost_ = result.error().code;
        held_.clear();
        inner_.stop();
    }
    return result;
}

Result<void> Faulty<hal::Entropy>::fill(std::span<std::byte> bytes) {
    const auto fault = plan_.ask(Call::entropy_fill);
    if (is(fault, FaultKind::fail)) return fail(fault->error);
    return inner_.fill(bytes);
}

Instant Faulty<hal::Clock>::now() const {
    const auto fault = plan_.ask(Call::clock_now);
    if (is(fault, FaultKind::stick) && last_now_) return *last_now_;
    last_now_ = inner_.now();
    return *last_now_;
}

WallTime Faulty<hal::Clock>::wall() const {
    const auto fault = plan_.ask(Call::clock_wall);
    if (is(fault, FaultKind::stick) && last_wall_) return *last_wall_;
    last_wall_ = inner_.wall();
    if (is(fault, FaultKind::corrupt)) {
        const double hours = plan_.rng().uniform(-48, 48);
        *last_wall_ += std::chrono::duration_cast<Duration>(
            std::chrono::duration<double, std::ratio<3600>>(hours));
    }
    return *last_wall_;
}

}  // namespace strongroom::sim
