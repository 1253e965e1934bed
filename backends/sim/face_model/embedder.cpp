#include <cmath>
#include <stdexcept>
#include <string>

#include <dlib/dnn.h>

#include "network_types.h"
#include "parts.h"
#include "vision/model_pack.h"

namespace strongroom::face_model {

namespace {

class Embedder final : public vision::FaceEmbedder {
public:
    explicit Embedder(std::string_view file)
        : image_(face_model::chip_size, face_model::chip_size) {
        constexpr std::string_view part = "embedder of the embedded face model";
        Reader in(part, unpack_weights(part, embedder_architecture, file));
        // A layer has its weights once something has gone through it.
        for (auto& pixel : image_) pixel = dlib::rgb_pixel(0, 0, 0);
        (void)network_(image_);
        dlib::visit_layer_parameters(network_, [&](std::size_t, dlib::tensor& weights) {
            for (float& weight : weights) weight = in.half();
        });
        if (!in.at_end()) in.refuse("the weights are longer than the architecture");
        if (!embed_image()) in.refuse("the weights give numbers that are not finite");
    }

    vision::ChipTemplate chip_template() const override { return face_model::chip_template; }
    int chip_size() const override { return face_model::chip_size; }

    Result<std::vector<float>> embed(const vision::FaceChip& chip) override {
        constexpr std::size_t side = face_model::chip_size;
        if (chip.size != face_model::chip_size || chip.pixels.size() != side * side * 3) {
            return fail(Errc::out_of_range);
        }
        const std::uint8_t* bgr = chip.pixels.data();
        for (auto& pixel : image_) {
            pixel = dlib::rgb_pixel(bgr[2], bgr[1], bgr[0]);
            bgr += 3;
        }
        return embed_image();
    }

private:
    Result<std::vector<float>> embed_image() {
        try {
            const auto& output = network_(image_);
            std::vector<float> features(output.begin(), output.end());
            for (const float feature : features) {
                if (!std::isfinite(feature)) return fail(Errc::corrupt);
            }
            return features;
        } catch (const std::exception&) {
            return fail(Errc::corrupt);
        }
    }

    EmbedderNetwork<Folded> network_;
    dlib::matrix<dlib::rgb_pixel> image_;
};

}  // namespace

std::unique_ptr<vision::FaceEmbedder> make_embedder(std::string_view file) {
    return std::make_unique<Embedder>(file);
}

}  // namespace strongroom::face_model
