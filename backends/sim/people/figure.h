// One prepared person: meshes and skin of a head, ready to be drawn in any shot.
#pragma once

#include <array>
#include <optional>

#include "body.h"
#include "light.h"
#include "people/renderer.h"
#include "skin.h"
#include "wear.h"

namespace strongroom::people {

// 1 fine, less for a head that is small in the picture.
[[nodiscard]] float detail_for(const Shot& shot);

struct Drawing;

class Figure {
public:
    // `face` is what is seen; `wearer` is whose hair, ears, neck and, in a mask with holes, eyes
    // and mouth they are: without a mask the same. One thread at a time.
    Figure(const Head& face, const Head& wearer, const Material& material, bool masked,
           float detail);

    [[nodiscard]] bool is_of(const Head& face, const Head& wearer, const Material& material,
                             bool masked, float detail) const {
        return masked == masked_ && detail == detail_ && face == face_ && wearer == wearer_ &&
               material == material_;
    }

    // Draws over what is in `target`. None: no part of the face is within the frame.
    std::optional<FaceTruth> draw_into(Target& target, const Shot& shot);

private:
    void draw_face(Target& target, const Drawing& drawing, const Complexion& complexion,
                   const std::vector<Lit>& face) const;
    void draw_hair(Target& target, const Drawing& drawing, const Complexion& complexion) const;
    void draw_piece(Target& target, const Drawing& drawing, const Complexion& complexion,
                    Piece piece);

    Head face_;
    Head wearer_;
    Material material_;
    bool masked_;
    float detail_;
    Features features_;
    HeadMesh mesh_;
    SkinTexture skin_;
    Mesh ears_;
    Mesh body_;
    Hair hair_;
    std::array<std::optional<Mesh>, piece_count> pieces_;  // made when first worn
};

}  // namespace strongroom::people
