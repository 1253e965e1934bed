// The values of a policy and of the alarm rules by their dotted names: "code.lifetime",
// "watch.held_open_after". A deployer's configuration and a scenario's arm change them by name.
// Whether the result is fit for a door is for Policy::check() and Rules::check() to say. Any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/policy.h"
#include "watch/watch.h"

namespace strongroom::config {

struct Settings {
    auth::Policy policy;
    watch::Rules rules;
};

[[nodiscard]] const std::vector<std::string>& setting_names();

// Throws std::invalid_argument: unknown name, or a value of another type.
void change_setting(Settings& settings, std::string_view name, std::string_view value);

}  // namespace strongroom::config
