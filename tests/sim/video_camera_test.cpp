#include "sim_camera/video_camera.h"

#include <filesystem>
#include <iostream>
#include <sstream>

#include <opencv2/videoio.hpp>

#include "catch.h"
#include "sim/scheduler.h"
#include "temporary_folder.h"

namespace strongroom::sim {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

// Ten frames at 10 a second, each brighter than the one before. False when OpenCV cannot encode.
bool write_film(const std::filesystem::path& file, int by = cv::CAP_FFMPEG) {
    cv::VideoWriter writer(file.string(), by,
                           cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 10, {64, 48});
    if (!writer.isOpened()) return false;
    for (int i = 0; i < 10; ++i) {
        writer.write(cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(20 * i + 20)));
    }
    return true;
}

TEST_CASE("video camera: a film plays at its own rate, ends as disconnected, and starts again") {
    TemporaryFolder folder;
    const auto file = folder.path() / "film.avi";
    if (!write_film(file)) {
        std::cout << "SKIPPED: this OpenCV cannot encode a film\n";
        return;
    }
    Scheduler scheduler(1);
    VirtualClock clock(scheduler);
    const auto camera = open_video(file, clock);
    CHECK(camera->poll().error().code == Errc::denied);
    for (int round = 0; round < 2; ++round) {
        REQUIRE(camera->start());
        CHECK(camera->poll().value() == std::nullopt);
        std::uint8_t last = 0;
        int frames = 0;
        for (int i = 0; i < 10; ++i) {
            scheduler.run_for(100ms);
            const auto frame = camera->poll();
            REQUIRE(frame);
            REQUIRE(*frame);
            ++frames;
            CHECK((*frame)->width == 64);
            CHECK((*frame)->height == 48);
            CHECK((*frame)->pixels->size() == 64 * 48 * 3);
            CHECK((*frame)->pixels->front() > last);
            last = (*frame)->pixels->front();
            CHECK(camera->poll().value() == std::nullopt);
        }
        CHECK(frames == 10);
        scheduler.run_for(100ms);
        CHECK(camera->poll().error().code == Errc::disconnected);
        CHECK(camera->poll().error().code == Errc::disconnected);
    }
}

TEST_CASE("video camera: a film that was cut off is named with how much of it is left") {
    TemporaryFolder folder;
    const auto file = folder.path() / "film.avi";
    if (!write_film(file, cv::CAP_OPENCV_MJPEG)) {
        std::cout << "SKIPPED: this OpenCV cannot encode a film\n";
        return;
    }
    const auto play = [&] {
        Scheduler scheduler(1);
        VirtualClock clock(scheduler);
        std::ostringstream said;
        std::streambuf* before = std::cerr.rdbuf(said.rdbuf());
        const auto camera = open_video(file, clock);
        REQUIRE(camera->start());
        do {
            scheduler.run_for(100ms);
        } while (camera->poll());
        std::cerr.rdbuf(before);
        return said.str();
    };
    CHECK(play().empty());
    std::filesystem::resize_file(file, std::filesystem::file_size(file) * 6 / 10);
    const std::string said = play();
    CHECK_THAT(said, Contains("film.avi breaks off after") && Contains("of 10 frames"));
}

TEST_CASE("video camera: what is no film is refused with its name and a remedy") {
    TemporaryFolder folder;
    Scheduler scheduler(1);
    VirtualClock clock(scheduler);
    CHECK_THROWS_WITH(open_video(folder.path() / "no.mp4", clock), Contains("no.mp4 is not there"));
    CHECK_THROWS_WITH(open_video(folder.path(), clock), Contains("is not a file"));
    CHECK_THROWS_WITH(open_video(folder.write("e.mp4", ""), clock), Contains("e.mp4 is empty"));
    CHECK_THROWS_WITH(open_video(folder.write("t.mp4", "text"), clock),
                      Contains("t.mp4 cannot be decoded"));
}

}  // namespace
}  // namespace strongroom::sim
