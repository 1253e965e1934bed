#include "pad_visit.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <utility>
#include <variant>

#include "auth/session.h"
#include "base/rng.h"
#include "hal/clock.h"
#include "sim_camera/picture_files.h"
#include "vision/face_pipeline.h"

namespace strongroom::cli {

namespace {

using namespace strongroom::auth;

class SteppedClock final : public hal::Clock {
public:
    [[nodiscard]] Instant now() const override { return now_; }
    [[nodiscard]] WallTime wall() const override { return {}; }
    void step(Duration duration) { now_ += duration; }
    // Of the sitting: it begins at 0.
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(now_ - start).count();
    }

private:
    // Not the epoch: a terminal has been running before anybody comes.
    static constexpr Instant start{std::chrono::hours(1)};
    Instant now_ = start;
};

// The sitting, a frame at each step of the clock.
class SittingCamera final : public hal::Camera {
public:
    SittingCamera(people::Sitting& sitting, const SteppedClock& clock)
        : sitting_(sitting), clock_(clock) {}
    [[nodiscard]] Result<void> start() override { return {}; }
    void stop() override {}
    [[nodiscard]] Result<std::optional<hal::Frame>> poll() override {
        if (frames_ > 0 && clock_.now() <= last_) return std::nullopt;
        last_ = clock_.now();
        hal::Frame frame = sim::to_frame(sitting_.at(clock_.seconds()));
        frame.captured = last_;
        frame.sequence = ++frames_;
        return frame;
    }
    [[nodiscard]] const hal::CameraIdentity& identity() const override { return identity_; }
    [[nodiscard]] int frames() const { return static_cast<int>(frames_); }

private:
    people::Sitting& sitting_;
    const SteppedClock& clock_;
    hal::CameraIdentity identity_{"strongroom-render", "", ""};
    Instant last_{};
    std::uint64_t frames_ = 0;
};

// What the PAD detector said, track by track.
class PadScore {
public:
    void add(const hal::FaceObservation& seen) {
        ++frames_;
        if (seen.faces == 0) return;
        Track& track = tracks_[seen.track.value];
        ++track.frames;
        const auto score = static_cast<double>(seen.liveness_score);
        if (std::isfinite(score)) track.score = score;
        if (!seen.distance || !std::isfinite(*seen.distance)) return;
        const auto apart = static_cast<double>(*seen.distance);
        distance_ = std::min(distance_.value_or(apart), apart);
    }
    [[nodiscard]] int frames() const { return frames_; }
    [[nodiscard]] std::optional<double> distance() const { return distance_; }
    [[nodiscard]] std::optional<double> score() const {
        const Track* longest = nullptr;
        for (const auto& [id, track] : tracks_) {
            if (longest == nullptr || track.frames > longest->frames) longest = &track;
        }
        return longest == nullptr ? std::nullopt : longest->score;
    }

private:
    struct Track {
        int frames = 0;
        std::optional<double> score;
    };
    std::map<std::uint64_t, Track> tracks_;
    int frames_ = 0;
    std::optional<double> distance_;
};

Key256 key_from(Rng rng) {
    std::array<std::byte, Key256::size> bytes{};
    rng.fill(bytes);
    return Key256(bytes);
}

// The session with a store that always works, and whoever stands before the terminal.
class Terminal {
public:
    Terminal(const Policy& policy, FaceModelId model, people::Sitting& sitting,
             const SteppedClock& clock, std::uint64_t seed)
        : session_({TerminalId{1}, LockerId{1}, policy, key_from(Rng(seed).fork("code")), model}),
          sitting_(sitting),
          clock_(clock),
          reactions_(Rng(seed).fork("reactions")) {
        session_.handle_deadline(clock_.now());
        tell(Claimed{CustomerId{1}, LockerId{1}, key_from(Rng(seed).fork("visit"))});
    }

