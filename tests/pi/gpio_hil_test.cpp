// What only a kernel can show: the errors of real lines, edges, the guard as a process, and that no
// pulse escapes. Skipped where there are no simulated chips; tests/hil/run boots a machine that
// has.
#include <array>
#include <chrono>
#include <fstream>
#include <iostream>
#include <thread>

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catch.h"
#include "pi/gpio_contacts.h"
#include "pi/gpio_siren.h"
#include "pi/gpio_strike.h"
#include "pi/guarded_strike.h"
#include "pi/support/drive_trace.h"
#include "pi/support/gpio_sim.h"
#include "pi/support/guard_process.h"
#include "pi/support/remote_strike.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::DriveTrace;
using test::GpioSim;
using test::GuardProcess;
using test::RemoteStrike;
using SteadyClock = std::chrono::steady_clock;

constexpr unsigned relay_line = 0;
constexpr unsigned monitor_line = 1;

[[nodiscard]] bool skipped() {
    const std::string why = GpioSim::absent();
    if (!why.empty()) std::cout << "SKIPPED: " << why << '\n';
    return !why.empty();
}

[[nodiscard]] GpioLineConfig relay_of(const GpioSim& chip, bool active_low = false) {
    return {chip.label(), relay_line, {}, active_low, Bias::as_is};
}
[[nodiscard]] GpioLineConfig monitor_of(const GpioSim& chip) {
    return {chip.label(), monitor_line, {}, true, Bias::pull_up};
}

[[nodiscard]] Duration time_until_low(const GpioSim& chip, unsigned line, Duration limit) {
    const auto start = SteadyClock::now();
    while (chip.high(line) && SteadyClock::now() - start < limit) {
    }
    return SteadyClock::now() - start;
}

TEST_CASE("hil: a label that is not there is answered with those that are") {
    if (skipped()) return;
    const GpioSim chip({"RELAY"});
    CHECK_THROWS_WITH(GpioOutput({"pinctrl-rp1", 17, {}, false, Bias::as_is}, "test"),
                      Contains("GPIO line 17 of pinctrl-rp1") && Contains(chip.label()));
    CHECK_THROWS_WITH(GpioOutput({"", {}, "NOWHERE", false, Bias::as_is}, "test"),
                      Contains("\"NOWHERE\"") && Contains("no chip has a line of this name"));
    CHECK_THROWS_WITH(GpioOutput({chip.label(), {}, "NOWHERE", false, Bias::as_is}, "test"),
                      Contains("the chip has no line of this name"));
    CHECK_THROWS_WITH(GpioOutput({chip.label(), 5, {}, false, Bias::as_is}, "test"),
                      Contains("has lines 0 to 0"));
}

TEST_CASE("hil: a line in use is answered with who uses it") {
    if (skipped()) return;
    const GpioSim chip({"RELAY"});
    const GpioOutput first(relay_of(chip), "another program");
    try {
        const GpioInput second(relay_of(chip), "test");
        FAIL("one line, two owners");
    } catch (const GpioError& error) {
        CHECK(error.error().code == Errc::busy);
        CHECK_THAT(error.what(), Contains("in use by \"another program\""));
    }
}

TEST_CASE("hil: a line is found by its name, its chip's label, name or device") {
    if (skipped()) return;
    const GpioSim chip({"A", "STRONGROOM-KEY"});
    const std::string device = chip.device();
    for (const GpioLineConfig& config :
         {GpioLineConfig{"", {}, "STRONGROOM-KEY", false, Bias::pull_up},
          GpioLineConfig{chip.label(), {}, "STRONGROOM-KEY", false, Bias::pull_up},
          GpioLineConfig{device, 1, {}, false, Bias::pull_up},
          GpioLineConfig{device.substr(5), 1, {}, false, Bias::pull_up}}) {
        GpioInput input(config, "test");
        CHECK(input.active() == true);
    }
}

TEST_CASE("hil: an edge wakes a loop that sleeps, and reading the level forgets it") {
    if (skipped()) return;
    GpioSim chip({"RELAY", "KEY"});
    GpioKeySwitch key(monitor_of(chip));
    REQUIRE(key.turned() == false);
    const auto waits = [&](int within_ms) {
        pollfd edge{key.edge_descriptor(), POLLIN, 0};
        return ::poll(&edge, 1, within_ms) == 1;
    };
    CHECK_FALSE(waits(0));
    chip.pull(monitor_line, false);
    CHECK(waits(5000));
    CHECK(key.turned() == true);
    CHECK_FALSE(waits(0));
    // A contact that bounces more often than the kernel keeps edges.
    for (int i = 0; i < 101; ++i) chip.pull(monitor_line, i % 2 == 0);
    CHECK(waits(5000));
    while (waits(0)) static_cast<void>(key.turned());
    CHECK(key.turned() == false);
}

