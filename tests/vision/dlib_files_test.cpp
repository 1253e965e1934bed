// Files of the same kinds as dlib's, written here because the real ones are not everybody's: a
// residual network with random weights, saved as training saves it, and a small landmark model.
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include <dlib/dnn.h>
#include <dlib/image_processing.h>

#include "catch.h"
#include "support.h"
#include "vision/image.h"
#include "vision/model_pack.h"
#include "vision/threads.h"

using namespace strongroom;
using namespace strongroom::vision;

namespace {

// As in dlib's own example of face recognition, with batch normalisation as in training.
template <template <int, template <typename> class, int, typename> class block, int N,
          template <typename> class BN, typename SUBNET>
using residual = dlib::add_prev1<block<N, BN, 1, dlib::tag1<SUBNET>>>;
template <template <int, template <typename> class, int, typename> class block, int N,
          template <typename> class BN, typename SUBNET>
using residual_down = dlib::add_prev2<
    dlib::avg_pool<2, 2, 2, 2, dlib::skip1<dlib::tag2<block<N, BN, 2, dlib::tag1<SUBNET>>>>>>;
template <int N, template <typename> class BN, int stride, typename SUBNET>
using block =
    BN<dlib::con<N, 3, 3, 1, 1, dlib::relu<BN<dlib::con<N, 3, 3, stride, stride, SUBNET>>>>>;
template <int N, typename SUBNET>
using res = dlib::relu<residual<block, N, dlib::bn_con, SUBNET>>;
template <int N, typename SUBNET>
using down = dlib::relu<residual_down<block, N, dlib::bn_con, SUBNET>>;
template <typename SUBNET>
using level4 = res<32, res<32, res<32, SUBNET>>>;
template <typename SUBNET>
using level3 = res<64, res<64, res<64, down<64, SUBNET>>>>;
template <typename SUBNET>
using level2 = res<128, res<128, down<128, SUBNET>>>;
template <typename SUBNET>
using level1 = res<256, res<256, down<256, SUBNET>>>;
using TrainingNetwork = dlib::loss_metric<dlib::fc_no_bias<
    128, dlib::avg_pool_everything<
             down<256, level1<level2<level3<level4<dlib::max_pool<
                           3, 3, 2, 2,
                           dlib::relu<dlib::bn_con<dlib::con<
                               32, 7, 7, 2, 2, dlib::input_rgb_image_sized<150>>>>>>>>>>>>>;

// Random weights, settled by one look at a picture, as a file.
std::string resnet_file() {
    TrainingNetwork network;
    dlib::matrix<dlib::rgb_pixel> image(150, 150);
    for (long row = 0; row < 150; ++row) {
        for (long column = 0; column < 150; ++column) {
            image(row, column) = dlib::rgb_pixel(static_cast<unsigned char>(row),
                                                 static_cast<unsigned char>(column), 90);
        }
    }
    (void)network(image);
    network.clean();
    std::ostringstream out;
    serialize(network, out);
    return out.str();
}

// A landmark model trained on one blob in a few places.
std::string landmark_file(unsigned long points) {
    dlib::array<dlib::array2d<unsigned char>> images;
    std::vector<std::vector<dlib::full_object_detection>> objects;
    for (long i = 0; i < 4; ++i) {
        dlib::array2d<unsigned char> image(80, 80);
        dlib::assign_all_pixels(image, 40);
        const dlib::rectangle box(10 + i, 10, 60 + i, 60);
        std::vector<dlib::point> parts;
        for (unsigned long k = 0; k < points; ++k) {
            parts.emplace_back(20 + i + 7 * static_cast<long>(k),
                               30 + static_cast<long>(k % 2) * 9);
            image[parts.back().y()][parts.back().x()] = 255;
        }
        images.push_back(image);
        objects.push_back({dlib::full_object_detection(box, parts)});
    }
    dlib::shape_predictor_trainer trainer;
    trainer.set_cascade_depth(2);
    trainer.set_tree_depth(2);
    trainer.set_num_trees_per_cascade_level(5);
    trainer.set_oversampling_amount(5);
    std::ostringstream out;
    serialize(trainer.train(images, objects), out);
    return out.str();
}

FaceChip chip_with(std::uint8_t value) {
    FaceChip chip;
    chip.size = 150;
    for (int i = 0; i < 150 * 150 * 3; ++i) {
        chip.pixels.push_back(static_cast<std::uint8_t>(value + i % 151));
    }
    return chip;
}

std::string manifest_of(const std::string& detector, const std::string& network) {
    return "pack: mine\n" + detector +
           "embedder:\n  kind: dlib-resnet\n  metric: euclidean\n  dimensions: 128\n"
           "  file: {name: net.dat, sha256: " +
           test::digest_of(network) + "}\n";
}

std::string landmarks_of(const std::string& file) {
    return "detector: {kind: dlib-hog}\nlandmarks: {file: {name: marks.dat, sha256: " +
           test::digest_of(file) + "}}\n";
}

}  // namespace

