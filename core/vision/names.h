// Private: telling people which name they may have meant.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace strongroom::vision {

// The known name with the fewest edits to `name`, if at most a third of it differs; else nothing.
[[nodiscard]] std::string_view nearest(std::string_view name,
                                       std::span<const std::string_view> known);

// "; did you mean 'detector'?", or nothing.
[[nodiscard]] std::string suggestion(std::string_view name,
                                     std::span<const std::string_view> known);
[[nodiscard]] inline std::string suggestion(std::string_view name,
                                            std::initializer_list<std::string_view> known) {
    return suggestion(name, std::span(known.begin(), known.size()));
}

[[nodiscard]] std::string joined(std::span<const std::string_view> names);
[[nodiscard]] inline std::string joined(std::initializer_list<std::string_view> names) {
    return joined(std::span(names.begin(), names.size()));
}

}  // namespace strongroom::vision
