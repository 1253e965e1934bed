// Twilio's signature of a request to our callback address: base64 of HMAC-SHA1, keyed with the
// account's token, over the public address followed by each field's name and value, sorted by name.
// SHA-1 is the provider's choice; as a keyed hash it is not known to be weak. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "pi/sms/form.h"

namespace strongroom::pi {

[[nodiscard]] std::string twilio_signature(const Secret& token, std::string_view public_url,
                                           std::vector<FormField> fields);
// Compared in constant time.
[[nodiscard]] bool signature_is_right(const Secret& token, std::string_view public_url,
                                      const std::vector<FormField>& fields,
                                      std::string_view signature);

}  // namespace strongroom::pi
