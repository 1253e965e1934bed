// Every call of the disk below the store and every write of the anchor, failed once and for good.
#include "catch.h"
#include "sweep.h"

using namespace strongroom;
using namespace strongroom::test;
using sim::DiskFault;

namespace {

void sweep_disk(const std::string& what, DiskFault fault, bool for_good) {
    Tally tally;
    const std::uint64_t calls = calls_of_an_honest_visit(false).disk;
    for (std::uint64_t call = 1; call <= calls; ++call) {
        Mishap mishap;
        mishap.disk_call = call;
        mishap.disk_fault = fault;
        mishap.for_good = for_good;
        const std::string kind = what + (for_good ? " for good" : "");
        play("disk call " + std::to_string(call) + " " + kind, kind, mishap,
             for_good ? Afterwards::opens_once_well : Afterwards::opens_again, tally);
    }
    tally.print("disk, " + what, calls);
    CHECK(tally.injected > 0);
}

}  // namespace

TEST_CASE("sweep: every call of the disk fails once, and the next visit opens") {
    sweep_disk("fail", DiskFault::fail, false);
}

TEST_CASE("sweep: the disk fails for good from every call on, and nothing opens unrecorded") {
    sweep_disk("fail", DiskFault::fail, true);
}

TEST_CASE("sweep: writes are torn and syncs lie, once and for good") {
    for (const bool for_good : {false, true}) {
        sweep_disk("torn write", DiskFault::torn, for_good);
        sweep_disk("lying sync", DiskFault::lie, for_good);
    }
}

TEST_CASE("sweep: every write of the anchor fails, and nothing opens unrecorded") {
    Tally tally;
    const std::uint64_t writes = calls_of_an_honest_visit(false).anchor;
    REQUIRE(writes >= 3);  // two tries and the grant
    for (std::uint64_t write = 1; write <= writes; ++write) {
        for (const bool for_good : {false, true}) {
            Mishap mishap;
            mishap.anchor_write = write;
            mishap.for_good = for_good;
            play("anchor write " + std::to_string(write) + (for_good ? " and on" : ""),
                 for_good ? "fail for good" : "fail", mishap,
                 for_good ? Afterwards::opens_once_well : Afterwards::opens_again, tally);
        }
    }
    tally.print("anchor", writes);
    CHECK(tally.injected == 2 * writes);
}
