// Private: what dlib's two face networks have in common. The network and dlib's types come as
// template arguments, from one source file a network, because each instantiation costs a compiler
// twelve seconds and most of a gigabyte.
#pragma once

#include <cmath>
#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "vision/stages.h"

namespace strongroom::vision {

// `Image`: a matrix of RGB pixels.
template <class Network, class Image>
class DlibEmbedder final : public FaceEmbedder {
public:
    static constexpr int size = 150;

    explicit DlibEmbedder(const std::string& model) : image_(size, size) {
        std::istringstream in(model);
        deserialize(network_, in);
        for (auto& pixel : image_) pixel.red = pixel.green = pixel.blue = 0;
        if (network_(image_).size() != 128) throw std::runtime_error("does not give 128 numbers");
    }

    ChipTemplate chip_template() const override { return ChipTemplate::dlib; }
    int chip_size() const override { return size; }

    Result<std::vector<float>> embed(const FaceChip& chip) override {
        if (chip.size != size || chip.pixels.size() != std::size_t{size} * size * 3) {
            return fail(Errc::out_of_range);
        }
        try {
            const std::uint8_t* bgr = chip.pixels.data();
            for (auto& pixel : image_) {
                pixel.blue = bgr[0];
                pixel.green = bgr[1];
                pixel.red = bgr[2];
                bgr += 3;
            }
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

private:
    Network network_;
    Image image_;
};

}  // namespace strongroom::vision
