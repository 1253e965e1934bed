// The World names instruments without knowing the renderer, which takes them by the same names.
#include "catch.h"
#include "people/attack.h"
#include "sim/world.h"

using namespace strongroom;

TEST_CASE("attack: the World and the renderer name the same species in the same order") {
    const auto drawn = people::attack_species();
    const auto& named = sim::instrument_species;
    REQUIRE(drawn.size() == named.size());
    for (std::size_t i = 0; i < named.size(); ++i) {
        CHECK(people::to_string(drawn[i]) == named[i]);
    }
}
