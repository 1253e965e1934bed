#include "auth/policy.h"

#include <functional>
#include <limits>

#include "catch.h"

using namespace strongroom;
using namespace strongroom::auth;
using namespace std::chrono_literals;

namespace {

const FaceThreshold fit{0.5, 0.0001, 0.001};

struct Unfit {
    const char* field;  // that the refusal must name
    std::function<void(Policy&)> spoil;
};

// One entry for each refusal, on either side of the limits where there are two.
const std::vector<Unfit> all_unfit{
    {"factors: fewer", [](Policy& p) { p.factors = {Factor::face}; }},
    {"factors: fewer", [](Policy& p) { p.factors = {}; }},
    {"factors: one",
     [](Policy& p) {
         p.factors = {Factor::face, Factor::code, Factor::code};
     }},
    {"factors: the face",
     [](Policy& p) {
         p.factors = {Factor::code, Factor::face};
     }},
    {"factors: no code",
     [](Policy& p) {
         p.factors = {Factor::face, Factor::key};
     }},
    {"presence.required", [](Policy& p) { p.presence.required = false; }},
    {"face.threshold.distance_max", [](Policy& p) { p.face.threshold.distance_max = 0; }},
    {"face.threshold.distance_max",
     [](Policy& p) { p.face.threshold.distance_max = std::numeric_limits<double>::infinity(); }},
    {"face.threshold.distance_max",
     [](Policy& p) { p.face.threshold.distance_max = std::numeric_limits<double>::quiet_NaN(); }},
    {"face.threshold.fmr", [](Policy& p) { p.face.threshold.fmr = 0.0011; }},
    {"face.threshold.fmr",
     [](Policy& p) { p.face.threshold.fmr = std::numeric_limits<double>::quiet_NaN(); }},
    {"face.threshold.fmr_upper_bound", [](Policy& p) { p.face.threshold.fmr_upper_bound = 0.02; }},
    {"face.liveness_min", [](Policy& p) { p.face.liveness_min = 0.2; }},
    {"face.liveness_min", [](Policy& p) { p.face.liveness_min = 1.1; }},
    {"face.matches_required", [](Policy& p) { p.face.matches_required = 0; }},
    {"face.matches_required", [](Policy& p) { p.face.matches_required = 11; }},
    {"face.tries", [](Policy& p) { p.face.tries = 0; }},
    {"face.tries", [](Policy& p) { p.face.tries = 6; }},
    {"face.window", [](Policy& p) { p.face.window = 61s; }},
    {"face.window", [](Policy& p) { p.face.window = 0s; }},
    {"face.age_max", [](Policy& p) { p.face.age_max = 6s; }},
    {"face.age_max", [](Policy& p) { p.face.age_max = -1s; }},
    {"face.cool_down", [](Policy& p) { p.face.cool_down = -1s; }},
    {"face.cool_down", [](Policy& p) { p.face.cool_down = 11s; }},
    {"face.quality.face_size_min", [](Policy& p) { p.face.quality.face_size_min = 10; }},
    {"face.quality.sharpness_min", [](Policy& p) { p.face.quality.sharpness_min = 0; }},
    {"face.quality.brightness_min", [](Policy& p) { p.face.quality.brightness_min = 0; }},
    {"face.quality.brightness_max", [](Policy& p) { p.face.quality.brightness_max = 255; }},
    {"face.quality.contrast_min", [](Policy& p) { p.face.quality.contrast_min = 0; }},
    {"face.quality.yaw_max", [](Policy& p) { p.face.quality.yaw_max = 90; }},
    {"face.quality.pitch_max", [](Policy& p) { p.face.quality.pitch_max = 90; }},
    {"face.quality.roll_max", [](Policy& p) { p.face.quality.roll_max = 180; }},
    {"face.eyes_open_min", [](Policy& p) { p.face.eyes_open_min = 0.1; }},
    {"face.eyes_open_min", [](Policy& p) { p.face.eyes_open_min = 0.9; }},
    {"challenge.required", [](Policy& p) { p.challenge.required = false; }},
    {"challenge.count", [](Policy& p) { p.challenge.count = 1; }},
    {"challenge.count", [](Policy& p) { p.challenge.count = 6; }},
    {"challenge.allowed: no turn_left",
     [](Policy& p) {
         p.challenge.allowed = {Gesture::blink, Gesture::smile};
     }},
    {"challenge.allowed: no turn_right",
     [](Policy& p) { p.challenge.allowed = p.challenge.allowed.without(Gesture::turn_right); }},
    {"challenge.allowed: no nod",
     [](Policy& p) { p.challenge.allowed = p.challenge.allowed.without(Gesture::nod); }},
    {"challenge.gesture_window", [](Policy& p) { p.challenge.gesture_window = 9s; }},
    {"challenge.gesture_window", [](Policy& p) { p.challenge.gesture_window = 0s; }},
    {"challenge.turn_min", [](Policy& p) { p.challenge.turn_min = 7; }},
    {"challenge.turn_min", [](Policy& p) { p.challenge.turn_min = 31; }},
    {"challenge.nod_min", [](Policy& p) { p.challenge.nod_min = 31; }},
    {"challenge.nod_min", [](Policy& p) { p.challenge.nod_min = 5; }},
    {"challenge.neutral_max", [](Policy& p) { p.challenge.neutral_max = 9; }},
    {"challenge.neutral_max", [](Policy& p) { p.challenge.neutral_max = 0; }},
    {"challenge.eyes_shut_max", [](Policy& p) { p.challenge.eyes_shut_max = 0.61F; }},
    {"challenge.eyes_open_min", [](Policy& p) { p.challenge.eyes_open_min = 0.55F; }},
    {"challenge.smile_min", [](Policy& p) { p.challenge.smile_min = 0.05F; }},
    {"presence.count_faces", [](Policy& p) { p.presence.count_faces = false; }},
    {"presence.company_frames", [](Policy& p) { p.presence.company_frames = 0; }},
    {"presence.company_frames", [](Policy& p) { p.presence.company_frames = 6; }},
    {"code.digits", [](Policy& p) { p.code.digits = 5; }},
    {"code.digits", [](Policy& p) { p.code.digits = 11; }},
    {"code.lifetime", [](Policy& p) { p.code.lifetime = 10min + 1ms; }},
    {"code.lifetime", [](Policy& p) { p.code.lifetime = 0s; }},
    {"code.window", [](Policy& p) { p.code.window = 11min; }},
    {"code.tries", [](Policy& p) { p.code.tries = 6; }},
    {"code.tries", [](Policy& p) { p.code.tries = 0; }},
    {"code.authenticator.digits", [](Policy& p) { p.code.authenticator.digits = 5; }},
    {"code.authenticator.delay_steps", [](Policy& p) { p.code.authenticator.delay_steps = 2; }},
    {"code.authenticator.delay_steps", [](Policy& p) { p.code.authenticator.delay_steps = -1; }},
    {"code.cool_down", [](Policy& p) { p.code.cool_down = -1s; }},
    {"code.cool_down", [](Policy& p) { p.code.cool_down = 31s; }},
    {"code.sends.interval_min", [](Policy& p) { p.code.sends.interval_min = 1s; }},
    {"code.sends.per_customer_per_day", [](Policy& p) { p.code.sends.per_customer_per_day = 21; }},
    {"code.sends.per_terminal_per_day", [](Policy& p) { p.code.sends.per_terminal_per_day = 0; }},
    {"finger.score_min", [](Policy& p) { p.finger.score_min = 29; }},
    {"finger.score_min", [](Policy& p) { p.finger.score_min = 65536; }},
    {"finger.liveness_min", [](Policy& p) { p.finger.liveness_min = 0.2; }},
    {"finger.liveness_min", [](Policy& p) { p.finger.liveness_min = 1.1; }},
    {"finger.bind_slot", [](Policy& p) { p.finger.bind_slot = false; }},
    {"finger.tries", [](Policy& p) { p.finger.tries = 0; }},
    {"finger.tries", [](Policy& p) { p.finger.tries = 6; }},
    {"finger.window", [](Policy& p) { p.finger.window = 61s; }},
    {"finger.cool_down", [](Policy& p) { p.finger.cool_down = 11s; }},
    {"finger.age_max", [](Policy& p) { p.finger.age_max = 21s; }},
    {"finger.age_max", [](Policy& p) { p.finger.age_max = 0s; }},
    {"key.window", [](Policy& p) { p.key.window = 2min; }},
    {"presence.window", [](Policy& p) { p.presence.window = 31s; }},
    {"presence.tries", [](Policy& p) { p.presence.tries = 4; }},
    {"presence.cool_down", [](Policy& p) { p.presence.cool_down = -1s; }},
    {"presence.cool_down", [](Policy& p) { p.presence.cool_down = 11s; }},
    {"lockout.penalty_from", [](Policy& p) { p.lockout.penalty_from = 4; }},
    {"lockout.penalty_from", [](Policy& p) { p.lockout.penalty_from = 0; }},
    {"lockout.first_penalty", [](Policy& p) { p.lockout.first_penalty = 4min; }},
    {"lockout.first_penalty", [](Policy& p) { p.lockout.first_penalty = 25h; }},
    {"lockout.staff_only_from", [](Policy& p) { p.lockout.staff_only_from = 11; }},
    {"lockout.staff_only_from", [](Policy& p) { p.lockout.staff_only_from = 2; }},
    {"throttle.burst", [](Policy& p) { p.throttle.burst = 2; }},
    {"throttle.burst", [](Policy& p) { p.throttle.burst = 21; }},
    {"throttle.refill", [](Policy& p) { p.throttle.refill = 61s; }},
    {"throttle.refill", [](Policy& p) { p.throttle.refill = 0s; }},
    {"throttle.alarm", [](Policy& p) { p.throttle.alarm_per_customer_per_day = 11; }},
    {"session_limit", [](Policy& p) { p.session_limit = 11min; }},
    {"release_hold", [](Policy& p) { p.release_hold = 7s; }},
    {"release_hold", [](Policy& p) { p.release_hold = 0s; }},
};

}  // namespace

