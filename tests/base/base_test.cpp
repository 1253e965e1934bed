#include <algorithm>
#include <array>
#include <cmath>

#include "base/ids.h"
#include "base/result.h"
#include "base/rng.h"
#include "base/secret.h"
#include "base/time.h"
#include "catch.h"

using namespace strongroom;
using namespace std::chrono_literals;

TEST_CASE("time: adding to an instant stops at never instead of overflowing") {
    CHECK(saturating_add(Instant{}, 5s) == Instant{} + 5s);
    CHECK(saturating_add(never - 1s, 2s) == never);
    CHECK(saturating_add(never, 1ns) == never);
}

TEST_CASE("rng: a seed gives the numbers of the published generator") {
    // Reference values of SplitMix64 for seed 1234567 (as in the test data of Java's
    // SplittableRandom and of Vigna's splitmix64.c).
    Rng rng(1234567);
    CHECK(rng.next() == 6457827717110365317U);
    CHECK(rng.next() == 3203168211198807973U);
    CHECK(rng.next() == 9817491932198370423U);
}

TEST_CASE("rng: below() stays below and reaches every value") {
    Rng rng(1);
    std::array<int, 7> seen{};
    for (int i = 0; i < 7000; ++i) ++seen.at(rng.below(7));
    for (const int n : seen) CHECK(std::abs(n - 1000) < 150);
}

TEST_CASE("rng: normal() has the mean and deviation asked for") {
    Rng rng(2);
    double sum = 0;
    double squares = 0;
    constexpr int n = 20000;
    for (int i = 0; i < n; ++i) {
        const double x = rng.normal(3.0, 2.0);
        sum += x;
        squares += x * x;
    }
    const double mean = sum / n;
    CHECK(mean == Approx(3.0).margin(0.06));
    CHECK(std::sqrt(squares / n - mean * mean) == Approx(2.0).margin(0.06));
}

TEST_CASE("rng: forks by name are independent of each other and repeatable") {
    const Rng root(7);
    CHECK(root.fork("camera").next() == root.fork("camera").next());
    CHECK(root.fork("camera").next() != root.fork("phone").next());
}

TEST_CASE("secret: moving leaves nothing behind") {
    Secret a("493817");
    Secret b = std::move(a);
    CHECK(a.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
    CHECK(b.reveal_text() == "493817");
}

TEST_CASE("secret: comparison needs equal length and equal bytes") {
    const Secret a("493817");
    CHECK(equal_in_constant_time(a.reveal(), Secret("493817").reveal()));
    CHECK_FALSE(equal_in_constant_time(a.reveal(), Secret("493818").reveal()));
    CHECK_FALSE(equal_in_constant_time(a.reveal(), Secret("49381").reveal()));
}

TEST_CASE("secret: wiping leaves zeros") {
    std::array<std::byte, 4> bytes{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
    wipe(bytes);
    CHECK(std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; }));
}

TEST_CASE("secret: derived keys differ by purpose and hashes by key") {
    Key256 master(std::array<std::byte, 32>{});
    CHECK_FALSE(equal_in_constant_time(master.derive("a").reveal(), master.derive("b").reveal()));
    const std::array message{std::byte{42}};
    CHECK(keyed_hash(master, message) != keyed_hash(master.derive("a"), message));
    CHECK(keyed_hash(master, message) == keyed_hash(master, message));
}

TEST_CASE("secret: a phone number is shown by its last four digits, and a short one not at all") {
    CHECK(masked_tail("+15551230142") == "0142");
    CHECK(masked_tail("4711").empty());
}
