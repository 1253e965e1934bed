#include "liveness_model/trials.h"

#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "base/rng.h"

namespace strongroom::liveness_model {

namespace {

bool belongs(people::Set set, double quality) {
    return set == people::Set::test || !kept_out(quality);
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
    trial.interval = std::array{0.034, 0.067, 0.1, 0.15, 0.2}.at(rng.below(5));
    // Who is new teaches more than another frame of the same; a quarter is long enough for a pulse.
    if (set == people::Set::training && index % 4 != 0) trial.frames = 4;
    do {
        trial.quality = rng.uniform();
    } while (!belongs(set, trial.quality));
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
}

Stage::Shown Stage::show(int index) {
    const double time = 1 + index * trial_.interval;
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
