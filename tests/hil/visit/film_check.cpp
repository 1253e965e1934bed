#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "film.h"
#include "pack.h"
#include "vision/face_pipeline.h"
#include "vision/model_pack.h"

namespace strongroom::test {

namespace {

// Every second picture, as slow a door as that sees them.
constexpr std::size_t step = 2;

hal::Frame picture_at(std::ifstream& film, std::size_t index) {
    std::vector<std::uint8_t> bytes(film_picture);
    film.seekg(static_cast<std::streamoff>(index * film_picture));
    film.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(film_picture));
    cv::Mat bgr;
    cv::cvtColor(cv::Mat(film_height, film_width, CV_8UC2, bytes.data()), bgr,
                 cv::COLOR_YUV2BGR_YUYV);
    hal::Frame frame;
    frame.width = film_width;
    frame.height = film_height;
    frame.sequence = index + 1;
    frame.captured = Instant(std::chrono::milliseconds(1000 * index / film_rate));
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(
        bgr.data, bgr.data + bgr.total() * bgr.elemSize());
    return frame;
}

struct Range {
    double low = INFINITY;
    double high = -INFINITY;
    void add(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

}  // namespace

void check_film(const std::filesystem::path& folder) {
    const vision::PackPlaces places{folder, {}};
    const auto pack = vision::ModelPack::load(places, vision::find_pack(places, visit_pack));
    vision::FaceAnalyser analyser(pack, pack.liveness());
    std::ifstream film(folder / "film.yuyv", std::ios::binary);
    std::optional<std::vector<float>> customer;
    const Scenes scenes = read_scenes(folder);
    for (const char* name :
         {"customer", "turn-left", "turn-right", "nod", "stranger", "print", "nobody"}) {
        const Scene scene = scenes.at(name);
        std::size_t looked = 0;
        std::size_t found = 0;
        Range yaw;
        Range pitch;
        Range live;
        Range distance;
        const auto begun = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < scene.count; i += step) {
            const auto seen = analyser.analyse_next(picture_at(film, scene.first + i));
            ++looked;
            if (!seen || !seen->largest || seen->features.empty()) continue;
            ++found;
            if (!customer) customer = seen->features;
            yaw.add(seen->quality.pose.yaw);
            pitch.add(seen->quality.pose.pitch);
            live.add(seen->liveness.score);
            distance.add(static_cast<double>(
                vision::distance(pack.manifest().metric, *customer, seen->features)));
        }
        std::printf(
            "%-10s %3zu of %3zu found; yaw %.0f to %.0f, pitch %.0f to %.0f, live %.2f to "
            "%.2f, distance %.2f to %.2f; %.0f ms a picture\n",
            name, found, looked, yaw.low, yaw.high, pitch.low, pitch.high, live.low, live.high,
            distance.low, distance.high,
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
                    .count() /
                static_cast<double>(looked));
        std::fflush(stdout);
    }
}

}  // namespace strongroom::test
