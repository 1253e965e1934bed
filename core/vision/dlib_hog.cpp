#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/opencv.h>
#include <opencv2/imgproc.hpp>

#include "mat_view.h"
#include "models.h"

namespace strongroom::vision {

namespace {

class DlibHog final : public FaceDetector {
public:
    DlibHog(const std::string& landmark_model, LandmarkScheme scheme, int long_side,
            double score_min)
        : detector_(dlib::get_frontal_face_detector()),
          scheme_(scheme),
          long_side_(long_side),
          score_min_(score_min) {
        if (landmark_model.empty()) return;
        std::istringstream in(landmark_model);
        dlib::deserialize(landmarks_, in);
        if (landmarks_.num_parts() != 5) {
            throw std::runtime_error("has " + std::to_string(landmarks_.num_parts()) +
                                     " landmarks, not the five that are used here");
        }
        has_landmarks_ = true;
    }

    Result<std::vector<Detection>> detect(const hal::Frame& frame) override {
        if (!is_bgr(frame)) return fail(Errc::corrupt);
        try {
            return find(view(frame));
        } catch (const std::exception&) {
            return fail(Errc::corrupt);
        }
    }

private:
    std::vector<Detection> find(const cv::Mat& image) {
        const double factor =
            std::min(1.0, static_cast<double>(long_side_) / std::max(image.cols, image.rows));
        cv::Mat grey;
        cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
        cv::Mat searched = grey;
        if (factor < 1) {
            cv::resize(grey, searched, cv::Size(), factor, factor, cv::INTER_AREA);
        }
        const double back_x = static_cast<double>(grey.cols) / searched.cols;
        const double back_y = static_cast<double>(grey.rows) / searched.rows;
        std::vector<dlib::rect_detection> found;
        detector_(dlib::cv_image<unsigned char>(searched), found, score_min_);

        std::vector<Detection> detections;
        for (const auto& face : found) {
            Detection detection;
            detection.box = {static_cast<double>(face.rect.left()) * back_x,
                             static_cast<double>(face.rect.top()) * back_y,
                             static_cast<double>(face.rect.width()) * back_x,
                             static_cast<double>(face.rect.height()) * back_y};
            detection.score = face.detection_confidence;
            detection.landmarks = has_landmarks_ ? landmarks_of(grey, detection.box)
                                                 : landmarks_by_box(detection.box);
            detections.push_back(detection);
        }
        std::stable_sort(detections.begin(), detections.end(),
                         [](const auto& a, const auto& b) { return a.box.area() > b.box.area(); });
        return detections;
    }

    Landmarks landmarks_of(const cv::Mat& grey, const Box& box) {
        const dlib::rectangle rect(std::lround(box.x), std::lround(box.y),
                                   std::lround(box.x + box.width - 1),
                                   std::lround(box.y + box.height - 1));
        const auto shape = landmarks_(dlib::cv_image<unsigned char>(grey), rect);
        Landmarks landmarks;
        landmarks.scheme = scheme_;
        for (unsigned long i = 0; i < 5; ++i) {
            landmarks.points[i] = {static_cast<double>(shape.part(i).x()),
                                   static_cast<double>(shape.part(i).y())};
        }
        return landmarks;
    }

    // Where an average face has its points in the detector's box.
    static Landmarks landmarks_by_box(const Box& box) {
        const auto at = [&](double x, double y) {
            return Point{box.x + x * box.width, box.y + y * box.height};
        };
        Landmarks landmarks;
        landmarks.points = {at(0.28, 0.30), at(0.72, 0.30), at(0.50, 0.55), at(0.31, 0.77),
                            at(0.69, 0.77)};
        return landmarks;
    }

    dlib::frontal_face_detector detector_;
    LandmarkScheme scheme_;
    dlib::shape_predictor landmarks_;
    bool has_landmarks_ = false;
    int long_side_;
    double score_min_;
};

}  // namespace

std::unique_ptr<FaceDetector> make_dlib_hog(const std::string& landmark_model,
                                            LandmarkScheme scheme, int long_side,
                                            double score_min) {
    return std::make_unique<DlibHog>(landmark_model, scheme, long_side, score_min);
}

}  // namespace strongroom::vision
