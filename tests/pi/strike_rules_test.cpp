// The rules of guard and strike on a clock that a test turns, and on lines of its own.
#include <algorithm>
#include <cerrno>
#include <map>
#include <system_error>

#include "catch.h"
#include "pi/gpio_chip.h"
#include "pi/guarded_output.h"
#include "pi/guarded_strike.h"
#include "pi/line_guard.h"
#include "pi/pulsed_line.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;

// One chip of eight lines, in memory.
class MemoryChips final : public GpioChips {
public:
    struct Pin {
        bool active = false;
        bool held = false;
        bool output = false;
    };

    std::vector<std::string> devices() override { return {"/dev/gpiochip0"}; }
    std::unique_ptr<GpioChip> open(const std::string&) override {
        if (gone) throw std::system_error(ENODEV, std::generic_category());
        return std::make_unique<Chip>(*this);
    }

    std::map<unsigned, Pin> pins;
    bool gone = false;

private:
    class Line final : public RequestedLine {
    public:
        Line(MemoryChips& chips, unsigned offset) : chips_(chips), offset_(offset) {}
        Line(const Line&) = delete;
        Line& operator=(const Line&) = delete;
        ~Line() override { chips_.pins[offset_].held = false; }
        int value() override {
            if (chips_.gone) return -ENODEV;
            return chips_.pins[offset_].active ? 1 : 0;
        }
        int set(bool active) override {
            if (chips_.gone) return -ENODEV;
            chips_.pins[offset_].active = active;
            return 0;
        }
        [[nodiscard]] int descriptor() const override { return -1; }
        void forget_edges() override {}

    private:
        MemoryChips& chips_;
        unsigned offset_;
    };
    class Chip final : public GpioChip {
    public:
        explicit Chip(MemoryChips& chips) : chips_(chips) {}
        [[nodiscard]] std::string name() const override { return "gpiochip0"; }
        [[nodiscard]] std::string label() const override { return "memory"; }
        [[nodiscard]] unsigned line_count() const override { return 8; }
        std::optional<unsigned> find(const std::string&) override { return std::nullopt; }
        std::string user_of(unsigned) override { return "somebody"; }
        std::unique_ptr<RequestedLine> request(const LineRequest& request) override {
            Pin& pin = chips_.pins[request.offset];
            if (pin.held) throw std::system_error(EBUSY, std::generic_category());
            pin.held = true;
            pin.output = request.output;
            if (request.output) pin.active = false;
            return std::make_unique<Line>(chips_, request.offset);
        }

    private:
        MemoryChips& chips_;
    };
};

const GpioLineConfig relay{"memory", 4, {}, false, Bias::as_is};
const GpioLineConfig monitor{"memory", 5, {}, false, Bias::as_is};

struct Duties final : GuardDuties {
    void before_release(Duration) noexcept override { told += "armed "; }
    void released(Duration) noexcept override { told += "released "; }
    void locked(Why, bool pulsing) noexcept override { told += pulsing ? "locked " : "idle "; }
    void healthy() noexcept override { ++checks; }
    std::string told;
    int checks = 0;
};

[[nodiscard]] GuardQuestion asking(GuardAsk what, Duration hold = {}) {
    GuardQuestion question;
    question.ask = what;
    question.number = 7;
    question.hold = hold.count();
    return question;
}

// As a process that serves one controller at a time.
class DirectLink final : public GuardLink {
public:
    DirectLink(LineGuard*& guard, const Instant& now) : guard_(guard), now_(now) {}
    DirectLink(const DirectLink&) = delete;
    DirectLink& operator=(const DirectLink&) = delete;
    ~DirectLink() override { hang_up(); }
    bool connected() override { return spoken_to_ != nullptr && spoken_to_ == guard_; }
    Result<void> connect() override {
        if (guard_ == nullptr) return fail(Errc::disconnected, ECONNREFUSED);
        spoken_to_ = guard_;
        return {};
    }
    Result<GuardAnswer> ask(const GuardQuestion& question, Duration) override {
        if (!connected()) return fail(Errc::disconnected);
        return guard_->answer(now_, question);
    }
    void hang_up() override {
        if (connected()) guard_->controller_gone();
        spoken_to_ = nullptr;
    }

private:
    LineGuard*& guard_;
    const Instant& now_;
    LineGuard* spoken_to_ = nullptr;
};

