#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>

#include <nlohmann/json.hpp>

#include "drawing.h"
#include "report/report.h"
#include "style_sheet.h"
#include "report/words.h"

namespace strongroom::report {

using namespace scenarios;

namespace {

constexpr std::size_t facts_listed_max = 400;
constexpr std::size_t violations_shown = 5;  // the others are folded away

std::string_view symbol_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::held: return "✓";
        case Verdict::breached: return "✗";
        case Verdict::toothless: return "○";
        case Verdict::inconclusive: return "?";
    }
    return "?";
}

std::string badge(Verdict verdict) {
    std::string text("<span class=\"badge ");
    text += to_string(verdict);
    text += "\">";
    text += symbol_of(verdict);
    text += " ";
    text += to_string(verdict);
    return text + "</span>";
}

// An anchor: letters, digits and dashes of an id, and its place, so that no two are equal.
std::string anchor(const ScenarioOutcome& scenario, std::size_t index) {
    std::string text = "s" + std::to_string(index + 1) + "-";
    for (const char c : scenario.id) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_';
        text += plain ? c : '-';
    }
    return text;
}

std::string headline(const Summary& summary) {
    if (summary.scenarios == 0) return "Nothing was played.";
    if (summary.held == summary.scenarios) {
        return summary.scenarios == 1
                   ? "The scenario held."
                   : "All " + std::to_string(summary.scenarios) + " scenarios held.";
    }
    const int not_held = summary.scenarios - summary.held;
    return std::to_string(not_held) + " of " + std::to_string(summary.scenarios) +
           " scenarios did not hold.";
}

void write_lead(std::ostream& out, const RunOutcome& outcome, const Context& context) {
    const Summary summary = outcome.summary();
    out << "<h1>strongroom · scenario evaluation</h1>\n<p class=\"headline\">" << headline(summary)
        << "</p>\n<p class=\"lead\">Every attack is played three ways: with "
        << "its defences in place, where it has to fail; with the defences it claims to need taken "
        << "away, where it has to succeed (or it proves nothing and is called toothless); and with "
        << "each one put back alone, where it has to fail again. A breach counts only if the "
        << "simulated world shows it: a bolt, a door, a phone, a file.</p>\n";
    if (!context.complete(outcome)) {
        out << "<p class=\"partial\"><strong>Partial result.</strong> The run was interrupted: "
            << std::max(0, context.asked - summary.scenarios) << " of " << context.asked
            << " scenarios were not played.</p>\n";
    }
    const auto tile = [&](Verdict verdict, int count, const char* words) {
        out << "<li class=\"" << (count == 0 ? "none" : to_string(verdict)) << "\"><b>" << count
            << "</b><span>" << symbol_of(verdict) << " " << words << "</span></li>\n";
    };
    out << "<ul class=\"tiles\"><li><b>" << summary.scenarios
        << "</b><span>scenarios played</span></li>\n";
    tile(Verdict::held, summary.held, "held");
    tile(Verdict::breached, summary.breached, "breached");
    tile(Verdict::toothless, summary.toothless, "toothless");
    tile(Verdict::inconclusive, summary.inconclusive, "inconclusive");
    out << "</ul>\n";
}

// Evidence comes as JSON: laid out, and folded away.
std::string fact_value(const std::string& value) {
    if (!value.starts_with("{")) return escape(value);
    const auto json = nlohmann::ordered_json::parse(value, nullptr, false);
    if (!json.is_object()) return escape(value);
    const std::string laid_out =
        json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    std::istringstream lines(laid_out);
    std::string text = "<details><summary>where the rates were measured</summary><pre>";
    for (std::string line; std::getline(lines, line);) text += escape(line) + "\n";
    return text + "</pre></details>";
}

void write_rests_on(std::ostream& out, const RunOutcome& outcome, const Context& context) {
    out << "<h2 id=\"rests-on\">What this run rests on</h2>\n<div class=\"scroll\"><table "
           "class=\"rests\"><tbody>\n";
    for (const auto& [name, value] : outcome.facts) {
        const bool warns = value.find("NOT MEASURED") != std::string::npos;
        out << "<tr><th scope=\"row\">" << escape(name) << "</th><td"
            << (warns ? " class=\"warn\"" : "") << ">" << (warns ? "⚠ " : "") << fact_value(value)
            << "</td></tr>\n";
    }
    if (!context.command.empty()) {
        out << "<tr><th scope=\"row\">command</th><td><code>" << escape(context.command)
            << "</code></td></tr>\n";
    }
    out << "</tbody></table></div>\n";
}

