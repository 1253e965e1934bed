// Tampering: whoever can write the database, but has neither key nor anchor, is found.
#include "catch.h"
#include "rig.h"
#include "store/audit_reader.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;
using Catch::Matchers::Contains;
using Finding = AuditVerdict::Finding;

namespace {

// Twenty rows or so, closed.
void fill(Rig& rig) {
    const auto store = rig.open_with_customer();
    for (int i = 0; i < 3; ++i) {
        REQUIRE(commit(*store, rig, reserve()));
        REQUIRE(commit(*store, rig, i == 1 ? wrong() : right()));
        REQUIRE(store->note(rig.moment(), std::vector{entry(auth::AuditKind::claimed),
                                                      entry(auth::AuditKind::ended)}));
    }
    REQUIRE(commit(*store, rig, grant()));
}

AuditVerdict verify(Rig& rig) {
    auto reader = AuditReader::open(rig.path(), rig.vfs());
    if (!reader) FAIL(reader.error().message);
    const auto verdict = reader->verify(rig.master, rig.chain, rig.anchor);
    REQUIRE(verdict);
    return *verdict;
}

// Found by verify, and by opening when it lies where opening looks.
void expect(Rig& rig, Finding finding, std::uint64_t first_bad) {
    const AuditVerdict verdict = verify(rig);
    CHECK(to_string(verdict.finding) == to_string(finding));
    CHECK(verdict.first_bad == first_bad);
    CHECK_FALSE(describe(verdict).empty());
}

void expect_refused(Rig& rig) {
    const auto opened = rig.try_open();
    REQUIRE_FALSE(opened);
    CHECK_THAT(opened.error().message, Contains("is refused"));
}

}  // namespace

TEST_CASE("audit: an untouched store is intact and the reader changes no byte") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            fill(*rig);
            const auto files = rig->files();
            const auto before = rig->bytes(rig->path());
            const AuditVerdict verdict = verify(*rig);
            CHECK(verdict.intact());
            CHECK(verdict.rows == 18);
            CHECK(rig->files() == files);
            CHECK(rig->bytes(rig->path()) == before);
        }
    }
}

TEST_CASE("audit: a store in use is read and verified beside its owner") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            REQUIRE(commit(*store, *rig, reserve()));
            CHECK(verify(*rig).intact());
            CHECK(verify(*rig).rows == rows_of(*store).size());
            CHECK(commit(*store, *rig, right()));
        }
    }
}

TEST_CASE("audit: a copy taken while the store was in use is read with its journal") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            REQUIRE(commit(*store, *rig, reserve()));
            const auto copy = make();
            for (const char* suffix : {"", "-wal"}) {
                copy->overwrite(copy->path() + suffix, rig->bytes(rig->path() + suffix));
            }
            const auto database = copy->bytes(copy->path());
            const auto journal = copy->bytes(copy->path() + "-wal");
            REQUIRE(journal.size() > 1000);
            auto reader = AuditReader::open(copy->path(), copy->vfs());
            if (!reader) FAIL(reader.error().message);
            const auto verdict = reader->verify(rig->master, rig->chain, rig->anchor);
            REQUIRE(verdict);
            CHECK(verdict->intact());
            CHECK(verdict->rows == rows_of(*store).size());
            CHECK(copy->bytes(copy->path()) == database);
            CHECK(copy->bytes(copy->path() + "-wal") == journal);
        }
    }
}

TEST_CASE("audit: each changed column of a row is found") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            fill(*rig);
            const auto whole = rig->bytes(rig->path());
            for (const char* change :
                 {"wall = wall + 1", "kind = 5", "kind = kind + 256", "session = 1", "terminal = 1",
                  "customer = 2", "locker = 8", "detail = -1", "state = zeroblob(32)",
                  "authenticator = zeroblob(32)", "authenticator = zeroblob(3)"}) {
                INFO(change);
                rig->overwrite(rig->path(), whole);
                rig->sql(std::string("UPDATE audit SET ") + change + " WHERE sequence = 9");
                expect(*rig, Finding::altered, 9);
            }
        }
    }
}

