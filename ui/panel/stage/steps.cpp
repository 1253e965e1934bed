#include <algorithm>

#include "world_of_stage.h"

namespace strongroom::panel {

namespace {

using auth::Factor;
using auth::State;
using Status = FactorStep::Status;

std::string tries(int used, int allowed) {
    const int left = std::max(0, allowed - used);
    return std::to_string(left) + " of " + std::to_string(allowed) + " tries left";
}

std::string gesture_words(Gesture gesture) {
    std::string words(to_string(gesture));
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

FactorStep face_step(const auth::Policy& policy, const auth::SessionSnapshot& session,
                     Status status) {
    FactorStep step{"face", status, {}, {}};
    if (status == Status::now) step.note = tries(session.face_tries, policy.face.tries);
    return step;
}

FactorStep gestures_step(const auth::Policy& policy, const auth::SessionSnapshot& session,
                         Status status) {
    FactorStep step{"gestures", status, {}, {}};
    if (status != Status::now) return step;
    step.note = std::to_string(session.gestures_performed) + " of " +
                std::to_string(policy.challenge.count) + " made";
    if (session.gesture) step.note += "; asked for: " + gesture_words(*session.gesture);
    return step;
}

FactorStep other_step(Factor factor, const auth::Policy& policy,
                      const auth::SessionSnapshot& session, Status status) {
    FactorStep step{std::string(to_string(factor)), status, {}, {}};
    if (factor == Factor::fingerprint) step.name = "finger";
    if (status != Status::now) return step;
    if (factor == Factor::fingerprint) step.note = tries(session.finger_tries, policy.finger.tries);
    if (factor == Factor::code) step.note = tries(session.code_tries, policy.code.tries);
    return step;
}

}  // namespace

std::vector<FactorStep> steps_of(const auth::Policy& policy, const auth::SessionSnapshot& session,
                                 Instant now) {
    const bool idle = session.state == State::idle;
    const bool challenging = session.state == State::challenge;
    const bool at_presence = session.state == State::presence;
    const bool releasing = session.state == State::granting || session.state == State::released;
    const std::size_t stage = idle ? 0 : session.stage;
    std::vector<FactorStep> steps;
    for (std::size_t i = 0; i < policy.factors.size(); ++i) {
        Status status = Status::waiting;
        if (!idle && i < stage) status = Status::done;
        if (!idle && i == stage) status = Status::now;
        if (policy.factors[i] != Factor::face) {
            steps.push_back(other_step(policy.factors[i], policy, session, status));
            continue;
        }
        const bool under_way = status == Status::now;
        steps.push_back(
            face_step(policy, session, under_way && challenging ? Status::done : status));
        if (!policy.challenge.required) continue;
        const Status gestures = under_way ? (challenging ? Status::now : Status::waiting) : status;
        steps.push_back(gestures_step(policy, session, gestures));
    }
    if (policy.presence.required) {
        FactorStep step{"same face", Status::waiting, {}, {}};
        if (at_presence) {
            step.status = Status::now;
            step.note = tries(session.presence_tries, policy.presence.tries);
        } else if (releasing) {
            step.status = Status::done;
        }
        steps.push_back(std::move(step));
    }
    steps.push_back({"open", releasing ? Status::now : Status::waiting, {}, {}});
    for (FactorStep& step : steps) {
        if (step.status != Status::now || session.stage_deadline == never) continue;
        const Instant deadline = challenging && session.gesture_deadline != never
                                     ? session.gesture_deadline
                                     : session.stage_deadline;
        step.remaining = std::max(Duration{}, deadline - now);
    }
    return steps;
}

}  // namespace strongroom::panel
