// Policy: what has to be shown, in which order, within which windows. A value, not code.
//
// The policies of the product are locker(), locker_keyless() and atm_access(). check() refuses what
// is not secure enough for a vault door; a program that composes a terminal must call it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "auth/counts.h"
#include "base/gesture.h"
#include "base/time.h"

namespace strongroom::auth {

// The numbers are in the audit: append.
enum class Factor : std::uint8_t { face, code, key, fingerprint };

[[nodiscard]] std::string_view to_string(Factor factor);

// What a code or a grant is for. A code for one purpose is worthless for another.
enum class Purpose : std::uint8_t { open_locker };

// At which distance two faces are taken for one, and how well that is known. From a model pack's
// evidence; see docs/model-packs.md.
struct FaceThreshold {
    double distance_max = 0;     // accept when distance <= distance_max
    double fmr = 1;              // false match rate measured at that distance, 0 to 1
    double fmr_upper_bound = 1;  // its 95 % upper bound
};

// The gate before a comparison: a frame outside these limits asks again and costs no try.
struct QualityLimits {
    float face_size_min = 24;   // pixels between the eye centres
    float sharpness_min = 8;    // variance of the Laplacian of the aligned face
    float brightness_min = 30;  // mean grey, 0 to 255
    float brightness_max = 225;
    float contrast_min = 10;  // standard deviation of grey
    float yaw_max = 30;       // degrees either way; as are pitch and roll
    float pitch_max = 30;
    float roll_max = 30;
};

struct FaceRule {
    FaceThreshold threshold;
    QualityLimits quality;
    double liveness_min = 0.5;  // 0 to 1
    // Intent: a frame whose eyes are shut further than this is no match, whoever it shows (an
    // unconscious person held to the camera). 0 to 1; frames without an expression pass.
    double eyes_open_min = 0.3;
    int matches_required = 2;  // consecutive matching frames of one track
    int tries = 3;             // mismatching frames before the visit ends
    Duration window = std::chrono::seconds(30);
    Duration cool_down = std::chrono::milliseconds(500);  // after a mismatch
    Duration age_max = std::chrono::seconds(2);           // a frame older than this is not used
};

// Which gestures may be demanded. A value of a few bits.
class GestureSet {
public:
    constexpr GestureSet() = default;
    constexpr GestureSet(std::initializer_list<Gesture> gestures) {
        for (const Gesture gesture : gestures) bits_ = bits_ | bit(gesture);
    }
    [[nodiscard]] constexpr bool contains(Gesture gesture) const {
        return (bits_ & bit(gesture)) != 0;
    }
    [[nodiscard]] constexpr GestureSet with(Gesture gesture) const {
        return GestureSet(bits_ | bit(gesture));
    }
    [[nodiscard]] constexpr GestureSet without(Gesture gesture) const {
        return GestureSet(bits_ & ~bit(gesture));
    }
    [[nodiscard]] constexpr std::size_t size() const {
        return static_cast<std::size_t>(std::popcount(bits_));
    }
    friend constexpr bool operator==(GestureSet, GestureSet) = default;

private:
    constexpr explicit GestureSet(unsigned bits) : bits_(bits) {}
    static constexpr unsigned bit(Gesture gesture) { return 1U << static_cast<unsigned>(gesture); }
    unsigned bits_ = 0;
};

// Active liveness: once the face has matched, gestures are demanded in an order that nobody knows
// beforehand, all on the same track (auth/challenge.h). Together with the observer's passive score
// over the track, each frame of which must reach face.liveness_min, this is the product's
// presentation attack detection: both, on one track, or no match.
struct ChallengeRule {
    bool required = true;
    int count = 2;  // gestures of one challenge, no two alike
    // Of these. Blink and smile are drawn only if the observer measures expressions.
    GestureSet allowed{Gesture::turn_left, Gesture::turn_right, Gesture::nod, Gesture::blink,
                       Gesture::smile};
    Duration gesture_window = std::chrono::seconds(4);  // for each; all within face.window
    // Differences from her own bearing, measured while she matched.
    float turn_min = 12;         // degrees of yaw that are a turn
    float nod_min = 10;          // degrees of pitch that are a nod
    float neutral_max = 7;       // degrees within which she looks ahead
    float eyes_shut_max = 0.5F;  // share of her own opening below which her eyes are shut ...
    float eyes_open_min = 0.7F;  // ... and above which they are open again
    float smile_min = 0.3F;      // rise of the smile
};

// Where the short message cannot be delivered: the code of her authenticator instead, if she has
// one enrolled (auth/authenticator.h, ADR 0017). It is the same step as the code: same window,
// tries, pause and count.
struct AuthenticatorRule {
    bool offered = true;
    int digits = 6;
    int delay_steps = 1;  // codes of so many steps before and after now are taken
};

struct CodeRule {
    int digits = 6;
    Duration lifetime = std::chrono::seconds(120);
    int tries = 3;  // wrong codes before the visit ends; the customer's count goes on beyond it
    Duration window = std::chrono::seconds(150);
    Duration cool_down = std::chrono::seconds(1);  // after a wrong code
    SendLimits sends;
    AuthenticatorRule authenticator;
};

// One finger against the one that is enrolled (1:1): the sensor compares, and says with what. A
// try is a finger that was compared or that is no living one; what could not be read asks again.
struct FingerRule {
    // The sensor's own score. Its security level decides what it calls a match; this is a floor of
    // the policy's own beneath it, for a sensor whose level was lowered.
    int score_min = 50;         // 0 to 65535
    double liveness_min = 0.5;  // of the image, before anything is compared: 0 to 1
    // The matched place in the sensor's library must be the customer's own: another customer's
    // finger is a wrong one. False takes any finger that the sensor knows.
    bool bind_slot = true;
    int tries = 3;  // wrong fingers before the visit ends; her count goes on beyond it
    Duration window = std::chrono::seconds(45);
    Duration cool_down = std::chrono::seconds(1);  // after a wrong finger
    // From the image to its comparison: a sensor at 57,600 baud needs seven seconds for the image
    // alone.
    Duration age_max = std::chrono::seconds(15);
};

struct KeyRule {
    Duration window = std::chrono::seconds(30);
};

// Just before the strike is released the face is compared once more, on frames captured after the
// last factor: the person at the door must be the person who was let in. Counts as a try after a
// factor has succeeded.
struct PresenceRule {
    bool required = true;
    int tries = 3;
    Duration window = std::chrono::seconds(15);
    // After a mismatch: frames of one moment are alike, and three of them are a penalty.
    Duration cool_down = std::chrono::seconds(3);
    // A second person in the picture pauses the release; so many such frames in a row are told to
    // the alarm rules. `count_faces` false looks at the largest face and nobody else.
    bool count_faces = true;
    int company_frames = 3;
};

struct Policy {
    std::string_view name;  // of static storage
    Purpose purpose = Purpose::open_locker;
    std::vector<Factor> factors;  // in order, each at most once
    FaceRule face;
    ChallengeRule challenge;
    CodeRule code;
    KeyRule key;
    FingerRule finger;
    PresenceRule presence;
    LockoutRule lockout;
    ThrottleRule throttle;
    Duration session_limit = std::chrono::seconds(240);
    Duration release_hold = std::chrono::seconds(5);  // how long the strike is released

    [[nodiscard]] bool asks_for(Factor factor) const;

    // What makes this policy unfit for a door, one sentence each with the field, its value and the
    // limit; empty when it is fit.
    [[nodiscard]] std::vector<std::string> check() const;
};

// Face, then code, then key.
[[nodiscard]] Policy locker(FaceThreshold threshold);
// Face, then code; nothing mechanical holds the bolt besides the strike.
[[nodiscard]] Policy locker_keyless(FaceThreshold threshold);
// Face and fingerprint, then code: for a terminal with a fingerprint reader.
[[nodiscard]] Policy atm_access(FaceThreshold threshold);

// Why a frame cannot be compared; `good` when it can.
enum class Quality : std::uint8_t {
    good,
    no_face,
    several_faces,
    too_small,
    bad_light,
    blurred,
    turned_away,
    eyes_closed,
};

}  // namespace strongroom::auth
