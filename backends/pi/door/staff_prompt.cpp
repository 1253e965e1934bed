#include "staff_prompt.h"

#include <iostream>

#include <termios.h>
#include <unistd.h>

#include "pi/commands/open_store.h"

namespace strongroom::door {

namespace {

// While it lives, what is typed is not shown.
class Unseen {
public:
    Unseen() : terminal_(::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!terminal_) return;
        termios unseen = before_;
        unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;
    ~Unseen() {
        if (!terminal_) return;
        (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        std::cerr << "\n";
    }

private:
    termios before_{};
    bool terminal_;
};

}  // namespace

std::string ask(const std::string& question) {
    std::cerr << question << ": " << std::flush;
    std::string line;
    if (!std::getline(std::cin, line)) {
        throw pi::InputError("the input ended where '" + question + "' was asked for");
    }
    return line;
}

Secret ask_password(const std::string& question) {
    const Unseen unseen;
    std::string line = ask(question);
    Secret password{std::string_view(line)};
    wipe(std::as_writable_bytes(std::span(line)));
    return password;
}

}  // namespace strongroom::door
