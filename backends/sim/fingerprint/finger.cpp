#include "fingerprint/finger.h"

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "pattern.h"
#include "ridges.h"

namespace strongroom::fingerprint {

namespace {

constexpr int width = FingerImage::width;
constexpr int height = FingerImage::height;

// How a material takes up ridges and shows them on the prism.
struct Look {
    float softness = 0.4F;  // of a ridge's edge; what a mould loses
    float thickness = 0;    // added to ridges
    float contrast = 0.8F;
    float pores = 0;          // how much of them is left
    float bubbles = 0;        // how many
    float bubble_radius = 2;  // pixels
    float wrinkles = 0;       // how many
    float rim = 0;            // a film's edge touches the prism as well
    float speckle = 0;        // gaps of fine grain
    float film = 0;           // what of the film itself is seen between ridges
    float raster = 0;         // a printer's dots
    float flatness = 0;       // does not follow pressure
    bool cut_straight = false;
};

Look look_of(Material material, float quality) {
    const float poor = 1 - quality;
    switch (material) {
        case Material::skin:
            return {.softness = 0.40F + 0.25F * poor,
                    .contrast = 0.84F,
                    .pores = 1,
                    .wrinkles = 5 * poor,
                    .speckle = 0.12F * poor};
        case Material::silicone:
            return {.softness = 0.75F + 0.5F * poor,
                    .thickness = 0.16F,
                    .contrast = 0.62F,
                    .pores = 0.08F * quality,
                    .bubbles = 6 + 26 * poor,
                    .bubble_radius = 2.6F,
                    .rim = 0.5F,
                    .film = 0.06F,
                    .flatness = 0.5F};
        case Material::gelatine:
            return {.softness = 0.62F + 0.4F * poor,
                    .thickness = 0.26F,
                    .contrast = 0.76F,
                    .pores = 0.15F * quality,
                    .bubbles = 4 + 16 * poor,
                    .bubble_radius = 3.4F,
                    .rim = 0.3F,
                    .film = 0.12F,
                    .flatness = 0.3F};
        case Material::latex:
            return {.softness = 0.52F + 0.35F * poor,
                    .thickness = -0.10F,
                    .contrast = 0.82F,
                    .pores = 0.1F * quality,
                    .bubbles = 2 + 8 * poor,
                    .bubble_radius = 1.8F,
                    .wrinkles = 4 + 8 * poor,
                    .rim = 0.45F,
                    .flatness = 0.6F};
        case Material::wood_glue:
            return {.softness = 0.55F + 0.4F * poor,
                    .thickness = -0.02F,
                    .contrast = 0.70F,
                    .pores = 0.12F * quality,
                    .bubbles = 16 + 34 * poor,
                    .bubble_radius = 1.6F,
                    .wrinkles = 1 + 4 * poor,
                    .rim = 0.35F,
                    .speckle = 0.28F,
                    .film = 0.04F,
                    .flatness = 0.6F};
        case Material::printed_foil:
            return {.softness = 0.16F,
                    .thickness = 0.04F,
                    .contrast = 0.9F,
                    .bubbles = 2,
                    .bubble_radius = 4,
                    .speckle = 0.05F + 0.15F * poor,
                    .film = 0.08F,
                    .raster = 0.25F + 0.35F * poor,
                    .flatness = 1,
                    .cut_straight = true};
    }
    return {};
}

float clamp01(float v) { return std::clamp(v, 0.F, 1.F); }
float soft_step(float from, float to, float v) {
    const float t = clamp01((v - from) / (to - from));
    return t * t * (3 - 2 * t);
}
float within(double value, double low, double high) {
    return static_cast<float>(std::clamp(value, low, high));
}

// White holes and lines of a cast, and creases of skin: 1 where nothing touches the prism.
Plane draw_flaws(const Look& look, Rng rng) {
    Plane flaws(width, height);
    const auto disc = [&](float x, float y, float radius) {
        const int reach = static_cast<int>(radius) + 2;
        for (int dy = -reach; dy <= reach; ++dy) {
            for (int dx = -reach; dx <= reach; ++dx) {
                const int px = static_cast<int>(x) + dx;
                const int py = static_cast<int>(y) + dy;
                if (px < 0 || py < 0 || px >= width || py >= height) continue;
                const float away =
                    std::hypot(static_cast<float>(px) - x, static_cast<float>(py) - y);
                float& value = flaws.at(px, py);
                value = std::max(value, clamp01(radius + 0.5F - away));
            }
        }
    };
    const auto bubbles = static_cast<int>(look.bubbles);
    for (int i = 0; i < bubbles; ++i) {
        const auto x = static_cast<float>(rng.uniform(0, width));
        const auto y = static_cast<float>(rng.uniform(0, height));
        disc(x, y, look.bubble_radius * static_cast<float>(rng.uniform(0.6, 1.6)));
    }
    const auto wrinkles = static_cast<int>(look.wrinkles);
    for (int i = 0; i < wrinkles; ++i) {
        auto x = static_cast<float>(rng.uniform(20, width - 20));
        auto y = static_cast<float>(rng.uniform(20, height - 20));
        double heading = rng.uniform(0, 2 * pi);
        const int length = 20 + static_cast<int>(rng.below(60));
        for (int k = 0; k < length; ++k) {
            disc(x, y, 0.7F);
            heading += rng.uniform(-0.12, 0.12);
            x += static_cast<float>(std::cos(heading));
            y += static_cast<float>(std::sin(heading));
        }
    }
    return flaws;
}

// From the window to the pattern: rotation, shift, and the stretch of soft tissue.
class Mapping {
public:
    Mapping(const Placement& placement, float stretch, const Rng& rng)
        : right_(rng.fork("right"), width, height, 90),
          down_(rng.fork("down"), width, height, 90),
          stretch_(stretch) {
        const float angle = within(placement.rotation, -0.8, 0.8);
        cos_ = std::cos(angle);
        sin_ = std::sin(angle);
        shift_x_ = within(placement.right, -140, 140) + width / 2.F;
        shift_y_ = within(placement.down, -140, 140) + height / 2.F;
    }
    struct Place {
        float x = 0;  // from the middle of the finger, in pixels
        float y = 0;
    };
    [[nodiscard]] Place operator()(float x, float y) const {
        const float dx = x + stretch_ * right_(x, y) - shift_x_;
        const float dy = y + stretch_ * down_(x, y) - shift_y_;
        return {cos_ * dx + sin_ * dy, cos_ * dy - sin_ * dx};
    }

private:
    SmoothNoise right_;
    SmoothNoise down_;
    float stretch_;
    float cos_ = 1;
    float sin_ = 0;
    float shift_x_ = 0;
    float shift_y_ = 0;
};

struct Sample {
    float ridge = -1;
    float pore = 0;
};

// Between the four nearest pixels of the pattern; outside it there is no skin.
Sample sample(const FingerPattern& pattern, Mapping::Place place) {
    const float x = place.x + FingerPattern::width / 2.F;
    const float y = place.y + FingerPattern::height / 2.F;
    if (x < 0 || y < 0 || x >= FingerPattern::width - 1 || y >= FingerPattern::height - 1)
        return {};
    const int ix = static_cast<int>(x);
    const int iy = static_cast<int>(y);
    const float tx = x - static_cast<float>(ix);
    const float ty = y - static_cast<float>(iy);
    const auto at =
        static_cast<std::size_t>(iy) * FingerPattern::width + static_cast<std::size_t>(ix);
    const auto blend = [&](const auto& plane) {
        const auto value = [&](std::size_t offset) {
            return static_cast<float>(plane[at + offset]);
        };
        const float top = value(0) + (value(1) - value(0)) * tx;
        const float bottom = value(FingerPattern::width) +
                             (value(FingerPattern::width + 1) - value(FingerPattern::width)) * tx;
        return top + (bottom - top) * ty;
    };
    return {blend(pattern.ridge) / 127, blend(pattern.pores) / 255};
}

// The camera behind the prism: shading, its own pattern, noise of this shot, four bits.
FingerImage expose(const Plane& dark, std::uint64_t shot) {
    const SmoothNoise shading(Rng(0x307), width, height, 128);  // of the device, not of the shot
    Rng noise = Rng(shot).fork("noise");
    FingerImage image;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const std::uint64_t bits = noise.next();
            const auto part = [&](unsigned shift) {
                return static_cast<float>(bits >> shift & 0xFFFFU) / 65536.F;
            };
            const float normal = part(0) + part(16) + part(32) + part(48) - 2;  // deviation 0.58
            const float white =
                0.93F + 0.035F * shading(static_cast<float>(x), static_cast<float>(y));
            const float level = white - dark.at(x, y) + 0.035F * normal;
            image.grey[static_cast<std::size_t>(y * width + x)] =
                static_cast<std::uint8_t>(std::clamp(level * 15.99F, 0.F, 15.F));
        }
    }
    return image;
}

