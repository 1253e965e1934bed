// What providers of short messages answer, as a model: a request in, an answer out. It follows the
// providers' own documents, not our drivers, and shares no code with them.
//
// Twilio (https://www.twilio.com/docs/messaging/api/message-resource):
//   POST /2010-04-01/Accounts/{AccountSid}/Messages[.json], GET .../Messages/{Sid}[.json]
// Fast2SMS (https://docs.fast2sms.com):
//   POST or GET /dev/bulkV2 with route otp or dlt
//
// Permitted faults are the values of Behaviour. Without I/O, clock or randomness: the same requests
// get the same answers. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strongroom::sms_provider {

struct Request {
    std::string method;         // "GET", "POST"
    std::string target;         // path and query
    std::string authorization;  // the header's value
    std::string content_type;
    std::string body;
};

struct Answer {
    int status = 200;
    std::string type = "application/json";
    std::string body;
    std::string retry_after;           // header, in seconds; empty: none
    std::string location;              // header; empty: none
    bool cut = false;                  // the connection ends after half of the body
    bool late = false;                 // after longer than a client should wait
    std::optional<std::size_t> taken;  // which message this answer accepted
};

enum class Behaviour : std::uint8_t {
    honest,
    invalid_number,  // 400: Twilio 21211, Fast2SMS 411
    opted_out,       // 400: Twilio 21610, Fast2SMS 407
    throttled,       // 429: Twilio 20429; nothing is processed
    server_error,    // 500, after the message was taken
    unavailable,     // 503, nothing is processed
    refused_in_200,  // Fast2SMS 200 with return:false; Twilio 201 with status failed
    unauthorized,    // 401: Twilio 20003, Fast2SMS 412
    out_of_credit,   // Twilio 402, Fast2SMS 400 with 416
    not_json,        // 200 or 201 with the page of somebody's proxy
    wrong_types,     // JSON whose members have other types
    empty,           // 200 or 201 without a body
    oversize,        // 10 MB of JSON
    redirect,        // 307 to elsewhere
    slow,            // taken, answered late
    cut,             // taken, and the connection ends in the middle of the answer
    undelivered,     // taken, never delivered, and reported so
    unreported,      // taken; its last state is sent, whatever the phone has seen
};
inline constexpr int behaviours = 18;
[[nodiscard]] std::string_view to_string(Behaviour behaviour);
[[nodiscard]] std::optional<Behaviour> behaviour_named(std::string_view name);

struct Accounts {
    std::string twilio_sid = "AC00000000000000000000000000000000";
    std::string twilio_token = "emulated-token";
    std::string fast2sms_key = "emulated-key";
};

// The header that Twilio lets the account in with.
[[nodiscard]] std::string twilio_authorization(const Accounts& accounts);

// A message that was taken.
struct Taken {
    std::string provider;   // "twilio" or "fast2sms"
    std::string reference;  // its sid or request_id
    std::string to;         // as asked for
    std::string text;       // Body, or what Fast2SMS makes of route and variables
    std::string state;      // in Twilio's words
    std::string callback;   // where reports are wanted; empty: nowhere
};

// A delivery report as Twilio posts it.
struct Report {
    std::string url;
    std::string form;
    std::string signature;  // X-Twilio-Signature
};

class Provider {
public:
    explicit Provider(Accounts accounts = {}) : accounts_(std::move(accounts)) {}

    // For the next `times` requests to send, all of them when it is negative; then honest.
    void behave(Behaviour behaviour, int times = -1);
    [[nodiscard]] Behaviour behaviour() const { return behaviour_; }

    [[nodiscard]] Answer answer(const Request& request);

    [[nodiscard]] const std::vector<Taken>& taken() const { return taken_; }
    // A state in Twilio's words. `index` is one of taken().
    void set_state(std::size_t index, std::string_view state);
    // The report of its present state, signed with the account's token.
    [[nodiscard]] Report report(std::size_t index) const;
    // As somebody writes it who does not know the token.
    [[nodiscard]] Report forged_report(std::size_t index, std::string_view state) const;

private:
    [[nodiscard]] Answer twilio(const Request& request, const std::string& path);
    [[nodiscard]] Answer twilio_send(const Request& request, bool json);
    [[nodiscard]] Answer twilio_message(const std::string& sid, bool json) const;
    [[nodiscard]] Answer fast2sms(const Request& request, const std::string& query);
    [[nodiscard]] Behaviour next_behaviour();
    std::size_t take(Taken message);
    [[nodiscard]] Report report_of(const Taken& message, std::string_view state,
                                   std::string_view token) const;

    Accounts accounts_;
    Behaviour behaviour_ = Behaviour::honest;
    int times_ = 0;  // how often `behaviour_` still applies; negative: always
    std::vector<Taken> taken_;
};

}  // namespace strongroom::sms_provider
