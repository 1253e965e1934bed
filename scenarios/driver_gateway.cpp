#include "driver_gateway.h"

#include "parts/sms_parts.h"
#include "pi/sms/gateways.h"

namespace strongroom::scenarios {
namespace {

constexpr const char* callback_url = "https://door.example.com/sms/status";

[[nodiscard]] pi::twilio::Account twilio_account(const sms_provider::Accounts& accounts) {
    pi::twilio::Account account;
    account.sid = accounts.twilio_sid;
    account.secret = Secret(std::string_view(accounts.twilio_token));
    account.from = "+15005550006";
    account.status_callback = callback_url;
    return account;
}

[[nodiscard]] pi::fast2sms::Account fast2sms_account(const sms_provider::Accounts& accounts) {
    pi::fast2sms::Account account;
    account.key = Secret(std::string_view(accounts.fast2sms_key));
    return account;
}

// Takes the first of a queue.
template <class T>
[[nodiscard]] std::optional<T> first_of(std::deque<T>& queue) {
    if (queue.empty()) return std::nullopt;
    std::optional<T> first(std::move(queue.front()));
    queue.pop_front();
    return first;
}

}  // namespace

void DriverGateway::Transport::start(std::uint64_t ticket, pi::HttpRequest request) {
    wire_.request(line_, ticket, std::move(request));
}

std::optional<pi::HttpAnswer> DriverGateway::Transport::poll() { return first_of(line_->answers); }

std::optional<pi::Callback> DriverGateway::Reports::next() { return first_of(line_->reports); }

DriverGateway::DriverGateway(ProviderWire& wire, sim::SiteId site, int preference,
                             hal::Clock& clock, const SmsParts& parts)
    : wire_(wire), site_(site), preference_(preference), clock_(clock), parts_(parts) {
    restart();
}

DriverGateway::~DriverGateway() { hang_up(); }

void DriverGateway::hang_up() {
    if (line_) line_->open = false;
}

void DriverGateway::restart() {
    hang_up();
    line_ = std::make_shared<SmsLine>();
    line_->site = site_;
    line_->proof = parts_.proof;
    line_->reports_signed = parts_.reports_signed;
    driver_.reset();
    transport_ = std::make_unique<Transport>(wire_, line_);
    reports_ = std::make_unique<Reports>(line_);
    driver_ = make_driver();
}

std::unique_ptr<pi::HttpGateway> DriverGateway::make_driver() {
    const bool twilio = wire_.gateway().protocol == SmsProtocol::twilio;
    const sms_provider::Accounts& accounts = wire_.accounts();
    if (!parts_.answers_read) {
        return std::make_unique<parts::StatusOnlyGateway>(
            clock_, *transport_, [&accounts, twilio](const hal::SmsMessage& message) {
                return twilio ? pi::twilio::compose_send(twilio_account(accounts), message)
                              : pi::fast2sms::compose_send(fast2sms_account(accounts), message);
            });
    }
    const auto tell = [this](pi::SmsEvent event, std::int32_t vendor_code) {
        wire_.world().witness(sim::FactKind::sms_event, site_, {}, to_string(event), vendor_code,
                              preference_);
    };
    if (!twilio) {
        return std::make_unique<pi::Fast2SmsGateway>(
            clock_, *transport_, fast2sms_account(accounts), pi::SmsTiming{}, tell);
    }
    return std::make_unique<pi::TwilioGateway>(clock_, *transport_, twilio_account(accounts),
                                               pi::SmsTiming{}, tell, reports_.get());
}

Result<void> DriverGateway::submit(const hal::SmsMessage& message) {
    Result<void> taken = driver_->submit(message);
    if (!taken || preference_ == 1) return taken;
    sim::World& world = wire_.world();
    const sim::PhoneId phone = world.phone_numbered(message.to.reveal_text());
    world.witness(sim::FactKind::sms_failed_over, site_,
                  phone ? world.person(world.phone(phone).owner).name : std::string(),
                  wire_.gateway().name);
    return taken;
}

Result<std::optional<hal::SmsDelivery>> DriverGateway::poll_delivery() {
    return driver_->poll_delivery();
}

}  // namespace strongroom::scenarios
