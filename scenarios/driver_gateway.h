// One terminal's account with one provider of short messages, through the production driver.
// Private to scenarios. Runner thread only.
#pragma once

#include <memory>

#include "pi/sms/http_gateway.h"
#include "provider_wire.h"

namespace strongroom::scenarios {

// What stands in for the drivers' defences.
struct SmsParts {
    pi::ServerProof proof = pi::server_proof;
    bool reports_signed = true;  // false: whoever posts a report is believed
    bool answers_read = true;    // false: HTTP's status is taken for the provider's answer
};

class DriverGateway final : public hal::SmsGateway {
public:
    // `preference`: 1 for the gateway that is asked first. All outlive this.
    DriverGateway(ProviderWire& wire, sim::SiteId site, int preference, hal::Clock& clock,
                  const SmsParts& parts);
    ~DriverGateway() override;
    DriverGateway(const DriverGateway&) = delete;
    DriverGateway& operator=(const DriverGateway&) = delete;

    [[nodiscard]] Result<void> submit(const hal::SmsMessage& message) override;
    [[nodiscard]] Result<std::optional<hal::SmsDelivery>> poll_delivery() override;

    // The process that used it died: the driver knows nothing any more.
    void restart();

private:
    // The drivers' two interfaces, onto one line.
    class Transport final : public pi::Transport {
    public:
        Transport(ProviderWire& wire, std::shared_ptr<SmsLine> line)
            : wire_(wire), line_(std::move(line)) {}
        void start(std::uint64_t ticket, pi::HttpRequest request) override;
        [[nodiscard]] std::optional<pi::HttpAnswer> poll() override;

    private:
        ProviderWire& wire_;
        std::shared_ptr<SmsLine> line_;
    };
    class Reports final : public pi::CallbackSource {
    public:
        explicit Reports(std::shared_ptr<SmsLine> line) : line_(std::move(line)) {}
        [[nodiscard]] std::optional<pi::Callback> next() override;

    private:
        std::shared_ptr<SmsLine> line_;
    };
    [[nodiscard]] std::unique_ptr<pi::HttpGateway> make_driver();
    void hang_up();

    ProviderWire& wire_;
    sim::SiteId site_;
    int preference_;
    hal::Clock& clock_;
    SmsParts parts_;
    std::shared_ptr<SmsLine> line_;
    std::unique_ptr<Transport> transport_;
    std::unique_ptr<Reports> reports_;
    std::unique_ptr<pi::HttpGateway> driver_;
};

}  // namespace strongroom::scenarios
