// Writes small ONNX networks, byte by byte: one convolution and a flattening, from a picture to
// some numbers.
#pragma once

#include <string>
#include <vector>

namespace strongroom::test {

// From 112 x 112 to 128 numbers. `weights`: 8 filters x 3 channels x 28 x 28. Output filter * 16 +
// row * 4 + column is the filter's sum over one of the 4 x 4 patches of 28 pixels.
[[nodiscard]] std::string onnx_of(const std::vector<float>& weights);
[[nodiscard]] std::vector<float> random_weights(unsigned seed);
// Each filter takes the mean of one channel.
[[nodiscard]] std::vector<float> mean_weights(int channel);

// A classifier of pictures of `size` x `size`: each class's number is `gain` times the mean of one
// channel (0 to 2 in the order in which it is fed), so that a test knows what to expect.
struct ClassWeight {
    int channel = 0;
    float gain = 0;
};
[[nodiscard]] std::string onnx_classifier(int size, const std::vector<ClassWeight>& classes);

}  // namespace strongroom::test
