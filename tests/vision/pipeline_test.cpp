#include <cmath>
#include <deque>
#include <limits>
#include <memory>
#include <vector>

#include "catch.h"
#include "support.h"
#include "vision/enrolment.h"
#include "vision/face_pipeline.h"

using namespace strongroom;
using namespace strongroom::vision;
using namespace std::chrono_literals;

namespace {

struct FakeClock final : hal::Clock {
    Instant at{10s};
    Instant now() const override { return at; }
    WallTime wall() const override { return {}; }
};

struct FakeCamera final : hal::Camera {
    struct Answer {
        std::optional<Errc> error;
        hal::Frame frame;
    };
    std::deque<Answer> answers;
    bool capturing = false;
    std::optional<Errc> refuses;
    Result<void> start() override {
        if (refuses) return fail(*refuses);
        capturing = true;
        return {};
    }
    hal::CameraIdentity is{"uvcvideo", "usb-1.2", "A1"};
    const hal::CameraIdentity& identity() const override { return is; }
    void stop() override { capturing = false; }
    Result<std::optional<hal::Frame>> poll() override {
        if (!capturing) return fail(Errc::denied);
        if (answers.empty()) return std::optional<hal::Frame>{};
        const Answer answer = answers.front();
        answers.pop_front();
        if (answer.error) return fail(*answer.error);
        return std::optional(answer.frame);
    }
};

// What each frame holds is set by the test; the frame's own pixels decide what is embedded.
struct FakeDetector final : FaceDetector {
    std::vector<Detection> faces;
    bool broken = false;
    Result<std::vector<Detection>> detect(const hal::Frame&) override {
        if (broken) return fail(Errc::corrupt);
        return faces;
    }
};

struct FakeEmbedder final : FaceEmbedder {
    bool broken = false;
    ChipTemplate chip_template() const override { return ChipTemplate::arcface; }
    int chip_size() const override { return 112; }
    Result<std::vector<float>> embed(const FaceChip& chip) override {
        if (broken) return fail(Errc::corrupt);
        std::vector<float> features(64, 0);
        features[0] = static_cast<float>(chip.pixels[0]);
        return features;
    }
};

struct FakeLiveness final : LivenessDetector {
    Result<LivenessReading> reading = LivenessReading{hal::Liveness::declared, 0.75};
    int tracks = 0;
    void begin_track() override { ++tracks; }
    Result<LivenessReading> assess(const hal::Frame&, const Detection&) override { return reading; }
};

struct FakeExpression final : ExpressionReader {
    Result<hal::FaceExpression> reading = hal::FaceExpression{0.25F, 0.5F, 0.75F};
    Result<hal::FaceExpression> read(const hal::Frame&, const Detection&) override {
        return reading;
    }
};

Detection face_at(double x, double y, double scale = 1) {
    Detection detection;
    detection.box = {x, y, 60 * scale, 70 * scale};
    detection.landmarks.points = {
        Point{x + 12 * scale, y + 20 * scale}, Point{x + 47 * scale, y + 20 * scale},
        Point{x + 30 * scale, y + 40 * scale}, Point{x + 15 * scale, y + 60 * scale},
        Point{x + 45 * scale, y + 60 * scale}};
    detection.score = 0.9;
    return detection;
}

struct Bench {
    FakeClock clock;
    FakeCamera camera;
    FakeLiveness liveness;
    FakeDetector* detector = new FakeDetector;
    FakeEmbedder* embedder = new FakeEmbedder;
    ModelPack pack;
    FacePipeline pipeline;
    std::uint64_t sequence = 0;