TEST_CASE("audit: a removed row is found") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            fill(*rig);
            SECTION("in the middle") {
                rig->sql("DELETE FROM audit WHERE sequence = 9");
                expect(*rig, Finding::missing, 9);
            }
            SECTION("in the middle, the others moved up") {
                rig->sql("DELETE FROM audit WHERE sequence = 9");
                for (int i = 10; i <= 18; ++i) {
                    rig->sql("UPDATE audit SET sequence = sequence - 1 WHERE sequence = " +
                             std::to_string(i));
                }
                expect(*rig, Finding::altered, 9);
                expect_refused(*rig);
            }
            SECTION("at the beginning") {
                rig->sql("DELETE FROM audit WHERE sequence <= 2");
                expect(*rig, Finding::missing, 1);
            }
            SECTION("at the end") {
                rig->sql("DELETE FROM audit WHERE sequence >= 17");
                expect(*rig, Finding::truncated, 17);
                expect_refused(*rig);
            }
            SECTION("all of them") {
                rig->sql("DELETE FROM audit");
                expect(*rig, Finding::truncated, 1);
                expect_refused(*rig);
            }
        }
    }
}

TEST_CASE("audit: reordered and inserted rows are found") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            fill(*rig);
            SECTION("two rows exchanged") {
                rig->sql(
                    "UPDATE audit SET sequence = 1000 WHERE sequence = 8;"
                    "UPDATE audit SET sequence = 8 WHERE sequence = 9;"
                    "UPDATE audit SET sequence = 9 WHERE sequence = 1000");
                expect(*rig, Finding::altered, 8);
            }
            SECTION("a copy of the last row after it") {
                rig->sql(
                    "INSERT INTO audit SELECT sequence + 1, wall, kind, session, terminal, "
                    "customer, locker, detail, state, authenticator FROM audit WHERE sequence = "
                    "18");
                expect(*rig, Finding::altered, 19);
                expect_refused(*rig);
            }
            SECTION("a row before the first") {
                rig->sql(
                    "INSERT INTO audit SELECT -1, wall, kind, session, terminal, customer, locker, "
                    "detail, state, authenticator FROM audit WHERE sequence = 1");
                CHECK(verify(*rig).finding == Finding::altered);
            }
        }
    }
}

TEST_CASE("audit: an older copy of the store refuses to start") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            fill(*rig);
            const auto older = rig->bytes(rig->path());
            auto store = rig->open();
            REQUIRE(commit(*store, *rig, reserve()));
            REQUIRE(commit(*store, *rig, wrong()));
            store.reset();
            rig->overwrite(rig->path(), older);
            expect(*rig, Finding::truncated, 19);
            expect_refused(*rig);
        }
    }
}

TEST_CASE("audit: a store with another history of the same length is found") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            fill(*rig);
            const auto fork = rig->bytes(rig->path());
            auto store = rig->open();
            REQUIRE(commit(*store, *rig, grant()));
            store.reset();
            // The same program made the other history too, with its anchor elsewhere.
            const auto mark = *rig->anchor.inside.read();
            rig->overwrite(rig->path(), fork);
            {
                const auto other = make();
                other->overwrite(other->path(), fork);
                REQUIRE(
                    other->anchor.inside.write({mark->store, 0, rig->chain.first(mark->store)}));
                auto forked = other->open();
                REQUIRE(commit(*forked, *other, reserve()));
                forked.reset();
                rig->overwrite(rig->path(), other->bytes(other->path()));
            }
            expect(*rig, Finding::rewritten, mark->sequence);
            expect_refused(*rig);
        }
    }
}

TEST_CASE("audit: another store under the same key is found by the anchor") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            fill(*rig);
            const auto other = make();
            other->entropy = SeededEntropy(77);
            fill(*other);
            rig->overwrite(rig->path(), other->bytes(other->path()));
            CHECK_FALSE(verify(*rig).intact());
            expect_refused(*rig);
        }
    }
}

