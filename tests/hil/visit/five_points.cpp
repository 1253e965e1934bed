#include "five_points.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/opencv.h>
#include <opencv2/imgproc.hpp>

#include "people/renderer.h"
#include "people/sets.h"

namespace strongroom::test {

namespace {

constexpr std::size_t people_drawn = 300;
constexpr std::size_t pictures_each = 3;

people::Shot draw_shot(Rng& rng) {
    const double difficulty = rng.uniform(0.1, 0.6);
    people::Shot shot = people::random_shot(rng, difficulty);
    people::vary_within_visit(shot, rng, difficulty);
    shot.noise_seed = rng.next();
    // Heads that turn and nod, as a challenge asks for.
    shot.pose.yaw = std::clamp(shot.pose.yaw + rng.normal(0, 11), -32.0, 32.0);
    shot.pose.pitch = std::clamp(shot.pose.pitch + rng.normal(0, 8), -26.0, 26.0);
    return shot;
}

struct Examples {
    dlib::array<dlib::array2d<unsigned char>> images;
    std::vector<std::vector<dlib::full_object_detection>> faces;
};

class Maker {
public:
    void add(const people::Picture& picture, Examples& to) {
        if (!picture.face) return;
        const cv::Mat bgr(picture.height, picture.width, CV_8UC3,
                          const_cast<std::uint8_t*>(picture.pixels.data()));
        cv::Mat grey;
        cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
        const double factor =
            static_cast<double>(detector_long_side) / std::max(grey.cols, grey.rows);
        cv::Mat searched;
        cv::resize(grey, searched, {}, factor, factor, cv::INTER_AREA);
        const auto found = detector_(dlib::cv_image<unsigned char>(searched));
        if (found.size() != 1) return;
        const auto scaled = [&](long value) {
            return std::lround(static_cast<double>(value) / factor);
        };
        const dlib::rectangle box(scaled(found[0].left()), scaled(found[0].top()),
                                  scaled(found[0].right()), scaled(found[0].bottom()));
        std::vector<dlib::point> points;
        for (const vision::Point& p : picture.face->landmarks().points) {
            points.emplace_back(std::lround(p.x), std::lround(p.y));
        }
        dlib::array2d<unsigned char> image;
        dlib::assign_image(image, dlib::cv_image<unsigned char>(grey));
        to.images.push_back(image);
        to.faces.push_back({dlib::full_object_detection(box, points)});
    }

private:
    dlib::frontal_face_detector detector_ = dlib::get_frontal_face_detector();
};

Examples make_examples() {
    Examples examples;
    Maker maker;
    people::Renderer renderer(1);
    for (std::size_t i = 0; i < people_drawn; ++i) {
        // Whom the embedded model was not trained on.
        const std::uint64_t seed = people::seed_in(people::Set::training, 500'000 + i);
        const people::Head head = people::make_head(seed);
        Rng rng(seed);
        for (std::size_t j = 0; j < pictures_each; ++j) {
            maker.add(renderer.render(head, draw_shot(rng)), examples);
        }
    }
    if (examples.faces.size() < people_drawn * pictures_each / 2) {
        throw std::runtime_error("the detector finds too few of the faces");
    }
    return examples;
}

}  // namespace

std::string train_five_points() {
    const Examples examples = make_examples();
    dlib::shape_predictor_trainer trainer;
    trainer.set_cascade_depth(10);
    trainer.set_num_trees_per_cascade_level(60);
    trainer.set_tree_depth(4);
    trainer.set_nu(0.1);
    trainer.set_feature_pool_size(300);
    trainer.set_num_test_splits(20);
    trainer.set_oversampling_amount(6);
    trainer.set_num_threads(2);
    trainer.set_random_seed("five points");
    const dlib::shape_predictor predictor = trainer.train(examples.images, examples.faces);
    std::ostringstream file;
    dlib::serialize(predictor, file);
    return file.str();
}

}  // namespace strongroom::test
