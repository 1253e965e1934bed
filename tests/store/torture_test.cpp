// The store on a disk that breaks: power cuts and faults at each single call of a sequence of
// commits. What was acknowledged is there afterwards, and the audit says so.
#include <iostream>
#include <optional>

#include "catch.h"
#include "rig.h"
#include "sim/disk.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;
using sim::DiskFault;
using sim::DiskOperation;

namespace {

// What the caller was told.
struct Acknowledged {
    int failures = 0;
    int holds = 0;
    std::uint64_t rows = 0;
    bool granted = false;
    bool ready = false;  // the customer is enrolled
};

// Enrols a customer, then counts tries and ends with a grant, when `grants`. Stops at the first
// error.
bool play(Rig& rig, bool grants, Acknowledged& told) {
    auto opened = rig.try_open();
    if (!opened) return false;
    SqliteRecords& store = **opened;
    if (!store.add_customer(rig.moment(), alice_name, alice_phone, alice)) return false;
    told.ready = true;
    const auto step = [&](const auth::Record& what) {
        const auto counts = commit(store, rig, what);
        if (!counts) return false;
        told.failures = counts->failures;
        told.holds = counts->holds;
        return true;
    };
    for (int i = 0; i < 2; ++i) {
        if (!step(reserve()) || !step(wrong())) return false;
        if (!store.note(rig.moment(), std::vector{entry(auth::AuditKind::ended)})) return false;
        if (!store.keep_time(rig.moment())) return false;
    }
    if (!step(reserve())) return false;
    if (!grants) return true;
    if (!step(grant(true))) return false;
    told.granted = true;
    return true;
}

std::uint64_t calls_of_a_run(bool grants) {
    sim::Disk disk(1);
    const auto rig = on_disk(disk);
    Acknowledged told;
    REQUIRE(play(*rig, grants, told));
    return disk.calls();
}

// After the power is back: everything acknowledged is there.
void check_recovered(Rig& rig, const Acknowledged& told) {
    const auto store = rig.open();
    CHECK(verdict_of(*store).intact());
    if (!told.ready) return;
    const auto found = store->load(rig.moment(), alice, locker);
    REQUIRE(found);
    REQUIRE(found->known);
    bool granted = false;
    for (const AuditRow& row : rows_of(*store)) {
        granted = granted || row.entry.kind == auth::AuditKind::granted;
    }
    CHECK((granted || !told.granted));
    // A grant whose acknowledgement was lost has set the count back; nothing else may lower it.
    if (!granted) CHECK(found->counts.failures >= told.failures + told.holds);
    CHECK(found->counts.holds == 0);
}

}  // namespace

TEST_CASE("store: a power cut at any call loses nothing that was acknowledged") {
    const bool grants = GENERATE(false, true);
    const std::uint64_t calls = calls_of_a_run(grants);
    std::cout << "power cuts: " << calls << " calls, each with 3 seeds\n";
    REQUIRE(calls > 100);
    std::uint64_t interrupted = 0;
    for (std::uint64_t cut = 1; cut <= calls; ++cut) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            INFO("cut at call " << cut << " of " << calls << ", seed " << seed);
            sim::Disk disk(seed * 1000 + cut);
            const auto rig = on_disk(disk);
            disk.set_faults([&](DiskOperation operation, std::uint64_t call) {
                if (call < cut) return DiskFault::none;
                const bool half = operation == DiskOperation::write && call == cut;
                return half ? DiskFault::torn : DiskFault::fail;
            });
            Acknowledged told;
            if (!play(*rig, grants, told)) ++interrupted;
            disk.power_cut();
            disk.set_faults({});
            check_recovered(*rig, told);
        }
    }
    CHECK(interrupted > calls);  // of three times as many; the others came while closing
}

TEST_CASE("store: the death of the process at any call loses nothing that was acknowledged") {
    const std::uint64_t calls = calls_of_a_run(true);
    for (std::uint64_t cut = 1; cut <= calls; ++cut) {
        INFO("death at call " << cut << " of " << calls);
        sim::Disk disk(cut);
        const auto rig = on_disk(disk);
        Acknowledged told;
        disk.set_faults([&](DiskOperation, std::uint64_t call) {
            return call < cut ? DiskFault::none : DiskFault::fail;
        });
        static_cast<void>(play(*rig, true, told));
        disk.process_death();
        disk.set_faults({});
        check_recovered(*rig, told);
    }
}

TEST_CASE("store: a single fault at any call is an error, and the same call then succeeds") {
    // An open store, then six commits, each repeated when it fails.
    const auto run = [](sim::Disk& disk, Rig& rig, std::uint64_t faulty) {
        const auto store = rig.open_with_customer();
        const std::uint64_t before = disk.calls();
        int errors = 0;
        disk.set_faults([&](DiskOperation, std::uint64_t call) {
            return call == before + faulty ? DiskFault::fail : DiskFault::none;
        });
        for (const auth::Record& what :
             {reserve(), wrong(), reserve(), right(), reserve(), grant(true)}) {
            if (commit(*store, rig, what)) continue;
            ++errors;
            REQUIRE(commit(*store, rig, what));
        }
        const std::uint64_t used = disk.calls() - before;
        disk.set_faults({});
        CHECK(errors <= 1);
        CHECK(verdict_of(*store).intact());
        const auto counts = store->load(rig.moment(), alice, locker);
        REQUIRE(counts);
        CHECK(counts->counts.failures == 0);
        CHECK(counts->counts.holds == 0);
        return std::pair(used, errors);
    };
    sim::Disk whole(1);
    const auto calls = run(whole, *on_disk(whole), 0).first;
    int found = 0;
    for (std::uint64_t faulty = 1; faulty <= calls; ++faulty) {
        INFO("fault at call " << faulty << " of " << calls);
        sim::Disk disk(faulty);
        found += run(disk, *on_disk(disk), faulty).second;
    }
    std::cout << "single faults: " << calls << " injected, " << found << " shown to the caller\n";
    CHECK(found > 0);
}

TEST_CASE("store: a disk that lies about syncs is found by the anchor, never believed") {
    int refused = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        sim::Disk disk(seed);
        const auto rig = on_disk(disk);
        auto store = rig->open_with_customer();
        disk.set_faults([](DiskOperation operation, std::uint64_t) {
            return operation == DiskOperation::sync ? DiskFault::lie : DiskFault::none;
        });
        for (int i = 0; i < 2; ++i) {
            REQUIRE(commit(*store, *rig, reserve()));
            REQUIRE(commit(*store, *rig, wrong()));
        }
        REQUIRE(commit(*store, *rig, reserve()));
        disk.power_cut();
        disk.set_faults({});
        store.reset();
        const auto opened = rig->try_open();
        if (!opened) {
            ++refused;
            continue;
        }
        CHECK((*opened)->load(rig->moment(), alice, locker)->counts.failures == 3);
    }
    CHECK(refused > 0);
}
