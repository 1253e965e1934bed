// RenderCamera: simulated people, and what attackers hold up, as the pixels of a camera at a site
// of the World.
//
// It never blocks for anything but the rendering itself, and keeps time by the site's clock. Equal
// seeds and equal worlds give equal frames. One thread at a time, as hal::Camera says.
#pragma once

#include <cstdint>
#include <memory>

#include "hal/camera.h"
#include "people/head.h"
#include "sim/scheduler.h"
#include "sim/world.h"

namespace strongroom::sim {

// Whose head a face of the World is: of the people kept for tests, on whom no model was trained.
[[nodiscard]] people::Head head_of(std::uint64_t identity);

struct RenderCameraSetup {
    std::uint64_t seed = 1;   // of light, clothes, hands and noise
    double difficulty = 0.3;  // of light, pose and looks, 0 to 1: people::random_shot()
    int width = 640;          // pixels, 64 to 4096
    int height = 480;
    Duration interval = std::chrono::milliseconds(100);
    // Of a loose contact: the probability, a frame, that none comes, or the one before again.
    double dropped = 0;
    double frozen = 0;
};

// Permitted faults: the camera's cable, the power of the site, what somebody has put in its place,
// and those of the setup.
class RenderCamera final : public hal::Camera {
public:
    // `world` and `clock` outlive the camera. Throws people::RenderError for an impossible setup.
    RenderCamera(const World& world, SiteId site, const VirtualClock& clock,
                 RenderCameraSetup setup = {});
    ~RenderCamera() override;
    RenderCamera(const RenderCamera&) = delete;
    RenderCamera& operator=(const RenderCamera&) = delete;

    [[nodiscard]] Result<void> start() override;
    void stop() override;
    [[nodiscard]] Result<std::optional<hal::Frame>> poll() override;
    [[nodiscard]] const hal::CameraIdentity& identity() const override;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace strongroom::sim
