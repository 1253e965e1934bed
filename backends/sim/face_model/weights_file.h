// Private: the form of a weight file, and the numbers in it.
//
// A file is a line of text that names the form, one that names the architecture, one with the
// payload's SHA-256, and the payload. Numbers are little-endian; reading beyond the end throws.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace strongroom::face_model {

// The file for `payload`. Asserts that the architecture has no line end.
[[nodiscard]] std::string pack_weights(std::string_view architecture, std::string_view payload);

// The payload of `file`. Throws vision::PackError, which begins with `part`, when the file is none,
// is cut short or altered, or holds another architecture.
[[nodiscard]] std::string_view unpack_weights(std::string_view part, std::string_view architecture,
                                              std::string_view file);

// IEEE 754 binary16: what a weight is stored as. Beyond the range it becomes the greatest.
[[nodiscard]] std::uint16_t to_half(float value);
[[nodiscard]] float from_half(std::uint16_t bits);

class Writer {
public:
    void u16(std::uint16_t value);
    void u32(std::uint32_t value);
    void f32(float value);
    void half(float value) { u16(to_half(value)); }
    void i8(std::int8_t value);
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

// Throws vision::PackError, which begins with `part`, beyond the end.
class Reader {
public:
    Reader(std::string_view part, std::string_view bytes) : part_(part), bytes_(bytes) {}
    [[nodiscard]] std::uint16_t u16();
    [[nodiscard]] std::uint32_t u32();
    [[nodiscard]] float f32();
    [[nodiscard]] float half() { return from_half(u16()); }
    [[nodiscard]] std::int8_t i8();
    // A u32 within the limits, else throws: `name` is what it counts.
    [[nodiscard]] std::size_t count(std::string_view name, std::size_t least, std::size_t most);
    [[nodiscard]] bool at_end() const { return bytes_.empty(); }
    [[noreturn]] void refuse(const std::string& why) const;

private:
    [[nodiscard]] std::uint32_t take(std::size_t bytes);
    std::string_view part_;
    std::string_view bytes_;
};

}  // namespace strongroom::face_model
