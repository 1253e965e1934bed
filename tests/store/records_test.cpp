// The suite that every place for a store must pass: what a terminal asks of it.
#include <atomic>
#include <thread>

#include "catch.h"
#include "rig.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;

namespace {

auth::Record issue(std::byte hash, std::uint32_t number, SessionId of = session) {
    auth::IssueCode code;
    code.hash.fill(hash);
    code.issue = number;
    code.lifetime = std::chrono::seconds(120);
    auth::Record out = record(auth::AuditKind::code_issued, code);
    out.audit.session = of;
    return out;
}

auth::Record use(std::byte hash) {
    auth::SettleRight settled{auth::Factor::code, true, {}};
    settled.code.fill(hash);
    return record(auth::AuditKind::code_right, settled);
}

constexpr std::byte first_code{0x11};
constexpr std::byte second_code{0x22};

}  // namespace

TEST_CASE("store: an enrolled customer is loaded with phone, templates and holding") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            const auto found = store->load(rig->moment(), alice, locker);
            REQUIRE(found);
            CHECK(found->known);
            CHECK(found->entitled);
            CHECK(found->phone.reveal_text() == alice_phone);
            REQUIRE(found->templates.size() == 1);
            CHECK(found->templates[0].features == face_of(1).features);
            CHECK(found->templates[0].model == face_of(1).model);
            CHECK(found->counts == auth::CustomerCounts{});
            // Another locker, another customer.
            CHECK_FALSE(store->load(rig->moment(), alice, LockerId{8})->entitled);
            const auto nobody = store->load(rig->moment(), bob, locker);
            REQUIRE(nobody);
            CHECK_FALSE(nobody->known);
            CHECK_FALSE(nobody->entitled);
        }
    }
}

TEST_CASE("store: wrong tries count, and the third starts the penalty") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            for (int i = 1; i <= 3; ++i) {
                const auto reserved = commit(*store, *rig, reserve());
                REQUIRE(reserved);
                CHECK(reserved->holds == 1);
                const auto settled = commit(*store, *rig, wrong());
                REQUIRE(settled);
                CHECK(settled->failures == i);
                CHECK(settled->holds == 0);
            }
            const auto refused = commit(*store, *rig, reserve());
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == Errc::denied);
            CHECK(store->load(rig->moment(), alice, locker)->counts.penalty ==
                  std::chrono::minutes(5));
            rig->now += std::chrono::minutes(5);
            CHECK(store->load(rig->moment(), alice, locker)->counts.penalty == Duration::zero());
            CHECK(commit(*store, *rig, reserve()));
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: a refused record leaves neither a count nor a row") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            const auto before = rows_of(*store);
            CHECK_FALSE(commit(*store, *rig, wrong()));          // nothing reserved
            CHECK_FALSE(commit(*store, *rig, right()));          // nothing reserved
            CHECK_FALSE(commit(*store, *rig, grant(true)));      // nothing reserved
            CHECK_FALSE(commit(*store, *rig, use(first_code)));  // nothing issued
            CHECK(rows_of(*store) == before);
            CHECK(store->load(rig->moment(), alice, locker)->counts == auth::CustomerCounts{});
            CHECK(commit(*store, *rig, reserve()));
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: a grant sets the failures back and settles its hold") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            REQUIRE(commit(*store, *rig, reserve()));
            REQUIRE(commit(*store, *rig, wrong()));
            REQUIRE(commit(*store, *rig, reserve()));
            const auto granted = commit(*store, *rig, grant(true));
            REQUIRE(granted);
            CHECK(granted->failures == 0);
            CHECK(granted->holds == 0);
            const auto rows = rows_of(*store);
            CHECK(rows.back().entry.kind == auth::AuditKind::granted);
            CHECK(rig->anchor.read()->value().sequence == rows.back().sequence);
        }
    }
}

