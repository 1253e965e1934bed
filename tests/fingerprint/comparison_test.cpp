// Simulated fingers, what the sensor sees of them, and how it tells them apart.
#include "fingerprint/comparison.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "catch.h"

namespace strongroom::fingerprint {
namespace {

FingerTemplate enrolled(Fingers& fingers, std::uint64_t person) {
    const auto file = [&](std::uint64_t laying) {
        return to_character_file(extract(capture(fingers, laid_down(person, laying), 1)).minutiae);
    };
    return to_template(file(1), file(2));
}

FingerTemplate probe(Fingers& fingers, std::uint64_t person, std::uint64_t laying,
                     Material material = Material::skin) {
    return to_template(to_character_file(
        extract(capture(fingers, laid_down(person, laying, material), 1)).minutiae));
}

double mean_difference(const FingerImage& a, const FingerImage& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.grey.size(); ++i) sum += std::abs(a.grey[i] - b.grey[i]);
    return sum / static_cast<double>(a.grey.size());
}

TEST_CASE("finger: the same presentation gives the same image, another laying another") {
    Fingers fingers;
    Fingers others;
    const FingerPresentation p = laid_down(1, 1);
    const FingerImage image = capture(fingers, p, 1);
    CHECK(capture(others, p, 1).grey == image.grey);
    CHECK(capture(fingers, p, 2).grey != image.grey);
    CHECK(mean_difference(capture(fingers, p, 2), image) < 1);
    CHECK(mean_difference(capture(fingers, laid_down(1, 2), 1), image) > 1.5);
    FingerPresentation next = p;
    next.finger = 2;
    CHECK(mean_difference(capture(fingers, next, 1), image) > 3);
}

TEST_CASE("finger: an image is packed with its left pixel in the high bits and comes back") {
    Fingers fingers;
    const FingerImage image = capture(fingers, laid_down(1, 1), 1);
    const auto bytes = pack(image);
    REQUIRE(bytes.size() == 36864);
    CHECK(std::to_integer<int>(bytes[20000] >> 4U) == image.grey[40000]);
    CHECK(std::to_integer<int>(bytes[20000] & std::byte{15}) == image.grey[40001]);
    CHECK(unpack(bytes).grey == image.grey);
    CHECK(*std::max_element(image.grey.begin(), image.grey.end()) <= 15);
    CHECK(unpack({}).grey == std::vector<std::uint8_t>(FingerImage::pixels, 15));
}

TEST_CASE("finger: materials look unlike each other where the same finger lies") {
    Fingers fingers;
    std::vector<FingerImage> images;
    for (const Material material : materials) {
        FingerPresentation p;
        p.person = 5;
        p.material = material;
        images.push_back(capture(fingers, p, 1));
    }
    for (std::size_t i = 0; i < images.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            INFO(to_string(materials[i]) << " and " << to_string(materials[k]));
            CHECK(mean_difference(images[i], images[k]) > 0.6);
        }
    }
}

TEST_CASE("finger: a bare window, an edge and a flood give no template") {
    Fingers fingers;
    CHECK(extract(empty_window(1)).outcome == Extraction::sparse);
    FingerPresentation p = laid_down(1, 1);
    CHECK(extract(capture(fingers, p, 1)).outcome == Extraction::good);
    FingerPresentation edge = p;
    edge.placement = {115, 125, 0};
    edge.pressure = 0;
    edge.moisture = 0.1;
    CHECK(extract(capture(fingers, edge, 1)).outcome != Extraction::good);
    FingerPresentation flooded = p;
    flooded.moisture = 1;
    flooded.pressure = 1;
    CHECK(extract(capture(fingers, flooded, 1)).outcome != Extraction::good);
    FingerImage noise;
    for (std::size_t i = 0; i < noise.grey.size(); ++i) {
        noise.grey[i] = static_cast<std::uint8_t>((i * 2654435761U >> 13U) & 15U);
    }
    CHECK(extract(noise).outcome != Extraction::good);
}

TEST_CASE("comparison: a character file keeps minutiae to a pixel and knows damage") {
    const std::vector<Minutia> minutiae{{3, 270, 1.5F}, {250, 20, -3}, {128, 144, 0}};
    CharacterFile file = to_character_file(minutiae);
    CHECK(is_character_file(file));
    CHECK(is_template(to_template(file)));
    CHECK(is_template(to_template(file, file)));
    for (const std::size_t at : {0U, 2U, 5U, 18U, 27U}) {
        CharacterFile damaged = file;
        damaged[at] ^= std::byte{4};
        CHECK_FALSE(is_character_file(damaged));
        CHECK_FALSE(is_template(to_template(damaged)));
        CHECK(compare(to_template(damaged), to_template(file)) == 0);
    }
    FingerTemplate all_ones;
    all_ones.fill(std::byte{0xFF});
    CHECK_FALSE(is_template(all_ones));
    CHECK(compare(all_ones, all_ones) == 0);
    CHECK_FALSE(is_template({}));
}

