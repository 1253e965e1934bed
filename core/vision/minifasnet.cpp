// Networks that tell a live face from a print or a screen by the face and what is around it.
#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <stdexcept>

#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "mat_view.h"
#include "models.h"

namespace strongroom::vision {

namespace {

// Frames of a track that its score speaks of: half a second, so that a face shown before earns no
// credit that lasts.
constexpr std::size_t window = 15;

// The box times `factor`, or as much of that as fits, moved into the frame.
cv::Rect inside(const Box& box, double factor, const cv::Mat& frame) {
    const double right_most = frame.cols - 1;
    const double lowest = frame.rows - 1;
    const double fitting = std::min({factor, right_most / box.width, lowest / box.height});
    const double width = box.width * fitting;
    const double height = box.height * fitting;
    const double x = std::clamp(box.x + (box.width - width) / 2, 0.0, right_most - width);
    const double y = std::clamp(box.y + (box.height - height) / 2, 0.0, lowest - height);
    const cv::Point first(static_cast<int>(x), static_cast<int>(y));
    const cv::Point last(static_cast<int>(x + width), static_cast<int>(y + height));
    return cv::Rect(first, last + cv::Point(1, 1)) & cv::Rect({}, frame.size());
}

// A square with the middle of the box in its own.
cv::Mat square(const Box& box, double factor, const cv::Mat& frame) {
    const double side = std::max(box.width, box.height) * factor;
    const int size = static_cast<int>(side);
    const int x = static_cast<int>(box.x + box.width / 2 - side / 2);
    const int y = static_cast<int>(box.y + box.height / 2 - side / 2);
    const cv::Rect wanted(x, y, size, size);
    const cv::Rect there = wanted & cv::Rect({}, frame.size());
    if (there.area() == 0) throw std::runtime_error("a face outside the frame");
    cv::Mat whole;
    cv::copyMakeBorder(frame(there), whole, there.y - y, wanted.br().y - there.br().y, there.x - x,
                       wanted.br().x - there.br().x, cv::BORDER_REFLECT_101);
    return whole;
}

class MiniFasNet {
public:
    MiniFasNet(const std::string& model, const LivenessNetwork& network)
        : net_(cv::dnn::readNetFromONNX(model.data(), model.size())), network_(network) {
        net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        net_.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
        // A model that does not fit the manifest must fail here, not at the first visit.
        (void)forward(cv::Mat(network.size, network.size, CV_8UC3, cv::Scalar::all(127)));
    }

    double live(const cv::Mat& frame, const Box& box) {
        const cv::Mat part = network_.crop == CropShape::inside
                                 ? frame(inside(box, network_.box, frame))
                                 : square(box, network_.box, frame);
        cv::Mat crop;
        cv::resize(part, crop, {network_.size, network_.size});
        return forward(crop);
    }

private:
    double forward(const cv::Mat& crop) {
        net_.setInput(cv::dnn::blobFromImage(crop, network_.scale, {}, {},
                                             network_.colour == ColourOrder::rgb));
        const cv::Mat output = net_.forward();
        const auto live = static_cast<std::size_t>(network_.live);
        if (output.type() != CV_32F || !output.isContinuous() || output.total() < 2 ||
            output.total() > 16 || live >= output.total()) {
            throw std::runtime_error("does not give one number for each of 2 to 16 classes, with " +
                                     std::to_string(live) + " (live) among them");
        }
        const auto* logits = output.ptr<float>();
        const float most = *std::max_element(logits, logits + output.total());
        double sum = 0;
        for (std::size_t i = 0; i < output.total(); ++i) {
            sum += std::exp(static_cast<double>(logits[i] - most));
        }
        return std::exp(static_cast<double>(logits[live] - most)) / sum;
    }

    cv::dnn::Net net_;
    LivenessNetwork network_;
};

class MiniFasNetDetector final : public LivenessDetector {
public:
    MiniFasNetDetector(const std::vector<std::string>& models,
                       const std::vector<LivenessNetwork>& networks) {
        if (models.empty() || models.size() != networks.size()) {
            throw std::runtime_error("needs one description for each network");
        }
        for (std::size_t i = 0; i < models.size(); ++i)
            networks_.emplace_back(models[i], networks[i]);
    }

    void begin_track() override { frames_.clear(); }

    Result<LivenessReading> assess(const hal::Frame& frame, const Detection& face) override {
        const Box& box = face.box;
        // Written so that a number that is none passes no limit.
        if (!is_bgr(frame) || !(box.width >= 1 && box.width <= 1e5) ||
            !(box.height >= 1 && box.height <= 1e5) || !(std::abs(box.x) <= 1e5) ||
            !(std::abs(box.y) <= 1e5)) {
            return fail(Errc::corrupt);
        }
        try {
            double sum = 0;
            for (auto& network : networks_) sum += network.live(view(frame), box);
            const double score = sum / static_cast<double>(networks_.size());
            if (!std::isfinite(score)) return fail(Errc::corrupt);
            if (frames_.size() == window) frames_.pop_front();
            frames_.push_back(score);
        } catch (const std::exception&) {
            return fail(Errc::corrupt);
        }
        const double total = std::accumulate(frames_.begin(), frames_.end(), 0.0);
        return LivenessReading{hal::Liveness::measured,
                               total / static_cast<double>(frames_.size())};
    }

private:
    std::vector<MiniFasNet> networks_;
    std::deque<double> frames_;
};

}  // namespace

std::unique_ptr<LivenessDetector> make_minifasnet(const std::vector<std::string>& models,
                                                  const std::vector<LivenessNetwork>& networks) {
    return std::make_unique<MiniFasNetDetector>(models, networks);
}

}  // namespace strongroom::vision
