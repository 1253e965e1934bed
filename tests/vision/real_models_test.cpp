// The real YuNet and DenseNet on real photographs, where they are there.
#include <algorithm>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "biometrics/evaluation.h"
#include "biometrics/protocol.h"
#include "catch.h"
#include "support.h"
#include "vision/enrolment.h"
#include "vision/image.h"
#include "vision/model_pack.h"
#include "vision/threads.h"

using namespace strongroom;
using namespace strongroom::vision;
namespace fs = std::filesystem;

namespace {

PackPlaces places_with(const fs::path& models) {
    use_one_thread();
    return {models, test::source_folder() / "core/vision/packs"};
}

hal::Frame picture(const fs::path& file) {
    const auto frame = read_image(file);
    REQUIRE(frame);
    return *frame;
}

}  // namespace

TEST_CASE("vision yunet: finds the boxes and points that OpenCV's own detector finds") {
    const auto models = test::shared_data("models");
    const auto images = test::shared_data("images/lfw-devtest");
    if (!models || !images) return;
    const auto places = places_with(*models);
    const auto pack = ModelPack::load(places, find_pack(places, "yunet"));
    auto reference =
        cv::FaceDetectorYN::create((*models / "face_detection_yunet_2022mar.onnx").string(), "",
                                   cv::Size(320, 320), 0.7F, 0.3F, 5000);
    int compared = 0;
    int taken = 0;
    for (const auto& entry : fs::directory_iterator(*images)) {
        if (entry.path().extension() != ".jpg" || ++taken > 40) continue;
        const hal::Frame frame = picture(entry.path());
        const cv::Mat image(frame.height, frame.width, CV_8UC3,
                            const_cast<std::uint8_t*>(frame.pixels->data()));
        reference->setInputSize(image.size());
        cv::Mat theirs;
        reference->detect(image, theirs);
        const auto ours = pack.detector().detect(frame);
        REQUIRE(ours);
        REQUIRE(ours->size() == static_cast<std::size_t>(theirs.rows));
        for (int row = 0; row < theirs.rows; ++row) {
            const auto* their = theirs.ptr<float>(row);
            const Box box{static_cast<double>(their[0]), static_cast<double>(their[1]),
                          static_cast<double>(their[2]), static_cast<double>(their[3])};
            // They are ordered by score, ours by size.
            const auto same = std::find_if(ours->begin(), ours->end(), [&](const Detection& d) {
                return overlap(d.box, box) > 0.98;
            });
            REQUIRE(same != ours->end());
            CHECK(same->score == Approx(static_cast<double>(their[14])).epsilon(1e-3));
            // Points of small faces are looked at twice: near, not equal.
            const double near = same == ours->begin() ? 0.15 * box.width : 0.01 * box.width;
            for (std::size_t i = 0; i < 5; ++i) {
                const Point& p = same->landmarks.points[i];
                CHECK(p.x == Approx(static_cast<double>(their[4 + 2 * i])).margin(near));
                CHECK(p.y == Approx(static_cast<double>(their[5 + 2 * i])).margin(near));
            }
            ++compared;
        }
    }
    CHECK(compared >= 40);
}

TEST_CASE("vision yunet: frames of every size have an outcome") {
    const auto models = test::shared_data("models");
    if (!models) return;
    const auto places = places_with(*models);
    const auto pack = ModelPack::load(places, find_pack(places, "yunet"));
    for (const auto& [width, height] : std::vector<std::pair<int, int>>{
             {1, 1}, {1, 500}, {500, 1}, {47, 47}, {48, 31}, {63, 65}, {321, 319}, {2000, 3}}) {
        INFO(width << " x " << height);
        const auto found = pack.detector().detect(test::plain_frame(width, height, 120));
        REQUIRE(found);
        CHECK(found->empty());
    }
    CHECK(pack.detector().detect(hal::Frame{}).error().code == Errc::corrupt);
}

TEST_CASE("vision yunet: a face is found at the same place in a larger picture") {
    const auto models = test::shared_data("models");
    const auto file = test::shared_data("images/face-recognition-samples/obama.jpg");
    if (!models || !file) return;
    const auto places = places_with(*models);
    const auto pack = ModelPack::load(places, find_pack(places, "yunet"));
    const hal::Frame whole = picture(*file);
    ImageLimits half;
    half.long_side = whole.height / 2;
    const auto small = normalise(whole, half);
    REQUIRE(small);
    const auto large_face = pack.detector().detect(whole);
    const auto small_face = pack.detector().detect(*small);
    REQUIRE(large_face->size() == 1);
    REQUIRE(small_face->size() == 1);
    const double factor = static_cast<double>(whole.width) / small->width;
    for (std::size_t i = 0; i < 5; ++i) {
        const Point& large = large_face->front().landmarks.points[i];
        const Point& point = small_face->front().landmarks.points[i];
        CHECK(point.x * factor == Approx(large.x).margin(6));
        CHECK(point.y * factor == Approx(large.y).margin(6));
    }
}

