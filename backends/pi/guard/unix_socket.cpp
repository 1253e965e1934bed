#include "unix_socket.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <system_error>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "pi/line_guard.h"

namespace strongroom::pi {
namespace {

[[nodiscard]] std::optional<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

[[noreturn]] void refuse(int socket, const std::string& path, int number,
                         const std::string& remedy) {
    if (socket >= 0) ::close(socket);
    throw GuardError(path + ": cannot listen here: " + std::generic_category().message(number) +
                     "; " + remedy);
}

}  // namespace

int listen_at(const std::string& path, bool everybody) {
    // Made under another name: who sees the socket under its own can connect.
    const std::string made = path + ".new";
    const auto address = address_of(made);
    if (path.empty() || !address) {
        refuse(-1, path, ENAMETOOLONG, "give a path of 1 to 103 characters");
    }
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) {
        // Only what an earlier guard left behind: the line is held by now, so there is no other
        // one.
        if (!S_ISSOCK(status.st_mode)) {
            refuse(-1, path, EEXIST, "a file is there that is no socket; give another path");
        }
    }
    ::unlink(made.c_str());
    const int socket = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const char* remedy =
        "does its directory exist, and may this user write there? "
        "(systemd: RuntimeDirectory=)";
    if (socket < 0) refuse(socket, path, errno, remedy);
    // Nobody else may connect between bind and chmod either.
    const mode_t before = ::umask(everybody ? 0111 : 0117);
    const bool bound =
        ::bind(socket, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0;
    const int number = errno;
    ::umask(before);
    if (!bound) refuse(socket, path, number, remedy);
    if (::listen(socket, 4) != 0 || ::rename(made.c_str(), path.c_str()) != 0) {
        const int why = errno;
        ::unlink(made.c_str());
        refuse(socket, path, why, remedy);
    }
    return socket;
}

int connect_to(const std::string& path) noexcept {
    const auto address = address_of(path);
    if (!address) return -ENAMETOOLONG;
    const int socket = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return -errno;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
        const int number = errno;
        ::close(socket);
        return -number;
    }
    return socket;
}

Peer peer_of(int socket) noexcept {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
    return {credentials.pid, credentials.uid, true};
}

}  // namespace strongroom::pi