    explicit Bench(const PipelineOptions& options = {})
        : pack(manifest(), std::unique_ptr<FaceDetector>(detector),
               std::unique_ptr<FaceEmbedder>(embedder)),
          pipeline(camera, clock, pack, &liveness, options) {
        detector->faces = {face_at(50, 50)};
    }
    static PackManifest manifest() {
        PackManifest manifest;
        manifest.name = "fake";
        manifest.embedder = EmbedderKind::arcface_onnx;
        manifest.dimensions = 64;
        return manifest;
    }
    hal::FaceTemplate reference(float first) const {
        hal::FaceTemplate face{pack.model(), std::vector<float>(64, 0)};
        face.features[0] = first;
        return face;
    }
    Result<void> start(std::vector<float> firsts = {100}) {
        std::vector<hal::FaceTemplate> references;
        for (const float first : firsts) references.push_back(reference(first));
        return pipeline.start(references);
    }
    hal::Frame frame(std::uint8_t grey = 100) {
        auto frame = test::plain_frame(200, 200, grey);
        frame.captured = clock.at;
        frame.sequence = ++sequence;
        return frame;
    }
    hal::FaceObservation see(std::uint8_t grey = 100) {
        clock.at += 100ms;
        camera.answers.push_back({std::nullopt, frame(grey)});
        const auto seen = pipeline.poll();
        REQUIRE(seen);
        REQUIRE(*seen);
        return **seen;
    }
};

}  // namespace

TEST_CASE("vision pipeline: a detector that knows the pose is believed") {
    Bench bench;
    REQUIRE(bench.start());
    const auto estimated = bench.see();
    bench.detector->faces.front().pose = HeadPose{12, -7, 3};
    const auto told = bench.see();
    CHECK(estimated.yaw != told.yaw);
    CHECK(told.yaw == 12);
    CHECK(told.pitch == -7);
    CHECK(told.roll == 3);
}

TEST_CASE("vision pipeline: an expression is observed when the pack reads one") {
    Bench bench;
    REQUIRE(bench.start());
    CHECK_FALSE(bench.see().expression);

    auto* reader = new FakeExpression;
    bench.pack.read_expression_with(std::unique_ptr<ExpressionReader>(reader));
    const auto seen = bench.see();
    REQUIRE(seen.expression);
    CHECK(seen.expression->eyes_open == 0.25F);
    CHECK(seen.expression->mouth_open == 0.5F);
    CHECK(seen.expression->smile == 0.75F);

    reader->reading = fail(Errc::out_of_range);
    CHECK_FALSE(bench.see().expression);
}

TEST_CASE("vision pipeline: a frame becomes an observation of the largest face") {
    Bench bench;
    REQUIRE(bench.start({90, 130}));
    const auto seen = bench.see(100);
    CHECK(seen.captured == bench.clock.at);
    CHECK(seen.sequence == 1);
    CHECK(seen.faces == 1);
    CHECK(seen.track);
    CHECK(seen.model == bench.pack.model());
    CHECK(seen.face_size == Approx(35));
    CHECK(seen.brightness == Approx(100));
    REQUIRE(seen.distance);
    CHECK(*seen.distance == Approx(10));  // the nearer of the two
    CHECK(seen.liveness == hal::Liveness::declared);
    CHECK(seen.liveness_score == Approx(0.75));
}

TEST_CASE("vision pipeline: no face and three faces are observations, not errors") {
    Bench bench;
    REQUIRE(bench.start());
    bench.detector->faces = {};
    auto seen = bench.see();
    CHECK(seen.faces == 0);
    CHECK_FALSE(seen.track);
    CHECK_FALSE(seen.distance);
    CHECK(seen.liveness_score == 0);
    bench.detector->faces = {face_at(10, 10), face_at(80, 80), face_at(120, 20),
                             face_at(5, 5, 0.2)};
    seen = bench.see();
    CHECK(seen.faces == 3);  // the fourth is too small to be at the terminal
    CHECK(seen.distance);
}

