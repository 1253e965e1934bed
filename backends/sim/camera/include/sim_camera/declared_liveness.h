// DeclaredLiveness: at the level of images a photograph is what a print attack is, so nothing can
// be measured; the scenario declares what is alive. Reported as NOT MEASURED.
//
// Never a part of a door's program. One thread, that of the face pipeline, which is the
// scheduler's.
#pragma once

#include "sim/world.h"
#include "vision/stages.h"

namespace strongroom::sim {

class DeclaredLiveness final : public vision::LivenessDetector {
public:
    // What the world shows at `site` at the time of asking: artefacts score 0, everything else 1.
    // `world` outlives this.
    DeclaredLiveness(const World& world, SiteId site) : world_(&world), site_(site) {}
    // The same for every picture: 0 (attack) to 1 (live).
    explicit DeclaredLiveness(double score);

    [[nodiscard]] Result<vision::LivenessReading> assess(const hal::Frame& frame,
                                                         const vision::Detection& face) override;

private:
    const World* world_ = nullptr;
    SiteId site_;
    double score_ = 0;
};

}  // namespace strongroom::sim
