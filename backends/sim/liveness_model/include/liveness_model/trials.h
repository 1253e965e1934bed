// Trials: who presents what to the camera, for training, for the threshold and for the report.
// Identities and artefacts of the three sets are disjoint, and artefacts of some qualities are kept
// out of training.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hal/camera.h"
#include "people/attack.h"
#include "people/motion.h"
#include "people/renderer.h"
#include "people/sets.h"
#include "people/sitting.h"

namespace strongroom::liveness_model {

// One presentation: a film of `frames` pictures.
struct Trial {
    people::Species species = people::Species::bona_fide;
    double quality = 0;  // of the instrument
    std::uint64_t face = 0;
    std::uint64_t attacker = 0;
    std::uint64_t artefact = 0;
    std::uint64_t visit = 0;
    double difficulty = 0.5;
    double begins = 1;      // seconds on the visitor's clock: where in sways and heartbeats
    double interval = 0.1;  // seconds between frames
    int frames = 16;
    // What whoever is there does meanwhile, as a challenge demands it.
    std::vector<people::Performance> performances;
};

// Qualities of artefacts that no model was trained on.
[[nodiscard]] bool kept_out(double quality);

// `index`th trial of a species in a set: a function of its arguments.
[[nodiscard]] Trial make_trial(people::Set set, people::Species species, std::uint64_t index);

// Shows a trial's pictures; one thread at a time.
class Stage {
public:
    Stage() : attacks_(renderer_) {}
    void begin(const Trial& trial);
    // The `index`th picture as a camera's frame, and the truth about it.
    struct Shown {
        hal::Frame frame;
        std::optional<people::FaceTruth> truth;
    };
    [[nodiscard]] Shown show(int index);
    // Light, place, camera and looks of the visit. Asserts begin() before.
    [[nodiscard]] const people::Shot& shot();

private:
    people::Renderer renderer_{2};
    people::AttackRenderer attacks_;
    std::optional<people::Sitting> sitting_;
    Trial trial_;
};

}  // namespace strongroom::liveness_model
