#include "sim/score_observer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "catch.h"
#include "setting.h"

namespace strongroom::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view curved = R"({
    "model": "curved", "provenance": {"source": "made up for this test"}, "templates": 3,
    "genuine_quantiles": [[0, 0.05], [0.1, 0.18], [0.5, 0.27], [0.9, 0.38], [0.99, 0.5], [1, 0.7]],
    "impostor_quantiles": [[0, 0.4], [0.001, 0.5], [0.01, 0.58], [0.5, 0.82], [0.99, 1.0], [1, 1.2]]
})";

ScoreModel model() { return ScoreModel::parse(curved, "test"); }

double inverse(const QuantileTable& table, double distance) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (table.at(middle) < distance ? low : high) = middle;
    }
    return low;
}

// The greatest difference between the sample's distribution and the table's.
double kolmogorov_distance(std::vector<double> sample, const QuantileTable& table) {
    std::sort(sample.begin(), sample.end());
    double worst = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const double p = inverse(table, sample[i]);
        const double n = static_cast<double>(sample.size());
        worst = std::max({worst, std::abs(p - static_cast<double>(i) / n),
                          std::abs(p - static_cast<double>(i + 1) / n)});
    }
    return worst;
}

struct Booth : Town {
    explicit Booth(std::uint64_t seed = 1, ScoreObserverSetup setup = {})
        : Town(seed), observer(world, site, clock, scores, setup) {}

    // The next observation, after as much time as it takes.
    FaceObservation observe() {
        for (;;) {
            const auto result = observer.poll();
            REQUIRE(result);
            if (*result) return **result;
            scheduler.run_until(clock.to_scheduler(observer.next_poll()));
        }
    }
    void start_for(std::uint64_t identity) {
        std::vector<hal::FaceTemplate> templates;
        for (int i = 0; i < 3; ++i) templates.push_back(make_template(identity, i, scores.id));
        REQUIRE(observer.start(templates));
    }

    VirtualClock clock{scheduler, Instant(99s)};
    ScoreModel scores = model();
    ScoreObserver observer;
};

TEST_CASE("score observer: genuine distances have the measured distribution") {
    std::vector<double> sample;
    Booth booth;
    booth.start_for(1);
    for (int visit = 0; visit < 4000; ++visit) {  // one frame a visit: independent draws
        booth.world.show_face(booth.alice, booth.site);
        booth.start_for(1);
        sample.push_back(static_cast<double>(booth.observe().distance.value()));
        booth.world.leave(booth.alice);
    }
    // 1.95/sqrt(n): the Kolmogorov bound that chance exceeds once in a thousand.
    CHECK(kolmogorov_distance(sample, booth.scores.genuine) < 1.95 / std::sqrt(4000.0));
    CHECK(kolmogorov_distance(sample, booth.scores.impostor) > 0.5);
}

TEST_CASE("score observer: impostor distances have the measured distribution over pairs") {
    std::vector<double> sample;
    Booth booth;
    for (std::uint64_t other = 1; other <= 4000; ++other) {
        booth.world.show_face(booth.mallory, booth.site);
        booth.start_for(1000 + other);
        sample.push_back(static_cast<double>(booth.observe().distance.value()));
        booth.world.leave(booth.mallory);
    }
    CHECK(kolmogorov_distance(sample, booth.scores.impostor) < 1.95 / std::sqrt(4000.0));
}

TEST_CASE("score observer: an impostor's frames are alike, also in the next visit") {
    Booth booth;
    // Spread within one pair against the spread over pairs, of the normal scores' variance.
    double within = 0;
    constexpr int pairs = 300;
    for (std::uint64_t other = 1; other <= pairs; ++other) {
        std::array<double, 2> p{};
        for (double& visit : p) {
            booth.world.show_face(booth.mallory, booth.site);
            booth.start_for(1000 + other);
            visit = inverse(booth.scores.impostor,
                            static_cast<double>(booth.observe().distance.value()));
            booth.world.leave(booth.mallory);
        }
        within += std::abs(p[0] - p[1]);
    }
    // Independent uniforms differ by a third on average.
    CHECK(within / pairs < 0.2);
    CHECK(within / pairs > 0.02);
}

