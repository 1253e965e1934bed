// Tells systemd how a service is (sd_notify(3)'s protocol, which it keeps stable: a datagram to
// $NOTIFY_SOCKET). Any thread.
#pragma once

namespace strongroom::pi {

// Does nothing when nobody asked to be told. Allocates nothing; never fails visibly.
void notify_service_manager(const char* state) noexcept;

}  // namespace strongroom::pi
