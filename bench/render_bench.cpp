// Frames of simulated people a second, on one core, beside what a simulator would pay that plays
// recordings instead: OpenCV decoding the same picture from JPEG.
#include <vector>

#include <benchmark/benchmark.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "people/motion.h"
#include "people/renderer.h"
#include "spent.h"

namespace {

using namespace strongroom;
using namespace strongroom::bench;

people::Shot shot_of_width(int width) {
    people::Shot shot;
    shot.lens.width = width;
    shot.lens.height = width * 3 / 4;
    shot.lens.focal_length = 600.0 * width / 640;
    return shot;
}

// A person who moves, picture by picture, with exposure and noise.
void render(benchmark::State& state) {
    const int width = static_cast<int>(state.range(0));
    people::Renderer renderer;
    const people::Head head = people::make_head(7);
    const people::Shot still = shot_of_width(width);
    people::Picture first = renderer.render(head, still);
    std::vector<std::uint8_t> recorded;
    cv::imencode(".jpg", cv::Mat(first.height, first.width, CV_8UC3, first.pixels.data()), recorded,
                 {cv::IMWRITE_JPEG_QUALITY, 90});
    people::Motion motion;
    Spent ours;
    Spent decoding;
    std::uint64_t frame = 0;
    for (auto _ : state) {
        people::Shot shot = still;
        people::move(shot, motion, static_cast<double>(frame) / 30);
        shot.noise_seed = ++frame;
        const double before = ours.wall;
        ours.add([&] { benchmark::DoNotOptimize(renderer.render(head, shot)); });
        state.SetIterationTime(ours.wall - before);
        decoding.add([&] { benchmark::DoNotOptimize(cv::imdecode(recorded, cv::IMREAD_COLOR)); });
    }
    const auto count = static_cast<double>(state.iterations());
    state.counters["frames_per_second"] = count / ours.processor;
    state.counters["vs_jpeg_decoding"] = ours.processor / decoding.processor;
}

// Meshes and skin of somebody new.
void prepare(benchmark::State& state) {
    people::Renderer renderer(1);
    const people::Shot shot = shot_of_width(static_cast<int>(state.range(0)));
    std::uint64_t seed = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(renderer.render(people::make_head(++seed), shot));
    }
}

// A mask, glasses and a cap: the most that is drawn.
void render_dressed(benchmark::State& state) {
    people::Renderer renderer;
    const people::Head face = people::make_head(7);
    const people::Head wearer = people::make_head(8);
    people::Shot shot = shot_of_width(static_cast<int>(state.range(0)));
    shot.appearance.eyewear = people::Eyewear::glasses;
    shot.appearance.headwear = people::Headwear::cap;
    people::Material material;
    material.eye_holes = true;
    for (auto _ : state) {
        ++shot.noise_seed;
        benchmark::DoNotOptimize(renderer.render_mask(face, wearer, material, shot));
    }
}

BENCHMARK(render)->Arg(640)->Arg(320)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(prepare)->Arg(640)->Arg(320)->Unit(benchmark::kMillisecond);
BENCHMARK(render_dressed)->Arg(640)->Arg(320)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    cv::setNumThreads(1);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
