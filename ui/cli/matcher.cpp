#include "matcher.h"

#include <cmath>
#include <limits>
#include <utility>

#include "face_model/embedded_pack.h"
#include "home.h"
#include "lbph.h"
#include "vision/enrolment.h"
#include "vision/face_pipeline.h"

namespace strongroom::cli {

namespace {

using namespace strongroom::vision;

class PackMatcher final : public Matcher {
public:
    explicit PackMatcher(ModelPack pack) : pack_(std::move(pack)), analyser_(pack_, nullptr) {}

    [[nodiscard]] Features features(const hal::Frame& frame) override {
        auto measured = analyser_.analyse(frame);
        return measured ? Features{std::move(measured->features), {}} : Features{};
    }
    [[nodiscard]] Features reference(const hal::Frame& frame) override {
        auto measured = analyser_.analyse(frame);
        if (!measured || refusal_of(*measured, EnrolmentLimits{})) return {};
        return {std::move(measured->features), {}};
    }

private:
    ModelPack pack_;
    FaceAnalyser analyser_;
};

constexpr int baseline_chip = 112;

class BaselineMatcher final : public Matcher {
public:
    explicit BaselineMatcher(ModelPack pack) : pack_(std::move(pack)) {}

    [[nodiscard]] Features features(const hal::Frame& frame) override { return of(frame, false); }
    [[nodiscard]] Features reference(const hal::Frame& frame) override { return of(frame, true); }

private:
    [[nodiscard]] Features of(const hal::Frame& frame, bool as_reference) {
        auto found = pack_.detector().detect(frame);
        if (!found || found->empty()) return {};
        drop_small(*found, PipelineOptions{}.relative_size_min);
        const Detection& face = found->front();
        const auto chip = align(frame, face.landmarks, ChipTemplate::arcface, baseline_chip);
        if (!chip) return {};
        if (as_reference) {
            FaceMeasurement measured;
            measured.faces = static_cast<std::uint16_t>(found->size());
            measured.largest = face;
            const auto quality = measure_quality(frame, face.landmarks);
            if (!quality) return {};
            measured.quality = *quality;
            measured.features = {0};  // it has some: histograms
            if (refusal_of(measured, EnrolmentLimits{})) return {};
        }
        return {{}, lbph(*chip)};
    }

    ModelPack pack_;
};

ModelPack load_any(const PackChoice& choice) {
    if (choice.pack != face_model::pack_name) return load_comparing_pack(choice);
    try {
        return face_model::embedded_pack();
    } catch (const PackError& error) {
        throw InputError(error.what());
    }
}

}  // namespace

MatcherKind pack_matcher(const PackChoice& choice) {
    const ModelPack pack = load_any(choice);
    MatcherKind kind;
    kind.name = pack.manifest().name;
    kind.description = describe_pack(pack);
    kind.model = kind.name + " " + kind.description.at("model_id").get<std::string>();
    if (!pack.manifest().thresholds.empty()) kind.threshold = pack.threshold().distance;
    kind.make = [choice] { return std::make_unique<PackMatcher>(load_any(choice)); };
    kind.distance = [metric = pack.manifest().metric](const Features& a, const Features& b) {
        return static_cast<double>(vision::distance(metric, a.numbers, b.numbers));
    };
    return kind;
}

MatcherKind baseline_matcher() {
    MatcherKind kind;
    kind.name = "lbph";
    kind.model = "local binary pattern histograms, 8 x 8 cells of a 112 pixel chip";
    kind.description = {{"name", kind.name}, {"method", kind.model}};
    kind.make = [] {
        return std::make_unique<BaselineMatcher>(
            load_any({std::string(face_model::pack_name), {}, {}}));
    };
    kind.distance = [cell = lbph_cell_pixels(baseline_chip)](const Features& a, const Features& b) {
        if (a.counts.empty() || a.counts.size() != b.counts.size()) {
            return std::numeric_limits<double>::infinity();
        }
        return chi_square(a.counts, b.counts, cell);
    };
    return kind;
}

}  // namespace strongroom::cli
