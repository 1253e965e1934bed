#include "weights_file.h"

#include <bit>
#include <cmath>

#include "base/assert.h"
#include "vision/digest.h"
#include "vision/model_pack.h"

namespace strongroom::face_model {

namespace {

constexpr std::string_view form = "strongroom weights 1";

// The text up to the line end, which is taken off `rest` with it; all when there is none.
std::string_view take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

}  // namespace

std::string pack_weights(std::string_view architecture, std::string_view payload) {
    STRONGROOM_ASSERT(architecture.find('\n') == std::string_view::npos);
    std::string file;
    file.append(form).append("\n").append(architecture).append("\n");
    file.append(vision::sha256(std::string(payload))).append("\n").append(payload);
    return file;
}

std::string_view unpack_weights(std::string_view part, std::string_view architecture,
                                std::string_view file) {
    const auto refuse = [&](const std::string& why) {
        throw vision::PackError(std::string(part) + ": " + why +
                                "; take the weights that came with the program, or train them "
                                "again with train_face_model");
    };
    std::string_view rest = file;
    if (take_line(rest) != form)
        refuse("these are no weights: the first line is not '" + std::string(form) + "'");
    const std::string_view stated = take_line(rest);
    if (stated != architecture) {
        refuse("the weights are of another architecture: '" + std::string(stated.substr(0, 120)) +
               "', this program has '" + std::string(architecture) + "'");
    }
    const std::string_view digest = take_line(rest);
    if (vision::sha256(std::string(rest)) != digest) {
        refuse("the weights are cut short or altered: their SHA-256 is not the one they state");
    }
    return rest;
}

std::uint16_t to_half(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16U) & 0x8000U;
    const float magnitude = std::fabs(value);
    if (!(magnitude < 65504.0F)) return static_cast<std::uint16_t>(sign | 0x7bffU);
    // Below 2^-14 the step is 2^-24, above it 2^-10 of the power of two.
    if (magnitude < 0x1p-14F) {
        const auto steps = static_cast<std::uint32_t>(std::lround(magnitude * 0x1p24F));
        return static_cast<std::uint16_t>(sign | steps);
    }
    int exponent = 0;
    const float fraction = std::frexp(magnitude, &exponent);  // 0.5 to 1
    auto steps = static_cast<std::uint32_t>(std::lround(fraction * 2048.0F));
    if (steps == 2048U) {
        steps = 1024U;
        ++exponent;
    }
    if (exponent > 16) return static_cast<std::uint16_t>(sign | 0x7bffU);
    const auto biased = static_cast<std::uint32_t>(exponent + 14);
    return static_cast<std::uint16_t>(sign | (biased << 10U) | (steps & 0x3ffU));
}

float from_half(std::uint16_t bits) {
    const float sign = (bits & 0x8000U) != 0 ? -1.0F : 1.0F;
    const int exponent = (bits >> 10U) & 0x1f;
    const auto fraction = static_cast<float>(bits & 0x3ffU);
    if (exponent == 0) return sign * fraction * 0x1p-24F;
    return sign * std::ldexp(1.0F + fraction / 1024.0F, exponent - 15);
}

void Writer::u16(std::uint16_t value) {
    bytes_.push_back(static_cast<char>(value & 0xffU));
    bytes_.push_back(static_cast<char>(value >> 8U));
}

void Writer::u32(std::uint32_t value) {
    u16(static_cast<std::uint16_t>(value & 0xffffU));
    u16(static_cast<std::uint16_t>(value >> 16U));
}

void Writer::f32(float value) { u32(std::bit_cast<std::uint32_t>(value)); }

void Writer::i8(std::int8_t value) { bytes_.push_back(static_cast<char>(value)); }

std::uint32_t Reader::take(std::size_t bytes) {
    if (bytes_.size() < bytes) refuse("the weights end too early");
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        value |= std::uint32_t{static_cast<std::uint8_t>(bytes_[i])} << (8 * i);
    }
    bytes_.remove_prefix(bytes);
    return value;
}

std::uint16_t Reader::u16() { return static_cast<std::uint16_t>(take(2)); }

std::uint32_t Reader::u32() { return take(4); }

float Reader::f32() {
    const auto value = std::bit_cast<float>(take(4));
    if (!std::isfinite(value)) refuse("a weight is no finite number");
    return value;
}

std::int8_t Reader::i8() { return static_cast<std::int8_t>(static_cast<std::uint8_t>(take(1))); }

std::size_t Reader::count(std::string_view name, std::size_t least, std::size_t most) {
    const std::size_t value = u32();
    if (value < least || value > most) {
        refuse("the weights state " + std::to_string(value) + " " + std::string(name) + ", " +
               std::to_string(least) + " to " + std::to_string(most) + " are possible");
    }
    return value;
}

void Reader::refuse(const std::string& why) const {
    throw vision::PackError(std::string(part_) + ": " + why);
}

}  // namespace strongroom::face_model
