// From frame to observation, stage by stage, beside dlib's published example recipe on the same
// frames (dlib_recipe.h). One thread for both.
//
// Needs models and pictures that are not part of the project: STRONGROOM_MODELS names the directory
// of models, STRONGROOM_DATA the one that holds images/lfw-devtest. Without them every measurement
// is skipped, visibly; those of embedded_bench.cpp, in the same program, need neither.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "dlib_recipe.h"
#include "spent.h"
#include "vision/face_pipeline.h"
#include "vision/image.h"
#include "vision/model_pack.h"
#include "vision/threads.h"

namespace {

using namespace strongroom;
using namespace strongroom::bench;

constexpr std::size_t frames_wanted = 24;

std::filesystem::path from_environment(const char* name, const std::filesystem::path& otherwise) {
    const char* value = std::getenv(name);
    return value != nullptr ? std::filesystem::path(value) : otherwise;
}

// A frame as a terminal's camera gives it, with the picture in its middle: 640 by 480.
hal::Frame as_camera_frame(const hal::Frame& picture) {
    constexpr int width = 640;
    constexpr int height = 480;
    hal::Frame frame;
    frame.width = width;
    frame.height = height;
    std::vector<std::uint8_t> pixels(std::size_t{3} * width * height, 96);
    const int left = (width - picture.width) / 2;
    const int top = (height - picture.height) / 2;
    for (int row = 0; row < picture.height; ++row) {
        const auto from = static_cast<std::ptrdiff_t>(row) * picture.width * 3;
        const auto to = (static_cast<std::ptrdiff_t>(top + row) * width + left) * 3;
        std::copy_n(picture.pixels->begin() + from, picture.width * 3, pixels.begin() + to);
    }
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels));
    return frame;
}

// Everything that the measurements share, loaded once.
struct Bench {
    vision::ModelPack pack;
    vision::ModelPack hog;
    DlibRecipe recipe;
    std::vector<hal::Frame> frames;            // in each of them both detectors find a face
    std::vector<vision::Landmarks> landmarks;  // of the largest face

    Bench(const vision::PackPlaces& places, const std::filesystem::path& pictures)
        : pack(vision::ModelPack::load(places, vision::find_pack(places, "dlib-densenet"))),
          hog(vision::ModelPack::load(places, vision::find_pack(places, "dlib-hog"))),
          recipe((places.models / "face_recognition_densenet_model_v1.dat").string()) {
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(pictures)) {
            if (entry.path().extension() == ".jpg") files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
        for (const auto& file : files) {
            if (frames.size() == frames_wanted) break;
            const auto picture = vision::read_image(file);
            if (picture && picture->width <= 640 && picture->height <= 480) {
                take(as_camera_frame(*picture));
            }
        }
        if (frames.empty()) throw std::runtime_error("no usable picture in " + pictures.string());
    }

private:
    void take(const hal::Frame& frame) {
        const auto seen = pack.detector().detect(frame);
        const auto seen_by_hog = hog.detector().detect(frame);
        if (!seen || seen->empty() || !seen_by_hog || seen_by_hog->empty()) return;
        frames.push_back(frame);
        landmarks.push_back(seen->front().landmarks);
    }
};

std::string why_skipped;

Bench* shared() {
    static const std::unique_ptr<Bench> made = []() -> std::unique_ptr<Bench> {
        const auto data = from_environment("STRONGROOM_DATA", "../shared");
        const auto models = from_environment("STRONGROOM_MODELS", data / "models");
        const auto pictures = data / "images" / "lfw-devtest";
        if (!std::filesystem::is_directory(models) || !std::filesystem::is_directory(pictures)) {
            why_skipped = "SKIPPED: set STRONGROOM_MODELS and STRONGROOM_DATA: no models in " +
                          models.string() + " or no pictures in " + pictures.string();
            return nullptr;
        }
        try {
            return std::make_unique<Bench>(vision::PackPlaces::find(models), pictures);
        } catch (const std::exception& error) {
            why_skipped = std::string("SKIPPED: ") + error.what();
            return nullptr;
        }
    }();
    return made.get();
}

