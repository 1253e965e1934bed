// The embedded model on simulated people whom it was not trained on.
#include "face_model/embedded_pack.h"

#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "catch.h"
#include "people/renderer.h"
#include "people/sets.h"
#include "vision/face_pipeline.h"

using namespace strongroom;
using people::Set;

namespace {

// Far from the people by whom rates are measured.
people::Head somebody(std::size_t index) {
    return people::make_head(people::seed_in(Set::test, 500'000 + index));
}

hal::Frame frame_of(const people::Picture& picture) {
    hal::Frame frame;
    frame.width = picture.width;
    frame.height = picture.height;
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(picture.pixels);
    return frame;
}

struct Model {
    people::Renderer renderer{2};
    vision::ModelPack pack = face_model::embedded_pack();
    vision::FaceAnalyser analyser{pack, nullptr};

    vision::FaceMeasurement look(const people::Head& head, const people::Shot& shot) {
        const auto seen = analyser.analyse(frame_of(renderer.render(head, shot)));
        REQUIRE(seen);
        return *seen;
    }
    float apart(const vision::FaceMeasurement& a, const vision::FaceMeasurement& b) const {
        return vision::distance(pack.manifest().metric, a.features, b.features);
    }
};

people::Shot visit(std::size_t person, std::uint64_t which) {
    Rng rng = Rng(person * 97 + which).fork("visit");
    return people::random_shot(rng, 0.25);
}

}  // namespace

TEST_CASE("face model: twenty people are found, known again, and told apart") {
    Model model;
    constexpr std::size_t count = 20;
    std::vector<vision::FaceMeasurement> first;
    std::vector<vision::FaceMeasurement> second;
    for (std::size_t i = 0; i < count; ++i) {
        first.push_back(model.look(somebody(i), visit(i, 1)));
        second.push_back(model.look(somebody(i), visit(i, 2)));
        CHECK(first.back().faces == 1);
        CHECK(second.back().faces == 1);
    }
    std::size_t known = 0;
    std::size_t accepted = 0;
    std::size_t false_matches = 0;
    const auto limit = static_cast<float>(model.pack.threshold().distance);
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t nearest = 0;
        for (std::size_t j = 0; j < count; ++j) {
            const float apart = model.apart(second[i], first[j]);
            if (apart < model.apart(second[i], first[nearest])) nearest = j;
            if (i != j && apart <= limit) ++false_matches;
        }
        if (nearest == i) ++known;
        if (model.apart(second[i], first[i]) <= limit) ++accepted;
    }
    CHECK(known >= count - 1);
    CHECK(accepted >= count - 3);
    CHECK(false_matches == 0);
}

TEST_CASE("face model: landmarks lie where the renderer put them") {
    Model model;
    double sum = 0;
    std::size_t points = 0;
    for (std::size_t i = 0; i < 15; ++i) {
        const auto picture = model.renderer.render(somebody(100 + i), visit(i, 3));
        REQUIRE(picture.face);
        const auto found = model.pack.detector().detect(frame_of(picture));
        REQUIRE(found);
        REQUIRE(found->size() == 1);
        const auto truth = picture.face->landmarks();
        const double eyes = vision::eyes_of(truth).distance();
        for (std::size_t p = 0; p < truth.points.size(); ++p) {
            const auto& seen = found->front().landmarks.points[p];
            sum += std::hypot(seen.x - truth.points[p].x, seen.y - truth.points[p].y) / eyes;
            ++points;
        }
    }
    CHECK(sum / static_cast<double>(points) < 0.07);
}

TEST_CASE("face model: a blink, an open mouth and a smile are read from the picture") {
    Model model;
    double open = 0;
    double shut = 0;
    double calm_mouth = 0;
    double open_mouth = 0;
    double calm = 0;
    double smiling = 0;
    constexpr int count = 8;
    for (std::size_t i = 0; i < count; ++i) {
        const people::Head head = somebody(200 + i);
        people::Shot shot;
        const auto before = model.look(head, shot);
        shot.expression.eyes_open = 0;
        const auto blinking = model.look(head, shot);
        shot.expression = {};
        shot.expression.mouth_open = 0.8;
        const auto speaking = model.look(head, shot);
        shot.expression = {};
        shot.expression.smile = 1;
        const auto glad = model.look(head, shot);
        REQUIRE(before.expression);
        REQUIRE(blinking.expression);
        REQUIRE(speaking.expression);
        REQUIRE(glad.expression);
        open += static_cast<double>(before.expression->eyes_open) / count;
        shut += static_cast<double>(blinking.expression->eyes_open) / count;
        calm_mouth += static_cast<double>(before.expression->mouth_open) / count;
        open_mouth += static_cast<double>(speaking.expression->mouth_open) / count;
        calm += static_cast<double>(before.expression->smile) / count;
        smiling += static_cast<double>(glad.expression->smile) / count;
        CHECK(blinking.expression->eyes_open < before.expression->eyes_open);
        CHECK(glad.expression->smile > before.expression->smile);
    }
    CHECK(open > 0.65);
    CHECK(shut < 0.35);
    CHECK(calm_mouth < 0.25);
    CHECK(open_mouth > 0.5);
    CHECK(calm < 0.35);
    CHECK(smiling > 0.65);
}

TEST_CASE("face model: a head that turns by twenty degrees is seen to turn") {
    Model model;
    for (const double yaw : {-20.0, 20.0}) {
        double seen = 0;
        constexpr int count = 6;
        for (std::size_t i = 0; i < count; ++i) {
            people::Shot shot;
            const double straight = model.look(somebody(300 + i), shot).quality.pose.yaw;
            shot.pose.yaw = yaw;
            seen += (model.look(somebody(300 + i), shot).quality.pose.yaw - straight) / count;
        }
        CHECK(seen / yaw > 0.7);
        CHECK(seen / yaw < 1.5);
    }
}

TEST_CASE("face model: the same picture gives the same numbers in every pack") {
    Model one;
    Model other;
    const auto a = one.look(somebody(400), visit(400, 1));
    (void)one.look(somebody(401), visit(401, 1));
    const auto again = one.look(somebody(400), visit(400, 1));
    const auto b = other.look(somebody(400), visit(400, 1));
    REQUIRE(a.features.size() == static_cast<std::size_t>(one.pack.manifest().dimensions));
    CHECK(a.features == again.features);
    CHECK(a.features == b.features);
    CHECK(one.pack.model() == other.pack.model());
}

TEST_CASE("face model: an empty room has no face, and what is no picture is refused") {
    Model model;
    people::Shot shot;
    const auto empty = model.renderer.expose(model.renderer.render_background(shot), shot);
    const auto seen = model.analyser.analyse(frame_of(empty));
    REQUIRE(seen);
    CHECK(seen->faces == 0);

    hal::Frame grey = frame_of(empty);
    grey.format = hal::PixelFormat::gray8;
    const auto refused = model.pack.detector().detect(grey);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::corrupt);
    const auto unread = model.pack.expression()->read(grey, {});
    REQUIRE_FALSE(unread);
    CHECK(unread.error().code == Errc::corrupt);
    const auto outside = model.pack.expression()->read(frame_of(empty), {{5000, 5000, 90, 90}, {}});
    REQUIRE_FALSE(outside);
    CHECK(outside.error().code == Errc::out_of_range);
    vision::FaceChip small;
    small.size = 32;
    small.pixels.assign(std::size_t{32} * 32 * 3, 0);
    const auto unfit = model.pack.embedder()->embed(small);
    REQUIRE_FALSE(unfit);
    CHECK(unfit.error().code == Errc::out_of_range);
}

