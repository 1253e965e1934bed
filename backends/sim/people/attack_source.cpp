#include "attack_source.h"

#include <algorithm>

namespace strongroom::people::attack {
namespace {

// A living face from cheek to cheek, metres.
constexpr double face_size = 0.145;
constexpr std::size_t stills_kept = 6;

// All of the shot that a still depends on.
std::vector<double> key_of(const Shot& shot) {
    std::vector<double> key;
    const auto put = [&](std::initializer_list<double> values) {
        key.insert(key.end(), values.begin(), values.end());
    };
    const auto put_seed = [&](std::uint64_t seed) {
        put({static_cast<double>(seed >> 32U), static_cast<double>(seed & 0xffffffffU)});
    };
    const Appearance& a = shot.appearance;
    put({static_cast<double>(a.eyewear), static_cast<double>(a.headwear),
         static_cast<double>(a.cover), a.beard_growth, a.make_up});
    put({shot.pose.yaw, shot.place.distance});
    const Lighting& l = shot.lighting;
    put({l.key, l.key_azimuth, l.key_elevation, l.fill, l.ambient, l.temperature, l.flicker_depth,
         l.flicker_frequency});
    put({static_cast<double>(shot.background)});
    put_seed(shot.background_seed);
    const Lens& c = shot.lens;
    put({static_cast<double>(c.width), static_cast<double>(c.height), c.focal_length, c.exposure,
         c.white_balance_red, c.white_balance_blue, c.blur, c.noise, c.row_noise, c.vignette,
         static_cast<double>(c.jpeg_quality)});
    put_seed(shot.noise_seed);
    return key;
}

}  // namespace

Shot source_shot(const Instrument& instrument, const Shot& source, double resolution, double aspect,
                 bool film) {
    Shot shot = source;
    if (!film) {
        shot.pose = {};
        shot.expression = {};
        shot.time = 0;
        shot.noise_seed = instrument.seed;
        shot.lens.motion_blur = 0;
    }
    const double aside = (1 - instrument.source_frontal) * ((instrument.seed & 1U) != 0 ? 30 : -30);
    shot.pose.yaw = std::clamp(shot.pose.yaw + aside, -90.0, 90.0);
    // Whoever takes or cuts the picture puts the face into its middle.
    shot.place.right = 0;
    shot.place.up = 0;
    const double across = resolution * instrument.width / instrument.face_width;
    const auto pixels = [](double size) {
        return static_cast<int>(std::clamp(std::round(size), 64.0, 2048.0));
    };
    shot.lens.width = pixels(across);
    shot.lens.height = pixels(across * aspect);
    shot.lens.focal_length = resolution * shot.place.distance / face_size;
    return shot;
}

const SourcePicture& Studio::picture(const Instrument& instrument, const Head& victim,
                                     const Shot& source, double aspect, bool film, double finest) {
    const double resolution = std::clamp(finest, 20.0, instrument.source_resolution);
    const Shot shot = source_shot(instrument, source, resolution, aspect, film);
    if (film) {
        frame_ = SourcePicture(renderer_->render(victim, shot));
        return frame_;
    }
    std::vector<double> key = key_of(shot);
    ++calls_;
    for (Still& still : stills_) {
        if (still.victim == victim && still.key == key) {
            still.used = calls_;
            return still.picture;
        }
    }
    if (stills_.size() >= stills_kept) {
        stills_.erase(
            std::min_element(stills_.begin(), stills_.end(),
                             [](const Still& a, const Still& b) { return a.used < b.used; }));
    }
    stills_.push_back(
        {victim, std::move(key), SourcePicture(renderer_->render(victim, shot)), calls_});
    return stills_.back().picture;
}

}  // namespace strongroom::people::attack
