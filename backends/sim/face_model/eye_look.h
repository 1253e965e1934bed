// Private: whether an eye shows its iris. The points of an eye that is narrow, or shut over a thick
// lash line, lie nearly alike; what is between them does not.
#pragma once

#include "landmark_forest.h"

namespace strongroom::face_model {

// How much darker the middle of an eye is than its sides, as a share of its mean grey, of the eye
// where this is more: about 0 when both are shut, 0.05 to 0.6 when one is open. No state.
[[nodiscard]] double iris_contrast(const GreyImage& image, const Shape& shape);

// How far the eyes are open, 0 to 1, from what the lids' points tell (0 to 1) and the iris.
[[nodiscard]] double eyes_open(double lids, double contrast);

}  // namespace strongroom::face_model
