// Heads: drawn from seeds, and from relatives.
#include "people/head.h"

#include <cmath>

#include "catch.h"

using namespace strongroom;
using namespace strongroom::people;

namespace {

double distance(const Head& a, const Head& b) {
    const auto x = numbers_of(a);
    const auto y = numbers_of(b);
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += std::pow(double{x[i] - y[i]}, 2);
    return std::sqrt(sum);
}

}  // namespace

TEST_CASE("people head: one seed is one head, two seeds are two") {
    CHECK(make_head(5) == make_head(5));
    CHECK(make_head(0) == make_head(0));
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        CHECK(distance(make_head(seed), make_head(seed + 1)) > 2);
    }
}

TEST_CASE("people head: the numbers have no mean and unit variance over people") {
    constexpr int people = 3000;
    std::array<double, head_numbers> mean{};
    std::array<double, head_numbers> square{};
    for (std::uint64_t i = 0; i < people; ++i) {
        const auto numbers = numbers_of(make_head(900000 + i));
        for (std::size_t k = 0; k < head_numbers; ++k) {
            REQUIRE(std::isfinite(numbers[k]));
            mean[k] += double{numbers[k]} / people;
            square[k] += double{numbers[k]} * double{numbers[k]} / people;
        }
    }
    for (std::size_t k = 0; k < head_numbers; ++k) {
        INFO("number " << k);
        CHECK(std::abs(mean[k]) < 0.12);
        CHECK(square[k] > 0.75);
        CHECK(square[k] < 1.3);
    }
}

TEST_CASE("people head: a twin has the same numbers and other moles") {
    const Head head = make_head(17);
    const Head twin = make_relative(18, head, 1);
    CHECK(distance(head, twin) < 1e-6);
    CHECK(twin.hair_style == head.hair_style);
    CHECK(twin.marks != head.marks);
    CHECK(twin.seed == 18);
}

TEST_CASE("people head: a stranger made as a relative of similarity 0 is the seed's own head") {
    CHECK(make_relative(21, make_head(4), 0) == make_head(21));
}

TEST_CASE("people head: relatives come closer as their similarity rises") {
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        const Head head = make_head(seed);
        double before = 1e9;
        for (const double similarity : {0.0, 0.3, 0.6, 0.9, 1.0}) {
            Head relative = make_relative(seed + 1000, head, similarity);
            relative.hair_style = head.hair_style;
            const double now = distance(head, relative);
            CHECK(now < before);
            before = now;
        }
    }
}

TEST_CASE("people head: women grow no beards, and colours are reflectances") {
    int bearded = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        const Head head = make_head(seed);
        if (head.beard > 0.3) {
            ++bearded;
            CHECK(head.hair_style != HairStyle::bun);
        }
        for (const Colour& colour : {head.skin, head.hair, head.iris, head.lip}) {
            for (const double c : {colour.red, colour.green, colour.blue}) {
                CHECK(c > 0);
                CHECK(c < 1);
            }
        }
    }
    CHECK(bearded > 50);
    CHECK(bearded < 400);
}
