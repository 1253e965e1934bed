#include <algorithm>
#include <cstdlib>
#include <ostream>

#include <sys/ioctl.h>
#include <unistd.h>

#include "report/report.h"
#include "report/words.h"

namespace strongroom::report {

using namespace scenarios;

namespace {

constexpr int width_min = 60;
constexpr int title_min = 12;

// Characters, not bytes: titles are UTF-8.
std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    }));
}

std::string cut(const std::string& text, std::size_t columns) {
    if (columns_of(text) <= columns) return text;
    std::string result;
    std::size_t used = 0;
    for (const char c : text) {
        const bool begins = (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
        if (begins && ++used >= columns) break;
        result += c;
    }
    return result + "…";
}

std::string padded(const std::string& text, std::size_t columns) {
    const std::size_t used = columns_of(text);
    return used >= columns ? text : text + std::string(columns - used, ' ');
}

std::string_view colour_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::held: return "\033[32m";
        case Verdict::breached: return "\033[1;31m";
        case Verdict::toothless: return "\033[1;33m";
        case Verdict::inconclusive: return "\033[1;35m";
    }
    return "";
}

std::string coloured(const std::string& text, std::string_view colour, const TextStyle& style) {
    return style.colour ? std::string(colour) + text + "\033[0m" : text;
}

std::string counted(int count, std::string_view what) {
    return std::to_string(count) + " " + std::string(what);
}

struct Widths {
    std::size_t id = 2;
    std::size_t title = 5;
    std::size_t attacks = 5;
    std::size_t verdict = 7;
    std::size_t arms = 4;
};

Widths widths_of(const RunOutcome& outcome, const TextStyle& style) {
    Widths widths;
    for (const ScenarioOutcome& scenario : outcome.scenarios) {
        widths.id = std::max(widths.id, columns_of(clean(scenario.id)));
        widths.title = std::max(widths.title, columns_of(clean(scenario.title)));
        widths.attacks = std::max(widths.attacks, columns_of(class_of(scenario)));
        widths.verdict = std::max(widths.verdict, to_string(scenario.verdict).size());
        widths.arms = std::max(widths.arms, columns_of(arms_in_words(scenario)));
    }
    if (style.width == 0) return widths;
    const auto available = static_cast<std::size_t>(std::max(style.width, width_min));
    const std::size_t others = widths.id + widths.attacks + widths.verdict + 8;
    const std::size_t both = available > others ? available - others : 0;
    // The title gives way first, then the arms.
    if (widths.title + widths.arms > both) {
        widths.title =
            std::max<std::size_t>(title_min, both > widths.arms ? both - widths.arms : title_min);
        widths.arms = std::min(widths.arms, both > widths.title ? both - widths.title : 4);
    }
    return widths;
}

void write_totals(std::ostream& out, const RunOutcome& outcome, const Context& context,
                  const TextStyle& style) {
    const Summary summary = outcome.summary();
    out << "\n" << summary.scenarios << (summary.scenarios == 1 ? " scenario: " : " scenarios: ");
    const auto part = [&](int count, Verdict verdict, bool always) {
        if (count == 0 && !always) return;
        const std::string text = counted(count, to_string(verdict));
        out << (verdict == Verdict::held ? "" : ", ")
            << (count == 0 ? text : coloured(text, colour_of(verdict), style));
    };
    part(summary.held, Verdict::held, true);
    part(summary.breached, Verdict::breached, true);
    part(summary.toothless, Verdict::toothless, true);
    part(summary.inconclusive, Verdict::inconclusive, false);
    out << "\n";
    if (!context.complete(outcome)) {
        out << coloured("PARTIAL: the run was interrupted; " +
                            std::to_string(context.asked - summary.scenarios) + " of " +
                            std::to_string(context.asked) + " scenarios were not played",
                        colour_of(Verdict::toothless), style)
            << "\n";
    }
}

}  // namespace

TextStyle style_of(int file_descriptor) {
    TextStyle style{false, 0};
    if (::isatty(file_descriptor) == 0) return style;
    const char* no_colour = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    const bool dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
    style.colour = (no_colour == nullptr || *no_colour == '\0') && !dumb;
    winsize size{};
    style.width =
        ::ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
    return style;
}

void write_table(std::ostream& out, const RunOutcome& outcome, const Context& context,
                 const TextStyle& style) {
    const Widths widths = widths_of(outcome, style);
    out << padded("id", widths.id) << "  " << padded("title", widths.title) << "  "
        << padded("class", widths.attacks) << "  " << padded("verdict", widths.verdict)
        << "  arms\n";
    for (const ScenarioOutcome& scenario : outcome.scenarios) {
        out << padded(clean(scenario.id), widths.id) << "  "
            << padded(cut(clean(scenario.title), widths.title), widths.title) << "  "
            << padded(class_of(scenario), widths.attacks) << "  "
            << coloured(padded(std::string(to_string(scenario.verdict)), widths.verdict),
                        colour_of(scenario.verdict), style)
            << "  " << cut(arms_in_words(scenario), widths.arms) << "\n";
    }
    write_totals(out, outcome, context, style);
    for (const ScenarioOutcome& scenario : outcome.scenarios) {
        if (scenario.verdict == Verdict::held) continue;
        out << "\n"
            << clean(scenario.id) << " "
            << coloured(std::string(to_string(scenario.verdict)), colour_of(scenario.verdict),
                        style)
            << ": " << clean(scenario.reason) << "\n  play it again: " << clean(scenario.replay)
            << "\n";
    }
}

void write_timeline(std::ostream& out, const ArmOutcome& arm, const TextStyle& style) {
    out << arm.label() << ": " << result_of(arm) << "\n";
    auto violation = arm.violations.begin();
    const auto write_violations_until = [&](Instant at) {
        for (; violation != arm.violations.end() && violation->at < at; ++violation) {
            out << "  " << padded(seconds_text(violation->at.time_since_epoch(), 3), 10) << "  "
                << coloured(padded(std::string(short_name(violation->invariant)), 12),
                            colour_of(Verdict::breached), style)
                << "  " << clean(violation->what) << "\n";
        }
    };
    for (const Happening& happening : happenings(arm.facts)) {
        if (is_cast(happening.fact.kind)) continue;
        write_violations_until(happening.fact.at);
        out << "  " << padded(seconds_text(happening.fact.at.time_since_epoch(), 3), 10) << "  "
            << padded(std::string(title_of(lane_of(happening.fact.kind))), 12) << "  "
            << clean(in_words(happening.fact));
        if (happening.times > 1) {
            out << " (" << happening.times << " times, until "
                << seconds_text(happening.until.time_since_epoch(), 3) << ")";
        }
        out << "\n";
    }
    write_violations_until(never);
}

}  // namespace strongroom::report
