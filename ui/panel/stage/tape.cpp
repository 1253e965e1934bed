#include "tape.h"

#include <algorithm>

namespace strongroom::panel {

namespace {

class TapedObserver final : public hal::FaceObserver {
public:
    TapedObserver(std::unique_ptr<hal::FaceObserver> live, Tape& tape)
        : live_(std::move(live)), tape_(tape) {}

    [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate> templates) override {
        templates_.assign(templates.begin(), templates.end());
        started_ = true;
        if (const Tape::Answer* answer = next(Tape::Call::start)) {
            if (!answer->result) return tl::unexpected(answer->result.error());
            return {};
        }
        awake_ = true;
        const auto started = live_->start(templates);
        Result<std::optional<hal::FaceObservation>> result;
        if (!started) result = tl::unexpected(started.error());
        record(Tape::Call::start, std::move(result));
        return started;
    }

    void stop() override {
        started_ = false;
        awake_ = false;
        templates_.clear();
        live_->stop();
    }

    [[nodiscard]] Result<std::optional<hal::FaceObservation>> poll() override {
        if (const Tape::Answer* answer = next(Tape::Call::poll)) {
            if (answer->result && *answer->result) remember(**answer->result);
            return answer->result;
        }
        wake();
        auto result = live_->poll();
        if (result && *result) {
            // After a replay the camera is another one's: what it counts goes on from the tape.
            (*result)->sequence += sequence_offset_;
            if ((*result)->track.value != 0) (*result)->track.value += track_offset_;
        }
        record(Tape::Call::poll, result);
        return result;
    }

    [[nodiscard]] Instant next_poll() const override {
        if (on_tape_) return next_poll_;
        return awake_ || !started_ ? live_->next_poll() : next_poll_;
    }
    [[nodiscard]] hal::FaceModelId model() const override { return live_->model(); }

private:
    // Null once the tape is at its end, or does not know this call.
    [[nodiscard]] const Tape::Answer* next(Tape::Call call) {
        on_tape_ = tape_.played < tape_.answers.size();
        if (!on_tape_) return nullptr;
        const Tape::Answer& answer = tape_.answers[tape_.played];
        if (answer.call != call) {
            // Something else happens now than then.
            tape_.answers.resize(tape_.played);
            on_tape_ = false;
            return nullptr;
        }
        ++tape_.played;
        next_poll_ = answer.next_poll;
        return &answer;
    }

    void record(Tape::Call call, Result<std::optional<hal::FaceObservation>> result) {
        tape_.answers.push_back({call, std::move(result), live_->next_poll()});
        tape_.played = tape_.answers.size();
    }

    void remember(const hal::FaceObservation& seen) {
        sequence_offset_ = std::max(sequence_offset_, seen.sequence);
        track_offset_ = std::max(track_offset_, seen.track.value);
    }

    // The tape has ended in the middle of a visit.
    void wake() {
        if (awake_ || !started_) return;
        awake_ = true;
        static_cast<void>(live_->start(templates_));  // poll() says what is wrong
    }

    std::unique_ptr<hal::FaceObserver> live_;
    Tape& tape_;
    std::vector<hal::FaceTemplate> templates_;
    Instant next_poll_ = never;
    std::uint64_t sequence_offset_ = 0;
    std::uint64_t track_offset_ = 0;
    bool started_ = false;
    bool awake_ = false;  // the live observer has been started
    bool on_tape_ = false;
};

}  // namespace

std::unique_ptr<hal::FaceObserver> TapedSource::observer(sim::World& world, sim::SiteId site,
                                                         const sim::VirtualClock& clock,
                                                         const scenarios::Scenario& scenario,
                                                         const scenarios::FaceParts& parts) const {
    if (given_ == tapes_.size()) tapes_.emplace_back();
    return std::make_unique<TapedObserver>(source_.observer(world, site, clock, scenario, parts),
                                           tapes_[given_++]);
}

std::vector<hal::FaceTemplate> TapedSource::enrol(const scenarios::CastMember& member,
                                                  std::uint64_t identity) const {
    const auto known = enrolled_.find(identity);
    if (known != enrolled_.end()) return known->second;
    return enrolled_.emplace(identity, source_.enrol(member, identity)).first->second;
}

void TapedSource::rewind() {
    given_ = 0;
    for (Tape& tape : tapes_) tape.played = 0;
}

}  // namespace strongroom::panel