void write_overview(std::ostream& out, const RunOutcome& outcome) {
    out << "<h2 id=\"classes\">Outcome by class</h2>\n"
        << draw_classes(outcome)
        << "<h2 id=\"scenarios\">Scenarios</h2>\n<div class=\"scroll\"><table><thead><tr><th "
           "scope=\"col\">id</th><th scope=\"col\">title</th><th scope=\"col\">attacks</th><th "
           "scope=\"col\">verdict</th><th scope=\"col\" class=\"wide\">arms</th></tr></thead>\n"
           "<tbody>\n";
    for (std::size_t i = 0; i < outcome.scenarios.size(); ++i) {
        const ScenarioOutcome& scenario = outcome.scenarios[i];
        out << "<tr><th scope=\"row\"><a href=\"#" << anchor(scenario, i) << "\">"
            << escape(scenario.id) << "</a></th><td>" << escape(scenario.title)
            << "</td><td class=\"nowrap\">" << escape(class_of(scenario)) << "</td><td>"
            << badge(scenario.verdict) << "</td><td class=\"wide\">"
            << escape(arms_in_words(scenario)) << "</td></tr>\n";
    }
    out << "</tbody></table></div>\n";
}

void write_violations(std::ostream& out, const std::vector<Violation>& violations) {
    if (violations.empty()) return;
    out << "<ol>\n";
    for (std::size_t i = 0; i < violations.size(); ++i) {
        const Violation& violation = violations[i];
        if (i == violations_shown) {
            out << "</ol>\n<details><summary>" << violations.size() - i
                << " more</summary><ol start=\"" << i + 1 << "\">\n";
        }
        out << "<li><strong>" << short_name(violation.invariant) << "</strong> at "
            << seconds_text(violation.at.time_since_epoch(), 1) << " s: " << escape(violation.what)
            << "</li>\n";
    }
    out << (violations.size() > violations_shown ? "</ol></details>\n" : "</ol>\n");
}

std::string as_sentence(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    }
    if (!text.empty() && text.back() != '.') text += '.';
    return text;
}

// 1e-05 tells little; one in how many does.
std::string chance_text(double chance) {
    std::array<char, 64> text{};
    if (chance > 0) {
        std::snprintf(text.data(), text.size(), "%.2g, about 1 in %.0f", chance, 1 / chance);
    } else {
        std::snprintf(text.data(), text.size(), "%.2g", chance);
    }
    return text.data();
}

void write_arm(std::ostream& out, const ArmOutcome& arm) {
    out << "<section class=\"arm" << (arm.as_expected ? "" : " wrong") << "\"><h4>"
        << escape(arm.label()) << "</h4>\n<p><strong>" << escape(result_of(arm)) << "</strong>, "
        << (arm.as_expected ? "as it should" : "NOT as it should") << "</p>\n";
    if (!arm.removed.empty()) {
        out << "<p>taken away:";
        for (const std::string& defence : arm.removed)
            out << " <code>" << escape(defence) << "</code>";
        out << "</p>\n";
    }
    if (!arm.error.empty()) out << "<p>" << escape(arm.error) << "</p>\n";
    write_violations(out, arm.violations);
    if (!arm.missing.empty()) {
        out << "<p>expected and not as expected:</p><ul>\n";
        for (const std::string& missing : arm.missing)
            out << "<li>" << escape(missing) << "</li>\n";
        out << "</ul>\n";
    }
    out << "<p class=\"fine\">played " << seconds_text(arm.played, 1)
        << " s, trace <span class=\"mono\""
        << " title=\"" << sim::to_hex(arm.trace_hash) << "\">"
        << sim::to_hex(arm.trace_hash).substr(0, 12) << "…</span></p></section>\n";
}

void write_facts(std::ostream& out, const ArmOutcome& arm) {
    const auto all = happenings(arm.facts);
    out << "<details><summary>Everything the world showed, " << arm.facts.size()
        << " facts</summary><div class=\"scroll\"><table class=\"facts\"><thead><tr><th "
           "scope=\"col\">s</th><th scope=\"col\">where</th><th scope=\"col\">what</th></tr>"
           "</thead><tbody>\n";
    std::size_t listed = 0;
    for (const Happening& happening : all) {
        if (is_cast(happening.fact.kind)) continue;
        if (++listed > facts_listed_max) break;
        out << "<tr><td>" << seconds_text(happening.fact.at.time_since_epoch(), 3) << "</td><td>"
            << title_of(lane_of(happening.fact.kind)) << "</td><td>"
            << escape(in_words(happening.fact));
        if (happening.times > 1) out << " (" << happening.times << " times)";
        out << "</td></tr>\n";
    }
    out << "</tbody></table></div>";
    if (listed > facts_listed_max) {
        out << "<p class=\"fine\">The first " << facts_listed_max
            << " are listed; the whole is had by playing it again with --timeline.</p>";
    }
    out << "</details>\n";
}

