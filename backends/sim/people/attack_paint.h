// What prints, screens and hands look like: painters onto linear light.
#pragma once

#include <optional>
#include <vector>

#include "attack_surface.h"
#include "people/attack.h"

namespace strongroom::people::attack {

// A picture as it lies on a surface: linear light, reduced by halves so that any size can be read.
class SourcePicture {
public:
    SourcePicture() = default;
    explicit SourcePicture(const Picture& picture);
    explicit SourcePicture(LinearImage light);

    [[nodiscard]] int width() const { return levels_.front().width; }
    [[nodiscard]] int height() const { return levels_.front().height; }
    [[nodiscard]] const FaceTruth& truth() const { return truth_; }
    // The level whose texels are about this many of the picture's pixels.
    [[nodiscard]] int level_for(float pixels) const;
    // At a point of the picture, in its pixels; beyond its edges the edge goes on.
    [[nodiscard]] V3 sample(int level, float x, float y) const;

private:
    void reduce();
    std::vector<LinearImage> levels_;
    FaceTruth truth_;
};

// A picture on a surface: `metres` is the size of one of its pixels.
struct Placed {
    const SourcePicture* picture = nullptr;
    float metres = 0;
    int level = 0;
    float middle_x = 0;  // the picture's pixel that lies at the middle of the sheet
    float middle_y = 0;

    [[nodiscard]] V3 sample(float s, float y) const {
        return picture->sample(level, middle_x + s / metres, middle_y - y / metres);
    }
    // A point of the picture on the sheet.
    [[nodiscard]] float s_of(vision::Point p) const {
        return (static_cast<float>(p.x) - middle_x) * metres;
    }
    [[nodiscard]] float y_of(vision::Point p) const {
        return (middle_y - static_cast<float>(p.y)) * metres;
    }
};

// The face of the picture as the camera sees it on the surface; none when outside the frame.
[[nodiscard]] std::optional<FaceTruth> truth_on(const Surface& surface, const View& view,
                                                const Placed& placed, double spin);

// What light a print sends back before the room's light and its gloss are put to it.
class Ink {
public:
    Ink(const Instrument& instrument, const Footprint& footprint);
    // Reflectance of the printed sheet where the picture has this colour.
    [[nodiscard]] V3 print(V3 wanted, float s, float y) const;
    [[nodiscard]] V3 paper(float s, float y) const;

private:
    V3 tint_;
    float black_ = 0;
    float gamut_ = 1;
    float contrast_ = 1;
    float cells_ = 0;  // halftone cells a metre
    float dots_ = 0;   // their visibility
    float streaks_ = 0;
    float fibre_ = 0;
    float offset_ = 0;
};

// Light on a surface: the room's, and its picture in the gloss.
class Sheen {
public:
    // `share` of the light is mirrored at right angles.
    Sheen(const Room& room, const Surface& surface, float half_width, double gloss, float share);
    [[nodiscard]] const V3& diffuse(float chord) const;
    [[nodiscard]] V3 mirrored(float chord, V3 ray) const;

private:
    static constexpr int steps = 32;
    Mirror mirror_;
    const Surface* surface_;
    std::array<V3, steps + 1> table_;
    float table_scale_;
    float share_;
};

void paint_print(LinearImage& image, const View& view, const Room& room, const Surface& surface,
                 const Instrument& instrument, const Placed& placed);
void paint_screen(LinearImage& image, const View& view, const Room& room, const Surface& surface,
                  const Instrument& instrument, const Placed& placed, double time);

// The hands that hold a sheet: what is behind it is painted before it, thumbs after it.
void paint_hands_behind(LinearImage& image, const View& view, const Room& room,
                        const Surface& surface, const Instrument& instrument, const Head& owner);
void paint_hands_before(LinearImage& image, const View& view, const Room& room,
                        const Surface& surface, const Instrument& instrument, const Head& owner);
// The lower half of a laptop.
void paint_keyboard(LinearImage& image, const View& view, const Room& room, const Surface& surface,
                    const Instrument& instrument);

[[nodiscard]] bool is_screen(Species species);
// photo_beside: 1 if it is to the right of the attacker in the image, else -1.
[[nodiscard]] float side_of_photo(const Instrument& instrument);

}  // namespace strongroom::people::attack