TEST_CASE("store: a code is used once, and only as it was issued") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            REQUIRE(commit(*store, *rig, issue(first_code, 1)));
            const auto attempt = [&](const auth::Record& what) {
                REQUIRE(commit(*store, *rig, reserve()));
                const auto out = commit(*store, *rig, what);
                if (!out) {
                    CHECK(out.error().code == Errc::denied);
                    REQUIRE(commit(*store, *rig, right()));
                }
                return out.has_value();
            };
            SECTION("another hash, session, terminal, locker") {
                CHECK_FALSE(attempt(use(second_code)));
                auto other = use(first_code);
                other.audit.session.value += 1;
                CHECK_FALSE(attempt(other));
                other = use(first_code);
                other.audit.terminal.value += 1;
                CHECK_FALSE(attempt(other));
                other = use(first_code);
                other.audit.locker.value += 1;
                CHECK_FALSE(attempt(other));
                CHECK(attempt(use(first_code)));
            }
            SECTION("twice") {
                CHECK(attempt(use(first_code)));
                CHECK_FALSE(attempt(use(first_code)));
            }
            SECTION("after a resend the first one is void") {
                REQUIRE(commit(*store, *rig, issue(second_code, 2)));
                CHECK_FALSE(attempt(use(first_code)));
                CHECK(attempt(use(second_code)));
            }
            SECTION("after its lifetime") {
                rig->now += std::chrono::seconds(121);
                CHECK_FALSE(attempt(use(first_code)));
            }
        }
    }
}

TEST_CASE("store: codes are capped a customer and a terminal a day") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            rig->sends.per_customer_per_day = 3;
            rig->sends.per_terminal_per_day = 5;
            const auto store = rig->open_with_customer();
            REQUIRE(store->add_customer(rig->moment(), "Bob", "+4915112345678", bob));
            const auto send = [&](CustomerId to, std::uint64_t visit) {
                auth::Record one = issue(first_code, 1, SessionId{visit});
                one.audit.customer = to;
                rig->now += std::chrono::minutes(1);
                return commit(*store, *rig, one);
            };
            for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(send(alice, i));
            const auto fourth = send(alice, 4);
            REQUIRE_FALSE(fourth);
            CHECK(fourth.error().code == Errc::denied);
            REQUIRE(send(bob, 5));
            REQUIRE(send(bob, 6));
            const auto sixth = send(bob, 7);
            REQUIRE_FALSE(sixth);
            CHECK(sixth.error().code == Errc::denied);
            rig->now += std::chrono::hours(24);
            CHECK(send(alice, 8));
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: failures before any factor are counted for the day and lock nobody") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            const auto unproven = record(auth::AuditKind::face_mismatched, auth::UnprovenFailure{});
            for (int i = 1; i <= 12; ++i) {
                const auto counts = commit(*store, *rig, unproven);
                REQUIRE(counts);
                CHECK(counts->unproven.count == i);
                CHECK(counts->failures == 0);
            }
            CHECK(commit(*store, *rig, reserve()));
            // Of somebody who is not there, it is only recorded.
            const auto stranger =
                record(auth::AuditKind::unknown_customer, auth::UnprovenFailure{}, CustomerId{77});
            CHECK(commit(*store, *rig, stranger));
            CHECK(rows_of(*store).back().entry.kind == auth::AuditKind::unknown_customer);
        }
    }
}

