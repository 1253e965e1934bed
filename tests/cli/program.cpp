#include "program.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catch.h"

namespace strongroom::test {

namespace fs = std::filesystem;

namespace {

int status_of(int child) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int open_file(const fs::path& file, int flags) {
    const int descriptor = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
    REQUIRE(descriptor >= 0);
    return descriptor;
}

constexpr int writing = O_WRONLY | O_CREAT | O_TRUNC;

// Whether the process has a handler of its own for Ctrl-C; none: it has ended.
std::optional<bool> handles_interrupts(int process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    const std::string caught = "SigCgt:";
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("State:", 0) == 0 && line.find('Z') != std::string::npos) break;
        if (line.rfind(caught, 0) != 0) continue;
        const std::uint64_t mask = std::stoull(line.substr(caught.size()), nullptr, 16);
        return ((mask >> (SIGINT - 1)) & 1U) != 0;
    }
    return std::nullopt;
}

// The digits after "code is ", once all of them are there.
std::string code_in(const std::string& text) {
    const std::string before = "code is ";
    const auto at = text.find(before);
    if (at == std::string::npos) return {};
    const auto end = text.find('.', at);
    if (end == std::string::npos) return {};
    return text.substr(at + before.size(), end - at - before.size());
}

}  // namespace

int Program::start(const std::vector<std::string>& arguments, int in, int out, int err) const {
    std::vector<std::string> words{STRONGROOM_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> environment{"PATH=/usr/bin:/bin", "TERM=xterm",
                                         "HOME=" + folder().string(),
                                         "STRONGROOM_HOME=" + home().string()};
    if (!models_.empty()) environment.push_back("STRONGROOM_MODELS=" + models_.string());
    // A sanitizer that is told how to behave must go on behaving so.
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
        if (const char* value = std::getenv(name)) {
            environment.push_back(std::string(name) + "=" + value);
        }
    }
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::vector<char*> envp;
    for (std::string& variable : environment) envp.push_back(variable.data());
    envp.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    REQUIRE(::posix_spawn_file_actions_init(&actions) == 0);
    REQUIRE(::posix_spawn_file_actions_adddup2(&actions, in, 0) == 0);
    REQUIRE(::posix_spawn_file_actions_adddup2(&actions, out, 1) == 0);
    REQUIRE(::posix_spawn_file_actions_adddup2(&actions, err, 2) == 0);
    pid_t child = 0;
    const int failed =
        ::posix_spawn(&child, STRONGROOM_PROGRAM, &actions, nullptr, argv.data(), envp.data());
    ::posix_spawn_file_actions_destroy(&actions);
    REQUIRE(failed == 0);
    return child;
}

Answer Program::run(const std::vector<std::string>& arguments, const std::string& input) const {
    const fs::path typed = write("typed", input);
    const int in = open_file(typed, O_RDONLY);
    const int out = open_file(folder() / "out", writing);
    const int err = open_file(folder() / "err", writing);
    Answer answer;
    answer.status = status_of(start(arguments, in, out, err));
    for (const int descriptor : {in, out, err}) ::close(descriptor);
    answer.out = read_file(folder() / "out");
    answer.err = read_file(folder() / "err");
    return answer;
}

Answer Program::run_as_phone_owner(const std::vector<std::string>& arguments) const {
    std::array<int, 2> typed{};
    std::array<int, 2> shown{};
    REQUIRE(::pipe2(typed.data(), O_CLOEXEC) == 0);
    REQUIRE(::pipe2(shown.data(), O_CLOEXEC) == 0);
    const int err = open_file(folder() / "err", writing);
    const int child = start(arguments, typed[0], shown[1], err);
    for (const int descriptor : {typed[0], shown[1], err}) ::close(descriptor);
    Answer answer;
    bool answered = false;
    std::array<char, 4096> part{};
    for (ssize_t size = 0; (size = ::read(shown[0], part.data(), part.size())) > 0;) {
        answer.out.append(part.data(), static_cast<std::size_t>(size));
        const std::string code = code_in(answer.out);
        if (answered || code.empty()) continue;
        const std::string text = code + "\n\n";
        answered = ::write(typed[1], text.data(), text.size()) > 0;
    }
    ::close(shown[0]);
    ::close(typed[1]);
    answer.status = status_of(child);
    answer.err = read_file(folder() / "err");
    return answer;
}

Answer Program::run_interrupted(const std::vector<std::string>& arguments) const {
    const int in = open_file("/dev/null", O_RDONLY);
    const int out = open_file(folder() / "out", writing);
    const int err = open_file(folder() / "err", writing);
    const int child = start(arguments, in, out, err);
    auto handled = handles_interrupts(child);
    for (; handled && !*handled; handled = handles_interrupts(child)) ::sched_yield();
    if (handled) ::kill(child, SIGINT);
    Answer answer;
    answer.status = status_of(child);
    for (const int descriptor : {in, out, err}) ::close(descriptor);
    answer.out = read_file(folder() / "out");
    answer.err = read_file(folder() / "err");
    INFO(answer.err);
    REQUIRE(handled);
    return answer;
}

void Program::enrol() const {
    const Answer answer = run({"enroll", "--name", "Ada", "--phone", "+15550100142", "--locker",
                               "12", "--customer", "1", "--simulated"});
    INFO(answer.err);
    REQUIRE(answer.status == 0);
}

Answer Program::visit(std::vector<std::string> more) const {
    more.insert(more.begin(), {"visit", "--customer", "1", "--locker", "12"});
    return run(more);
}

std::optional<fs::path> data(const std::string& inside) {
    fs::path root;
    if (const char* named = std::getenv("STRONGROOM_DATA"); named != nullptr && *named != '\0') {
        root = named;
    } else if (const char* source = std::getenv("STRONGROOM_SOURCE_DIR")) {
        root = fs::path(source) / "../shared";
    }
    std::error_code error;
    const fs::path folder = fs::weakly_canonical(root / inside, error);
    if (!root.empty() && fs::is_directory(folder, error)) return folder;
    std::cout << "SKIPPED: no " << inside << " in STRONGROOM_DATA (" << root.string() << ")\n";
    return std::nullopt;
}

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

namespace {

struct Grey {
    std::size_t width = 0;
    std::size_t height = 0;
    std::string pixels;
};

Grey read_pgm(const fs::path& file) {
    std::istringstream in(read_file(file));
    std::string magic;
    Grey grey;
    int largest = 0;
    in >> magic >> grey.width >> grey.height >> largest;
    REQUIRE((magic == "P5" && largest == 255));
    in.get();
    grey.pixels.resize(grey.width * grey.height);
    in.read(grey.pixels.data(), static_cast<std::streamsize>(grey.pixels.size()));
    REQUIRE(in.good());
    return grey;
}

}  // namespace

void write_side_by_side(const std::vector<fs::path>& pictures, const fs::path& file) {
    std::vector<Grey> parts;
    std::size_t width = 0;
    for (const fs::path& picture : pictures) {
        parts.push_back(read_pgm(picture));
        REQUIRE(parts.back().height == parts.front().height);
        width += parts.back().width;
    }
    std::ofstream out(file, std::ios::binary);
    out << "P5 " << width << " " << parts.front().height << " 255\n";
    for (std::size_t row = 0; row < parts.front().height; ++row) {
        for (const Grey& part : parts) {
            out << part.pixels.substr(row * part.width, part.width);
        }
    }
    REQUIRE(out.good());
}

}  // namespace strongroom::test