TEST_CASE("audit: counters and holders changed behind its back are found") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            fill(*rig);
            auto store = rig->open();
            REQUIRE(store->add_customer(rig->moment(), "Bob", "+4915112345678", bob));
            REQUIRE(commit(*store, *rig, reserve()));
            REQUIRE(commit(*store, *rig, wrong()));
            store.reset();
            const auto whole = rig->bytes(rig->path());
            for (const char* change :
                 {"UPDATE counters SET failures = 0", "UPDATE counters SET penalty = penalty + 1",
                  "UPDATE counters SET as_of = as_of + 1",
                  "DELETE FROM counters WHERE customer = 2",
                  "UPDATE counters SET seal = zeroblob(32)", "DELETE FROM holders",
                  "UPDATE holders SET customer = 2", "UPDATE holders SET locker = locker",
                  "INSERT INTO holders SELECT locker, 2, seal FROM holders"}) {
                INFO(change);
                rig->overwrite(rig->path(), whole);
                rig->sql(change);
                const bool harmless = std::string_view(change).ends_with("locker = locker");
                CHECK(verify(*rig).intact() == harmless);
                CHECK(rig->try_open().has_value() == harmless);
            }
        }
    }
}

TEST_CASE("audit: a counter put back to an older row is found") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = rig->open_with_customer();
            rig->sql("CREATE TABLE kept AS SELECT * FROM counters");
            REQUIRE(commit(*store, *rig, reserve()));
            REQUIRE(commit(*store, *rig, wrong()));
            SECTION("while it runs") {
                rig->sql("DELETE FROM counters; INSERT INTO counters SELECT * FROM kept");
                const auto next = commit(*store, *rig, reserve());
                REQUIRE_FALSE(next);
                CHECK(next.error().code == Errc::corrupt);
                store.reset();
            }
            SECTION("while it is closed") {
                store.reset();
                rig->sql("DELETE FROM counters; INSERT INTO counters SELECT * FROM kept");
            }
            expect(*rig, Finding::state, 0);
            expect_refused(*rig);
        }
    }
}

TEST_CASE("store: what an attacker adds to the schema does not run") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            rig->open_with_customer().reset();
            rig->sql(
                "CREATE TRIGGER forget AFTER INSERT ON audit BEGIN "
                "DELETE FROM audit WHERE sequence = new.sequence; END;"
                "CREATE TRIGGER forgive AFTER UPDATE ON counters BEGIN "
                "UPDATE counters SET failures = 0; END");
            auto store = rig->open();
            REQUIRE(commit(*store, *rig, reserve()));
            REQUIRE(commit(*store, *rig, wrong()));
            CHECK(store->load(rig->moment(), alice, locker)->counts.failures == 1);
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: a sealed field moved from one customer to another does not open") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = rig->open_with_customer();
            REQUIRE(store->add_customer(rig->moment(), "Mallory", "+4915112345678", bob));
            REQUIRE(store->add_template(rig->moment(), bob, face_of(2)));
            REQUIRE(store->add_finger(rig->moment(), alice, {SensorId{5}, {1, {}}}));
            REQUIRE(store->add_finger(rig->moment(), bob, {SensorId{5}, {2, {}}}));
            store.reset();
            const char* change = nullptr;
            SECTION("her finger under the victim's number") {
                change =
                    "UPDATE fingers SET reference = (SELECT reference FROM fingers WHERE "
                    "customer = 2) WHERE customer = 1";
            }
            SECTION("her finger's row given to the victim") {
                change = "DELETE FROM fingers WHERE customer = 1; UPDATE fingers SET customer = 1";
            }
            SECTION("the victim's finger taken away") {
                change = "DELETE FROM fingers WHERE customer = 1";
            }
            SECTION("her template under the victim's number") {
                change =
                    "UPDATE templates SET features = (SELECT features FROM templates WHERE "
                    "customer = 2) WHERE customer = 1";
            }
            SECTION("her template's row given to the victim") {
                change = "UPDATE templates SET customer = 1 WHERE customer = 2";
            }
            SECTION("her phone number under the victim's number") {
                change =
                    "UPDATE customers SET phone = (SELECT phone FROM customers WHERE id = 2) "
                    "WHERE id = 1";
            }
            SECTION("one altered byte") {
                change =
                    "UPDATE templates SET features = CAST(substr(features, 1, 99) || x'00' || "
                    "substr(features, 101) AS BLOB) WHERE customer = 1";
            }
            rig->sql(change);
            // The place is part of the seal, and what stands where is part of the audit's state.
            CHECK_FALSE(rig->try_open());
        }
    }
}

