// Lines of the standard input, without waiting for them: for commands that go on by themselves and
// are steered by what somebody types. One thread.
#pragma once

#include <array>
#include <cerrno>
#include <string>

#include <poll.h>
#include <unistd.h>

namespace strongroom::cli {

class TypedLines {
public:
    // To wait on; -1 once the input has ended, which is no wish to stop: a service has none.
    [[nodiscard]] int descriptor() const { return descriptor_; }

    // Calls `each` with every whole line that has come; false at its first "no".
    template <class Each>
    bool take(Each each) {
        for (pollfd waited{descriptor_, POLLIN, 0};
             descriptor_ >= 0 && ::poll(&waited, 1, 0) > 0;) {
            std::array<char, 256> part{};
            const ssize_t got = ::read(descriptor_, part.data(), part.size());
            if (got > 0) text_.append(part.data(), static_cast<std::size_t>(got));
            if (got == 0 || (got < 0 && errno != EINTR)) descriptor_ = -1;
        }
        for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
            const std::string line = text_.substr(0, end);
            text_.erase(0, end + 1);
            if (!each(line)) return false;
        }
        return true;
    }

private:
    int descriptor_ = STDIN_FILENO;
    std::string text_;
};

}  // namespace strongroom::cli
