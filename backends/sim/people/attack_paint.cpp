#include "attack_paint.h"

#include <array>

#include "base/assert.h"
#include "base/rng.h"

namespace strongroom::people::attack {
namespace {

// Linear light of the 256 levels of an 8-bit sRGB picture.
const std::array<float, 256>& linear_levels() {
    static const std::array<float, 256> table = [] {
        std::array<float, 256> t{};
        for (std::size_t i = 0; i < t.size(); ++i) {
            const double v = static_cast<double>(i) / 255;
            t[i] = to_float(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
        }
        return t;
    }();
    return table;
}

LinearImage linear_of(const Picture& picture) {
    LinearImage out{picture.width, picture.height, {}};
    out.pixels.resize(picture.pixels.size());
    const auto& table = linear_levels();
    for (std::size_t i = 0; i + 2 < picture.pixels.size(); i += 3) {
        out.pixels[i] = table[picture.pixels[i + 2]];
        out.pixels[i + 1] = table[picture.pixels[i + 1]];
        out.pixels[i + 2] = table[picture.pixels[i]];
    }
    return out;
}

LinearImage halved(const LinearImage& in) {
    LinearImage out{std::max(in.width / 2, 1), std::max(in.height / 2, 1), {}};
    out.pixels.resize(at(3 * out.width * out.height));
    for (int row = 0; row < out.height; ++row) {
        const int below = std::min(2 * row + 1, in.height - 1);
        for (int column = 0; column < out.width; ++column) {
            const int beside = std::min(2 * column + 1, in.width - 1);
            for (int k = 0; k < 3; ++k) {
                const auto read = [&](int y, int x) {
                    return in.pixels[at(3 * (y * in.width + x) + k)];
                };
                out.pixels[at(3 * (row * out.width + column) + k)] =
                    0.25F * (read(2 * row, 2 * column) + read(2 * row, beside) +
                             read(below, 2 * column) + read(below, beside));
            }
        }
    }
    return out;
}

V3 desaturated(V3 c, float gamut) {
    const float grey = luminance(c);
    return mix(V3{grey, grey, grey}, c, gamut);
}

}  // namespace

SourcePicture::SourcePicture(const Picture& picture) {
    STRONGROOM_ASSERT(picture.width > 1 && picture.height > 1);
    truth_ = picture.face.value_or(FaceTruth{});
    levels_.push_back(linear_of(picture));
    reduce();
}

SourcePicture::SourcePicture(LinearImage light) {
    STRONGROOM_ASSERT(light.width > 1 && light.height > 1);
    levels_.push_back(std::move(light));
    reduce();
}

void SourcePicture::reduce() {
    while (levels_.back().width >= 16 && levels_.back().height >= 16 && levels_.size() < 6) {
        levels_.push_back(halved(levels_.back()));
    }
}

int SourcePicture::level_for(float pixels) const {
    const int wanted = static_cast<int>(std::floor(std::log2(std::max(pixels, 1.0F)) + 0.4F));
    return std::min(wanted, static_cast<int>(levels_.size()) - 1);
}

V3 SourcePicture::sample(int level, float x, float y) const {
    const LinearImage& image = levels_[at(level)];
    const float scale = 1.0F / static_cast<float>(1 << level);
    const float px = std::clamp((x + 0.5F) * scale - 0.5F, 0.0F, to_float(image.width) - 1.001F);
    const float py = std::clamp((y + 0.5F) * scale - 0.5F, 0.0F, to_float(image.height) - 1.001F);
    const int column = static_cast<int>(px);
    const int row = static_cast<int>(py);
    const float tx = px - static_cast<float>(column);
    const float ty = py - static_cast<float>(row);
    const float* top = image.pixels.data() + 3 * (row * image.width + column);
    const float* bottom = top + 3 * image.width;
    const auto between = [&](int k) {
        return mix(mix(top[k], top[3 + k], tx), mix(bottom[k], bottom[3 + k], tx), ty);
    };
    return {between(0), between(1), between(2)};
}

std::optional<FaceTruth> truth_on(const Surface& surface, const View& view, const Placed& placed,
                                  double spin) {
    const FaceTruth& from = placed.picture->truth();
    FaceTruth truth = from;
    const auto carried = [&](vision::Point p) {
        V3 there = surface.at(placed.s_of(p), placed.y_of(p));
        there.z = std::max(there.z, 0.02F);
        return view.project(there);
    };
    for (vision::Point& p : truth.points) {
        p = carried(p);
    }
    const vision::Box& box = from.box;
    vision::Point low{1e9, 1e9};
    vision::Point high{-1e9, -1e9};
    for (const vision::Point corner : {vision::Point{box.x, box.y},
                                       {box.x + box.width, box.y},
                                       {box.x, box.y + box.height},
                                       {box.x + box.width, box.y + box.height}}) {
        const vision::Point p = carried(corner);
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    truth.box = {low.x, low.y, high.x - low.x, high.y - low.y};
    truth.pose.roll += spin;
    if (high.x < 0 || high.y < 0 || low.x > view.width - 1 || low.y > view.height - 1) {
        return std::nullopt;
    }
    return truth;
}

Ink::Ink(const Instrument& instrument, const Footprint& footprint) {
    Rng rng = Rng(instrument.seed).fork("ink");
    const float poor = 1 - to_float(instrument.gamut);
    const auto tinted = [&] { return 1 + 0.2F * poor * to_float(rng.normal(0, 1)); };
    tint_ = {tinted(), tinted(), tinted()};
    gamut_ = 0.35F + 0.65F * to_float(instrument.gamut);
    contrast_ = to_float(instrument.contrast);
    black_ = 0.015F + 0.16F * (1 - contrast_);
    cells_ = to_float(instrument.pixels_per_metre);
    // Half a pixel of the camera gathers light. Fine printers scatter their dots.
    const float gathered = averaged(0.5F * footprint.s * cells_);
    dots_ = 0.75F * std::fabs(gathered) * (1 - soft(6000, 11000, cells_));
    streaks_ = 0.10F * poor;
    // Tooth of the paper, less of it in what is smooth and in what is small in the picture.
    fibre_ =
        0.035F * (1 - 0.8F * to_float(instrument.gloss)) / std::max(1.0F, footprint.s / 0.0004F);
    offset_ = to_float(rng.uniform(0, 200));
}

V3 Ink::paper(float s, float y) const {
    const float tooth = 1 + fibre_ * noise(s * 2500 + offset_, y * 2500);
    return V3{0.85F, 0.86F, 0.89F} * tooth;
}

V3 Ink::print(V3 wanted, float s, float y) const {
    V3 c = desaturated(wanted, gamut_) * tint_;
    // Cheap printers lose the middle tones.
    const float crush = 0.25F * (1 - contrast_);
    const auto toned = [&](float v, float turns_s, float turns_y) {
        v = clamp01(v);
        v = mix(v, v * v * (3 - 2 * v), crush);
        if (dots_ > 0.01F) {
            const float spread = 4 * v * (1 - v) * 0.45F;
            v += dots_ * spread * 0.5F * (wave(turns_s) + wave(turns_y));
        }
        return black_ + (1 - black_) * clamp01(v);
    };
    // Each ink has its own angle.
    const float u = s * cells_;
    const float v = y * cells_;
    c = {toned(c.x, 0.966F * u + 0.259F * v, -0.259F * u + 0.966F * v),
         toned(c.y, 0.259F * u + 0.966F * v, -0.966F * u + 0.259F * v), toned(c.z, u, v)};
    const float streak = 1 + streaks_ * noise(3.5F, y * 700 + offset_);
    return c * paper(s, y) * streak;
}

Sheen::Sheen(const Room& room, const Surface& surface, float half_width, double gloss, float share)
    : mirror_(room.mirror(roughness_of(gloss))),
      surface_(&surface),
      table_scale_(steps / (2 * half_width)),
      share_(share) {
    for (int i = 0; i <= steps; ++i) {
        const float chord = half_width * (2.0F * to_float(i) / steps - 1);
        table_[at(i)] = room.diffuse(surface.normal_at(chord));
    }
}

const V3& Sheen::diffuse(float chord) const {
    const float position = chord * table_scale_ + steps / 2.0F;
    return table_[at(std::clamp(static_cast<int>(position + 0.5F), 0, steps))];
}

V3 Sheen::mirrored(float chord, V3 ray) const {
    const V3 d = normalised(ray);
    const V3 n = surface_->bend == 0 ? surface_->normal : surface_->normal_at(chord);
    const float across = -dot(d, n);
    const float grazing = 1 - std::clamp(across, 0.0F, 1.0F);
    const float fifth = grazing * grazing * grazing * grazing * grazing;
    return mirror_.seen(d + n * (2 * across)) * (share_ * (1 + 20 * fifth));
}

void paint_print(LinearImage& image, const View& view, const Room& room, const Surface& surface,
                 const Instrument& instrument, const Placed& placed) {
    const Footprint footprint = footprint_of(view, surface);
    const float half_width = to_float(instrument.width) / 2;
    const float half_height = to_float(instrument.height) / 2;
    const float white = to_float(instrument.border * instrument.width);
    const Ink ink(instrument, footprint);
    const Sheen sheen(room, surface, half_width, instrument.gloss,
                      0.012F + 0.03F * to_float(instrument.gloss));
    const Extent extent = extent_of(view, surface, half_width, half_height, 0.002F);
    paint(image, view, surface, extent, [&](const Hit& hit, V3 ray, int, float* pixel) {
        // How far inside the edge of the sheet, in pixels.
        const float edge = std::min((half_width - std::fabs(hit.s)) / footprint.s,
                                    (half_height - std::fabs(hit.y)) / footprint.y);
        const float cover = clamp01(edge + 0.5F);
        if (cover <= 0) return;
        const float inner = std::min((half_width - white - std::fabs(hit.s)) / footprint.s,
                                     (half_height - white - std::fabs(hit.y)) / footprint.y);
        const float printed = clamp01(inner + 0.5F);
        V3 c = printed < 1 ? ink.paper(hit.s, hit.y) : V3{};
        if (printed > 0) {
            c = mix(c, ink.print(placed.sample(hit.s, hit.y), hit.s, hit.y), printed);
        }
        c = c * sheen.diffuse(hit.chord) + sheen.mirrored(hit.chord, ray);
        blend(pixel, c, cover);
    });
}

}  // namespace strongroom::people::attack
