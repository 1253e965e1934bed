// The settings that an arm of kind `value` may change, by their dotted names: "code.lifetime",
// "watch.held_open_after". Private to scenarios.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/policy.h"
#include "watch/watch.h"

namespace strongroom::scenarios {

struct Settings {
    auth::Policy policy;
    watch::Rules rules;
};

[[nodiscard]] const std::vector<std::string>& setting_names();

// Throws std::invalid_argument: unknown name, or a value of another type.
void change_setting(Settings& settings, std::string_view name, std::string_view value);

}  // namespace strongroom::scenarios
