#include "sim_camera/declared_liveness.h"

#include "base/assert.h"

namespace strongroom::sim {

DeclaredLiveness::DeclaredLiveness(double score) : score_(score) {
    STRONGROOM_ASSERT(score >= 0 && score <= 1);
}

Result<vision::LivenessReading> DeclaredLiveness::assess(const hal::Frame& /*frame*/,
                                                         const vision::Detection& /*face*/) {
    double score = score_;
    if (world_ != nullptr) {
        const Scene scene = world_->scene(site_);
        score = scene.presenter && scene.face.presentation != Presentation::artefact ? 1 : 0;
    }
    return vision::LivenessReading{hal::Liveness::declared, score};
}

}  // namespace strongroom::sim
