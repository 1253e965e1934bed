// Which presentation attack detector is measured: the built-in one, or a pack's own networks.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "faces.h"
#include "vision/model_pack.h"
#include "vision/stages.h"

namespace strongroom::cli {

// A detector with the pack whose face detector goes before it. One thread at a time.
struct Pad {
    vision::ModelPack pack;
    std::unique_ptr<vision::LivenessDetector> built_in;  // null: the pack's own
    [[nodiscard]] vision::LivenessDetector* detector() const {
        return built_in ? built_in.get() : pack.liveness();
    }
};

struct PadKind {
    std::string name;   // "embedded", or the pack's
    std::string model;  // for provenance: with digests
    double threshold = 0.5;
    std::function<std::unique_ptr<Pad>()> make;
};

// `name` "embedded": the built-in detector behind the embedded pack's face detector. Else a pack
// with networks for liveness. Throws InputError: no such pack, or one without such networks.
[[nodiscard]] PadKind pad_kind(const std::string& name, const PackChoice& places);

}  // namespace strongroom::cli
