// Scenarios as files and folders, and what a scenario says of itself.
#include <algorithm>
#include <map>

#include "scenarios/loader.h"
#include "yaml/reader.h"

namespace strongroom::scenarios {

std::string_view to_string(PolicyName policy) {
    switch (policy) {
        case PolicyName::locker: return "locker";
        case PolicyName::locker_keyless: return "locker-keyless";
        case PolicyName::atm_access: return "atm-access";
    }
    return "invalid";
}

const CastMember* Scenario::member(std::string_view name) const {
    const auto found =
        std::find_if(cast.begin(), cast.end(), [&](const CastMember& m) { return m.name == name; });
    return found == cast.end() ? nullptr : &*found;
}

bool Scenario::available(Level level) const {
    return std::find(levels.begin(), levels.end(), level) != levels.end();
}

Scenario load_scenario(const std::filesystem::path& file) {
    constexpr std::size_t bytes_max = 1024 * 1024;
    return parse_scenario(yaml::read_file(file, bytes_max), file.string());
}

std::vector<std::filesystem::path> find_scenarios(const std::vector<std::filesystem::path>& paths) {
    std::vector<std::filesystem::path> out;
    for (const auto& path : paths) {
        std::error_code ignored;
        if (!std::filesystem::is_directory(path, ignored)) {
            if (!std::filesystem::exists(path, ignored)) {
                throw ScenarioError({path.string(), 1},
                                    "no such file or directory: give scenarios (*.yaml), or a "
                                    "directory of them");
            }
            out.push_back(path);
            continue;
        }
        std::vector<std::filesystem::path> inside;
        for (const auto& entry : std::filesystem::directory_iterator(path)) {
            if (entry.path().extension() == ".yaml") inside.push_back(entry.path());
        }
        if (inside.empty()) {
            throw ScenarioError({path.string(), 1}, "no scenario (*.yaml) in this directory");
        }
        std::sort(inside.begin(), inside.end());
        out.insert(out.end(), inside.begin(), inside.end());
    }
    return out;
}

std::vector<Scenario> load_scenarios(const std::vector<std::filesystem::path>& paths) {
    std::vector<Scenario> out;
    std::map<std::string, std::string> files;
    for (const auto& file : find_scenarios(paths)) {
        out.push_back(load_scenario(file));
        const auto [earlier, added] = files.emplace(out.back().id, out.back().file);
        if (!added) {
            throw ScenarioError({out.back().file, 1},
                                "the id '" + out.back().id + "' is that of " + earlier->second +
                                    " already: give each scenario an id of its own");
        }
    }
    return out;
}

}  // namespace strongroom::scenarios
