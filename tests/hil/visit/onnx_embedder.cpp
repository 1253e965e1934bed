#include "onnx_embedder.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "network.h"
#include "weights_file.h"

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
    return bytes(5, attribute + number(20, 7));  // 7: INTS
}

struct Layer {
    std::size_t filters;
    std::size_t channels;
    std::size_t side;
    std::size_t stride;
};
// As face_model/network.h has them, from the picture on.
constexpr std::array layers{Layer{24, 3, 5, 2},   Layer{48, 24, 3, 2}, Layer{48, 48, 3, 1},
                            Layer{96, 48, 3, 2},  Layer{96, 96, 3, 1}, Layer{128, 96, 3, 2},
                            Layer{128, 128, 3, 1}};
// What the last of them gives.
constexpr std::size_t channels = 128;
constexpr std::size_t side = 4;
constexpr std::size_t places = side * side * channels;

std::string tensor(const std::string& name, const std::vector<std::uint64_t>& dims,
                   const std::vector<float>& values) {
    std::string raw(values.size() * sizeof(float), '\0');
    std::memcpy(raw.data(), values.data(), raw.size());
    std::string content;
    for (const auto dim : dims) content += number(1, dim);
    return bytes(5, content + number(2, 1) + bytes(8, name) + bytes(9, raw));
}

std::string node(const std::string& type, const std::vector<std::string>& inputs,
                 const std::string& output, const std::string& attributes = {}) {
    std::string content;
    for (const auto& input : inputs) content += bytes(1, input);
    content += bytes(2, output) + bytes(3, output + "_node") + bytes(4, type) + attributes;
    return bytes(1, content);
}

std::vector<float> take(face_model::Reader& in, std::size_t count) {
    std::vector<float> values(count);
    for (float& value : values) value = in.half();
    return values;
}

}  // namespace

std::string onnx_embedder(std::string_view weights) {
    constexpr std::string_view part = "embedder for the virtual machine";
    face_model::Reader in(
        part, face_model::unpack_weights(part, face_model::embedder_architecture, weights));
    const auto size = static_cast<std::size_t>(face_model::embedding_size);
    // The file has the last layer first: a linear map of all places, which is a convolution as
    // large as what it looks at, its numbers in another order.
    const std::vector<float> map = take(in, places * size);
    std::vector<float> filters(map.size());
    for (std::size_t place = 0; place < places; ++place) {
        for (std::size_t i = 0; i < size; ++i) filters[i * places + place] = map[place * size + i];
    }
    std::string tensors = tensor("map", {size, channels, side, side}, filters);
    for (std::size_t i = layers.size(); i-- > 0;) {
        const Layer& layer = layers.at(i);
        const std::string name = std::to_string(i);
        tensors += tensor("filters" + name, {layer.filters, layer.channels, layer.side, layer.side},
                          take(in, layer.filters * layer.channels * layer.side * layer.side));
        tensors += tensor("biases" + name, {layer.filters}, take(in, layer.filters));
    }
    if (!in.at_end()) in.refuse("the weights are longer than the architecture");

    std::string nodes;
    std::string before = "chip";
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const Layer& layer = layers.at(i);
        const std::string name = std::to_string(i);
        const std::uint64_t pad = layer.side / 2;
        nodes += node("Conv", {before, "filters" + name, "biases" + name}, "sums" + name,
                      integers("kernel_shape", {layer.side, layer.side}) +
                          integers("strides", {layer.stride, layer.stride}) +
                          integers("pads", {pad, pad, pad, pad}));
        before = "places" + name;
        nodes += node("Relu", {"sums" + name}, before);
    }
    nodes += node("Conv", {before, "map"}, "mapped",
                  integers("kernel_shape", {side, side}) + integers("strides", {1, 1}));
    nodes += node("Flatten", {"mapped"}, "features");
    const auto chip = static_cast<std::uint64_t>(face_model::chip_size);
    const std::string graph = nodes + bytes(2, "embedder") + tensors +
                              bytes(11, value_info("chip", {1, 3, chip, chip})) +
                              bytes(12, value_info("features", {1, size}));
    return number(1, 6) + bytes(7, graph) + bytes(8, bytes(1, "") + number(2, 11));
}

}  // namespace strongroom::test