TEST_CASE("hil: opening, being killed and closing drive no pulse onto the strike's line") {
    if (skipped()) return;
    REQUIRE(DriveTrace::there());
    for (const bool active_low : {false, true}) {
        GpioSim chip({"RELAY", "MONITOR"});
        chip.pull(relay_line, active_low);
        const bool released = !active_low;  // the level that energises
        const DriveTrace trace;
        {
            GuardProcess guard(relay_of(chip, active_low), 2s);
            {
                const GuardedStrike strike({guard.socket(), monitor_of(chip)});
                CHECK(chip.high(relay_line) != released);
            }
            guard.kill();
            CHECK(chip.high(relay_line) != released);
            guard.start();
            guard.stop();
        }
        {
            const GpioStrike strike({relay_of(chip, active_low), monitor_of(chip), 2s});
            CHECK(chip.high(relay_line) != released);
        }
        CHECK(chip.high(relay_line) != released);
        CHECK(trace.sets(released) == 0);
        // The trace does see what is driven: the same again with a pulse.
        CHECK(trace.sets(!released) > 0);
        GpioStrike strike({relay_of(chip, active_low), monitor_of(chip), 2s});
        REQUIRE(strike.pulse(100ms));
        CHECK(trace.sets(released) == 1);
    }
}

TEST_CASE("hil: the line is inactive at once when the controller is killed 200 ms into a pulse") {
    if (skipped()) return;
    const GpioSim chip({"RELAY", "MONITOR"});
    const GuardProcess guard(relay_of(chip), 6s);
    RemoteStrike controller([&] {
        return std::make_unique<GuardedStrike>(
            GuardedStrikeConfig{guard.socket(), monitor_of(chip)});
    });
    REQUIRE(controller.pulse(6s));
    std::this_thread::sleep_for(200ms);
    REQUIRE(chip.high(relay_line));
    controller.kill();
    const Duration took = time_until_low(chip, relay_line, 6s);
    std::cout << "controller killed: locked after " << milliseconds(took) << " ms\n";
    CHECK(took < 3s);  // long before the pulse would have ended
    CHECK(guard.alive());
}

TEST_CASE(
    "hil: the line is inactive within the longest hold when a controller that holds it dies") {
    if (skipped()) return;
    const GpioSim chip({"RELAY", "MONITOR"});
    RemoteStrike controller([&] {
        return std::make_unique<GpioStrike>(GpioStrikeConfig{relay_of(chip), monitor_of(chip), 2s});
    });
    REQUIRE(controller.pulse(2s));
    std::this_thread::sleep_for(200ms);
    REQUIRE(chip.high(relay_line));
    controller.kill();
    CHECK(time_until_low(chip, relay_line, 2s) < 2s);
}

TEST_CASE("hil: a controller that hangs does not keep the line active past the longest hold") {
    if (skipped()) return;
    const GpioSim chip({"RELAY", "MONITOR"});
    const GuardProcess guard(relay_of(chip), 1s);
    RemoteStrike controller([&] {
        return std::make_unique<GuardedStrike>(
            GuardedStrikeConfig{guard.socket(), monitor_of(chip)});
    });
    REQUIRE(controller.pulse(1s));
    controller.freeze();
    const Duration took = time_until_low(chip, relay_line, 5s);
    CHECK(took < 2s);
    controller.thaw();
}

TEST_CASE("hil: a guard that is killed in mid-pulse is locked, and the next one serves on") {
    if (skipped()) return;
    const GpioSim chip({"RELAY", "MONITOR"});
    GuardProcess guard(relay_of(chip), 6s);
    GuardedStrike strike({guard.socket(), monitor_of(chip)});
    REQUIRE(strike.pulse(6s));
    REQUIRE(chip.high(relay_line));
    guard.kill();
    CHECK(time_until_low(chip, relay_line, 6s) < 3s);  // this chip's driver lets go
    CHECK(strike.pulse(1s).error().code == Errc::disconnected);
    guard.start();
    CHECK_FALSE(chip.high(relay_line));
    CHECK(strike.pulse(1s));
    CHECK(chip.high(relay_line));
}

TEST_CASE("hil: a guard feeds the hardware watchdog and disarms it only when it stops in order") {
    if (skipped()) return;
    const auto state = [] {
        std::ifstream in("/sys/class/watchdog/watchdog0/state");
        std::string word;
        in >> word;
        return word;
    };
    if (state().empty()) {
        std::cout << "SKIPPED: no watchdog here\n";
        return;
    }
    const GpioSim chip({"RELAY", "MONITOR"});
    GuardProcess guard(relay_of(chip), 2s, {"--watchdog", "/dev/watchdog"});
    CHECK(state() == "active");
    guard.stop();
    CHECK(state() == "inactive");
    guard.start();
    guard.kill();
    CHECK(state() == "active");  // the board would be reset, were it not for the next guard
    guard.start();
    guard.stop();
    CHECK(state() == "inactive");
}

TEST_CASE("hil: strongroom-guard --lock drives the line inactive and ends") {
    if (skipped()) return;
    const GpioSim chip({"RELAY", "MONITOR"});
    CHECK(GuardProcess::run_once(relay_of(chip), {"--lock"}) == 0);
    CHECK_FALSE(chip.high(relay_line));
    const GpioOutput taken(relay_of(chip), "another program");
    CHECK(GuardProcess::run_once(relay_of(chip), {"--lock"}) == 1);
    CHECK(GuardProcess::run_once(relay_of(chip), {"--no-such-option"}) == 2);
}

}  // namespace
}  // namespace strongroom::pi
