#include "simulated_faces.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "home.h"
#include "people/renderer.h"
#include "work.h"

namespace strongroom::cli {

namespace {

using people::Picture;
using people::Shot;

// What one matcher knows of one person.
struct PersonFeatures {
    std::vector<Features> references;  // none: not enrolled
    std::vector<Features> visits;      // empty features: not acquired
};

struct Person {
    std::vector<PersonFeatures> matchers;
    std::vector<std::vector<double>> visits;
};

hal::Frame frame_of(Picture picture) {
    hal::Frame frame;
    frame.width = picture.width;
    frame.height = picture.height;
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(picture.pixels));
    return frame;
}

Rng rng_of(const SimulatedFaces& options, std::uint64_t person, std::string_view purpose,
           std::size_t number) {
    return Rng(Rng(options.seed ^ (person * 0x9e3779b97f4a7c15U)).fork(purpose).next() + number);
}

Person look_at(std::uint64_t seed, people::Renderer& renderer,
               const std::vector<std::unique_ptr<Matcher>>& matchers,
               const SimulatedFaces& options) {
    const people::Head head = people::make_head(seed);
    Person person;
    person.matchers.resize(matchers.size());
    const auto enrolled = [&](const PersonFeatures& features) {
        return features.references.size() == options.references;
    };
    for (std::size_t i = 0; i < 2 * options.references; ++i) {
        if (std::all_of(person.matchers.begin(), person.matchers.end(), enrolled)) break;
        const hal::Frame frame = frame_of(renderer.render(head, reference_shot(seed, i, options)));
        for (std::size_t m = 0; m < matchers.size(); ++m) {
            if (enrolled(person.matchers[m])) continue;
            Features features = matchers[m]->reference(frame);
            if (!features.empty()) person.matchers[m].references.push_back(std::move(features));
        }
    }
    for (PersonFeatures& features : person.matchers) {
        if (!enrolled(features)) features.references.clear();
    }
    for (std::size_t visit = 0; visit < options.renders; ++visit) {
        const Shot shot = visit_shot(seed, visit, options);
        const hal::Frame frame = frame_of(renderer.render(head, shot));
        person.visits.push_back(shot_numbers(shot));
        for (std::size_t m = 0; m < matchers.size(); ++m) {
            person.matchers[m].visits.push_back(matchers[m]->features(frame));
        }
    }
    return person;
}

// As at the terminal: against all references of the claimed customer, the least counts.
double least_distance(const MatcherKind& kind, const std::vector<Features>& references,
                      const Features& probe) {
    double least = std::numeric_limits<double>::infinity();
    for (const Features& reference : references) {
        least = std::min(least, kind.distance(reference, probe));
    }
    return least;
}

// Everybody who claims to be `claimed`.
std::vector<FaceTrial> claims(const MatcherKind& kind, const std::vector<Person>& people,
                              std::size_t matcher, std::uint32_t claimed,
                              const SimulatedFaces& options) {
    std::vector<FaceTrial> trials;
    const auto& references = people[claimed].matchers[matcher].references;
    if (references.empty()) return trials;
    for (std::uint32_t subject = 0; subject < people.size(); ++subject) {
        const auto& visits = people[subject].matchers[matcher].visits;
        const std::size_t probes =
            subject == claimed ? visits.size() : std::min(options.impostor_probes, visits.size());
        for (std::uint32_t visit = 0; visit < probes; ++visit) {
            if (visits[visit].empty()) continue;
            trials.push_back(
                {claimed, subject, visit, least_distance(kind, references, visits[visit])});
        }
    }
    return trials;
}

void count_failures(MatcherTrials& trials, const std::vector<Person>& people, std::size_t matcher) {
    for (const Person& person : people) {
        const PersonFeatures& features = person.matchers[matcher];
        ++trials.people;
        if (features.references.empty()) ++trials.not_enrolled;
        biometrics::Count acquired;
        for (const Features& visit : features.visits) {
            ++acquired.trials;
            if (visit.empty()) ++acquired.errors;
            if (visit.empty() || features.references.empty()) ++trials.lost;
        }
        trials.pictures += acquired.trials;
        trials.not_acquired += acquired.errors;
        trials.acquisition.push_back(acquired);
    }
}

}  // namespace

