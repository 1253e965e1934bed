// A provider of short messages at the other end of a terminal's wire: what the production drivers
// say reaches the emulated provider in virtual time, and what it has taken goes to the phone by the
// gateway's own carrier (sim::SmsNetwork). Private to scenarios. One thread.
//
// No socket is opened. Of TLS the outcome alone is modelled: whoever answers shows a certificate,
// and what pi::server_proof demands, the constant that CurlTransport hands to libcurl, decides
// whether a byte of the request leaves. That a real handshake is refused is tested in tests/sms.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pi/sms/callback.h"
#include "pi/sms/transport.h"
#include "scenarios/scenario.h"
#include "sim/sms_network.h"
#include "sms_provider/provider.h"

namespace strongroom::scenarios {

// One terminal's end of the wire: what has come in for its driver. It outlives the process that
// used it for as long as something is under way.
struct SmsLine {
    sim::SiteId site;
    pi::ServerProof proof;       // what the terminal demands of whoever answers
    bool reports_signed = true;  // false: every report is taken for the provider's
    std::deque<pi::HttpAnswer> answers;
    std::deque<pi::Callback> reports;
    bool open = true;  // somebody is listening
};

class ProviderWire {
public:
    // What a man in the middle shows: made by himself for the provider's name, or an honest one
    // that an authority has given him for his own.
    enum class Certificate : std::uint8_t { self_signed, of_another_name };
    // Of who read a message on its way: his name, all that he read, and the code in it or nothing.
    using Heard = std::function<void(const std::string& who, const std::string& text,
                                     const std::string& code)>;

    // The gateway exists in the network, which outlives this.
    ProviderWire(sim::SmsNetwork& network, const GatewayDeclaration& gateway, Heard heard);
    ProviderWire(const ProviderWire&) = delete;
    ProviderWire& operator=(const ProviderWire&) = delete;

    [[nodiscard]] sim::World& world() { return network_.world(); }
    [[nodiscard]] const GatewayDeclaration& gateway() const { return gateway_; }
    [[nodiscard]] const sms_provider::Accounts& accounts() const { return accounts_; }

    // As pi::Transport::start(): the answer comes to the line.
    void request(const std::shared_ptr<SmsLine>& line, std::uint64_t ticket,
                 pi::HttpRequest request);

    // ---- what happens to it, each for a while from now on ---------------------------------------
    void behave(sms_provider::Behaviour behaviour, Duration lasts);
    // Somebody answers at the provider's address and passes on what he is told.
    void intercept(sim::PersonId who, Certificate certificate, Duration lasts);
    // Whenever a message is taken, somebody who does not know the account's token posts a report
    // that it was delivered.
    void forge_reports(sim::PersonId who, Duration lasts);

private:
    struct Middle {
        sim::PersonId who;
        Certificate certificate{};
    };
    [[nodiscard]] bool trusted(const pi::ServerProof& proof) const;
    void answer(const std::shared_ptr<SmsLine>& line, std::uint64_t ticket, Duration after,
                pi::HttpOutcome outcome);
    void arrive(const std::shared_ptr<SmsLine>& line, std::uint64_t ticket,
                const sms_provider::Request& asked);
    // Returns the message's index in the world.
    std::uint64_t take(const std::shared_ptr<SmsLine>& line, std::size_t index);
    void overhear(const sms_provider::Request& asked, std::uint64_t message);
    void post(const std::shared_ptr<SmsLine>& line, const sms_provider::Report& report,
              Duration after);
    [[nodiscard]] pi::Callback judge(const SmsLine& line, const sms_provider::Report& report) const;

    sim::SmsNetwork& network_;
    GatewayDeclaration gateway_;
    Heard heard_;
    sms_provider::Accounts accounts_;
    sms_provider::Provider provider_;
    std::optional<Middle> middle_;
    sim::PersonId forger_;  // none: nobody forges reports
    sim::Scheduler::Handle behaviour_ends_;
    sim::Scheduler::Handle middle_ends_;
    sim::Scheduler::Handle forging_ends_;
};

}  // namespace strongroom::scenarios
