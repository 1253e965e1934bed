#include "auth/policy.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace strongroom::auth {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Collects sentences of one form: field, value, limit.
class Problems {
public:
    void unless(bool ok, std::string sentence) {
        if (!ok) sentences_.push_back(std::move(sentence));
    }
    void at_most(std::string_view field, Duration value, Duration limit) {
        unless(value > Duration::zero() && value <= limit,
               text(field, value, "more than 0 and at most ", limit));
    }
    // As at_most(), but none at all is allowed too.
    void wait(std::string_view field, Duration value, Duration limit) {
        unless(value >= Duration::zero() && value <= limit,
               text(field, value, "from 0 to ", limit));
    }
    void between(std::string_view field, double value, double low, double high) {
        unless(value >= low && value <= high, std::string(field) + " is " + std::to_string(value) +
                                                  "; it must be from " + std::to_string(low) +
                                                  " to " + std::to_string(high));
    }
    [[nodiscard]] std::vector<std::string> take() { return std::move(sentences_); }

private:
    static std::string text(std::string_view field, Duration value, std::string_view range,
                            Duration limit) {
        return std::string(field) + " is " + std::to_string(milliseconds(value)) +
               " ms; it must be " + std::string(range) + std::to_string(milliseconds(limit)) +
               " ms";
    }
    std::vector<std::string> sentences_;
};

void check_factors(const Policy& policy, Problems& problems) {
    const std::vector<Factor>& factors = policy.factors;
    problems.unless(factors.size() >= 2,
                    "factors: fewer than two; a vault door needs at least two");
    problems.unless(std::set<Factor>(factors.begin(), factors.end()).size() == factors.size(),
                    "factors: one is listed twice; each counts once");
    // NIST SP 800-63B, 5.2.3: a biometric only together with something that she has.
    problems.unless(!factors.empty() && factors.front() == Factor::face,
                    "factors: the face must come first, or a stranger could have codes sent");
    problems.unless(std::find(factors.begin(), factors.end(), Factor::code) != factors.end(),
                    "factors: no code; a biometric alone authenticates nobody (NIST SP 800-63B)");
    problems.unless(policy.presence.required,
                    "presence.required is false; another person could finish the visit");
}

void check_face(const FaceRule& face, Problems& problems) {
    problems.unless(std::isfinite(face.threshold.distance_max) && face.threshold.distance_max > 0,
                    "face.threshold.distance_max must be a positive number");
    // NIST SP 800-63B-3, 5.2.3: FMR of 1 in 1000 or better.
    problems.between("face.threshold.fmr", face.threshold.fmr, 0, 0.001);
    problems.between("face.threshold.fmr_upper_bound", face.threshold.fmr_upper_bound, 0, 0.01);
    problems.between("face.liveness_min", face.liveness_min, 0.3, 1);
    problems.between("face.eyes_open_min", face.eyes_open_min, 0.15, 0.8);
    problems.between("face.matches_required", face.matches_required, 1, 10);
    problems.between("face.tries", face.tries, 1, 5);
    problems.at_most("face.window", face.window, minutes(1));
    problems.wait("face.cool_down", face.cool_down, seconds(10));
    problems.at_most("face.age_max", face.age_max, seconds(5));
    const QualityLimits& q = face.quality;
    problems.between("face.quality.face_size_min", q.face_size_min, 16, 1000);
    problems.between("face.quality.sharpness_min", q.sharpness_min, 1, 10000);
    problems.between("face.quality.brightness_min", q.brightness_min, 10, 120);
    problems.between("face.quality.brightness_max", q.brightness_max, 130, 245);
    problems.between("face.quality.contrast_min", q.contrast_min, 4, 100);
    problems.between("face.quality.yaw_max", q.yaw_max, 1, 45);
    problems.between("face.quality.pitch_max", q.pitch_max, 1, 45);
    problems.between("face.quality.roll_max", q.roll_max, 1, 45);
}

void check_challenge(const ChallengeRule& challenge, Problems& problems) {
    problems.unless(challenge.required,
                    "challenge.required is false; a film of the customer would do");
    problems.between("challenge.count", challenge.count, 2, all_gestures.size());
    for (const Gesture gesture : {Gesture::turn_left, Gesture::turn_right, Gesture::nod}) {
        problems.unless(challenge.allowed.contains(gesture),
                        "challenge.allowed: no " + std::string(to_string(gesture)) +
                            "; without movements of the head a mask with eye holes would do");
    }
    problems.at_most("challenge.gesture_window", challenge.gesture_window, seconds(8));
    problems.between("challenge.turn_min", challenge.turn_min, 8, 30);
    problems.between("challenge.nod_min", challenge.nod_min, 6, 30);
    // Between a frame that looks ahead and one that shows a movement there has to be a movement.
    problems.between("challenge.neutral_max", challenge.neutral_max, 1,
                     std::min<double>(challenge.turn_min, challenge.nod_min) - 2);
    problems.between("challenge.eyes_shut_max", challenge.eyes_shut_max, 0.1, 0.6);
    problems.between("challenge.eyes_open_min", challenge.eyes_open_min,
                     challenge.eyes_shut_max + 0.1, 1);
    problems.between("challenge.smile_min", challenge.smile_min, 0.1, 0.8);
}

