// What people wear on the head or have before the face. Coordinates as in mesh.h.
#pragma once

#include "mesh.h"
#include "painting.h"

namespace strongroom::people {

enum class Piece : std::uint8_t { glasses, cap, beanie, scarf, hand, surgical_mask, fringe };
inline constexpr std::size_t piece_count = 7;

// What a, b, u and v of its vertices mean is between these two.
[[nodiscard]] Mesh make_piece(Piece piece, const Features& features, const HeadMesh& mesh);

class PaintPiece {
public:
    PaintPiece(Piece piece, const Complexion& complexion);
    bool operator()(const Lit& l, float* pixel) const;

private:
    bool glasses(const Lit& l, float* pixel) const;
    bool hat(const Lit& l, float* pixel) const;
    bool mask(const Lit& l, float* pixel) const;
    bool fringe(const Lit& l, float* pixel) const;

    Piece piece_;
    const Complexion& c_;
    V3 colour_;
    float round_;  // of glasses, 0 square to 1 round
    float thick_;
};

}  // namespace strongroom::people
