// Listens for Twilio's delivery reports, on threads of its own.
//
// One path, POST only, bodies of 8 KiB at most, short time-outs: everything else is refused and
// noted. Whether a report is the provider's is judge_callback()'s to say; what is not is never
// believed, it comes out as such, so that it can be counted and reported. The address that the
// provider calls (`public_url`) usually ends at a reverse proxy: plain http is therefore taken on a
// loopback address only, elsewhere a certificate is needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "pi/sms/callback.h"

namespace strongroom::pi {

struct CallbackSettings {
    CallbackRules rules;
    std::string listen = "127.0.0.1";
    int port = 0;  // 0: any that is free
    std::string path = "/sms/status";
    std::filesystem::path certificate;  // PEM, with its chain; empty: plain http on loopback
    std::filesystem::path key;          // PEM
};

class CallbackServer final : public CallbackSource {
public:
    // Listens when this returns. Throws SmsSettingsError: an address outside loopback without a
    // certificate, a public address that is not https, an unreadable certificate or key, a port in
    // use.
    explicit CallbackServer(CallbackSettings settings);
    ~CallbackServer() override;
    CallbackServer(const CallbackServer&) = delete;
    CallbackServer& operator=(const CallbackServer&) = delete;

    // Of more than 256 that wait, those not believed are dropped first (and stay counted).
    [[nodiscard]] std::optional<Callback> next() override;
    [[nodiscard]] int port() const;
    // Requests that were not the provider's, since the start. Any thread.
    [[nodiscard]] std::uint64_t refused() const;

private:
    class Listener;
    std::unique_ptr<Listener> listener_;
};

}  // namespace strongroom::pi
