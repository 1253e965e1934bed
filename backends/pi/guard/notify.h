// Private: tells systemd how the guard is (sd_notify(3)'s protocol: a datagram to $NOTIFY_SOCKET).
#pragma once

namespace strongroom::pi {

// Does nothing when nobody asked to be told. Allocates nothing; never fails visibly.
void notify_service_manager(const char* state) noexcept;

}  // namespace strongroom::pi
