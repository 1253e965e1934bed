// The short message network: gateways that take messages, carriers that deliver them late or not at
// all, and reports about it.
//
// Permitted faults, for each gateway: loss by probability, delay from a distribution, windows of
// outage in which it refuses (`disconnected`) or takes and loses, a quota (`exhausted`), refused
// credentials (`denied`), reports that never come. Runner thread only.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hal/sms_gateway.h"
#include "sim/world.h"

namespace strongroom::sim {

struct SmsGatewaySetup {
    std::string name = "primary";
    // Time to the phone: log-normal with this median and spread (standard deviation of the
    // logarithm), never shorter than the minimum nor longer than the maximum.
    Duration delay_median = std::chrono::milliseconds(2500);
    double delay_spread = 0.4;
    Duration delay_min = std::chrono::milliseconds(600);
    Duration delay_max = std::chrono::seconds(90);
    double loss = 0;                                         // probability, 0 to 1
    Duration accept_delay = std::chrono::milliseconds(150);  // until the provider says accepted
    Duration report_delay = std::chrono::milliseconds(300);  // from the phone to delivered
    bool reports = true;  // whether delivered and undelivered are reported at all
    Duration undelivered_after = std::chrono::seconds(20);  // a loss is reported, from submission
};

enum class SmsOutage : std::uint8_t {
    refusing,  // submit() answers disconnected
    losing,    // taken, never delivered, reported undelivered
    silent,    // taken, never delivered, nothing is reported
};

class SmsNetwork {
public:
    explicit SmsNetwork(World& world) : world_(world), rng_(world.scheduler().rng("sms")) {}
    SmsNetwork(const SmsNetwork&) = delete;
    SmsNetwork& operator=(const SmsNetwork&) = delete;

    // Names are unique. The name is what facts call the gateway.
    void add_gateway(SmsGatewaySetup setup);
    [[nodiscard]] bool has_gateway(std::string_view name) const;
    // In the scheduler's time, `from` included and `until` not. The gateway exists.
    void outage(std::string_view gateway, SmsOutage kind, Instant from, Instant until);
    void end_outages(std::string_view gateway);
    // At most this many more messages are taken.
    void quota(std::string_view gateway, std::int64_t messages);
    void credentials_valid(std::string_view gateway, bool valid);

    // What is wrong with the gateway now; nothing: it works.
    [[nodiscard]] std::optional<SmsOutage> outage_now(std::string_view gateway);
    // The way from a provider that has taken a message to the phone: as late, and as surely, as the
    // gateway's setup and outages have it. `fate` is called once the provider knows whether it has
    // arrived, and never in a silent outage. Returns the message's index in the world.
    std::uint64_t carry(std::string_view gateway, SiteId from, std::string_view number,
                        std::string_view text, std::function<void(bool arrived)> fate);

    [[nodiscard]] World& world() { return world_; }

private:
    friend class SmsGateway;
    struct Window {
        SmsOutage kind;
        Instant from;
        Instant until;
    };
    struct Provider {
        SmsGatewaySetup setup;
        std::vector<Window> outages;
        std::int64_t quota = -1;  // -1: none
        bool credentials = true;
        Rng rng{0};
    };
    [[nodiscard]] Provider& provider(std::string_view name);
    [[nodiscard]] static const Window* outage_at(const Provider& provider, Instant now);
    [[nodiscard]] static Duration draw_delay(Provider& provider);

    World& world_;
    Rng rng_;
    std::deque<Provider> providers_;  // stable addresses
};

// One site's account with one gateway.
class SmsGateway final : public hal::SmsGateway {
public:
    // The gateway exists in the network; network and world outlive this.
    SmsGateway(SmsNetwork& network, SiteId site, std::string_view gateway);
    SmsGateway(const SmsGateway&) = delete;
    SmsGateway& operator=(const SmsGateway&) = delete;
    ~SmsGateway() override;

    [[nodiscard]] Result<void> submit(const hal::SmsMessage& message) override;
    [[nodiscard]] Result<std::optional<hal::SmsDelivery>> poll_delivery() override;

    // The process that used it died: ids may be used again and reports for them do not come.
    void restart();

private:
    struct Inbox;  // of reports; outlives this object for as long as messages are under way
    SmsNetwork& network_;
    SmsNetwork::Provider& provider_;
    SiteId site_;
    std::set<std::uint64_t> submitted_;
    std::shared_ptr<Inbox> inbox_;
};

}  // namespace strongroom::sim
