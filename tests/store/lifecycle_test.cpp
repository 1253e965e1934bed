// Opening, closing, opening again: what survives, what is refused, and what is said.
#include <algorithm>
#include <filesystem>

#include <sys/wait.h>
#include <unistd.h>

#include "catch.h"
#include "rig.h"
#include "sim/disk.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;
using Catch::Matchers::Contains;

namespace {

void fail_three_times(SqliteRecords& store, const Rig& rig) {
    for (int i = 0; i < 3; ++i) {
        REQUIRE(commit(store, rig, reserve()));
        REQUIRE(commit(store, rig, wrong()));
    }
}

auth::CustomerCounts counts_of(SqliteRecords& store, const Rig& rig) {
    const auto found = store.load(rig.moment(), alice, locker);
    REQUIRE(found);
    return found->counts;
}

OpenError refusal_of(Rig& rig) {
    auto opened = rig.try_open();
    REQUIRE_FALSE(opened);
    return opened.error();
}

bool contains(std::span<const std::byte> haystack, std::span<const std::byte> needle) {
    return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end()) !=
           haystack.end();
}

}  // namespace

TEST_CASE("store: a penalty survives a restart, and time switched off does not count") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = rig->open_with_customer();
            fail_three_times(*store, *rig);
            rig->now += std::chrono::minutes(2);
            REQUIRE(store->keep_time(rig->moment()));
            rig->now += std::chrono::seconds(9);  // lost: after the last time it was kept
            store.reset();
            // A restart: the monotonic clock begins anew, far away or near.
            for (const Instant start : {Instant(std::chrono::hours(1000)), Instant{}}) {
                rig->now = start;
                store = rig->open();
                CHECK(counts_of(*store, *rig).penalty == std::chrono::minutes(3));
                CHECK(counts_of(*store, *rig).failures == 3);
                CHECK_FALSE(commit(*store, *rig, reserve()));
                store.reset();
            }
            store = rig->open();
            rig->now += std::chrono::minutes(3);
            CHECK(commit(*store, *rig, reserve()));
        }
    }
}

TEST_CASE("store: tries left open by a restart are failures") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = rig->open_with_customer();
            REQUIRE(commit(*store, *rig, reserve()));
            REQUIRE(commit(*store, *rig, wrong()));
            REQUIRE(commit(*store, *rig, reserve()));
            REQUIRE(commit(*store, *rig, reserve()));
            store.reset();
            store = rig->open();
            CHECK(counts_of(*store, *rig).failures == 3);
            CHECK(counts_of(*store, *rig).holds == 0);
            CHECK(counts_of(*store, *rig).penalty == std::chrono::minutes(5));
            const AuditRow last = rows_of(*store).back();
            CHECK(last.entry.kind == auth::AuditKind::started);
            CHECK(last.entry.customer == alice);
            CHECK(last.entry.detail == 3);
            // What belonged to the visit before can settle nothing now.
            CHECK_FALSE(commit(*store, *rig, right()));
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: codes left over by a restart are void") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = rig->open_with_customer();
            auth::IssueCode code;
            code.hash.fill(std::byte{9});
            code.issue = 1;
            code.lifetime = std::chrono::minutes(2);
            REQUIRE(commit(*store, *rig, record(auth::AuditKind::code_issued, code)));
            store.reset();
            store = rig->open();
            CHECK(counts_of(*store, *rig).codes.count == 1);
            REQUIRE(commit(*store, *rig, reserve()));
            const auth::SettleRight use{auth::Factor::code, true, code.hash};
            const auto used = commit(*store, *rig, record(auth::AuditKind::code_right, use));
            REQUIRE_FALSE(used);
            CHECK(used.error().code == Errc::denied);
        }
    }
}

TEST_CASE("store: a further connection changes nothing at opening") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            REQUIRE(commit(*store, *rig, reserve()));
            const auto rows = rows_of(*store);
            rig->now += std::chrono::minutes(1);
            const auto further = rig->open_further();
            CHECK(rows_of(*further) == rows);
            CHECK(counts_of(*further, *rig) == counts_of(*store, *rig));
            CHECK(counts_of(*further, *rig).holds == 1);
        }
    }
}

