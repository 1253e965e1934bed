// The model of providers behind a real HTTP server on the loopback address, with delivery reports
// posted to whoever asked for them. For tests, and for `strongroom emulate sms`.
//
// It works on threads of its own; every member function may be called from any thread. Throws
// std::runtime_error when it cannot listen.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sms_provider/authority.h"
#include "sms_provider/provider.h"

namespace strongroom::sms_provider {

struct ServerSetup {
    Accounts accounts;
    std::string address = "127.0.0.1";
    int port = 0;                      // 0: any that is free
    std::optional<Identity> identity;  // TLS with this certificate; none: plain http
    Duration deliver_after = std::chrono::seconds(2);  // from taken to delivered
    Duration late_by = std::chrono::seconds(30);       // of an answer that comes late
    bool legacy_tls = false;                           // TLS 1.1 and older only
};

class Server {
public:
    explicit Server(ServerSetup setup);
    ~Server();  // waits for nothing but its own threads
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] int port() const;
    [[nodiscard]] std::string base_url(const std::string& host = "localhost") const;

    void behave(Behaviour behaviour, int times = -1);
    // What has been seen: requests of any kind, and of their bodies' bytes.
    [[nodiscard]] std::uint64_t requests() const;
    [[nodiscard]] std::uint64_t body_bytes() const;
    [[nodiscard]] std::vector<Taken> taken() const;
    // Messages whose state is `delivered`.
    [[nodiscard]] std::size_t delivered() const;
    // Reports answered with a status below 300, and those that were not.
    [[nodiscard]] std::uint64_t reports_taken() const;
    [[nodiscard]] std::uint64_t reports_refused() const;
    // Posts a report that the provider did not sign. False when it was refused or nobody answered.
    bool post_forged(std::size_t index, std::string_view state);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace strongroom::sms_provider
