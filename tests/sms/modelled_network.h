// The providers' model behind a network in virtual time: the production drivers talk to it through
// Transport as they talk through libcurl at the door. Whoever stands in the middle, and whatever is
// down, is a value.
#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "pi/sms/callback.h"
#include "pi/sms/transport.h"
#include "sms_provider/provider.h"
#include "support.h"

namespace strongroom::pi {

class ModelledNetwork final : public Transport {
public:
    explicit ModelledNetwork(const ManualClock& clock) : clock_(clock) {}

    sms_provider::Provider provider;
    bool down = false;               // no connection is made
    bool man_in_the_middle = false;  // with a certificate of his own
    bool verified = true;            // what CurlTransport always does; false: the naive part
    std::string overheard;           // by the man in the middle

    void start(std::uint64_t ticket, HttpRequest request) override {
        waiting_.push_back({clock_.now() + delay, {ticket, outcome(request)}});
    }
    std::optional<HttpAnswer> poll() override {
        if (waiting_.empty() || clock_.now() < waiting_.front().first) return std::nullopt;
        std::optional<HttpAnswer> answer(std::move(waiting_.front().second));
        waiting_.pop_front();
        return answer;
    }

private:
    static constexpr Duration delay = std::chrono::milliseconds(200);

    HttpOutcome outcome(const HttpRequest& request) {
        constexpr std::int32_t could_not_connect = 7;
        constexpr std::int32_t peer_failed_verification = 60;
        if (down) return {HttpOutcome::Kind::not_sent, 0, {}, could_not_connect};
        if (man_in_the_middle && verified) {
            return {HttpOutcome::Kind::untrusted, 0, {}, peer_failed_verification};
        }
        sms_provider::Request asked;
        asked.method = request.method == HttpRequest::Method::post ? "POST" : "GET";
        asked.target = request.path;
        asked.body = request.body.reveal_text();
        for (const Secret& header : request.headers) {
            const std::string_view text = header.reveal_text();
            const std::size_t colon = text.find(": ");
            const std::string_view name = text.substr(0, colon);
            if (name == "Authorization" || name == "authorization") {
                asked.authorization = text.substr(colon + 2);
            }
        }
        // He passes on what he reads, so that nobody notices.
        if (man_in_the_middle) overheard += asked.authorization + "\n" + asked.body + "\n";
        const sms_provider::Answer answer = provider.answer(asked);
        if (answer.late || answer.cut) return {HttpOutcome::Kind::unsure, 0, {}, 28};
        return {HttpOutcome::Kind::answered, answer.status, answer.body, 0};
    }

    const ManualClock& clock_;
    std::deque<std::pair<Instant, HttpAnswer>> waiting_;  // all take the same time
};

}  // namespace strongroom::pi