TEST_CASE("store: a second owner is refused while the first one lives, and changes nothing") {
    const auto rig = media_rigs().front()();  // the real disk
    auto store = rig->open_with_customer();
    REQUIRE(commit(*store, *rig, reserve()));
    const OpenError error = refusal_of(*rig);
    CHECK(error.code == Errc::busy);
    CHECK_THAT(error.message,
               Contains("in use by another strongroom process") && Contains(rig->path()));
    CHECK(counts_of(*store, *rig).holds == 1);
    SECTION("also by way of a link") {
        const std::string link = rig->path() + ".link";
        std::filesystem::create_symlink(rig->path(), link);
        auto options = rig->options();
        options.path = link;
        const auto second = SqliteRecords::open(options);
        REQUIRE_FALSE(second);
        CHECK(second.error().code == Errc::busy);
    }
    SECTION("readers are let in") {
        CHECK(AuditReader::open(rig->path()));
        CHECK(rig->open_further());
    }
    SECTION("after the first one has closed, the next one may") {
        store.reset();
        CHECK(rig->try_open());
    }
}

TEST_CASE("store: an owner that dies leaves no lock behind") {
    const auto rig = media_rigs().front()();
    rig->open_with_customer().reset();
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // Holds the store and dies without a destructor.
        auto held = rig->try_open();
        _exit(held && !rig->try_open() ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(rig->try_open());
}

TEST_CASE("store: a store of a newer version is refused and left as it is") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            rig->open_with_customer().reset();
            rig->sql("PRAGMA user_version = 99");
            const auto before = rig->bytes(rig->path());
            const OpenError error = refusal_of(*rig);
            CHECK(error.code == Errc::unsupported);
            CHECK_THAT(error.message, Contains(rig->path()) && Contains("version 99"));
            CHECK(rig->bytes(rig->path()) == before);
        }
    }
}

TEST_CASE("store: a store of version 1 is brought up to date") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            rig->open_with_customer().reset();
            rig->sql(
                "DROP TABLE terminals; DROP INDEX live_codes; DROP TABLE fingers; "
                "DROP TABLE staff; DROP TABLE authenticators; PRAGMA user_version = 1");
            const auto store = rig->open();
            auth::IssueCode code;
            code.lifetime = std::chrono::minutes(2);
            CHECK(commit(*store, *rig, record(auth::AuditKind::code_issued, code)));
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: an upgrade that cannot be finished leaves the old version") {
    const auto rig = media_rigs().front()();
    rig->open_with_customer().reset();
    // The second migration stumbles over a table of that name, after the first statement.
    rig->sql("DROP INDEX live_codes; PRAGMA user_version = 1; CREATE TABLE more (a)");
    const auto before = rig->bytes(rig->path());
    const OpenError error = refusal_of(*rig);
    CHECK_THAT(error.message, Contains("upgrading its tables"));
    CHECK(rig->bytes(rig->path()) == before);
}

TEST_CASE("store: the wrong key is said clearly and changes nothing") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            rig->open_with_customer().reset();
            const auto before = rig->bytes(rig->path());
            rig->master = key_of(8);
            const OpenError error = refusal_of(*rig);
            CHECK(error.code == Errc::denied);
            CHECK_THAT(error.message, Contains("master key") && Contains(rig->path()));
            CHECK(rig->bytes(rig->path()) == before);
            rig->master = key_of(7);
            CHECK(rig->try_open());
        }
    }
}

TEST_CASE("store: a file that is no store is refused") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            SECTION("no database") {
                const std::vector<std::byte> text(5000, std::byte{'x'});
                rig->overwrite(rig->path(), text);
                const OpenError error = refusal_of(*rig);
                CHECK(error.code == Errc::corrupt);
                CHECK_THAT(error.message, Contains("not a strongroom store"));
                CHECK(rig->bytes(rig->path()) == text);
            }
            SECTION("another program's database") {
                rig->overwrite(rig->path(), {});
                rig->sql("CREATE TABLE other (a)");
                const OpenError error = refusal_of(*rig);
                CHECK_THAT(error.message, Contains("no strongroom store"));
            }
        }
    }
}

