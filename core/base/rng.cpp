#include "base/rng.h"

#include <cmath>
#include <numbers>

#include "base/assert.h"

namespace strongroom {

std::uint64_t Rng::below(std::uint64_t bound) {
    STRONGROOM_ASSERT(bound > 0);
    const std::uint64_t threshold = (0 - bound) % bound;  // 2^64 mod bound
    while (true) {
        const std::uint64_t value = next();
        if (value >= threshold) return value % bound;
    }
}

double Rng::normal(double mean, double standard_deviation) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return mean + standard_deviation * radius * std::cos(2.0 * std::numbers::pi * uniform());
}

void Rng::fill(std::span<std::byte> bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
        std::uint64_t word = next();
        for (int k = 0; k < 8 && i < bytes.size(); ++k, ++i, word >>= 8U) {
            bytes[i] = static_cast<std::byte>(word & 0xffU);
        }
    }
}

Rng Rng::fork(std::string_view purpose) const {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a, to spread names over seeds
    for (const char c : purpose) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    Rng mixed(state_ ^ hash);
    return Rng(mixed.next());
}

}  // namespace strongroom
