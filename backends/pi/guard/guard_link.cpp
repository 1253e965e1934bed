#include "pi/guard_link.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unix_socket.h"

namespace strongroom::pi {
namespace {

class SocketLink final : public GuardLink {
public:
    explicit SocketLink(std::string path) : path_(std::move(path)) {}
    SocketLink(const SocketLink&) = delete;
    SocketLink& operator=(const SocketLink&) = delete;
    ~SocketLink() override { close(); }

    bool connected() override {
        // A guard that has ended meanwhile may have a successor.
        pollfd other_end{socket_, 0, 0};
        if (socket_ >= 0 && ::poll(&other_end, 1, 0) == 1) close();
        return socket_ >= 0;
    }
    Result<void> connect() override {
        const int socket = connect_to(path_);
        if (socket < 0) return fail(Errc::disconnected, -socket);
        socket_ = socket;
        return {};
    }
    Result<GuardAnswer> ask(const GuardQuestion& question, Duration patience) override;
    void hang_up() override { close(); }

private:
    void close() {
        if (socket_ >= 0) ::close(socket_);
        socket_ = -1;
    }

    std::string path_;
    int socket_ = -1;
};

Result<GuardAnswer> SocketLink::ask(const GuardQuestion& question, Duration patience) {
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
    if (!came) return fail(Errc::disconnected, number);
    return answer;
}

}  // namespace

std::unique_ptr<GuardLink> socket_link(std::string path) {
    return std::make_unique<SocketLink>(std::move(path));
}

}  // namespace strongroom::pi
