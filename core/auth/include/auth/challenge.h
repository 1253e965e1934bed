// The challenge: gestures that a person is asked for, to show that she is alive and there now.
//
// A pure unit: what is drawn, and what each frame says of the gesture that is demanded. Session
// decides what comes of it; no time is kept here but that of the demand. Copyable, without heap
// memory.
//
// A gesture is performed in three steps, all after it was demanded: a frame in her own bearing (so
// that no pose which was held already answers), a frame that shows the gesture, and a closing frame
// in her own bearing again that is live and matches her. So every gesture stands between two frames
// that are hers, on one track, a window apart at most.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "auth/policy.h"
#include "base/face_observation.h"
#include "base/gesture.h"
#include "base/secret.h"
#include "base/time.h"

namespace strongroom::auth {

// Her own bearing: the mean over the frames that matched her. Angles in degrees.
class Bearing {
public:
    // Frames whose yaw or pitch is no finite number are left out.
    void add(const FaceObservation& observation);
    void clear() { *this = Bearing(); }
    [[nodiscard]] int frames() const { return frames_; }
    [[nodiscard]] float yaw() const { return mean(yaw_); }
    [[nodiscard]] float pitch() const { return mean(pitch_); }
    // None unless every frame had an expression of finite numbers.
    [[nodiscard]] std::optional<FaceExpression> expression() const;

private:
    [[nodiscard]] float mean(float sum) const {
        return frames_ == 0 ? 0 : sum / static_cast<float>(frames_);
    }
    float yaw_ = 0;
    float pitch_ = 0;
    FaceExpression expression_{0, 0, 0};
    int frames_ = 0;
    int expressions_ = 0;
};

// Those of `allowed` that can be seen of her: blink and smile only with an expression.
[[nodiscard]] GestureSet measurable(GestureSet allowed, const Bearing& bearing);

// The gestures of one challenge, in the order in which they are demanded.
struct GestureList {
    std::array<Gesture, all_gestures.size()> gestures{};
    std::size_t size = 0;
};

// `count` different gestures of `from` in random order: every order is as likely as every other
// (rejection sampling over BLAKE2b keyed with the visit's seed, with a context of its own).
// `number`: 1 for the first challenge of a visit, and another with each new one. Asserts
// 1 <= count <= from.size().
[[nodiscard]] GestureList draw_gestures(const Key256& seed, std::uint32_t number, int count,
                                        GestureSet from);

class Challenge {
public:
    // What one frame has changed.
    enum class Progress : std::uint8_t {
        nothing,
        shown,      // the demanded gesture was seen; a closing frame is still missing
        performed,  // closed: the next one is to be demanded
        passed,     // the last one was closed
        wrong,      // another movement than the demanded one
    };
    // How far the demanded gesture has come.
    enum class Step : std::uint8_t { asked, ready, shown };

    // The first gesture is demanded at `now`. Asserts that there is one.
    void begin(const GestureList& gestures, const Bearing& bearing, Instant now);
    // The next one is: after `performed`. Asserts that there is one.
    void demand_next(Instant now);
    void end() { *this = Challenge(); }

    // One frame with exactly one face, on her track, whose pose can be trusted. `matching`: it is
    // good, live and hers. Frames captured before the demand, and measurements that are missing or
    // no numbers, change nothing. Asserts that the challenge is under way.
    Progress see(const ChallengeRule& rule, const FaceObservation& observation, bool matching);
    // Something came in between: the demanded gesture has to be shown anew.
    void interrupt();

    [[nodiscard]] bool under_way() const { return index_ < gestures_.size; }
    [[nodiscard]] std::optional<Gesture> demanded() const;
    [[nodiscard]] int performed() const { return static_cast<int>(index_); }
    [[nodiscard]] Step step() const { return step_; }

private:
    struct Movement;
    [[nodiscard]] Movement movement(const FaceObservation& observation) const;
    [[nodiscard]] bool neutral(const ChallengeRule& rule, const Movement& movement) const;
    [[nodiscard]] bool shows(const ChallengeRule& rule, const Movement& movement) const;
    [[nodiscard]] bool contradicts(const ChallengeRule& rule, const Movement& movement) const;

    GestureList gestures_;
    std::size_t index_ = 0;
    Step step_ = Step::asked;
    Bearing bearing_;
    Instant demanded_at_{};
};

}  // namespace strongroom::auth
