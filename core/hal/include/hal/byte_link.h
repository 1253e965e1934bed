// Bytes to and from one peer: a UART or a pseudo-terminal. Runner thread only. Never blocks.
#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"

namespace strongroom::hal {

class ByteLink {
public:
    virtual ~ByteLink() = default;
    // All bytes are accepted for sending, in order, or none. Errors: busy (no room; nothing was
    // taken), disconnected.
    [[nodiscard]] virtual Result<void> write(std::span<const std::byte> bytes) = 0;
    // Moves what has arrived into `buffer`, oldest first, and returns how many bytes; 0 when
    // nothing has. Short reads are normal. Errors: disconnected (bytes that had arrived before are
    // delivered first), corrupt (framing or parity; the link goes on).
    [[nodiscard]] virtual Result<std::size_t> read(std::span<std::byte> buffer) = 0;
};

}  // namespace strongroom::hal
