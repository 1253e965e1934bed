// The process dies, or the power goes, right before and right after every call that changes
// something, and within every call of the disk.
#include "catch.h"
#include "sweep.h"

using namespace strongroom;
using namespace strongroom::test;

namespace {

constexpr std::uint64_t seeds = 5;  // of what a power cut leaves

void die_at_moments(bool power) {
    Tally tally;
    std::uint64_t runs = 0;
    for (const Locking locking : {Locking::key, Locking::keyless, Locking::finger}) {
        const std::uint64_t moments = calls_of_an_honest_visit(locking).moments;
        for (std::uint64_t moment = 1; moment <= moments; ++moment) {
            for (std::uint64_t seed = 1; seed <= (power ? seeds : 1); ++seed) {
                Mishap mishap;
                mishap.locking = locking;
                mishap.death_moment = moment;
                mishap.power = power;
                mishap.seed = seed;
                const std::string kind = power ? "power cut" : "death";
                play(kind + " at moment " + std::to_string(moment), kind, mishap,
                     Afterwards::opens_again, tally);
                ++runs;
            }
        }
    }
    tally.print(power ? "power cuts between calls" : "deaths between calls", runs);
    CHECK(tally.injected == runs);
}

void die_in_disk(bool power) {
    Tally tally;
    const std::uint64_t calls = calls_of_an_honest_visit(false).disk;
    for (std::uint64_t call = 1; call <= calls; ++call) {
        for (std::uint64_t seed = 1; seed <= (power ? seeds : 1); ++seed) {
            Mishap mishap;
            mishap.death_disk_call = call;
            mishap.power = power;
            mishap.seed = seed;
            const std::string kind = power ? "power cut" : "death";
            play(kind + " at disk call " + std::to_string(call), kind, mishap,
                 Afterwards::opens_again, tally);
        }
    }
    tally.print(power ? "power cuts within disk calls" : "deaths within disk calls", calls);
    CHECK(tally.injected == calls * (power ? seeds : 1));
}

}  // namespace

TEST_CASE("sweep: the process dies between any two calls, and the next visit opens") {
    die_at_moments(false);
}

TEST_CASE("sweep: the power goes between any two calls, and the next visit opens") {
    die_at_moments(true);
}

TEST_CASE("sweep: the process dies within any call of the disk, and the next visit opens") {
    die_in_disk(false);
}

TEST_CASE("sweep: the power goes within any call of the disk, and the next visit opens") {
    die_in_disk(true);
}

TEST_CASE("sweep: a terminal that dies again while it starts anew loses nothing") {
    for (const bool power : {false, true}) {
        Tally tally;
        const std::uint64_t moments = calls_of_an_honest_visit(false).moments;
        for (std::uint64_t moment = 1; moment <= moments; moment += power ? 2 : 1) {
            play_deaths_while_recovering(moment, power, tally);
        }
        tally.print(power ? "power cuts while starting anew" : "deaths while starting anew",
                    moments);
        CHECK(tally.injected > moments);
    }
}
