// The small codes of the wire: forms, base64, the providers' signature. Written for the emulator
// alone, so that a mistake in a driver is not made twice. Private to sms_provider.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace strongroom::sms_provider {

using Fields = std::map<std::string, std::string>;

[[nodiscard]] Fields read_form(std::string_view form);
[[nodiscard]] std::string write_form(const Fields& fields);
[[nodiscard]] std::string base64(std::string_view bytes);
// Twilio's: HMAC-SHA1 over the address and the sorted fields, in base64.
[[nodiscard]] std::string sign(std::string_view token, std::string_view url, const Fields& fields);

}  // namespace strongroom::sms_provider
