// Listens for Twilio's delivery reports, on threads of its own.
//
// A path for each account, POST only, bodies of 8 KiB at most, short time-outs: everything else is
// refused and noted. Whether a report is the provider's is judge_callback()'s to say; what is not
// is never believed, it comes out as such, so that it can be counted and reported. The address that
// the provider calls (`public_url`) usually ends at a reverse proxy: plain http is therefore taken
// on a loopback address only, elsewhere a certificate is needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pi/sms/callback.h"

namespace strongroom::pi {

// Where one account's reports come: `path` is that of `rules.public_url`, behind any proxy too.
struct CallbackAccount {
    CallbackRules rules;
    std::string path = "/sms/status";
};

// The address at which the account of this number (0, 1, ...) is reported to: the first one at
// `public_url`, the others at numbers below it, /2, /3. Throws SmsSettingsError for one without a
// path.
struct CallbackAddress {
    std::string url;
    std::string path;
};
[[nodiscard]] CallbackAddress callback_address(const std::string& public_url, std::size_t account);

struct CallbackSettings {
    std::vector<CallbackAccount> accounts;  // one or more, of different paths
    std::string listen = "127.0.0.1";
    int port = 0;                       // 0: any that is free
    std::filesystem::path certificate;  // PEM, with its chain; empty: plain http on loopback
    std::filesystem::path key;          // PEM
};

class CallbackServer final {
public:
    // Listens when this returns. Throws SmsSettingsError: an address outside loopback without a
    // certificate, a public address that is not https, an unreadable certificate or key, a port in
    // use.
    explicit CallbackServer(CallbackSettings settings);
    ~CallbackServer();
    CallbackServer(const CallbackServer&) = delete;
    CallbackServer& operator=(const CallbackServer&) = delete;

    // What was said to one account, in the order of the settings; outlived by this. What comes to
    // no account's path is told to the first. Of more than 256 reports that wait, those not
    // believed are dropped first (and stay counted).
    [[nodiscard]] CallbackSource& source(std::size_t account = 0);
    [[nodiscard]] int port() const;
    // Requests that were not the provider's, since the start. Any thread.
    [[nodiscard]] std::uint64_t refused() const;

private:
    class Listener;
    std::unique_ptr<Listener> listener_;
};

}  // namespace strongroom::pi
