// A run's outcome for people and machines: text, JSON, JUnit XML and one self-contained HTML file.
//
// Pure functions of the outcome: the same outcome gives the same bytes. Texts may hold anything (a
// scenario's title comes from a file): each writer escapes for its own format. Any thread.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>

#include "scenarios/outcome.h"

namespace strongroom::report {

// What is known of the run besides its outcome.
struct Context {
    // Scenarios that were asked for; more than the outcome holds when it was interrupted.
    int asked = 0;
    bool interrupted = false;
    std::string command;  // that was run, for the HTML file; may be empty

    [[nodiscard]] bool complete(const scenarios::RunOutcome& outcome) const {
        return !interrupted && asked <= static_cast<int>(outcome.scenarios.size());
    }
};

struct TextStyle {
    bool colour = false;
    int width = 100;  // columns; 0: as wide as needed
};
// Of an open file: colour and width of a terminal; none and 0 when it is none. NO_COLOR is heeded.
[[nodiscard]] TextStyle style_of(int file_descriptor);

// The summary table, the totals, and a command for each scenario that did not hold.
void write_table(std::ostream& out, const scenarios::RunOutcome& outcome, const Context& context,
                 const TextStyle& style);
// What the world showed in one arm, a line each.
void write_timeline(std::ostream& out, const scenarios::ArmOutcome& arm, const TextStyle& style);

// docs/report.md describes the fields.
[[nodiscard]] std::string to_json(const scenarios::RunOutcome& outcome, const Context& context);
[[nodiscard]] std::string to_junit(const scenarios::RunOutcome& outcome, const Context& context);
[[nodiscard]] std::string to_html(const scenarios::RunOutcome& outcome, const Context& context);

// Whole or not at all: written beside the target, flushed, renamed over it. Throws
// std::runtime_error with the path and the reason; nothing is left behind then.
void write_whole(const std::filesystem::path& target, std::string_view content);
// Throws the same if write_whole() certainly would: asked before minutes of work.
void expect_writable(const std::filesystem::path& target);

}  // namespace strongroom::report