TEST_CASE("vision resnet: a network saved in training is loaded and gives the same numbers") {
    use_one_thread();
    const test::TemporaryFolder folder;
    const std::string network = resnet_file();
    const std::string marks = landmark_file(5);
    folder.write("net.dat", network);
    folder.write("marks.dat", marks);
    folder.write("mine.pack.yaml", manifest_of(landmarks_of(marks), network));
    const PackPlaces places{folder.path(), {}};
    const auto pack = ModelPack::load(places, find_pack(places, "mine"));
    REQUIRE(pack.embedder() != nullptr);
    const auto a = pack.embedder()->embed(chip_with(3));
    REQUIRE(a);
    CHECK(a->size() == 128);
    CHECK(*pack.embedder()->embed(chip_with(3)) == *a);
    CHECK(*pack.embedder()->embed(chip_with(90)) != *a);
    FaceChip small = chip_with(3);
    small.size = 112;
    CHECK(pack.embedder()->embed(small).error().code == Errc::out_of_range);

    // The whole walk, where there is a photograph: HOG finds, five points align, the network
    // embeds.
    const auto file = test::shared_data("images/face-recognition-samples/obama.jpg");
    if (!file) return;
    const auto frame = read_image(*file);
    REQUIRE(frame);
    const auto faces = pack.detector().detect(*frame);
    REQUIRE(faces);
    REQUIRE(faces->size() == 1);
    CHECK(faces->front().landmarks.scheme == LandmarkScheme::corners);
    CHECK(align(*frame, faces->front().landmarks, ChipTemplate::dlib, 150));
}

TEST_CASE("vision resnet: a cut network file and a landmark model of other points are refused") {
    const test::TemporaryFolder folder;
    const std::string marks = landmark_file(5);
    const std::string cut = resnet_file().substr(0, 5'000'000);
    folder.write("net.dat", cut);
    folder.write("marks.dat", marks);
    folder.write("mine.pack.yaml", manifest_of(landmarks_of(marks), cut));
    const PackPlaces places{folder.path(), {}};
    const auto failure = [&] {
        try {
            (void)ModelPack::load(places, find_pack(places, "mine"));
            return std::string();
        } catch (const PackError& problem) {
            return std::string(problem.what());
        }
    };
    CHECK(failure().find("net.dat cannot be loaded as embedder") != std::string::npos);
    const std::string four = landmark_file(4);
    folder.write("marks.dat", four);
    folder.write("mine.pack.yaml", manifest_of(landmarks_of(four), cut));
    CHECK(failure().find("marks.dat cannot be loaded as landmarks: has 4 landmarks") !=
          std::string::npos);
}

TEST_CASE("vision align: dlib's five corners land where dlib's own chips have them") {
    // dlib's recipe and ours on the same points.
    Landmarks landmarks;
    landmarks.scheme = LandmarkScheme::corners;
    landmarks.points = {Point{180, 100}, Point{150, 104}, Point{80, 101}, Point{110, 103},
                        Point{131, 160}};
    std::vector<dlib::point> parts;
    for (const Point& p : landmarks.points) {
        parts.emplace_back(static_cast<long>(p.x), static_cast<long>(p.y));
    }
    const dlib::full_object_detection shape(dlib::rectangle(60, 60, 200, 200), parts);
    dlib::array2d<dlib::rgb_pixel> image(256, 256);
    auto pixels = std::vector<std::uint8_t>(256U * 256U * 3U);
    for (long y = 0; y < 256; ++y) {
        for (long x = 0; x < 256; ++x) {
            const auto value = static_cast<unsigned char>((x + 2 * y) / 3);  // smooth
            image[y][x] = dlib::rgb_pixel(value, value, value);
            for (int k = 0; k < 3; ++k) {
                pixels[(static_cast<std::size_t>(y) * 256 + static_cast<std::size_t>(x)) * 3 +
                       static_cast<std::size_t>(k)] = value;
            }
        }
    }
    dlib::array2d<dlib::rgb_pixel> theirs;
    dlib::extract_image_chip(image, dlib::get_face_chip_details(shape, 150, 0.25), theirs);
    hal::Frame frame = test::plain_frame(256, 256, 0);
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(pixels);
    const auto ours = align(frame, landmarks, ChipTemplate::dlib, 150);
    REQUIRE(ours);
    for (long y = 10; y < 140; y += 13) {
        for (long x = 10; x < 140; x += 13) {
            const auto at = (static_cast<std::size_t>(y) * 150 + static_cast<std::size_t>(x)) * 3;
            CHECK(std::abs(static_cast<int>(ours->pixels[at]) -
                           static_cast<int>(theirs[y][x].red)) <= 2);
        }
    }
}
