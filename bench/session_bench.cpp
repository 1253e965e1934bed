// The decision alone: whole visits through auth::Session, with every effect answered at once. No
// store, no device, no world.
#include <array>
#include <cstring>

#include <benchmark/benchmark.h>

#include "auth/session.h"

namespace {

using namespace strongroom;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr FaceModelId model{7};
constexpr double distance_max = 0.5;

Key256 key_of(std::uint64_t number) {
    std::array<std::byte, Key256::size> bytes{};
    std::memcpy(bytes.data(), &number, sizeof number);
    return Key256{std::span<const std::byte, Key256::size>(bytes)};
}

// Answers a session's effects as a terminal would that never fails.
class Answerer {
public:
    explicit Answerer(bool keyless)
        : session_({TerminalId{1}, LockerId{7},
                    keyless ? auth::locker_keyless({distance_max, 0.001, 0.002})
                            : auth::locker({distance_max, 0.001, 0.002}),
                    key_of(1), model}),
          keyless_(keyless) {}

    // True when the strike was told to release.
    bool visit() {
        released_ = false;
        tell(auth::Claimed{CustomerId{1}, LockerId{7}, key_of(++visits_)});
        track_ = TrackId{visits_};
        look();
        look();
        while (gesture_) {
            const Gesture asked = *gesture_;
            look();
            look(asked);
            look();
            if (gesture_ == asked) break;  // not taken: the visit does not open
        }
        pass(seconds(5));
        tell(auth::CodeEntered{digits_});
        if (!keyless_) {
            pass(seconds(2));
            tell(auth::KeyTurned{});
        }
        look();
        pass(seconds(6));
        session_.handle_deadline(now_);
        ++events_;
        drain();
        pass(seconds(60));
        return released_;
    }
    [[nodiscard]] std::uint64_t events() const { return events_; }

private:
    void pass(Duration span) { now_ += span; }
    void look(std::optional<Gesture> shown = {}) {
        pass(milliseconds(400));
        FaceObservation seen;
        seen.captured = now_ - milliseconds(100);
        seen.sequence = ++sequence_;
        seen.faces = 1;
        seen.track = track_;
        seen.model = model;
        seen.face_size = 80;
        seen.sharpness = 100;
        seen.brightness = 120;
        seen.contrast = 40;
        seen.distance = 0.3F;
        seen.liveness_score = 0.9F;
        seen.expression = FaceExpression{0.9F, 0, 0.1F};
        if (shown == Gesture::turn_left) seen.yaw = 25;
        if (shown == Gesture::turn_right) seen.yaw = -25;
        if (shown == Gesture::nod) seen.pitch = -18;
        if (shown == Gesture::blink) seen.expression->eyes_open = 0.1F;
        if (shown == Gesture::smile) seen.expression->smile = 0.8F;
        tell(auth::FaceObserved{seen});
    }
    void tell(const auth::Event& event) {
        ++events_;
        session_.handle(now_, event);
        drain();
    }
    void drain() {
        while (auto effect = session_.poll_effect()) {
            if (const auto* load = std::get_if<auth::Load>(&*effect)) {
                answer(auth::CustomerLoaded{load->effect, true, true, true, {}});
            } else if (const auto* store = std::get_if<auth::Store>(&*effect)) {
                answer(auth::Stored{store->effect, {}});
            } else if (const auto* send = std::get_if<auth::SendCode>(&*effect)) {
                digits_ = send->digits;
            } else if (const auto* show = std::get_if<auth::ShowPrompt>(&*effect)) {
                gesture_ = gesture_of(show->prompt.message);
            } else if (const auto* pulse = std::get_if<auth::PulseStrike>(&*effect)) {
                released_ = true;
                answer(auth::StrikeReleased{pulse->effect});
            }
        }
    }
    void answer(const auth::Event& event) {
        ++events_;
        session_.handle(now_, event);
    }

    auth::Session session_;
    bool keyless_;
    Instant now_{seconds(1)};
    TrackId track_;
    std::uint64_t visits_ = 0;
    std::uint64_t sequence_ = 0;
    std::uint64_t events_ = 0;
    CodeDigits digits_;
    std::optional<Gesture> gesture_;  // that the screen asks for
    bool released_ = false;
};

void session(benchmark::State& state, bool keyless) {
    Answerer answerer(keyless);
    for (auto _ : state) {
        if (!answerer.visit()) {
            state.SkipWithError("a visit did not open");
            return;
        }
    }
    const auto visits = static_cast<double>(state.iterations());
    state.counters["visits"] = benchmark::Counter(visits, benchmark::Counter::kIsRate);
    state.counters["events"] =
        benchmark::Counter(static_cast<double>(answerer.events()), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(session, locker, false);
BENCHMARK_CAPTURE(session, locker_keyless, true);

}  // namespace
