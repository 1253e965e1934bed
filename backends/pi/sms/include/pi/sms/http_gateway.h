// What the drivers of all providers share: when a message is tried, tried again, given up, asked
// about, and what is reported. A driver adds how its provider writes requests and answers.
//
// A message is tried again only where the provider cannot have processed it: no connection, or 429.
// When it may have been sent it is not sent again here, it is reported as undelivered, so that
// devices::FailoverGateway takes the next provider: the customer may then get the same code twice,
// which harms nobody. A server that cannot prove who it is gets nothing, and is not tried again for
// that message. After a failure that the next message would meet too, submit() refuses at once for
// a while (`rest`), so that no customer waits for what will not come.
//
// Runner thread only; never blocks. Messages are kept, as secrets, until their fate is known.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "hal/clock.h"
#include "hal/sms_gateway.h"
#include "pi/sms/callback.h"
#include "pi/sms/events.h"
#include "pi/sms/message.h"
#include "pi/sms/transport.h"

namespace strongroom::pi {

struct SmsTiming {
    int attempts = 3;                                       // at most, for one message
    Duration retry_first = std::chrono::milliseconds(500);  // doubled with each further attempt
    Duration give_up = std::chrono::seconds(6);    // no attempt begins later after the submission
    Duration rest = std::chrono::seconds(10);      // how long submit() refuses after a failure
    Duration ask_first = std::chrono::seconds(2);  // until the provider is asked what became of it
    Duration ask_every = std::chrono::seconds(4);
    Duration ask_for = std::chrono::minutes(3);  // then nothing more is expected
    std::size_t under_way_max = 32;              // messages at a time
};

class HttpGateway : public hal::SmsGateway {
public:
    // All outlive this; `callbacks` may be null, `events` empty.
    HttpGateway(hal::Clock& clock, Transport& transport, SmsTiming timing, SmsEventSink events,
                CallbackSource* callbacks);
    ~HttpGateway() override;
    HttpGateway(const HttpGateway&) = delete;
    HttpGateway& operator=(const HttpGateway&) = delete;

    // As the contract says, and: unsupported (this provider cannot carry it; another can). The
    // errors disconnected, denied and exhausted are those of an earlier message, while resting.
    [[nodiscard]] Result<void> submit(const hal::SmsMessage& message) override;
    // Also does the work that has become due: call it at least every second while one is under way.
    [[nodiscard]] Result<std::optional<hal::SmsDelivery>> poll_delivery() override;

protected:
    [[nodiscard]] virtual Result<HttpRequest> compose_send(
        const hal::SmsMessage& message) const = 0;
    [[nodiscard]] virtual SendAnswer read_send(int status, std::string_view body) const = 0;
    // None: this provider cannot be asked.
    [[nodiscard]] virtual std::optional<HttpRequest> compose_status(
        std::string_view reference) const;
    [[nodiscard]] virtual MessageState read_status(int status, std::string_view body,
                                                   std::string_view reference) const;

private:
    struct Pending;
    struct Early {
        Callback callback;
        Instant at;
    };
    void start_attempt(Pending& pending, Instant now);
    void hear(Instant now, const HttpAnswer& answer);
    void hear_send(Instant now, Pending& pending, const HttpOutcome& outcome);
    void hear_answer(Instant now, Pending& pending, const SendAnswer& answer);
    void hear_status(Pending& pending, const HttpOutcome& outcome);
    void hear_callback(Instant now, const Callback& callback);
    void accept(Instant now, Pending& pending, const std::string& reference);
    void settle(Pending& pending, MessageState state);
    void finish(Pending& pending);
    void fail_for_good(Pending& pending, SmsEvent event, std::int32_t vendor_code);
    void try_again(Instant now, Pending& pending, SmsEvent event, std::int32_t code, Errc rest_as);
    void rest(Instant now, Errc as);
    void do_due(Instant now);
    void tell(SmsEvent event, std::int32_t vendor_code) const;
    void remember(hal::SmsId id);

    hal::Clock& clock_;
    Transport& transport_;
    SmsTiming timing_;
    SmsEventSink events_;
    CallbackSource* callbacks_;
    std::uint64_t last_ticket_ = 0;
    std::vector<std::unique_ptr<Pending>> pending_;
    std::deque<hal::SmsDelivery> deliveries_;
    std::deque<Early> early_;  // signed reports that came before the answer that names the message
    std::deque<std::string> settled_;  // references of messages whose fate is known
    std::set<std::uint64_t> known_;
    std::deque<std::uint64_t> known_order_;
    Instant rests_until_{};
    Errc rests_as_ = Errc::disconnected;
};

}  // namespace strongroom::pi
