#include "remote.h"

#include <stdexcept>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace strongroom::test {
namespace {

constexpr int silence_max_ms = 30'000;

[[noreturn]] void cannot(const char* what) {
    throw std::runtime_error(std::string("kill test: cannot ") + what);
}

}  // namespace

Remote::Remote(const std::filesystem::path& directory, Serve serve, const KillPlan& plan)
    : serve_(std::move(serve)), plan_(plan), buffer_(message_max) {
    start(directory);
    serve_until_stepped();
}

Remote::~Remote() {
    if (alive()) kill_now();
}

void Remote::start(const std::filesystem::path& directory) {
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) cannot("make a socket");
    socket_ = ends[0];
    // Out of the way of the number that the victim's end gets, so that dup2 clears close-on-exec.
    const int theirs = fcntl(ends[1], F_DUPFD_CLOEXEC, victim_socket + 1);
    close(ends[1]);
    const auto program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "kill_victim";
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, theirs, victim_socket);
    std::string name = program.string();
    std::string argument = directory.string();
    char* const arguments[] = {name.data(), argument.data(), nullptr};
    const int failed = posix_spawn(&process_, name.c_str(), &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(theirs);
    if (failed != 0) cannot("start kill_victim, which lies beside this program");
}

std::optional<Instant> Remote::step() {
    if (!alive() || !say(Writer(Message::step))) return std::nullopt;
    return serve_until_stepped();
}

void Remote::arm(const KillPlan& plan) {
    plan_ = plan;
    messages_ = of_kind_ = 0;
}

std::optional<Instant> Remote::serve_until_stepped() {
    while (alive()) {
        pollfd waiting{socket_, POLLIN, 0};
        if (poll(&waiting, 1, silence_max_ms) <= 0) cannot("hear from kill_victim: it hangs");
        const ssize_t size = recv(socket_, buffer_.data(), buffer_.size(), 0);
        if (size <= 0) {
            ended_by_itself_ = true;
            kill_now();
            return std::nullopt;
        }
        const std::span<const std::byte> heard(buffer_.data(), static_cast<std::size_t>(size));
        Reader reader(heard);
        const auto message = reader.take<Message>();
        const bool last = due(message);
        if (last && plan_.when == KillPlan::When::unheard) {
            kill_now();
            return std::nullopt;
        }
        if (message == Message::stepped) {
            const auto wanted = reader.take<Instant>();
            if (last) {
                kill_now();
                return std::nullopt;
            }
            return wanted;
        }
        const Writer answer = serve_(message, reader);
        if (last && plan_.when == KillPlan::When::unanswered) {
            kill_now();
            return std::nullopt;
        }
        if (!say(answer)) cannot("answer kill_victim");
        if (last) {
            std::this_thread::sleep_for(plan_.delay);
            kill_now();
            return std::nullopt;
        }
    }
    return std::nullopt;
}

bool Remote::due(Message message) {
    ++messages_;
    if (plan_.message == 0) return false;
    if (!plan_.kind) return messages_ == plan_.message;
    return message == *plan_.kind && ++of_kind_ == plan_.message;
}

void Remote::kill_now() {
    kill(process_, SIGKILL);
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    close(socket_);
    socket_ = -1;
}

bool Remote::say(const Writer& message) const {
    const auto bytes = message.bytes();
    return send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
}

}  // namespace strongroom::test
