// What is said of the lines of a configuration, and of its longest pulse beside a guard's.
#include "door_lines.h"

#include "catch.h"
#include "pi/service/door_devices.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

[[nodiscard]] config::Line line(const std::string& chip, unsigned offset, bool active_low) {
    config::Line out;
    out.chip = chip;
    out.offset = offset;
    out.active_low = active_low;
    return out;
}

TEST_CASE("door: outputs that the board makes active at reset are told of") {
    config::Configuration c;
    c.strike.line = line("pinctrl-rp1", 17, true);
    c.siren.outputs.push_back({line("pinctrl-rp1", 26, false), {}});
    c.siren.outputs.push_back({line("pinctrl-rp1", 5, false), {Alarm::tamper}});
    auto warnings = active_at_reset(c);
    REQUIRE(warnings.size() == 2);
    CHECK_THAT(warnings[0], Contains("strike: GPIO line 17 of pinctrl-rp1 is active low"));
    CHECK_THAT(warnings[1], Contains("siren: GPIO line 5 of pinctrl-rp1 is active high"));
    // By its name alone the board of a line is not known.
    config::Line named;
    named.name = "GPIO17";
    named.active_low = true;
    c.strike.line = named;
    c.siren.outputs.clear();
    CHECK(active_at_reset(c).empty());
    c.board = "raspberry-pi-4";
    CHECK(active_at_reset(c).size() == 1);
    c.strike.line = line("gpiochip-of-another-make", 17, true);
    CHECK(active_at_reset(c).empty());
}

TEST_CASE("door: each output of a siren keeps its alarms") {
    config::Siren siren;
    siren.kind = config::Siren::Kind::gpio;
    siren.outputs.push_back({line("pinctrl-rp1", 26, false), {}});
    siren.outputs.push_back({line("pinctrl-rp1", 20, true), {Alarm::tamper, Alarm::door_held}});
    const auto outputs = alarm_outputs(siren);
    REQUIRE(outputs.size() == 2);
    CHECK(outputs[0].alarms.empty());
    CHECK(outputs[1].line.offset == 20U);
    CHECK(outputs[1].line.active_low);
    CHECK(outputs[1].alarms == std::set{Alarm::tamper, Alarm::door_held});
}

TEST_CASE("door: a longest pulse that contradicts the guard's is refused with both") {
    config::Strike strike;
    check_hold(strike, 4s);  // it says nothing
    strike.hold_max = 6s;
    strike.hold_max_said = yaml::Place{"door.yaml", 21};
    check_hold(strike, 6s);
    for (const Duration limit : {Duration(4s), Duration(20s)}) {
        CHECK_THROWS_WITH(check_hold(strike, limit),
                          Contains("door.yaml:21") && Contains("6000 ms") &&
                              Contains(std::to_string(milliseconds(limit)) + " ms") &&
                              Contains("--max-hold-ms 6000"));
    }
}

}  // namespace
}  // namespace strongroom::pi
