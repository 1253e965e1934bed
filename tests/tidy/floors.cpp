// Which folder may use which: the floors of the architecture.
#include <algorithm>
#include <array>
#include <string>

#include "rules.h"

namespace tidy {
namespace {

struct Folder {
    std::string_view name;     // target and include root
    std::string_view path;     // where it lives
    std::string_view may_use;  // names, each between blanks; itself is understood
};

#define STRONGROOM_CORE " base yaml hal auth watch bank devices vision store config terminal "
constexpr std::array folders{
    Folder{"base", "core/base", " "},
    Folder{"yaml", "core/yaml", " base "},
    Folder{"hal", "core/hal", " base "},
    Folder{"auth", "core/auth", " base "},
    Folder{"watch", "core/watch", " base "},
    Folder{"bank", "core/bank", " base "},
    Folder{"devices", "core/devices", " base hal "},
    Folder{"vision", "core/vision", " base hal "},
    Folder{"store", "core/store", " base hal auth bank "},
    Folder{"config", "core/config", " base yaml auth watch "},
    Folder{"terminal", "core/terminal", STRONGROOM_CORE},
    // Of two folders, one inside the other, the inner one stands first.
    Folder{"sim_camera", "backends/sim/camera",
           STRONGROOM_CORE " sim people face_model liveness_model "},
    Folder{"people", "backends/sim/people", STRONGROOM_CORE},
    Folder{"face_model_training", "backends/sim/face_model/training",
           STRONGROOM_CORE " people face_model biometrics "},
    Folder{"face_model", "backends/sim/face_model", STRONGROOM_CORE " people "},
    Folder{"liveness_model", "backends/sim/liveness_model", STRONGROOM_CORE " people face_model "},
    Folder{"fingerprint", "backends/sim/fingerprint", STRONGROOM_CORE " sim "},
    Folder{"sms_provider", "backends/sim/sms_provider", " base "},
    Folder{"sim", "backends/sim", STRONGROOM_CORE},
    Folder{"pi", "backends/pi", STRONGROOM_CORE},
    Folder{"biometrics", "scenarios/biometrics", " base "},  // statistics, used by scenarios and ui
    // Judges look at the world alone: no session, no store.
    Folder{"checkers", "scenarios/checkers", " base sim scenarios "},
    Folder{"report", "scenarios/report", " base yaml sim scenarios biometrics "},
    Folder{"parts", "scenarios/parts", STRONGROOM_CORE " sim fingerprint pi scenarios "},
    Folder{"rendered", "scenarios/rendered",
           STRONGROOM_CORE
           " sim sim_camera people face_model liveness_model biometrics scenarios "},
    // `rendered` for the mutants, which are programs.
    Folder{"scenarios", "scenarios",
           STRONGROOM_CORE " sim fingerprint pi sms_provider biometrics checkers parts rendered "},
    Folder{"cli", "ui/cli",
           STRONGROOM_CORE " sim sim_camera people face_model liveness_model fingerprint pi "
                           "sms_provider scenarios rendered biometrics report panel "},
    Folder{"panel", "ui/panel",
           STRONGROOM_CORE " sim sim_camera people face_model liveness_model fingerprint pi "
                           "scenarios rendered biometrics report "},
};
#undef STRONGROOM_CORE

const Folder* folder_named(std::string_view name) {
    const auto* found = std::find_if(folders.begin(), folders.end(),
                                     [&](const Folder& folder) { return folder.name == name; });
    return found == folders.end() ? nullptr : found;
}

bool may_use(const Folder& user, std::string_view used) {
    if (user.name == used) return true;
    return user.may_use.find(std::string(" ").append(used) + " ") != std::string_view::npos;
}

struct Include {
    std::string_view target;
    bool quoted = false;
};

// The file that an #include line names; an empty target on any other line.
Include include_of(std::string_view line) {
    const std::size_t hash = line.find_first_not_of(" \t");
    if (hash == std::string_view::npos || line[hash] != '#') return {};
    const std::size_t word = line.find_first_not_of(" \t", hash + 1);
    if (word == std::string_view::npos || !line.substr(word).starts_with("include")) return {};
    const std::size_t open = line.find_first_of("\"<", word);
    if (open == std::string_view::npos) return {};
    const std::size_t close = line.find_first_of("\">", open + 1);
    if (close == std::string_view::npos) return {};
    return {line.substr(open + 1, close - open - 1), line[open] == '"'};
}

void check_include(const Folder& folder, const SourceFile& file, std::size_t line,
                   const Include& include, Findings& findings) {
    const auto report = [&](const std::string& message) {
        findings.push_back({file.path, line, message});
    };
    if (include.target.find("..") != std::string_view::npos) {
        report(std::string("includes ").append(include.target) + ": name it from its include root");
        return;
    }
    const std::size_t slash = include.target.find('/');
    if (slash == std::string_view::npos) return;  // beside this file, or the standard library
    const std::string_view root = include.target.substr(0, slash);
    if (folder_named(root) != nullptr) {
        if (!may_use(folder, root)) {
            report(std::string(folder.name).append(" may not include ").append(include.target) +
                   ": includes point down only");
        }
    } else if (include.quoted) {
        report(std::string("includes \"").append(include.target) +
               "\", which is under no folder's include root; a library's header stands in <>");
    }
}

void check_links(const Folder& folder, const SourceFile& file, Findings& findings) {
    constexpr std::string_view prefix = "strongroom::";
    for (std::size_t at = file.text.find(prefix); at != std::string::npos;
         at = file.text.find(prefix, at + 1)) {
        const std::size_t start = at + prefix.size();
        const std::size_t end = file.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", start);
        const std::string used = file.text.substr(start, end - start);
        if (folder_named(used) != nullptr && !may_use(folder, used)) {
            findings.push_back({file.path, line_at(file.text, at),
                                std::string(folder.name) + " may not link strongroom::" + used +
                                    ": dependencies point down only"});
        }
    }
}

// Headers that reach beyond memory.
constexpr std::array io_headers{
    std::string_view{"fstream"},    std::string_view{"iostream"},
    std::string_view{"filesystem"}, std::string_view{"cstdio"},
    std::string_view{"stdio.h"},    std::string_view{"thread"},
    std::string_view{"mutex"},      std::string_view{"future"},
    std::string_view{"atomic"},     std::string_view{"condition_variable"},
    std::string_view{"unistd.h"},   std::string_view{"fcntl.h"},
    std::string_view{"sqlite3.h"},
};
constexpr std::array io_folders{std::string_view{"sys/"}, std::string_view{"opencv2/"},
                                std::string_view{"dlib/"}, std::string_view{"curl/"},
                                std::string_view{"yaml-cpp/"}};

bool reaches_out(std::string_view header) {
    return std::find(io_headers.begin(), io_headers.end(), header) != io_headers.end() ||
           std::any_of(io_folders.begin(), io_folders.end(),
                       [&](std::string_view folder) { return header.starts_with(folder); });
}

constexpr std::array vision_libraries{std::string_view{"opencv2/"}, std::string_view{"dlib/"}};

bool is_vision_library(std::string_view header) {
    return std::any_of(vision_libraries.begin(), vision_libraries.end(),
                       [&](std::string_view folder) { return header.starts_with(folder); });
}

// Calls `visit(line, include)` for each #include of `file`.
template <class Visit>
void for_each_include(const SourceFile& file, const Visit& visit) {
    const auto lines = lines_of(file.code);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Include include = include_of(lines[i]);
        if (!include.target.empty()) visit(i + 1, include);
    }
}

}  // namespace