TEST_CASE("vision pipeline: the track changes whenever it may be another face") {
    Bench bench;
    REQUIRE(bench.start());
    const auto first = bench.see().track;
    bench.detector->faces = {face_at(55, 52)};
    CHECK(bench.see().track == first);
    SECTION("after a jump") {
        bench.detector->faces = {face_at(120, 120)};
        CHECK(bench.see().track != first);
    }
    SECTION("not after one frame in which it was not found") {
        bench.detector->faces = {};
        (void)bench.see();
        bench.detector->faces = {face_at(55, 52)};
        CHECK(bench.see().track == first);
    }
    SECTION("after it was not found for longer") {
        bench.detector->faces = {};
        (void)bench.see();
        (void)bench.see();
        bench.detector->faces = {face_at(55, 52)};
        CHECK(bench.see().track != first);
    }
    SECTION("after a gap in time") {
        bench.clock.at += 5s;
        CHECK(bench.see().track != first);
    }
    SECTION("after an error of the camera") {
        bench.camera.answers.push_back({Errc::corrupt, {}});
        CHECK(bench.pipeline.poll().error().code == Errc::corrupt);
        CHECK(bench.see().track != first);
    }
    SECTION("after a restart") {
        REQUIRE(bench.start());
        CHECK(bench.see().track != first);
    }
}

TEST_CASE("vision pipeline: only templates of its own model and size are compared") {
    Bench bench;
    CHECK(bench.pipeline.start({}).error().code == Errc::unsupported);
    auto foreign = bench.reference(1);
    foreign.model.value ^= 1;
    CHECK(bench.pipeline.start(std::vector{foreign}).error().code == Errc::unsupported);
    auto shorter = bench.reference(1);
    shorter.features.pop_back();
    CHECK(bench.pipeline.start(std::vector{shorter}).error().code == Errc::unsupported);
    CHECK_FALSE(bench.camera.capturing);
}

TEST_CASE("vision pipeline: nothing is observed before start or after stop") {
    Bench bench;
    CHECK(bench.pipeline.poll().error().code == Errc::denied);
    CHECK(bench.pipeline.next_poll() == never);
    REQUIRE(bench.start());
    CHECK(bench.camera.capturing);
    CHECK(bench.pipeline.next_poll() <= bench.clock.at);
    bench.pipeline.stop();
    bench.pipeline.stop();
    CHECK_FALSE(bench.camera.capturing);
    CHECK(bench.pipeline.poll().error().code == Errc::denied);
    CHECK(bench.pipeline.next_poll() == never);
}

TEST_CASE("vision pipeline: a frame from before the start is not observed") {
    Bench bench;
    bench.camera.answers.push_back({std::nullopt, bench.frame()});
    bench.clock.at += 1s;
    REQUIRE(bench.start());
    const auto seen = bench.pipeline.poll();
    REQUIRE(seen);
    CHECK_FALSE(*seen);
    CHECK(bench.see().faces == 1);
}

namespace {

// A picture with something in it; equal numbers give equal pictures.
hal::Frame picture(Bench& bench, std::uint8_t number) {
    hal::Frame frame = bench.frame();
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(*frame.pixels);
    (*pixels)[1000] = static_cast<std::uint8_t>(number + 1);
    frame.pixels = std::move(pixels);
    return frame;
}

std::int32_t refusal(FrameRefusal why) { return static_cast<std::int32_t>(why); }

PipelineOptions pinned_to(const hal::CameraIdentity& camera) {
    PipelineOptions options;
    options.camera_pin = camera;
    return options;
}

// What becomes of one more frame: true when it is observed.
bool observed(Bench& bench, const hal::Frame& frame) {
    bench.camera.answers.push_back({std::nullopt, frame});
    const auto seen = bench.pipeline.poll();
    REQUIRE(seen);
    return seen->has_value();
}

}  // namespace

TEST_CASE("vision pipeline: another camera than the pinned one is refused before its first frame") {
    Bench bench(pinned_to({"uvcvideo", "usb-1.2", "B2"}));
    const auto started = bench.start();
    REQUIRE_FALSE(started);
    CHECK(started.error().code == Errc::denied);
    CHECK(started.error().vendor_code == refusal(FrameRefusal::camera_untrusted));
    CHECK_FALSE(bench.camera.capturing);
    bench.camera.is.serial = "B2";
    REQUIRE(bench.start());
    CHECK(bench.see().faces == 1);
}

