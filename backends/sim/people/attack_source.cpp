#include "attack_source.h"

#include <algorithm>

#include "base/assert.h"

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

Silhouette::Silhouette(const LinearImage& person, const LinearImage& nobody)
    : width_(person.width), height_(person.height) {
    STRONGROOM_ASSERT(person.pixels.size() == nobody.pixels.size());
    constexpr float far = 40;
    const std::size_t count = person.pixels.size() / 3;
    const auto is_person = [&](std::size_t i) {
        return !std::equal(person.pixels.begin() + static_cast<std::ptrdiff_t>(3 * i),
                           person.pixels.begin() + static_cast<std::ptrdiff_t>(3 * i + 3),
                           nobody.pixels.begin() + static_cast<std::ptrdiff_t>(3 * i));
    };
    // Steps to the nearest pixel of the other kind, counted from two corners.
    const auto steps_from = [&](bool kind) {
        std::vector<float> steps(count);
        for (std::size_t i = 0; i < count; ++i) steps[i] = is_person(i) == kind ? 0 : far;
        const auto pass = [&](int first_row, int end_row, int step) {
            const int first = step > 0 ? 0 : width_ - 1;
            const int end = step > 0 ? width_ : -1;
            for (int row = first_row; row != end_row; row += step) {
                for (int column = first; column != end; column += step) {
                    float& here = steps[at(row * width_ + column)];
                    const auto from = [&](int y, int x, float length) {
                        if (y < 0 || y >= height_ || x < 0 || x >= width_) return;
                        here = std::min(here, steps[at(y * width_ + x)] + length);
                    };
                    from(row, column - step, 1.0F);
                    from(row - step, column, 1.0F);
                    from(row - step, column - step, 1.414F);
                    from(row - step, column + step, 1.414F);
                }
            }
        };
        pass(0, height_, 1);
        pass(height_ - 1, -1, -1);
        return steps;
    };
    depth_ = steps_from(false);
    const std::vector<float> outside = steps_from(true);
    for (std::size_t i = 0; i < count; ++i) depth_[i] -= outside[i];
}

float Silhouette::inside(float x, float y) const {
    const float px = std::clamp(x, 0.0F, to_float(width_) - 1.001F);
    const float py = std::clamp(y, 0.0F, to_float(height_) - 1.001F);
    const int column = static_cast<int>(px);
    const int row = static_cast<int>(py);
    const float* top = depth_.data() + row * width_ + column;
    const float* bottom = top + width_;
    const float tx = px - to_float(column);
    const float person =
        mix(mix(top[0], top[1], tx), mix(bottom[0], bottom[1], tx), py - to_float(row));
    const float picture = std::min({x, y, to_float(width_ - 1) - x, to_float(height_ - 1) - y});
    return std::min(person, picture);
}

const SourcePicture& Studio::picture(const Instrument& instrument, const Head& victim,
                                     const Shot& source, double aspect, bool film, double finest) {
    if (!film) return still(instrument, victim, source, aspect, finest).picture;
    const double resolution = std::clamp(finest, 20.0, instrument.source_resolution);
    const Shot shot = source_shot(instrument, source, resolution, aspect, true);
    frame_ = SourcePicture(renderer_->render(victim, shot));
    return frame_;
}

const Studio::Still& Studio::still(const Instrument& instrument, const Head& victim,
                                   const Shot& source, double aspect, double finest) {
    const double resolution = std::clamp(finest, 20.0, instrument.source_resolution);
    const Shot shot = source_shot(instrument, source, resolution, aspect, false);
    std::vector<double> key = key_of(shot);
    ++calls_;
    for (Still& still : stills_) {
        if (still.victim == victim && still.key == key) {
            still.used = calls_;
            return still;
        }
    }
    if (stills_.size() >= stills_kept) {
        stills_.erase(
            std::min_element(stills_.begin(), stills_.end(),
                             [](const Still& a, const Still& b) { return a.used < b.used; }));
    }
    const LinearImage nobody = renderer_->render_background(shot).light;
    Renderer::Scene scene = renderer_->render_scene(victim, shot);
    Silhouette silhouette(scene.light, nobody);
    stills_.push_back({victim, std::move(key),
                       SourcePicture(renderer_->expose(std::move(scene), shot)),
                       std::move(silhouette), calls_});
    return stills_.back();
}

}  // namespace strongroom::people::attack