void check_code(const CodeRule& code, Problems& problems) {
    problems.between("code.digits", code.digits, 6, 10);
    // NIST SP 800-63B-3, 5.1.3.2: an out-of-band secret is valid for at most 10 minutes.
    problems.at_most("code.lifetime", code.lifetime, minutes(10));
    problems.at_most("code.window", code.window, minutes(10));
    problems.wait("code.cool_down", code.cool_down, seconds(30));
    problems.between("code.tries", code.tries, 1, 5);
    // RFC 4226, R4: six digits at least. RFC 6238, 5.2: one step of delay at most.
    problems.between("code.authenticator.digits", code.authenticator.digits, 6, 8);
    problems.between("code.authenticator.delay_steps", code.authenticator.delay_steps, 0, 1);
    problems.between("code.sends.interval_min (s)",
                     static_cast<double>(milliseconds(code.sends.interval_min)) / 1000, 10, 600);
    problems.between("code.sends.per_customer_per_day", code.sends.per_customer_per_day, 1, 20);
    problems.between("code.sends.per_terminal_per_day", code.sends.per_terminal_per_day, 1, 1000);
}

void check_finger(const FingerRule& finger, Problems& problems) {
    problems.between("finger.score_min", finger.score_min, 30, 65535);
    problems.between("finger.liveness_min", finger.liveness_min, 0.3, 1);
    problems.unless(finger.bind_slot,
                    "finger.bind_slot is false; another customer's finger would do");
    // NIST SP 800-63B-3, 5.2.3: at most 5 wrong ones in a row.
    problems.between("finger.tries", finger.tries, 1, 5);
    problems.at_most("finger.window", finger.window, minutes(1));
    problems.wait("finger.cool_down", finger.cool_down, seconds(10));
    problems.at_most("finger.age_max", finger.age_max, seconds(20));
}

void check_counting(const Policy& policy, Problems& problems) {
    const LockoutRule& lockout = policy.lockout;
    problems.between("lockout.penalty_from", lockout.penalty_from, 1, 3);
    problems.unless(lockout.first_penalty >= minutes(5) && lockout.first_penalty <= hours(24),
                    "lockout.first_penalty must be from 5 minutes to 24 hours");
    problems.between("lockout.staff_only_from", lockout.staff_only_from, lockout.penalty_from, 10);
    problems.between("throttle.burst", policy.throttle.burst, 3, 20);
    problems.at_most("throttle.refill", policy.throttle.refill, seconds(60));
    problems.between("throttle.alarm_per_customer_per_day",
                     policy.throttle.alarm_per_customer_per_day, 1, 10);
}

}  // namespace

std::string_view to_string(Factor factor) {
    switch (factor) {
        case Factor::face: return "face";
        case Factor::code: return "code";
        case Factor::key: return "key";
        case Factor::fingerprint: return "fingerprint";
    }
    return "invalid";
}

bool Policy::asks_for(Factor factor) const {
    return std::find(factors.begin(), factors.end(), factor) != factors.end();
}

std::vector<std::string> Policy::check() const {
    Problems problems;
    check_factors(*this, problems);
    check_face(face, problems);
    check_challenge(challenge, problems);
    check_code(code, problems);
    problems.at_most("key.window", key.window, minutes(1));
    check_finger(finger, problems);
    problems.at_most("presence.window", presence.window, seconds(30));
    problems.between("presence.tries", presence.tries, 1, 3);
    problems.unless(presence.count_faces,
                    "presence.count_faces is false; somebody could slip in behind her");
    problems.between("presence.company_frames", presence.company_frames, 1, 5);
    problems.wait("presence.cool_down", presence.cool_down, seconds(10));
    check_counting(*this, problems);
    problems.at_most("session_limit", session_limit, minutes(10));
    problems.at_most("release_hold", release_hold, seconds(6));
    return problems.take();
}

Policy locker(FaceThreshold threshold) {
    Policy policy;
    policy.name = "locker";
    policy.factors = {Factor::face, Factor::code, Factor::key};
    policy.face.threshold = threshold;
    return policy;
}

Policy locker_keyless(FaceThreshold threshold) {
    Policy policy = locker(threshold);
    policy.name = "locker-keyless";
    policy.factors = {Factor::face, Factor::code};
    return policy;
}

Policy atm_access(FaceThreshold threshold) {
    Policy policy = locker(threshold);
    policy.name = "atm-access";
    policy.factors = {Factor::face, Factor::fingerprint, Factor::code};
    return policy;
}

}  // namespace strongroom::auth