void write_timelines(std::ostream& out, const ScenarioOutcome& scenario) {
    for (const ArmOutcome& arm : scenario.arms) {
        if (arm.facts.empty()) continue;
        const bool open = arm.kind != ArmKind::restored || !arm.as_expected;
        out << "<details" << (open ? " open" : "") << "><summary>Timeline, " << escape(arm.label())
            << "</summary>\n"
            << draw_timeline(arm);
        write_facts(out, arm);
        out << "</details>\n";
    }
}

void write_references(std::ostream& out, const ScenarioOutcome& scenario) {
    if (scenario.references.empty()) return;
    out << "<p class=\"meta\">References: ";
    for (std::size_t i = 0; i < scenario.references.size(); ++i) {
        const Reference& reference = scenario.references[i];
        out << (i == 0 ? "" : "; ") << escape(reference.scheme) << " " << escape(reference.value);
    }
    out << "</p>\n";
}

void write_scenario(std::ostream& out, const ScenarioOutcome& scenario, std::size_t index) {
    out << "<article class=\"" << to_string(scenario.verdict) << "\" id=\""
        << anchor(scenario, index) << "\">\n<h3>" << escape(scenario.id) << " · "
        << escape(scenario.title) << " " << badge(scenario.verdict) << "</h3>\n<p class=\"meta\">";
    if (scenario.honest) {
        out << "an honest visit, which has to succeed";
    } else {
        out << "attacks " << escape(class_of(scenario)) << ": "
            << escape(sentence(scenario.attacks));
    }
    out << "</p>\n";
    if (!scenario.story.empty()) {
        out << "<p class=\"story\">" << escape(scenario.story) << "</p>\n";
    }
    if (!scenario.reason.empty()) {
        out << "<p class=\"why\">" << escape(as_sentence(scenario.reason)) << "</p>\n";
    }
    if (!scenario.defences.empty()) {
        out << "<h4>Defences that this attack is about</h4><ul class=\"chips\">\n";
        for (const std::string& defence : scenario.defences) {
            out << "<li><code>" << escape(defence) << "</code></li>\n";
        }
        out << "</ul>\n";
    }
    if (scenario.chance) {
        out << "<p><strong>Chance that the guesses left over open the door: "
            << chance_text(*scenario.chance) << "</strong> (computed, not staged). "
            << escape(scenario.chance_note) << "</p>\n";
    }
    out << "<div class=\"arms\">\n";
    for (const ArmOutcome& arm : scenario.arms) write_arm(out, arm);
    out << "</div>\n";
    write_timelines(out, scenario);
    write_references(out, scenario);
    out << "<p class=\"replay\">Play it again: <code>" << escape(scenario.replay)
        << "</code></p>\n<p class=\"meta\">seed " << scenario.seed << ", level "
        << to_string(scenario.level) << ", file <code>" << escape(scenario.file)
        << "</code>, trace <span class=\"mono\">" << sim::to_hex(scenario.trace_hash)
        << "</span> · <a href=\"#scenarios\">all scenarios</a></p>\n</article>\n";
}

}  // namespace

std::string to_html(const RunOutcome& outcome, const Context& context) {
    std::ostringstream out;
    out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
           "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>strongroom: "
        << escape(headline(outcome.summary())) << "</title>\n<style>" << style_sheet
        << "</style>\n</head>\n<body>\n<main>\n";
    write_lead(out, outcome, context);
    write_rests_on(out, outcome, context);
    write_overview(out, outcome);
    out << "<h2 id=\"details\">One by one</h2>\n";
    for (std::size_t i = 0; i < outcome.scenarios.size(); ++i) {
        write_scenario(out, outcome.scenarios[i], i);
    }
    out << "<footer>Times are virtual. In the timelines, pauses are shortened; ⟨ ⟩ says by how "
           "much. Red numbers are the first violations listed with the "
           "arm.</footer>\n</main>\n</body>\n"
           "</html>\n";
    return out.str();
}

}  // namespace strongroom::report
