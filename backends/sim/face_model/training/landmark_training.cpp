#include "landmark_training.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <stdexcept>

#include <dlib/image_processing.h>
#include <opencv2/imgproc.hpp>

#include "hog_search.h"
#include "scenes.h"

namespace strongroom::face_model {

namespace {

// One picture: the part around the face, and the truth in its pixels.
struct Sample {
    cv::Mat grey;
    vision::Box box;  // the detector's; drawn like one when it found nothing
    bool found = false;
    Shape shape{};
    people::FaceTruth truth;
};

double side_of(const vision::Box& box) { return std::sqrt(box.area()); }

GreyImage view(const cv::Mat& grey) { return {grey.data, grey.cols, grey.rows, grey.step[0]}; }

// The detector's box for this face; none when it has none there.
std::optional<vision::Box> box_for(const std::vector<Found>& found, const vision::Box& truth) {
    std::optional<vision::Box> best;
    double most = 0.3;
    for (const Found& candidate : found) {
        const double common = vision::overlap(candidate.box, truth);
        if (common > most) {
            most = common;
            best = candidate.box;
        }
    }
    return best;
}

void cut_out(Sample& sample, const cv::Mat& whole) {
    const vision::Box& box = sample.box;
    const int margin = static_cast<int>(box.width * 0.6);
    const cv::Rect wanted(static_cast<int>(box.x) - margin, static_cast<int>(box.y) - margin,
                          static_cast<int>(box.width) + 2 * margin,
                          static_cast<int>(box.height) + 2 * margin);
    const cv::Rect part = wanted & cv::Rect(0, 0, whole.cols, whole.rows);
    sample.grey = whole(part).clone();
    sample.box.x -= part.x;
    sample.box.y -= part.y;
    for (std::size_t i = 0; i < people::point_count; ++i) {
        const vision::Point& p = sample.truth.points[i];
        sample.shape[i] = {p.x - part.x, p.y - part.y};
    }
}

constexpr std::size_t pictures_each = 3;

class SampleMaker {
public:
    // Neighbouring indices are one person: preparing a head costs as much as rendering it twice.
    Sample make(people::Set set, std::size_t index, std::uint64_t seed) {
        Rng rng = Rng(seed + index * 7919).fork(people::to_string(set));
        const people::Head head = person_of(set, index / pictures_each);
        for (int attempt = 0; attempt < 20; ++attempt) {
            const auto shot = draw_shot(rng, rng.uniform(0.1, 0.9), true);
            const people::Picture picture = renderer_.render(head, shot);
            if (!picture.face) continue;
            const cv::Mat bgr(picture.height, picture.width, CV_8UC3,
                              const_cast<std::uint8_t*>(picture.pixels.data()));
            cv::Mat grey;
            cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
            Sample sample;
            sample.truth = *picture.face;
            const auto box = box_for(hog_.find(view(grey)), sample.truth.box);
            sample.found = box.has_value();
            sample.box = box ? *box : BoxHabit{}.draw(sample.truth, rng);
            cut_out(sample, grey);
            return sample;
        }
        throw std::runtime_error("no picture of training person " + std::to_string(index) +
                                 " shows a face");
    }

private:
    people::Renderer renderer_{1};
    HogSearch hog_;
};

std::vector<Sample> make_samples(people::Set set, std::size_t count, const LandmarkPlan& plan) {
    std::vector<Sample> samples(count);
    std::vector<std::unique_ptr<SampleMaker>> makers;
    for (std::size_t i = 0; i < plan.threads; ++i) {
        makers.push_back(std::make_unique<SampleMaker>());
    }
    const std::size_t persons = (count + pictures_each - 1) / pictures_each;
    in_parallel(persons, plan.threads, [&](std::size_t person, std::size_t thread) {
        const std::size_t end = std::min(count, (person + 1) * pictures_each);
        for (std::size_t i = person * pictures_each; i < end; ++i) {
            samples[i] = makers[thread]->make(set, i, plan.seed);
        }
        if (person % 200 == 0) {
            std::printf("landmarks: picture %zu of %zu\n", person * pictures_each, count);
            std::fflush(stdout);
        }
    });
    return samples;
}

struct Spread {
    double mean = 0;
    double deviation = 0;
};
Spread spread_of(const std::vector<double>& values) {
    Spread spread;
    for (const double value : values) spread.mean += value;
    spread.mean /= static_cast<double>(values.size());
    for (const double value : values) {
        spread.deviation += (value - spread.mean) * (value - spread.mean);
    }
    spread.deviation = std::sqrt(spread.deviation / static_cast<double>(values.size()));
    return spread;
}

BoxHabit habit_of(const std::vector<Sample>& samples) {
    std::vector<double> right;
    std::vector<double> down;
    std::vector<double> size;
    for (const Sample& sample : samples) {
        if (!sample.found) continue;
        const double side = side_of(sample.truth.box);
        const double shift_x = sample.truth.points[0].x - sample.shape[0].x;
        const double shift_y = sample.truth.points[0].y - sample.shape[0].y;
        const vision::Box& box = sample.box;
        const vision::Box& truth = sample.truth.box;
        right.push_back((box.x + shift_x + box.width / 2 - truth.x - truth.width / 2) / side);
        down.push_back((box.y + shift_y + box.height / 2 - truth.y - truth.height / 2) / side);
        size.push_back(side_of(box) / side);
    }
    if (right.size() < samples.size() / 2) {
        throw std::runtime_error("the detector finds only " + std::to_string(right.size()) +
                                 " of " + std::to_string(samples.size()) + " faces");
    }
    const Spread r = spread_of(right);
    const Spread d = spread_of(down);
    const Spread s = spread_of(size);
    return {r.mean, d.mean, s.mean, r.deviation, d.deviation, s.deviation};
}

dlib::shape_predictor train_forest(const std::vector<Sample>& samples, const LandmarkPlan& plan) {
    dlib::array<dlib::array2d<unsigned char>> images(samples.size());
    std::vector<std::vector<dlib::full_object_detection>> objects(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const Sample& sample = samples[i];
        images[i].set_size(sample.grey.rows, sample.grey.cols);
        for (int row = 0; row < sample.grey.rows; ++row) {
            std::copy_n(sample.grey.ptr(row), sample.grey.cols, &images[i][row][0]);
        }
        const dlib::rectangle rect(std::lround(sample.box.x), std::lround(sample.box.y),
                                   std::lround(sample.box.x + sample.box.width - 1),
                                   std::lround(sample.box.y + sample.box.height - 1));
        std::vector<dlib::point> parts;
        for (const auto& p : sample.shape) {
            parts.emplace_back(std::lround(p.x), std::lround(p.y));
        }
        objects[i].emplace_back(rect, parts);
    }
    dlib::shape_predictor_trainer trainer;
    trainer.set_cascade_depth(10);
    trainer.set_num_trees_per_cascade_level(70);
    trainer.set_tree_depth(4);
    trainer.set_nu(0.1);
    trainer.set_feature_pool_size(300);
    trainer.set_num_test_splits(40);
    trainer.set_oversampling_amount(8);
    trainer.set_oversampling_translation_jitter(0.03);
    trainer.set_num_threads(plan.threads);
    trainer.set_random_seed(std::to_string(plan.seed));
    return trainer.train(images, objects);
}

LandmarkForest::Tree tree_of(const dlib::impl::regression_tree& from) {
    LandmarkForest::Tree tree;
    for (const auto& split : from.splits) {
        tree.splits.push_back({static_cast<std::uint16_t>(split.idx1),
                               static_cast<std::uint16_t>(split.idx2),
                               from_half(to_half(split.thresh))});
    }
    float most = 1e-12F;
    for (const auto& leaf : from.leaf_values) {
        for (const float move : leaf) most = std::max(most, std::fabs(move));
    }
    tree.step = most / 127;
    for (const auto& leaf : from.leaf_values) {
        for (const float move : leaf) {
            tree.leaves.push_back(static_cast<std::int8_t>(std::lround(move / tree.step)));
        }
    }
    return tree;
}

// dlib shows what it learnt only through its own file.
LandmarkForest forest_of(const dlib::shape_predictor& predictor) {
    std::stringstream file;
    dlib::serialize(predictor, file);
    int version = 0;
    dlib::matrix<float, 0, 1> mean;
    std::vector<std::vector<dlib::impl::regression_tree>> forests;
    std::vector<std::vector<unsigned long>> anchors;
    std::vector<std::vector<dlib::vector<float, 2>>> offsets;
    dlib::deserialize(version, file);
    dlib::deserialize(mean, file);
    dlib::deserialize(forests, file);
    dlib::deserialize(anchors, file);
    dlib::deserialize(offsets, file);

    Shape shape;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const auto row = static_cast<long>(2 * i);
        shape[i] = {static_cast<double>(mean(row)), static_cast<double>(mean(row + 1))};
    }
    std::vector<LandmarkForest::Stage> stages(forests.size());
    for (std::size_t i = 0; i < stages.size(); ++i) {
        for (const auto& tree : forests[i]) stages[i].trees.push_back(tree_of(tree));
        for (std::size_t j = 0; j < anchors[i].size(); ++j) {
            stages[i].anchors.push_back(static_cast<std::uint16_t>(anchors[i][j]));
            const auto& offset = offsets[i][j];
            stages[i].offsets.push_back(
                {static_cast<double>(offset.x()), static_cast<double>(offset.y())});
        }
    }
    return {shape, std::move(stages)};
}

// In the order of Reading.
using Truths = std::array<double, reading_count>;
Truths truths_of(const people::FaceTruth& truth) {
    const people::Expression& e = truth.expression;
    return {e.eyes_open, e.mouth_open, e.smile, truth.pose.yaw, truth.pose.pitch};
}

// Ridge regression from what the placed points tell to what the renderer was told.
Lines fit_lines(const LandmarkForest& forest, const std::vector<Sample>& samples) {
    constexpr long n = feature_count;
    dlib::matrix<double> squares = dlib::zeros_matrix<double>(n, n);
    dlib::matrix<double> products = dlib::zeros_matrix<double>(n, reading_count);
    for (const Sample& sample : samples) {
        const Shape shape = forest.place(view(sample.grey), sample.box);
        const auto features = features_of(shape, forest.mean());
        const auto truths = truths_of(sample.truth);
        const dlib::matrix<double> column = dlib::mat(features.data(), n);
        const dlib::matrix<double> values = dlib::mat(truths.data(), reading_count);
        squares += column * dlib::trans(column);
        products += column * dlib::trans(values);
    }
    for (long i = 1; i < n; ++i) squares(i, i) += 1e-3;
    const dlib::matrix<double> solved = dlib::inv(squares) * products;
    Lines lines{};
    for (std::size_t line = 0; line < lines.size(); ++line) {
        for (std::size_t i = 0; i < feature_count; ++i) {
            lines[line][i] =
                static_cast<float>(solved(static_cast<long>(i), static_cast<long>(line)));
        }
    }
    return lines;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    const Spread x = spread_of(a);
    const Spread y = spread_of(b);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - x.mean) * (b[i] - y.mean);
    return sum / static_cast<double>(a.size()) / (x.deviation * y.deviation);
}