// Everything that is constant while a presentation is drawn.
class Presentation {
public:
    Presentation(const FingerPattern& pattern, const FingerPresentation& p)
        : pattern_(pattern),
          look_(look_of(p.material, within(p.quality, 0, 1))),
          pressure_(within(p.pressure, 0, 1)),
          moisture_(within(p.moisture, 0, 1)),
          skin_(p.material == Material::skin),
          laying_(Rng(p.laying).fork("laying")),
          cast_(Rng(p.person ^ (p.cast * 2 + 1) * 0x9E3779B97F4A7C15U).fork("cast")),
          mapping_(p.placement, skin_ ? 3.5F : 2.0F, laying_),
          flaws_(draw_flaws(look_, cast_)),
          touch_(laying_.fork("touch"), width, height, 40),
          wet_(laying_.fork("wet"), width, height, 14),
          grain_(laying_.fork("grain"), width, height, 2.6F) {
        if (!skin_) moisture_ = 0.5F + 0.3F * (moisture_ - 0.5F);  // a cast does not sweat
    }

    // How dark the prism is at a pixel, 0 to about 0.9.
    [[nodiscard]] float dark(int x, int y) const {
        const auto fx = static_cast<float>(x);
        const auto fy = static_cast<float>(y);
        const Mapping::Place place = mapping_(fx, fy);
        const float out = edge(place, fx, fy);
        if (out >= 1) return 0;
        const Sample s = sample(pattern_, place);
        const float local = pressure_ * (1 - 0.55F * out * out * (1 - look_.flatness)) +
                            0.12F * touch_(fx, fy) * (1 - 0.6F * look_.flatness);
        const float wet = moisture_ - 0.5F;
        // A ridge touches where it rises above this.
        const float level = 0.42F - 0.75F * local - 0.45F * wet - look_.thickness;
        const float softness = look_.softness;
        float ink = soft_step(level - softness, level + softness, s.ridge);
        ink *= 1 - look_.pores * s.pore * clamp01(1.05F - 0.9F * moisture_);
        // Dry skin touches in points, wet skin floods its valleys.
        ink *= 1 - clamp01(-1.5F * wet + look_.speckle) * clamp01(0.6F + 1.4F * grain_(fx, fy));
        if (wet > 0.15F)
            ink += clamp01(3.5F * (wet - 0.15F) * clamp01(0.75F + wet_(fx, fy))) * (1 - ink);
        ink *= 1 - flaws_.at(x, y);
        if (look_.raster > 0) ink *= 1 - look_.raster * dots(place);
        ink = std::max(ink, look_.film * (1.1F + 0.5F * touch_(fx, fy)));
        ink *= soft_step(1, 0.93F, out);
        // A film is thicker, and flat, where it was cut off.
        if (look_.rim > 0)
            ink =
                std::max(ink, look_.rim * soft_step(0.90F, 0.95F, out) * soft_step(1, 0.975F, out));
        const float bond = 0.85F + 0.15F * clamp01(2 * local);
        return look_.contrast * bond * clamp01(ink);
    }

private:
    // 0 in the middle of what touches, 1 at its edge.
    [[nodiscard]] float edge(Mapping::Place place, float fx, float fy) const {
        const float press = 0.80F + 0.25F * pressure_;
        const float x = place.x / (static_cast<float>(pattern_.half_width) * press);
        const float y = place.y / (static_cast<float>(pattern_.half_height) * press);
        if (look_.cut_straight) return std::max(std::fabs(x), std::fabs(y));
        return std::sqrt(x * x + y * y) + (skin_ ? 0.04F : 0.015F) * touch_(fx, fy);
    }
    [[nodiscard]] static float dots(Mapping::Place place) {
        const float u = std::cos((place.x + place.y) * 2 * pi / 5.3F);
        const float v = std::cos((place.x - place.y) * 2 * pi / 5.3F);
        return clamp01(0.5F + 0.5F * u * v);
    }