TEST_CASE("score observer: a swapped template lets the other person in, an altered one nobody") {
    Booth booth;
    REQUIRE(identity_of(make_template(42, 1, booth.scores.id)) == 42);
    auto altered = make_template(1, 0, booth.scores.id);
    altered.features[1] += 0x1.0p-16F;
    CHECK(identity_of(altered) == std::nullopt);

    booth.world.show_face(booth.mallory, booth.site);
    booth.start_for(booth.world.person(booth.mallory).identity);
    CHECK(booth.observe().distance.value() < 0.71F);
    double sum = 0;
    booth.world.show_face(booth.alice, booth.site);
    REQUIRE(booth.observer.start(std::array{altered}));
    for (int i = 0; i < 20; ++i) sum += static_cast<double>(booth.observe().distance.value());
    CHECK(sum / 20 > 0.4);
}

TEST_CASE("score observer: templates are distinct, finite and of the contract's length") {
    const auto first = make_template(7, 0, {5});
    const auto second = make_template(7, 1, {5});
    const auto other = make_template(8, 0, {5});
    CHECK(first.features.size() == 64);
    CHECK(first.features != second.features);
    CHECK(first.features != other.features);
    CHECK(identity_of(second) == 7);
    CHECK(identity_of(make_template(~std::uint64_t{0}, 2, {5})) == ~std::uint64_t{0});
    for (const float f : first.features) CHECK(std::isfinite(f));
    CHECK(identity_of({{5}, std::vector<float>(64, 0.5F)}) == std::nullopt);
    CHECK(identity_of({{5}, std::vector<float>(128, 0.5F)}) == std::nullopt);
    CHECK(identity_of({{5}, std::vector<float>(64, NAN)}) == std::nullopt);
}

TEST_CASE("score observer: light, blur, pose and company show in the measurements") {
    Booth booth;
    booth.start_for(1);
    const WitnessLimits limits;
    const auto look = [&](ShownFace face, Light light) {
        booth.world.set_light(booth.site, light);
        booth.world.show_face(booth.alice, booth.site, face);
        booth.start_for(1);
        return booth.observe();
    };
    const auto good = look({}, Light::normal);
    CHECK(good.brightness > limits.brightness_min);
    CHECK(good.brightness < limits.brightness_max);
    CHECK(good.contrast > limits.contrast_min);
    CHECK(good.sharpness > limits.sharpness_min);
    CHECK(good.face_size > limits.face_size_min);
    CHECK(std::abs(good.yaw) < limits.angle_max);
    const auto glare = look({}, Light::glare);
    CHECK((glare.brightness > limits.brightness_max || glare.contrast < limits.contrast_min));
    const auto dark = look({}, Light::dark);
    CHECK(dark.brightness < limits.brightness_min);
    ShownFace face;
    face.turned_away = true;
    CHECK(std::abs(look(face, Light::normal).yaw) > limits.angle_max);
    face = {};
    face.blurred = true;
    CHECK(look(face, Light::normal).sharpness < limits.sharpness_min);
    face = {};
    face.far_away = true;
    CHECK(look(face, Light::normal).face_size < limits.face_size_min);
    face = {};
    face.faces = 3;
    CHECK(look(face, Light::normal).faces == 3);
}

