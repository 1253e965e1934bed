// Head: who a simulated person is to look at. A value made of numbers, from a seed.
//
// The same seed gives the same head on every machine. Heads are nobody's: no photograph and no
// measured person is behind them.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/rng.h"

namespace strongroom::people {

// Linear red, green, blue reflectance, 0 to 1 each.
struct Colour {
    double red = 0;
    double green = 0;
    double blue = 0;
    friend bool operator==(const Colour&, const Colour&) = default;
};

enum class HairStyle : std::uint8_t { bald, short_cut, side_parting, long_straight, curly, bun };

// Lengths are in half head heights (about 0.115 m): 1 is from the centre of the head to its crown.
// x to the person's left, y up, z forward, origin in the middle of the head.
struct Head {
    std::uint64_t seed = 0;

    // Shape.
    double width = 0;
    double height = 0;
    double depth = 0;
    double jaw = 0;  // how much the face narrows downwards
    double cheek = 0;
    double chin = 0;
    double forehead = 0;
    double brow_ridge = 0;
    double nose_width = 0;
    double nose_length = 0;
    double nose_height = 0;
    double nose_bend = 0;
    double eye_gap = 0;  // from the middle to an eye's centre
    double eye_width = 0;
    double eye_height = 0;
    double eye_y = 0;
    double eye_slant = 0;
    double mouth_y = 0;
    double mouth_width = 0;
    double lip_height = 0;
    double ear_size = 0;
    double ear_angle = 0;

    // Colour and hair.
    Colour skin;
    Colour hair;
    Colour iris;
    Colour lip;
    HairStyle hair_style = HairStyle::short_cut;
    double hairline = 0;
    double brow_thickness = 0;
    double brow_y = 0;
    double brow_slope = 0;
    double beard = 0;         // 0 none to 1 full
    double moustache = 0;     // 0 none to 1 full
    double freckles = 0;      // 0 to 1
    double age = 0;           // 0 (twenty) to 1 (eighty)
    std::uint64_t marks = 0;  // seed of moles and of the skin's unevenness

    friend bool operator==(const Head&, const Head&) = default;
};

// A person drawn at random; 0 is a seed like any other.
[[nodiscard]] Head make_head(std::uint64_t seed);

// Somebody who is like `other`: each number is `similarity` of the other's and the rest of her own.
// 0: a stranger; 1: an identical twin, whose moles alone differ. Asserts 0 <= similarity <= 1.
[[nodiscard]] Head make_relative(std::uint64_t seed, const Head& other, double similarity);

// The numbers that make the identity, each shifted and scaled to about zero mean and unit variance
// over people: what a network may be taught to read from pictures. Always as many.
inline constexpr std::size_t head_numbers = 48;
[[nodiscard]] std::array<float, head_numbers> numbers_of(const Head& head);

}  // namespace strongroom::people
