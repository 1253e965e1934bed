// The driver and the emulated R307 pass each other: honest visits, every fault, every attack.
#include "catch.h"
#include "devices/waiting_prompt.h"
#include "fingerprint/attacks.h"
#include "r307_bench.h"

using namespace strongroom;
using namespace strongroom::devices;
using namespace strongroom::devices::test;
using namespace std::chrono_literals;
using fingerprint::R307Fault;

namespace {

std::optional<SensorRefusal> refusal_of(const Bench::Seen& seen) {
    if (seen || seen.error().code != Errc::denied) return std::nullopt;
    return static_cast<SensorRefusal>(seen.error().vendor_code);
}

bool matched(const Bench::Seen& seen) { return seen && *seen && (*seen)->matched_slot; }

// Until the rightful customer gets in; how many visits it took.
int visits_until_match(Bench& bench) {
    for (int visit = 1; visit <= 3; ++visit) {
        if (matched(bench.present(alice))) return visit;
    }
    return 99;
}

}  // namespace

TEST_CASE("r307: the enrolled finger matches her slot, another's and a stranger's do not") {
    Bench bench;
    const auto hers = bench.present(alice);
    REQUIRE(matched(hers));
    CHECK((*hers)->matched_slot == alices);
    CHECK((*hers)->score >= fingerprint::match_threshold(3));
    CHECK_FALSE(matched(bench.present(mallory)));
    // Bob is in the library, and claims to be Alice.
    const auto his = bench.present(bob);
    REQUIRE(his.value());
    CHECK_FALSE((*his)->matched_slot);
    CHECK(bench.check.images == 3);
    CHECK(bench.damaged == 0);
}

namespace {

// A screen that remembers what it showed; it may be out of order.
class Screen final : public hal::Display {
public:
    std::vector<Prompt::Message> shown;
    bool broken = false;
    Result<void> show(const Prompt& prompt) override {
        if (broken) return fail(Errc::disconnected);
        shown.push_back(prompt.message);
        return {};
    }
};

}  // namespace

TEST_CASE(
    "r307: while an image is fetched the screen tells to wait, and then what it told before") {
    using enum Prompt::Message;
    Bench bench;
    Screen screen;
    WaitingPrompt waiting(bench.reader, screen);
    hal::FingerprintReader& reader = waiting.reader();
    const auto run = [&](Duration span) -> Bench::Seen {
        const Instant end = bench.clock.now() + span;
        while (bench.clock.now() < end) {
            auto seen = reader.poll();
            if (!seen || *seen) return seen;
            const Instant next = std::max(reader.next_poll(), bench.clock.now() + 100us);
            bench.scheduler.run_until(bench.clock.to_scheduler(std::min(end, next)));
        }
        return std::nullopt;
    };
    REQUIRE(waiting.display().show({place_finger}));
    REQUIRE(reader.start(bench.reference));
    REQUIRE_FALSE(run(6s).value());
    CHECK(screen.shown == std::vector{place_finger});
    bench.place(alice);
    SECTION("nothing else is shown: what was there comes back") {
        REQUIRE(run(40s).value());
        CHECK(screen.shown == std::vector{place_finger, please_wait});
        REQUIRE_FALSE(run(1s).value());
        CHECK(screen.shown == std::vector{place_finger, please_wait, place_finger});
    }
    SECTION("the finger is answered: that stays") {
        REQUIRE(run(40s).value());
        REQUIRE(waiting.display().show({enter_code}));
        REQUIRE_FALSE(run(1s).value());
        CHECK(screen.shown == std::vector{place_finger, please_wait, enter_code});
    }
    SECTION("the visit ends in the middle") {
        REQUIRE_FALSE(run(3s).value());
        reader.stop();
        REQUIRE(waiting.display().show({cancelled}));
        CHECK_FALSE(reader.poll());
        CHECK(screen.shown == std::vector{place_finger, please_wait, cancelled});
    }
    SECTION("a screen that is out of order keeps nobody out") {
        screen.broken = true;
        const auto seen = run(40s);
        REQUIRE(seen.value());
        CHECK((*seen)->matched_slot == alices);
    }
}

