// What belongs to a head: ears, hair, neck and shoulders. Coordinates as in mesh.h.
#pragma once

#include "mesh.h"

namespace strongroom::people {

// Both ears; a is 1 at the inside and 0 at the rim.
[[nodiscard]] Mesh make_ears(const Features& features);

// Neck and shoulders in one, from under the jaw to the chest; a and b are x and y at rest.
[[nodiscard]] Mesh make_body(const Features& features);
// How much a point of the body at height y follows the head, 0 to 1.
[[nodiscard]] float follows_head(float y);

// Hair: first what lies on the skull and is seen from outside only, then what hangs or stands.
struct Hair {
    Mesh mesh;
    std::size_t on_skull = 0;  // triangles
};
// a is how far within the hair a place lies (negative: not hair), b its thickness.
[[nodiscard]] Hair make_hair(const Head& head, const Features& features, const HeadMesh& mesh);

}  // namespace strongroom::people
