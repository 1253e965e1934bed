// When a message is tried, tried again, given up and asked about: the drivers before a network that
// does what the test says, in time that stands still until it is moved.
#include <deque>

#include "catch.h"
#include "support.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using Kind = HttpOutcome::Kind;
using States = std::vector<DeliveryState>;

const std::string sid = "SM" + std::string(32, '1');

HttpOutcome answered(int status, const std::string& body) {
    return {Kind::answered, status, body, 0};
}
HttpOutcome taken() { return answered(201, R"({"sid":")" + sid + R"(","status":"queued"})"); }
HttpOutcome state(const std::string& word) {
    return answered(200, R"({"sid":")" + sid + R"(","status":")" + word + R"("})");
}

struct FakeTransport final : Transport {
    void start(std::uint64_t ticket, HttpRequest request) override {
        started.emplace_back(ticket, std::move(request));
    }
    std::optional<HttpAnswer> poll() override {
        if (answers.empty()) return std::nullopt;
        std::optional<HttpAnswer> answer(std::move(answers.front()));
        answers.pop_front();
        return answer;
    }
    // Answers the newest request.
    void answer(HttpOutcome outcome) {
        answers.push_back({started.back().first, std::move(outcome)});
    }
    std::vector<std::pair<std::uint64_t, HttpRequest>> started;
    std::deque<HttpAnswer> answers;
};

struct FakeCallbacks final : CallbackSource {
    std::optional<Callback> next() override {
        if (waiting.empty()) return std::nullopt;
        std::optional<Callback> callback(waiting.front());
        waiting.pop_front();
        return callback;
    }
    std::deque<Callback> waiting;
};

struct Driver {
    ManualClock clock;
    FakeTransport transport;
    FakeCallbacks callbacks;
    SeenEvents events;
    SmsTiming timing;
    TwilioGateway gateway{clock, transport, twilio_account(), timing, events.sink(), &callbacks};
    States states() {
        States all;
        while (const auto next = gateway.poll_delivery().value()) all.push_back(next->state);
        return all;
    }
    States after(Duration span) {
        clock.advance(span);
        return states();
    }
};

TEST_CASE("sms driver: a message is tried again with growing pauses while nobody is reached") {
    Driver d;
    REQUIRE(d.gateway.submit(a_message(1)));
    REQUIRE(d.transport.started.size() == 1);
    d.transport.answer({Kind::not_sent, 0, {}, 7});
    CHECK(d.states().empty());
    CHECK(d.after(499ms).empty());
    CHECK(d.transport.started.size() == 1);
    CHECK(d.after(1ms).empty());
    REQUIRE(d.transport.started.size() == 2);
    d.transport.answer({Kind::not_sent, 0, {}, 7});
    CHECK(d.states().empty());
    CHECK(d.after(999ms).empty());
    CHECK(d.transport.started.size() == 2);
    CHECK(d.after(1ms).empty());
    REQUIRE(d.transport.started.size() == 3);
    CHECK(d.transport.started[2].second.body.reveal_text() ==
          d.transport.started[0].second.body.reveal_text());
    d.transport.answer({Kind::not_sent, 0, {}, 7});
    CHECK(d.states() == States{DeliveryState::undelivered});
    CHECK(d.events.count(SmsEvent::unreachable) == 3);
    // The next customer does not wait for it; after the rest it is tried again.
    CHECK(d.gateway.submit(a_message(2)).error().code == Errc::disconnected);
    d.clock.advance(d.timing.rest);
    CHECK(d.gateway.submit(a_message(2)));
    CHECK(d.transport.started.size() == 4);
}

TEST_CASE("sms driver: no attempt begins after the time for giving up") {
    Driver d;
    REQUIRE(d.gateway.submit(a_message(1)));
    CHECK(d.after(5800ms).empty());
    d.transport.answer(answered(429, "{}"));
    CHECK(d.states() == States{DeliveryState::undelivered});
    CHECK(d.transport.started.size() == 1);
    CHECK(d.gateway.submit(a_message(2)).error().code == Errc::exhausted);
}

TEST_CASE("sms driver: what may have been sent, or met an impostor, is tried once") {
    for (const Kind kind : {Kind::unsure, Kind::oversize, Kind::untrusted}) {
        Driver d;
        REQUIRE(d.gateway.submit(a_message(1)));
        d.transport.answer({kind, 0, {}, 28});
        CHECK(d.states() == States{DeliveryState::undelivered});
        CHECK(d.after(10min).empty());
        CHECK(d.transport.started.size() == 1);
    }
}

TEST_CASE("sms driver: an id is sent once, also after its message is settled") {
    Driver d;
    for (int i = 0; i < 3; ++i) REQUIRE(d.gateway.submit(a_message(1)));
    d.transport.answer(taken());
    CHECK(d.states() == States{DeliveryState::accepted});
    REQUIRE(d.gateway.submit(a_message(1)));
    CHECK(d.transport.started.size() == 1);
    CHECK(d.after(2s).empty());
    d.transport.answer(state("delivered"));
    CHECK(d.states() == States{DeliveryState::delivered});
    REQUIRE(d.gateway.submit(a_message(1)));
    CHECK(d.transport.started.size() == 2);  // the second asked for the state
    CHECK(d.states().empty());
}

