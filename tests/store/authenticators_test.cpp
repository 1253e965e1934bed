// Authenticators in the store: sealed, and no time step of one is ever used twice.
#include <string>

#include "catch.h"
#include "rig.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;

namespace {

auth::Authenticator authenticator_of(unsigned char filler, std::int64_t last_step) {
    std::array<std::byte, auth::AuthenticatorSeed::size> bytes{};
    bytes.fill(static_cast<std::byte>(filler));
    return {auth::AuthenticatorSeed(bytes), {last_step}};
}

auth::Record used(std::int64_t step) {
    return record(auth::AuditKind::authenticator_right,
                  auth::SettleRight{auth::Factor::code, false, {}, auth::TimeStep{step}});
}

std::unique_ptr<SqliteRecords> with_authenticator(Rig& rig) {
    auto store = rig.open_with_customer();
    REQUIRE(store->set_authenticator(rig.moment(), alice, authenticator_of('S', 100)));
    return store;
}

// The answer to a code of `step`, counted as the terminal counts it.
Result<auth::CustomerCounts> use(SqliteRecords& store, const Rig& rig, std::int64_t step) {
    REQUIRE(commit(store, rig, reserve()));
    return commit(store, rig, used(step));
}

std::int64_t last_step(SqliteRecords& store, const Rig& rig) {
    const auto found = store.load(rig.moment(), alice, locker);
    REQUIRE(found);
    REQUIRE(found->authenticator);
    return found->authenticator->last_step.number;
}

}  // namespace

TEST_CASE("store: an enrolled authenticator is loaded with its seed and last step") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = rig->open_with_customer();
            CHECK_FALSE(store->load(rig->moment(), alice, locker)->authenticator);
            CHECK_FALSE(store->customers(rig->moment())->front().authenticator);
            REQUIRE(store->set_authenticator(rig->moment(), alice, authenticator_of('S', 100)));
            if (rig->persists()) {
                store.reset();
                store = rig->open();
            }
            const auto found = store->load(rig->moment(), alice, locker);
            REQUIRE(found->authenticator);
            CHECK(found->authenticator->last_step.number == 100);
            CHECK(found->authenticator->seed.reveal().front() == std::byte{'S'});
            CHECK(store->customers(rig->moment())->front().authenticator);
            CHECK(verdict_of(*store).intact());
            CHECK(store->set_authenticator(rig->moment(), bob, authenticator_of('S', 1))
                      .error()
                      .code == Errc::out_of_range);
            CHECK(store->set_authenticator(rig->moment(), alice, authenticator_of('S', -1))
                      .error()
                      .code == Errc::out_of_range);
        }
    }
}

TEST_CASE("store: an authenticator is replaced and removed, and both are written down") {
    const auto rig = all_rigs().front()();
    const auto store = with_authenticator(*rig);
    const auto detail = [&] { return rows_of(*store).back().entry.detail; };
    CHECK(detail() == static_cast<std::int64_t>(EnrolmentStep::authenticator_added));
    REQUIRE(store->set_authenticator(rig->moment(), alice, authenticator_of('N', 7)));
    CHECK(detail() == static_cast<std::int64_t>(EnrolmentStep::authenticator_replaced));
    CHECK(last_step(*store, *rig) == 7);
    REQUIRE(store->remove_authenticator(rig->moment(), alice));
    CHECK(detail() == static_cast<std::int64_t>(EnrolmentStep::authenticator_removed));
    CHECK_FALSE(store->load(rig->moment(), alice, locker)->authenticator);
    CHECK(store->remove_authenticator(rig->moment(), alice).error().code == Errc::out_of_range);
    CHECK(verdict_of(*store).intact());
}

