// What is behind the people.
#pragma once

#include <vector>

#include "people/shot.h"

namespace strongroom::people {

// Linear reflectance, out of focus: red, green, blue interleaved, 0 to about 1 (a window more).
[[nodiscard]] std::vector<float> paint_background(Background background, std::uint64_t seed,
                                                  int width, int height);

}  // namespace strongroom::people
