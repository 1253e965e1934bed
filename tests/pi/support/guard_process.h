// strongroom-guard as a process of its own, as systemd starts it.
//
// One thread at a time. The program is looked for beside this one.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "base/time.h"
#include "pi/gpio_line.h"

namespace strongroom::test {

class GuardProcess {
public:
    // Started, and listening. Throws std::runtime_error.
    GuardProcess(const pi::GpioLineConfig& line, Duration max_hold,
                 const std::vector<std::string>& more = {});
    GuardProcess(const GuardProcess&) = delete;
    GuardProcess& operator=(const GuardProcess&) = delete;
    ~GuardProcess();  // stopped in order

    [[nodiscard]] std::string socket() const;
    [[nodiscard]] bool alive() const;
    void start();
    void stop();  // SIGTERM, and waits for the end
    void kill();  // SIGKILL

    // Its exit status.
    [[nodiscard]] static int run_once(const pi::GpioLineConfig& line,
                                      const std::vector<std::string>& more);

private:
    void end_by(int signal);
    std::string folder_;
    std::vector<std::string> arguments_;
    mutable pid_t process_ = -1;
};

}  // namespace strongroom::test
