// The driver of short messages over loopback TLS, before the emulated provider. What is observed is
// what the provider has taken and delivered.
//
// Only Twilio takes part: Fast2SMS sends digits, not texts, and its delivery reports, which nobody
// signs, are not believed; what it does promise is in tests/sms.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <thread>

#include "pi/sms/callback_server.h"
#include "pi/sms/curl_transport.h"
#include "pi/sms/gateways.h"
#include "pi/system.h"
#include "rigs/rigs.h"
#include "sms_provider/server.h"

namespace strongroom::conformance {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// Notes which messages the driver has taken, so that the rig knows what is still to come.
class Counted final : public hal::SmsGateway {
public:
    explicit Counted(hal::SmsGateway& inner) : inner_(inner) {}
    Result<void> submit(const hal::SmsMessage& message) override {
        Result<void> taken = inner_.submit(message);
        if (taken) ids_.insert(message.id.value);
        return taken;
    }
    Result<std::optional<hal::SmsDelivery>> poll_delivery() override {
        return inner_.poll_delivery();
    }
    [[nodiscard]] std::size_t messages() const { return ids_.size(); }

private:
    hal::SmsGateway& inner_;
    std::set<std::uint64_t> ids_;
};

class Folder {
public:
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "strongroom-rig-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::filesystem::path write(const std::string& text) const {
        std::ofstream(path_ / "authority.pem") << text;
        return path_ / "authority.pem";
    }

private:
    std::filesystem::path path_;
};

class TwilioRig final : public SmsRig {
public:
    TwilioRig() {
        sms_provider::ServerSetup setup;
        setup.identity = authority_.issue("localhost");
        setup.deliver_after = 200ms;
        provider_ = std::make_unique<sms_provider::Server>(setup);
        listen(setup.accounts);
        pi::CurlSettings curl;
        curl.base_url = provider_->base_url();
        curl.authorities = folder_.write(authority_.certificate());
        transport_ = std::make_unique<pi::CurlTransport>(std::move(curl));
        pi::twilio::Account account;
        account.sid = setup.accounts.twilio_sid;
        account.secret = Secret(std::string_view(setup.accounts.twilio_token));
        account.from = "+15005550006";
        account.status_callback = callback_url_;
        gateway_ = std::make_unique<pi::TwilioGateway>(clock_, *transport_, std::move(account),
                                                       pi::SmsTiming{}, pi::SmsEventSink{},
                                                       &callbacks_->source());
        counted_ = std::make_unique<Counted>(*gateway_);
    }
    hal::SmsGateway& device() override { return *counted_; }
    // Until everything that was taken is delivered and reported, and a little longer: long enough
    // for what should not be sent to be seen.
    void advance(Duration) override {
        const auto limit = steady_clock::now() + 20s;
        while (provider_->reports_taken() < counted_->messages() && steady_clock::now() < limit) {
            std::this_thread::sleep_for(1ms);
        }
        std::this_thread::sleep_for(250ms);
    }
    SmsObserved observed() override { return {provider_->taken().size(), provider_->delivered()}; }
    [[nodiscard]] std::string number() const override { return "+919812345678"; }
    [[nodiscard]] Duration delivers_within() const override { return 1s; }

private:
    // The provider must know the port before it is asked for: another process may take it first.
    void listen(const sms_provider::Accounts& accounts) {
        constexpr int first_port = 20000;
        constexpr int last_port = 30000;
        for (int port = first_port; callbacks_ == nullptr; ++port) {
            pi::CallbackSettings settings;
            settings.port = port;
            pi::CallbackAccount account;
            callback_url_ = "http://127.0.0.1:" + std::to_string(port) + account.path;
            account.rules = {callback_url_, accounts.twilio_sid,
                             Secret(std::string_view(accounts.twilio_token))};
            settings.accounts.push_back(std::move(account));
            try {
                callbacks_ = std::make_unique<pi::CallbackServer>(std::move(settings));
            } catch (const pi::SmsSettingsError&) {
                if (port == last_port) throw;
            }
        }
    }

    sms_provider::Authority authority_;
    Folder folder_;
    pi::SystemClock clock_;
    std::string callback_url_;
    std::unique_ptr<pi::CallbackServer> callbacks_;
    std::unique_ptr<sms_provider::Server> provider_;
    std::unique_ptr<pi::CurlTransport> transport_;
    std::unique_ptr<pi::TwilioGateway> gateway_;
    std::unique_ptr<Counted> counted_;
};

}  // namespace

void add_pi_sms(Registry& registry) {
    registry.sms_gateways.push_back(
        {"pi twilio", [] { return std::make_unique<TwilioRig>(); }, {}});
}

}  // namespace strongroom::conformance
