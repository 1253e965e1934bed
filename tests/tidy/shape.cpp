// Length, openings, marks of unfinished work, paths of one machine, names of tests.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string>

#include "rules.h"

namespace tidy {
namespace {

constexpr std::size_t longest_file = 700;
constexpr std::size_t longest_function = 70;

enum class Scope : std::uint8_t { outer, function, other };

struct OpenBrace {
    Scope scope;
    std::size_t line;
};

bool contains_word(std::string_view text, std::string_view word) {
    return !find_word(text, word).empty();
}

// The text without what stands between a `template <` and its '>': `class` there opens no class.
std::string without_template_heads(std::string_view head) {
    std::string kept;
    std::size_t from = 0;
    for (const std::size_t at : find_word(head, "template")) {
        if (at < from) continue;
        kept += head.substr(from, at - from);
        int depth = 0;
        from = head.find('<', at);
        if (from == std::string_view::npos) return kept;
        for (; from < head.size(); ++from) {
            if (head[from] == '<') ++depth;
            if (head[from] == '>' && --depth == 0) break;
        }
        from = std::min(from + 1, head.size());
    }
    kept += head.substr(from);
    return kept;
}

// What a '{' opens, from the text before it (back to the last ';', '{' or '}').
Scope scope_opened(std::string_view raw_head, Scope enclosing, bool after_function) {
    if (enclosing != Scope::outer) return Scope::other;
    const std::string head = without_template_heads(raw_head);
    if (contains_word(head, "namespace") || contains_word(head, "extern")) return Scope::outer;
    // Parentheses still open hold a table's braces, as in to_array({...}), not a body.
    const auto opening = std::count(head.begin(), head.end(), '(');
    const bool parenthesis = opening > 0 && opening == std::count(head.begin(), head.end(), ')');
    const bool type = contains_word(head, "class") || contains_word(head, "struct") ||
                      contains_word(head, "union");
    if (type && !parenthesis) return Scope::outer;
    if (contains_word(head, "enum")) return Scope::other;
    // `: a_{x}, b_{y} {`: the braces of an initialiser list come before the body's.
    const bool continues = after_function && head.find_first_not_of(
                                                 " \t\r\n,_abcdefghijklmnopqrstu"
                                                 "vwxyz0123456789") == std::string::npos;
    return parenthesis || continues ? Scope::function : Scope::other;
}

bool opens_line(std::string_view code, std::size_t at) {
    const std::size_t before = code.find_last_not_of(" \t", at == 0 ? 0 : at - 1);
    return at == 0 || before == std::string_view::npos || code[before] == '\n';
}

void check_functions(const SourceFile& file, Findings& findings) {
    std::vector<OpenBrace> open;
    std::size_t head_start = 0;
    std::size_t line = 1;
    bool after_function = false;
    bool in_directive = false;
    for (std::size_t i = 0; i < file.code.size(); ++i) {
        const char c = file.code[i];
        if (c == '\n') {
            ++line;
            if (in_directive && file.code[i - 1] != '\\') {
                in_directive = false;
                head_start = i + 1;
            }
        }
        if (c == '#' && opens_line(file.code, i)) in_directive = true;
        if (in_directive) continue;
        if (c == '{') {
            const std::string_view head =
                std::string_view(file.code).substr(head_start, i - head_start);
            const Scope enclosing = open.empty() ? Scope::outer : open.back().scope;
            open.push_back({scope_opened(head, enclosing, after_function), line});
        } else if (c == '}' && !open.empty()) {
            const OpenBrace closed = open.back();
            open.pop_back();
            after_function = closed.scope == Scope::function;
            if (after_function && line - closed.line > longest_function) {
                findings.push_back(
                    {file.path, closed.line,
                     std::string("a function of ").append(std::to_string(line - closed.line)) +
                         " lines; the limit is " + std::to_string(longest_function)});
            }
        }
        if (c == ';') after_function = false;
        if (c == '{' || c == '}' || c == ';') head_start = i + 1;
    }
}

// The words are put together here, so that this file does not contain them.
const std::array unfinished_anywhere{std::string("TO") + "DO", std::string("FIX") + "ME",
                                     std::string("X") + "XX", std::string("HA") + "CK"};
const std::array unfinished_in_code{std::string("st") + "ub", std::string("st") + "ubbed",
                                    std::string("not ") + "implemented"};

template <class Words>
void check_words(const SourceFile& file, const Words& words, Findings& findings) {
    for (const std::string& word : words) {
        for (const std::size_t at : find_word(file.text, word)) {
            findings.push_back({file.path, line_at(file.text, at),
                                "'" + word + "': finish it, or write down that it is not there"});
        }
    }
}

// Folders that only one person's or one build's machine has, and the start of a Windows path.
const std::array machine_folders{
    std::string("/ho") + "me/", std::string("/ro") + "ot/", std::string("/Us") + "ers/",
    std::string("/wo") + "rk/", std::string("/fa") + "rm/", std::string("C:") + "\\",
};

// True if the path at `at` begins there, and is not the tail of a longer one or of an address.
bool begins_path(std::string_view text, std::size_t at) {
    if (at == 0) return true;
    const char before = text[at - 1];
    return std::isalnum(static_cast<unsigned char>(before)) == 0 &&
           std::string_view("_.-~}/>)*").find(before) == std::string_view::npos;
}

}  // namespace

Findings files_are_short(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        if (!is_cpp(file.path)) continue;
        const std::size_t lines = lines_of(file.text).size();
        if (lines <= longest_file) continue;
        findings.push_back({file.path, 0,
                            std::to_string(lines) + " lines; the limit is " +
                                std::to_string(longest_file) + ": perhaps two ideas"});
    }
    return findings;
}