TEST_CASE("strike: a pulse ends at its time, and a line of another's is refused") {
    MemoryChips chips;
    PulsedLine line(relay, 5s, chips);
    CHECK(line.next_deadline() == never);
    CHECK(line.pulse(Instant(1s), 6s).error().code == Errc::out_of_range);
    REQUIRE(line.pulse(Instant(1s), 3s));
    CHECK(line.pulse(Instant(2s), 1s).error().code == Errc::busy);
    CHECK(line.next_deadline() == Instant(4s));
    line.handle_deadline(Instant(4s) - 1ns);
    CHECK(chips.pins[4].active);
    line.handle_deadline(Instant(4s));
    CHECK_FALSE(chips.pins[4].active);
    CHECK_THROWS_AS(PulsedLine(relay, 5s, chips), GpioError);
    CHECK_THROWS_AS(PulsedLine(monitor, 0s, chips), GpioError);
}

TEST_CASE("strike: a line that is lost in a pulse is locked by the request that gets it back") {
    MemoryChips chips;
    PulsedLine line(relay, 5s, chips);
    REQUIRE(line.pulse(Instant(0s), 1s));
    chips.gone = true;
    line.handle_deadline(Instant(1s));
    CHECK(chips.pins[4].active);
    CHECK(line.next_deadline() > Instant(1s));
    chips.gone = false;
    line.handle_deadline(line.next_deadline());
    CHECK_FALSE(chips.pins[4].active);
    CHECK(line.next_deadline() == never);
}

TEST_CASE("guard: its rules end a pulse on any clock, bounded before the line is driven") {
    MemoryChips chips;
    GuardedOutput line(relay, chips);
    Duties duties;
    LineGuard guard(6s, line, duties);
    Instant now(1s);
    CHECK(guard.answer(now, asking(GuardAsk::hello)).max_hold == Duration(6s).count());
    CHECK(guard.answer(now, asking(GuardAsk::pulse, 7s)).done == 0);
    const GuardAnswer taken = guard.answer(now, asking(GuardAsk::pulse, 3s));
    CHECK(taken.done == 1);
    CHECK(taken.number == 7);
    CHECK(duties.told == "armed released ");
    while (guard.next_deadline() < Instant(4s)) {
        now = std::max(now, guard.next_deadline());
        guard.handle_deadline(now);
        CHECK(chips.pins[4].active);
    }
    CHECK(duties.checks > 5);
    guard.handle_deadline(Instant(4s));
    CHECK_FALSE(chips.pins[4].active);
    CHECK(duties.told == "armed released locked ");
    CHECK_FALSE(guard.lost());
}

TEST_CASE("guard: its rules lock at once when the controller has gone") {
    MemoryChips chips;
    GuardedOutput line(relay, chips);
    Duties duties;
    LineGuard guard(6s, line, duties);
    LineGuard* reached = &guard;
    const Instant now(1s);
    auto strike =
        std::make_unique<GuardedStrike>(std::make_unique<DirectLink>(reached, now), monitor, chips);
    CHECK(strike->max_hold() == 6s);
    REQUIRE(strike->pulse(3s));
    CHECK(chips.pins[4].active);
    CHECK(strike->sense() == hal::BoltState::released);
    strike.reset();
    CHECK_FALSE(chips.pins[4].active);
    reached = nullptr;
    CHECK_THROWS_AS(GuardedStrike(std::make_unique<DirectLink>(reached, now), monitor, chips),
                    GuardError);
}

TEST_CASE("guard: its rules give up a line that reads other than it was told") {
    MemoryChips chips;
    GuardedOutput line(relay, chips);
    Duties duties;
    LineGuard guard(6s, line, duties);
    chips.pins[4].active = true;
    guard.handle_deadline(Instant(1s));
    CHECK(guard.lost());
    CHECK_FALSE(chips.pins[4].active);
    CHECK_THROWS_AS(LineGuard(31s, line, duties), GuardError);
}

}  // namespace
}  // namespace strongroom::pi