TEST_CASE("vision pipeline: a camera that becomes another one while it captures is refused") {
    Bench bench(pinned_to({"uvcvideo", "usb-1.2", "A1"}));
    REQUIRE(bench.start());
    CHECK(bench.see().faces == 1);
    bench.camera.is = {"v4l2loopback", "platform", ""};
    bench.clock.at += 100ms;
    bench.camera.answers.push_back({std::nullopt, bench.frame()});
    for (int i = 0; i < 2; ++i) {  // and stays so until it is started again
        const auto seen = bench.pipeline.poll();
        REQUIRE_FALSE(seen);
        CHECK(seen.error().code == Errc::denied);
        CHECK(seen.error().vendor_code == refusal(FrameRefusal::camera_untrusted));
    }
    CHECK_FALSE(bench.camera.capturing);
    bench.camera.is = {"uvcvideo", "usb-1.2", "A1"};
    REQUIRE(bench.start());
    CHECK(bench.see().faces == 1);
}

TEST_CASE("vision pipeline: pictures of an earlier visit are refused, and the visit with them") {
    Bench bench;
    REQUIRE(bench.start());
    for (std::uint8_t i = 0; i < 3; ++i) {
        bench.clock.at += 100ms;
        CHECK(observed(bench, picture(bench, i)));
    }
    bench.pipeline.stop();
    REQUIRE(bench.start());
    for (std::uint8_t i = 0; i < 2; ++i) {
        bench.clock.at += 100ms;
        CHECK_FALSE(observed(bench, picture(bench, i)));
    }
    SECTION("a fresh one in between is observed, on another track") {
        bench.clock.at += 100ms;
        CHECK(observed(bench, picture(bench, 50)));
        bench.clock.at += 100ms;
        CHECK_FALSE(observed(bench, picture(bench, 2)));
    }
    SECTION("the third in a row ends it") {
        bench.clock.at += 100ms;
        bench.camera.answers.push_back({std::nullopt, picture(bench, 2)});
        const auto seen = bench.pipeline.poll();
        REQUIRE_FALSE(seen);
        CHECK(seen.error().code == Errc::denied);
        CHECK(seen.error().vendor_code == refusal(FrameRefusal::frame_stale));
        CHECK_FALSE(bench.camera.capturing);
    }
}

TEST_CASE("vision pipeline: photographs may repeat where the composition says so") {
    PipelineOptions options;
    options.refuse_repeated = false;
    Bench bench(options);
    REQUIRE(bench.start());
    for (int i = 0; i < 5; ++i) {
        bench.clock.at += 100ms;
        CHECK(observed(bench, picture(bench, 1)));
    }
}

TEST_CASE("vision pipeline: frames out of order, and of the future, are refused") {
    Bench bench;
    REQUIRE(bench.start());
    CHECK(bench.see().faces == 1);
    bench.clock.at += 100ms;
    hal::Frame frame = picture(bench, 1);
    SECTION("the same sequence number again") { --frame.sequence; }
    SECTION("an earlier time") { frame.captured -= 101ms; }
    SECTION("a time to come") { frame.captured += 1ns; }
    CHECK_FALSE(observed(bench, frame));
    bench.clock.at += 100ms;
    CHECK(observed(bench, picture(bench, 1)));  // what was refused is not remembered
}

TEST_CASE("vision freshness: the oldest pictures are forgotten first") {
    Bench bench;
    FreshnessGuard guard({true, 2});
    guard.begin(bench.clock.at);
    const auto judge = [&](std::uint8_t number) {
        bench.clock.at += 1ms;
        return guard.judge(picture(bench, number), bench.clock.at);
    };
    using enum FreshnessGuard::Verdict;
    CHECK(judge(1) == fresh);
    CHECK(judge(2) == fresh);
    CHECK(judge(1) == repeated);
    CHECK(judge(3) == fresh);
    CHECK(judge(2) == repeated);
    CHECK(judge(1) == fresh);  // 2 and 3 were newer
}

