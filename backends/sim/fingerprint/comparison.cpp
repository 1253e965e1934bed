#include "fingerprint/comparison.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "ridges.h"

namespace strongroom::fingerprint {

namespace {

// A character file: mark, version, count, Fletcher's check sum over the rest, then four bytes a
// minutia: x, low eight bits of y, direction in 128 steps with y's ninth bit above, 0.
constexpr std::byte mark{0x03};
constexpr std::byte version{0x01};
constexpr std::size_t head = 16;
constexpr std::size_t entry = 4;
static_assert(head + entry * minutiae_limit <= character_file_bytes);

std::array<std::byte, 2> check_sum(std::span<const std::byte> file) {
    unsigned a = 1;
    unsigned b = 0;
    for (std::size_t i = 0; i < file.size(); ++i) {
        if (i == 4 || i == 5) continue;
        a = (a + std::to_integer<unsigned>(file[i])) % 255;
        b = (b + a) % 255;
    }
    return {std::byte(a), std::byte(b)};
}

float wrapped(float angle) {
    while (angle > pi) angle -= 2 * pi;
    while (angle < -pi) angle += 2 * pi;
    return angle;
}

std::vector<Minutia> minutiae_of(std::span<const std::byte> file) {
    std::vector<Minutia> out;
    if (!is_character_file(file)) return out;
    const auto count = std::to_integer<std::size_t>(file[2]);
    for (std::size_t i = 0; i < count; ++i) {
        const auto bytes = file.subspan(head + i * entry, entry);
        const auto turned = std::to_integer<unsigned>(bytes[2]);
        out.push_back(
            {static_cast<float>(std::to_integer<unsigned>(bytes[0])),
             static_cast<float>(std::to_integer<unsigned>(bytes[1]) + ((turned & 0x80U) << 1U)),
             wrapped(static_cast<float>(turned & 0x7FU) * 2 * pi / 128)});
    }
    return out;
}

// How one finger lies against the other: rotation about the window's middle, then a shift.
struct Alignment {
    float cosine = 1;
    float sine = 0;
    float angle = 0;
    float right = 0;
    float down = 0;
    [[nodiscard]] Minutia operator()(const Minutia& m) const {
        const float x = m.x - FingerImage::width / 2.F;
        const float y = m.y - FingerImage::height / 2.F;
        return {cosine * x - sine * y + right, sine * x + cosine * y + down,
                wrapped(m.direction + angle)};
    }
};

Minutia centred(const Minutia& m) {
    return {m.x - FingerImage::width / 2.F, m.y - FingerImage::height / 2.F, m.direction};
}

Alignment turned_by(float angle) { return {std::cos(angle), std::sin(angle), angle, 0, 0}; }

// Votes of all pairs for a rotation and a shift.
class Votes {
public:
    static constexpr float widest_turn = 1.1F;
    static constexpr int turns = 19;
    static constexpr int shifts = 25;
    static constexpr float cell = 12;

