// What of the cameras needs no camera: the conversion of pixels, and the composed pipelines.
#include <array>
#include <iostream>
#include <thread>

#include <linux/videodev2.h>

#include "catch.h"
#include "pi/csi_camera.h"
#include "pi/system.h"
#include "pi/v4l2_camera.h"
#include "pixels.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Bytes = std::vector<std::uint8_t>;

TEST_CASE("camera: rows with padding are converted without it") {
    // Two pixels a row, four bytes of padding after each.
    const V4l2Format rgb{V4L2_PIX_FMT_RGB24, 2, 2, 10};
    const Bytes bytes{1, 2, 3, 4,  5,  6,  0, 0, 0, 0,  //
                      7, 8, 9, 10, 11, 12, 0, 0, 0, 0};
    CHECK(to_bgr(rgb, bytes) == Bytes{3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10});
    // The last row needs no padding; a byte less is too short.
    CHECK(to_bgr(rgb, std::span(bytes).first(16)));
    CHECK_FALSE(to_bgr(rgb, std::span(bytes).first(15)));
}

TEST_CASE("camera: brightness and colour of YUYV come out as blue, green, red") {
    const V4l2Format yuyv{V4L2_PIX_FMT_YUYV, 2, 1, 4};
    const auto grey = to_bgr(yuyv, Bytes{126, 128, 235, 128});
    REQUIRE(grey);
    CHECK((*grey)[0] == (*grey)[2]);  // no colour
    CHECK((*grey)[3] > 250);          // white
    const auto red = to_bgr(yuyv, Bytes{81, 90, 81, 240});
    REQUIRE(red);
    CHECK((*red)[2] > 240);
    CHECK((*red)[0] < 15);
    CHECK((*red)[1] < 15);
}

TEST_CASE("camera: what does not decode is no picture") {
    const V4l2Format jpeg{V4L2_PIX_FMT_MJPEG, 64, 48, 0};
    CHECK_FALSE(to_bgr(jpeg, Bytes{}));
    CHECK_FALSE(to_bgr(jpeg, Bytes{0xff, 0xd8, 0xff}));
    CHECK_FALSE(to_bgr(jpeg, Bytes(5000, 0x55)));
    CHECK_FALSE(to_bgr({V4L2_PIX_FMT_YUYV, 64, 48, 128}, Bytes(127)));
    CHECK_FALSE(to_bgr({V4L2_PIX_FMT_YUYV, 0, 48, 128}, Bytes(9000)));
    CHECK_FALSE(to_bgr({V4L2_PIX_FMT_NV12, 64, 48, 64}, Bytes(9000)));
}

TEST_CASE("camera: a V4L2 camera that is not there says what to do") {
    const SystemClock clock;
    CHECK_THROWS_WITH(V4l2Camera({"/dev/video4711"}, clock), Contains("/dev/video4711: No such"));
    CHECK_THROWS_WITH(V4l2Camera({"/dev/null"}, clock), Contains("it is no camera"));
}

TEST_CASE("camera: a CSI camera's pipeline is composed, and what would break out of it refused") {
    CsiCameraConfig config;
    CHECK(csi_pipeline(config) ==
          "libcamerasrc ! video/x-raw,width=640,height=480,framerate=30/1 ! videoconvert ! "
          "video/x-raw,format=BGR ! appsink drop=true max-buffers=1 sync=false");
    config.camera = "/base/soc/i2c0mux/i2c@1/imx219@10";
    CHECK_THAT(csi_pipeline(config),
               Contains("libcamerasrc camera-name=\"/base/soc/i2c0mux/i2c@1/imx219@10\" ! video"));
    config.camera = "x\" ! filesink location=\"/etc/passwd";
    CHECK_THROWS_WITH(csi_pipeline(config), Contains("no quotation marks"));
    config.camera.clear();
    config.width = 0;
    CHECK_THROWS_WITH(csi_pipeline(config), Contains("16 to 4096 pixels"));
}

TEST_CASE("camera: a pipeline delivers frames in order, and what is missing is said") {
    const SystemClock clock;
    std::unique_ptr<hal::Camera> camera;
    try {
        camera = open_pipeline(
            "videotestsrc ! video/x-raw,width=64,height=48,framerate=30/1 ! videoconvert ! "
            "video/x-raw,format=BGR ! appsink drop=true max-buffers=1 sync=false",
            {"gstreamer", "test", {}}, 10s, clock);
    } catch (const CameraError& error) {
        std::cout << "SKIPPED: no GStreamer with its base elements: " << error.what() << '\n';
        return;
    }
    CHECK(camera->poll().error().code == Errc::denied);
    REQUIRE(camera->start());
    std::uint64_t sequence = 0;
    for (int frames = 0; frames < 3;) {
        const auto polled = camera->poll();
        REQUIRE(polled);
        if (!*polled) {
            std::this_thread::sleep_for(2ms);
            continue;
        }
        CHECK((*polled)->sequence > sequence);
        CHECK((*polled)->width == 64);
        CHECK((*polled)->pixels->size() == 64U * 48U * 3U);
        sequence = (*polled)->sequence;
        ++frames;
    }
    CHECK(camera->identity().driver == "gstreamer");
    camera->stop();
    CHECK(camera->poll().error().code == Errc::denied);
    REQUIRE(camera->start());
    CHECK_THROWS_WITH(open_pipeline("no-such-element ! appsink", {}, 1s, clock),
                      Contains("is the element there"));
}

}  // namespace
}  // namespace strongroom::pi
