// A certificate authority for tests and for trying things out, made anew at each run: who trusts it
// trusts this process. Never for a door. Throws std::runtime_error when OpenSSL does not oblige.
#pragma once

#include <memory>
#include <string>

namespace strongroom::sms_provider {

// In PEM.
struct Identity {
    std::string certificate;
    std::string key;
};

class Authority {
public:
    Authority();
    ~Authority();
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    [[nodiscard]] std::string certificate() const;  // in PEM
    // For `host`, a name or an IPv4 address. Valid from `from` to `until` days from now.
    [[nodiscard]] Identity issue(const std::string& host, int from = -1, int until = 30) const;
    // Signed by nobody but itself.
    [[nodiscard]] static Identity self_signed(const std::string& host);

private:
    struct Keys;
    std::unique_ptr<Keys> keys_;
};

}  // namespace strongroom::sms_provider
