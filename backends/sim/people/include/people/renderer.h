// Renderer: a head and a shot become the frame that a camera would give, with the truth about it.
//
// Triangles and a depth buffer on the processor: 60 frames of 640 x 480 a second and more on one
// core. Equal input gives equal frames, on any thread and in any order. An object keeps the meshes
// and skins of the heads it rendered last; one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "hal/camera.h"
#include "people/head.h"
#include "people/shot.h"
#include "vision/geometry.h"

namespace strongroom::people {

// The shot is impossible; the text is check()'s.
class RenderError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Points of the face, "left" being left in the image of a frontal face.
enum class Point : std::uint8_t {
    left_eye_outer,
    left_eye_upper,
    left_eye_inner,
    left_eye_lower,
    right_eye_inner,
    right_eye_upper,
    right_eye_outer,
    right_eye_lower,
    left_brow_outer,
    left_brow_inner,
    right_brow_inner,
    right_brow_outer,
    nose_bridge,
    nose_tip,
    nose_left,
    nose_right,
    mouth_left,
    mouth_upper,  // middle of the upper lip's upper edge
    mouth_right,
    mouth_lower,  // middle of the lower lip's lower edge
    mouth_inner_upper,
    mouth_inner_lower,
    chin,
};
inline constexpr std::size_t point_count = 23;

// Where things are in the frame, in pixels.
struct FaceTruth {
    vision::Box box;  // around brows, chin and cheeks, as face detectors draw it
    std::array<vision::Point, point_count> points{};
    Pose pose;
    Expression expression;
    // Eye centres, nose tip, mouth corners.
    [[nodiscard]] vision::Landmarks landmarks() const;
};

// bgr8, rows without padding.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels;
    std::optional<FaceTruth> face;  // none when no part of the face is within the frame
};

// A part of the rendering before the camera: linear light, for whoever puts more things before the
// lens. red, green, blue interleaved, 0 black to 1 white and above.
struct LinearImage {
    int width = 0;
    int height = 0;
    std::vector<float> pixels;
};

// How a surface differs from living skin: for masks.
struct Material {
    double specular = 1;     // of the skin's own shine
    double detail = 1;       // of its pores, moles and unevenness
    double saturation = 1;   // of its colour
    double pulse = 1;        // of the change of colour with the heart
    double stiffness = 0;    // 0: moves with the expression below; 1: none of it shows
    double swelling = 0;     // thickness of what lies on the face, in half head heights, 0 to 0.1
    bool eye_holes = false;  // eyes and their lids are the wearer's own
    bool mouth_hole = false;
    friend bool operator==(const Material&, const Material&) = default;
};

class Renderer {
public:
    // Keeps `heads_kept` prepared heads (about 9 MiB each, 2 MiB of those that are small in their
    // pictures). Asserts 1 or more.
    explicit Renderer(std::size_t heads_kept = 8);
    ~Renderer();
    Renderer(const Renderer&) = delete;
    Renderer& operator=(const Renderer&) = delete;

    // Throws RenderError.
    [[nodiscard]] Picture render(const Head& head, const Shot& shot);

    // A mask of `face` worn by `wearer`: the mask's shape and colour, the wearer's pose, and her
    // eyes and mouth where it has holes. Throws RenderError.
    [[nodiscard]] Picture render_mask(const Head& face, const Head& wearer,
                                      const Material& material, const Shot& shot);

    // The same two steps apart: what reaches the lens, and what the camera makes of it.
    struct Scene {
        LinearImage light;
        std::optional<FaceTruth> face;
    };
    [[nodiscard]] Scene render_scene(const Head& head, const Shot& shot);
    [[nodiscard]] Scene render_mask_scene(const Head& face, const Head& wearer,
                                          const Material& material, const Shot& shot);
    // Nobody there.
    [[nodiscard]] Scene render_background(const Shot& shot);
    [[nodiscard]] Picture expose(Scene scene, const Shot& shot);

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace strongroom::people
