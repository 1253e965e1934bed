#include "liveness_model/trials.h"

#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "base/assert.h"
#include "base/rng.h"

namespace strongroom::liveness_model {

namespace {

bool belongs(people::Set set, double quality) {
    return set == people::Set::test || !kept_out(quality);
}

// Good silicone masks are the hardest to tell: more of them teach more.
double draw_quality(Rng& rng, people::Set set, people::Species species) {
    const double quality = rng.uniform();
    const bool hard = set == people::Set::training && species == people::Species::silicone_mask;
    return hard ? std::max(quality, rng.uniform()) : quality;
}

// A gesture now and then, so that a moving face is not taken for a mask.
void draw_gestures(Trial& trial, Rng& rng) {
    double at = trial.begins + rng.uniform(0.1, 0.9);
    while (at < trial.begins + trial.frames * trial.interval) {
        const double duration = rng.uniform(0.9, 1.8);
        trial.performances.push_back(
            {static_cast<Gesture>(rng.below(5)), at, duration, rng.uniform(0.6, 1.1)});
        at += duration + rng.uniform(0.2, 0.8);
    }
}

}  // namespace

bool kept_out(double quality) {
    return (quality >= 0.3 && quality < 0.4) || (quality >= 0.7 && quality < 0.8);
}

Trial make_trial(people::Set set, people::Species species, std::uint64_t index) {
    Rng rng = Rng(index).fork(std::string("liveness ") + std::string(to_string(set)) + " " +
                              std::string(to_string(species)));
    const auto somebody = [&] { return people::seed_in(set, rng.below(people::people_in_set)); };
    Trial trial;
    trial.species = species;
    trial.face = somebody();
    trial.attacker = somebody();
    trial.artefact = somebody();
    trial.visit = rng.next();
    trial.difficulty = rng.uniform(0.2, 0.7);
    do {
        trial.quality = draw_quality(rng, set, species);
    } while (!belongs(set, trial.quality));
    trial.begins = rng.uniform(0, 10);
    trial.interval = std::array{0.067, 0.1, 0.1, 0.1, 0.15}.at(rng.below(5));
    // Who is new teaches more than another frame of the same; every second is long enough for a
    // pulse.
    if (set == people::Set::training) trial.frames = index % 2 == 0 ? 20 : 4;
    if (trial.frames > 4 && rng.uniform() < 0.5) draw_gestures(trial, rng);
    return trial;
}

void Stage::begin(const Trial& trial) {
    trial_ = trial;
    people::SittingSetup setup;
    setup.face = people::make_head(trial.face);
    setup.attacker = people::make_head(trial.attacker);
    setup.seed = trial.visit;
    setup.difficulty = trial.difficulty;
    if (trial.species != people::Species::bona_fide) {
        setup.instrument = people::make_instrument(trial.species, trial.quality, trial.artefact);
    }
    sitting_.emplace(renderer_, attacks_, std::move(setup));
    for (const auto& performance : trial.performances) sitting_->perform(performance);
}

const people::Shot& Stage::shot() {
    STRONGROOM_ASSERT(sitting_);
    return sitting_->base();
}

Stage::Shown Stage::show(int index) {
    const double time = trial_.begins + index * trial_.interval;
    people::Picture picture = sitting_->at(time);
    Shown shown;
    shown.truth = picture.face;
    shown.frame.width = picture.width;
    shown.frame.height = picture.height;
    shown.frame.format = hal::PixelFormat::bgr8;
    shown.frame.captured = Instant{} + std::chrono::microseconds(std::llround(time * 1e6));
    shown.frame.sequence = static_cast<std::uint64_t>(index) + 1;
    shown.frame.pixels =
        std::make_shared<const std::vector<std::uint8_t>>(std::move(picture.pixels));
    return shown;
}

}  // namespace strongroom::liveness_model
