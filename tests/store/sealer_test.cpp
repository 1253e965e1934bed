#include "store/sealer.h"

#include "catch.h"
#include "rig.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;

namespace {

const SealPlace place{"templates", "features", 5, 1};

std::vector<std::byte> sealed_at(const SealPlace& where, SeededEntropy& entropy) {
    AeadSealer sealer(key_of(1));
    const auto sealed =
        sealer.seal(entropy, where, std::as_bytes(std::span(std::string_view("secret"))));
    REQUIRE(sealed);
    return *sealed;
}

}  // namespace

TEST_CASE("sealer: what was sealed opens at its place") {
    SeededEntropy entropy(1);
    AeadSealer sealer(key_of(1));
    const auto sealed = sealed_at(place, entropy);
    const auto opened = sealer.open(place, sealed);
    REQUIRE(opened);
    CHECK(opened->reveal_text() == "secret");
    // The same field sealed again looks different.
    CHECK(sealed_at(place, entropy) != sealed);
}

TEST_CASE("sealer: another place, another key or any altered byte does not open") {
    SeededEntropy entropy(1);
    AeadSealer sealer(key_of(1));
    auto sealed = sealed_at(place, entropy);
    for (const SealPlace& other :
         {SealPlace{"customers", "features", 5, 1}, SealPlace{"templates", "phone", 5, 1},
          SealPlace{"templates", "features", 6, 1}, SealPlace{"templates", "features", 5, 2},
          SealPlace{"templatesfeatures", "", 5, 1}}) {
        const auto opened = sealer.open(other, sealed);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == Errc::corrupt);
    }
    CHECK_FALSE(AeadSealer(key_of(2)).open(place, sealed));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        sealed[i] ^= std::byte{1};
        CHECK_FALSE(sealer.open(place, sealed));
        sealed[i] ^= std::byte{1};
    }
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        CHECK_FALSE(sealer.open(place, std::span(sealed).first(size)));
    }
    CHECK(sealer.open(place, sealed));
}

TEST_CASE("sealer: without random bytes nothing is sealed") {
    SeededEntropy entropy(1);
    entropy.broken = true;
    AeadSealer sealer(key_of(1));
    const auto sealed = sealer.seal(entropy, place, {});
    REQUIRE_FALSE(sealed);
    CHECK(sealed.error().code == Errc::disconnected);
}