std::vector<biometrics::Comparison> MatcherTrials::comparisons() const {
    std::vector<biometrics::Comparison> all;
    all.reserve(trials.size());
    for (const FaceTrial& trial : trials) {
        all.push_back({trial.claimed, trial.subject, trial.distance});
    }
    return all;
}

const std::vector<std::string>& shot_names() {
    static const std::vector<std::string> names{
        "yaw",    "pitch",    "roll",    "smile",    "eyes_open", "mouth_open",  "distance",
        "key",    "key_side", "fill",    "ambient",  "exposure",  "temperature", "blur",
        "motion", "noise",    "glasses", "headwear", "cover",     "beard_growth"};
    return names;
}

std::vector<double> shot_numbers(const Shot& shot) {
    return {std::abs(shot.pose.yaw),
            shot.pose.pitch,
            std::abs(shot.pose.roll),
            shot.expression.smile,
            shot.expression.eyes_open,
            shot.expression.mouth_open,
            shot.place.distance,
            shot.lighting.key,
            std::abs(shot.lighting.key_azimuth),
            shot.lighting.fill,
            shot.lighting.ambient,
            shot.lens.exposure,
            shot.lighting.temperature,
            shot.lens.blur,
            shot.lens.motion_blur,
            shot.lens.noise,
            static_cast<double>(shot.appearance.eyewear),
            static_cast<double>(shot.appearance.headwear),
            static_cast<double>(shot.appearance.cover),
            shot.appearance.beard_growth};
}

Shot visit_shot(std::uint64_t person, std::size_t visit, const SimulatedFaces& options) {
    Rng rng = rng_of(options, person, "visit", visit);
    Shot shot = people::random_shot(rng, options.difficulty);
    people::vary_within_visit(shot, rng, options.difficulty);
    return shot;
}

Shot reference_shot(std::uint64_t person, std::size_t picture, const SimulatedFaces& options) {
    constexpr double desk_difficulty = 0.2;
    const double difficulty = std::min(options.difficulty, desk_difficulty);
    // One sitting, several pictures.
    Rng sitting = rng_of(options, person, "enrolment", 0);
    Shot shot = people::random_shot(sitting, difficulty);
    Rng rng = rng_of(options, person, "reference", picture);
    people::vary_within_visit(shot, rng, difficulty);
    return shot;
}

FacesMeasured measure_faces(const std::vector<MatcherKind>& kinds, const SimulatedFaces& options) {
    if (options.people < 2) {
        throw InputError("rates need two people or more: give --simulated 2 or more");
    }
    const auto begun = std::chrono::steady_clock::now();
    std::vector<Person> people(options.people);
    const std::string set(people::to_string(options.set));
    do_all(options.people, options.jobs, "people of the " + set + " set", [&] {
        auto renderer = std::make_shared<people::Renderer>(1);
        auto matchers = std::make_shared<std::vector<std::unique_ptr<Matcher>>>();
        for (const MatcherKind& kind : kinds) matchers->push_back(kind.make());
        return [&, renderer, matchers](std::size_t item) {
            people[item] =
                look_at(people::seed_in(options.set, item), *renderer, *matchers, options);
        };
    });
    FacesMeasured measured;
    for (std::size_t m = 0; m < kinds.size(); ++m) {
        std::vector<std::vector<FaceTrial>> by_person(options.people);
        do_all(options.people, options.jobs, "people compared by " + kinds[m].name, [&] {
            return [&](std::size_t item) {
                by_person[item] =
                    claims(kinds[m], people, m, static_cast<std::uint32_t>(item), options);
            };
        });
        MatcherTrials trials;
        count_failures(trials, people, m);
        for (const auto& list : by_person) {
            trials.trials.insert(trials.trials.end(), list.begin(), list.end());
        }
        measured.matchers.push_back(std::move(trials));
    }
    for (Person& person : people) measured.visits.push_back(std::move(person.visits));
    measured.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return measured;
}

}  // namespace strongroom::cli
