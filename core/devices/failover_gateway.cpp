#include "devices/failover_gateway.h"

#include <algorithm>

#include "base/assert.h"

namespace strongroom::devices {

namespace {
constexpr Duration memory = std::chrono::minutes(10);
}

FailoverGateway::FailoverGateway(hal::Clock& clock, std::vector<hal::SmsGateway*> providers,
                                 Duration patience)
    : clock_(clock), providers_(std::move(providers)), patience_(patience) {
    STRONGROOM_ASSERT(!providers_.empty() && patience_ > Duration::zero());
}

Result<void> FailoverGateway::submit(const hal::SmsMessage& message) {
    const bool known = std::any_of(pending_.begin(), pending_.end(),
                                   [&](const Pending& p) { return p.message.id == message.id; });
    if (known) return {};
    std::size_t provider = 0;
    const Result<void> taken = submit_from(message, provider);
    if (!taken) return taken;
    pending_.push_back(
        {{message.id, message.to.clone(), message.text.clone()}, provider, clock_.now(), false});
    return {};
}

// Submits to `provider` or the first one after it that takes the message.
Result<void> FailoverGateway::submit_from(const hal::SmsMessage& message, std::size_t& provider) {
    Result<void> taken = fail(Errc::disconnected);
    for (; provider < providers_.size(); ++provider) {
        taken = providers_[provider]->submit(message);
        // A number or text that is none will not become one elsewhere.
        if (taken || taken.error().code == Errc::out_of_range) return taken;
    }
    return taken;
}

Result<std::optional<hal::SmsDelivery>> FailoverGateway::poll_delivery() {
    for (std::size_t i = 0; i < providers_.size(); ++i) {
        while (true) {
            const auto delivery = providers_[i]->poll_delivery();
            if (!delivery || !*delivery) break;  // one provider's silence is no reason to stop
            hear(**delivery, i);
        }
    }
    for (std::size_t i = pending_.size(); i-- > 0;) {
        const Duration waited = clock_.now() - pending_[i].since;
        if (!pending_[i].accepted && waited >= patience_) {
            move_on(i);
        } else if (waited >= memory) {
            // Accepted, and nothing more was heard: no provider is better placed to deliver it now.
            pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    if (deliveries_.empty()) return std::optional<hal::SmsDelivery>{};
    const hal::SmsDelivery next = deliveries_.front();
    deliveries_.pop_front();
    return std::optional(next);
}

void FailoverGateway::hear(const hal::SmsDelivery& delivery, std::size_t provider) {
    const auto found = std::find_if(pending_.begin(), pending_.end(), [&](const Pending& p) {
        return p.message.id == delivery.id && p.provider == provider;
    });
    if (delivery.state != hal::SmsDelivery::State::undelivered) {
        deliveries_.push_back(delivery);
        // Accepted may still become undelivered; only a delivery ends our interest.
        if (found != pending_.end()) {
            if (delivery.state == hal::SmsDelivery::State::delivered) {
                pending_.erase(found);
            } else {
                found->accepted = true;
            }
        }
        return;
    }
    if (found != pending_.end()) move_on(static_cast<std::size_t>(found - pending_.begin()));
}

void FailoverGateway::move_on(std::size_t index) {
    Pending& pending = pending_[index];
    ++pending.provider;
    pending.since = clock_.now();
    pending.accepted = false;
    if (submit_from(pending.message, pending.provider)) return;
    deliveries_.push_back({pending.message.id, hal::SmsDelivery::State::undelivered});
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(index));
}

}  // namespace strongroom::devices