TEST_CASE("vision densenet: photographs of one man are nearer than those of another") {
    const auto models = test::shared_data("models");
    const auto images = test::shared_data("images/face-recognition-samples");
    if (!models || !images) return;
    const auto places = places_with(*models);
    const auto pack = ModelPack::load(places, find_pack(places, "dlib-densenet"));
    FaceAnalyser analyser(pack, nullptr);
    const auto features = [&](const char* name) {
        const auto measured = analyser.analyse(picture(*images / name));
        REQUIRE(measured);
        REQUIRE(measured->faces == 1);
        REQUIRE(measured->features.size() == 128);
        return measured->features;
    };
    const auto obama = features("obama.jpg");
    const double same =
        static_cast<double>(distance(Metric::euclidean, obama, features("obama3.jpg")));
    const double other =
        static_cast<double>(distance(Metric::euclidean, obama, features("biden.jpg")));
    CHECK(same < other);
    CHECK(other > pack.threshold().distance);
    CHECK(features("obama.jpg") == obama);  // bit for bit
}

TEST_CASE("vision densenet: a photograph becomes a template or is refused with a reason") {
    const auto models = test::shared_data("models");
    const auto images = test::shared_data("images");
    if (!models || !images) return;
    const auto places = places_with(*models);
    const auto pack = ModelPack::load(places, find_pack(places, "dlib-densenet"));
    FaceAnalyser analyser(pack, nullptr);
    int good = 0;
    for (const char* name : {"s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10"}) {
        if (make_template(analyser, picture(*images / "att-faces" / name / "1.pgm"))) ++good;
    }
    CHECK(good >= 9);
    CHECK(make_template(analyser, test::plain_frame(640, 480, 90)).error().reason ==
          EnrolmentRefusal::no_face);

    // Three people side by side.
    cv::Mat row;
    std::vector<cv::Mat> heads;
    for (const char* name : {"s1/1.pgm", "s2/1.pgm", "s3/1.pgm"}) {
        const auto frame = picture(*images / "att-faces" / name);
        heads.push_back(cv::Mat(frame.height, frame.width, CV_8UC3,
                                const_cast<std::uint8_t*>(frame.pixels->data()))
                            .clone());
    }
    cv::hconcat(heads, row);
    hal::Frame three;
    three.width = row.cols;
    three.height = row.rows;
    three.pixels = std::make_shared<const std::vector<std::uint8_t>>(
        row.datastart, row.datastart + row.total() * row.elemSize());
    const auto crowd = make_template(analyser, three);
    CHECK(crowd.error().reason == EnrolmentRefusal::several_faces);

    // Out of focus.
    const auto sharp = picture(*images / "face-recognition-samples/obama.jpg");
    CHECK(make_template(analyser, sharp));
    cv::Mat blurred;
    cv::GaussianBlur(cv::Mat(sharp.height, sharp.width, CV_8UC3,
                             const_cast<std::uint8_t*>(sharp.pixels->data())),
                     blurred, cv::Size(), 12);
    hal::Frame soft = sharp;
    soft.pixels = std::make_shared<const std::vector<std::uint8_t>>(
        blurred.datastart, blurred.datastart + blurred.total() * blurred.elemSize());
    const auto refused = make_template(analyser, soft);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == EnrolmentRefusal::blurred);
}

TEST_CASE("vision densenet: error rates agree with those that were measured elsewhere") {
    const auto models = test::shared_data("models");
    const auto faces = test::shared_data("images/att-faces");
    if (!models || !faces) return;
    const auto places = places_with(*models);
    const auto pack = ModelPack::load(places, find_pack(places, "dlib-densenet"));
    FaceAnalyser analyser(pack, nullptr);
    const auto people = biometrics::read_people(*faces);
    std::vector<std::vector<float>> features;
    for (const auto& shown : people.pictures) {
        const auto measured = analyser.analyse(picture(*faces / shown.file));
        REQUIRE(measured);
        REQUIRE_FALSE(measured->features.empty());
        features.push_back(measured->features);
    }
    std::vector<biometrics::Comparison> comparisons;
    for (const auto& pair : biometrics::all_pairs(people)) {
        comparisons.push_back(
            {people.pictures[pair.a].person, people.pictures[pair.b].person,
             static_cast<double>(distance(Metric::euclidean, features[pair.a], features[pair.b]))});
    }
    CHECK(comparisons.size() == 79800);
    biometrics::EvaluationOptions options;
    options.rounds = 50;
    const auto evaluation = biometrics::evaluate(comparisons, options);
    // Measured with another program on the same pictures: 3.1 %.
    CHECK(evaluation.equal_error.bounds.lower <= 0.031);
    CHECK(evaluation.equal_error.bounds.upper >= 0.031);
    CHECK(evaluation.equal_error.value < 0.045);
}
