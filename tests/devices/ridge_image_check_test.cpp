// The check of finger images, on simulated fingers and casts of people who were not in its fit.
#include <cmath>

#include "catch.h"
#include "fingerprint/finger.h"
#include "r307_bench.h"
#include "ridge_samples.h"

using namespace strongroom;
using namespace strongroom::devices;
using namespace strongroom::devices::test;
using namespace std::chrono_literals;

TEST_CASE("ridge check: living fingers pass and casts do not, people and casts unseen") {
    const auto rates = error_rates(RidgeWeights::simulated(), 90000, 12, 1, 0.5F);
    REQUIRE(rates.size() == fingerprint::materials.size());
    for (const auto& [material, rate] : rates) {
        CAPTURE(material, rate.all);
        CHECK(rate.wrong <= rate.all / 12);
    }
}

TEST_CASE("ridge check: the score does not depend on the material's name but on its pores") {
    // Taken from the same finger, at the same place.
    fingerprint::Fingers fingers;
    const auto skin = measure_ridges(ridge_image(fingers, 91000, 1, fingerprint::Material::skin));
    const auto silicone =
        measure_ridges(ridge_image(fingers, 91000, 1, fingerprint::Material::silicone));
    CHECK(skin.pores > 2 * silicone.pores);
    CHECK(skin.period == Approx(silicone.period).margin(1));
}

TEST_CASE("ridge check: what shows no ridges is too sparse to be compared, whatever it is") {
    RidgeImageCheck check;
    const auto uniform = [](std::uint8_t grey) {
        return std::vector<std::uint8_t>(FingerImage::width * FingerImage::height, grey);
    };
    for (const std::uint8_t grey : std::array<std::uint8_t, 3>{0, 7, 15}) {
        const auto result = check.check(FingerImage(std::span<const std::uint8_t>(uniform(grey))));
        CHECK(result.quality == FingerQuality::sparse);
        CHECK(result.score == 0);
    }
    CHECK(check.check(FingerImage(std::span<const std::uint8_t>(fingerprint::empty_window(3).grey)))
              .quality == FingerQuality::sparse);
    std::vector<std::uint8_t> noise = uniform(0);
    Rng rng(5);
    for (std::uint8_t& pixel : noise) pixel = static_cast<std::uint8_t>(rng.below(16));
    CHECK(check.check(FingerImage(std::span<const std::uint8_t>(noise))).quality ==
          FingerQuality::sparse);
}

TEST_CASE("ridge check: drawn lines have a period, and are no living finger") {
    std::vector<std::uint8_t> lines;
    for (std::size_t y = 0; y < FingerImage::height; ++y) {
        for (std::size_t x = 0; x < FingerImage::width; ++x) {
            const double phase = static_cast<double>(x) * 2 * 3.14159265 / 9;
            lines.push_back(static_cast<std::uint8_t>(std::lround(7.5 + 7 * std::sin(phase))));
        }
    }
    const FingerImage image{std::span<const std::uint8_t>(lines)};
    CHECK(measure_ridges(image).period == Approx(9).margin(0.2));
    RidgeImageCheck check;
    CHECK(check.check(image).score < 0.5F);
}

TEST_CASE("ridge check: over the wire a silicone cast of the customer's finger scores as one") {
    Bench bench;
    RidgeImageCheck check;
    ZfmReader reader(bench.link, bench.clock, check,
                     {.pin = bench_pin(),
                      .password = bench_password(),
                      .digest_key = {},
                      .canary_first = 990,
                      .canary_count = 10});
    REQUIRE(reader.start(bench.reference));
    REQUIRE(bench.run(reader, 6s));
    const auto material = GENERATE(fingerprint::Material::skin, fingerprint::Material::silicone);
    bench.module.place(fingerprint::laid_down(alice, 3, material, 0.3));
    const auto seen = bench.run(reader, 40s);
    REQUIRE(seen);
    REQUIRE(*seen);
    CHECK(((*seen)->liveness_score >= 0.5F) == (material == fingerprint::Material::skin));
}