TEST_CASE("r307: under every fault there is no false match and an end, and it works again after") {
    const R307Fault fault = GENERATE(from_range(fingerprint::r307_faults));
    const unsigned answers = GENERATE(1U, fingerprint::R307::forever);
    const bool from_start = GENERATE(true, false);
    CAPTURE(fingerprint::to_string(fault), answers, from_start);
    Bench bench;
    if (from_start) bench.module.inject(fault, answers);
    REQUIRE(bench.reader.start(bench.reference));
    const Instant begin = bench.clock.now();
    auto seen = bench.run(25s);  // long enough to prove itself under any of them
    if (seen && !*seen) {
        if (!from_start) bench.module.inject(fault, answers);
        bench.place(mallory);
        seen = bench.run(100s);
        bench.module.lift();
    }
    CHECK_FALSE(matched(seen));
    // It says what it saw or why it gave up; only a window that is never clear goes on being
    // watched, and one that shows no image.
    const bool watches = fault == R307Fault::stuck_finger || fault == R307Fault::image_fail;
    if (!watches) CHECK((!seen || *seen));
    CHECK(bench.clock.now() - begin < 130s);
    bench.reader.stop();
    bench.module.heal();
    CHECK(visits_until_match(bench) == 1);
}

TEST_CASE("r307: a single fault of the wire costs the customer no visit") {
    const R307Fault fault =
        GENERATE(R307Fault::drop_byte, R307Fault::flip_bit, R307Fault::split_packet,
                 R307Fault::slow_acknowledge, R307Fault::no_acknowledge, R307Fault::command_lost,
                 R307Fault::image_fail);
    const Duration when = GENERATE(0ms, 40ms, 200ms, 500ms, 5500ms, 6200ms, 9000ms, 13100ms);
    CAPTURE(fingerprint::to_string(fault), milliseconds(when));
    Bench bench;
    bench.scheduler.after(when, [&] { bench.module.inject(fault); });
    CHECK(visits_until_match(bench) == 1);
}

TEST_CASE("r307: a brown-out at any moment makes no match, and costs a visit at most") {
    const Duration when = GENERATE(10ms, 60ms, 300ms, 3000ms, 6300ms, 9000ms, 13350ms, 13600ms,
                                   13700ms, 13800ms, 13900ms, 14000ms);
    const bool honest = GENERATE(true, false);
    CAPTURE(milliseconds(when), honest);
    Bench bench;
    bench.scheduler.after(when, [&] { bench.module.brown_out(bench.scheduler.now()); });
    if (!honest) CHECK_FALSE(matched(bench.present(mallory)));
    CHECK(visits_until_match(bench) <= 2);
}

TEST_CASE("r307: a sensor as it is sold is refused, until it has been provisioned") {
    Bench bench(fingerprint::R307Settings{});
    CHECK(refusal_of(bench.present(alice)) == SensorRefusal::factory_password);
    ZfmPin blank = bench_pin();
    blank.capacity = 0;
    ZfmAdmin desk(bench.link, bench.clock,
                  {.pin = blank, .password = bench_password(), .digest_key = {}});
    REQUIRE(desk.provision());
    const auto provisioned = bench.run_job(desk, alice);
    REQUIRE(provisioned);
    CHECK(provisioned->pin == bench_pin());
    CHECK(bench.module.password() == 0x12345678);
    REQUIRE(bench.admin.enrol(alices));
    const auto enrolled = bench.run_job(bench.admin, alice);
    REQUIRE(enrolled);
    bench.module.lift();
    bench.reference = {alices, *enrolled->template_digest};
    CHECK(matched(bench.present(alice)));
    CHECK_FALSE(matched(bench.present(mallory)));
}

TEST_CASE("r307: staff list, copy, delete and restore templates") {
    Bench bench;
    REQUIRE(bench.admin.list());
    CHECK(bench.run_job(bench.admin, alice)->slots == std::vector<FingerSlot>{alices, bobs});
    REQUIRE(bench.admin.enrol(700));
    CHECK(bench.run_job(bench.admin, alice).error().vendor_code ==
          static_cast<std::int32_t>(ZfmAdminRefusal::finger_known));
    REQUIRE(bench.admin.read_template(alices));
    const auto copy = bench.run_job(bench.admin, alice);
    REQUIRE(copy);
    CHECK(copy->template_digest == bench.reference.template_digest);
    REQUIRE(bench.admin.clear());
    REQUIRE(bench.run_job(bench.admin, alice));
    CHECK(bench.module.library().empty());
    CHECK(refusal_of(bench.present(alice)) == SensorRefusal::template_changed);
    REQUIRE(bench.admin.write_template(alices, copy->template_bytes.reveal()));
    REQUIRE(bench.run_job(bench.admin, alice));
    CHECK(matched(bench.present(alice)));
    REQUIRE(bench.admin.remove(alices));
    REQUIRE(bench.run_job(bench.admin, alice));
    CHECK(bench.module.library().empty());
}

