// The address of a provider as a deployer configures it. While composing only.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace strongroom::pi {

// A setting for short messages that cannot be right. The text says what, where and what to do, and
// holds no secret.
class SmsSettingsError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct BaseAddress {
    std::string scheme;  // "https", or "http" where it is allowed
    std::string host;
    int port = 0;
    std::string text;  // the whole, without a slash at the end
};

// `setting` is what the error names. "https://host[:port][/path]"; "http://" is refused unless
// `plain_loopback` is set and the host is 127.0.0.1, [::1] or localhost. User names, queries and
// fragments are refused. Throws SmsSettingsError.
[[nodiscard]] BaseAddress parse_base_address(std::string_view setting, std::string_view address,
                                             bool plain_loopback);

}  // namespace strongroom::pi
