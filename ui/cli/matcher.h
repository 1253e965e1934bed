// What is compared in an evaluation: a model pack, or the baseline. From a frame to features, from
// two features to a distance.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "faces.h"
#include "hal/camera.h"
#include "vision/model_pack.h"

namespace strongroom::cli {

// Embeddings are numbers, histograms are counts; one of the two. Both empty: not acquired.
struct Features {
    std::vector<float> numbers;
    std::vector<std::uint8_t> counts;
    [[nodiscard]] bool empty() const { return numbers.empty() && counts.empty(); }
};

// One thread at a time.
class Matcher {
public:
    virtual ~Matcher() = default;
    // Of the largest face; empty when none was found or it could not be embedded: a failure to
    // acquire.
    [[nodiscard]] virtual Features features(const hal::Frame& frame) = 0;
    // The same for a reference, which is held to vision::EnrolmentLimits: empty when refused.
    [[nodiscard]] virtual Features reference(const hal::Frame& frame) = 0;
};

// A matcher to be made once a thread, and what is to be known of it without one.
struct MatcherKind {
    std::string name;   // "embedded", "lbph", "dlib-densenet"
    std::string model;  // for provenance: with the digest
    nlohmann::ordered_json description;
    std::optional<double> threshold;  // its own
    std::function<std::unique_ptr<Matcher>()> make;
    // Any thread. Infinite for what cannot be compared.
    std::function<double(const Features& a, const Features& b)> distance;
};

// The embedded model under its name, any pack otherwise. Throws InputError.
[[nodiscard]] MatcherKind pack_matcher(const PackChoice& choice);
// LBPH on the embedded pack's detections.
[[nodiscard]] MatcherKind baseline_matcher();

}  // namespace strongroom::cli
