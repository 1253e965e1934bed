// The tape: what the face observers of a stage answered, call by call, so that a visit can be
// played again without looking at a single frame twice. Private to the stage. One thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/player.h"

namespace strongroom::panel {

// Of one observer.
struct Tape {
    enum class Call : std::uint8_t { start, poll };
    struct Answer {
        Call call{};
        Result<std::optional<hal::FaceObservation>> result;
        Instant next_poll{};
    };
    std::vector<Answer> answers;
    std::size_t played = 0;  // what comes next; at the end: live
};

// Hands out observers that play their tape to its end and then look for themselves, recording. In
// the order in which they are asked for, observers get the tapes 0, 1, ...
class TapedSource final : public scenarios::FaceSource {
public:
    // Both outlive the source and its observers.
    TapedSource(const scenarios::FaceSource& source, std::deque<Tape>& tapes)
        : source_(source), tapes_(tapes) {}

    [[nodiscard]] scenarios::Level level() const override { return source_.level(); }
    [[nodiscard]] std::unique_ptr<hal::FaceObserver> observer(
        sim::World& world, sim::SiteId site, const sim::VirtualClock& clock,
        const scenarios::Scenario& scenario, const scenarios::FaceParts& parts) const override;
    // Remembered: a person sits for her pictures once.
    [[nodiscard]] std::vector<hal::FaceTemplate> enrol(const scenarios::CastMember& member,
                                                       std::uint64_t identity) const override;
    [[nodiscard]] Enrolment enrol_shown(const sim::ShownFace& shown, std::uint64_t identity,
                                        std::uint64_t presenter,
                                        const scenarios::FaceParts& parts) const override {
        return source_.enrol_shown(shown, identity, presenter, parts);
    }
    [[nodiscard]] auth::FaceThreshold threshold() const override { return source_.threshold(); }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> facts() const override {
        return source_.facts();
    }
    // A stage is to be built anew: its first observer gets the first tape.
    void rewind();

private:
    const scenarios::FaceSource& source_;
    std::deque<Tape>& tapes_;
    mutable std::size_t given_ = 0;
    mutable std::map<std::uint64_t, std::vector<hal::FaceTemplate>> enrolled_;
};

}  // namespace strongroom::panel