TEST_CASE("policy: all policies of the product are fit") {
    CHECK(locker(fit).check().empty());
    CHECK(locker_keyless(fit).check().empty());
    CHECK(locker(fit).factors == std::vector{Factor::face, Factor::code, Factor::key});
    CHECK(locker_keyless(fit).factors == std::vector{Factor::face, Factor::code});
    CHECK(atm_access(fit).check().empty());
    CHECK(atm_access(fit).factors == std::vector{Factor::face, Factor::fingerprint, Factor::code});
    CHECK(atm_access(fit).asks_for(Factor::fingerprint));
    CHECK_FALSE(locker(fit).asks_for(Factor::fingerprint));
}

TEST_CASE("policy: an unmeasured threshold is refused") {
    CHECK_FALSE(locker(FaceThreshold{}).check().empty());
}

TEST_CASE("policy: each unfit value is refused by a sentence that names it") {
    for (const Unfit& unfit : all_unfit) {
        Policy policy = locker(fit);
        unfit.spoil(policy);
        const std::vector<std::string> problems = policy.check();
        INFO(unfit.field);
        REQUIRE_FALSE(problems.empty());
        bool named = false;
        for (const std::string& problem : problems) {
            named = named || problem.starts_with(unfit.field);
        }
        CHECK(named);
    }
}

TEST_CASE("policy: several problems are told at once") {
    Policy policy = locker(fit);
    policy.code.digits = 4;
    policy.release_hold = 1min;
    CHECK(policy.check().size() == 2);
}

TEST_CASE("policy: limits themselves are fit") {
    Policy policy = locker(fit);
    policy.code.lifetime = 10min;
    policy.code.digits = 10;
    policy.throttle.refill = 60s;
    policy.lockout.penalty_from = 1;
    policy.face.threshold.fmr = 0.001;
    policy.face.cool_down = 0s;
    CHECK(policy.check().empty());
}
