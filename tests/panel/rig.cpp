#include "rig.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catch.h"

namespace strongroom::test {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

// So long that a machine under load gets there; nothing is measured by it.
constexpr std::chrono::seconds patience{60};
constexpr std::chrono::milliseconds look_again{30};

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// Starts a program that is found on PATH; -1: there is none. `out` and `err` are descriptors, or -1
// for nowhere.
int start(const std::vector<std::string>& words, const std::vector<std::string>& environment,
          int out, int err) {
    std::vector<std::string> copies = words;
    std::vector<char*> argv;
    for (std::string& word : copies) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::vector<std::string> variables = environment;
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
        if (const char* value = std::getenv(name)) {
            variables.push_back(std::string(name) + "=" + value);
        }
    }
    std::vector<char*> envp;
    for (std::string& variable : variables) envp.push_back(variable.data());
    envp.push_back(nullptr);
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    posix_spawn_file_actions_t actions;
    REQUIRE(::posix_spawn_file_actions_init(&actions) == 0);
    ::posix_spawn_file_actions_adddup2(&actions, nowhere, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out < 0 ? nowhere : out, 1);
    ::posix_spawn_file_actions_adddup2(&actions, err < 0 ? nowhere : err, 2);
    pid_t child = -1;
    const int failed =
        ::posix_spawnp(&child, words.front().c_str(), &actions, nullptr, argv.data(), envp.data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(nowhere);
    return failed == 0 ? child : -1;
}

int status_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool on_path(const std::string& program) {
    std::istringstream folders("/usr/bin:/bin:/usr/local/bin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
    }
    return false;
}

std::vector<std::string> environment(const std::string& display, const fs::path& config) {
    std::vector<std::string> variables{
        "PATH=/usr/bin:/bin:/usr/local/bin", "HOME=" + config.string(),
        "XDG_CONFIG_HOME=" + config.string(), "LIBGL_ALWAYS_SOFTWARE=1"};
    if (!display.empty()) variables.push_back("DISPLAY=" + display);
    return variables;
}

}  // namespace

std::optional<Display> Display::open() {
    for (const char* program : {"Xvfb", "xdotool"}) {
        if (on_path(program)) continue;
        std::cout << "SKIPPED: " << program << " is not installed\n";
        return std::nullopt;
    }
    // The server picks a display that is free, and says which.
    std::array<int, 2> said{};
    REQUIRE(::pipe2(said.data(), O_CLOEXEC) == 0);
    const int process = start(
        {"Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"},
        {"PATH=/usr/bin:/bin"}, said[1], -1);
    ::close(said[1]);
    REQUIRE(process > 0);
    std::string number;
    for (char letter = 0; ::read(said[0], &letter, 1) == 1 && letter != '\n';) number += letter;
    ::close(said[0]);
    REQUIRE_FALSE(number.empty());
    return Display(process, ":" + number);
}

Display::Display(Display&& other) noexcept
    : process_(std::exchange(other.process_, 0)), name_(std::move(other.name_)) {}

void Display::close() {
    if (process_ == 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
}

Display::~Display() { close(); }

PanelProgram::PanelProgram(const std::string& display, const fs::path& config,
                           std::vector<std::string> arguments)
    : display_(display) {
    std::vector<std::string> words{STRONGROOM_PROGRAM, "panel", "--labels",
                                   (folder_.path() / "labels.json").string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const auto file = [&](const char* name) {
        return ::open((folder_.path() / name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    };
    const int out = file("out");
    const int err = file("err");
    process_ = start(words, environment(display, config), out, err);
    ::close(out);
    ::close(err);
    REQUIRE(process_ > 0);
}

PanelProgram::~PanelProgram() {
    if (status_) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

std::optional<nlohmann::json> PanelProgram::labels() const {
    const std::string text = read_file(folder_.path() / "labels.json");
    if (text.empty()) return std::nullopt;
    return nlohmann::json::parse(text);
}

std::string PanelProgram::view() const {
    const auto json = labels();
    return json ? (*json)["view"].get<std::string>() : std::string();
}

std::vector<Seen> PanelProgram::controls() const {
    const auto json = labels();
    std::vector<Seen> all;
    if (!json) return all;
    int uppermost = 0;
    for (const auto& one : (*json)["controls"]) {
        Seen seen{one["view"],    one["group"],   one["label"], one["kind"],   one["value"],
                  one["x"],       one["y"],       one["width"], one["height"], one["enabled"],
                  one["visible"], one["focused"], one["layer"]};
        uppermost = std::max(uppermost, seen.layer);
        all.push_back(std::move(seen));
    }
    std::erase_if(all, [uppermost](const Seen& seen) { return seen.layer != uppermost; });
    return all;
}

std::optional<Seen> PanelProgram::find(const std::string& label, const std::string& group) const {
    for (const Seen& seen : controls()) {
        if (seen.label == label && (group.empty() || seen.group == group)) return seen;
    }
    return std::nullopt;
}

void PanelProgram::await_that(const std::string& what, const std::function<bool()>& holds) const {
    const auto end = Clock::now() + patience;
    bool held = holds();
    while (!held && Clock::now() < end && ::kill(process_, 0) == 0) {
        std::this_thread::sleep_for(look_again);
        held = holds();
    }
    INFO("waited for: " << what << "\n" << errors());
    REQUIRE(held);
}

Seen PanelProgram::await(const std::string& label, const std::string& group) const {
    std::optional<Seen> before;
    std::optional<Seen> now;
    int still = 0;
    // It must stand for longer than the file of labels takes to follow.
    await_that(label, [&] {
        before = std::exchange(now, find(label, group));
        const bool same = before && now && now->enabled && now->visible && before->x == now->x &&
                          before->y == now->y;
        still = same ? still + 1 : 0;
        return still >= 5;
    });
    return *now;
}

void PanelProgram::pointer(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words{"xdotool"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const int process = start(words, {"PATH=/usr/bin:/bin", "DISPLAY=" + display_}, -1, -1);
    REQUIRE(process > 0);
    int status = 0;
    REQUIRE(::waitpid(process, &status, 0) == process);
    REQUIRE(status_of(status) == 0);
}

void PanelProgram::click(const std::string& label, const std::string& group) const {
    const Seen seen = await(label, group);
    // A person points first, and presses for a moment.
    pointer({"mousemove", std::to_string(seen.x + seen.width / 2),
             std::to_string(seen.y + seen.height / 2), "sleep", "0.1", "mousedown", "1", "sleep",
             "0.1", "mouseup", "1"});
}

void PanelProgram::key(const std::string& keys) const { pointer({"key", "--delay", "60", keys}); }

void PanelProgram::type(const std::string& text) const { pointer({"type", "--delay", "60", text}); }

int PanelProgram::wait() {
    if (status_) return *status_;
    int status = 0;
    const auto end = Clock::now() + patience;
    int ended = 0;
    while ((ended = ::waitpid(process_, &status, WNOHANG)) == 0 && Clock::now() < end) {
        std::this_thread::sleep_for(look_again);
    }
    INFO(errors());
    REQUIRE(ended == process_);
    status_ = status_of(status);
    return *status_;
}

std::string PanelProgram::output() const { return read_file(folder_.path() / "out"); }
std::string PanelProgram::errors() const { return read_file(folder_.path() / "err"); }

PanelAnswer run_panel(const std::string& display, const std::vector<std::string>& arguments) {
    const sim::TemporaryFolder config;
    PanelProgram program(display, config.path(), arguments);
    PanelAnswer answer;
    answer.status = program.wait();
    answer.out = program.output();
    answer.err = program.errors();
    return answer;
}

}  // namespace strongroom::test
