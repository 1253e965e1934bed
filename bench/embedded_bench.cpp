// The embedded face model and the embedded liveness detector on simulated people: from frame to
// observation, stage by stage, and a whole look into a rendered camera against real time.
//
// Nothing but the program is needed. The baseline is dlib's frontal face detector, as its published
// example calls it, on the whole of the same frames. One thread for both.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include <benchmark/benchmark.h>
#include <opencv2/imgproc.hpp>

#include "dlib_recipe.h"
#include "face_model/embedded_pack.h"
#include "face_points.h"
#include "liveness_model/liveness_model.h"
#include "people/sitting.h"
#include "sim/world.h"
#include "sim_camera/picture_files.h"
#include "sim_camera/render_camera.h"
#include "spent.h"
#include "vision/enrolment.h"
#include "vision/face_pipeline.h"

namespace {

using namespace std::chrono_literals;
using namespace strongroom;
using namespace strongroom::bench;

constexpr std::uint64_t visitors = 6;
constexpr int frames_of_each = 4;
constexpr double difficulty = 0.3;  // as scenarios have it

// A frame in which the pack finds a face, and what the later stages are given of it.
struct Seen {
    hal::Frame frame;
    bool first_of_visitor = false;
    vision::Detection face;
    vision::FaceChip chip;
    cv::Mat grey;
};

// Everything that the measurements share, made once.
struct Stages {
    vision::ModelPack pack = face_model::embedded_pack();
    std::unique_ptr<vision::LivenessDetector> liveness = liveness_model::embedded_detector();
    face_model::LandmarkModel landmarks =
        face_model::LandmarkModel::read(face_model::embedded_weights().landmarks);
    DlibRecipe dlib;
    std::vector<Seen> seen;

    Stages() {
        people::Renderer renderer(2);
        people::AttackRenderer attacks(renderer);
        for (std::uint64_t visitor = 0; visitor < visitors; ++visitor) {
            people::SittingSetup setup;
            setup.face = sim::head_of(visitor);
            setup.seed = visitor;
            setup.difficulty = difficulty;
            people::Sitting sitting(renderer, attacks, std::move(setup));
            for (int i = 0; i < frames_of_each; ++i) {
                take(sim::to_frame(sitting.at(1 + 0.1 * i)), i == 0);
            }
        }
        if (seen.empty()) throw std::runtime_error("no face is found in any rendered frame");
    }

private:
    void take(const hal::Frame& frame, bool first_of_visitor) {
        const auto faces = pack.detector().detect(frame);
        if (!faces || faces->empty()) return;
        const vision::FaceEmbedder& embedder = *pack.embedder();
        Seen one{frame, first_of_visitor, faces->front(), {}, {}};
        one.chip =
            vision::align(frame, one.face.landmarks, embedder.chip_template(), embedder.chip_size())
                .value();
        const cv::Mat bgr(frame.height, frame.width, CV_8UC3,
                          const_cast<std::uint8_t*>(frame.pixels->data()));
        cv::cvtColor(bgr, one.grey, cv::COLOR_BGR2GRAY);
        seen.push_back(std::move(one));
    }
};

Stages& stages() {
    static Stages made;
    return made;
}

// Each iteration takes all frames through the stage and one of them, in turn, through dlib's
// detector: the stages are so short that as many searches would take all the time.
template <class Stage>
void against_dlib(benchmark::State& state, Stage&& stage) {
    Stages& all = stages();
    Spent own;
    Spent of_dlib;
    std::size_t next = 0;
    for (auto _ : state) {
        const double before = own.wall;
        own.add([&] {
            for (const Seen& one : all.seen) stage(one);
        });
        state.SetIterationTime(own.wall - before);
        all.dlib.set_picture(all.seen[next].frame);
        of_dlib.add([&] { benchmark::DoNotOptimize(all.dlib.detect()); });
        next = (next + 1) % all.seen.size();
    }
    const auto rounds = static_cast<double>(state.iterations());
    const double of_ours = own.processor / rounds / static_cast<double>(all.seen.size());
    state.counters["ours_ms"] = 1e3 * of_ours;
    state.counters["dlib_hog_ms"] = 1e3 * of_dlib.processor / rounds;
    state.counters["vs_dlib_hog"] = of_ours * rounds / of_dlib.processor;
}

void embedded_detect(benchmark::State& state) {
    vision::FaceDetector& detector = stages().pack.detector();
    against_dlib(state,
                 [&](const Seen& one) { benchmark::DoNotOptimize(detector.detect(one.frame)); });
}

// Within detect, once a face: here alone.
void embedded_landmarks(benchmark::State& state) {
    const face_model::LandmarkForest& forest = stages().landmarks.forest;
    against_dlib(state, [&](const Seen& one) {
        const face_model::GreyImage grey{one.grey.data, one.grey.cols, one.grey.rows,
                                         one.grey.step[0]};
        benchmark::DoNotOptimize(forest.place(grey, one.face.box));
    });
}

// Makes the frame grey and places the landmarks again.
void embedded_expression(benchmark::State& state) {
    vision::ExpressionReader& reader = *stages().pack.expression();
    against_dlib(state, [&](const Seen& one) {
        benchmark::DoNotOptimize(reader.read(one.frame, one.face));
    });
}

void embedded_quality(benchmark::State& state) {
    against_dlib(state, [&](const Seen& one) {
        benchmark::DoNotOptimize(vision::measure_quality(one.frame, one.face.landmarks));
    });
}

void embedded_align(benchmark::State& state) {
    const vision::FaceEmbedder& embedder = *stages().pack.embedder();
    against_dlib(state, [&](const Seen& one) {
        benchmark::DoNotOptimize(vision::align(one.frame, one.face.landmarks,
                                               embedder.chip_template(), embedder.chip_size()));
    });
}

void embedded_embed(benchmark::State& state) {
    vision::FaceEmbedder& embedder = *stages().pack.embedder();
    against_dlib(state,
                 [&](const Seen& one) { benchmark::DoNotOptimize(embedder.embed(one.chip)); });
}

void embedded_liveness(benchmark::State& state) {
    vision::LivenessDetector& liveness = *stages().liveness;
    against_dlib(state, [&](const Seen& one) {
        if (one.first_of_visitor) liveness.begin_track();
        benchmark::DoNotOptimize(liveness.assess(one.frame, one.face));
    });
}

void embedded_whole(benchmark::State& state) {
    vision::FaceAnalyser analyser(stages().pack, stages().liveness.get());
    against_dlib(state, [&](const Seen& one) {
        if (one.first_of_visitor) analyser.lose_track();
        benchmark::DoNotOptimize(analyser.analyse_next(one.frame));
    });
}

hal::FaceTemplate enrolled(const vision::ModelPack& pack, std::uint64_t identity) {
    vision::FaceAnalyser analyser(pack, nullptr);
    people::Renderer renderer(1);
    people::AttackRenderer attacks(renderer);
    people::SittingSetup setup;
    setup.face = sim::head_of(identity);
    setup.difficulty = 0;
    people::Sitting sitting(renderer, attacks, std::move(setup));
    auto made = vision::make_template(analyser, sim::to_frame(sitting.at(1)));
    if (!made) throw std::runtime_error("the visitor cannot be enrolled");
    return std::move(made->face);
}

// Somebody stands before a rendered camera of ten frames a second and is asked to turn, nod, blink
// and smile: everything of a visit that costs pixels.
class Look {
public:
    Look() {
        world_.arrive(visitor_, site_);
        world_.show_face(visitor_, site_);
        const std::vector templates{enrolled(pack_, world_.person(visitor_).identity)};
        if (!pipeline_.start(templates)) throw std::runtime_error("the observer does not start");
    }

