// Fits the weights of RidgeImageCheck to simulated fingers and casts, and prints them together with
// the error rates on people who were not in the fit. SIMULATED, all of it.
//
//   ridge_weights PEOPLE LAYINGS
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "devices/ridge_image_check.h"
#include "fingerprint/finger.h"
#include "ridge_samples.h"

namespace {

using namespace strongroom;
using namespace strongroom::devices;
using namespace strongroom::devices::test;

constexpr std::size_t count = RidgeFeatures::count;

RidgeWeights fit(const std::vector<RidgeSample>& samples) {
    RidgeWeights weights;
    std::array<double, count> mean{};
    std::array<double, count> squares{};
    for (const RidgeSample& sample : samples) {
        for (std::size_t i = 0; i < count; ++i) {
            mean[i] += sample.values[i] / static_cast<double>(samples.size());
            squares[i] += static_cast<double>(sample.values[i]) * sample.values[i] /
                          static_cast<double>(samples.size());
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        weights.mean[i] = static_cast<float>(mean[i]);
        weights.deviation[i] =
            static_cast<float>(std::sqrt(std::max(1e-6, squares[i] - mean[i] * mean[i])));
    }
    double living = 0;
    for (const RidgeSample& sample : samples) living += sample.living ? 1 : 0;
    const double artefacts = static_cast<double>(samples.size()) - living;
    // Gradient descent on the logistic loss, both classes of equal weight.
    std::array<double, count> weight{};
    double bias = 0;
    for (int round = 0; round < 3000; ++round) {
        std::array<double, count> slope{};
        double bias_slope = 0;
        for (const RidgeSample& sample : samples) {
            std::array<double, count> x{};
            double sum = bias;
            for (std::size_t i = 0; i < count; ++i) {
                x[i] = std::clamp((sample.values[i] - weights.mean[i]) / weights.deviation[i],
                                  -4.0F, 4.0F);
                sum += weight[i] * x[i];
            }
            const double error = 1 / (1 + std::exp(-sum)) - (sample.living ? 1 : 0);
            const double share = error / (2 * (sample.living ? living : artefacts));
            bias_slope += share;
            for (std::size_t i = 0; i < count; ++i) slope[i] += share * x[i];
        }
        bias -= 2 * bias_slope;
        for (std::size_t i = 0; i < count; ++i) weight[i] -= 2 * (slope[i] + 1e-4 * weight[i]);
    }
    for (std::size_t i = 0; i < count; ++i) weights.weight[i] = static_cast<float>(weight[i]);
    weights.bias = static_cast<float>(bias);
    return weights;
}

void print(const char* name, const std::array<float, count>& values) {
    std::printf("    weights.%s = {", name);
    for (std::size_t i = 0; i < count; ++i) {
        std::printf("%s%.4gF", i == 0 ? "" : ", ", static_cast<double>(values[i]));
    }
    std::printf("};\n");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s PEOPLE LAYINGS\n", argv[0]);
        return 2;
    }
    const auto people = static_cast<std::uint64_t>(std::atoi(argv[1]));
    const auto layings = static_cast<std::uint64_t>(std::atoi(argv[2]));
    const auto samples = ridge_samples(1000, people, layings);
    std::map<std::string, std::pair<std::array<double, count>, int>> means;
    for (const RidgeSample& sample : samples) {
        auto& [sum, number] = means[sample.material];
        for (std::size_t i = 0; i < count; ++i) sum[i] += sample.values[i];
        ++number;
    }
    for (const auto& [material, entry] : means) {
        std::printf("// %-13s %4d", material.c_str(), entry.second);
        for (std::size_t i = 0; i < count; ++i) {
            std::printf(" %s %.3g", std::string(RidgeFeatures::names[i]).c_str(),
                        entry.first[i] / entry.second);
        }
        std::printf("\n");
    }
    const RidgeWeights weights = fit(samples);
    print("mean", weights.mean);
    print("deviation", weights.deviation);
    print("weight", weights.weight);
    std::printf("    weights.bias = %.4gF;\n", static_cast<double>(weights.bias));
    for (const auto& [material, rate] : error_rates(weights, 5000, people, layings, 0.5F)) {
        std::printf("// unseen people: %-13s %.3f of %d wrong at 0.5\n", material.c_str(),
                    rate.wrong / static_cast<double>(rate.all), rate.all);
    }
    return 0;
}
