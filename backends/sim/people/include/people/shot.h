// Shot: everything about one picture of a person that is not who she is.
//
// All fields have defaults that give a good picture of a calm face. check() names what is
// impossible. Angles in degrees, lengths in metres, times in seconds, light relative to a well-lit
// room (1).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "people/head.h"

namespace strongroom::people {

enum class Eyewear : std::uint8_t { none, glasses, sunglasses };
enum class Headwear : std::uint8_t { none, cap, beanie, scarf };
// What is before the face.
enum class Cover : std::uint8_t { none, hand, surgical_mask, hair };

struct Appearance {
    Eyewear eyewear = Eyewear::none;
    Headwear headwear = Headwear::none;
    Cover cover = Cover::none;
    double beard_growth = 0;  // added to the head's own beard, -1 (shaved) to 1
    double make_up = 0;       // 0 to 1
};

// yaw positive: the nose points to the right of the image; pitch positive: up; roll positive: the
// line of the eyes falls to the right of the image: as vision::HeadPose.
struct Pose {
    double yaw = 0;    // -90 to 90
    double pitch = 0;  // -60 to 60
    double roll = 0;   // -60 to 60
};

struct Expression {
    double gaze_x = 0;      // -1 (image left) to 1
    double gaze_y = 0;      // -1 (down) to 1
    double eyes_open = 1;   // 0 closed to 1
    double mouth_open = 0;  // 0 closed to 1
    double smile = 0;       // 0 to 1
    double brows = 0;       // -1 (frown) to 1 (raised)
};

// Where the head's centre is, seen from the camera.
struct Place {
    double distance = 0.6;  // 0.2 to 3
    double right = 0;       // of the optical axis, positive to the right of the image
    double up = 0;
};

struct Lighting {
    double key = 0.75;        // 0 to 4
    double key_azimuth = 30;  // 0 from the camera, positive from the image's right
    double key_elevation = 35;
    double fill = 0.25;  // from the other side
    double ambient = 0.35;
    double temperature = 5000;       // kelvin, 2000 to 10000
    double flicker_depth = 0;        // 0 to 1, of mains light
    double flicker_frequency = 100;  // hertz
};

enum class Background : std::uint8_t { wall, vault, office, corridor, window };

struct Lens {
    int width = 640;  // pixels, 64 to 4096
    int height = 480;
    double focal_length = 600;  // pixels
    double exposure = 1;        // gain, above 0
    double white_balance_red = 1;
    double white_balance_blue = 1;
    double blur = 0.6;       // standard deviation, pixels
    double motion_blur = 0;  // length, pixels
    double motion_angle = 0;
    double noise = 2;       // standard deviation at mid grey, 8-bit steps
    double row_noise = 0;   // the same for whole rows, which roll
    double vignette = 0.1;  // 0 to 1, lost in the corners
    int jpeg_quality = 0;   // 0: not compressed; else 5 to 100
};

struct Shot {
    Appearance appearance;
    Pose pose;
    Expression expression;
    Place place;
    Lighting lighting;
    Background background = Background::vault;
    std::uint64_t background_seed = 1;
    Lens lens;
    double time = 0;               // of the exposure: flicker, pulse
    std::uint64_t noise_seed = 1;  // another for each frame
};

// What cannot be, one sentence each, with the field, its value and the limits; empty when all is
// possible. A shot in which nothing can be seen (no light at all) is impossible, too.
[[nodiscard]] std::vector<std::string> check(const Shot& shot);

// What varies from one visit to the next (light, place, appearance, background, camera), and from
// frame to frame within one (pose, expression, noise). `difficulty` 0 (a photograph for a passport)
// to 1 (as bad as a terminal must bear).
[[nodiscard]] Shot random_shot(Rng& rng, double difficulty);
void vary_within_visit(Shot& shot, Rng& rng, double difficulty);

}  // namespace strongroom::people