TEST_CASE("r307: enrolment under faults stores what it says or says that it did not") {
    const R307Fault fault = GENERATE(from_range(fingerprint::r307_faults));
    const Duration when = GENERATE(300ms, 900ms);
    CAPTURE(fingerprint::to_string(fault), milliseconds(when));
    Bench bench;
    const auto strikes = bench.scheduler.after(when, [&] { bench.module.inject(fault, 2); });
    REQUIRE(bench.admin.enrol(20));
    const auto done = bench.run_job(bench.admin, mallory);
    CHECK_FALSE(bench.scheduler.cancel(strikes));  // it has struck while the job ran
    if (done) {
        REQUIRE(bench.module.library().contains(20));
        CHECK(done->template_digest == finger_template_digest({}, bench.module.library().at(20)));
    }
    CHECK(bench.module.library().at(alices).size() == fingerprint::template_bytes);
    // Whatever happened, the job can be done once the fault is gone.
    bench.admin.stop();
    bench.module.heal();
    bench.module.lift();
    REQUIRE(bench.admin.remove(20));
    REQUIRE(bench.run_job(bench.admin, mallory));
    REQUIRE(bench.admin.enrol(20));
    CHECK(bench.run_job(bench.admin, mallory));
}

TEST_CASE("r307: a swapped sensor with the attacker's finger in the victim's slot is refused") {
    Bench bench;
    fingerprint::R307Settings settings = provisioned();
    SECTION("as sold") { settings.password = 0; }
    SECTION("with the other password that sensors are sold with") {
        settings.password = 0xFFFFFFFF;
    }
    SECTION("with a password of its own") { settings.password = 0xCAFE0001; }
    SECTION("with the right password, but of another kind") { settings.capacity = 500; }
    SECTION("with everything right but the template") {}
    fingerprint::R307 swapped(settings, 2);
    REQUIRE(swapped.enrol(alices, mallory));
    bench.link.plug(&swapped);
    const auto seen = bench.present(mallory);
    REQUIRE(refusal_of(seen));
    CHECK(*refusal_of(seen) != SensorRefusal::link_forged);
    CHECK(bench.check.images == 0);
}

TEST_CASE("r307: a sensor swapped while a finger is awaited makes no match either") {
    Bench bench;
    fingerprint::R307 swapped(provisioned(), 2);
    REQUIRE(swapped.enrol(alices, mallory));
    REQUIRE(bench.reader.start(bench.reference));
    REQUIRE(bench.run(6s));
    bench.link.plug(&swapped);
    swapped.place(fingerprint::laid_down(mallory, 1));
    CHECK(refusal_of(bench.run(60s)) == SensorRefusal::template_changed);
}

TEST_CASE("r307: an implant that forges comparisons is found before a finger is asked for") {
    Bench bench;
    const bool without_finger = GENERATE(true, false);
    fingerprint::MatchForger implant(bench.link, {alices, 200, without_finger});
    ZfmReader reader(implant, bench.clock, bench.check,
                     {.pin = bench_pin(),
                      .password = bench_password(),
                      .digest_key = {},
                      .canary_first = 990,
                      .canary_count = 10});
    REQUIRE(reader.start(bench.reference));
    CHECK(refusal_of(bench.run(reader, 30s)) == SensorRefusal::link_forged);
    CHECK(bench.check.images == 0);
}

TEST_CASE("r307: a template overwritten at the wire is noticed") {
    Bench bench;
    fingerprint::WireTap tap(bench.module, bench.clock.now());
    const auto own = fingerprint::template_of(bench.module.fingers(), mallory);
    REQUIRE(own);
    CHECK_FALSE(tap.overwrite(alices, *own));  // it does not know the password
    REQUIRE(tap.verify(0x12345678));
    REQUIRE(tap.overwrite(alices, *own));
    bench.scheduler.run_for(3s);
    CHECK(refusal_of(bench.present(mallory)) == SensorRefusal::template_changed);
}

TEST_CASE("r307: whoever knows the factory password alone cannot empty a provisioned sensor") {
    Bench bench;
    fingerprint::WireTap tap(bench.module, bench.clock.now());
    CHECK_FALSE(tap.verify(0));
    CHECK_FALSE(tap.empty());
    bench.scheduler.run_for(3s);
    CHECK(bench.module.library().size() == 2);
    CHECK(matched(bench.present(alice)));
}