std::string check(const LandmarkModel& model, const std::vector<Sample>& samples) {
    std::vector<double> errors;
    std::array<std::vector<double>, reading_count> read;
    std::array<std::vector<double>, reading_count> told;
    for (const Sample& sample : samples) {
        if (!sample.found) continue;
        const Shape shape = model.forest.place(view(sample.grey), sample.box);
        const double eyes = vision::eyes_of(landmarks_of(sample.shape)).distance();
        double sum = 0;
        for (std::size_t i = 0; i < shape.size(); ++i) {
            sum += std::hypot(shape[i].x - sample.shape[i].x, shape[i].y - sample.shape[i].y);
        }
        errors.push_back(sum / static_cast<double>(shape.size()) / eyes);
        const FaceExpression seen = model.expression(shape);
        const vision::HeadPose pose = model.pose(shape);
        const Truths values{double{seen.eyes_open}, double{seen.mouth_open}, double{seen.smile},
                            pose.yaw, pose.pitch};
        const Truths truths = truths_of(sample.truth);
        for (std::size_t i = 0; i < reading_count; ++i) {
            read[i].push_back(values[i]);
            told[i].push_back(truths[i]);
        }
    }
    std::sort(errors.begin(), errors.end());
    std::ostringstream out;
    out.precision(3);
    out << errors.size() << " of " << samples.size()
        << " found by the detector; mean error of a point in eye distances: mean "
        << spread_of(errors).mean << ", median " << errors[errors.size() / 2]
        << ", 95th percentile " << errors[errors.size() * 95 / 100]
        << "; correlation with the truth:";
    constexpr std::array names{"eyes_open", "mouth_open", "smile", "yaw", "pitch"};
    for (std::size_t i = 0; i < reading_count; ++i) {
        out << ' ' << names[i] << ' ' << correlation(read[i], told[i]);
    }
    return out.str();
}

}  // namespace

