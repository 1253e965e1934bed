// The image of a finger as a sensor gives it, and presentation attack detection on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/finger_observation.h"
#include "base/secret.h"

namespace strongroom::devices {

// Grey image, row after row: 0 (ridge, dark) to 15 (no contact, bright). Wiped when it goes.
class FingerImage {
public:
    static constexpr std::size_t width = 256;
    static constexpr std::size_t height = 288;
    static constexpr std::size_t packed_size = width * height / 2;  // bytes
    static constexpr float pixels_per_millimetre = 500.0F / 25.4F;  // an R307's 500 dpi

    FingerImage() : pixels_(width * height) {}
    // Two pixels a byte, the left one in the higher four bits, as the sensor sends them.
    explicit FingerImage(std::span<const std::byte, packed_size> packed);
    // Asserts width * height values of 0 to 15.
    explicit FingerImage(std::span<const std::uint8_t> pixels);
    FingerImage(const FingerImage&) = delete;
    FingerImage& operator=(const FingerImage&) = delete;
    FingerImage(FingerImage&&) noexcept = default;
    FingerImage& operator=(FingerImage&&) = delete;
    ~FingerImage() { wipe(std::as_writable_bytes(std::span(pixels_))); }

    // x from the left, below width; y from the top, below height.
    [[nodiscard]] std::uint8_t at(std::size_t x, std::size_t y) const {
        return pixels_[y * width + x];
    }
    [[nodiscard]] std::span<const std::uint8_t> pixels() const { return pixels_; }

private:
    std::vector<std::uint8_t> pixels_;
};

// What one image shows, before anything is compared.
struct FingerImageResult {
    float score = 0;  // 0 (an artefact) to 1 (a living finger)
    FingerQuality quality = FingerQuality::good;
};

// Presentation attack detection (ISO/IEC 30107) on one image. Runner thread only; tens of
// milliseconds at most; the same image gives the same result.
class FingerImageCheck {
public:
    virtual ~FingerImageCheck() = default;
    [[nodiscard]] virtual FingerImageResult check(const FingerImage& image) = 0;
};

}  // namespace strongroom::devices
