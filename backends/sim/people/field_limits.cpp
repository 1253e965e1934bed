#include "field_limits.h"

#include <cmath>
#include <sstream>

namespace strongroom::people {

void FieldLimits::limit(const char* field, double value, double low, double high, bool low_open) {
    const bool good =
        std::isfinite(value) && (low_open ? value > low : value >= low) && value <= high;
    if (good) return;
    std::ostringstream text;
    text << field << " is " << value << ": give a number " << (low_open ? "above " : "from ") << low
         << (low_open ? " and up to " : " to ") << high << ".";
    found.push_back(text.str());
}

void FieldLimits::unknown(const char* field, int value, int last) {
    std::ostringstream text;
    text << field << " is " << value << ": give one of its names (0 to " << last << ").";
    found.push_back(text.str());
}

namespace {

void check_colour(FieldLimits& limits, const char* field, const Colour& colour) {
    const std::string name = field;
    limits.limit((name + ".red").c_str(), colour.red, 0, 1);
    limits.limit((name + ".green").c_str(), colour.green, 0, 1);
    limits.limit((name + ".blue").c_str(), colour.blue, 0, 1);
}

}  // namespace

std::vector<std::string> check_head(const Head& h) {
    FieldLimits limits;
    // Sizes that are divided by cannot be nothing.
    limits.limit("head.width", h.width, 0.3, 1.5);
    limits.limit("head.height", h.height, 0.5, 1.5);
    limits.limit("head.depth", h.depth, 0.3, 1.5);
    limits.limit("head.nose_width", h.nose_width, 0.02, 0.5);
    limits.limit("head.nose_length", h.nose_length, 0.05, 1);
    limits.limit("head.eye_gap", h.eye_gap, 0.05, 0.6);
    limits.limit("head.eye_width", h.eye_width, 0.02, 0.4);
    limits.limit("head.eye_height", h.eye_height, 0.005, 0.3);
    limits.limit("head.mouth_width", h.mouth_width, 0.05, 0.6);
    limits.limit("head.lip_height", h.lip_height, 0.002, 0.3);
    limits.limit("head.brow_thickness", h.brow_thickness, 0, 0.2, true);
    limits.limit("head.mouth_y", h.mouth_y, -0.9, -0.1);
    limits.limit("head.eye_y", h.eye_y, -0.4, 0.4);
    limits.limit("head.ear_size", h.ear_size, 0.02, 0.8);
    struct Shape {
        const char* field;
        double value;
    };
    for (const Shape& s :
         {Shape{"head.jaw", h.jaw}, Shape{"head.cheek", h.cheek}, Shape{"head.chin", h.chin},
          Shape{"head.forehead", h.forehead}, Shape{"head.brow_ridge", h.brow_ridge},
          Shape{"head.nose_height", h.nose_height}, Shape{"head.nose_bend", h.nose_bend},
          Shape{"head.eye_slant", h.eye_slant}, Shape{"head.brow_y", h.brow_y},
          Shape{"head.brow_slope", h.brow_slope}, Shape{"head.hairline", h.hairline},
          Shape{"head.ear_angle", h.ear_angle}}) {
        limits.limit(s.field, s.value, -1, 1.5);
    }
    limits.known("head.hair_style", h.hair_style, HairStyle::bun);
    limits.limit("head.beard", h.beard, 0, 1);
    limits.limit("head.moustache", h.moustache, 0, 1);
    limits.limit("head.freckles", h.freckles, 0, 1);
    limits.limit("head.age", h.age, 0, 1);
    check_colour(limits, "head.skin", h.skin);
    check_colour(limits, "head.hair", h.hair);
    check_colour(limits, "head.iris", h.iris);
    check_colour(limits, "head.lip", h.lip);
    return limits.found;
}

std::vector<std::string> check_material(const Material& m) {
    FieldLimits limits;
    limits.limit("material.specular", m.specular, 0, 10);
    limits.limit("material.detail", m.detail, 0, 4);
    limits.limit("material.saturation", m.saturation, 0, 4);
    limits.limit("material.pulse", m.pulse, 0, 10);
    limits.limit("material.stiffness", m.stiffness, 0, 1);
    limits.limit("material.swelling", m.swelling, 0, 0.1);
    return limits.found;
}

}  // namespace strongroom::people