TEST_CASE("face model: the thresholds say how they were measured") {
    const auto pack = face_model::embedded_pack();
    const auto& own = pack.threshold();
    CHECK(own.name == "fmr-1e-4");
    for (const auto& threshold : pack.manifest().thresholds) {
        const auto& evidence = threshold.evidence;
        INFO(threshold.name);
        CHECK(threshold.distance > 0);
        CHECK(evidence.measured);
        CHECK(evidence.data_set.find("SIMULATED") != std::string::npos);
        CHECK(evidence.data_set.find("development set") != std::string::npos);
        CHECK(evidence.genuine >= 1000);
        CHECK(evidence.impostor >= 100'000);
        REQUIRE(evidence.fmr);
        REQUIRE(evidence.fnmr);
        CHECK(evidence.fmr->lower <= evidence.fmr->value);
        CHECK(evidence.fmr->value <= evidence.fmr->upper);
        CHECK(evidence.command.find("train_face_model") != std::string::npos);
    }
}

TEST_CASE("face model: who sleeps is told from who looks, person by person") {
    Model model;
    int taken_for_open = 0;
    int taken_for_shut = 0;
    for (std::size_t i = 0; i < 24; ++i) {
        const people::Head head = somebody(300 + i);
        people::Shot shot = visit(i, 4);
        shot.expression.eyes_open = 1;
        const auto looking = model.look(head, shot);
        shot.expression.eyes_open = 0;
        const auto sleeping = model.look(head, shot);
        if (looking.expression && looking.expression->eyes_open < 0.3F) ++taken_for_shut;
        if (sleeping.expression && sleeping.expression->eyes_open >= 0.3F) ++taken_for_open;
    }
    CHECK(taken_for_shut <= 1);
    CHECK(taken_for_open <= 1);
}
