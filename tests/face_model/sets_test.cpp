#include "people/sets.h"

#include "catch.h"
#include "people/head.h"

using namespace strongroom;
using people::Set;

TEST_CASE("face model: nobody is in two of the training, development and test sets") {
    const auto training = people::seeds_of(Set::training);
    const auto development = people::seeds_of(Set::development);
    const auto test = people::seeds_of(Set::test);
    CHECK(training.first == 1);
    CHECK(training.last < development.first);
    CHECK(development.last < test.first);
    for (const Set set : {Set::training, Set::development, Set::test}) {
        const auto seeds = people::seeds_of(set);
        CHECK(people::set_of(seeds.first) == set);
        CHECK(people::set_of(seeds.last) == set);
        CHECK(people::set_of(seeds.first - 1) != set);
        CHECK(people::set_of(seeds.last + 1) != set);
        CHECK(people::seed_in(set, 0) == seeds.first);
        CHECK(people::seed_in(set, people::people_in_set - 1) == seeds.last);
    }
    CHECK_FALSE(people::set_of(0));
    CHECK_FALSE(people::set_of(people::seeds_of(Set::training).last + 1));
}

TEST_CASE("face model: the first people of each set are different people") {
    const auto a = people::numbers_of(people::make_head(people::seed_in(Set::training, 0)));
    const auto b = people::numbers_of(people::make_head(people::seed_in(Set::development, 0)));
    const auto c = people::numbers_of(people::make_head(people::seed_in(Set::test, 0)));
    CHECK(a != b);
    CHECK(a != c);
    CHECK(b != c);
}