    const FingerPattern& pattern_;
    Look look_;
    float pressure_;
    float moisture_;
    bool skin_;
    Rng laying_;
    Rng cast_;
    Mapping mapping_;
    Plane flaws_;
    SmoothNoise touch_;
    SmoothNoise wet_;
    SmoothNoise grain_;
};

}  // namespace

std::string_view to_string(Material material) {
    switch (material) {
        case Material::skin: return "skin";
        case Material::silicone: return "silicone";
        case Material::gelatine: return "gelatine";
        case Material::latex: return "latex";
        case Material::wood_glue: return "wood_glue";
        case Material::printed_foil: return "printed_foil";
    }
    return "invalid";
}

std::optional<Material> material_named(std::string_view name) {
    for (const Material material : materials) {
        if (to_string(material) == name) return material;
    }
    return std::nullopt;
}

FingerPresentation laid_down(std::uint64_t person, std::uint64_t laying, Material material,
                             double spread) {
    Rng rng = Rng(person * 1000003 + laying).fork("laid down");
    spread = std::clamp(spread, 0.0, 1.0);
    FingerPresentation p;
    p.person = person;
    p.material = material;
    p.laying = laying;
    p.cast = laying / 16;
    p.quality = std::clamp(0.85 + 0.10 * rng.normal(0, spread), 0.3, 1.0);
    p.pressure = std::clamp(0.5 + 0.22 * rng.normal(0, spread), 0.1, 0.9);
    p.moisture = std::clamp(0.5 + 0.18 * rng.normal(0, spread), 0.1, 0.9);
    p.placement.right = std::clamp(16 * rng.normal(0, spread), -45.0, 45.0);
    p.placement.down = std::clamp(18 * rng.normal(0, spread), -45.0, 45.0);
    p.placement.rotation = std::clamp(0.16 * rng.normal(0, spread), -0.5, 0.5);
    return p;
}

