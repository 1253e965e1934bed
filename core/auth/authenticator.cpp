#include "auth/authenticator.h"

#include <algorithm>
#include <string>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/assert.h"

namespace strongroom::auth {

namespace {

constexpr std::size_t mac_size = 20;  // of HMAC-SHA-1

// As capacity() is reserved at once, no pieces are left behind by a string that grows.
class SecretText {
public:
    explicit SecretText(std::size_t capacity) { text_.reserve(capacity); }
    SecretText(const SecretText&) = delete;
    SecretText& operator=(const SecretText&) = delete;
    ~SecretText() { wipe(std::as_writable_bytes(std::span(text_))); }
    void add(char c) { text_ += c; }
    void add(std::string_view more) { text_ += more; }
    [[nodiscard]] Secret take() const { return Secret(std::string_view(text_)); }

private:
    std::string text_;
};

void add_base32(SecretText& out, const AuthenticatorSeed& seed, std::size_t group) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned bits = 0;
    unsigned held = 0;
    std::size_t written = 0;
    for (const std::byte byte : seed.reveal()) {
        bits = bits << 8U | std::to_integer<unsigned>(byte);
        for (held += 8; held >= 5;) {
            held -= 5;
            if (group != 0 && written != 0 && written % group == 0) out.add(' ');
            out.add(alphabet[bits >> held & 31U]);
            ++written;
        }
        bits &= (1U << held) - 1;
    }
}

void add_escaped(SecretText& out, std::string_view text) {
    constexpr std::string_view hexadecimal = "0123456789ABCDEF";
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (plain) {
            out.add(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.add('%');
        out.add(hexadecimal[byte >> 4U]);
        out.add(hexadecimal[byte & 15U]);
    }
}

}  // namespace

AuthenticatorSeed::AuthenticatorSeed(std::span<const std::byte, size> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

CodeDigits authenticator_code(const AuthenticatorSeed& seed, TimeStep step, int digits) {
    STRONGROOM_ASSERT(digits >= 6 && digits <= 8);
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i) {
        counter.at(i) =
            static_cast<unsigned char>(static_cast<std::uint64_t>(step.number) >> (56 - 8 * i));
    }
    std::array<unsigned char, mac_size> mac{};
    unsigned size = 0;
    const auto* made =
        HMAC(EVP_sha1(), seed.reveal().data(), static_cast<int>(AuthenticatorSeed::size),
             counter.data(), counter.size(), mac.data(), &size);
    if (made == nullptr || size != mac.size()) return {};
    // RFC 4226, 5.3: four bytes from where the last half-byte points, without their sign.
    const std::size_t at = mac.back() & 15U;
    std::uint32_t number = mac.at(at) & 0x7fU;
    for (std::size_t i = 1; i < 4; ++i) number = number << 8U | mac.at(at + i);
    std::array<char, CodeDigits::capacity> text{};
    for (int k = digits - 1; k >= 0; --k, number /= 10) {
        text.at(static_cast<std::size_t>(k)) = static_cast<char>('0' + number % 10);
    }
    const CodeDigits code({text.data(), static_cast<std::size_t>(digits)});
    wipe(std::as_writable_bytes(std::span(text)));
    wipe(std::as_writable_bytes(std::span(mac)));
    return code;
}

std::optional<TimeStep> step_of_code(const AuthenticatorSeed& seed, const CodeDigits& entered,
                                     TimeStep now, int delay_steps, int digits) {
    STRONGROOM_ASSERT(delay_steps >= 0);
    std::optional<TimeStep> found;
    const std::string_view typed = entered.reveal();
    // All of them, whatever the first ones say.
    for (std::int64_t k = -delay_steps; k <= delay_steps; ++k) {
        const TimeStep step{now.number + k};
        const CodeDigits code = authenticator_code(seed, step, digits);
        const std::string_view right = code.reveal();
        const bool same = equal_in_constant_time(std::as_bytes(std::span(right)),
                                                 std::as_bytes(std::span(typed)));
        if (same && code.valid()) found = step;
    }
    return found;
}

Secret seed_in_base32(const AuthenticatorSeed& seed) {
    SecretText out(64);
    add_base32(out, seed, 4);
    return out.take();
}

Secret provisioning_uri(const AuthenticatorSeed& seed, std::string_view issuer,
                        std::string_view account, int digits) {
    SecretText out(128 + 6 * (issuer.size() + account.size()));
    out.add("otpauth://totp/");
    add_escaped(out, issuer);
    out.add(':');
    add_escaped(out, account);
    out.add("?secret=");
    add_base32(out, seed, 0);
    out.add("&issuer=");
    add_escaped(out, issuer);
    out.add("&algorithm=SHA1&digits=" + std::to_string(digits) + "&period=30");
    return out.take();
}

}  // namespace strongroom::auth
