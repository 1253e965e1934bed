#include "vision/image.h"

#include <array>
#include <string>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/rng.h"
#include "catch.h"
#include "support.h"

using namespace strongroom;
using namespace strongroom::vision;

namespace {

std::vector<std::uint8_t> encoded(const char* extension, int width, int height,
                                  int type = CV_8UC3) {
    cv::Mat image(height, width, type);
    cv::RNG noise(7);
    noise.fill(image, cv::RNG::UNIFORM, 0, 255);
    std::vector<std::uint8_t> bytes;
    cv::imencode(extension, image, bytes);
    return bytes;
}

std::vector<std::uint8_t> png_header(std::uint32_t width, std::uint32_t height) {
    std::vector<std::uint8_t> bytes{0x89, 'P', 'N', 'G', 13,  10,  26,  10,
                                    0,    0,   0,   13,  'I', 'H', 'D', 'R'};
    for (const std::uint32_t side : {width, height}) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.push_back(static_cast<std::uint8_t>(side >> static_cast<unsigned>(shift)));
        }
    }
    bytes.insert(bytes.end(), {8, 2, 0, 0, 0, 0, 0, 0, 0});
    return bytes;
}

}  // namespace

TEST_CASE("vision image: the accepted formats are decoded to BGR") {
    for (const char* extension : {".jpg", ".png", ".bmp", ".ppm"}) {
        const auto frame = decode_image(encoded(extension, 31, 17));
        INFO(extension);
        REQUIRE(frame);
        CHECK(frame->width == 31);
        CHECK(frame->height == 17);
        CHECK(frame->format == hal::PixelFormat::bgr8);
        CHECK(frame->pixels->size() == 31U * 17U * 3U);
    }
}

TEST_CASE("vision image: a grey picture of one pixel is a picture") {
    for (const char* extension : {".jpg", ".png", ".pgm"}) {
        const auto frame = decode_image(encoded(extension, 1, 1, CV_8UC1));
        INFO(extension);
        REQUIRE(frame);
        CHECK(frame->pixels->size() == 3);
    }
}

TEST_CASE("vision image: nothing and what is no image are told apart") {
    CHECK(decode_image({}).error() == ImageFault::empty);
    const std::string text = "file_a,file_b,same\n";
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    CHECK(decode_image(bytes).error() == ImageFault::not_an_image);
}

TEST_CASE("vision image: a picture beyond the limit is refused by its header alone") {
    CHECK(decode_image(png_header(20000, 20000)).error() == ImageFault::too_large);
    CHECK(decode_image(png_header(0x7fffffff, 0x7fffffff)).error() == ImageFault::too_large);
    CHECK(decode_image(png_header(0, 5)).error() == ImageFault::damaged);
    const std::string pgm = "P5 99999999 99999999 255\n";
    CHECK(decode_image(std::vector<std::uint8_t>(pgm.begin(), pgm.end())).error() ==
          ImageFault::too_large);
    ImageLimits limits;
    limits.bytes = 10;
    CHECK(decode_image(encoded(".png", 8, 8), limits).error() == ImageFault::too_large);
}

TEST_CASE("vision image: a large picture is reduced to the limit of its long side") {
    ImageLimits limits;
    limits.long_side = 100;
    const auto jpeg = decode_image(encoded(".jpg", 1000, 500), limits);
    REQUIRE(jpeg);
    CHECK(jpeg->width == 100);
    CHECK(jpeg->height == 50);
    const auto thin = decode_image(encoded(".png", 1000, 1), limits);
    REQUIRE(thin);
    CHECK(thin->width == 100);
    CHECK(thin->height == 1);
}

TEST_CASE("vision image: files that cannot be pictures have an outcome each") {
    const test::TemporaryFolder folder;
    CHECK(read_image(folder.path() / "none.jpg").error() == ImageFault::not_found);
    CHECK(read_image(folder.path()).error() == ImageFault::unreadable);
    CHECK(read_image(folder.write("empty.jpg", "")).error() == ImageFault::empty);
    CHECK(read_image(folder.write("text.jpg", "hello")).error() == ImageFault::not_an_image);
    for (const auto fault :
         {ImageFault::not_found, ImageFault::unreadable, ImageFault::empty,
          ImageFault::not_an_image, ImageFault::damaged, ImageFault::too_large}) {
        CHECK(describe(fault).find(": ") != std::string_view::npos);  // what, and what to do
    }
}

TEST_CASE("vision image: cut and scribbled files are refused or decoded but never crash") {
    Rng rng(20261120);
    for (const char* extension : {".jpg", ".png", ".bmp", ".pgm"}) {
        const bool grey = std::string(extension) == ".pgm";
        const auto whole = encoded(extension, 40, 30, grey ? CV_8UC1 : CV_8UC3);
        int refused = 0;
        for (int round = 0; round < 150; ++round) {
            auto bytes = whole;
            bytes.resize(static_cast<std::size_t>(rng.below(whole.size())) + 1);
            for (int i = 0; i < 3; ++i) {
                bytes[rng.below(bytes.size())] = static_cast<std::uint8_t>(rng.below(256));
            }
            const auto frame = decode_image(bytes);
            if (!frame) {
                ++refused;
                continue;
            }
            const auto size = static_cast<std::size_t>(frame->width) *
                              static_cast<std::size_t>(frame->height) * 3;
            REQUIRE(frame->pixels->size() == size);
        }
        INFO(extension);
        CHECK(refused > 0);
    }
}

TEST_CASE("vision normalise: a good frame is shared and not copied") {
    hal::Frame frame = test::plain_frame(64, 48, 9);
    frame.sequence = 5;
    frame.captured = Instant(std::chrono::seconds(3));
    const auto same = normalise(frame);
    REQUIRE(same);
    CHECK(same->pixels == frame.pixels);
    const auto colour = normalise(test::plain_frame(64, 48, 9, hal::PixelFormat::gray8));
    REQUIRE(colour);
    CHECK(colour->format == hal::PixelFormat::bgr8);
    CHECK(colour->pixels->size() == 64U * 48U * 3U);
}

TEST_CASE("vision normalise: reducing a frame keeps its time and number") {
    hal::Frame frame = test::plain_frame(300, 100, 50, hal::PixelFormat::gray8);
    frame.sequence = 8;
    frame.captured = Instant(std::chrono::seconds(2));
    ImageLimits limits;
    limits.long_side = 30;
    const auto small = normalise(frame, limits);
    REQUIRE(small);
    CHECK(small->width == 30);
    CHECK(small->height == 10);
    CHECK(small->sequence == 8);
    CHECK(small->captured == frame.captured);
}

TEST_CASE("vision normalise: frames that lie about their size are corrupt") {
    hal::Frame frame = test::plain_frame(10, 10, 0);
    frame.width = 11;
    CHECK(normalise(frame).error().code == Errc::corrupt);
    frame.width = -10;
    CHECK(normalise(frame).error().code == Errc::corrupt);
    CHECK(normalise(hal::Frame{}).error().code == Errc::corrupt);
    ImageLimits limits;
    limits.pixels = 99;
    CHECK(normalise(test::plain_frame(10, 10, 0), limits).error().code == Errc::out_of_range);
}