vision::Box BoxHabit::draw(const people::FaceTruth& truth, Rng& rng) const {
    const double side = side_of(truth.box);
    const double length =
        side * std::clamp(rng.normal(size, size_deviation), 0.6 * size, 1.6 * size);
    const double x = truth.box.x + truth.box.width / 2 + side * rng.normal(right, right_deviation);
    const double y = truth.box.y + truth.box.height / 2 + side * rng.normal(down, down_deviation);
    return {x - length / 2, y - length / 2, length, length};
}

LandmarkTraining train_landmarks(const LandmarkPlan& plan) {
    std::printf("landmarks: %zu pictures\n", plan.pictures);
    std::fflush(stdout);
    const auto samples = make_samples(people::Set::training, plan.pictures, plan);
    LandmarkTraining training;
    training.habit = habit_of(samples);
    std::printf(
        "landmarks: the detector's box is %.3f right (sd %.3f), %.3f down (sd %.3f), "
        "%.3f times as large (sd %.3f)\nlandmarks: trees\n",
        training.habit.right, training.habit.right_deviation, training.habit.down,
        training.habit.down_deviation, training.habit.size, training.habit.size_deviation);
    std::fflush(stdout);
    training.model.forest = forest_of(train_forest(samples, plan));
    training.model.lines = fit_lines(training.model.forest, samples);
    // As it will be read from its file.
    training.model = LandmarkModel::read(training.model.write());
    const auto unseen = make_samples(people::Set::development, plan.checked, plan);
    training.report = "on training pictures: " + check(training.model, samples) +
                      "\non unseen people: " + check(training.model, unseen);
    std::printf("landmarks: %s\n", training.report.c_str());
    std::fflush(stdout);
    return training;
}

}  // namespace strongroom::face_model