TEST_CASE("store: two staff release a customer, one cannot") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            rig->lockout.penalty_from = 100;
            const auto store = rig->open_with_customer();
            for (int i = 0; i < 10; ++i) {
                REQUIRE(commit(*store, *rig, reserve()));
                REQUIRE(commit(*store, *rig, wrong()));
            }
            CHECK_FALSE(commit(*store, *rig, reserve()));
            const auto alone =
                store->release_by_staff(rig->moment(), alice, StaffId{4}, StaffId{4});
            REQUIRE_FALSE(alone);
            CHECK(alone.error().code == Errc::denied);
            CHECK_FALSE(store->release_by_staff(rig->moment(), alice, StaffId{4}, StaffId{}));
            CHECK_FALSE(commit(*store, *rig, reserve()));
            const auto released =
                store->release_by_staff(rig->moment(), alice, StaffId{4}, StaffId{5});
            REQUIRE(released);
            CHECK(released->failures == 0);
            CHECK(commit(*store, *rig, reserve()));
            int rows = 0;
            for (const AuditRow& row : rows_of(*store)) {
                if (row.entry.kind == auth::AuditKind::released_by_staff) ++rows;
            }
            CHECK(rows == 2);
        }
    }
}

TEST_CASE("store: notes keep their order, all or none") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            std::vector<auth::AuditEntry> notes;
            for (int i = 0; i < 50; ++i) {
                notes.push_back(entry(auth::AuditKind::refused_event));
                notes.back().detail = i;
            }
            REQUIRE(store->note(rig->moment(), notes));
            const auto rows = rows_of(*store, AuditQuery{1, 50, {}});
            REQUIRE(rows.size() == 50);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                CHECK(rows[i].entry == notes[i]);
                CHECK(rows[i].wall == rig->moment().wall);
                if (i > 0) CHECK(rows[i].sequence == rows[i - 1].sequence + 1);
            }
        }
    }
}

TEST_CASE("store: rows are read by tail, by number and by customer") {
    const auto rig = all_rigs().front()();
    const auto store = rig->open_with_customer();
    REQUIRE(store->add_customer(rig->moment(), "Bob", "+4915112345678", bob));
    const auto all = rows_of(*store);
    CHECK(all.front().sequence == 1);
    CHECK(rows_of(*store, {1, 2, {}}) == std::vector<AuditRow>(all.end() - 2, all.end()));
    CHECK(rows_of(*store, {3, 0, {}}) == std::vector<AuditRow>(all.begin() + 2, all.end()));
    const auto of_bob = rows_of(*store, {1, 0, bob});
    REQUIRE(of_bob.size() == 1);
    CHECK(of_bob[0].entry.customer == bob);
    CHECK(rows_of(*store, {~0ULL, 0, {}}).empty());
}

TEST_CASE("store: enrolment refuses what is no name, number, template or locker") {
    const auto rig = all_rigs().front()();
    const auto store = rig->open_with_customer();
    const auto code = [](const auto& result) {
        REQUIRE_FALSE(result);
        return result.error().code;
    };
    const Moment at = rig->moment();
    CHECK(code(store->add_customer(at, "", "+4915112345678")) == Errc::out_of_range);
    CHECK(code(store->add_customer(at, "a\nb", "+4915112345678")) == Errc::out_of_range);
    CHECK(code(store->add_customer(at, "\xff\xfe", "+4915112345678")) == Errc::out_of_range);
    CHECK(code(store->add_customer(at, "\xc0\x80", "+4915112345678")) == Errc::out_of_range);
    for (const char* number : {"", "+", "4915112345678", "+0123456789", "+49 151 123", "+1234567",
                               "+1234567890123456", "+49151x2345678"}) {
        INFO(number);
        CHECK(code(store->add_customer(at, "Bob", number)) == Errc::out_of_range);
    }
    CHECK(code(store->add_customer(at, "Eve", "+4915112345678", alice)) == Errc::denied);
    CHECK(store->add_customer(at, "Jos\u00e9", "+4915112345678").value() == bob);
    auto face = face_of(2);
    CHECK(code(store->add_template(at, CustomerId{55}, face)) == Errc::out_of_range);
    face.features[3] = std::numeric_limits<float>::quiet_NaN();
    CHECK(code(store->add_template(at, alice, face)) == Errc::out_of_range);
    face.features.resize(3);
    CHECK(code(store->add_template(at, alice, face)) == Errc::out_of_range);
    CHECK(code(store->add_locker(at, LockerId{})) == Errc::out_of_range);
    CHECK(code(store->add_locker(at, locker)) == Errc::denied);
    CHECK(code(store->assign(at, LockerId{44}, alice)) == Errc::out_of_range);
    CHECK(code(store->assign(at, locker, CustomerId{55})) == Errc::out_of_range);
    CHECK(store->remove_templates(at, alice).value() == 1);
    CHECK(store->load(at, alice, locker)->templates.empty());
    REQUIRE(store->unassign(at, locker, alice));
    CHECK_FALSE(store->load(at, alice, locker)->entitled);
    CHECK(code(store->unassign(at, locker, alice)) == Errc::out_of_range);
    CHECK(verdict_of(*store).intact());
}

