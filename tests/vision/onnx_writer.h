// Writes a small ONNX network, byte by byte: one convolution and a flattening, from a picture of
// 112 x 112 to 128 numbers.
#pragma once

#include <string>
#include <vector>

namespace strongroom::test {

// `weights`: 8 filters x 3 channels x 28 x 28. Output filter * 16 + row * 4 + column is the
// filter's sum over one of the 4 x 4 patches of 28 pixels.
[[nodiscard]] std::string onnx_of(const std::vector<float>& weights);
[[nodiscard]] std::vector<float> random_weights(unsigned seed);
// Each filter takes the mean of one channel.
[[nodiscard]] std::vector<float> mean_weights(int channel);

}  // namespace strongroom::test
