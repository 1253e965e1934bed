#include <sstream>

#include "report/report.h"
#include "report/words.h"

namespace strongroom::report {

using namespace scenarios;

namespace {

// What a person needs who sees only this case: why, what was witnessed, how to play it again.
std::string details(const ScenarioOutcome& scenario) {
    std::ostringstream out;
    out << scenario.reason << "\n";
    for (const ArmOutcome& arm : scenario.arms) {
        out << "\n"
            << arm.label() << ": " << result_of(arm)
            << (arm.as_expected ? "" : " (not as expected)") << "\n";
        if (!arm.error.empty()) out << "  " << arm.error << "\n";
        for (const Violation& violation : arm.violations) {
            out << "  " << seconds_text(violation.at.time_since_epoch(), 3) << " s "
                << short_name(violation.invariant) << ": " << violation.what << "\n";
        }
        for (const std::string& missing : arm.missing) out << "  not seen: " << missing << "\n";
    }
    out << "\nplay it again: " << scenario.replay << "\n";
    return out.str();
}

// Line ends stay; escape() would make spaces of them.
std::string escape_lines(const std::string& text) {
    std::istringstream in(text);
    std::string result;
    for (std::string line; std::getline(in, line);) result += escape(line) + "\n";
    return result;
}

void write_case(std::ostream& out, const ScenarioOutcome& scenario) {
    out << R"(    <testcase classname=")" << escape(class_of(scenario)) << R"(" name=")"
        << escape(scenario.id + " " + scenario.title) << R"(" file=")" << escape(scenario.file)
        << "\">\n";
    if (scenario.verdict != Verdict::held) {
        const char* element = scenario.verdict == Verdict::inconclusive ? "error" : "failure";
        out << "      <" << element << " type=\"" << to_string(scenario.verdict) << "\" message=\""
            << escape(scenario.reason) << "\">" << escape_lines(details(scenario)) << "</"
            << element << ">\n";
    }
    out << "      <system-out>" << escape(arms_in_words(scenario)) << "\n"
        << "trace " << sim::to_hex(scenario.trace_hash) << "\n"
        << escape(scenario.replay) << "</system-out>\n"
        << "    </testcase>\n";
}

}  // namespace

std::string to_junit(const RunOutcome& outcome, const Context& context) {
    const Summary summary = outcome.summary();
    const bool complete = context.complete(outcome);
    const int missing = std::max(0, context.asked - summary.scenarios);
    const int tests = summary.scenarios + (complete ? 0 : 1);
    const int errors = summary.inconclusive + (complete ? 0 : 1);
    const int failures = summary.breached + summary.toothless;
    std::ostringstream out;
    const auto counts = [&] {
        out << " tests=\"" << tests << "\" failures=\"" << failures << "\" errors=\"" << errors
            << "\" skipped=\"0\"";
    };
    out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"strongroom\"";
    counts();
    out << ">\n  <testsuite name=\"scenarios\"";
    counts();
    out << ">\n    <properties>\n";
    for (const auto& [name, value] : outcome.facts) {
        out << "      <property name=\"" << escape(name) << "\" value=\"" << escape(value)
            << "\"/>\n";
    }
    out << "    </properties>\n";
    for (const ScenarioOutcome& scenario : outcome.scenarios) write_case(out, scenario);
    if (!complete) {
        out << "    <testcase classname=\"run\" name=\"complete\">\n      <error "
               "type=\"interrupted\" message=\"the run was interrupted: "
            << missing << " of " << context.asked
            << " scenarios were not played\"></error>\n    </testcase>\n";
    }
    out << "  </testsuite>\n</testsuites>\n";
    return out.str();
}

}  // namespace strongroom::report
