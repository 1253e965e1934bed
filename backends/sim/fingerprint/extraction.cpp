// Minutiae as what they are in a wave: points around which the phase of the ridges turns once.
//
// Filtered by complex ridge filters, an image becomes a phase; going round any small square, the
// phase comes back to where it was, except around the end or the fork of a ridge, where it has
// gained or lost a turn. That needs no binary image and no thinning.
#include <algorithm>
#include <cmath>

#include "fingerprint/comparison.h"
#include "ridges.h"

namespace strongroom::fingerprint {

namespace {

constexpr int width = FingerImage::width / 2;
constexpr int height = FingerImage::height / 2;

// Half the resolution, evened out: every place about as dark and as rich in contrast.
struct Evened {
    Plane values{width, height};
    Plane contrast{width, height};
};

Evened even_out(const FingerImage& image) {
    Plane half(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            half.at(x, y) =
                static_cast<float>(image.at(2 * x, 2 * y) + image.at(2 * x + 1, 2 * y) +
                                   image.at(2 * x, 2 * y + 1) + image.at(2 * x + 1, 2 * y + 1)) /
                -60.F;  // ridges are high
        }
    }
    const Plane mean = box_blur(half, 5);
    Plane squares(width, height);
    for (std::size_t i = 0; i < half.values.size(); ++i) {
        half.values[i] -= mean.values[i];
        squares.values[i] = half.values[i] * half.values[i];
    }
    const Plane variance = box_blur(squares, 6);
    Evened out;
    for (std::size_t i = 0; i < half.values.size(); ++i) {
        out.contrast.values[i] = std::sqrt(std::max(variance.values[i], 0.F));
        out.values.values[i] = half.values[i] / (1.4F * out.contrast.values[i] + 0.03F);
    }
    return out;
}

struct Flow {
    Plane directions{width, height};  // of the ridges, 0 to pi
    Plane coherence{width, height};   // 0 no direction, 1 all the same
};

Flow measure_flow(const Plane& in) {
    Plane xx(width, height);
    Plane yy(width, height);
    Plane xy(width, height);
    for (int y = 1; y + 1 < height; ++y) {
        for (int x = 1; x + 1 < width; ++x) {
            const float gx = in.at(x + 1, y) - in.at(x - 1, y);
            const float gy = in.at(x, y + 1) - in.at(x, y - 1);
            xx.at(x, y) = gx * gx;
            yy.at(x, y) = gy * gy;
            xy.at(x, y) = gx * gy;
        }
    }
    const auto smooth = [](const Plane& plane) { return box_blur(box_blur(plane, 4), 3); };
    xx = smooth(xx);
    yy = smooth(yy);
    xy = smooth(xy);
    Flow flow;
    for (std::size_t i = 0; i < xx.values.size(); ++i) {
        const float difference = xx.values[i] - yy.values[i];
        const float twice = 2 * xy.values[i];
        flow.directions.values[i] = 0.5F * (std::atan2(twice, difference) + pi);
        flow.coherence.values[i] = std::sqrt(difference * difference + twice * twice) /
                                   (xx.values[i] + yy.values[i] + 1e-4F);
    }
    return flow;
}

struct Found {
    Minutia minutia;
    float quality = 0;
};

float wrapped(float angle) {
    if (angle > pi) return angle - 2 * pi;
    if (angle < -pi) return angle + 2 * pi;
    return angle;
}

class PhaseField {
public:
    PhaseField(const Evened& evened, const Flow& flow, const std::vector<unsigned char>& wanted)
        : flow_(flow) {
        static const RidgeFilters filters(2.0F, 2.4F);
        const Plane periods(width, height, 4.6F);
        filters.apply(evened.values, flow.directions, periods, wanted, real_, &imaginary_);
        for (std::size_t i = 0; i < real_.values.size(); ++i) {
            phase_.values[i] = std::atan2(imaginary_.values[i], real_.values[i]);
            strength_.values[i] = std::hypot(real_.values[i], imaginary_.values[i]);
        }
        strength_ = box_blur(strength_, 3);
    }
    [[nodiscard]] float strength(int x, int y) const { return strength_.at(x, y); }