TEST_CASE("vision freshness: a lens that shows nothing may show it again") {
    Bench bench;
    FreshnessGuard guard({});
    guard.begin(bench.clock.at);
    for (int i = 0; i < 3; ++i) {
        bench.clock.at += 1ms;
        CHECK(guard.judge(bench.frame(255), bench.clock.at) == FreshnessGuard::Verdict::fresh);
    }
}

TEST_CASE("vision pipeline: the camera's errors are passed on") {
    Bench bench;
    bench.camera.refuses = Errc::busy;
    CHECK(bench.start().error().code == Errc::busy);
    CHECK(bench.pipeline.poll().error().code == Errc::denied);
    bench.camera.refuses.reset();
    REQUIRE(bench.start());
    for (const Errc code : {Errc::disconnected, Errc::timeout, Errc::corrupt}) {
        bench.camera.answers.push_back({code, {}});
        CHECK(bench.pipeline.poll().error().code == code);
    }
    CHECK(bench.see().faces == 1);
}

TEST_CASE("vision pipeline: a damaged frame is corrupt and the next one is observed") {
    Bench bench;
    REQUIRE(bench.start());
    auto frame = bench.frame();
    frame.width = 7;
    bench.camera.answers.push_back({std::nullopt, frame});
    CHECK(bench.pipeline.poll().error().code == Errc::corrupt);
    bench.detector->broken = true;
    bench.camera.answers.push_back({std::nullopt, bench.frame()});
    CHECK(bench.pipeline.poll().error().code == Errc::corrupt);
    bench.detector->broken = false;
    CHECK(bench.see().faces == 1);
}

TEST_CASE("vision pipeline: what could not be embedded has no distance") {
    Bench bench;
    REQUIRE(bench.start());
    bench.embedder->broken = true;
    CHECK_FALSE(bench.see().distance);
    bench.embedder->broken = false;
    CHECK(bench.see().distance);
    bench.detector->faces[0].landmarks.points = {};  // nothing to align on
    const auto seen = bench.see();
    CHECK(seen.faces == 1);
    CHECK_FALSE(seen.distance);
    CHECK(seen.face_size == 0);
    bench.detector->faces[0].landmarks.points[0].x = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(bench.see().distance);
}

TEST_CASE("vision pipeline: without a liveness detector or with a broken one nothing is alive") {
    Bench bench;
    REQUIRE(bench.start());
    bench.liveness.reading = fail(Errc::corrupt);
    auto seen = bench.see();
    CHECK(seen.liveness == hal::Liveness::measured);
    CHECK(seen.liveness_score == 0);
    FacePipeline plain(bench.camera, bench.clock, bench.pack, nullptr);
    REQUIRE(plain.start(std::vector{bench.reference(1)}));
    bench.camera.answers.push_back({std::nullopt, bench.frame()});
    const auto observed = plain.poll();
    REQUIRE(observed);
    CHECK((*observed)->liveness_score == 0);
    CHECK((*observed)->liveness == hal::Liveness::measured);
}

TEST_CASE("vision pipeline: liveness is told of every new track, before it sees its first frame") {
    Bench bench;
    REQUIRE(bench.start());
    (void)bench.see();
    (void)bench.see();
    CHECK(bench.liveness.tracks == 1);
    bench.detector->faces = {face_at(120, 120)};
    (void)bench.see();
    CHECK(bench.liveness.tracks == 2);
    bench.detector->faces = {};
    (void)bench.see();
    (void)bench.see();
    bench.detector->faces = {face_at(120, 120)};
    (void)bench.see();
    CHECK(bench.liveness.tracks == 3);
    bench.camera.answers.push_back({Errc::corrupt, {}});
    (void)bench.pipeline.poll();
    (void)bench.see();
    CHECK(bench.liveness.tracks == 4);
    FaceAnalyser single(bench.pack, &bench.liveness);
    CHECK(single.analyse(bench.frame())->track == TrackId{});
    CHECK(single.analyse(bench.frame())->track == TrackId{});
    CHECK(bench.liveness.tracks == 6);
}

