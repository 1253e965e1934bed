#include "pi/support/guard_process.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace strongroom::test {
namespace {

using namespace std::chrono_literals;

[[nodiscard]] std::vector<std::string> arguments_for(const pi::GpioLineConfig& line) {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    std::vector<std::string> all{(self.parent_path() / "strongroom-guard").string(), "--line",
                                 line.offset ? std::to_string(*line.offset) : line.name};
    if (!line.chip.empty()) all.insert(all.end(), {"--chip", line.chip});
    if (line.active_low) all.emplace_back("--active-low");
    return all;
}

[[nodiscard]] pid_t spawn(const std::vector<std::string>& arguments) {
    std::vector<char*> raw;
    raw.reserve(arguments.size() + 1);
    for (const std::string& argument : arguments)
        raw.push_back(const_cast<char*>(argument.c_str()));
    raw.push_back(nullptr);
    const pid_t process = ::fork();
    if (process < 0) throw std::runtime_error("no process");
    if (process == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::execv(raw[0], raw.data());
        ::_exit(127);
    }
    return process;
}

}  // namespace

GuardProcess::GuardProcess(const pi::GpioLineConfig& line, Duration max_hold,
                           const std::vector<std::string>& more)
    : arguments_(arguments_for(line)) {
    const char* place = std::getenv("TMPDIR");
    folder_ = std::string(place != nullptr ? place : "/tmp") + "/strongroom-guard-XXXXXX";
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no folder");
    arguments_.insert(arguments_.end(), {"--socket", socket(), "--max-hold-ms",
                                         std::to_string(milliseconds(max_hold))});
    arguments_.insert(arguments_.end(), more.begin(), more.end());
    start();
}

GuardProcess::~GuardProcess() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string GuardProcess::socket() const { return folder_ + "/guard.sock"; }

bool GuardProcess::alive() const {
    if (process_ > 0 && ::waitpid(process_, nullptr, WNOHANG) == process_) process_ = -1;
    return process_ > 0;
}

void GuardProcess::start() {
    if (alive()) return;
    std::filesystem::remove(socket());
    process_ = spawn(arguments_);
    for (int i = 0; i < 20000 && alive(); ++i) {
        if (std::filesystem::exists(socket())) return;
        std::this_thread::sleep_for(1ms);
    }
    throw std::runtime_error("strongroom-guard does not start");
}

void GuardProcess::stop() { end_by(SIGTERM); }
void GuardProcess::kill() { end_by(SIGKILL); }

void GuardProcess::end_by(int signal) {
    if (!alive()) return;
    ::kill(process_, signal);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
}

int GuardProcess::run_once(const pi::GpioLineConfig& line, const std::vector<std::string>& more) {
    auto arguments = arguments_for(line);
    arguments.insert(arguments.end(), more.begin(), more.end());
    int status = 0;
    ::waitpid(spawn(arguments), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace strongroom::test
