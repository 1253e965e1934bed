// The embedded face model's embedder as an ONNX file, which a model pack may name
// (docs/model-packs.md): strongroom-door holds no model, and takes this one as it would any other.
#pragma once

#include <string>
#include <string_view>

namespace strongroom::test {

// `weights`: the file "embedder" of face_model::Weights. The network takes a chip of 64 pixels in
// dlib's template, RGB, (value - mean) / 256 with the means below, and gives 96 numbers. Throws
// vision::PackError when the bytes are no such weights.
[[nodiscard]] std::string onnx_embedder(std::string_view weights);
inline constexpr const char* embedder_mean = "[122.782, 117.001, 104.298]";
inline constexpr const char* embedder_scale = "0.00390625";

}  // namespace strongroom::test
