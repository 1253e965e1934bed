#include "sim/sms_network.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace strongroom::sim {
namespace {

[[nodiscard]] bool is_number(std::string_view number) {
    return number.size() >= 2 && number.size() <= 16 && number.front() == '+' &&
           std::all_of(number.begin() + 1, number.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
}

// The GSM 7-bit alphabet, as far as it is ASCII: the extension table counts two and is left out.
[[nodiscard]] bool is_text(std::string_view text) {
    constexpr std::size_t longest = 160;
    constexpr std::string_view missing = "`[]{}\\^~|";
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return c == '\n' || (c >= ' ' && c <= '~' && missing.find(c) == missing.npos);
           });
}

}  // namespace

void SmsNetwork::add_gateway(SmsGatewaySetup setup) {
    STRONGROOM_ASSERT(!has_gateway(setup.name));
    STRONGROOM_ASSERT(setup.loss >= 0 && setup.loss <= 1 && setup.delay_min <= setup.delay_max);
    Provider& added = providers_.emplace_back();
    added.rng = rng_.fork(setup.name);
    added.setup = std::move(setup);
}

bool SmsNetwork::has_gateway(std::string_view name) const {
    return std::any_of(providers_.begin(), providers_.end(),
                       [&](const Provider& p) { return p.setup.name == name; });
}

SmsNetwork::Provider& SmsNetwork::provider(std::string_view name) {
    const auto found = std::find_if(providers_.begin(), providers_.end(),
                                    [&](const Provider& p) { return p.setup.name == name; });
    STRONGROOM_ASSERT(found != providers_.end());
    return *found;
}

void SmsNetwork::outage(std::string_view gateway, SmsOutage kind, Instant from, Instant until) {
    provider(gateway).outages.push_back({kind, from, until});
}

void SmsNetwork::end_outages(std::string_view gateway) { provider(gateway).outages.clear(); }

void SmsNetwork::quota(std::string_view gateway, std::int64_t messages) {
    STRONGROOM_ASSERT(messages >= 0);
    provider(gateway).quota = messages;
}

void SmsNetwork::credentials_valid(std::string_view gateway, bool valid) {
    provider(gateway).credentials = valid;
}

const SmsNetwork::Window* SmsNetwork::outage_at(const Provider& provider, Instant now) {
    const auto found =
        std::find_if(provider.outages.begin(), provider.outages.end(),
                     [&](const Window& w) { return w.from <= now && now < w.until; });
    return found == provider.outages.end() ? nullptr : &*found;
}

Duration SmsNetwork::draw_delay(Provider& provider) {
    const SmsGatewaySetup& setup = provider.setup;
    const double factor = std::exp(provider.rng.normal(0, setup.delay_spread));
    const double nanoseconds = static_cast<double>(setup.delay_median.count()) * factor;
    const double longest = static_cast<double>(setup.delay_max.count());
    return std::clamp(Duration(static_cast<std::int64_t>(std::min(nanoseconds, longest))),
                      setup.delay_min, setup.delay_max);
}

std::optional<SmsOutage> SmsNetwork::outage_now(std::string_view gateway) {
    const Window* outage = outage_at(provider(gateway), world_.scheduler().now());
    return outage == nullptr ? std::nullopt : std::optional(outage->kind);
}

std::uint64_t SmsNetwork::carry(std::string_view gateway, SiteId from, std::string_view number,
                                std::string_view text, std::function<void(bool arrived)> fate) {
    Scheduler& scheduler = world_.scheduler();
    Provider& carrier = provider(gateway);
    const SmsGatewaySetup& setup = carrier.setup;
    const Window* outage = outage_at(carrier, scheduler.now());
    const std::uint64_t index = world_.message_submitted(from, setup.name, number, text);
    // Every message draws the same numbers, so that an outage does not shift those that follow.
    const bool lost = carrier.rng.uniform() < setup.loss;
    const Duration delay = draw_delay(carrier);
    if (lost || outage != nullptr) {
        scheduler.after(delay, [&world = world_, index] { world.message_lost(index); });
        if (outage != nullptr && outage->kind == SmsOutage::silent) return index;
        scheduler.after(std::max(setup.undelivered_after, setup.accept_delay),
                        [fate = std::move(fate)] { fate(false); });
        return index;
    }
    scheduler.after(delay, [&world = world_, index, fate = std::move(fate)] {
        fate(world.message_delivered(index));
    });
    return index;
}

struct SmsGateway::Inbox {
    std::deque<hal::SmsDelivery> reports;
    bool open = true;  // somebody is listening
};

SmsGateway::SmsGateway(SmsNetwork& network, SiteId site, std::string_view gateway)
    : network_(network),
      provider_(network.provider(gateway)),
      site_(site),
      inbox_(std::make_shared<Inbox>()) {}

SmsGateway::~SmsGateway() { inbox_->open = false; }

void SmsGateway::restart() {
    inbox_->open = false;
    inbox_ = std::make_shared<Inbox>();
    submitted_.clear();
}

Result<void> SmsGateway::submit(const hal::SmsMessage& message) {
    if (!is_number(message.to.reveal_text()) || !is_text(message.text.reveal_text())) {
        return fail(Errc::out_of_range);
    }
    if (submitted_.contains(message.id.value)) return {};
    World& world = network_.world();
    Scheduler& scheduler = world.scheduler();
    const auto* outage = SmsNetwork::outage_at(provider_, scheduler.now());
    const bool powered = world.site(site_).powered;
    if (!powered || (outage != nullptr && outage->kind == SmsOutage::refusing)) {
        return fail(Errc::disconnected);
    }
    if (!provider_.credentials) return fail(Errc::denied);
    if (provider_.quota == 0) return fail(Errc::exhausted);
    if (provider_.quota > 0) --provider_.quota;
    submitted_.insert(message.id.value);

    const SmsGatewaySetup& setup = provider_.setup;
    const auto report = [&scheduler, &world, site = site_, inbox = inbox_, id = message.id](
                            Duration after, hal::SmsDelivery::State state) {
        scheduler.after(after, [&world, site, inbox, id, state] {
            if (!inbox->open) return;
            inbox->reports.push_back({id, state});
            world.changed(site);
        });
    };
    report(setup.accept_delay, hal::SmsDelivery::State::accepted);
    network_.carry(setup.name, site_, message.to.reveal_text(), message.text.reveal_text(),
                   [report, setup = &provider_.setup](bool arrived) {
                       using State = hal::SmsDelivery::State;
                       if (!setup->reports) return;
                       arrived ? report(setup->report_delay, State::delivered)
                               : report(Duration::zero(), State::undelivered);
                   });
    return {};
}

Result<std::optional<hal::SmsDelivery>> SmsGateway::poll_delivery() {
    if (!network_.world().site(site_).powered) return fail(Errc::disconnected);
    if (inbox_->reports.empty()) return std::nullopt;
    const hal::SmsDelivery oldest = inbox_->reports.front();
    inbox_->reports.pop_front();
    return oldest;
}

}  // namespace strongroom::sim
