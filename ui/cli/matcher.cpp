#include "matcher.h"

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

// What the embedded pack saw last on this thread: the baseline looks at the same frames, and
// finding faces is most of its work.
struct LastLook {
    std::shared_ptr<const std::vector<std::uint8_t>> pixels;
    FaceMeasurement seen;
};
LastLook& last_look() {
    thread_local LastLook look;
    return look;
}

class PackMatcher final : public Matcher {
public:
    explicit PackMatcher(ModelPack pack) : pack_(std::move(pack)), analyser_(pack_, nullptr) {}

    [[nodiscard]] Features features(const hal::Frame& frame) override {
        auto measured = look(frame);
        return measured ? Features{std::move(measured->features), {}} : Features{};
    }
    [[nodiscard]] Features reference(const hal::Frame& frame) override {
        auto measured = look(frame);
        if (!measured || refusal_of(*measured, EnrolmentLimits{})) return {};
        return {std::move(measured->features), {}};
    }

private:
    [[nodiscard]] Result<FaceMeasurement> look(const hal::Frame& frame) {
        auto measured = analyser_.analyse(frame);
        if (measured && pack_.manifest().name == face_model::pack_name) {
            last_look() = {frame.pixels, *measured};
        }
        return measured;
    }

    ModelPack pack_;
    FaceAnalyser analyser_;
};

constexpr int baseline_chip = 112;

class BaselineMatcher final : public Matcher {
public:
    explicit BaselineMatcher(ModelPack pack) : pack_(std::move(pack)), analyser_(pack_, nullptr) {}

    [[nodiscard]] Features features(const hal::Frame& frame) override { return of(frame, false); }
    [[nodiscard]] Features reference(const hal::Frame& frame) override { return of(frame, true); }

private:
    [[nodiscard]] Features of(const hal::Frame& frame, bool as_reference) {
        FaceMeasurement seen;
        if (last_look().pixels == frame.pixels) {
            seen = last_look().seen;
        } else {
            auto measured = analyser_.analyse(frame);
            if (!measured) return {};
            seen = std::move(*measured);
        }
        if (!seen.largest) return {};
        if (as_reference && refusal_of(seen, EnrolmentLimits{})) return {};
        const auto chip =
            align(frame, seen.largest->landmarks, ChipTemplate::arcface, baseline_chip);
        if (!chip) return {};
        return {{}, lbph(*chip)};
    }

    ModelPack pack_;
    FaceAnalyser analyser_;
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