TEST_CASE("vision pipeline: the same frame gives the same observation") {
    Bench bench;
    REQUIRE(bench.start());
    const auto a = bench.see(77);
    const auto b = bench.see(77);
    CHECK(a.distance == b.distance);
    CHECK(a.sharpness == b.sharpness);
    CHECK(a.yaw == b.yaw);
}

TEST_CASE("vision enrolment: each limit refuses with its own reason") {
    FaceMeasurement good;
    good.faces = 1;
    good.quality = {60, 200, 120, 50, {}};
    const EnrolmentLimits limits;
    CHECK_FALSE(refusal_of(good, limits));
    const auto refused = [&](auto change) {
        FaceMeasurement bad = good;
        change(bad);
        return refusal_of(bad, limits);
    };
    CHECK(refused([](auto& m) { m.faces = 0; }) == EnrolmentRefusal::no_face);
    CHECK(refused([](auto& m) { m.faces = 2; }) == EnrolmentRefusal::several_faces);
    CHECK(refused([](auto& m) { m.quality.eye_distance = 10; }) == EnrolmentRefusal::too_small);
    CHECK(refused([](auto& m) { m.quality.brightness = 10; }) == EnrolmentRefusal::too_dark);
    CHECK(refused([](auto& m) { m.quality.brightness = 250; }) == EnrolmentRefusal::too_bright);
    CHECK(refused([](auto& m) { m.quality.contrast = 3; }) == EnrolmentRefusal::low_contrast);
    CHECK(refused([](auto& m) { m.quality.sharpness = 1; }) == EnrolmentRefusal::blurred);
    CHECK(refused([](auto& m) { m.quality.pose.yaw = -60; }) == EnrolmentRefusal::turned_away);
    CHECK(refused([](auto& m) { m.quality.pose.pitch = 60; }) == EnrolmentRefusal::turned_away);
    CHECK(refused([](auto& m) { m.quality.pose.roll = 60; }) == EnrolmentRefusal::turned_away);
    CHECK(refused([](auto& m) { m.quality.eye_distance = std::nan(""); }) ==
          EnrolmentRefusal::too_small);
    CHECK(refused([](auto& m) { m.quality.sharpness = std::nan(""); }) ==
          EnrolmentRefusal::blurred);
}

TEST_CASE("vision enrolment: a template carries the model and the features of the frame") {
    Bench bench;
    FaceAnalyser analyser(bench.pack, nullptr);
    EnrolmentLimits limits;
    limits.sharpness_min = limits.contrast_min = 0;
    const auto made = make_template(analyser, bench.frame(123), limits);
    REQUIRE(made);
    CHECK(made->face.model == bench.pack.model());
    CHECK(made->face.features[0] == 123);
    CHECK(make_template(analyser, hal::Frame{}).error().reason == EnrolmentRefusal::bad_frame);
    const auto flat = make_template(analyser, bench.frame(123));
    CHECK(flat.error().reason == EnrolmentRefusal::low_contrast);
    CHECK(flat.error().quality.brightness == Approx(123));
    FaceAnalyser wary(bench.pack, &bench.liveness);
    CHECK(make_template(wary, bench.frame(), limits));
    bench.liveness.reading->score = 0.49;
    CHECK(make_template(wary, bench.frame(), limits).error().reason == EnrolmentRefusal::not_live);
    bench.liveness.reading = fail(Errc::corrupt);
    CHECK(make_template(wary, bench.frame(), limits).error().reason == EnrolmentRefusal::not_live);
    bench.embedder->broken = true;
    CHECK(make_template(analyser, bench.frame(), limits).error().reason ==
          EnrolmentRefusal::model_failed);
}
