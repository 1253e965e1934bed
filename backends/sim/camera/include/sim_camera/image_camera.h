// Cameras at the level of images: pictures from files through the real face pipeline.
//
// ImageCamera shows a list of pictures one after the other. PeopleCamera shows whoever stands
// before the camera of a site in the World. Both keep time by a hal::Clock, virtual or real, and
// never block: pictures are decoded when they are loaded. One thread at a time, as hal::Camera
// says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "hal/camera.h"
#include "hal/clock.h"
#include "sim/world.h"

namespace strongroom::sim {

// Names the file, what is wrong with it, and what to do.
class ImageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Decodes the pictures, each upright, bgr8, with a long side of 2048 at most. Throws ImageError for
// the first that is not there, unreadable, empty, no image, damaged, or too large; for an empty
// list; and when all together take more than a gibibyte.
[[nodiscard]] std::vector<hal::Frame> load_images(std::span<const std::filesystem::path> files);

// The pictures of a folder by their names' endings (jpg, jpeg, png, bmp, pgm, ppm, pnm), sorted by
// name; not of folders within it. Throws ImageError when it is no folder, or holds none.
[[nodiscard]] std::vector<std::filesystem::path> list_images(const std::filesystem::path& folder);

// A picture that shows nobody: an even grey with a gradient.
[[nodiscard]] hal::Frame empty_picture(int width = 640, int height = 480);

// When frames are due: one each `interval` from start() on.
class FrameTimer {
public:
    explicit FrameTimer(Duration interval);  // asserts > 0
    void start(Instant now);
    void stop() { running_ = false; }
    [[nodiscard]] bool running() const { return running_; }
    // The number of the newest frame that is due and was not taken yet, from 1 and rising over
    // restarts; frames in between are lost. None when there is none.
    [[nodiscard]] std::optional<std::uint64_t> take(Instant now);

private:
    Duration interval_;
    bool running_ = false;
    Instant started_{};
    std::uint64_t before_start_ = 0;
    std::uint64_t taken_ = 0;
};

class ImageCamera final : public hal::Camera {
public:
    enum class AtEnd : std::uint8_t { repeat, disconnect };
    // `clock` outlives the camera. Asserts that there are pictures. After the last one it begins
    // again, or answers `disconnected`, and start() begins again.
    ImageCamera(const hal::Clock& clock, std::vector<hal::Frame> pictures, Duration interval,
                AtEnd at_end = AtEnd::repeat);
    [[nodiscard]] Result<void> start() override;
    void stop() override;
    [[nodiscard]] Result<std::optional<hal::Frame>> poll() override;
    [[nodiscard]] const hal::CameraIdentity& identity() const override { return identity_; }

private:
    hal::CameraIdentity identity_{"strongroom-pictures", "files", {}};
    const hal::Clock& clock_;
    std::vector<hal::Frame> pictures_;
    AtEnd at_end_;
    FrameTimer timer_;
    std::uint64_t first_ = 0;  // number of the last frame before this start
    bool ended_ = false;
};

// Permitted faults: the camera's cable and the power of the site. Light, blur, distance and company
// are applied to the picture; who is turned away shows no face.
class PeopleCamera final : public hal::Camera {
public:
    // The pictures of each person's face; a person without pictures shows nobody.
    using Pictures = std::map<PersonId, std::vector<hal::Frame>>;
    // `world`, `clock` and `pictures` outlive the camera.
    PeopleCamera(const World& world, SiteId site, const hal::Clock& clock, const Pictures& pictures,
                 Duration interval = std::chrono::milliseconds(400));
    [[nodiscard]] Result<void> start() override;
    void stop() override;
    [[nodiscard]] Result<std::optional<hal::Frame>> poll() override;
    [[nodiscard]] const hal::CameraIdentity& identity() const override {
        return world_.camera_identity(site_);
    }

private:
    [[nodiscard]] hal::Frame picture(const Scene& scene, std::uint64_t number) const;

    const World& world_;
    SiteId site_;
    const hal::Clock& clock_;
    const Pictures& pictures_;
    hal::Frame nobody_;
    FrameTimer timer_;
    bool lost_ = false;
    std::uint32_t losses_ = 0;  // of the camera, when it was started
};

}  // namespace strongroom::sim
