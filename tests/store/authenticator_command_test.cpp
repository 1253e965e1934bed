// Putting an authenticator on a customer's phone, as both programs' commands do it.
#include <sstream>

#include "catch.h"
#include "pi/commands/authenticator.h"
#include "pi/commands/open_store.h"
#include "rig.h"

using namespace strongroom;
using namespace strongroom::store::test;
using Catch::Matchers::Contains;

namespace {

struct StandingClock final : hal::Clock {
    [[nodiscard]] Instant now() const override { return Instant(std::chrono::hours(1)); }
    [[nodiscard]] WallTime wall() const override { return WallTime(std::chrono::hours(480000)); }
};

// The seed that the next one will be: the generator's numbers come in order.
auth::AuthenticatorSeed next_seed(std::uint64_t generator) {
    std::array<std::byte, auth::AuthenticatorSeed::size> bytes{};
    SeededEntropy entropy(generator);
    REQUIRE(entropy.fill(bytes));
    return auth::AuthenticatorSeed(bytes);
}

std::string code(const auth::AuthenticatorSeed& seed, std::int64_t apart = 0) {
    auth::TimeStep step = auth::time_step(StandingClock().wall());
    step.number += apart;
    return std::string(auth::authenticator_code(seed, step, 6).reveal()) + "\n";
}

}  // namespace

TEST_CASE("authenticator command: the key is shown, and a right code enrols it and is used") {
    const auto rig = all_rigs().front()();
    const auto records = rig->open_with_customer();
    const StandingClock clock;
    SeededEntropy entropy(77);
    const auth::AuthenticatorSeed seed = next_seed(77);
    std::istringstream in("000000\n" + code(seed, -1));
    std::ostringstream out;
    pi::enrol_authenticator(*records, alice, clock, entropy, in, out);
    CHECK_THAT(out.str(), Contains(std::string(auth::seed_in_base32(seed).reveal_text())));
    CHECK_THAT(out.str(), Contains("It is not right"));
    const auto loaded = records->load(rig->moment(), alice, locker);
    REQUIRE(loaded->authenticator);
    CHECK(loaded->authenticator->last_step.number == auth::time_step(clock.wall()).number - 1);
    pi::remove_authenticator(*records, alice, clock);
    CHECK_FALSE(records->load(rig->moment(), alice, locker)->authenticator);
    CHECK_THROWS_WITH(pi::remove_authenticator(*records, alice, clock),
                      Contains("she has no authenticator"));
}

TEST_CASE("authenticator command: without a right code nothing is enrolled") {
    const auto rig = all_rigs().front()();
    const auto records = rig->open_with_customer();
    const StandingClock clock;
    SeededEntropy entropy(77);
    const auth::AuthenticatorSeed seed = next_seed(77);
    std::ostringstream out;
    std::istringstream wrong(code(seed, 5) + code(seed, -2) + code(seed, 2) + code(seed));
    CHECK_THROWS_WITH(pi::enrol_authenticator(*records, alice, clock, entropy, wrong, out),
                      Contains("nothing was enrolled"));
    std::istringstream ended("");
    CHECK_THROWS_WITH(pi::enrol_authenticator(*records, alice, clock, entropy, ended, out),
                      Contains("the input ended"));
    std::istringstream in(code(seed));
    CHECK_THROWS_WITH(pi::enrol_authenticator(*records, bob, clock, entropy, in, out),
                      Contains("there is no customer 2"));
    entropy.broken = true;
    CHECK_THROWS_WITH(pi::enrol_authenticator(*records, alice, clock, entropy, in, out),
                      Contains("no random bytes"));
    CHECK_FALSE(records->load(rig->moment(), alice, locker)->authenticator);
}