TEST_CASE("store: the operator's list shows names and only the tail of numbers") {
    const auto rig = all_rigs().front()();
    const auto store = rig->open_with_customer();
    const auto list = store->customers(rig->moment());
    REQUIRE(list);
    REQUIRE(list->size() == 1);
    CHECK(list->front().name.reveal_text() == alice_name);
    CHECK(list->front().phone_tail == "3210");
    CHECK(list->front().templates == 1);
    CHECK(list->front().lockers == std::vector<LockerId>{locker});
}

namespace {

FingerEnrolment finger_in(SensorId sensor, FingerSlot slot) {
    FingerEnrolment out{sensor, {slot, {}}};
    out.reference.template_digest.fill(static_cast<std::byte>(slot));
    return out;
}

}  // namespace

TEST_CASE("store: an enrolled finger is loaded with its sensor, slot and digest") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            auto store = rig->open_with_customer();
            REQUIRE(store->add_customer(rig->moment(), "Bob", "+4915112345678", bob));
            CHECK(store->load(rig->moment(), alice, locker)->fingers.empty());
            REQUIRE(store->add_finger(rig->moment(), alice, finger_in(SensorId{5}, 300)));
            REQUIRE(store->add_finger(rig->moment(), alice, finger_in(SensorId{6}, 1)));
            REQUIRE(store->add_finger(rig->moment(), bob, finger_in(SensorId{6}, 2)));
            if (rig->persists()) {
                store.reset();
                store = rig->open();
            }
            const auto found = store->load(rig->moment(), alice, locker);
            REQUIRE(found);
            REQUIRE(found->fingers.size() == 2);
            CHECK(found->fingers[0].sensor == SensorId{5});
            CHECK(found->fingers[0].reference.slot == 300);
            CHECK(found->fingers[0].reference.template_digest ==
                  finger_in(SensorId{5}, 300).reference.template_digest);
            CHECK(found->fingers[1].sensor == SensorId{6});
            CHECK(store->customers(rig->moment())->front().fingers == 2);
            CHECK(rows_of(*store, {1, 0, bob}).back().entry.detail ==
                  static_cast<std::int64_t>(EnrolmentStep::finger_added));
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: no two customers share a slot of a sensor, and nobody has two fingers in one") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            REQUIRE(store->add_customer(rig->moment(), "Bob", "+4915112345678", bob));
            REQUIRE(store->add_finger(rig->moment(), alice, finger_in(SensorId{5}, 3)));
            const auto refused = [&](CustomerId who, SensorId sensor, FingerSlot slot) {
                const auto added =
                    store->add_finger(rig->moment(), who, finger_in(sensor, slot));
                return added ? std::optional<Errc>() : added.error().code;
            };
            CHECK(refused(bob, SensorId{5}, 3) == Errc::denied);
            CHECK(refused(alice, SensorId{5}, 4) == Errc::denied);
            CHECK(refused(alice, SensorId{}, 4) == Errc::out_of_range);
            CHECK(refused(CustomerId{9}, SensorId{5}, 4) == Errc::out_of_range);
            CHECK(refused(bob, SensorId{6}, 3) == std::nullopt);
            // Removed, the slot is free again, and the caller learns which it was.
            CHECK(store->remove_finger(rig->moment(), alice, SensorId{6}).error().code ==
                  Errc::out_of_range);
            CHECK(store->remove_finger(rig->moment(), {}, SensorId{5}).error().code ==
                  Errc::out_of_range);
            const auto removed = store->remove_finger(rig->moment(), alice, SensorId{5});
            REQUIRE(removed);
            CHECK(removed->reference.slot == 3);
            CHECK(rows_of(*store).back().entry.detail ==
                  static_cast<std::int64_t>(EnrolmentStep::finger_removed));
            CHECK(store->load(rig->moment(), alice, locker)->fingers.empty());
            CHECK(refused(bob, SensorId{5}, 3) == std::nullopt);
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: without random bytes nothing is enrolled") {
    const auto rig = all_rigs().front()();
    const auto store = rig->open_with_customer();
    const auto before = rows_of(*store);
    rig->entropy.broken = true;
    CHECK_FALSE(store->add_customer(rig->moment(), "Bob", "+4915112345678"));
    CHECK_FALSE(store->add_template(rig->moment(), alice, face_of(3)));
    CHECK(rows_of(*store) == before);
    CHECK(store->load(rig->moment(), alice, locker)->templates.size() == 1);
}

