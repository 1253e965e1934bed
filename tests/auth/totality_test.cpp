// Every event in every state has an answer: rows are carried out, everything else is refused.
#include "catch.h"
#include "door.h"

using namespace strongroom;
using namespace strongroom::auth;
using namespace strongroom::auth::testing;
using namespace std::chrono_literals;

namespace {

// Every step that there is.
Policy with_every_factor() {
    Policy policy = locker({0.5, 0.0001, 0.001});
    policy.factors = {Factor::face, Factor::fingerprint, Factor::code, Factor::key};
    return policy;
}

// A door that stands in `state`.
Door in_state(State state) {
    Door door(with_every_factor());
    if (state == State::idle) return door;
    if (state == State::loading) {
        door.load_answers = false;
        door.claim();
        return door;
    }
    if (state == State::authenticator) {
        door.authenticator.emplace();
        door.gateway_works = false;
    }
    door.claim();
    if (state == State::face) return door;
    door.store_answers = state != State::recording;
    if (state == State::recording) door.look(door.other_frame());
    if (state == State::recording) return door;
    door.match();
    if (state == State::challenge) return door;
    door.store_answers = true;
    door.challenge();
    if (state == State::finger) return door;
    if (state == State::issuing) {
        door.store_answers = false;
        door.lay(door.finger());
        door.release_store();  // counted
        door.release_store();  // settled
        return door;
    }
    door.lay(door.finger());
    if (state == State::code || state == State::authenticator) return door;
    door.store_answers = state != State::reserving && state != State::settling;
    door.type(door.sent());
    if (state == State::settling) door.release_store();
    if (!door.store_answers || state == State::key) return door;
    door.key();
    if (state == State::presence) return door;
    door.store_answers = state != State::granting;
    door.look(door.frame());
    if (state == State::granting) door.release_store();
    return door;
}

// One event of each kind, completions quoting `id`.
std::vector<Event> events(Door& door, EffectId id) {
    const Error error{Errc::disconnected, 0};
    return {Claimed{Door::customer, Door::locker_id, Key256{}},
            CustomerLoaded{id, true, true, true, {}, Door::slot},
            FaceObserved{door.frame()},
            ObserverFailed{error},
            CodeEntered{door.wrong()},
            ResendRequested{},
            KeyTurned{},
            Cancelled{},
            Stored{id, door.counts},
            StoreFailed{id, error},
            StrikeReleased{id},
            EffectFailed{id, error},
            FingerObserved{door.finger()},
            FingerReaderFailed{error},
            CodeUndelivered{id}};
}

bool has_row(State state, EventKind kind) {
    return std::any_of(transitions().begin(), transitions().end(),
                       [&](const Transition& row) { return row.from == state && row.on == kind; });
}

bool is_completion(EventKind kind) {
    return kind == EventKind::customer_loaded || kind == EventKind::stored ||
           kind == EventKind::store_failed || kind == EventKind::strike_released ||
           kind == EventKind::effect_failed || kind == EventKind::code_undelivered;
}

}  // namespace

TEST_CASE("session: every event in every state has an answer") {
    for (std::size_t i = 0; i < states; ++i) {
        const auto state = static_cast<State>(i);
        const Door start = in_state(state);
        INFO("in state " << to_string(state));
        REQUIRE(start.state() == state);
        for (std::size_t k = 0; k + 1 < event_kinds; ++k) {
            const auto kind = static_cast<EventKind>(k);
            INFO("on " << to_string(kind));
            for (const EffectId id : {start.snapshot().awaited, EffectId{9999}}) {
                Door door = start;
                const std::size_t before = door.effects.size();
                door.tell(events(door, id).at(k));
                // An undelivered message is quoted by its SendCode, which no state waits for.
                const bool quoted =
                    kind != EventKind::code_undelivered && id && id == start.snapshot().awaited;
                if (is_completion(kind) && !quoted) {
                    // Stale: ignored without a word.
                    CHECK(door.state() == state);
                    CHECK(door.effects.size() == before);
                } else if (!has_row(state, kind)) {
                    // Out of order: refused, and that is written down.
                    CHECK(door.state() == state);
                    REQUIRE(door.effects.size() == before + 1);
                    const auto* note = std::get_if<Note>(&door.effects.back());
                    REQUIRE(note != nullptr);
                    CHECK(note->entry.kind == AuditKind::refused_event);
                    CHECK(note->entry.detail == static_cast<std::int64_t>(k * 256 + i));
                }
            }
        }
    }
}

TEST_CASE("session: refusals change neither windows nor what was shown so far") {
    for (std::size_t i = 0; i < states; ++i) {
        const auto state = static_cast<State>(i);
        const Door start = in_state(state);
        for (std::size_t k = 0; k + 1 < event_kinds; ++k) {
            if (has_row(state, static_cast<EventKind>(k))) continue;
            Door door = start;
            door.tell(events(door, start.snapshot().awaited).at(k));
            INFO("in state " << to_string(state) << " on event " << k);
            const SessionSnapshot a = start.snapshot();
            const SessionSnapshot b = door.snapshot();
            CHECK(a.stage == b.stage);
            CHECK(a.stage_deadline == b.stage_deadline);
            CHECK(a.session_deadline == b.session_deadline);
            CHECK(a.code_expires == b.code_expires);
            CHECK(a.awaited == b.awaited);
            CHECK(a.face_matches == b.face_matches);
            CHECK(a.code_tries == b.code_tries);
            CHECK(start.counts == door.counts);
        }
    }
}

TEST_CASE("session: every state but idle ends by itself") {
    for (std::size_t i = 1; i < states; ++i) {
        Door door = in_state(static_cast<State>(i));
        INFO("from state " << to_string(static_cast<State>(i)));
        door.store_answers = false;
        int deadlines = 0;
        while (door.state() != State::idle && deadlines < 5) {
            REQUIRE(door.session().next_deadline() != never);
            door.wait(door.session().next_deadline() - door.now);
            ++deadlines;
        }
        CHECK(door.state() == State::idle);
        // The window, and one grace for the store's answer; before them a gesture may have its own.
        CHECK(deadlines <= (static_cast<State>(i) == State::challenge ? 3 : 2));
        CHECK(door.session().next_deadline() == never);
    }
}

TEST_CASE("session: a deadline and an event at the same moment leave the deadline first") {
    Door door = in_state(State::code);
    const CodeDigits code = door.sent();
    door.now = door.session().next_deadline();
    door.tell(CodeEntered{code});
    CHECK(door.state() == State::idle);
    CHECK(door.snapshot().last == Outcome::timed_out);
}
