#include "pi/sms/base_address.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace strongroom::pi {
namespace {

bool is_loopback(std::string_view host) {
    return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

bool is_host(std::string_view host) {
    if (host.starts_with('[')) {
        return host.size() > 2 && host.ends_with(']') &&
               host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
    }
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-';
    });
}

// 1 to 65535, or 0 when it is none.
int port_of(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size()) return 0;
    return port < 1 || port > 65535 ? 0 : port;
}

}  // namespace

BaseAddress parse_base_address(std::string_view setting, std::string_view address,
                               bool plain_loopback) {
    const auto wrong = [&](const std::string& text) {
        return SmsSettingsError(std::string(setting) + " '" + std::string(address) + "': " + text);
    };
    BaseAddress base;
    constexpr std::string_view separator = "://";
    const std::size_t at = address.find(separator);
    if (at == std::string_view::npos) throw wrong("it must begin with https://");
    base.scheme = address.substr(0, at);
    std::string_view rest = address.substr(at + separator.size());
    if (base.scheme != "https" && base.scheme != "http") throw wrong("it must begin with https://");
    if (std::any_of(rest.begin(), rest.end(), [](char c) { return c <= ' ' || c >= 127; }) ||
        rest.find_first_of("@?#\\\"") != std::string_view::npos) {
        throw wrong("only a host, a port and a path may stand in it");
    }
    while (rest.ends_with('/')) rest.remove_suffix(1);
    const std::string_view authority = rest.substr(0, rest.find('/'));
    const std::size_t bracket = authority.find(']');
    const std::size_t colon =
        authority.find(':', bracket == std::string_view::npos ? 0 : bracket + 1);
    base.host = authority.substr(0, colon);
    base.port = base.scheme == "https" ? 443 : 80;
    if (colon != std::string_view::npos) base.port = port_of(authority.substr(colon + 1));
    if (!is_host(base.host) || base.port == 0) throw wrong("it has no valid host and port");
    if (base.scheme == "http" && !(plain_loopback && is_loopback(base.host))) {
        throw wrong(
            "codes are sent over verified TLS only; plain http is for an emulator on 127.0.0.1, "
            "and only where the configuration says so (plain_loopback)");
    }
    base.text = base.scheme + std::string(separator) + std::string(rest);
    return base;
}

}  // namespace strongroom::pi
