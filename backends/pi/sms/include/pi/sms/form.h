// application/x-www-form-urlencoded: writing it, and reading what strangers send. Pure functions;
// any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace strongroom::pi {

using FormField = std::pair<std::string, std::string>;

inline constexpr std::size_t form_bytes_max = 8192;
inline constexpr std::size_t form_fields_max = 64;

// Appends "&name=value" (without '&' at the start of `form`), percent-encoded as RFC 3986 says.
void append_field(std::string& form, std::string_view name, std::string_view value);
// Percent-encoded for use as one part of a path or of a query.
[[nodiscard]] std::string percent_encoded(std::string_view text);
// The fields in order. None: longer than form_bytes_max, more than form_fields_max fields, a field
// without a name, a name that stands twice, an incomplete %-sequence, or a zero byte.
[[nodiscard]] std::optional<std::vector<FormField>> parse_form(std::string_view form);
// The value of the field, or nothing.
[[nodiscard]] std::optional<std::string_view> field(const std::vector<FormField>& fields,
                                                    std::string_view name);

}  // namespace strongroom::pi
