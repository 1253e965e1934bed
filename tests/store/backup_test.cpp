#include "store/backup.h"

#include <fstream>

#include <sys/stat.h>

#include "catch.h"
#include "rig.h"
#include "store/audit_reader.h"
#include "store/file_anchor.h"
#include "temporary_directory.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

// A store in a directory, held open by its owner.
class Owned {
public:
    Owned() {
        auto opened = SqliteRecords::open(
            {store.string(), "", master, sealer, chain, anchor, entropy, {}, {}, terminal, moment});
        if (!opened) FAIL(opened.error().message);
        records = std::move(*opened);
        REQUIRE(records->add_customer(moment, alice_name, alice_phone, alice));
    }

    TemporaryDirectory directory;
    fs::path store = directory.path() / "live.db";
    fs::path mark = directory.path() / "live.anchor";
    Key256 master = key_of(7);
    SeededEntropy entropy{1};
    AeadSealer sealer{master};
    KeyedChain chain{master};
    FileAnchor anchor{mark, master};
    Moment moment{Instant{}, WallTime(std::chrono::hours(480000))};
    std::unique_ptr<SqliteRecords> records;
};

unsigned mode_of(const fs::path& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("backup: a copy taken while the owner works is whole, private and opens") {
    Owned owned;
    const fs::path to = owned.directory.path() / "copy";
    const auto done = back_up(owned.store, owned.mark, to);
    if (!done) FAIL(done.error().message);
    REQUIRE(owned.records->add_customer(owned.moment, "Bob", "+4915112345678", bob));
    CHECK(mode_of(to) == 0700U);
    CHECK(mode_of(to / "strongroom.db") == 0600U);
    CHECK(mode_of(to / "strongroom.anchor") == 0600U);
    CHECK(std::distance(fs::directory_iterator(to), {}) == 2);

    auto reader = AuditReader::open((to / "strongroom.db").string());
    REQUIRE(reader);
    FileAnchor anchor(to / "strongroom.anchor", owned.master);
    const auto verdict = reader->verify(owned.master, owned.chain, anchor);
    REQUIRE(verdict);
    CHECK(verdict->intact());

    auto restored = SqliteRecords::open({(to / "strongroom.db").string(),
                                         "",
                                         owned.master,
                                         owned.sealer,
                                         owned.chain,
                                         anchor,
                                         owned.entropy,
                                         {},
                                         {},
                                         terminal,
                                         owned.moment});
    if (!restored) FAIL(restored.error().message);
    const auto customers = (*restored)->customers(owned.moment);
    REQUIRE(customers);
    REQUIRE(customers->size() == 1);
    CHECK(customers->front().name.reveal_text() == alice_name);
}

TEST_CASE("backup: a copy put back beside a later anchor is refused") {
    Owned owned;
    const fs::path to = owned.directory.path() / "copy";
    REQUIRE(back_up(owned.store, owned.mark, to));
    REQUIRE(owned.records->add_customer(owned.moment, "Bob", "+4915112345678", bob));
    REQUIRE(owned.records->keep_time(owned.moment));
    const auto reopened = SqliteRecords::open({(to / "strongroom.db").string(),
                                               "",
                                               owned.master,
                                               owned.sealer,
                                               owned.chain,
                                               owned.anchor,
                                               owned.entropy,
                                               {},
                                               {},
                                               terminal,
                                               owned.moment});
    CHECK_FALSE(reopened);
}

TEST_CASE("backup: what is missing or in the way is named, and nothing half-written stays") {
    Owned owned;
    const fs::path to = owned.directory.path() / "copy";
    const auto no_store = back_up(owned.directory.path() / "none.db", owned.mark, to);
    REQUIRE_FALSE(no_store);
    CHECK_THAT(no_store.error().message, Contains("there is no store"));
    CHECK_FALSE(fs::exists(to));

    const auto no_anchor = back_up(owned.store, owned.directory.path() / "none", to);
    REQUIRE_FALSE(no_anchor);
    CHECK_THAT(no_anchor.error().message, Contains("the anchor"));
    CHECK_FALSE(fs::exists(to));

    fs::create_directory(to);
    std::ofstream(to / "mine") << "mine";
    const auto in_the_way = back_up(owned.store, owned.mark, to);
    REQUIRE_FALSE(in_the_way);
    CHECK_THAT(in_the_way.error().message, Contains("not empty"));
    CHECK(fs::exists(to / "mine"));

    const fs::path no_database = owned.directory.path() / "text.db";
    std::ofstream(no_database) << "this is no database, whatever its name says, and it is long";
    const fs::path other = owned.directory.path() / "other";
    CHECK_FALSE(back_up(no_database, owned.mark, other));
    CHECK_FALSE(fs::exists(other));
}
