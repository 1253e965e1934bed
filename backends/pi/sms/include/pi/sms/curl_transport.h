// Transport over libcurl, on a thread of its own.
//
// TLS 1.2 or newer, the server's certificate and name verified, no redirection followed, no proxy
// from the environment, a connection for each request: so that nothing is ever repeated behind our
// back. What was answered beyond `answer_bytes_max` is cut and not used.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "base/time.h"
#include "pi/sms/transport.h"

namespace strongroom::pi {

struct CurlSettings {
    std::string base_url;  // "https://api.twilio.com"
    // PEM; who is trusted instead of the system's authorities. Empty: the system's.
    std::filesystem::path authorities;
    // Lets base_url be http:// on a loopback address: for an emulator, never for a provider.
    bool plain_loopback = false;
    Duration connect_timeout = std::chrono::seconds(3);
    Duration total_timeout = std::chrono::seconds(6);
    std::size_t answer_bytes_max = 65536;
};

class CurlTransport final : public Transport {
public:
    // Throws SmsSettingsError: an address that is refused, an unreadable file of authorities, a
    // time-out that is not above zero, a libcurl without TLS or without a resolver that does not
    // block.
    explicit CurlTransport(CurlSettings settings);
    ~CurlTransport() override;  // gives up what is under way, without waiting for the network
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;

    void start(std::uint64_t ticket, HttpRequest request) override;
    [[nodiscard]] std::optional<HttpAnswer> poll() override;

private:
    class Worker;
    std::unique_ptr<Worker> worker_;
};

}  // namespace strongroom::pi
