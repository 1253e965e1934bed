// A door in the virtual machine: simulated lines, camera, keypad and screen, the guard and
// strongroom-door as processes, an SMS provider on the loopback address, and who stands there.
//
// What the kernel's gpio-sim says of the relay's line is the witness: neither libgpiod nor any code
// of the door is asked. One thread uses it. Throws std::runtime_error.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "base/time.h"
#include "camera_feed.h"
#include "pi/support/gpio_sim.h"
#include "pi/support/guard_process.h"
#include "pi/support/virtual_keypad.h"
#include "sms_provider/server.h"

namespace strongroom::test {

// A moment at which the relay's line was seen to change. Monotonic time.
struct Edge {
    Instant at;
    bool high = false;
};

class DoorSite {
public:
    // Why there can be none here; empty when there can.
    [[nodiscard]] static std::string absent();

    // `material`: of visit_material.
    explicit DoorSite(const std::filesystem::path& material);
    ~DoorSite();
    DoorSite(const DoorSite&) = delete;
    DoorSite& operator=(const DoorSite&) = delete;

    [[nodiscard]] CameraFeed& camera() { return camera_; }
    [[nodiscard]] GpioSim& lines() { return lines_; }
    [[nodiscard]] GuardProcess& guard() { return *guard_; }
    [[nodiscard]] pi::GpioLineConfig bolt_contact() const;  // the line of the bolt's contact

    struct Answer {
        int status = -1;
        std::string text;  // of both streams
    };
    // strongroom-door with these words, to its end; `typed` is its standard input.
    Answer run(const std::vector<std::string>& words, const std::string& typed = {});

    // strongroom-door serve, until it has told its service manager that it is ready. What it says
    // goes to standard output.
    struct Started {
        Duration took{};                // from its start
        std::int64_t resident_kib = 0;  // then
    };
    Started serve();
    [[nodiscard]] bool serving() const { return door_ > 0; }
    [[nodiscard]] std::int64_t resident_kib() const;  // VmRSS
    [[nodiscard]] std::int64_t peak_kib() const;      // VmHWM
    // Its exit status; -signal when a signal ended it.
    int stop();
    int kill();

    // ---- who stands there ---------------------------------------------------------------------
    void type(const std::string& keys);  // digits, '*', '\n' (enter), '-' (cancel)
    void turn_key(bool turned);
    void open_door(bool open);
    // The words on the screen.
    [[nodiscard]] std::string screen();
    // The digits of the newest message to her phone that came after this many; empty: none yet.
    [[nodiscard]] std::string code_after(std::size_t messages) const;
    [[nodiscard]] std::size_t messages() const { return provider_->taken().size(); }

    // ---- the witness --------------------------------------------------------------------------
    [[nodiscard]] bool released() const;  // the relay's line, now
    [[nodiscard]] std::vector<Edge> edges() const;

    [[nodiscard]] static Instant now();

private:
    void configure(const std::filesystem::path& material);
    void follow_bolt();
    pid_t start(const std::vector<std::string>& words, int input, int output);
    int wait_for_end();

    std::filesystem::path folder_;
    GpioSim lines_;
    std::unique_ptr<GuardProcess> guard_;
    VirtualKeypad keypad_;
    CameraFeed camera_;
    sms_provider::Authority authority_;
    std::unique_ptr<sms_provider::Server> provider_;
    int screen_ = -1;        // the pseudo-terminal's master
    int screen_slave_ = -1;  // kept open, so that what is shown stays
    std::string shown_;      // since the screen was last cleared
    int manager_ = -1;       // where the door reports to
    pid_t door_ = -1;
    mutable std::mutex mutex_;
    std::vector<Edge> edges_;
    std::atomic<bool> stop_ = false;
    std::thread bolt_;
};

}  // namespace strongroom::test