    // For `length`; how many observations it gave.
    int look() {
        int observations = 0;
        for (const Gesture gesture :
             {Gesture::turn_left, Gesture::nod, Gesture::blink, Gesture::smile}) {
            world_.perform(visitor_, site_, gesture);
            const Instant until = scheduler_.now() + length / 4;
            for (; scheduler_.now() < until; scheduler_.run_for(interval)) {
                if (pipeline_.poll().value()) ++observations;
            }
        }
        return observations;
    }

    static constexpr Duration interval = 100ms;
    static constexpr Duration length = 8s;

private:
    static vision::PipelineOptions options() {
        vision::PipelineOptions options;
        options.frame_interval = interval;
        return options;
    }

    sim::Scheduler scheduler_{1};
    sim::World world_{scheduler_};
    sim::PersonId visitor_ = world_.add_person({"alice", CustomerId{1}});
    sim::SiteId site_ = world_.add_site({"vault", TerminalId{1}, LockerId{1}});
    sim::VirtualClock clock_{scheduler_, Instant(1s)};
    vision::ModelPack pack_ = face_model::embedded_pack();
    std::unique_ptr<vision::LivenessDetector> liveness_ = liveness_model::embedded_detector();
    sim::RenderCamera camera_{world_, site_, clock_, {.interval = interval}};
    vision::FacePipeline pipeline_{camera_, clock_, pack_, liveness_.get(), options()};
};

void rendered_visit(benchmark::State& state) {
    Stages& all = stages();
    Look visit;
    Spent own;
    Spent of_dlib;
    int observations = 0;
    std::size_t next = 0;
    for (auto _ : state) {
        const double before = own.wall;
        int given = 0;
        own.add([&] { given = visit.look(); });
        state.SetIterationTime(own.wall - before);
        observations += given;
        for (int i = 0; i < given; ++i) {
            all.dlib.set_picture(all.seen[next].frame);
            of_dlib.add([&] { benchmark::DoNotOptimize(all.dlib.detect()); });
            next = (next + 1) % all.seen.size();
        }
    }
    const auto looks = static_cast<double>(state.iterations());
    const double simulated = looks * std::chrono::duration<double>(Look::length).count();
    state.counters["frames/s"] = observations / simulated;
    state.counters["ms/frame"] = 1e3 * own.processor / observations;
    state.counters["vs_dlib_hog"] = own.processor / of_dlib.processor;
    state.counters["times_real_time"] = simulated / own.processor;
}

BENCHMARK(embedded_detect)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(embedded_landmarks)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(embedded_expression)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(embedded_quality)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(embedded_align)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(embedded_embed)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(embedded_liveness)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(embedded_whole)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(rendered_visit)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