    void tell(const Event& event) {
        session_.handle(clock_.now(), event);
        drain();
    }
    void wait() {
        if (session_.next_deadline() > clock_.now()) return;
        session_.handle_deadline(clock_.now());
        drain();
    }
    [[nodiscard]] bool observing() const { return observing_; }
    [[nodiscard]] bool accepted() const { return accepted_; }
    [[nodiscard]] bool ended() const { return accepted_ || over_; }

private:
    void drain() {
        while (auto effect = session_.poll_effect()) {
            std::visit([this](const auto& what) { carry_out(what); }, *effect);
        }
        const SessionSnapshot now = session_.snapshot(clock_.now());
        // The next factor is reached: the face, with its liveness, has been taken.
        if (now.stage > 0) accepted_ = true;
        if (now.state == State::idle) over_ = true;
    }
    void carry_out(const Load& load) {
        session_.handle(clock_.now(), CustomerLoaded{load.effect, true, true, true, {}});
    }
    void carry_out(const Observe&) { observing_ = true; }
    void carry_out(const StopObserving&) { observing_ = false; }
    void carry_out(const Store& store) { session_.handle(clock_.now(), Stored{store.effect, {}}); }
    void carry_out(const ShowPrompt& shown) {
        const auto gesture = gesture_of(shown.prompt.message);
        if (!gesture) return;
        people::Performance performance;
        performance.gesture = *gesture;
        performance.begins = clock_.seconds() + reactions_.uniform(0.5, 1.1);
        performance.duration = reactions_.uniform(0.9, 1.4);
        performance.strength = reactions_.uniform(0.8, 1.2);
        sitting_.perform(performance);
    }
    void carry_out(const SendCode&) { accepted_ = true; }
    void carry_out(const PulseStrike&) { accepted_ = true; }
    void carry_out(const Note&) {}
    void carry_out(const Report&) {}
    void carry_out(const ObserveFinger&) {}
    void carry_out(const StopFinger&) {}

    Session session_;
    people::Sitting& sitting_;
    const SteppedClock& clock_;
    Rng reactions_;
    bool observing_ = false;
    bool accepted_ = false;
    bool over_ = false;
};

}  // namespace

PadVisit visit_terminal(people::Sitting& sitting, Pad& pad,
                        const std::vector<hal::FaceTemplate>& templates,
                        const PadVisitOptions& options) {
    SteppedClock clock;
    SittingCamera camera(sitting, clock);
    const auto step =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(options.interval));
    vision::PipelineOptions pipeline_options;
    pipeline_options.frame_interval = step;
    PadVisit result;
    PadScore score;
    if (!options.whole_system) {
        vision::FaceAnalyser analyser(pad.pack, pad.detector(), pipeline_options);
        while (score.frames() < options.pad_frames) {
            clock.step(step);
            const auto frame = camera.poll();
            const auto seen = analyser.analyse_next(**frame);
            hal::FaceObservation observation;
            if (seen && seen->faces > 0) {
                observation.faces = seen->faces;
                observation.track = seen->track;
                observation.liveness_score = static_cast<float>(seen->liveness.score);
            }
            score.add(observation);
        }
        result.liveness = score.score();
        result.frames = camera.frames();
        return result;
    }
    vision::FacePipeline pipeline(camera, clock, pad.pack, pad.detector(), pipeline_options);
    Terminal terminal(*options.policy, pad.pack.model(), sitting, clock, options.seed);
    const bool started = pipeline.start(templates).has_value();
    const auto unfinished = [&] {
        if (!started) return false;
        if (score.frames() < options.pad_frames) return true;
        return !terminal.ended() && clock.seconds() < options.seconds;
    };
    while (unfinished()) {
        clock.step(step);
        terminal.wait();
        const auto seen = pipeline.poll();
        if (!seen || !*seen) {
            if (camera.frames() > 4 * options.pad_frames && score.frames() == 0) break;
            continue;
        }
        if (score.frames() < options.pad_frames) score.add(**seen);
        if (terminal.observing() && !terminal.ended()) terminal.tell(FaceObserved{**seen});
    }
    result.liveness = score.score();
    result.distance = score.distance();
    result.accepted = terminal.accepted();
    result.frames = camera.frames();
    return result;
}

}  // namespace strongroom::cli
