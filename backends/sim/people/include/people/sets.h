// Which simulated people are for what. A model may be trained on the training set, thresholds are
// chosen on the development set, and rates are reported on the test set: nobody is in two of them.
//
// A person is the seed that make_head() takes. Seeds outside the three ranges (0, and those of
// casts that are made up by name) belong to no set.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/assert.h"

namespace strongroom::people {

enum class Set : std::uint8_t { training, development, test };

// First and last seed, both in it.
struct SeedRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    [[nodiscard]] constexpr bool holds(std::uint64_t seed) const {
        return first <= seed && seed <= last;
    }
};

inline constexpr std::uint64_t people_in_set = 1'000'000;

[[nodiscard]] constexpr SeedRange seeds_of(Set set) {
    switch (set) {
        case Set::training: return {1, people_in_set};
        case Set::development: return {2'000'001, 2'000'000 + people_in_set};
        case Set::test: return {3'000'001, 3'000'000 + people_in_set};
    }
    return {};
}

// The seed of the set's `index`th person, from 0. Asserts index < people_in_set.
[[nodiscard]] constexpr std::uint64_t seed_in(Set set, std::uint64_t index) {
    STRONGROOM_ASSERT(index < people_in_set);
    return seeds_of(set).first + index;
}

// None: in no set.
[[nodiscard]] constexpr std::optional<Set> set_of(std::uint64_t seed) {
    for (const Set set : {Set::training, Set::development, Set::test}) {
        if (seeds_of(set).holds(seed)) return set;
    }
    return std::nullopt;
}

[[nodiscard]] constexpr std::string_view to_string(Set set) {
    switch (set) {
        case Set::training: return "training";
        case Set::development: return "development";
        case Set::test: return "test";
    }
    return "invalid";
}

}  // namespace strongroom::people