TEST_CASE("score observer: artefacts look dead, compromised ones live, and all of it is declared") {
    Booth booth;
    booth.start_for(1);
    const auto look = [&](Presentation presentation) {
        ShownFace face;
        face.whose = booth.alice;
        face.presentation = presentation;
        booth.world.show_face(booth.mallory, booth.site, face);
        booth.start_for(1);
        return booth.observe();
    };
    const auto artefact = look(Presentation::artefact);
    CHECK(artefact.liveness_score < 0.5F);
    CHECK(artefact.distance.value() < 0.71F);
    const auto compromised = look(Presentation::compromised);
    CHECK(compromised.liveness_score > 0.5F);
    CHECK(compromised.distance.value() < 0.71F);
    CHECK(artefact.track != compromised.track);
    CHECK(artefact.liveness == Liveness::declared);
    CHECK(compromised.liveness == Liveness::declared);
}

TEST_CASE("score observer: latency and rate are kept, and unpolled frames are overwritten") {
    Booth booth;
    booth.world.show_face(booth.alice, booth.site);
    const Instant start = booth.clock.now();
    booth.start_for(1);
    const auto first = booth.observe();
    CHECK(first.captured == start + 150ms);
    CHECK(booth.clock.now() == start + 270ms);
    CHECK(booth.observe().captured == start + 550ms);
    booth.scheduler.run_for(1min);
    const auto oldest = booth.observe();
    CHECK(booth.clock.now() - oldest.captured < 8 * 400ms + 400ms);
    CHECK(oldest.sequence > first.sequence + 100);
}

TEST_CASE("score observer: a camera that was unplugged and plugged in unseen is still lost") {
    Booth booth;
    booth.world.show_face(booth.alice, booth.site);
    booth.start_for(1);
    booth.observe();
    booth.world.unplug(booth.mallory, booth.site, Cable::camera);
    booth.world.plug(booth.mallory, booth.site, Cable::camera);
    CHECK(booth.observer.poll().error().code == Errc::disconnected);
    booth.start_for(1);
    booth.observe();
}

TEST_CASE(
    "face witness: facts say who stood there when the frame was taken, and what it was like") {
    Booth booth;
    FaceWitness witness(booth.world, booth.site, booth.clock, booth.observer);
    booth.world.show_face(booth.alice, booth.site);
    REQUIRE(witness.start(std::array{make_template(1, 0, booth.scores.id)}));
    booth.scheduler.run_for(200ms);  // captured at 150 ms, understood at 270 ms
    booth.world.show_face(booth.mallory, booth.site);
    booth.scheduler.run_for(100ms);
    const auto seen = witness.poll().value();
    REQUIRE(seen);
    const Fact* fact = booth.last(FactKind::face_observed);
    REQUIRE(fact != nullptr);
    CHECK(fact->who == "alice");
    CHECK(fact->what == "good");
    CHECK(fact->value == static_cast<double>(seen->distance.value()));
    CHECK(fact->number == static_cast<std::int64_t>(seen->track.value));
    booth.scheduler.run_for(400ms);
    REQUIRE(witness.poll().value());
    CHECK(booth.last(FactKind::face_observed)->who == "mallory");
    booth.world.leave(booth.mallory);
    booth.scheduler.run_for(400ms);
    REQUIRE(witness.poll().value());
    CHECK(booth.last(FactKind::face_observed)->what == "no_face");
    booth.world.show_face(booth.mallory, booth.site,
                          {booth.alice, Presentation::artefact, 1, false, false, false});
    booth.scheduler.run_for(400ms);
    REQUIRE(witness.poll().value());
    CHECK(booth.last(FactKind::face_observed)->what == "not_live");
}

namespace {

// The greatest yaw, pitch and smile either way, and the least that the eyes are open, over a while.
struct Extremes {
    float left = 0;
    float right = 0;
    float down = 0;
    float smile = 0;
    float shut = 1;
};

Extremes watch(Booth& booth, std::size_t frames) {
    Extremes seen;
    for (std::size_t i = 0; i < frames; ++i) {
        const FaceObservation o = booth.observe();
        seen.left = std::max(seen.left, o.yaw);
        seen.right = std::min(seen.right, o.yaw);
        seen.down = std::min(seen.down, o.pitch);
        seen.smile = std::max(seen.smile, o.expression->smile);
        seen.shut = std::min(seen.shut, o.expression->eyes_open);
    }
    return seen;
}

}  // namespace

