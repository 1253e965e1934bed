#include "onnx_writer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/rng.h"

namespace strongroom::test {

namespace {

// Protocol Buffers: a key, then a varint or counted bytes.
std::string varint(std::uint64_t value) {
    std::string bytes;
    while (value >= 0x80) {
        bytes += static_cast<char>((value & 0x7fU) | 0x80U);
        value >>= 7U;
    }
    return bytes + static_cast<char>(value);
}
std::string number(std::uint64_t field, std::uint64_t value) {
    return varint(field << 3U) + varint(value);
}
std::string bytes(std::uint64_t field, const std::string& content) {
    return varint((field << 3U) | 2U) + varint(content.size()) + content;
}

std::string value_info(const std::string& name, const std::vector<std::uint64_t>& dims) {
    std::string shape;
    for (const auto dim : dims) shape += bytes(1, number(1, dim));
    const std::string tensor = number(1, 1) + bytes(2, shape);  // 1: float
    return bytes(1, name) + bytes(2, bytes(1, tensor));
}

std::string integers(const std::string& name, const std::vector<std::uint64_t>& values) {
    std::string attribute = bytes(1, name);
    for (const auto value : values) attribute += number(8, value);
    return attribute + number(20, 7);  // 7: INTS
}

constexpr std::size_t filters = 8;
constexpr std::size_t patch = 28;

// `count` filters of 3 x side x side, side by side over a picture of size x size.
std::string network(const std::vector<float>& weights, std::size_t count, std::size_t side,
                    std::size_t size) {
    const std::size_t across = size / side;
    std::string raw(weights.size() * sizeof(float), '\0');
    std::memcpy(raw.data(), weights.data(), raw.size());
    const std::string tensor = number(1, count) + number(1, 3) + number(1, side) + number(1, side) +
                               number(2, 1) + bytes(8, "weights") + bytes(9, raw);
    const std::string convolution = bytes(1, "data") + bytes(1, "weights") + bytes(2, "patches") +
                                    bytes(3, "convolution") + bytes(4, "Conv") +
                                    bytes(5, integers("kernel_shape", {side, side})) +
                                    bytes(5, integers("strides", {side, side}));
    const std::string flatten =
        bytes(1, "patches") + bytes(2, "features") + bytes(3, "flatten") + bytes(4, "Flatten");
    const std::string graph = bytes(1, convolution) + bytes(1, flatten) + bytes(2, "small") +
                              bytes(5, tensor) + bytes(11, value_info("data", {1, 3, size, size})) +
                              bytes(12, value_info("features", {1, count * across * across}));
    return number(1, 6) + bytes(7, graph) + bytes(8, bytes(1, "") + number(2, 11));
}

}  // namespace

std::string onnx_of(const std::vector<float>& weights) {
    return network(weights, filters, patch, 112);
}

std::string onnx_classifier(int size, const std::vector<ClassWeight>& classes) {
    const auto side = static_cast<std::size_t>(size);
    std::vector<float> weights(classes.size() * 3 * side * side, 0);
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const auto channel = static_cast<std::size_t>(classes[i].channel);
        const float each = classes[i].gain / static_cast<float>(side * side);
        auto* first = weights.data() + (3 * i + channel) * side * side;
        std::fill(first, first + side * side, each);
    }
    return network(weights, classes.size(), side, side);
}

std::vector<float> random_weights(unsigned seed) {
    Rng rng(seed);
    std::vector<float> weights(filters * 3 * patch * patch);
    for (auto& weight : weights) weight = static_cast<float>(rng.normal(0, 1) / 1000);
    return weights;
}

std::vector<float> mean_weights(int channel) {
    std::vector<float> weights(filters * 3 * patch * patch, 0);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (i / (patch * patch) % 3 == static_cast<std::size_t>(channel)) {
            weights[i] = 1.0F / static_cast<float>(patch * patch);
        }
    }
    return weights;
}

}  // namespace strongroom::test
