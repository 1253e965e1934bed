#include "pi/support/remote_strike.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace strongroom::test {
namespace {

struct Question {
    char what;
    std::int64_t hold;
};

}  // namespace

struct RemoteStrike::Answer {
    bool ok = false;
    Error error{};
    std::int64_t value = 0;
};

namespace {

template <class AnswerType>
[[nodiscard]] AnswerType answer_to(const Question& question, std::unique_ptr<hal::Strike>& strike) {
    const auto done = [](const Result<void>& result) {
        return result ? AnswerType{true, {}, 0} : AnswerType{false, result.error(), 0};
    };
    switch (question.what) {
        case 'p': return done(strike->pulse(Duration(question.hold)));
        case 'l': return done(strike->lock());
        case 'm': return {true, {}, strike->max_hold().count()};
        case 's': {
            const auto sensed = strike->sense();
            if (!sensed) return {false, sensed.error(), 0};
            return {true, {}, static_cast<std::int64_t>(*sensed)};
        }
        default: strike.reset(); return {true, {}, 0};
    }
}

template <class AnswerType>
[[noreturn]] void serve(int socket, const std::function<std::unique_ptr<hal::Strike>()>& make) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
        std::unique_ptr<hal::Strike> strike = make();
        Question question{};
        while (::recv(socket, &question, sizeof question, 0) == sizeof question) {
            const auto answer = answer_to<AnswerType>(question, strike);
            if (::send(socket, &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer) break;
        }
    } catch (const std::exception& problem) {
        static_cast<void>(std::fprintf(stderr, "%s\n", problem.what()));
    }
    ::_exit(0);
}

}  // namespace

RemoteStrike::RemoteStrike(const std::function<std::unique_ptr<hal::Strike>()>& make) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw std::runtime_error("no socket pair");
    }
    child_ = ::fork();
    if (child_ < 0) throw std::runtime_error("no process");
    if (child_ == 0) {
        ::close(ends[0]);
        serve<Answer>(ends[1], make);
    }
    ::close(ends[1]);
    socket_ = ends[0];
    const Answer longest = ask('m');
    if (!longest.ok) throw std::runtime_error("the strike could not be made");
    max_hold_ = Duration(longest.value);
}

RemoteStrike::~RemoteStrike() {
    if (child_ > 0) {
        destroy();
        ::close(socket_);
        ::waitpid(child_, nullptr, 0);
    } else {
        ::close(socket_);
    }
}

RemoteStrike::Answer RemoteStrike::ask(char what, Duration hold) const {
    const Question question{what, hold.count()};
    Answer answer;
    if (::send(socket_, &question, sizeof question, MSG_NOSIGNAL) != sizeof question ||
        ::recv(socket_, &answer, sizeof answer, 0) != sizeof answer) {
        return {false, {Errc::disconnected, 0}, 0};
    }
    return answer;
}

Result<void> RemoteStrike::pulse(Duration hold) {
    const Answer answer = ask('p', hold);
    if (!answer.ok) return tl::unexpected(answer.error);
    return {};
}

Result<void> RemoteStrike::lock() {
    const Answer answer = ask('l');
    if (!answer.ok) return tl::unexpected(answer.error);
    return {};
}

Result<hal::BoltState> RemoteStrike::sense() {
    const Answer answer = ask('s');
    if (!answer.ok) return tl::unexpected(answer.error);
    return static_cast<hal::BoltState>(answer.value);
}

void RemoteStrike::destroy() { static_cast<void>(ask('d')); }

void RemoteStrike::kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
}

void RemoteStrike::freeze() { ::kill(child_, SIGSTOP); }

void RemoteStrike::thaw() { ::kill(child_, SIGCONT); }

}  // namespace strongroom::test