TEST_CASE("score observer: a living face shows each gesture that it performs, and then rests") {
    for (const Gesture gesture : all_gestures) {
        Booth booth;
        booth.world.show_face(booth.alice, booth.site);
        booth.start_for(1);
        const Extremes rest = watch(booth, 4);
        CHECK(rest.left < 10);
        CHECK(rest.right > -10);
        CHECK(rest.down > -10);
        CHECK(rest.smile < 0.2F);
        CHECK(rest.shut > 0.8F);
        booth.world.perform(booth.alice, booth.site, gesture);
        const Extremes moved = watch(booth, 4);
        INFO(to_string(gesture));
        CHECK((moved.left > 15) == (gesture == Gesture::turn_left));
        CHECK((moved.right < -15) == (gesture == Gesture::turn_right));
        CHECK((moved.down < -11) == (gesture == Gesture::nod));
        CHECK((moved.smile > 0.4F) == (gesture == Gesture::smile));
        CHECK((moved.shut < 0.4F) == (gesture == Gesture::blink));
        const Extremes after = watch(booth, 4);
        CHECK(after.left < 10);
        CHECK(after.shut > 0.8F);
    }
}

TEST_CASE("score observer: instruments answer what their kind can answer, whatever is performed") {
    struct Case {
        Presentation presentation;
        const char* species;
        bool blinks;
        bool turns;
        bool shuts_eyes;
    };
    const std::vector<Case> cases{
        {Presentation::artefact, "", false, false, false},
        {Presentation::compromised, "", false, true, true},
        {Presentation::artefact, "print_matte", false, false, false},
        {Presentation::compromised, "phone_replay", false, false, false},
        {Presentation::compromised, "paper_mask", true, false, true},
        {Presentation::compromised, "silicone_mask", true, true, true},
        {Presentation::compromised, "silicone_mask", false, true, false},
    };
    for (const Case& c : cases) {
        Booth booth;
        ShownFace face;
        face.whose = booth.alice;
        face.presentation = c.presentation;
        face.species = c.species;
        face.blinks = c.blinks;
        booth.world.show_face(booth.mallory, booth.site, face);
        booth.start_for(1);
        booth.observe();
        INFO(c.species);
        booth.world.perform(booth.mallory, booth.site, Gesture::turn_left);
        CHECK((watch(booth, 4).left > 15) == c.turns);
        booth.world.perform(booth.mallory, booth.site, Gesture::blink);
        CHECK((watch(booth, 4).shut < 0.4F) == c.shuts_eyes);
    }
}

TEST_CASE("score observer: who sleeps has shut eyes and answers nothing") {
    Booth booth;
    ShownFace face;
    face.whose = booth.alice;
    face.eyes_shut = true;
    booth.world.show_face(booth.mallory, booth.site, face);
    booth.start_for(1);
    const FaceObservation o = booth.observe();
    CHECK(o.expression->eyes_open < 0.2F);
    CHECK(o.liveness_score > 0.5F);
    booth.world.perform(booth.mallory, booth.site, Gesture::turn_left);
    CHECK(watch(booth, 4).left < 10);
}

TEST_CASE("score observer: another camera is refused, and any is taken when none is pinned") {
    for (const bool pins : {true, false}) {
        ScoreObserverSetup setup;
        setup.pins_camera = pins;
        Booth booth(1, setup);
        ShownFace stream;
        stream.whose = booth.alice;
        booth.world.show_face(booth.mallory, booth.site);
        booth.world.replace_camera(booth.mallory, booth.site, CameraKind::virtual_device, stream);
        const auto started = booth.observer.start(std::array{make_template(1, 0, booth.scores.id)});
        CHECK(started.has_value() != pins);
        if (pins) {
            CHECK(started.error().code == Errc::denied);
            CHECK(started.error().vendor_code == static_cast<int>(FrameRefusal::camera_untrusted));
            continue;
        }
        CHECK(booth.observe().distance.value() < booth.scores.impostor.at(0.01));
    }
}

