#include "liveness_model/measured.h"

#include <array>
#include <atomic>
#include <cmath>
#include <fstream>
#include <iostream>
#include <thread>

#include "base/rng.h"
#include "vision/passive_liveness.h"

namespace strongroom::liveness_model {

namespace {

// The points that a detector would give: the true ones, a little beside.
vision::Detection detection_of(const people::FaceTruth& truth, double error, Rng& rng) {
    vision::Detection face;
    face.box = truth.box;
    face.landmarks = truth.landmarks();
    const double size = error * vision::eyes_of(face.landmarks).distance();
    for (auto& point : face.landmarks.points) {
        point.x += rng.normal(0, size);
        point.y += rng.normal(0, size);
    }
    return face;
}

void measure_trial(Stage& stage, vision::PassiveFeatures& features, MeasuredTrial& measured,
                   double error) {
    stage.begin(measured.trial);
    features.begin_track();
    Rng rng = Rng(measured.trial.visit).fork("landmarks");
    for (int i = 0; i < measured.trial.frames; ++i) {
        const Stage::Shown shown = stage.show(i);
        if (!shown.truth) continue;
        const auto numbers = features.measure(shown.frame, detection_of(*shown.truth, error, rng));
        if (numbers) measured.frames.push_back(*numbers);
    }
}

}  // namespace

std::vector<MeasuredTrial> measure(const std::vector<Trial>& trials,
                                   const MeasuringOptions& options) {
    std::vector<MeasuredTrial> all(trials.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        Stage stage;
        vision::PassiveFeatures features;
        for (std::size_t i = next++; i < trials.size(); i = next++) {
            all[i].trial = trials[i];
            measure_trial(stage, features, all[i], options.landmark_error);
            if (i % 100 == 0) std::cerr << "\r  " << i << " of " << trials.size() << std::flush;
        }
    };
    std::vector<std::thread> threads;
    for (int i = 1; i < options.threads; ++i) threads.emplace_back(work);
    work();
    for (auto& thread : threads) thread.join();
    std::cerr << "\r  " << trials.size() << " trials measured\n";
    return all;
}

void keep(const std::string& file, const std::vector<MeasuredTrial>& measured) {
    std::ofstream out(file, std::ios::binary);
    for (const auto& trial : measured) {
        const std::array<std::uint64_t, 2> head{trial.trial.visit, trial.frames.size()};
        out.write(reinterpret_cast<const char*>(head.data()), sizeof head);
        for (const auto& frame : trial.frames) {
            out.write(reinterpret_cast<const char*>(frame.data()),
                      static_cast<std::streamsize>(frame.size() * sizeof(float)));
        }
    }
}

std::vector<MeasuredTrial> kept(const std::string& file, const std::vector<Trial>& trials) {
    std::ifstream in(file, std::ios::binary);
    const std::size_t columns = vision::PassiveFeatures::names().size();
    std::vector<MeasuredTrial> all;
    for (const auto& trial : trials) {
        std::array<std::uint64_t, 2> head{};
        in.read(reinterpret_cast<char*>(head.data()), sizeof head);
        if (!in || head[0] != trial.visit || head[1] > static_cast<std::uint64_t>(trial.frames)) {
            return {};
        }
        MeasuredTrial measured{trial, {}};
        for (std::uint64_t i = 0; i < head[1]; ++i) {
            auto& frame = measured.frames.emplace_back(columns);
            in.read(reinterpret_cast<char*>(frame.data()),
                    static_cast<std::streamsize>(columns * sizeof(float)));
        }
        if (!in) return {};
        all.push_back(std::move(measured));
    }
    return in.peek() == std::ifstream::traits_type::eof() ? all : std::vector<MeasuredTrial>{};
}

}  // namespace strongroom::liveness_model
