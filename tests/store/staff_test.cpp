// Staff: one person alone changes nothing in a commissioned store (I10).
#include "catch.h"
#include "rig.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;

namespace {

const Secret carol_password{"correct horse battery"};
const Secret dave_password{"another long sentence"};

// A store with customer 1 and two members of staff, 1 and 2.
std::unique_ptr<SqliteRecords> commissioned(Rig& rig) {
    auto store = rig.open_with_customer();
    REQUIRE(store->add_staff(rig.moment(), "Carol", carol_password) == StaffId{1});
    REQUIRE(store->commissioned() == false);
    REQUIRE(store->add_staff(rig.moment(), "Dave", dave_password) == StaffId{2});
    REQUIRE(store->commissioned() == true);
    return store;
}

Error refusal_of(SqliteRecords& store, const Rig& rig) {
    const auto added = store.add_customer(rig.moment(), "Mallory", "+4915112345678", bob);
    return added ? Error{} : added.error();
}

constexpr Error needs_two{Errc::denied, two_staff_needed};

}  // namespace

TEST_CASE("staff: one alone changes nothing in a commissioned store") {
    const auto rig = media_rigs().front()();
    const auto store = commissioned(*rig);
    const Moment now = rig->moment();
    CHECK(refusal_of(*store, *rig) == needs_two);
    CHECK(store->add_template(now, alice, face_of(2)).error() == needs_two);
    CHECK(store->remove_templates(now, alice).error() == needs_two);
    CHECK(store->add_locker(now, LockerId{8}).error() == needs_two);
    CHECK(store->assign(now, locker, bob).error() == needs_two);
    CHECK(store->unassign(now, locker, alice).error() == needs_two);
    CHECK(store->add_finger(now, alice, {SensorId{1}, {}}).error() == needs_two);
    CHECK(store->remove_finger(now, alice, SensorId{1}).error() == needs_two);
    CHECK(store->release_by_staff(now, alice, StaffId{1}, StaffId{2}).error() == needs_two);
    CHECK(store->add_staff(now, "Eve", dave_password).error() == needs_two);
    CHECK(store->remove_staff(now, StaffId{1}).error() == needs_two);
    const auto record = store->load(now, alice, locker);
    REQUIRE(record);
    CHECK(record->entitled);
    CHECK(record->templates.size() == 1);
}

TEST_CASE("staff: two with their passwords may, for ten minutes") {
    const auto rig = media_rigs().front()();
    const auto store = commissioned(*rig);
    REQUIRE(
        store->authorise(rig->moment(), {StaffId{1}, carol_password}, {StaffId{2}, dave_password}));
    CHECK(store->add_customer(rig->moment(), "Bob", "+4915112345678", bob));
    rig->now += authorised_for;
    CHECK(store->add_locker(rig->moment(), LockerId{8}).error() == needs_two);
    REQUIRE(
        store->authorise(rig->moment(), {StaffId{2}, dave_password}, {StaffId{1}, carol_password}));
    CHECK(store->add_locker(rig->moment(), LockerId{8}));
    store->end_authorisation();
    CHECK(store->assign(rig->moment(), LockerId{8}, bob).error() == needs_two);
}

TEST_CASE("staff: a wrong password, a stranger, or one person twice is refused and written down") {
    const auto rig = media_rigs().front()();
    const auto store = commissioned(*rig);
    const auto refused = [&](StaffProof first, StaffProof second) {
        const auto done = store->authorise(rig->moment(), first, second);
        return !done && done.error() == needs_two && refusal_of(*store, *rig) == needs_two;
    };
    CHECK(refused({StaffId{1}, carol_password}, {StaffId{2}, carol_password}));
    CHECK(refused({StaffId{1}, carol_password}, {StaffId{1}, carol_password}));
    CHECK(refused({StaffId{1}, carol_password}, {StaffId{9}, dave_password}));
    // A refusal withdraws what was granted before.
    REQUIRE(
        store->authorise(rig->moment(), {StaffId{1}, carol_password}, {StaffId{2}, dave_password}));
    CHECK(refused({StaffId{1}, dave_password}, {StaffId{2}, dave_password}));
    int refusals = 0;
    for (const AuditRow& row : rows_of(*store)) {
        if (row.entry.kind == auth::AuditKind::staff_refused) ++refusals;
    }
    CHECK(refusals == 8);
}

TEST_CASE("staff: two must remain, and numbers are not used again") {
    const auto rig = media_rigs().front()();
    const auto store = commissioned(*rig);
    const auto agree = [&] {
        REQUIRE(store->authorise(rig->moment(), {StaffId{1}, carol_password},
                                 {StaffId{2}, dave_password}));
    };
    agree();
    CHECK(store->remove_staff(rig->moment(), StaffId{2}).error() ==
          Error{Errc::denied, last_two_staff});
    CHECK(store->add_staff(rig->moment(), "Eve", dave_password) == StaffId{3});
    CHECK(store->remove_staff(rig->moment(), StaffId{3}));
    CHECK(store->remove_staff(rig->moment(), StaffId{3}).error().code == Errc::out_of_range);
    CHECK(store->add_staff(rig->moment(), "Frank", dave_password) == StaffId{4});
    const auto all = store->staff();
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK(all->back().name.reveal_text() == "Frank");
    CHECK(verdict_of(*store).intact());
}

TEST_CASE("staff: a short password and an empty name are refused") {
    const auto rig = media_rigs().front()();
    const auto store = rig->open();
    CHECK(store->add_staff(rig->moment(), "Carol", Secret{"too short"}).error().code ==
          Errc::out_of_range);
    CHECK(store->add_staff(rig->moment(), "", carol_password).error().code == Errc::out_of_range);
    CHECK(store->commissioned() == false);
}

TEST_CASE("staff: somebody put into the database, taken out or exchanged is found") {
    for (const char* attack :
         {"DELETE FROM staff WHERE id = 2",
          "INSERT INTO staff SELECT 7, name, verifier FROM staff "
          "WHERE id = 1",
          "UPDATE staff SET verifier = (SELECT verifier FROM staff WHERE id = 1) WHERE id = 2"}) {
        INFO(attack);
        const auto rig = media_rigs().front()();
        commissioned(*rig).reset();
        rig->sql(attack);
        CHECK_FALSE(rig->try_open());
    }
}

TEST_CASE("staff: neither names nor passwords are in the store in clear") {
    const auto rig = media_rigs().front()();
    commissioned(*rig).reset();
    for (const std::string& file : rig->files()) {
        const auto bytes = rig->bytes(file);
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        CHECK(text.find("Carol") == std::string_view::npos);
        CHECK(text.find("correct horse") == std::string_view::npos);
        CHECK(text.find("$argon2") == std::string_view::npos);
    }
}