    // Turns of the phase around the square whose first corner is (x, y): -1, 0 or 1.
    [[nodiscard]] int turns(int x, int y) const {
        const float a = phase_.at(x, y);
        const float b = alike(x, y, x + 1, y);
        const float c = alike(x, y, x + 1, y + 1);
        const float d = alike(x, y, x, y + 1);
        const float sum = wrapped(b - a) + wrapped(c - b) + wrapped(d - c) + wrapped(a - d);
        return static_cast<int>(std::lround(sum / (2 * pi)));
    }

private:
    // The phase at (x1, y1), counted across the ridges in the sense of (x0, y0): directions are
    // known up to half a turn only.
    [[nodiscard]] float alike(int x0, int y0, int x1, int y1) const {
        const float apart = flow_.directions.at(x1, y1) - flow_.directions.at(x0, y0);
        return std::fabs(apart) > pi / 2 ? -phase_.at(x1, y1) : phase_.at(x1, y1);
    }
    const Flow& flow_;
    Plane real_{width, height};
    Plane imaginary_{width, height};
    Plane phase_{width, height};
    Plane strength_{width, height};
};

// 1 where ridges are clear, and so are all places around.
std::vector<unsigned char> clear_area(const Evened& evened, const Flow& flow, int margin) {
    Plane clear(width, height);
    for (std::size_t i = 0; i < clear.values.size(); ++i) {
        const bool good = evened.contrast.values[i] > 0.045F && flow.coherence.values[i] > 0.30F;
        clear.values[i] = good ? 1.F : 0.F;
    }
    const Plane around = box_blur(clear, margin);
    std::vector<unsigned char> area(clear.values.size());
    for (std::size_t i = 0; i < area.size(); ++i) {
        area[i] = around.values[i] > 0.93F ? 1 : 0;
    }
    // What the blur repeats at the edge of the image is not seen.
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (x < margin || y < margin || x >= width - margin || y >= height - margin) {
                area[static_cast<std::size_t>(y * width + x)] = 0;
            }
        }
    }
    return area;
}

// Two that are closer than a ridge are one flaw of the image.
std::vector<Found> without_neighbours(const std::vector<Found>& all) {
    constexpr float closest = 11;
    std::vector<Found> kept;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool alone = std::none_of(all.begin(), all.end(), [&](const Found& other) {
            return &other != &all[i] && std::hypot(other.minutia.x - all[i].minutia.x,
                                                   other.minutia.y - all[i].minutia.y) < closest;
        });
        if (alone) kept.push_back(all[i]);
    }
    return kept;
}

}  // namespace

Extracted extract(const FingerImage& image) {
    const Evened evened = even_out(image);
    const Flow flow = measure_flow(evened.values);
    const std::vector<unsigned char> area = clear_area(evened, flow, 4);
    const std::vector<unsigned char> inner = clear_area(evened, flow, 7);
    std::size_t touched = 0;
    std::size_t clear = 0;
    for (std::size_t i = 0; i < area.size(); ++i) {
        clear += area[i];
        touched += evened.contrast.values[i] > 0.03F ? 1U : 0U;
    }
    const PhaseField field(evened, flow, {});
    std::vector<Found> found;
    for (int y = 8; y + 9 < height; ++y) {
        for (int x = 8; x + 9 < width; ++x) {
            if (inner[static_cast<std::size_t>(y * width + x)] == 0) continue;
            const int turns = field.turns(x, y);
            if (turns == 0) continue;
            const float strength = field.strength(x, y);
            if (strength < 0.28F) continue;
            float direction = flow.directions.at(x, y);
            if (turns < 0) direction -= pi;
            found.push_back(
                {{static_cast<float>(2 * x + 2), static_cast<float>(2 * y + 2), wrapped(direction)},
                 strength});
        }
    }
    found = without_neighbours(found);
    std::stable_sort(found.begin(), found.end(),
                     [](const Found& a, const Found& b) { return a.quality > b.quality; });
    Extracted out;
    for (const Found& one : found) {
        if (out.minutiae.size() < minutiae_limit) out.minutiae.push_back(one.minutia);
    }
    out.ridge_area = static_cast<double>(clear) / static_cast<double>(area.size());
    // A clear area of that size shows thirty and more; the rest is drowned.
    const bool drowned = out.ridge_area > 0.45 && out.minutiae.size() < 18;
    if (drowned || (touched > area.size() / 3 && clear < touched / 3)) {
        out.outcome = Extraction::messy;
    } else if (out.ridge_area < 0.12 || out.minutiae.size() < 8) {
        out.outcome = Extraction::sparse;
    } else {
        out.outcome = Extraction::good;
    }
    return out;
}

}  // namespace strongroom::fingerprint