TEST_CASE("store: a sealed field opens at its own place alone, also for a running owner") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            REQUIRE(store->add_customer(rig->moment(), "Mallory", "+4915112345678", bob));
            REQUIRE(store->add_template(rig->moment(), bob, face_of(2)));
            REQUIRE(store->load(rig->moment(), alice, locker));
            rig->sql(
                "UPDATE templates SET features = (SELECT features FROM templates WHERE "
                "customer = 2) WHERE customer = 1");
            const auto found = store->load(rig->moment(), alice, locker);
            REQUIRE_FALSE(found);
            CHECK(found.error().code == Errc::corrupt);
        }
    }
}

TEST_CASE("store: an older sealed field in its own place is found, and a template taken away") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = rig->open_with_customer();
            // The number that she once had: sealed for this very place, under this very key.
            const std::string_view once = "+4915112345678";
            const auto sealed = rig->sealer.seal(rig->entropy, {"customers", "phone", 1, 1},
                                                 std::as_bytes(std::span(once)));
            REQUIRE(sealed);
            std::string hex;
            for (const std::byte b : *sealed) {
                constexpr std::string_view digits = "0123456789abcdef";
                hex += digits[std::to_integer<std::size_t>(b >> 4)];
                hex += digits[std::to_integer<std::size_t>(b & std::byte{15})];
            }
            const std::string older = "UPDATE customers SET phone = x'" + hex + "' WHERE id = 1";
            SECTION("while no owner runs: at the opening") {
                store.reset();
                SECTION("an older number") { rig->sql(older); }
                SECTION("no template") { rig->sql("DELETE FROM templates WHERE customer = 1"); }
                CHECK(verify(*rig).finding == Finding::state);
                const auto refused = rig->try_open();
                REQUIRE_FALSE(refused);
                CHECK(refused.error().code == Errc::corrupt);
            }
            SECTION("beside a running owner: before it is used") {
                rig->sql(older);
                const auto found = store->load(rig->moment(), alice, locker);
                REQUIRE_FALSE(found);
                CHECK(found.error().code == Errc::corrupt);
            }
        }
    }
}

TEST_CASE("audit: the reader says what it cannot open") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto refusal = [&] {
                const auto reader = AuditReader::open(rig->path(), rig->vfs());
                REQUIRE_FALSE(reader);
                return reader.error().message;
            };
            SECTION("nothing there") {
                CHECK_THAT(refusal(), Contains("missing"));
                CHECK(rig->files().empty());
            }
            SECTION("no database") {
                rig->overwrite(rig->path(), std::vector<std::byte>(5000, std::byte{'x'}));
                CHECK_THAT(refusal(), Contains("not a strongroom store"));
            }
            SECTION("newer") {
                fill(*rig);
                rig->sql("PRAGMA user_version = 99");
                CHECK_THAT(refusal(), Contains("version 99"));
            }
            SECTION("another key") {
                fill(*rig);
                auto reader = AuditReader::open(rig->path(), rig->vfs());
                REQUIRE(reader);
                const auto verdict = reader->verify(key_of(8), KeyedChain(key_of(8)), rig->anchor);
                REQUIRE_FALSE(verdict);
                CHECK(verdict.error().code == Errc::denied);
            }
        }
    }
}
