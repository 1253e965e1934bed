// A face observer over pictures: the real pipeline with the camera it looks through, and liveness
// as declared. Photographs and films are shown again and again: where they are, pictures may
// repeat; sequence numbers and times are held to their order everywhere.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "hal/camera.h"
#include "hal/clock.h"
#include "hal/face_observer.h"
#include "sim_camera/declared_liveness.h"
#include "vision/face_pipeline.h"

namespace strongroom::cli {

// `clock` and `pack` outlive the observer. One thread, as hal::FaceObserver says.
class PictureObserver : public hal::FaceObserver {
public:
    enum class Repeats : std::uint8_t { refused, allowed };
    PictureObserver(std::unique_ptr<hal::Camera> camera, const hal::Clock& clock,
                    const vision::ModelPack& pack, sim::DeclaredLiveness liveness, Repeats repeats)
        : camera_(std::move(camera)),
          liveness_(liveness),
          pipeline_(*camera_, clock, pack, &liveness_, options(repeats)) {}

    [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate> templates) override {
        return pipeline_.start(templates);
    }
    void stop() override { pipeline_.stop(); }
    [[nodiscard]] Result<std::optional<hal::FaceObservation>> poll() override {
        return pipeline_.poll();
    }
    [[nodiscard]] Instant next_poll() const override { return pipeline_.next_poll(); }
    [[nodiscard]] hal::FaceModelId model() const override { return pipeline_.model(); }

private:
    static vision::PipelineOptions options(Repeats repeats) {
        vision::PipelineOptions options;
        options.refuse_repeated = repeats == Repeats::refused;
        return options;
    }

    std::unique_ptr<hal::Camera> camera_;
    sim::DeclaredLiveness liveness_;
    vision::FacePipeline pipeline_;
};

}  // namespace strongroom::cli
