// Five landmarks of a face (centres of the eyes, tip of the nose, corners of the mouth) for dlib's
// shape_predictor, trained on simulated people of the training set.
#pragma once

#include <string>

namespace strongroom::test {

// How far frames are reduced before the detector looks at them, as the pack states it.
inline constexpr int detector_long_side = 400;

// The file, as dlib writes it; the same every time. About half a minute of one core. Throws
// std::runtime_error when the detector finds too few of the faces.
[[nodiscard]] std::string train_five_points();

}  // namespace strongroom::test