TEST_CASE("comparison: fingers match themselves, and not each other, at the factory's level") {
    Fingers fingers;
    constexpr std::uint64_t people = 12;
    std::vector<FingerTemplate> library;
    for (std::uint64_t i = 0; i < people; ++i) library.push_back(enrolled(fingers, 900 + i));
    int rejected = 0;
    for (std::uint64_t i = 0; i < people; ++i) {
        for (std::uint64_t laying = 3; laying < 6; ++laying) {
            const FingerTemplate seen = probe(fingers, 900 + i, laying);
            for (std::uint64_t k = 0; k < people; ++k) {
                const bool match = compare(seen, library[k]) >= match_threshold(3);
                if (k == i && !match) ++rejected;
                if (k != i) CHECK_FALSE(match);
            }
        }
    }
    CHECK(rejected <= 1);  // of 36
}

TEST_CASE("comparison: a higher security level asks for a higher score") {
    for (unsigned level = 1; level < 5; ++level) {
        CHECK(match_threshold(level) < match_threshold(level + 1));
    }
}

TEST_CASE("comparison: part of a finger, turned and shifted, still matches") {
    Fingers fingers;
    FingerPresentation p = laid_down(7, 1);
    p.placement = {};
    const auto whole = extract(capture(fingers, p, 1)).minutiae;
    for (const Placement& placement : {Placement{30, -20, 0.4}, Placement{-30, 25, -0.4}}) {
        p.placement = placement;
        p.laying = 2;
        CHECK(compare(whole, extract(capture(fingers, p, 1)).minutiae) >= match_threshold(3));
    }
}

// The figures of docs/fingers.md: run with the test's name.
TEST_CASE("comparison: measured error rates of a hundred fingers", "[.]") {
    Fingers fingers(200);
    constexpr std::uint64_t people = 100;
    constexpr std::uint64_t probes = 6;
    std::vector<FingerTemplate> library;
    std::vector<int> genuine;
    std::vector<int> impostor;
    std::vector<std::vector<int>> casts(materials.size());
    int poor = 0;
    for (std::uint64_t i = 0; i < people; ++i) library.push_back(enrolled(fingers, 5000 + i));
    for (std::uint64_t i = 0; i < people; ++i) {
        for (std::uint64_t laying = 3; laying < 3 + probes; ++laying) {
            const auto image = capture(fingers, laid_down(5000 + i, laying, Material::skin, 1), 1);
            const Extracted found = extract(image);
            if (found.outcome != Extraction::good) {
                ++poor;
                continue;
            }
            const auto seen = to_template(to_character_file(found.minutiae));
            for (std::uint64_t k = 0; k < people; ++k) {
                (k == i ? genuine : impostor).push_back(compare(seen, library[k]));
            }
        }
        for (std::size_t m = 1; m < materials.size(); ++m) {
            for (std::uint64_t laying : {3U, 19U}) {
                casts[m].push_back(
                    compare(probe(fingers, 5000 + i, laying, materials[m]), library[i]));
            }
        }
    }
    std::sort(genuine.begin(), genuine.end());
    std::sort(impostor.rbegin(), impostor.rend());
    std::printf("failures to acquire %d; genuine %zu, impostor %zu\n", poor, genuine.size(),
                impostor.size());
    for (std::size_t i = 0; i < 12; ++i) std::printf("%d ", genuine[i]);
    std::printf("... median %d\n", genuine[genuine.size() / 2]);
    for (std::size_t i = 0; i < 16; ++i) std::printf("%d ", impostor[i]);
    std::printf("... 1/1000 %d, 1/100 %d\n", impostor[impostor.size() / 1000],
                impostor[impostor.size() / 100]);
    for (unsigned level = 1; level <= 5; ++level) {
        const int enough = match_threshold(level);
        const auto over = [&](const std::vector<int>& scores) {
            return std::count_if(scores.begin(), scores.end(), [&](int s) { return s >= enough; });
        };
        std::printf("level %u (%d): false matches %td, false non-matches %td", level, enough,
                    over(impostor), static_cast<std::ptrdiff_t>(genuine.size()) - over(genuine));
        for (std::size_t m = 1; m < materials.size(); ++m) {
            std::printf(", %s %td of %zu", std::string(to_string(materials[m])).c_str(),
                        over(casts[m]), casts[m].size());
        }
        std::printf("\n");
    }
    CHECK(!genuine.empty());
}

}  // namespace
}  // namespace strongroom::fingerprint
