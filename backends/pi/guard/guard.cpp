#include "pi/guard.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <ctime>

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "pi/service_manager.h"
#include "unix_socket.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;

// One line of the journal: what was done, and for whom. From the stack, in one write.
[[gnu::format(printf, 1, 2)]] void record(const char* format, ...) noexcept {
    std::array<char, 200> text{};
    va_list values;
    va_start(values, format);
    const int length = std::vsnprintf(text.data(), text.size() - 1, format, values);
    va_end(values);
    if (length <= 0) return;
    const auto size = std::min(static_cast<std::size_t>(length), text.size() - 2);
    text.at(size) = '\n';
    static_cast<void>(!::write(STDERR_FILENO, text.data(), size + 1));
}

// Should this loop itself not come back from a call, the kernel ends the process a second after the
// longest pulse (SIGALRM); then the line is given back and systemd starts a guard that locks it.
void arm_backstop(Duration max_hold) noexcept {
    itimerval timer{};
    timer.it_value.tv_sec = milliseconds(max_hold) / 1000 + 2;
    static_cast<void>(::setitimer(ITIMER_REAL, &timer, nullptr));
}

void disarm_backstop() noexcept {
    const itimerval off{};
    static_cast<void>(::setitimer(ITIMER_REAL, &off, nullptr));
}

}  // namespace

Guard::Guard(GuardConfig config, GuardedLine& line)
    : config_(std::move(config)), line_(line), rules_(config_.max_hold, line, *this) {
    if (!config_.watchdog.empty()) watchdog_.emplace(config_.watchdog, config_.watchdog_timeout);
    try {
        // The last thing: who sees the socket is served at once. Whom the kernel names decides, not
        // the file's mode: another user need not share a group.
        listener_ = listen_at(config_.socket, config_.client.has_value());
    } catch (const GuardError&) {
        if (watchdog_) watchdog_->disarm();
        throw;
    }
}

Guard::~Guard() {
    static_cast<void>(line_.set(false));
    disarm_backstop();
    if (controller_ >= 0) ::close(controller_);
    ::close(listener_);
    ::unlink(config_.socket.c_str());
}

Guard::End Guard::run(int stop) noexcept {
    record("guard: ready, locked, pulses of %lld ms at most",
           static_cast<long long>(milliseconds(config_.max_hold)));
    notify_service_manager("READY=1");
    while (!rules_.lost()) {
        rules_.handle_deadline(now());
        if (rules_.lost()) break;
        const Duration sleep = std::max(rules_.next_deadline() - now(), Duration::zero());
        const timespec wait{static_cast<time_t>(sleep / 1s),
                            static_cast<long>((sleep % 1s).count())};
        // A second one that wants to talk waits in the queue until it has been told to go.
        std::array<pollfd, 3> watched{
            {{stop, POLLIN, 0}, {listener_, POLLIN, 0}, {controller_, POLLIN, 0}}};
        const int woken = ::ppoll(watched.data(), watched.size(), &wait, nullptr);
        rules_.handle_deadline(now());
        if (woken <= 0) continue;
        if (watched[0].revents != 0) {
            if (!rules_.stop()) break;
            notify_service_manager("STOPPING=1");
            if (watchdog_) watchdog_->disarm();
            return End::asked;
        }
        if (watched[2].revents != 0) serve_controller();
        if (watched[1].revents != 0) accept_controller();
    }
    record("guard: the line does not obey (its chip is gone, or it reads other than it was told)");
    return End::line_lost;
}

// ---- beside the line -----------------------------------------------------------------------

void Guard::before_release(Duration max_hold) noexcept { arm_backstop(max_hold); }

void Guard::released(Duration hold) noexcept {
    record("guard: released for %lld ms, asked by process %d",
           static_cast<long long>(milliseconds(hold)), controller_process_);
}

void Guard::locked(Why why, bool pulsing) noexcept {
    static constexpr std::array<const char*, 5> words{
        "the pulse is over", "asked by the controller", "the controller is gone", "stopping",
        "the line does not obey"};
    disarm_backstop();
    if (pulsing) record("guard: locked: %s", words.at(static_cast<std::size_t>(why)));
}

void Guard::healthy() noexcept {
    if (watchdog_) watchdog_->feed();
    notify_service_manager("WATCHDOG=1");
}

// ---- the controller ------------------------------------------------------------------------

void Guard::accept_controller() noexcept {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) return;
    const Peer peer = peer_of(socket);
    const bool allowed = peer.known && (peer.user == 0 || peer.user == ::geteuid() ||
                                        (config_.client && peer.user == *config_.client));
    if (!allowed || controller_ >= 0) {
        record("guard: refused process %d of user %u: %s", peer.process, peer.user,
               allowed ? "another controller is connected" : "not allowed (--client)");
        GuardAnswer answer;
        answer.error = static_cast<std::uint32_t>(allowed ? Errc::busy : Errc::denied);
        static_cast<void>(::send(socket, &answer, sizeof answer, MSG_NOSIGNAL));
        ::close(socket);
        return;
    }
    controller_ = socket;
    controller_process_ = peer.process;
    record("guard: controller is process %d of user %u", peer.process, peer.user);
}

void Guard::drop_controller() noexcept {
    ::close(controller_);
    controller_ = -1;
    rules_.controller_gone();
}

void Guard::serve_controller() noexcept {
    GuardQuestion question;
    const ssize_t got = ::recv(controller_, &question, sizeof question, MSG_TRUNC);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got != static_cast<ssize_t>(sizeof question) || question.magic != guard_magic) {
        record(got > 0 ? "guard: process %d does not speak this guard's protocol"
                       : "guard: process %d has gone",
               controller_process_);
        return drop_controller();
    }
    const GuardAnswer answer = rules_.answer(now(), question);
    const ssize_t sent = ::send(controller_, &answer, sizeof answer, MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(sizeof answer)) drop_controller();
}

Instant Guard::now() noexcept {
    timespec time{};
    static_cast<void>(::clock_gettime(CLOCK_MONOTONIC, &time));
    return Instant(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace strongroom::pi