TEST_CASE("sms driver: the provider is asked what became of a message until it knows") {
    Driver d;
    REQUIRE(d.gateway.submit(a_message(1)));
    d.transport.answer(taken());
    CHECK(d.states() == States{DeliveryState::accepted});
    for (const char* word : {"queued", "sending", "sent"}) {
        CHECK(d.after(4s).empty());
        CHECK(d.transport.started.back().second.path.ends_with("/Messages/" + sid + ".json"));
        CHECK(d.transport.started.back().second.method == HttpRequest::Method::get);
        d.transport.answer(state(word));
        CHECK(d.states().empty());
    }
    // An answer that does not come, or is none, changes nothing.
    CHECK(d.after(4s).empty());
    d.transport.answer({Kind::not_sent, 0, {}, 7});
    CHECK(d.after(4s).empty());
    d.transport.answer(answered(500, ""));
    CHECK(d.after(4s).empty());
    d.transport.answer(state("undelivered"));
    CHECK(d.states() == States{DeliveryState::undelivered});
    CHECK(d.events.count(SmsEvent::undelivered) == 1);
    const std::size_t asked = d.transport.started.size();
    CHECK(d.after(1min).empty());
    CHECK(d.transport.started.size() == asked);
}

TEST_CASE("sms driver: a message that nothing more is heard of is forgotten in time") {
    Driver d;
    REQUIRE(d.gateway.submit(a_message(1)));
    d.transport.answer(taken());
    CHECK(d.states() == States{DeliveryState::accepted});
    CHECK(d.after(d.timing.ask_for).empty());
    const std::size_t asked = d.transport.started.size();
    CHECK(d.after(1h).empty());
    CHECK(d.transport.started.size() == asked);
}

TEST_CASE("sms driver: a signed report settles a message, once, and before it is asked for") {
    Driver d;
    REQUIRE(d.gateway.submit(a_message(1)));
    d.transport.answer(taken());
    d.callbacks.waiting.push_back({Callback::Verdict::genuine, sid, MessageState::under_way});
    d.callbacks.waiting.push_back({Callback::Verdict::genuine, sid, MessageState::delivered});
    d.callbacks.waiting.push_back({Callback::Verdict::genuine, sid, MessageState::undelivered});
    CHECK(d.states() == States{DeliveryState::accepted, DeliveryState::delivered});
    d.callbacks.waiting.push_back({Callback::Verdict::genuine, sid, MessageState::delivered});
    CHECK(d.after(1h).empty());
    CHECK(d.transport.started.size() == 1);
    CHECK(d.events.counts.empty());
}

TEST_CASE("sms driver: a signed report that overtakes the provider's answer is kept for it") {
    Driver d;
    REQUIRE(d.gateway.submit(a_message(1)));
    d.callbacks.waiting.push_back({Callback::Verdict::genuine, sid, MessageState::delivered});
    CHECK(d.states().empty());
    d.transport.answer(taken());
    CHECK(d.states() == States{DeliveryState::accepted, DeliveryState::delivered});
    CHECK(d.events.counts.empty());
}

TEST_CASE("sms driver: a report that is forged, foreign or none is told and not believed") {
    Driver d;
    REQUIRE(d.gateway.submit(a_message(1)));
    d.transport.answer(taken());
    CHECK(d.states() == States{DeliveryState::accepted});
    using Verdict = Callback::Verdict;
    const std::string other = "SM" + std::string(32, '2');
    d.callbacks.waiting = {{Verdict::bad_signature, sid, MessageState::delivered},
                           {Verdict::foreign, sid, MessageState::delivered},
                           {Verdict::malformed, sid, MessageState::delivered},
                           {Verdict::genuine, other, MessageState::delivered}};
    CHECK(d.states().empty());
    CHECK(d.events.count(SmsEvent::bad_signature) == 1);
    CHECK(d.events.count(SmsEvent::foreign_report) == 2);
    CHECK(d.events.count(SmsEvent::bad_report) == 1);
}

TEST_CASE("sms driver: more messages than can be under way are refused and not lost") {
    Driver d;
    for (std::uint64_t id = 1; id <= d.timing.under_way_max; ++id) {
        REQUIRE(d.gateway.submit(a_message(id)));
    }
    CHECK(d.gateway.submit(a_message(1000)).error().code == Errc::exhausted);
    d.transport.answer(taken());
    CHECK(d.states() == States{DeliveryState::accepted});
    CHECK(d.gateway.submit(a_message(1000)));
    CHECK(d.transport.started.size() == d.timing.under_way_max + 1);
}

TEST_CASE("sms driver: an answer to nothing that was asked changes nothing") {
    Driver d;
    d.transport.answers.push_back({99, taken()});
    CHECK(d.states().empty());
    REQUIRE(d.gateway.submit(a_message(1)));
    d.transport.answer(taken());
    d.transport.answer(taken());
    CHECK(d.states() == States{DeliveryState::accepted});
}

TEST_CASE("sms driver: an account that cannot be right is refused before anything is sent") {
    ManualClock clock;
    FakeTransport transport;
    twilio::Account account = twilio_account();
    account.sid = "wrong";
    CHECK_THROWS_AS(TwilioGateway(clock, transport, std::move(account)), SmsSettingsError);
    CHECK_THROWS_AS(Fast2SmsGateway(clock, transport, fast2sms::Account{}), SmsSettingsError);
    CHECK(transport.started.empty());
}

}  // namespace
}  // namespace strongroom::pi