TEST_CASE("store: a grant that cannot be anchored is an error") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            rig->anchor.broken = true;
            CHECK_FALSE(commit(*store, *rig, grant()));
            // A try that nobody compared is given back, and the row says so.
            CHECK_FALSE(commit(*store, *rig, reserve()));
            CHECK(rows_of(*store).back().entry.kind == auth::AuditKind::try_dropped);
            CHECK(store->load(rig->moment(), alice, locker)->counts.holds == 0);
            rig->anchor.broken = false;
            CHECK(commit(*store, *rig, reserve()));
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: a hold that nobody settled is a failure once the visit's end is written") {
    for (const auto& make : all_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto store = rig->open_with_customer();
            const auto counts = [&] {
                const auto found = store->load(rig->moment(), alice, locker);
                REQUIRE(found);
                return found->counts;
            };
            REQUIRE(commit(*store, *rig, reserve()));
            auto of_another = entry(auth::AuditKind::ended);
            of_another.session = SessionId{98};
            REQUIRE(store->note(rig->moment(), std::vector{of_another}));
            CHECK(counts().holds == 1);
            SECTION("as a note") {
                REQUIRE(store->note(rig->moment(), std::vector{entry(auth::AuditKind::ended)}));
            }
            SECTION("with the next record") {
                const std::vector earlier{entry(auth::AuditKind::ended)};
                const auto unproven =
                    record(auth::AuditKind::face_mismatched, auth::UnprovenFailure{});
                REQUIRE(store->commit(rig->moment(), unproven, earlier));
            }
            SECTION("when its terminal begins anew") {
                REQUIRE(store->note(rig->moment(), std::vector{entry(auth::AuditKind::started)}));
            }
            CHECK(counts().holds == 0);
            CHECK(counts().failures == 1);
            int unsettled = 0;
            for (const AuditRow& row : rows_of(*store)) {
                if (row.entry.kind != auth::AuditKind::try_unsettled) continue;
                ++unsettled;
                CHECK(row.entry.customer == alice);
                CHECK(row.entry.detail == 1);
            }
            CHECK(unsettled == 1);
            // Once: the end of the visit, told again, makes no second failure of it.
            REQUIRE(store->note(rig->moment(), std::vector{entry(auth::AuditKind::ended)}));
            CHECK(counts().failures == 1);
            CHECK(verdict_of(*store).intact());
        }
    }
}

