#include "wire.h"

#include <array>
#include <cstdio>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/assert.h"

namespace strongroom::sms_provider {
namespace {

std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::string escape(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                           (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
        if (plain) {
            out += c;
        } else {
            std::array<char, 4> code{};
            std::snprintf(code.data(), code.size(), "%%%02X", static_cast<unsigned char>(c));
            out += code.data();
        }
    }
    return out;
}

}  // namespace

Fields read_form(std::string_view form) {
    Fields fields;
    while (!form.empty()) {
        const std::string_view pair = form.substr(0, form.find('&'));
        form.remove_prefix(pair.size() == form.size() ? pair.size() : pair.size() + 1);
        const std::string_view name = pair.substr(0, pair.find('='));
        const bool valued = name.size() < pair.size();
        fields[unescape(name)] = valued ? unescape(pair.substr(name.size() + 1)) : "";
    }
    return fields;
}

std::string write_form(const Fields& fields) {
    std::string form;
    for (const auto& [name, value] : fields) {
        if (!form.empty()) form += '&';
        form += escape(name) + '=' + escape(value);
    }
    return form;
}

std::string base64(std::string_view bytes) {
    std::vector<unsigned char> text(4 * ((bytes.size() + 2) / 3) + 1);
    const int size =
        EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                        static_cast<int>(bytes.size()));
    return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

std::string sign(std::string_view token, std::string_view url, const Fields& fields) {
    std::string text(url);
    for (const auto& [name, value] : fields) text.append(name).append(value);
    std::array<char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    const auto* made = HMAC(EVP_sha1(), token.data(), static_cast<int>(token.size()),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                            reinterpret_cast<unsigned char*>(mac.data()), &size);
    STRONGROOM_ASSERT(made != nullptr);
    return base64({mac.data(), size});
}

}  // namespace strongroom::sms_provider
