#include "pi/sms/http_gateway.h"

#include <algorithm>

#include "base/assert.h"

namespace strongroom::pi {
namespace {

constexpr std::size_t ids_kept = 4096;
constexpr std::size_t early_kept = 64;
constexpr std::size_t settled_kept = 256;
constexpr Duration early_for = std::chrono::seconds(30);

}  // namespace

struct HttpGateway::Pending {
    hal::SmsId id;
    HttpRequest request;  // emptied when it will not be sent again
    Instant since{};
    int attempts = 0;
    std::uint64_t ticket = 0;  // of the exchange under way; 0: none
    std::string reference;     // the provider's; empty until it has accepted
    Instant next{};            // the next attempt, or the next question
    bool done = false;
};

HttpGateway::HttpGateway(hal::Clock& clock, Transport& transport, SmsTiming timing,
                         SmsEventSink events, CallbackSource* callbacks)
    : clock_(clock),
      transport_(transport),
      timing_(timing),
      events_(std::move(events)),
      callbacks_(callbacks) {
    STRONGROOM_ASSERT(timing_.attempts >= 1 && timing_.retry_first > Duration::zero() &&
                      timing_.under_way_max >= 1 && timing_.ask_every > Duration::zero());
}

HttpGateway::~HttpGateway() = default;

std::optional<HttpRequest> HttpGateway::compose_status(std::string_view) const {
    return std::nullopt;
}

MessageState HttpGateway::read_status(int, std::string_view, std::string_view) const {
    return MessageState::unreadable;
}

Result<void> HttpGateway::submit(const hal::SmsMessage& message) {
    Result<HttpRequest> request = compose_send(message);
    if (!request) return tl::unexpected(request.error());
    if (known_.contains(message.id.value)) return {};
    const Instant now = clock_.now();
    if (now < rests_until_) return fail(rests_as_);
    const auto sending = std::count_if(pending_.begin(), pending_.end(),
                                       [](const auto& p) { return p->reference.empty(); });
    if (static_cast<std::size_t>(sending) >= timing_.under_way_max) return fail(Errc::exhausted);
    remember(message.id);
    auto pending = std::make_unique<Pending>();
    pending->id = message.id;
    pending->request = std::move(*request);
    pending->since = now;
    start_attempt(*pending, now);
    pending_.push_back(std::move(pending));
    return {};
}

Result<std::optional<hal::SmsDelivery>> HttpGateway::poll_delivery() {
    const Instant now = clock_.now();
    while (auto answer = transport_.poll()) {
        hear(now, *answer);
        // Providers repeat number and text in what they answer.
        wipe(std::as_writable_bytes(std::span(answer->outcome.body)));
    }
    while (callbacks_ != nullptr) {
        const auto callback = callbacks_->next();
        if (!callback) break;
        hear_callback(now, *callback);
    }
    do_due(now);
    std::erase_if(pending_, [](const auto& p) { return p->done; });
    if (deliveries_.empty()) return std::optional<hal::SmsDelivery>{};
    const hal::SmsDelivery oldest = deliveries_.front();
    deliveries_.pop_front();
    return std::optional(oldest);
}

void HttpGateway::start_attempt(Pending& pending, Instant now) {
    ++pending.attempts;
    pending.ticket = ++last_ticket_;
    pending.next = now;
    const bool last = pending.attempts >= timing_.attempts;
    transport_.start(pending.ticket, last ? std::move(pending.request) : pending.request.clone());
}

void HttpGateway::do_due(Instant now) {
    for (const auto& pending : pending_) {
        if (pending->done || pending->ticket != 0 || now < pending->next) continue;
        if (pending->reference.empty()) {
            start_attempt(*pending, now);
            continue;
        }
        if (now - pending->since >= timing_.ask_for) {
            finish(*pending);  // accepted, and nothing more was heard
            continue;
        }
        pending->next = now + timing_.ask_every;
        if (auto question = compose_status(pending->reference)) {
            pending->ticket = ++last_ticket_;
            transport_.start(pending->ticket, std::move(*question));
        }
    }
    while (!early_.empty() && now - early_.front().at >= early_for) {
        tell(SmsEvent::foreign_report, 0);
        early_.pop_front();
    }
}

void HttpGateway::hear(Instant now, const HttpAnswer& answer) {
    const auto found = std::find_if(pending_.begin(), pending_.end(),
                                    [&](const auto& p) { return p->ticket == answer.ticket; });
    if (found == pending_.end()) return;  // of a message that a report has settled already
    Pending& pending = **found;
    pending.ticket = 0;
    if (pending.done) return;
    if (pending.reference.empty()) {
        hear_send(now, pending, answer.outcome);
    } else {
        hear_status(pending, answer.outcome);
    }
}

void HttpGateway::hear_send(Instant now, Pending& pending, const HttpOutcome& outcome) {
    const std::int32_t code = outcome.vendor_code;
    switch (outcome.kind) {
        case HttpOutcome::Kind::answered:
            hear_answer(now, pending, read_send(outcome.status, outcome.body));
            return;
        case HttpOutcome::Kind::not_sent:
            try_again(now, pending, SmsEvent::unreachable, code, Errc::disconnected);
            return;
        case HttpOutcome::Kind::untrusted:
            rest(now, Errc::disconnected);
            fail_for_good(pending, SmsEvent::untrusted_server, code);
            return;
        case HttpOutcome::Kind::unsure:
            fail_for_good(pending, SmsEvent::outcome_unknown, code);
            return;
        case HttpOutcome::Kind::oversize:
            fail_for_good(pending, SmsEvent::bad_answer, code);
            return;
    }
}

void HttpGateway::hear_answer(Instant now, Pending& pending, const SendAnswer& answer) {
    const std::int32_t code = answer.vendor_code;
    switch (answer.kind) {
        case SendAnswer::Kind::accepted: accept(now, pending, answer.reference); return;
        case SendAnswer::Kind::throttled:
            try_again(now, pending, SmsEvent::throttled, code, Errc::exhausted);
            return;
        case SendAnswer::Kind::rejected: fail_for_good(pending, SmsEvent::rejected, code); return;
        case SendAnswer::Kind::credentials_refused:
            rest(now, Errc::denied);
            fail_for_good(pending, SmsEvent::credentials_refused, code);
            return;
        case SendAnswer::Kind::out_of_credit:
            rest(now, Errc::exhausted);
            fail_for_good(pending, SmsEvent::out_of_credit, code);
            return;
        case SendAnswer::Kind::unsure:
            fail_for_good(pending, SmsEvent::outcome_unknown, code);
            return;
        case SendAnswer::Kind::unreadable:
            fail_for_good(pending, SmsEvent::bad_answer, code);
            return;
    }
}

void HttpGateway::accept(Instant now, Pending& pending, const std::string& reference) {
    pending.reference = reference;
    pending.request = {};
    pending.next = now + timing_.ask_first;
    deliveries_.push_back({pending.id, hal::SmsDelivery::State::accepted});
    // In the order in which they came: a later one may settle it.
    for (const Early& early : early_) {
        if (early.callback.sid == reference && !pending.done) {
            settle(pending, early.callback.state);
        }
    }
    std::erase_if(early_, [&](const Early& e) { return e.callback.sid == reference; });
}

void HttpGateway::try_again(Instant now, Pending& pending, SmsEvent event, std::int32_t code,
                            Errc rest_as) {
    const auto doublings = static_cast<unsigned>(std::min(pending.attempts - 1, 16));
    const Instant next = now + timing_.retry_first * (1U << doublings);
    if (pending.attempts >= timing_.attempts || next - pending.since > timing_.give_up) {
        rest(now, rest_as);
        fail_for_good(pending, event, code);
        return;
    }
    tell(event, code);
    pending.next = next;
}

void HttpGateway::fail_for_good(Pending& pending, SmsEvent event, std::int32_t vendor_code) {
    tell(event, vendor_code);
    pending.request = {};
    pending.done = true;
    deliveries_.push_back({pending.id, hal::SmsDelivery::State::undelivered});
}

void HttpGateway::hear_status(Pending& pending, const HttpOutcome& outcome) {
    if (outcome.kind == HttpOutcome::Kind::untrusted) {
        tell(SmsEvent::untrusted_server, outcome.vendor_code);
    }
    if (outcome.kind != HttpOutcome::Kind::answered) return;  // it will be asked again
    settle(pending, read_status(outcome.status, outcome.body, pending.reference));
}

void HttpGateway::settle(Pending& pending, MessageState state) {
    if (state == MessageState::under_way || state == MessageState::unreadable) return;
    const bool arrived = state == MessageState::delivered;
    if (!arrived) tell(SmsEvent::undelivered, 0);
    deliveries_.push_back({pending.id, arrived ? hal::SmsDelivery::State::delivered
                                               : hal::SmsDelivery::State::undelivered});
    finish(pending);
}

void HttpGateway::finish(Pending& pending) {
    pending.done = true;
    settled_.push_back(pending.reference);
    if (settled_.size() > settled_kept) settled_.pop_front();
}

void HttpGateway::hear_callback(Instant now, const Callback& callback) {
    switch (callback.verdict) {
        case Callback::Verdict::genuine: break;
        case Callback::Verdict::bad_signature: tell(SmsEvent::bad_signature, 0); return;
        case Callback::Verdict::foreign: tell(SmsEvent::foreign_report, 0); return;
        case Callback::Verdict::malformed: tell(SmsEvent::bad_report, 0); return;
    }
    const auto found = std::find_if(pending_.begin(), pending_.end(),
                                    [&](const auto& p) { return p->reference == callback.sid; });
    if (found != pending_.end()) {
        if (!(*found)->done) settle(**found, callback.state);
        return;
    }
    if (std::find(settled_.begin(), settled_.end(), callback.sid) != settled_.end()) return;
    // A report may overtake the answer that names its message.
    const bool awaited = std::any_of(pending_.begin(), pending_.end(), [](const auto& p) {
        return !p->done && p->reference.empty();
    });
    if (!awaited || early_.size() == early_kept) {
        tell(SmsEvent::foreign_report, 0);
        return;
    }
    early_.push_back({callback, now});
}

void HttpGateway::rest(Instant now, Errc as) {
    rests_until_ = saturating_add(now, timing_.rest);
    rests_as_ = as;
}

void HttpGateway::tell(SmsEvent event, std::int32_t vendor_code) const {
    if (events_) events_(event, vendor_code);
}

void HttpGateway::remember(hal::SmsId id) {
    known_.insert(id.value);
    known_order_.push_back(id.value);
    if (known_order_.size() <= ids_kept) return;
    known_.erase(known_order_.front());
    known_order_.pop_front();
}

}  // namespace strongroom::pi