TEST_CASE("store: a step is used once, and none before it any more") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = with_authenticator(*rig);
            REQUIRE(use(*store, *rig, 105));
            CHECK(last_step(*store, *rig) == 105);
            CHECK(use(*store, *rig, 105).error() == Error{Errc::denied, 0});
            // The refused try stays counted, and a refusal changes nothing.
            CHECK(store->load(rig->moment(), alice, locker)->counts.holds == 1);
            CHECK(last_step(*store, *rig) == 105);
            CHECK(commit(*store, *rig, used(104)).error() == Error{Errc::denied, 0});
            CHECK(commit(*store, *rig, used(106)));
            CHECK(verdict_of(*store).intact());
            if (!rig->persists()) continue;
            store.reset();
            store = rig->open();
            CHECK(last_step(*store, *rig) == 106);
            CHECK(use(*store, *rig, 106).error() == Error{Errc::denied, 0});
        }
    }
}

TEST_CASE("store: two connections cannot use one step") {
    const auto rig = media_rigs().front()();
    const auto store = with_authenticator(*rig);
    const auto other = rig->open_further();
    REQUIRE(commit(*store, *rig, reserve()));
    REQUIRE(commit(*other, *rig, reserve()));
    CHECK(commit(*store, *rig, used(105)));
    CHECK(commit(*other, *rig, used(105)).error().code == Errc::denied);
    CHECK(commit(*other, *rig, used(106)));
}

TEST_CASE("store: who has no authenticator uses no step") {
    const auto rig = all_rigs().front()();
    const auto store = rig->open_with_customer();
    CHECK(use(*store, *rig, 105).error() == Error{Errc::denied, 0});
}

TEST_CASE("store: a used step is anchored before the answer") {
    const auto rig = media_rigs().front()();
    const auto store = with_authenticator(*rig);
    REQUIRE(commit(*store, *rig, reserve()));
    rig->anchor.broken = true;
    // Used all the same: the row is there, and nobody acts on it.
    CHECK(commit(*store, *rig, used(105)).error().code == Errc::disconnected);
    CHECK(last_step(*store, *rig) == 105);
    rig->anchor.broken = false;
    REQUIRE(use(*store, *rig, 106));
    CHECK(rig->anchor.inside.read()->value().sequence == rows_of(*store).back().sequence);
}

TEST_CASE("store: a copy of before a step was used refuses to start, as does a row of then") {
    const auto rig = media_rigs().front()();
    with_authenticator(*rig).reset();
    std::vector<std::pair<std::string, std::vector<std::byte>>> copy;
    for (const std::string& file : rig->files()) copy.emplace_back(file, rig->bytes(file));
    auto store = rig->open();
    REQUIRE(use(*store, *rig, 105));
    SECTION("the whole store") {
        store.reset();
        for (const std::string& file : rig->files()) rig->remove(file);
        for (const auto& [file, bytes] : copy) rig->overwrite(file, bytes);
        CHECK(rig->try_open().error().code == Errc::corrupt);
    }
    SECTION("her row alone") {
        store.reset();
        rig->sql("UPDATE authenticators SET secret = zeroblob(68)");
        CHECK(rig->try_open().error().code == Errc::corrupt);
    }
    SECTION("her row taken away") {
        store.reset();
        rig->sql("DELETE FROM authenticators");
        CHECK(rig->try_open().error().code == Errc::corrupt);
    }
}

TEST_CASE("store: the seed of an authenticator is nowhere in the files") {
    const auto rig = media_rigs().front()();
    auto store = with_authenticator(*rig);
    REQUIRE(use(*store, *rig, 105));
    store.reset();
    const std::string seed(auth::AuthenticatorSeed::size, 'S');
    for (const std::string& file : rig->files()) {
        const auto bytes = rig->bytes(file);
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        CHECK(text.find(seed) == std::string_view::npos);
    }
}

TEST_CASE("store: the latest time on record is kept over restarts and steps back of the clock") {
    const auto rig = media_rigs().front()();
    auto store = rig->open_with_customer();
    const WallTime latest = rig->moment().wall;
    CHECK(store->load(rig->moment(), alice, locker)->latest == latest);
    const Moment before{rig->now, WallTime{}};
    REQUIRE(store->note(before, std::vector{entry(auth::AuditKind::claimed)}));
    CHECK(store->load(before, alice, locker)->latest == latest);
    store.reset();
    store = rig->open();
    CHECK(store->load(before, alice, locker)->latest == latest);
}