Findings functions_are_short(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        if (!is_cpp(file.path) || is_below(file.path, "tests") || is_below(file.path, "bench")) {
            continue;
        }
        check_functions(file, findings);
    }
    return findings;
}

Findings nothing_is_unfinished(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        check_words(file, unfinished_anywhere, findings);
        if (is_cpp(file.path)) check_words(file, unfinished_in_code, findings);
    }
    return findings;
}

Findings no_machine_paths(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        for (const std::string& folder : machine_folders) {
            for (std::size_t at = file.text.find(folder); at != std::string::npos;
                 at = file.text.find(folder, at + 1)) {
                if (!begins_path(file.text, at)) continue;
                findings.push_back({file.path, line_at(file.text, at),
                                    "a path below " + folder + ": it exists on one machine only"});
            }
        }
    }
    return findings;
}

Findings headers_introduce_themselves(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        if (!is_header(file.path)) continue;
        if (!file.text.starts_with("//")) {
            findings.push_back({file.path, 1, "no opening comment: say what this is for"});
        }
        if (file.code.find("#pragma once") == std::string::npos) {
            findings.push_back({file.path, 1, "no #pragma once"});
        }
    }
    return findings;
}

Findings test_names_are_unique(const Files& files) {
    Findings findings;
    std::map<std::string, std::string> first_place;
    for (const SourceFile& file : files) {
        if (!is_cpp(file.path)) continue;
        // The code has the macro where a comment or a sample in a string has blanks.
        for (const std::string_view macro : {"TEST_CASE", "TEST_CASE_METHOD", "SCENARIO"}) {
            for (const std::size_t at : find_word(file.code, macro)) {
                const std::size_t open = file.text.find('"', at);
                if (open == std::string::npos) continue;
                const std::size_t close = file.text.find('"', open + 1);
                const std::string name = file.text.substr(open + 1, close - open - 1);
                const std::string place = file.path + ":" + std::to_string(line_at(file.text, at));
                const auto [known, is_new] = first_place.emplace(name, place);
                if (is_new) continue;
                findings.push_back(
                    {file.path, line_at(file.text, at),
                     "the test \"" + name + "\" stands in " + known->second + " already"});
            }
        }
    }
    return findings;
}

}  // namespace tidy