TEST_CASE("store: a damaged page is found at opening") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            rig->open_with_customer().reset();
            const auto whole = rig->bytes(rig->path());
            const std::size_t pages = whole.size() / 4096;
            REQUIRE(pages > 5);
            std::size_t refused = 0;
            for (std::size_t page = 1; page < pages; ++page) {
                auto damaged = whole;
                std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(page * 4096), 64,
                            std::byte{0xa5});
                rig->overwrite(rig->path(), damaged);
                const auto opened = rig->try_open();
                if (!opened) {
                    ++refused;
                    CHECK(opened.error().code == Errc::corrupt);
                    CHECK_THAT(opened.error().message, Contains(rig->path()));
                }
            }
            CHECK(refused == pages - 1);
        }
    }
}

TEST_CASE("store: a store that was removed under its anchor is not replaced by an empty one") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            rig->open_with_customer().reset();
            SECTION("removed") { rig->remove(rig->path()); }
            SECTION("emptied") { rig->overwrite(rig->path(), {}); }
            CHECK_THAT(refusal_of(*rig).message, Contains("anchor knows one"));
        }
    }
}

TEST_CASE("store: a missing anchor is refused") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            rig->open_with_customer().reset();
            MemoryAnchor none;
            auto options = rig->options();
            const SqliteRecords::Options without{options.path,     options.vfs,     options.master,
                                                 options.sealer,   options.chain,   none,
                                                 options.entropy,  options.lockout, options.sends,
                                                 options.terminal, options.opened,  options.role};
            const auto opened = SqliteRecords::open(without);
            REQUIRE_FALSE(opened);
            CHECK_THAT(opened.error().message, Contains("no anchor"));
        }
    }
}

TEST_CASE("store: a store that went on without its anchor's last mark is accepted and marked") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = rig->open_with_customer();
            rig->anchor.broken = true;  // the power went between the commit and the mark
            CHECK_FALSE(commit(*store, *rig, grant()));
            const std::uint64_t last = rows_of(*store).back().sequence;
            CHECK(rig->anchor.inside.read()->value().sequence < last);
            store.reset();
            rig->anchor.broken = false;
            store = rig->open();
            CHECK(rig->anchor.inside.read()->value().sequence > last);
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: no name, number, template or code is in any file in clear") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = rig->open_with_customer();
            const Key256 code_key = key_of(42);
            const CodeDigits digits("83920174");
            auth::IssueCode code;
            code.hash = auth::hash_code(
                code_key, {session, terminal, alice, locker, auth::Purpose::open_locker, 1},
                digits);
            code.lifetime = std::chrono::minutes(2);
            REQUIRE(commit(*store, *rig, record(auth::AuditKind::code_issued, code)));
            const auto features = face_of(1).features;
            const auto scan = [&] {
                std::size_t bytes = 0;
                for (const std::string& file : rig->files()) {
                    const auto content = rig->bytes(file);
                    bytes += content.size();
                    const auto text = [](std::string_view t) {
                        return std::as_bytes(std::span(t));
                    };
                    CHECK_FALSE(contains(content, text("Ravindran")));
                    CHECK_FALSE(contains(content, text("9876543210")));
                    CHECK_FALSE(contains(content, text("83920174")));
                    CHECK_FALSE(contains(content, std::as_bytes(std::span(features)).first(16)));
                    CHECK_FALSE(contains(content, rig->master.reveal()));
                }
                return bytes;
            };
            CHECK(scan() > 10000);  // with the journal
            store.reset();
            CHECK(scan() > 10000);  // after it was folded in
        }
    }
}

TEST_CASE("store: a full disk is exhausted, nothing is lost, and it goes on when there is room") {
    sim::Disk disk(5);
    const auto rig = on_disk(disk);
    const auto store = rig->open_with_customer();
    const auto before = rows_of(*store);
    std::uint64_t used = 0;
    for (const auto& [path, bytes] : disk.image()) used += bytes.size();
    disk.set_capacity(used);
    const auto refused = commit(*store, *rig, grant());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::exhausted);
    CHECK(rows_of(*store) == before);
    disk.set_capacity({});
    CHECK(commit(*store, *rig, grant()));
    CHECK(verdict_of(*store).intact());
}

TEST_CASE("store: a read-only disk is said at opening") {
    sim::Disk disk(5);
    const auto rig = on_disk(disk);
    rig->open_with_customer().reset();
    disk.set_read_only(true);
    const OpenError error = refusal_of(*rig);
    CHECK(error.code == Errc::denied);
    CHECK_THAT(error.message, Contains("read-only"));
    disk.set_read_only(false);
    CHECK(rig->try_open());
}
