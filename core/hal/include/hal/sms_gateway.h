// Sends one-time codes by SMS. Runner thread only. Never blocks: the network is worked on elsewhere
// and answers through poll_delivery().
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.h"
#include "base/result.h"
#include "base/secret.h"

namespace strongroom::hal {

struct SmsId {
    std::uint64_t value = 0;
    friend constexpr auto operator<=>(SmsId, SmsId) = default;
};

struct SmsMessage {
    SmsId id;     // chosen by the caller; unique within the process
    Secret to;    // E.164, "+" and up to 15 digits
    Secret text;  // 1 to 160 characters of the GSM 7-bit alphabet
};

struct SmsDelivery {
    enum class State : std::uint8_t {
        accepted,     // the provider took it; not yet on the phone
        delivered,    // the network reports it on the phone
        undelivered,  // it will not arrive
    };
    SmsId id;
    State state{};
};

class SmsGateway {
public:
    virtual ~SmsGateway() = default;
    // Takes the message for sending. A message whose id was submitted before is not sent again.
    // Success means taken, not sent. Neither number nor text ever appears in an error or a log.
    // Errors: busy, exhausted (the provider's or our own quota), disconnected (no provider can be
    // reached), out_of_range (not a number or not a text), denied (credentials refused).
    [[nodiscard]] virtual Result<void> submit(const SmsMessage& message) = 0;
    // The next change of state, oldest first, or none. Each state of a message is reported at most
    // once. Errors: disconnected.
    [[nodiscard]] virtual Result<std::optional<SmsDelivery>> poll_delivery() = 0;
};

}  // namespace strongroom::hal
