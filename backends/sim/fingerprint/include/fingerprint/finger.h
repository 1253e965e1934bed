// Simulated fingers, and casts of them, as an optical sensor of 500 dots per inch sees them.
//
// A finger is a ridge pattern of its own: an orientation field (arch, loop, whorl) along which
// ridges grow until minutiae are where they do not fit, with pores on the ridges. A presentation
// lays it, or a cast of it, on the window. Nobody's real finger is in here, and rates measured on
// these are SIMULATED. One thread an object.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace strongroom::fingerprint {

// What lies on the window. Everything but skin is a presentation attack instrument, cast or printed
// from the finger that the presentation names.
enum class Material : std::uint8_t { skin, silicone, gelatine, latex, wood_glue, printed_foil };
inline constexpr std::array materials{Material::skin,  Material::silicone,  Material::gelatine,
                                      Material::latex, Material::wood_glue, Material::printed_foil};
[[nodiscard]] std::string_view to_string(Material material);
[[nodiscard]] std::optional<Material> material_named(std::string_view name);

// Where and how it lies on the window.
struct Placement {
    double right = 0;     // of the window's centre, in pixels (1/500 inch), -140 to 140
    double down = 0;      // likewise
    double rotation = 0;  // clockwise, in radians, -0.8 to 0.8
};

// Numbers outside their range are taken as its nearest end.
struct FingerPresentation {
    std::uint64_t person = 0;  // the seed of somebody's hands
    std::uint8_t finger = 1;   // 0 to 9; 1 is the right index finger
    Material material = Material::skin;
    // Skin: 1 is a fine and unworn relief, 0 a worn one. A cast: how well it was made.
    double quality = 0.8;
    double pressure = 0.5;  // 0 barely touches, 1 presses hard
    double moisture = 0.5;  // 0 dry, 1 dripping
    Placement placement;
    // Of this laying down, and of the cast (its bubbles stay where they are).
    std::uint64_t laying = 0;
    std::uint64_t cast = 0;
};

// The same finger laid down once more by a person who cooperates: seeded pressure, moisture and
// placement as people show them. `spread` 0 to 1: how different the layings are.
[[nodiscard]] FingerPresentation laid_down(std::uint64_t person, std::uint64_t laying,
                                           Material material = Material::skin, double spread = 0.5);

// 256 x 288 pixels, row by row from the top, each 0 (black: a ridge) to 15 (white).
struct FingerImage {
    static constexpr int width = 256;
    static constexpr int height = 288;
    static constexpr std::size_t pixels = std::size_t{256} * 288;
    static constexpr std::size_t packed_bytes = pixels / 2;
    std::vector<std::uint8_t> grey = std::vector<std::uint8_t>(pixels, 15);
    [[nodiscard]] std::uint8_t at(int x, int y) const {
        return grey[static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)];
    }
};

// As the sensor transfers it: two pixels a byte, the left one in the high four bits.
[[nodiscard]] std::vector<std::byte> pack(const FingerImage& image);
// `bytes` may be short, the rest is white; what is beyond an image is ignored.
[[nodiscard]] FingerImage unpack(std::span<const std::byte> bytes);

// A finger's ridges at rest; private to this folder.
struct FingerPattern;

// Patterns that were asked for, since growing one takes some ten milliseconds. Keeps the newest
// `capacity`.
class Fingers {
public:
    explicit Fingers(std::size_t capacity = 128) : capacity_(capacity) {}
    [[nodiscard]] std::shared_ptr<const FingerPattern> pattern(std::uint64_t person,
                                                               std::uint8_t finger);

private:
    using Key = std::pair<std::uint64_t, std::uint8_t>;
    std::size_t capacity_;
    std::map<Key, std::shared_ptr<const FingerPattern>> patterns_;
    std::vector<Key> order_;
};

// The image that the sensor takes; `shot` seeds the camera's noise. The same arguments give the
// same image.
[[nodiscard]] FingerImage capture(Fingers& fingers, const FingerPresentation& presentation,
                                  std::uint64_t shot);
// The bare window.
[[nodiscard]] FingerImage empty_window(std::uint64_t shot);

}  // namespace strongroom::fingerprint
