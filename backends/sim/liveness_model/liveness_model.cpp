#include "liveness_model/liveness_model.h"

#include <cstdint>
#include <span>

// The assembler puts the file between two symbols: no step of the build has to write it as code.
// clang-format off
__asm__(
    ".section .rodata\n"
    ".global strongroom_liveness_trees_begin\n"
    ".global strongroom_liveness_trees_end\n"
    ".balign 16\n"
    "strongroom_liveness_trees_begin:\n"
    ".incbin \"" STRONGROOM_LIVENESS_TREES "\"\n"
    "strongroom_liveness_trees_end:\n"
    ".byte 0\n"
    ".previous\n");
// clang-format on

extern "C" {
extern const std::uint8_t strongroom_liveness_trees_begin[];
extern const std::uint8_t strongroom_liveness_trees_end[];
}

namespace strongroom::liveness_model {

vision::TreeModel embedded_trees() {
    return vision::TreeModel::read(
        std::span(strongroom_liveness_trees_begin, strongroom_liveness_trees_end));
}

std::unique_ptr<vision::LivenessDetector> embedded_detector() {
    return std::make_unique<vision::PassiveLiveness>(embedded_trees());
}

}  // namespace strongroom::liveness_model
