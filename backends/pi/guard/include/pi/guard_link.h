// What a conversation with the guard goes over: a socket, or in scenarios a call.
//
// Runner thread only. Never throws.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "pi/guard_protocol.h"

namespace strongroom::pi {

// Destroying it hangs up, which the guard answers by locking.
class GuardLink {
public:
    virtual ~GuardLink() = default;
    // Somebody is at the other end still.
    [[nodiscard]] virtual bool connected() = 0;
    // Errors: disconnected (with errno).
    [[nodiscard]] virtual Result<void> connect() = 0;
    // Errors: disconnected: no answer within `patience`; whether it was done is unknown then.
    [[nodiscard]] virtual Result<GuardAnswer> ask(const GuardQuestion& question,
                                                  Duration patience) = 0;
    virtual void hang_up() = 0;
};

// By the socket at `path`.
[[nodiscard]] std::unique_ptr<GuardLink> socket_link(std::string path);

}  // namespace strongroom::pi
