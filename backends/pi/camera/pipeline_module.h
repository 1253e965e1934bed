// Private: what the pipeline module exports and its loader calls. Both are built together.
#pragma once

#include <cstddef>

#include "hal/camera.h"
#include "hal/clock.h"

namespace strongroom::pi {

struct PipelineRequest {
    const char* pipeline;
    const hal::CameraIdentity* identity;
    Duration silence_max;
    const hal::Clock* clock;
};

// A camera that the caller deletes, or null with a sentence in `why` (cut to `why_size` - 1).
using OpenPipeline = hal::Camera* (*)(const PipelineRequest* request, char* why,
                                      std::size_t why_size);
inline constexpr const char* open_pipeline_symbol = "strongroom_open_pipeline_1";

}  // namespace strongroom::pi
