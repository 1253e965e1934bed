#include "pi/guard_client.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guard_protocol.h"
#include "guard_socket.h"

namespace strongroom::pi {
namespace {

constexpr auto answer_within = std::chrono::milliseconds(100);
// While a program is composed it may wait: the guard may have been started a moment before.
constexpr auto first_answer_within = std::chrono::seconds(3);

[[nodiscard]] std::string remedy_for(const Error& error) {
    switch (error.vendor_code) {
        case ENOENT:
        case ECONNREFUSED:
            return "is strongroom-guard running? (systemctl status strongroom-guard)";
        case EACCES:
            return "this user may not talk to the guard: add it to the group that owns the socket";
        default: break;
    }
    if (error.code == Errc::denied) return "start the guard with --client and this user's name";
    if (error.code == Errc::busy) return "another controller talks to the guard: end it first";
    if (error.code == Errc::disconnected) return "it hangs; restart strongroom-guard";
    return "guard and controller must be of the same version";
}

}  // namespace

GuardClient::GuardClient(std::string socket) : path_(std::move(socket)) {
    if (const auto connected = connect(first_answer_within); !connected) {
        const Error error = connected.error();
        std::string text = path_ + ": the guard of the strike does not answer";
        if (error.vendor_code != 0) {
            text += " (" + std::generic_category().message(error.vendor_code) + ")";
        }
        throw GuardError(text + ": " + remedy_for(error));
    }
}

GuardClient::~GuardClient() {
    // Asked, so that it is done before the next line of whoever destroys this; should that fail,
    // hanging up does it.
    if (socket_ >= 0)
        static_cast<void>(ask(static_cast<std::uint32_t>(GuardAsk::lock), {}, answer_within));
    hang_up();
}

void GuardClient::hang_up() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

Result<void> GuardClient::connect(Duration patience) {
    // A guard that has ended meanwhile may have a successor.
    pollfd other_end{socket_, 0, 0};
    if (socket_ >= 0 && ::poll(&other_end, 1, 0) == 1) hang_up();
    if (socket_ >= 0) return {};
    const int socket = connect_to(path_);
    if (socket < 0) return fail(Errc::disconnected, -socket);
    socket_ = socket;
    return ask(static_cast<std::uint32_t>(GuardAsk::hello), {}, patience);
}

Result<void> GuardClient::ask(std::uint32_t what, Duration hold, Duration patience) {
    GuardQuestion question;
    question.ask = static_cast<GuardAsk>(what);
    question.number = ++number_;
    question.hold = hold.count();
    GuardAnswer answer;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    int number = 0;
    if (::send(socket_, &question, sizeof question, MSG_NOSIGNAL) !=
        static_cast<ssize_t>(sizeof question)) {
        // It may have said why before it hung up.
        number = errno;
    }
    const auto left = [&] {
        const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        return static_cast<int>(std::max<std::int64_t>(rest.count(), 0));
    };
    pollfd readable{socket_, POLLIN, 0};
    const auto receive = [&] {
        return ::recv(socket_, &answer, sizeof answer, MSG_DONTWAIT | MSG_TRUNC);
    };
    ssize_t got = ::poll(&readable, 1, left()) == 1 ? receive() : -1;
    // A guard that turned this process away before it read the question: its answer stands behind
    // the error.
    if (got < 0 && errno == ECONNRESET) got = receive();
    const bool came = got == static_cast<ssize_t>(sizeof answer) && answer.magic == guard_magic;
    if (!came) {
        // Whether it was done is unknown: hanging up makes the guard lock.
        hang_up();
        return fail(Errc::disconnected, number);
    }
    const bool mine = answer.number == question.number;
    if (mine && answer.done == 1) {
        max_hold_ = Duration(answer.max_hold);
        return {};
    }
    if (!mine) hang_up();  // turned away
    if (answer.error > static_cast<std::uint32_t>(Errc::exhausted)) return fail(Errc::corrupt);
    return fail(static_cast<Errc>(answer.error), answer.vendor_code);
}

Result<void> GuardClient::pulse(Duration hold) {
    // What is wrong with the argument is wrong without a guard, too.
    if (hold <= Duration::zero() || hold > max_hold_) return fail(Errc::out_of_range);
    if (!connect(answer_within)) return fail(Errc::disconnected);
    return ask(static_cast<std::uint32_t>(GuardAsk::pulse), hold, answer_within);
}

Result<void> GuardClient::lock() {
    if (!connect(answer_within)) return fail(Errc::disconnected);
    return ask(static_cast<std::uint32_t>(GuardAsk::lock), {}, answer_within);
}

}  // namespace strongroom::pi