TEST_CASE("store: a hold that was settled is none when the visit ends") {
    const auto rig = all_rigs().front()();
    const auto store = rig->open_with_customer();
    for (const auth::Record& settle : {wrong(), right(), grant(true)}) {
        REQUIRE(commit(*store, *rig, reserve()));
        const auto settled = commit(*store, *rig, settle);
        REQUIRE(settled);
        REQUIRE(store->note(rig->moment(), std::vector{entry(auth::AuditKind::ended)}));
        const auto found = store->load(rig->moment(), alice, locker);
        REQUIRE(found);
        CHECK(found->counts == *settled);
    }
}

TEST_CASE("store: penalties count the holds that nobody settled, and staff clear them") {
    const auto rig = all_rigs().front()();
    const auto store = rig->open_with_customer();
    for (int i = 0; i < 3; ++i) {
        REQUIRE(commit(*store, *rig, reserve()));
        REQUIRE(store->note(rig->moment(), std::vector{entry(auth::AuditKind::ended)}));
    }
    CHECK_FALSE(commit(*store, *rig, reserve()));
    const auto found = store->load(rig->moment(), alice, locker);
    REQUIRE(found);
    CHECK(found->counts.failures == 3);
    CHECK(found->counts.penalty == std::chrono::minutes(5));
    const auto released = store->release_by_staff(rig->moment(), alice, StaffId{4}, StaffId{5});
    REQUIRE(released);
    CHECK(released->failures == 0);
    CHECK(released->holds == 0);
    CHECK(commit(*store, *rig, reserve()));
}

TEST_CASE("store: a medium that may not be written is no refusal by the counting rules") {
    const auto rig = all_rigs().front()();
    const auto store = rig->open_with_customer();
    rig->anchor.broken = true;
    rig->anchor.error = {Errc::denied, 30};  // EROFS: mounted read-only after an error
    for (const auth::Record& what : {reserve(), grant()}) {
        const auto failed = commit(*store, *rig, what);
        REQUIRE_FALSE(failed);
        CHECK(failed.error() == Error{Errc::disconnected, 30});
    }
}

TEST_CASE("store: two connections never reserve more tries than the rule allows") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto one = rig->open_with_customer();
            const auto two = rig->open_further();
            int reserved = 0;
            for (int i = 0; i < 20; ++i) {
                SqliteRecords& store = i % 2 == 0 ? *one : *two;
                if (commit(store, *rig, reserve())) ++reserved;
            }
            // Three failures start a penalty: as many tries may be open at once.
            CHECK(reserved == 3);
            REQUIRE(commit(*two, *rig, wrong()));
            REQUIRE(commit(*one, *rig, wrong()));
            {
                auto r = commit(*two, *rig, wrong());
                if (!r) FAIL(to_string(r.error().code) << r.error().vendor_code);
            }
            CHECK_FALSE(commit(*one, *rig, reserve()));
            CHECK(one->load(rig->moment(), alice, locker)->counts.failures == 3);
            CHECK(verdict_of(*one).intact());
        }
    }
}

TEST_CASE("store: terminals on threads of their own never reserve more than the rule allows") {
    for (const auto& make : media_rigs()) {
        const auto rig = make();
        DYNAMIC_SECTION(rig->name()) {
            const auto one = rig->open_with_customer();
            const auto two = rig->open_further();
            std::atomic<int> reserved{0};
            std::atomic<int> unexpected{0};
            const auto attempts = [&](SqliteRecords& store) {
                for (int i = 0; i < 30;) {
                    const auto tried = commit(store, *rig, reserve());
                    if (!tried && tried.error().code == Errc::busy) continue;  // the other writes
                    ++i;
                    if (tried) ++reserved;
                    if (!tried && tried.error().code != Errc::denied) ++unexpected;
                }
            };
            std::thread first([&] { attempts(*one); });
            std::thread second([&] { attempts(*two); });
            first.join();
            second.join();
            CHECK(reserved == 3);
            CHECK(unexpected == 0);
            CHECK(verdict_of(*one).intact());
        }
    }
}
