// One prepared person: meshes and skin of a head, ready to be drawn in any shot.
#pragma once

#include <optional>

#include "body.h"
#include "light.h"
#include "people/renderer.h"
#include "skin.h"

namespace strongroom::people {

// 1 fine, less for a head that is small in the picture.
[[nodiscard]] float detail_for(const Shot& shot);

class Figure {
public:
    Figure(const Head& head, const Material& material, float detail);

    [[nodiscard]] bool is_of(const Head& head, const Material& material, float detail) const {
        return head == head_ && material == material_ && detail == detail_;
    }

    // Draws over what is in `target`. None: no part of the face is within the frame.
    std::optional<FaceTruth> draw_into(Target& target, const Shot& shot) const;

private:
    Head head_;
    Material material_;
    float detail_;
    Features features_;
    HeadMesh mesh_;
    SkinTexture skin_;
    Mesh ears_;
    Mesh body_;
    Mesh hair_;
};

}  // namespace strongroom::people
