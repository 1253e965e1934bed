#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "eye_look.h"
#include "hog_search.h"
#include "parts.h"

namespace strongroom::face_model {

namespace {

// A matrix over the frame's pixels, which are only read.
cv::Mat grey_of(const hal::Frame& frame) {
    const cv::Mat bgr(frame.height, frame.width, CV_8UC3,
                      const_cast<std::uint8_t*>(frame.pixels->data()));
    cv::Mat grey;
    cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
    return grey;
}

GreyImage view(const cv::Mat& grey) { return {grey.data, grey.cols, grey.rows, grey.step[0]}; }

bool is_bgr(const hal::Frame& frame) {
    if (frame.format != hal::PixelFormat::bgr8 || frame.width <= 0 || frame.height <= 0) {
        return false;
    }
    const auto bytes =
        static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height) * 3;
    return frame.pixels != nullptr && frame.pixels->size() == bytes;
}

class Detector final : public vision::FaceDetector {
public:
    explicit Detector(std::shared_ptr<const LandmarkModel> model) : model_(std::move(model)) {}

    Result<std::vector<vision::Detection>> detect(const hal::Frame& frame) override {
        if (!is_bgr(frame)) return fail(Errc::corrupt);
        try {
            return find(grey_of(frame));
        } catch (const std::exception&) {
            return fail(Errc::corrupt);
        }
    }

private:
    std::vector<vision::Detection> find(const cv::Mat& grey) {
        std::vector<vision::Detection> detections;
        for (const Found& found : hog_.find(view(grey))) {
            const Shape shape = model_->forest.place(view(grey), found.box);
            detections.push_back(
                {found.box, landmarks_of(shape), found.score, model_->pose(shape)});
        }
        return detections;
    }

    HogSearch hog_;
    std::shared_ptr<const LandmarkModel> model_;
};

class ExpressionFromPoints final : public vision::ExpressionReader {
public:
    explicit ExpressionFromPoints(std::shared_ptr<const LandmarkModel> model)
        : model_(std::move(model)) {}

    Result<hal::FaceExpression> read(const hal::Frame& frame,
                                     const vision::Detection& face) override {
        if (!is_bgr(frame)) return fail(Errc::corrupt);
        const vision::Box& box = face.box;
        const bool within = box.width >= 8 && box.height >= 8 && box.x < frame.width &&
                            box.y < frame.height && box.x + box.width > 0 &&
                            box.y + box.height > 0 && std::isfinite(box.area());
        if (!within) return fail(Errc::out_of_range);
        try {
            const cv::Mat grey = grey_of(frame);
            const Shape shape = model_->forest.place(view(grey), box);
            FaceExpression expression = model_->expression(shape);
            expression.eyes_open = static_cast<float>(
                eyes_open(double{expression.eyes_open}, iris_contrast(view(grey), shape)));
            return expression;
        } catch (const std::exception&) {
            return fail(Errc::corrupt);
        }
    }

private:
    std::shared_ptr<const LandmarkModel> model_;
};

}  // namespace

std::unique_ptr<vision::FaceDetector> make_detector(std::shared_ptr<const LandmarkModel> model) {
    return std::make_unique<Detector>(std::move(model));
}

std::unique_ptr<vision::ExpressionReader> make_expression_reader(
    std::shared_ptr<const LandmarkModel> model) {
    return std::make_unique<ExpressionFromPoints>(std::move(model));
}

}  // namespace strongroom::face_model