std::string_view floor_folder(std::string_view path) {
    for (const Folder& folder : folders) {
        if (is_below(path, folder.path)) return folder.name;
    }
    return {};
}

Findings floors_point_down(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        const Folder* folder = folder_named(floor_folder(file.path));
        if (folder == nullptr) continue;
        if (file.path.ends_with("CMakeLists.txt")) check_links(*folder, file, findings);
        for_each_include(file, [&](std::size_t line, const Include& include) {
            check_include(*folder, file, line, include, findings);
        });
    }
    return findings;
}

Findings rules_have_no_io(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        const std::string_view folder = floor_folder(file.path);
        if (folder != "auth" && folder != "watch" && folder != "bank") continue;
        for_each_include(file, [&](std::size_t line, const Include& include) {
            if (!reaches_out(include.target)) return;
            findings.push_back({file.path, line,
                                std::string(folder) + " decides and touches nothing: no <" +
                                    std::string(include.target) + "> here"});
        });
    }
    return findings;
}

Findings vision_libraries_stay_in_sources(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        if (!is_header(file.path)) continue;
        for_each_include(file, [&](std::size_t line, const Include& include) {
            if (!is_vision_library(include.target)) return;
            findings.push_back({file.path, line,
                                std::string("<").append(include.target) +
                                    "> in a header: OpenCV and dlib stay in .cpp files"});
        });
    }
    return findings;
}

}  // namespace tidy
