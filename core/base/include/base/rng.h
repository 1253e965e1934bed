// Rng: seeded pseudo-random numbers, for simulation and tests only.
//
// The same seed gives the same numbers on every platform: the generator is SplitMix64 (Steele, Lea
// and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014) and the distributions
// are written out here, because those of the standard library differ between implementations.
// Never a source of secrets: those come from hal::Entropy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace strongroom {

class Rng {
public:
    explicit constexpr Rng(std::uint64_t seed) : state_(seed) {}

    // Uniform over all 64-bit values.
    constexpr std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }

    // Uniform in [0, 1), 53 bits.
    constexpr double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    constexpr double uniform(double low, double high) { return low + (high - low) * uniform(); }

    // Uniform in [0, bound), without bias. Asserts bound > 0.
    std::uint64_t below(std::uint64_t bound);

    // Normal distribution (Box and Muller; one value a call, so that calls stay independent).
    double normal(double mean, double standard_deviation);

    void fill(std::span<std::byte> bytes);

    // An independent generator for a named purpose: adding a consumer under a new name does not
    // shift the numbers that the others draw.
    [[nodiscard]] Rng fork(std::string_view purpose) const;

private:
    std::uint64_t state_;
};

}  // namespace strongroom
