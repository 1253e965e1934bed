#include "pi/sms/signature.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/assert.h"
#include "base64.h"

namespace strongroom::pi {

std::string twilio_signature(const Secret& token, std::string_view public_url,
                             std::vector<FormField> fields) {
    std::sort(fields.begin(), fields.end());
    std::string text(public_url);
    for (const FormField& f : fields) text += f.first + f.second;
    std::array<std::byte, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    const auto* made = HMAC(EVP_sha1(), token.reveal().data(), static_cast<int>(token.size()),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                            reinterpret_cast<unsigned char*>(mac.data()), &size);
    // It fails only where SHA-1 is switched off; to go on would be to believe everybody.
    STRONGROOM_ASSERT(made != nullptr && size <= mac.size());
    return base64(std::span(mac).first(size));
}

bool signature_is_right(const Secret& token, std::string_view public_url,
                        const std::vector<FormField>& fields, std::string_view signature) {
    const std::string right = twilio_signature(token, public_url, fields);
    return equal_in_constant_time(std::as_bytes(std::span(right)),
                                  std::as_bytes(std::span(signature)));
}

}  // namespace strongroom::pi
