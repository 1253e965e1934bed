#include "catch.h"
#include "pi/board_profile.h"

namespace strongroom::pi {
namespace {

TEST_CASE("board: a relay that would fire while the board boots is told of") {
    const BoardProfile* pi5 = board_named("raspberry-pi-5");
    REQUIRE(pi5 != nullptr);
    GpioLineConfig relay{"pinctrl-rp1", 17, {}, false, Bias::as_is};
    CHECK_FALSE(active_at_reset(*pi5, relay));
    relay.active_low = true;  // GPIO 17 is pulled down: low, and so active
    CHECK(active_at_reset(*pi5, relay)->find("GPIO 4 to 8") != std::string::npos);
    relay.offset = 5;
    CHECK_FALSE(active_at_reset(*pi5, relay));
    relay.active_low = false;
    CHECK(active_at_reset(*pi5, relay)->find("GPIO 9 to 27") != std::string::npos);
}

TEST_CASE("board: nothing is said about lines that are not on the header") {
    const BoardProfile* pi4 = board_named("raspberry-pi-4");
    REQUIRE(pi4 != nullptr);
    CHECK_FALSE(active_at_reset(*pi4, {"pinctrl-rp1", 17, {}, true, Bias::as_is}));
    CHECK_FALSE(active_at_reset(*pi4, {"pinctrl-bcm2711", 40, {}, true, Bias::as_is}));
    for (const char* name : {"RELAY", "GPIO", "GPIO17x", "GPIO40", "ID_SDA"}) {
        INFO(name);
        CHECK_FALSE(active_at_reset(*pi4, {"", std::nullopt, name, true, Bias::as_is}));
    }
    CHECK_FALSE(active_at_reset(*pi4, {"other", std::nullopt, "GPIO17", true, Bias::as_is}));
    CHECK(board_named("raspberry-pi-7") == nullptr);
}

TEST_CASE("board: a line of the header is known by its name, and a board by its chip") {
    const BoardProfile* pi4 = board_with_chip("pinctrl-bcm2711");
    REQUIRE(pi4 != nullptr);
    CHECK(pi4->name == "raspberry-pi-4");
    CHECK(board_with_chip("gpio-mockup") == nullptr);
    CHECK(header_line(*pi4, {"", std::nullopt, "GPIO17", true, Bias::as_is}) == 17U);
    CHECK(active_at_reset(*pi4, {"", std::nullopt, "GPIO17", true, Bias::as_is}));
    CHECK_FALSE(active_at_reset(*pi4, {"", std::nullopt, "GPIO5", true, Bias::as_is}));
}

TEST_CASE("gpio: a line that is not said completely is refused with what is missing") {
    CHECK_THROWS_AS(GpioInput({}, "test"), GpioError);
    try {
        const GpioInput input({"", 4, {}, false, Bias::as_is}, "test");
        FAIL("an offset without a chip is no place");
    } catch (const GpioError& error) {
        CHECK(std::string(error.what()).find("GPIO line 4: give a chip and an offset") == 0);
    }
}

}  // namespace
}  // namespace strongroom::pi