std::vector<std::byte> pack(const FingerImage& image) {
    std::vector<std::byte> bytes;
    bytes.reserve(FingerImage::packed_bytes);
    for (std::size_t i = 0; i < FingerImage::pixels; i += 2) {
        bytes.push_back(std::byte(image.grey[i] << 4U | (image.grey[i + 1] & 0xFU)));
    }
    return bytes;
}

FingerImage unpack(std::span<const std::byte> bytes) {
    FingerImage image;
    const std::size_t count = std::min(bytes.size(), FingerImage::packed_bytes);
    for (std::size_t i = 0; i < count; ++i) {
        const auto pair = std::to_integer<std::uint8_t>(bytes[i]);
        image.grey[2 * i] = static_cast<std::uint8_t>(pair >> 4U);
        image.grey[2 * i + 1] = pair & 0xFU;
    }
    return image;
}

std::shared_ptr<const FingerPattern> Fingers::pattern(std::uint64_t person, std::uint8_t finger) {
    const Key key{person, finger};
    const auto found = patterns_.find(key);
    if (found != patterns_.end()) return found->second;
    if (order_.size() >= capacity_) {
        patterns_.erase(order_.front());
        order_.erase(order_.begin());
    }
    const std::uint64_t seed = Rng(person).fork("finger").next() + finger;
    const auto grown = std::make_shared<const FingerPattern>(grow_pattern(seed));
    patterns_.emplace(key, grown);
    order_.push_back(key);
    return grown;
}

FingerImage capture(Fingers& fingers, const FingerPresentation& presentation, std::uint64_t shot) {
    const auto pattern = fingers.pattern(presentation.person, presentation.finger);
    const Presentation drawn(*pattern, presentation);
    Plane dark(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) dark.at(x, y) = drawn.dark(x, y);
    }
    return expose(dark, shot);
}

FingerImage empty_window(std::uint64_t shot) { return expose(Plane(width, height), shot); }

}  // namespace strongroom::fingerprint
