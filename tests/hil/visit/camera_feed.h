// What stands before the kernel's virtual camera: pictures of the film go out of its output, which
// the kernel loops to its input, where strongroom-door finds a camera like any other.
//
// A thread of its own feeds it; members may be called from one other thread. Throws
// std::runtime_error when there is no such camera, or the kernel does not oblige.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "film.h"

namespace strongroom::test {

class CameraFeed {
public:
    // Why there is no camera with an output here; empty when there is.
    [[nodiscard]] static std::string absent();

    // `folder`: of make_film(). Shows "nobody".
    explicit CameraFeed(const std::filesystem::path& folder);
    ~CameraFeed();
    CameraFeed(const CameraFeed&) = delete;
    CameraFeed& operator=(const CameraFeed&) = delete;

    // Where the door finds the camera: "/dev/videoN".
    [[nodiscard]] std::string device() const;
    // From now on, to and fro.
    void show(const std::string& scene);
    // Once from beginning to end; then what is shown goes on.
    void perform(const std::string& scene);

private:
    struct Output;
    void feed();
    [[nodiscard]] std::size_t next_picture();

    Scenes scenes_;
    std::unique_ptr<Output> output_;
    const std::uint8_t* film_ = nullptr;
    std::size_t film_size_ = 0;
    std::mutex mutex_;  // the three below
    Scene shown_;
    std::size_t at_ = 0;  // pictures since it is shown
    Scene once_;          // what is left of it
    std::uint64_t pictures_ = 0;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

}  // namespace strongroom::test
