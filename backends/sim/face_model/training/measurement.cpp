#include "measurement.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <sstream>

#include "biometrics/evaluation.h"
#include "scenes.h"
#include "vision/face_pipeline.h"

namespace strongroom::face_model {

namespace {

struct Seen {
    std::vector<float> features;  // empty: not acquired
};

class Looker {
public:
    explicit Looker(const Weights& weights)
        : pack_(pack_with(weights)), analyser_(pack_, nullptr) {}

    Seen look(const people::Head& head, const people::Shot& shot) {
        people::Picture picture = renderer_.render(head, shot);
        hal::Frame frame;
        frame.width = picture.width;
        frame.height = picture.height;
        frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(picture.pixels));
        auto seen = analyser_.analyse(frame);
        return {seen ? std::move(seen->features) : std::vector<float>{}};
    }

private:
    people::Renderer renderer_{1};
    vision::ModelPack pack_;
    vision::FaceAnalyser analyser_;
};

std::vector<Seen> look_at_all(const Weights& weights, const MeasurementPlan& plan) {
    std::vector<Seen> seen(plan.persons * plan.each);
    std::vector<std::unique_ptr<Looker>> lookers;
    for (std::size_t i = 0; i < plan.threads; ++i) {
        lookers.push_back(std::make_unique<Looker>(weights));
    }
    std::atomic<std::size_t> done{0};
    in_parallel(plan.persons, plan.threads, [&](std::size_t person, std::size_t thread) {
        const people::Head head = person_of(plan.set, person);
        Rng rng = Rng(plan.seed + person * 4099).fork("measure");
        for (std::size_t i = 0; i < plan.each; ++i) {
            const auto shot = draw_shot(rng, plan.difficulty, false);
            seen[person * plan.each + i] = lookers[thread]->look(head, shot);
        }
        if (const std::size_t so_far = ++done; so_far % 50 == 0) {
            std::printf("measure: %zu of %zu people\n", so_far, plan.persons);
            std::fflush(stdout);
        }
    });
    return seen;
}

void tell(std::ostringstream& out, const char* name, const biometrics::Bounded& rate) {
    out << name << ' ' << rate.value << " (95 %: " << rate.bounds.lower << " to "
        << rate.bounds.upper << ")";
}

}  // namespace

std::string measure(const Weights& weights, const MeasurementPlan& plan) {
    const auto seen = look_at_all(weights, plan);
    std::vector<biometrics::Comparison> comparisons;
    std::size_t failed = 0;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (seen[i].features.empty()) {
            ++failed;
            continue;
        }
        for (std::size_t j = i + 1; j < seen.size(); ++j) {
            if (seen[j].features.empty()) continue;
            comparisons.push_back(
                {static_cast<std::uint32_t>(i / plan.each),
                 static_cast<std::uint32_t>(j / plan.each),
                 static_cast<double>(vision::distance(vision::Metric::euclidean, seen[i].features,
                                                      seen[j].features))});
        }
    }
    biometrics::EvaluationOptions options;
    options.fmr_targets = {1e-2, 1e-3, 1e-4, 1e-5};
    options.rounds = plan.rounds;
    const auto result = biometrics::evaluate(comparisons, options);
    std::ostringstream out;
    out.precision(6);
    out << "SIMULATED, " << people::to_string(plan.set) << " set, " << plan.persons
        << " people, difficulty " << plan.difficulty << ": " << result.genuine << " genuine and "
        << result.impostor << " impostor comparisons, " << failed << " of " << seen.size()
        << " pictures not acquired\n";
    tell(out, "EER", result.equal_error);
    out << " at " << result.equal_error_threshold << '\n';
    for (const auto& target : result.targets) {
        out << "at FMR " << target.target << ": distance " << target.rates.threshold << ", ";
        tell(out, "FMR", target.rates.fmr);
        out << ", ";
        tell(out, "FNMR", target.rates.fnmr);
        out << '\n';
    }
    return out.str();
}

}  // namespace strongroom::face_model
