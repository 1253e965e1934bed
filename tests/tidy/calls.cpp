// What core never asks or does, so that the same readings give the same decisions.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string>

#include "rules.h"

namespace tidy {
namespace {

enum class Form : std::uint8_t { name, call };       // a word; a word followed by '('
enum class Where : std::uint8_t { core, replayed };  // core only; all that has to replay

struct Ban {
    std::string_view word;
    Form form;
    Where where;
    std::string_view instead;
};

constexpr std::string_view ask_clock = "time comes in as an argument, or from hal::Clock";
constexpr std::string_view never_sleep = "core never waits: say when to be called again";
constexpr std::string_view seeded = "randomness is hal::Entropy, or Rng with a seed in simulation";
constexpr std::string_view configured = "settings come from the configuration";
constexpr std::array bans{
    Ban{"system_clock", Form::name, Where::core, ask_clock},
    Ban{"steady_clock", Form::name, Where::core, ask_clock},
    Ban{"high_resolution_clock", Form::name, Where::core, ask_clock},
    Ban{"utc_clock", Form::name, Where::core, ask_clock},
    Ban{"file_clock", Form::name, Where::core, ask_clock},
    Ban{"gettimeofday", Form::call, Where::core, ask_clock},
    Ban{"clock_gettime", Form::call, Where::core, ask_clock},
    Ban{"timespec_get", Form::call, Where::core, ask_clock},
    Ban{"sleep_for", Form::name, Where::core, never_sleep},
    Ban{"sleep_until", Form::name, Where::core, never_sleep},
    Ban{"sleep", Form::call, Where::core, never_sleep},
    Ban{"usleep", Form::call, Where::core, never_sleep},
    Ban{"nanosleep", Form::call, Where::core, never_sleep},
    Ban{"clock_nanosleep", Form::call, Where::core, never_sleep},
    Ban{"random_device", Form::name, Where::replayed, seeded},
    Ban{"default_random_engine", Form::name, Where::replayed, seeded},
    Ban{"random_shuffle", Form::name, Where::replayed, seeded},
    Ban{"rand", Form::call, Where::replayed, seeded},
    Ban{"srand", Form::call, Where::replayed, seeded},
    Ban{"drand48", Form::call, Where::replayed, seeded},
    Ban{"random", Form::call, Where::replayed, seeded},
    Ban{"arc4random", Form::call, Where::replayed, seeded},
    Ban{"getrandom", Form::call, Where::replayed, seeded},
    Ban{"randombytes_buf", Form::call, Where::replayed, seeded},
    Ban{"getenv", Form::call, Where::core, configured},
    Ban{"secure_getenv", Form::call, Where::core, configured},
};

// Files that may do what is banned, each with its reason. None in core: what may ask the clock, the
// kernel or the environment is a backend or a composition root.
struct Exemption {
    std::string_view path;
    std::string_view word;
};
constexpr std::array<Exemption, 0> exemptions{};

bool is_exempt(std::string_view path, std::string_view word) {
    return std::any_of(exemptions.begin(), exemptions.end(), [&](const Exemption& exemption) {
        return exemption.path == path && exemption.word == word;
    });
}

bool in_core(std::string_view path) { return is_below(path, "core"); }

bool must_replay(std::string_view path) {
    return in_core(path) || is_below(path, "backends/sim") || is_below(path, "scenarios");
}

bool is_member_access(std::string_view code, std::size_t at) {
    return (at >= 1 && code[at - 1] == '.') || (at >= 2 && code.substr(at - 2, 2) == "->");
}

bool is_called(std::string_view code, std::size_t at, std::string_view word) {
    const std::size_t next = skip_space(code, at + word.size());
    return next != std::string_view::npos && code[next] == '(' && !is_member_access(code, at);
}

// `time(nullptr)`, `time(NULL)`, `time(0)`, `time(&t)` and `clock()`: words too common to be banned
// whenever they are called.
void check_c_clocks(const SourceFile& file, Findings& findings) {
    for (const std::size_t at : find_word(file.code, "time")) {
        if (!is_called(file.code, at, "time")) continue;
        const std::size_t argument = skip_space(file.code, file.code.find('(', at) + 1);
        if (argument == std::string::npos) continue;
        const std::string_view rest = std::string_view(file.code).substr(argument);
        if (rest.starts_with("nullptr") || rest.starts_with("NULL") || rest.starts_with("0)") ||
            rest.starts_with("&")) {
            findings.push_back({file.path, line_at(file.code, at),
                                std::string("time() is banned: ").append(ask_clock)});
        }
    }
    for (const std::size_t at : find_word(file.code, "std::clock")) {
        findings.push_back({file.path, line_at(file.code, at),
                            std::string("std::clock is banned: ").append(ask_clock)});
    }
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// The text between the '<' at `open` and its match, split at the commas of the outermost level.
std::vector<std::string_view> template_arguments(std::string_view code, std::size_t open,
                                                 std::size_t& end) {
    std::vector<std::string_view> arguments;
    int depth = 0;
    std::size_t start = open + 1;
    for (end = open; end < code.size(); ++end) {
        const char c = code[end];
        if (c == '<' || c == '(') ++depth;
        if (c == '>' || c == ')') --depth;
        if (c == ';') break;  // no template after all
        if ((c == ',' && depth == 1) || depth == 0) {
            arguments.push_back(trimmed(code.substr(start, end - start)));
            start = end + 1;
        }
        if (depth == 0) break;
    }
    return arguments;
}

constexpr std::array containers{
    std::string_view{"map"},
    std::string_view{"set"},
    std::string_view{"multimap"},
    std::string_view{"multiset"},
    std::string_view{"unordered_map"},
    std::string_view{"unordered_set"},
    std::string_view{"unordered_multimap"},
    std::string_view{"unordered_multiset"},
};

bool is_pointer(std::string_view type) {
    return type.ends_with('*') || type.ends_with("* const") ||
           type.find("shared_ptr<") != std::string_view::npos ||
           type.find("unique_ptr<") != std::string_view::npos;
}

// Flags containers keyed by pointers in `file` and adds the names of its unordered ones to `names`.
void inspect_containers(const SourceFile& file, std::set<std::string>& names, Findings& findings) {
    const std::string_view code = file.code;
    for (const std::string_view container : containers) {
        for (const std::size_t at : find_word(code, container)) {
            const std::size_t open = skip_space(code, at + container.size());
            if (open == std::string_view::npos || code[open] != '<') continue;
            std::size_t end = 0;
            const auto arguments = template_arguments(code, open, end);
            if (!arguments.empty() && is_pointer(arguments.front())) {
                findings.push_back({file.path, line_at(code, at),
                                    std::string(container) +
                                        " keyed by a pointer: addresses differ from run to run"});
            }
            if (!container.starts_with("unordered")) continue;
            std::size_t name = code.find_first_not_of(" \t\r\n&*>", end);
            if (name == std::string_view::npos) continue;
            std::size_t stop = name;
            while (
                stop < code.size() &&
                (std::isalnum(static_cast<unsigned char>(code[stop])) != 0 || code[stop] == '_')) {
                ++stop;
            }
            if (stop > name) names.insert(std::string(code.substr(name, stop - name)));
        }
    }
}

// Flags `for (... : name)` and `name.begin()`.
void check_walks(const SourceFile& file, const std::set<std::string>& names, Findings& findings) {
    const std::string_view code = file.code;
    for (const std::string& name : names) {
        for (const std::size_t at : find_word(code, name)) {
            const std::size_t after = at + name.size();
            const std::size_t before = code.find_last_not_of(" \t\r\n", at == 0 ? 0 : at - 1);
            const bool ranged = at > 0 && before != std::string_view::npos && code[before] == ':' &&
                                (before == 0 || code[before - 1] != ':') && after < code.size() &&
                                code[after] == ')';
            const std::string_view rest = code.substr(after);
            const bool iterated = rest.starts_with(".begin(") || rest.starts_with(".cbegin(");
            if (!ranged && !iterated) continue;
            findings.push_back({file.path, line_at(code, at),
                                "walks the unordered container '" + name +
                                    "': its order differs between libraries and runs"});
        }
    }
}

constexpr std::array allowed_conditions{
    std::string_view{"__has_include"},
    std::string_view{"CV_VERSION"},
    std::string_view{"CV_MAJOR"},
    std::string_view{"CV_MINOR"},
    std::string_view{"SQLITE_VERSION_NUMBER"},
    std::string_view{"__cpp_"},
    std::string_view{"DLIB_MAJOR"},
};

}  // namespace

Findings banned_calls(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        if (!is_cpp(file.path) || !must_replay(file.path)) continue;
        for (const Ban& ban : bans) {
            if (ban.where == Where::core && !in_core(file.path)) continue;
            for (const std::size_t at : find_word(file.code, ban.word)) {
                if (ban.form == Form::call && !is_called(file.code, at, ban.word)) continue;
                if (is_exempt(file.path, ban.word)) continue;
                findings.push_back(
                    {file.path, line_at(file.code, at),
                     std::string(ban.word).append(" is banned: ").append(ban.instead)});
            }
        }
        if (in_core(file.path)) check_c_clocks(file, findings);
    }
    return findings;
}

Findings no_preprocessor_choices(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        if (!is_cpp(file.path) || !in_core(file.path)) continue;
        const auto lines = lines_of(file.code);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::string_view line = trimmed(lines[i]);
            if (!line.starts_with('#')) continue;
            const std::string_view directive = trimmed(line.substr(1));
            if (!directive.starts_with("if") && !directive.starts_with("elif")) continue;
            const bool allowed = std::any_of(
                allowed_conditions.begin(), allowed_conditions.end(), [&](std::string_view name) {
                    return directive.find(name) != std::string_view::npos;
                });
            if (allowed) continue;
            findings.push_back({file.path, i + 1,
                                std::string("#").append(directive) +
                                    ": nothing in core is chosen by the preprocessor"});
        }
    }
    return findings;
}

Findings no_unstable_order(const Files& files) {
    Findings findings;
    // A member is declared in a header and walked in a source: names are gathered by folder.
    std::map<std::string_view, std::set<std::string>> names;
    for (const SourceFile& file : files) {
        if (!is_cpp(file.path) || !must_replay(file.path)) continue;
        inspect_containers(file, names[floor_folder(file.path)], findings);
    }
    for (const SourceFile& file : files) {
        if (!is_cpp(file.path) || !must_replay(file.path)) continue;
        check_walks(file, names[floor_folder(file.path)], findings);
    }
    return findings;
}

}  // namespace tidy
