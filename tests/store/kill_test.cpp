// The process is killed while it commits to the real disk, with its anchor in a file.
#include <chrono>
#include <iostream>
#include <thread>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "catch.h"
#include "rig.h"
#include "store/file_anchor.h"
#include "temporary_directory.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;

namespace {

Opened<std::unique_ptr<SqliteRecords>> open_with(Rig& rig, FileAnchor& anchor) {
    const auto o = rig.options();
    return SqliteRecords::open({o.path, o.vfs, o.master, o.sealer, o.chain, anchor, o.entropy,
                                o.lockout, o.sends, o.terminal, o.opened, o.role});
}

// In the child: counts tries for ever and reports each acknowledged count of failures and holds.
[[noreturn]] void commit_for_ever(Rig& rig, const std::filesystem::path& anchor_path, int report) {
    FileAnchor anchor(anchor_path, rig.master);
    auto store = open_with(rig, anchor);
    if (!store) _exit(2);
    while (true) {
        for (const auth::Record& what : {reserve(), wrong()}) {
            const auto counts = commit(**store, rig, what);
            if (!counts) _exit(3);
            const std::int32_t told = counts->failures + counts->holds;
            if (::write(report, &told, sizeof told) != sizeof told) _exit(4);
        }
    }
}

}  // namespace

TEST_CASE("store: a killed process loses nothing that was acknowledged") {
    constexpr int kills = 25;
    const auto rig = media_rigs().front()();
    rig->lockout.penalty_from = 1'000'000;
    rig->lockout.staff_only_from = 1'000'000;
    const TemporaryDirectory directory;
    const auto anchor_path = directory.path() / "anchor";
    {
        FileAnchor anchor(anchor_path, rig->master);
        auto store = open_with(*rig, anchor);
        REQUIRE(store);
        REQUIRE((*store)->add_customer(rig->moment(), alice_name, alice_phone, alice));
    }
    Rng rng(4);
    std::int32_t told = 0;
    for (int i = 0; i < kills; ++i) {
        INFO("kill " << i);
        int ends[2] = {};
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) commit_for_ever(*rig, anchor_path, ends[1]);
        ::close(ends[1]);
        // At a random moment after some commits; when exactly does not matter.
        std::int32_t report = 0;
        for (std::uint64_t wait = 1 + rng.below(40); wait > 0; --wait) {
            if (::read(ends[0], &report, sizeof report) != sizeof report) break;
            told = report;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(rng.below(500)));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        CHECK(WIFSIGNALED(status));
        while (::read(ends[0], &report, sizeof report) == sizeof report) told = report;
        ::close(ends[0]);

        FileAnchor anchor(anchor_path, rig->master);
        auto store = open_with(*rig, anchor);
        if (!store) FAIL(store.error().message);
        CHECK(verdict_of(**store).intact());
        const auto found = (*store)->load(rig->moment(), alice, locker);
        REQUIRE(found);
        CHECK(found->counts.failures >= told);
        CHECK(found->counts.holds == 0);
        told = found->counts.failures;
    }
    CHECK(told > kills);
    std::cout << "kills: " << kills << ", failures counted: " << told << "\n";
}
