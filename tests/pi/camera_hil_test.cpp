// The V4L2 camera on the kernel's virtual one. Skipped where there is none; tests/hil/run boots a
// machine that has it.
#include <array>
#include <chrono>
#include <iostream>
#include <thread>

#include "catch.h"
#include "pi/camera_error.h"
#include "pi/support/virtual_camera.h"
#include "pi/system.h"
#include "pi/v4l2_camera.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::VirtualCamera;

[[nodiscard]] bool skipped() {
    const std::string why = VirtualCamera::absent();
    if (!why.empty()) std::cout << "SKIPPED: " << why << '\n';
    return !why.empty();
}

[[nodiscard]] hal::Frame frame_of(hal::Camera& camera) {
    for (int i = 0; i < 2000; ++i) {
        const auto polled = camera.poll();
        REQUIRE(polled);
        if (*polled) return **polled;
        std::this_thread::sleep_for(5ms);
    }
    throw std::runtime_error("no frame");
}

TEST_CASE("hil: a V4L2 camera says which one it is, in the driver's own words") {
    if (skipped()) return;
    const VirtualCamera vivid;
    const SystemClock clock;
    V4l2Camera camera({vivid.device(), 320, 180}, clock);
    REQUIRE(camera.start());
    CHECK(camera.identity().driver == "vivid");
    CHECK(camera.identity().bus == "platform:vivid-000");
    CHECK(camera.identity().serial.empty());
    CHECK_THAT(list_v4l2_cameras(), Contains(vivid.device()) && Contains("vivid"));
}

TEST_CASE("hil: a V4L2 camera's pixels are the colours before it") {
    if (skipped()) return;
    const VirtualCamera vivid;
    const SystemClock clock;
    V4l2Camera camera({vivid.device(), 640, 360}, clock);
    const Instant before = clock.now();
    REQUIRE(camera.start());
    const hal::Frame frame = frame_of(camera);
    CHECK(frame.captured >= before);
    CHECK(frame.captured <= clock.now());
    REQUIRE(frame.width == 640);
    // Colour bars from left to right. Each channel is there or not: halfway between is for noise.
    struct Bar {
        bool blue, green, red;
    };
    constexpr std::array<Bar, 8> bars{{{true, true, true},
                                       {false, true, true},
                                       {true, true, false},
                                       {false, true, false},
                                       {true, false, true},
                                       {false, false, true},
                                       {true, false, false},
                                       {false, false, false}}};
    const int row = frame.height * 3 / 4;  // below the words that vivid writes
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const int column = static_cast<int>(i) * frame.width / 8 + frame.width / 16;
        const auto at = static_cast<std::size_t>(row * frame.width + column) * 3;
        INFO("bar " << i);
        CHECK(((*frame.pixels)[at] > 100) == bars[i].blue);
        CHECK(((*frame.pixels)[at + 1] > 100) == bars[i].green);
        CHECK(((*frame.pixels)[at + 2] > 100) == bars[i].red);
    }
}

TEST_CASE("hil: a V4L2 camera that another program captures from is busy, and says so") {
    if (skipped()) return;
    const VirtualCamera vivid;
    const SystemClock clock;
    V4l2Camera first({vivid.device(), 320, 180}, clock);
    V4l2Camera second({vivid.device(), 320, 180}, clock);
    REQUIRE(first.start());
    static_cast<void>(frame_of(first));
    CHECK(second.start().error().code == Errc::busy);
    CHECK(second.poll().error().code == Errc::disconnected);
    CHECK_THROWS_WITH(V4l2Camera({vivid.device(), 320, 180}, clock),
                      Contains("another program captures from it"));
    static_cast<void>(frame_of(first));  // undisturbed
    first.stop();
    CHECK(second.start());
}

TEST_CASE("hil: a V4L2 camera that is not there is answered with those that are") {
    if (skipped()) return;
    const VirtualCamera vivid;
    const SystemClock clock;
    CHECK_THROWS_WITH(V4l2Camera({"/dev/video4711", 320, 180}, clock),
                      Contains("/dev/video4711") && Contains(vivid.device() + ": \"vivid\""));
    CHECK_THROWS_WITH(V4l2Camera({"/dev/null", 320, 180}, clock), Contains("it is no camera"));
}

}  // namespace
}  // namespace strongroom::pi