    void add(float angle, float right, float down) {
        const int t = static_cast<int>(
            std::lround((angle / widest_turn + 1) * static_cast<float>(turns - 1) / 2));
        const int r = static_cast<int>(std::lround(right / cell)) + shifts / 2;
        const int d = static_cast<int>(std::lround(down / cell)) + shifts / 2;
        if (t < 0 || t >= turns || r < 0 || r >= shifts || d < 0 || d >= shifts) return;
        fullest_ = std::max<int>(fullest_, ++cells_[index(t, r, d)]);
    }
    // The fullest neighbourhoods, best first.
    [[nodiscard]] std::vector<Alignment> best(std::size_t count) const {
        // A single vote is chance, unless there is nothing else.
        const int least = fullest_ > 1 ? 2 : 1;
        std::vector<std::pair<int, std::array<int, 3>>> sums;
        for (int t = 0; t < turns; ++t) {
            for (int r = 1; r + 1 < shifts; ++r) {
                for (int d = 1; d + 1 < shifts; ++d) {
                    if (cells_[index(t, r, d)] < least) continue;
                    sums.push_back({around(t, r, d), {t, r, d}});
                }
            }
        }
        const auto kept = std::min(count, sums.size());
        std::partial_sort(sums.begin(), sums.begin() + static_cast<std::ptrdiff_t>(kept),
                          sums.end(), [](const auto& a, const auto& b) {
                              return a.first != b.first ? a.first > b.first : a.second < b.second;
                          });
        std::vector<Alignment> out;
        for (std::size_t i = 0; i < kept; ++i) {
            const auto [t, r, d] = sums[i].second;
            Alignment a = turned_by(
                widest_turn * (2 * static_cast<float>(t) / static_cast<float>(turns - 1) - 1));
            a.right = static_cast<float>(r - shifts / 2) * cell;
            a.down = static_cast<float>(d - shifts / 2) * cell;
            out.push_back(a);
        }
        return out;
    }

private:
    static std::size_t index(int t, int r, int d) {
        return static_cast<std::size_t>((t * shifts + r) * shifts + d);
    }
    [[nodiscard]] int around(int t, int r, int d) const {
        int sum = 0;
        for (int dt = -1; dt <= 1; ++dt) {
            if (t + dt < 0 || t + dt >= turns) continue;
            for (int dr = -1; dr <= 1; ++dr) {
                for (int dd = -1; dd <= 1; ++dd) sum += cells_[index(t + dt, r + dr, d + dd)];
            }
        }
        return sum + cells_[index(t, r, d)];
    }
    int fullest_ = 0;
    std::vector<std::uint8_t> cells_ =
        std::vector<std::uint8_t>(static_cast<std::size_t>(turns * shifts * shifts), 0);
};

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

// Nearest first, each minutia once.
Pairs pair_up(std::span<const Minutia> a, std::span<const Minutia> b, const Alignment& alignment,
              float reach, float turn) {
    struct Candidate {
        float cost = 0;
        std::size_t a = 0;
        std::size_t b = 0;
    };
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const Minutia moved = alignment(a[i]);
        for (std::size_t k = 0; k < b.size(); ++k) {
            const Minutia other = centred(b[k]);
            const float dx = moved.x - other.x;
            const float dy = moved.y - other.y;
            const float away = dx * dx + dy * dy;
            if (away > reach * reach) continue;
            const float apart = std::fabs(wrapped(moved.direction - other.direction));
            if (apart > turn) continue;
            candidates.push_back({away / (reach * reach) + apart / turn, i, k});
        }
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& x, const Candidate& y) {
        return x.cost != y.cost ? x.cost < y.cost : x.a != y.a ? x.a < y.a : x.b < y.b;
    });
    std::vector<bool> used_a(a.size());
    std::vector<bool> used_b(b.size());
    Pairs pairs;
    for (const Candidate& c : candidates) {
        if (used_a[c.a] || used_b[c.b]) continue;
        used_a[c.a] = used_b[c.b] = true;
        pairs.emplace_back(c.a, c.b);
    }
    return pairs;
}

// The rotation and shift that bring the pairs closest together.
Alignment fitted(std::span<const Minutia> a, std::span<const Minutia> b, const Pairs& pairs) {
    float ax = 0;
    float ay = 0;
    float bx = 0;
    float by = 0;
    for (const auto& [i, k] : pairs) {
        const Minutia p = centred(a[i]);
        const Minutia q = centred(b[k]);
        ax += p.x;
        ay += p.y;
        bx += q.x;
        by += q.y;
    }
    const float count = static_cast<float>(pairs.size());
    ax /= count;
    ay /= count;
    bx /= count;
    by /= count;
    float along = 0;
    float across = 0;
    for (const auto& [i, k] : pairs) {
        const Minutia p = centred(a[i]);
        const Minutia q = centred(b[k]);
        along += (p.x - ax) * (q.x - bx) + (p.y - ay) * (q.y - by);
        across += (p.x - ax) * (q.y - by) - (p.y - ay) * (q.x - bx);
    }
    Alignment out = turned_by(std::atan2(across, along));
    out.right = bx - (out.cosine * ax - out.sine * ay);
    out.down = by - (out.sine * ax + out.cosine * ay);
    return out;
}

// How many of `a`, aligned, lie where `b` has been seen at all.
std::size_t within_reach(std::span<const Minutia> a, std::span<const Minutia> b,
                         const Alignment& alignment) {
    constexpr float near = 44;
    return static_cast<std::size_t>(std::count_if(a.begin(), a.end(), [&](const Minutia& m) {
        const Minutia moved = alignment(m);
        return std::any_of(b.begin(), b.end(), [&](const Minutia& other) {
            const Minutia there = centred(other);
            return std::hypot(moved.x - there.x, moved.y - there.y) < near;
        });
    }));
}

Alignment inverse(const Alignment& a) {
    Alignment out = turned_by(-a.angle);
    out.right = -(out.cosine * a.right - out.sine * a.down);
    out.down = -(out.sine * a.right + out.cosine * a.down);
    return out;
}

