#include "provider_wire.h"

#include <array>

#include "parts/sms_parts.h"
#include "pi/sms/curl_transport.h"
#include "pi/sms/form.h"
#include "pi/sms/message.h"

namespace strongroom::scenarios {
namespace {

using std::chrono::milliseconds;

constexpr Duration one_way = milliseconds(100);
constexpr Duration report_delay = milliseconds(300);
constexpr Duration forging_delay = milliseconds(500);
constexpr std::size_t code_digits = 6;

// libcurl's numbers.
constexpr std::int32_t timed_out = 28;
constexpr std::int32_t partial_file = 18;
constexpr std::int32_t write_error = 23;
constexpr std::int32_t peer_failed_verification = 60;

[[nodiscard]] std::string hexadecimal(Rng rng) {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::size_t length = 32;
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += digits[rng.below(digits.size())];
    return text;
}

[[nodiscard]] sms_provider::Accounts accounts_of(const Rng& rng) {
    return {.twilio_token = hexadecimal(rng.fork("token")),
            .fast2sms_key = hexadecimal(rng.fork("key"))};
}

[[nodiscard]] sms_provider::Request as_heard(const pi::HttpRequest& request) {
    sms_provider::Request asked;
    asked.method = request.method == pi::HttpRequest::Method::post ? "POST" : "GET";
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
    return asked;
}

}  // namespace

ProviderWire::ProviderWire(sim::SmsNetwork& network, const GatewayDeclaration& gateway, Heard heard)
    : network_(network),
      gateway_(gateway),
      heard_(std::move(heard)),
      accounts_(accounts_of(
          network.world().scheduler().rng("account with a provider").fork(gateway.name))),
      provider_(accounts_) {}

// ---- the way there and back ----------------------------------------------------------------

void ProviderWire::request(const std::shared_ptr<SmsLine>& line, std::uint64_t ticket,
                           pi::HttpRequest request) {
    using Kind = pi::HttpOutcome::Kind;
    if (network_.outage_now(gateway_.name) == sim::SmsOutage::refusing) {
        // Nobody answers: the production transport waits so long for a connection.
        answer(line, ticket, pi::CurlSettings{}.connect_timeout,
               {Kind::not_sent, 0, {}, timed_out});
        return;
    }
    if (!trusted(line->proof)) {
        answer(line, ticket, one_way, {Kind::untrusted, 0, {}, peer_failed_verification});
        return;
    }
    world().scheduler().after(
        one_way, [this, line, ticket, asked = as_heard(request)] { arrive(line, ticket, asked); });
}

bool ProviderWire::trusted(const pi::ServerProof& proof) const {
    if (!middle_) return true;
    const bool authority = middle_->certificate != Certificate::self_signed;
    const bool name = middle_->certificate != Certificate::of_another_name;
    return (authority || !proof.certificate) && (name || !proof.name);
}

void ProviderWire::answer(const std::shared_ptr<SmsLine>& line, std::uint64_t ticket,
                          Duration after, pi::HttpOutcome outcome) {
    world().scheduler().after(after, [this, line, ticket, outcome = std::move(outcome)] {
        if (!line->open) return;
        line->answers.push_back({ticket, outcome});
        world().changed(line->site);
    });
}

void ProviderWire::arrive(const std::shared_ptr<SmsLine>& line, std::uint64_t ticket,
                          const sms_provider::Request& asked) {
    using Kind = pi::HttpOutcome::Kind;
    const sms_provider::Answer said = provider_.answer(asked);
    const std::uint64_t message = said.taken ? take(line, *said.taken) : 0;
    if (middle_) overhear(asked, message);
    const pi::CurlSettings transport;
    if (said.late) {
        answer(line, ticket, transport.total_timeout - one_way, {Kind::unsure, 0, {}, timed_out});
    } else if (said.cut) {
        answer(line, ticket, one_way, {Kind::unsure, 0, {}, partial_file});
    } else if (said.body.size() > transport.answer_bytes_max) {
        answer(line, ticket, one_way, {Kind::oversize, 0, {}, write_error});
    } else {
        answer(line, ticket, one_way, {Kind::answered, said.status, said.body, 0});
    }
}

std::uint64_t ProviderWire::take(const std::shared_ptr<SmsLine>& line, std::size_t index) {
    const sms_provider::Taken& taken = provider_.taken()[index];
    const std::uint64_t message =
        network_.carry(gateway_.name, line->site, taken.to, taken.text, [=, this](bool arrived) {
            provider_.set_state(index, arrived ? "delivered" : "undelivered");
            post(line, provider_.report(index), report_delay);
        });
    if (forger_ && !taken.callback.empty()) {
        world().scheduler().after(forging_delay, [=, this, who = forger_] {
            world().witness(sim::FactKind::sms_report_forged, line->site, world().person(who).name,
                            gateway_.name, static_cast<std::int64_t>(message));
            post(line, provider_.forged_report(index, "delivered"), one_way);
        });
    }
    return message;
}

// ---- delivery reports ----------------------------------------------------------------------

void ProviderWire::post(const std::shared_ptr<SmsLine>& line, const sms_provider::Report& report,
                        Duration after) {
    if (report.url.empty()) return;  // none was asked for
    world().scheduler().after(after, [this, line, report] {
        if (!line->open) return;
        line->reports.push_back(judge(*line, report));
        world().changed(line->site);
    });
}

pi::Callback ProviderWire::judge(const SmsLine& line, const sms_provider::Report& report) const {
    if (!line.reports_signed) return parts::believe_callback(report.form);
    const pi::CallbackRules rules{report.url, accounts_.twilio_sid,
                                  Secret(std::string_view(accounts_.twilio_token))};
    return pi::judge_callback(rules, report.signature, report.form);
}

// ---- what happens to it --------------------------------------------------------------------

void ProviderWire::behave(sms_provider::Behaviour behaviour, Duration lasts) {
    sim::Scheduler& scheduler = world().scheduler();
    scheduler.cancel(behaviour_ends_);
    provider_.behave(behaviour);
    behaviour_ends_ =
        scheduler.after(lasts, [this] { provider_.behave(sms_provider::Behaviour::honest); });
}

void ProviderWire::intercept(sim::PersonId who, Certificate certificate, Duration lasts) {
    sim::Scheduler& scheduler = world().scheduler();
    scheduler.cancel(middle_ends_);
    middle_ = Middle{who, certificate};
    const auto tell = [this, who](double present) {
        world().witness(sim::FactKind::sms_intercepted, {}, world().person(who).name, gateway_.name,
                        0, present);
    };
    tell(1);
    middle_ends_ = scheduler.after(lasts, [this, tell] {
        middle_.reset();
        tell(0);
    });
}

void ProviderWire::forge_reports(sim::PersonId who, Duration lasts) {
    sim::Scheduler& scheduler = world().scheduler();
    scheduler.cancel(forging_ends_);
    forger_ = who;
    forging_ends_ = scheduler.after(lasts, [this] { forger_ = {}; });
}

// He passes on what he reads, so that nobody notices.
void ProviderWire::overhear(const sms_provider::Request& asked, std::uint64_t message) {
    if (asked.method != "POST") return;
    std::string text = asked.authorization + "\n";
    std::string code;
    const auto fields = pi::parse_form(asked.body);
    if (!fields) return;
    for (const auto& [name, value] : *fields) {
        text.append(name).append(" ").append(value).append("\n");
        for (const std::string_view digits : pi::digit_runs(value)) {
            if (digits.size() == code_digits) code = digits;
        }
    }
    const std::string& who = world().person(middle_->who).name;
    if (message != 0) {
        world().witness(sim::FactKind::sms_overheard, {}, who, gateway_.name,
                        static_cast<std::int64_t>(message));
    }
    heard_(who, text, code);
}

}  // namespace strongroom::scenarios
