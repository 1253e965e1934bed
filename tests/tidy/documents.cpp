// Documents that name files name files that exist.
#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>

#include "rules.h"

namespace tidy {
namespace {

// A path in backticks that begins so is held to exist.
constexpr std::array folders{
    std::string_view{"core/"},      std::string_view{"backends/"}, std::string_view{"ui/"},
    std::string_view{"scenarios/"}, std::string_view{"bench/"},    std::string_view{"tests/"},
    std::string_view{"scripts/"},   std::string_view{"docs/"},
};

// All files, and all folders that hold one.
std::set<std::string> known_paths(const std::vector<std::string>& paths) {
    std::set<std::string> known;
    for (const std::string& path : paths) {
        known.insert(path);
        for (std::size_t slash = path.find('/'); slash != std::string::npos;
             slash = path.find('/', slash + 1)) {
            known.insert(path.substr(0, slash));
        }
    }
    return known;
}

bool exists(const std::set<std::string>& known, const std::string& path) {
    const std::string normal = std::filesystem::path(path).lexically_normal().generic_string();
    if (normal.empty() || normal == "." || normal == "./") return true;
    return known.contains(normal.ends_with('/') ? normal.substr(0, normal.size() - 1) : normal);
}

void check_links(const SourceFile& file, const std::set<std::string>& known, Findings& findings) {
    const std::string folder = std::filesystem::path(file.path).parent_path().generic_string();
    for (std::size_t at = file.text.find("]("); at != std::string::npos;
         at = file.text.find("](", at + 1)) {
        const std::size_t end = file.text.find_first_of(") \n", at + 2);
        std::string target = file.text.substr(at + 2, end - at - 2);
        if (target.find("://") != std::string::npos || target.starts_with("mailto:")) continue;
        target = target.substr(0, target.find('#'));
        if (target.empty()) continue;
        if (exists(known, folder.empty() ? target : folder + "/" + target)) continue;
        findings.push_back(
            {file.path, line_at(file.text, at), "links to " + target + ", which does not exist"});
    }
}

void check_named_paths(const SourceFile& file, const std::set<std::string>& known,
                       Findings& findings) {
    std::size_t open = file.text.find('`');
    while (open != std::string::npos) {
        const std::size_t close = file.text.find('`', open + 1);
        if (close == std::string::npos) return;
        std::string name = file.text.substr(open + 1, close - open - 1);
        const std::size_t line = line_at(file.text, open);
        open = file.text.find('`', close + 1);
        const bool ours = std::any_of(folders.begin(), folders.end(), [&](std::string_view start) {
            return name.starts_with(start);
        });
        // Placeholders and patterns name no one file; `scripts/test --help` names its first word.
        if (!ours || name.find_first_of("<>*{}$\n") != std::string::npos ||
            name.find("...") != std::string::npos || name.find("NNNN") != std::string::npos) {
            continue;
        }
        name = name.substr(0, name.find_first_of(" :"));
        if (exists(known, name)) continue;
        findings.push_back({file.path, line, "names " + name + ", which does not exist"});
    }
}

}  // namespace

Findings documents_name_what_exists(const Files& files, const std::vector<std::string>& paths) {
    Findings findings;
    const std::set<std::string> known = known_paths(paths);
    for (const SourceFile& file : files) {
        if (!file.path.ends_with(".md")) continue;
        check_links(file, known, findings);
        check_named_paths(file, known, findings);
    }
    return findings;
}

}  // namespace tidy