float score_of(std::span<const Minutia> a, std::span<const Minutia> b, Alignment alignment) {
    Pairs pairs = pair_up(a, b, alignment, 18, 0.55F);
    for (int i = 0; i < 2 && pairs.size() >= 3; ++i) {
        alignment = fitted(a, b, pairs);
        if (std::fabs(alignment.angle) > Votes::widest_turn) return 0;
        pairs = pair_up(a, b, alignment, i == 0 ? 14.F : 11.F, 0.42F);
    }
    if (pairs.size() < 3) return 0;
    const auto matched = static_cast<float>(pairs.size());
    const auto there = static_cast<float>(std::max<std::size_t>(within_reach(a, b, alignment), 8));
    const auto back =
        static_cast<float>(std::max<std::size_t>(within_reach(b, a, inverse(alignment)), 8));
    // Many pairs, and most of those that could have been: chance gives neither.
    return 5 * matched * std::min(1.F, matched * matched / (there * back) * 1.6F);
}

}  // namespace

CharacterFile to_character_file(std::span<const Minutia> minutiae) {
    CharacterFile file{};
    const std::size_t count = std::min(minutiae.size(), minutiae_limit);
    file[0] = mark;
    file[1] = version;
    file[2] = std::byte(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Minutia& m = minutiae[i];
        const auto x = static_cast<unsigned>(
            std::clamp(std::lround(m.x), 0L, static_cast<long>(FingerImage::width - 1)));
        const auto y = static_cast<unsigned>(
            std::clamp(std::lround(m.y), 0L, static_cast<long>(FingerImage::height - 1)));
        const long steps = std::lround(m.direction / (2 * pi) * 128);
        const auto turned = static_cast<unsigned>((steps % 128 + 128) % 128);
        std::byte* bytes = &file[head + i * entry];
        bytes[0] = std::byte(x);
        bytes[1] = std::byte(y & 0xFFU);
        bytes[2] = std::byte(turned | (y >> 8U) << 7U);
    }
    const auto sum = check_sum(file);
    file[4] = sum[0];
    file[5] = sum[1];
    return file;
}

bool is_character_file(std::span<const std::byte> bytes) {
    if (bytes.size() != character_file_bytes || bytes[0] != mark || bytes[1] != version ||
        std::to_integer<std::size_t>(bytes[2]) > minutiae_limit) {
        return false;
    }
    const auto sum = check_sum(bytes);
    return bytes[4] == sum[0] && bytes[5] == sum[1];
}

bool is_template(std::span<const std::byte> bytes) {
    if (bytes.size() != template_bytes) return false;
    const auto second = bytes.subspan(character_file_bytes);
    return is_character_file(bytes.first(character_file_bytes)) &&
           (is_character_file(second) ||
            std::all_of(second.begin(), second.end(),
                        [](std::byte byte) { return byte == std::byte{0}; }));
}

FingerTemplate to_template(const CharacterFile& first) {
    FingerTemplate out{};
    std::copy(first.begin(), first.end(), out.begin());
    return out;
}

FingerTemplate to_template(const CharacterFile& first, const CharacterFile& second) {
    FingerTemplate out = to_template(first);
    std::copy(second.begin(), second.end(), out.begin() + character_file_bytes);
    return out;
}

std::uint16_t compare(std::span<const Minutia> a, std::span<const Minutia> b) {
    if (a.empty() || b.empty()) return 0;
    Votes votes;
    for (const Minutia& p : a) {
        for (const Minutia& q : b) {
            const float angle = wrapped(q.direction - p.direction);
            if (std::fabs(angle) > Votes::widest_turn) continue;
            const Minutia turned = turned_by(angle)(p);
            const Minutia there = centred(q);
            votes.add(angle, there.x - turned.x, there.y - turned.y);
        }
    }
    float best = 0;
    for (const Alignment& alignment : votes.best(3)) {
        best = std::max(best, score_of(a, b, alignment));
    }
    return static_cast<std::uint16_t>(std::lround(std::min(best, 300.F)));
}

std::uint16_t compare(const FingerTemplate& a, const FingerTemplate& b) {
    if (!is_template(a) || !is_template(b)) return 0;
    std::uint16_t best = 0;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto first =
            minutiae_of(std::span(a).subspan(i * character_file_bytes, character_file_bytes));
        for (std::size_t k = 0; k < 2; ++k) {
            const auto second =
                minutiae_of(std::span(b).subspan(k * character_file_bytes, character_file_bytes));
            best = std::max(best, compare(first, second));
        }
    }
    return best;
}

// Set on a hundred simulated fingers (docs/fingers.md) so that level 3 is about what the vendor
// states of it.
std::uint16_t match_threshold(unsigned level) {
    constexpr std::array<std::uint16_t, 5> thresholds{56, 66, 78, 88, 98};
    return thresholds[std::clamp(level, 1U, 5U) - 1];
}

}  // namespace strongroom::fingerprint
