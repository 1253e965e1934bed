// A door's files in a folder of the test's own, and strongroom-door over them.
#pragma once

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catch.h"

namespace strongroom::door::test {

namespace fs = std::filesystem;

struct Answer {
    int status = -1;
    std::string text;  // of both streams
};

inline std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

class Door {
public:
    explicit Door(const std::string& example = "raspberry-pi-4.yaml") {
        std::string name = (fs::temp_directory_path() / "strongroom-door-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
        fs::create_directories(folder_ / "etc" / "secrets");
        fs::permissions(folder_ / "etc" / "secrets", fs::perms::owner_all);
        const fs::path examples =
            fs::path(std::getenv("STRONGROOM_SOURCE_DIR")) / "backends/pi/examples";
        std::string text = text_of(examples / example);
        replace(text, "/var/lib/strongroom/", folder_.string() + "/store/");
        replace(text, "/var/lib/strongroom-anchor/", folder_.string() + "/anchor/");
        configure(text);
    }
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;
    ~Door() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    static void replace(std::string& text, const std::string& what, const std::string& by) {
        const std::size_t at = text.find(what);
        REQUIRE(at != std::string::npos);
        text.replace(at, what.size(), by);
    }
    void configure(const std::string& text) const { std::ofstream(config()) << text; }
    [[nodiscard]] fs::path config() const { return folder_ / "etc" / "strongroom.yaml"; }
    [[nodiscard]] const fs::path& folder() const { return folder_; }

    // `typed`: what is on the standard input. `meanwhile`: called again and again while the program
    // runs, with what it has said so far and with its id; takes a few milliseconds.
    using Meanwhile = std::function<void(const std::string& text, pid_t program)>;
    [[nodiscard]] Answer run(const std::string& words, const std::string& typed = {},
                             const Meanwhile& meanwhile = {}) const {
        const fs::path input = folder_ / "typed";
        std::ofstream(input) << typed;
        const std::string line = "exec " + std::string(STRONGROOM_DOOR) + " " + words +
                                 " --config " + config().string() + " < " + input.string() +
                                 " 2>&1";
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t program = ::fork();
        REQUIRE(program >= 0);
        if (program == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        if (meanwhile) ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
        Answer answer;
        std::array<char, 4096> part{};
        while (true) {
            const ssize_t count = ::read(ends[0], part.data(), part.size());
            if (count > 0) answer.text.append(part.data(), static_cast<std::size_t>(count));
            if (count == 0 || (count < 0 && errno != EAGAIN)) break;
            if (meanwhile) meanwhile(answer.text, program);
        }
        ::close(ends[0]);
        int status = 0;
        REQUIRE(::waitpid(program, &status, 0) == program);
        if (WIFEXITED(status)) answer.status = WEXITSTATUS(status);
        return answer;
    }

private:
    fs::path folder_;
};

inline const std::string two_people =
    "Carol\ncorrect horse battery\ncorrect horse battery\n"
    "Dave\nanother long sentence\nanother long sentence\n";

}  // namespace strongroom::door::test