// Runs ours and dlib's in turns over the frames. `ours` and `theirs` are given the frame's index.
template <class Ours, class Theirs>
void compare(benchmark::State& state, Bench& bench, Ours&& ours, Theirs&& theirs) {
    Spent own;
    Spent of_dlib;
    std::size_t index = 0;
    for (auto _ : state) {
        const double before = own.wall;
        own.add([&] { ours(index); });
        state.SetIterationTime(own.wall - before);
        bench.recipe.set_picture(bench.frames[index]);
        of_dlib.add([&] { theirs(index); });
        index = (index + 1) % bench.frames.size();
    }
    const auto count = static_cast<double>(state.iterations());
    state.counters["ours_ms"] = 1e3 * own.processor / count;
    state.counters["dlib_ms"] = 1e3 * of_dlib.processor / count;
    state.counters["vs_dlib"] = own.processor / of_dlib.processor;
}

// Of the bench, or the reason why there is none.
Bench* ready(benchmark::State& state) {
    Bench* bench = shared();
    if (bench == nullptr) state.SkipWithError(why_skipped.c_str());
    return bench;
}

void detect(benchmark::State& state, bool yunet) {
    Bench* bench = ready(state);
    if (bench == nullptr) return;
    vision::FaceDetector& detector = yunet ? bench->pack.detector() : bench->hog.detector();
    compare(
        state, *bench,
        [&](std::size_t i) { benchmark::DoNotOptimize(detector.detect(bench->frames[i])); },
        [&](std::size_t) { benchmark::DoNotOptimize(bench->recipe.detect()); });
}

void align(benchmark::State& state) {
    Bench* bench = ready(state);
    if (bench == nullptr) return;
    const vision::FaceEmbedder& embedder = *bench->pack.embedder();
    compare(
        state, *bench,
        [&](std::size_t i) {
            benchmark::DoNotOptimize(vision::align(bench->frames[i], bench->landmarks[i],
                                                   embedder.chip_template(), embedder.chip_size()));
        },
        [&](std::size_t i) { bench->recipe.extract(bench->landmarks[i]); });
}

void quality(benchmark::State& state) {
    Bench* bench = ready(state);
    if (bench == nullptr) return;
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(vision::measure_quality(bench->frames[i], bench->landmarks[i]));
        i = (i + 1) % bench->frames.size();
    }
}

void embed(benchmark::State& state) {
    Bench* bench = ready(state);
    if (bench == nullptr) return;
    vision::FaceEmbedder& embedder = *bench->pack.embedder();
    std::vector<vision::FaceChip> chips;
    for (std::size_t i = 0; i < bench->frames.size(); ++i) {
        chips.push_back(vision::align(bench->frames[i], bench->landmarks[i],
                                      embedder.chip_template(), embedder.chip_size())
                            .value());
    }
    bench->recipe.set_picture(bench->frames[0]);
    bench->recipe.extract(bench->landmarks[0]);
    compare(
        state, *bench, [&](std::size_t i) { benchmark::DoNotOptimize(embedder.embed(chips[i])); },
        [&](std::size_t) { benchmark::DoNotOptimize(bench->recipe.describe()); });
}

void whole(benchmark::State& state) {
    Bench* bench = ready(state);
    if (bench == nullptr) return;
    vision::FaceAnalyser analyser(bench->pack, nullptr);
    compare(
        state, *bench,
        [&](std::size_t i) { benchmark::DoNotOptimize(analyser.analyse(bench->frames[i])); },
        [&](std::size_t i) {
            benchmark::DoNotOptimize(bench->recipe.detect());
            bench->recipe.extract(bench->landmarks[i]);
            benchmark::DoNotOptimize(bench->recipe.describe());
        });
}

BENCHMARK_CAPTURE(detect, yunet, true)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(detect, hog, false)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(align)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(quality)->Unit(benchmark::kMillisecond);
BENCHMARK(embed)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(whole)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    strongroom::vision::use_one_thread();
    std::cout << "Baseline: dlib's example recipe with its own HOG detector and its author's "
                 "DenseNet weights. Not to be had here:\nshape_predictor_5_face_landmarks.dat "
                 "(its time is left out, in dlib's favour) and\n"
                 "dlib_face_recognition_resnet_model_v1.dat (DenseNet stands for it on both "
                 "sides).\nBaseline of embedded_* and rendered_visit: its HOG detector alone, on "
                 "rendered frames.\n";
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