TEST_CASE("score observer: old frames are refused, and taken when nobody looks for them") {
    for (const bool refuses : {true, false}) {
        ScoreObserverSetup setup;
        setup.refuses_stale_frames = refuses;
        Booth booth(1, setup);
        ShownFace film;
        film.whose = booth.alice;
        booth.world.replace_camera(booth.mallory, booth.site, CameraKind::recording, film);
        booth.start_for(1);
        booth.scheduler.run_for(2s);
        const auto seen = booth.observer.poll();
        CHECK(seen.has_value() != refuses);
        if (!refuses) continue;
        CHECK(seen.error().code == Errc::denied);
        CHECK(seen.error().vendor_code == static_cast<int>(FrameRefusal::frame_stale));
    }
}

TEST_CASE("score model: every distribution of the simulator loads and tells people apart") {
    const char* source = std::getenv("STRONGROOM_SOURCE_DIR");
    if (source == nullptr) {
        std::cout << "SKIPPED: STRONGROOM_SOURCE_DIR does not name the source folder\n";
        return;
    }
    std::size_t models = 0;
    const auto folder = std::filesystem::path(source) / "backends" / "sim" / "data";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".json") continue;
        CAPTURE(entry.path().filename().string());
        const ScoreModel loaded = ScoreModel::load(entry.path());
        CHECK(loaded.id.value != 0);
        CHECK(loaded.provenance.size() > 20);
        CHECK(loaded.genuine.at(0.5) < loaded.impostor.at(0.01));
        CHECK(loaded.genuine.at(0.9) < loaded.impostor.at(0.1));
        ++models;
    }
    CHECK(models >= 1);
}

TEST_CASE("score model: files that are no score quantiles are refused with place and reason") {
    using Catch::Matchers::Contains;
    const auto refusal = [](std::string_view text) -> std::string {
        try {
            static_cast<void>(ScoreModel::parse(text, "scores.json"));
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "accepted";
    };
    const auto with = [](std::string_view genuine) {
        return std::string(R"({"model": "m", "provenance": {}, "templates": 1,
            "impostor_quantiles": [[0, 1], [1, 2]], "genuine_quantiles": )")
            .append(genuine)
            .append("}");
    };
    CHECK_THAT(refusal("nonsense"), Contains("scores.json: not a JSON object"));
    CHECK_THAT(refusal("{}"), Contains("'model'"));
    CHECK_THAT(refusal(R"({"model": "m"})"), Contains("'templates'"));
    CHECK_THAT(refusal(R"({"model": "m", "templates": 1})"), Contains("'provenance'"));
    CHECK_THAT(refusal(with("7")), Contains("genuine_quantiles is missing or not a list"));
    CHECK_THAT(refusal(with("[[0, 1]]")), Contains("two points"));
    CHECK_THAT(refusal(with("[[0, 1], [1]]")), Contains("entry 2"));
    CHECK_THAT(refusal(with("[[0, 1], [1.5, 2]]")), Contains("point 2: p is not within"));
    CHECK_THAT(refusal(with("[[0.5, 1], [0.5, 2]]")), Contains("p does not rise"));
    CHECK_THAT(refusal(with("[[0, 1], [1, 0.5]]")), Contains("the distance falls"));
    CHECK(refusal(with("[[0, 1], [1, 2]]")) == "accepted");
    CHECK_THROWS_WITH(ScoreModel::load("/nonexistent/scores.json"),
                      Contains("/nonexistent/scores.json") && Contains("cannot be read"));
}

}  // namespace
}  // namespace strongroom::sim
