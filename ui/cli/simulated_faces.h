// Comparisons of simulated people: renders of people whom no model was trained on, enrolled and
// compared as a terminal does it, by one matcher or by several on the same pictures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "biometrics/bootstrap.h"
#include "matcher.h"
#include "people/sets.h"
#include "people/shot.h"

namespace strongroom::cli {

struct SimulatedFaces {
    people::Set set = people::Set::test;
    std::size_t people = 500;
    std::size_t renders = 40;         // visits of each person, a picture a visit
    std::size_t references = 3;       // a person enrols; the least distance to them counts
    std::size_t impostor_probes = 5;  // of each person's visits that claim to be each other person
    double difficulty = 0.5;          // 0 to 1, see people::random_shot()
    std::uint64_t seed = 1;
    unsigned jobs = 1;
};

// One comparison with the visit that it belongs to.
struct FaceTrial {
    std::uint32_t claimed = 0;  // whose references; from 0 in the set
    std::uint32_t subject = 0;  // who came
    std::uint32_t visit = 0;    // which of her visits
    double distance = 0;
};

struct MatcherTrials {
    std::vector<FaceTrial> trials;
    std::int64_t people = 0;
    std::int64_t not_enrolled = 0;  // fewer references than wanted in twice as many pictures: FTE
    std::int64_t pictures = 0;      // of visits
    std::int64_t not_acquired = 0;  // of those: FTA
    std::int64_t lost = 0;          // genuine comparisons that were not made for either reason
    std::vector<biometrics::Count> acquisition;  // a person: of her pictures, those not acquired
    [[nodiscard]] std::vector<biometrics::Comparison> comparisons() const;
};

struct FacesMeasured {
    std::vector<MatcherTrials> matchers;  // as many as were given
    // What the visits were like, for each person and visit: shot_numbers() of it.
    std::vector<std::vector<std::vector<double>>> visits;
    double seconds = 0;  // on the clock
};

// Names and values of what makes a picture easy or hard, beside who is on it.
[[nodiscard]] const std::vector<std::string>& shot_names();
[[nodiscard]] std::vector<double> shot_numbers(const people::Shot& shot);

// The picture of one visit; equal arguments give equal shots. References are visits to the staff's
// desk: 0.2 difficult at most, all of one sitting.
[[nodiscard]] people::Shot visit_shot(std::uint64_t person, std::size_t visit,
                                      const SimulatedFaces& options);
[[nodiscard]] people::Shot reference_shot(std::uint64_t person, std::size_t picture,
                                          const SimulatedFaces& options);

// Renders, enrols and compares. The result depends on the options, not on `jobs`. Throws
// Interrupted; InputError for fewer than two people.
[[nodiscard]] FacesMeasured measure_faces(const std::vector<MatcherKind>& kinds,
                                          const SimulatedFaces& options);

}  // namespace strongroom::cli
