// Private: Unix sockets, for both ends of the guard's conversation. Descriptors below 0 are -errno.
#pragma once

#include <string>

#include <sys/types.h>

namespace strongroom::pi {

// Listens at `path`, replacing what is there; owner and group may connect, or everybody. Throws
// GuardError.
[[nodiscard]] int listen_at(const std::string& path, bool everybody);

[[nodiscard]] int connect_to(const std::string& path) noexcept;

struct Peer {
    pid_t process = 0;
    uid_t user = 0;
    bool known = false;
};
[[nodiscard]] Peer peer_of(int socket) noexcept;

}  // namespace strongroom::pi
