// An ONNX network from one aligned face to one vector: SFace and ArcFace's relatives differ only in
// how they are fed. cv::FaceRecognizerSF feeds SFace in the same way (a test keeps the two in
// agreement), but reads its model from a path.
#include <cmath>
#include <stdexcept>

#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "mat_view.h"
#include "models.h"

namespace strongroom::vision {

namespace {

class OnnxEmbedder final : public FaceEmbedder {
public:
    OnnxEmbedder(const std::string& model, const EmbedderInput& input)
        : net_(cv::dnn::readNetFromONNX(model.data(), model.size())), input_(input) {
        net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        net_.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
        // A model that does not fit the manifest must fail here, not at the first visit.
        const auto features =
            forward(cv::Mat(input.size, input.size, CV_8UC3, cv::Scalar::all(127)));
        dimensions_ = features.size();
    }

    ChipTemplate chip_template() const override { return input_.chip_template; }
    int chip_size() const override { return input_.size; }

    Result<std::vector<float>> embed(const FaceChip& chip) override {
        if (chip.size != input_.size || !well_formed(chip)) return fail(Errc::out_of_range);
        try {
            auto features = forward(view(chip));
            if (features.size() != dimensions_) return fail(Errc::corrupt);
            for (const float feature : features) {
                if (!std::isfinite(feature)) return fail(Errc::corrupt);
            }
            return features;
        } catch (const std::exception&) {
            return fail(Errc::corrupt);
        }
    }

private:
    std::vector<float> forward(const cv::Mat& bgr) {
        cv::Mat image;
        if (input_.colour == ColourOrder::rgb) {
            cv::cvtColor(bgr, image, cv::COLOR_BGR2RGB);
        } else {
            image = bgr;
        }
        image.convertTo(values_, CV_32FC3);
        cv::subtract(values_, cv::Scalar(input_.mean[0], input_.mean[1], input_.mean[2]), values_);
        cv::multiply(values_, cv::Scalar(input_.scale[0], input_.scale[1], input_.scale[2]),
                     values_);
        net_.setInput(cv::dnn::blobFromImage(values_));
        const cv::Mat output = net_.forward();
        if (output.type() != CV_32F || !output.isContinuous() || output.total() < 64 ||
            output.total() > 2048) {
            throw std::runtime_error("does not give one vector of 64 to 2048 numbers");
        }
        const auto* first = output.ptr<float>();
        return {first, first + output.total()};
    }

    cv::dnn::Net net_;
    EmbedderInput input_;
    std::size_t dimensions_ = 0;
    cv::Mat values_;
};

}  // namespace

std::unique_ptr<FaceEmbedder> make_onnx_embedder(const std::string& model,
                                                 const EmbedderInput& input) {
    return std::make_unique<OnnxEmbedder>(model, input);
}

}  // namespace strongroom::vision
