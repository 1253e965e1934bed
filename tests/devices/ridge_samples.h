// Images of simulated fingers and casts, as RidgeImageCheck sees them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "devices/ridge_image_check.h"
#include "fingerprint/finger.h"

namespace strongroom::devices::test {

struct RidgeSample {
    std::string material;
    bool living = false;
    std::array<float, RidgeFeatures::count> values{};
};

[[nodiscard]] inline FingerImage ridge_image(fingerprint::Fingers& fingers, std::uint64_t person,
                                             std::uint64_t laying, fingerprint::Material material) {
    auto presentation = fingerprint::laid_down(person, laying, material);
    presentation.cast = person;
    return FingerImage(
        std::span<const std::uint8_t>(fingerprint::capture(fingers, presentation, laying).grey));
}

// Calls visit(material, image) for every material, person and laying.
template <class Visit>
void for_each_image(std::uint64_t first_person, std::uint64_t people, std::uint64_t layings,
                    const Visit& visit) {
    fingerprint::Fingers fingers;
    for (std::uint64_t person = first_person; person < first_person + people; ++person) {
        for (const fingerprint::Material material : fingerprint::materials) {
            // As many images of skin as of all artefacts together.
            const bool skin = material == fingerprint::Material::skin;
            for (std::uint64_t i = 0; i < layings * (skin ? 3 : 1); ++i) {
                visit(material, ridge_image(fingers, person, person * 100 + i, material));
            }
        }
    }
}

[[nodiscard]] inline std::vector<RidgeSample> ridge_samples(std::uint64_t first_person,
                                                            std::uint64_t people,
                                                            std::uint64_t layings) {
    std::vector<RidgeSample> samples;
    for_each_image(first_person, people, layings, [&](auto material, const FingerImage& image) {
        samples.push_back({std::string(fingerprint::to_string(material)),
                           material == fingerprint::Material::skin,
                           measure_ridges(image).values()});
    });
    return samples;
}

struct Rate {
    int wrong = 0;
    int all = 0;
};

// By material: living fingers below the threshold, artefacts at or above it.
[[nodiscard]] inline std::map<std::string, Rate> error_rates(const RidgeWeights& weights,
                                                             std::uint64_t first_person,
                                                             std::uint64_t people,
                                                             std::uint64_t layings,
                                                             float threshold) {
    std::map<std::string, Rate> rates;
    RidgeImageCheck check(weights);
    for_each_image(first_person, people, layings, [&](auto material, const FingerImage& image) {
        const bool living = material == fingerprint::Material::skin;
        Rate& rate = rates[std::string(fingerprint::to_string(material))];
        ++rate.all;
        rate.wrong += (check.check(image).score >= threshold) != living ? 1 : 0;
    });
    return rates;
}

}  // namespace strongroom::devices::test
