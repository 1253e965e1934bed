// FailoverGateway: several SMS providers as one, tried in order.
//
// A message that a provider refuses, reports as undelivered, or does not accept in time goes to the
// next provider; the customer may then get the same code twice, which harms nobody. When no
// provider is left the message is reported as undelivered: there is never a visit without its code.
// Runner thread only. Keeps a message in memory, as a secret, until its fate is known or ten
// minutes have passed.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "base/time.h"
#include "hal/clock.h"
#include "hal/sms_gateway.h"

namespace strongroom::devices {

class FailoverGateway : public hal::SmsGateway {
public:
    // One provider or more, in order of preference; everything outlives this. `patience` > 0: how
    // long a provider has to report a message as accepted or delivered.
    FailoverGateway(hal::Clock& clock, std::vector<hal::SmsGateway*> providers, Duration patience);

    [[nodiscard]] Result<void> submit(const hal::SmsMessage& message) override;
    // Also moves waiting messages on: call it at least every second while one is under way.
    [[nodiscard]] Result<std::optional<hal::SmsDelivery>> poll_delivery() override;

private:
    struct Pending {
        hal::SmsMessage message;
        std::size_t provider = 0;
        Instant since{};
        bool accepted = false;
    };
    [[nodiscard]] Result<void> submit_from(const hal::SmsMessage& message, std::size_t& provider);
    void hear(const hal::SmsDelivery& delivery, std::size_t provider);
    void move_on(std::size_t index);

    hal::Clock& clock_;
    std::vector<hal::SmsGateway*> providers_;
    Duration patience_;
    std::vector<Pending> pending_;
    std::deque<hal::SmsDelivery> deliveries_;
};

}  // namespace strongroom::devices
