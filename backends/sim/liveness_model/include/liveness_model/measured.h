// What the measurements of many trials are, kept in memory or in a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "liveness_model/trials.h"

namespace strongroom::liveness_model {

struct MeasuredTrial {
    Trial trial;
    std::vector<std::vector<float>> frames;  // measurements of each frame with a face in it
};

struct MeasuringOptions {
    int threads = 2;
    double landmark_error = 0.03;  // standard deviation, in distances of the eyes
};

// Renders and measures all of them, in order, on some threads; equal input gives equal output.
[[nodiscard]] std::vector<MeasuredTrial> measure(const std::vector<Trial>& trials,
                                                 const MeasuringOptions& options);

// The measurements alone, for trying out other trees without rendering again. Reading gives nothing
// when the file is not there or is of other trials or other measurements; whether the renderer is
// still the same is the user's to know.
void keep(const std::string& file, const std::vector<MeasuredTrial>& measured);
[[nodiscard]] std::vector<MeasuredTrial> kept(const std::string& file,
                                              const std::vector<Trial>& trials);

}  // namespace strongroom::liveness_model
