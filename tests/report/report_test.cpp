#include "report/report.h"

#include <fstream>
#include <sstream>
#include <vector>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "catch.h"
#include "sample.h"

using namespace strongroom;
using namespace strongroom::report;
using scenarios::RunOutcome;

namespace {

namespace fs = std::filesystem;

Context whole(const RunOutcome& outcome) {
    Context context;
    context.asked = static_cast<int>(outcome.scenarios.size());
    return context;
}

// Whether tags are balanced and names, quotes and entities are as XML wants them. Small on purpose:
// enough to find what a careless writer gets wrong.
std::string problem_of_markup(const std::string& text, bool html) {
    const std::vector<std::string> void_tags{"meta", "br"};
    std::vector<std::string> open;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c < 0x20 && c != '\n') return "control character at " + std::to_string(at);
        if (text[at] == '&') {
            const std::size_t end = text.find(';', at);
            if (end == std::string::npos || end - at > 6) return "bare & at " + std::to_string(at);
            continue;
        }
        if (text[at] == '>') return "bare > at " + std::to_string(at);
        if (text[at] != '<') continue;
        const std::size_t end = text.find('>', at);
        if (end == std::string::npos) return "tag without an end";
        std::string tag = text.substr(at + 1, end - at - 1);
        at = end;
        if (tag.starts_with("?") || tag.starts_with("!DOCTYPE")) continue;
        const std::string name = tag.substr(tag[0] == '/' ? 1 : 0,
                                            tag.find_first_of(" /\n", 1) - (tag[0] == '/' ? 1 : 0));
        if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "quotes in <" + tag;
        if (tag[0] == '/') {
            if (open.empty() || open.back() != name) return "unexpected </" + name;
            open.pop_back();
            continue;
        }
        const bool is_void =
            html && std::find(void_tags.begin(), void_tags.end(), name) != void_tags.end();
        if (!tag.ends_with("/") && !is_void) open.push_back(name);
        if (name == "style") {
            at = text.find("</style>", at);
            if (at == std::string::npos) return "style without an end";
            --at;
        }
    }
    return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

fs::path scratch(const std::string& name) {
    const fs::path folder =
        fs::temp_directory_path() / ("strongroom-report-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    return folder / name;
}

}  // namespace

TEST_CASE("report: the JSON has the summary and each scenario's verdict, seed, trace and arms") {
    const RunOutcome outcome = tests::sample();
    const auto json = nlohmann::json::parse(to_json(outcome, whole(outcome)));
    CHECK(json["complete"] == true);
    CHECK(json["summary"]["scenarios"] == 5);
    CHECK(json["summary"]["held"] == 2);
    CHECK(json["summary"]["breached"] == 1);
    CHECK(json["summary"]["toothless"] == 1);
    CHECK(json["summary"]["inconclusive"] == 1);
    CHECK(json["rests_on"]["model pack"] == "dlib-densenet");
    REQUIRE(json["scenarios"].size() == 5);
    for (const auto& scenario : json["scenarios"]) {
        for (const char* key : {"id", "title", "class", "verdict", "seed", "trace_hash", "arms",
                                "reason", "replay", "level", "defences", "references"}) {
            INFO(key);
            CHECK(scenario.contains(key));
        }
        CHECK(scenario["trace_hash"].get<std::string>().size() == 64);
    }
    const auto& attack = json["scenarios"][1];
    CHECK(attack["class"] == "I1 no-open");
    CHECK(attack["arms"][1]["arm"] == "undefended");
    CHECK(attack["arms"][1]["violations"][0]["invariant"] == "I1");
    CHECK(attack["arms"][1]["violations"][0]["at_s"] == 21.9);
    CHECK(attack["arms"][2]["arm"] == "restored: presence");
    CHECK(json["scenarios"][2]["chance"]["probability"] == 3e-6);
}

TEST_CASE("report: an interrupted run is marked as partial in every format") {
    const RunOutcome outcome = tests::sample();
    Context context = whole(outcome);
    context.asked = 9;
    context.interrupted = true;
    CHECK(nlohmann::json::parse(to_json(outcome, context))["complete"] == false);
    CHECK(to_html(outcome, context).find("Partial result") != std::string::npos);
    CHECK(to_junit(outcome, context).find("type=\"interrupted\"") != std::string::npos);
    std::ostringstream table;
    write_table(table, outcome, context, TextStyle{});
    CHECK(table.str().find("PARTIAL") != std::string::npos);
    CHECK(table.str().find("4 of 9") != std::string::npos);

    CHECK(to_html(outcome, whole(outcome)).find("Partial result") == std::string::npos);
    CHECK(to_junit(outcome, whole(outcome)).find("interrupted") == std::string::npos);
}

TEST_CASE("report: the JUnit file is well-formed and counts failures and errors apart") {
    const RunOutcome outcome = tests::sample();
    const std::string xml = to_junit(outcome, whole(outcome));
    CHECK(problem_of_markup(xml, false) == "");
    CHECK(xml.find("tests=\"5\" failures=\"2\" errors=\"1\"") != std::string::npos);
    CHECK(xml.find("<failure type=\"breached\"") != std::string::npos);
    CHECK(xml.find("<failure type=\"toothless\"") != std::string::npos);
    CHECK(xml.find("<error type=\"inconclusive\"") != std::string::npos);
    CHECK(xml.find("<script") == std::string::npos);
    CHECK(xml.find("play it again: strongroom play") != std::string::npos);
}

TEST_CASE("report: the HTML file is well-formed and needs nothing but itself") {
    const RunOutcome outcome = tests::sample();
    const std::string html = to_html(outcome, whole(outcome));
    CHECK(problem_of_markup(html, true) == "");
    for (const char* foreign :
         {"http:", "https:", "src=", "@import", "url(", "<link", "<script", "<iframe", "<object"}) {
        INFO(foreign);
        CHECK(html.find(foreign) == std::string::npos);
    }
    CHECK(html.find("<svg class=\"timeline\"") != std::string::npos);
    CHECK(html.find("<svg class=\"classes\"") != std::string::npos);
    CHECK(html.find("NOT MEASURED") != std::string::npos);
    CHECK(html.find("prefers-color-scheme:dark") != std::string::npos);
}

TEST_CASE("report: every link within the HTML file leads somewhere") {
    const RunOutcome outcome = tests::sample();
    const std::string html = to_html(outcome, whole(outcome));
    int links = 0;
    for (std::size_t at = html.find("href=\"#"); at != std::string::npos;
         at = html.find("href=\"#", at + 1)) {
        const std::string target = html.substr(at + 7, html.find('"', at + 7) - at - 7);
        INFO(target);
        CHECK(html.find("id=\"" + target + "\"") != std::string::npos);
        ++links;
    }
    CHECK(links >= 5);
}

TEST_CASE("report: hostile texts stay texts") {
    const RunOutcome outcome = tests::sample();
    const std::string html = to_html(outcome, whole(outcome));
    CHECK(html.find("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") != std::string::npos);
    CHECK(html.find("\xff") == std::string::npos);
    CHECK(html.find('\x1b') == std::string::npos);
    std::ostringstream table;
    write_table(table, outcome, whole(outcome), TextStyle{false, 0});
    CHECK(table.str().find('\x1b') == std::string::npos);
    CHECK(table.str().find("\xef\xbf\xbd") != std::string::npos);
}

TEST_CASE("report: the same outcome gives the same bytes") {
    const RunOutcome outcome = tests::sample();
    CHECK(to_html(outcome, whole(outcome)) == to_html(tests::sample(), whole(outcome)));
    CHECK(to_json(outcome, whole(outcome)) == to_json(tests::sample(), whole(outcome)));
}

TEST_CASE("report: the table says every verdict in words, with one command for each failure") {
    const RunOutcome outcome = tests::sample();
    std::ostringstream plain;
    write_table(plain, outcome, whole(outcome), TextStyle{false, 0});
    const std::string text = plain.str();
    CHECK(text.find("defended held; undefended broke I1; 1 restored held") != std::string::npos);
    CHECK(text.find("5 scenarios: 2 held, 1 breached, 1 toothless, 1 inconclusive") !=
          std::string::npos);
    CHECK(text.find("\033") == std::string::npos);
    std::size_t commands = 0;
    for (std::size_t at = text.find("play it again: "); at != std::string::npos;
         at = text.find("play it again: ", at + 1)) {
        ++commands;
    }
    CHECK(commands == 3);

    std::ostringstream coloured;
    write_table(coloured, outcome, whole(outcome), TextStyle{true, 80});
    CHECK(coloured.str().find("\033[32mheld") != std::string::npos);
}

TEST_CASE("report: the table keeps to the width of its terminal") {
    RunOutcome outcome = tests::sample();
    for (auto& scenario : outcome.scenarios) scenario.verdict = scenarios::Verdict::held;
    for (const int width : {60, 80, 120}) {
        std::ostringstream table;
        write_table(table, outcome, whole(outcome), TextStyle{false, width});
        std::istringstream lines(table.str());
        for (std::string line; std::getline(lines, line);) {
            INFO(width << ": " << line);
            const auto columns = std::count_if(line.begin(), line.end(), [](char c) {
                return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
            });
            CHECK(columns <= width);
        }
    }
}

TEST_CASE("report: a timeline tells facts and violations in the order of their times") {
    const RunOutcome outcome = tests::sample();
    std::ostringstream out;
    write_timeline(out, outcome.scenarios[1].arms[1], TextStyle{});
    const std::string text = out.str();
    const auto typed = text.find("alice types the code of message 1");
    const auto withdrawn = text.find("the bolt is withdrawn");
    const auto violation = text.find("the bolt was withdrawn for mallory");
    const auto pulled = text.find("door pulled open by mallory");
    REQUIRE(pulled != std::string::npos);
    CHECK(typed < withdrawn);
    CHECK(withdrawn < violation);
    CHECK(violation < pulled);
}

TEST_CASE("report: files are written whole or not at all") {
    const fs::path target = scratch("report.html");
    write_whole(target, "old");
    write_whole(target, "new");
    std::ostringstream content;
    content << std::ifstream(target).rdbuf();
    CHECK(content.str() == "new");
    CHECK(std::distance(fs::directory_iterator(target.parent_path()), {}) == 1);

    std::string refusal;
    try {
        write_whole(scratch("none") / "report.html", "x");
    } catch (const std::runtime_error& problem) {
        refusal = problem.what();
    }
    CHECK(refusal.find("report.html") != std::string::npos);
    CHECK_THROWS(expect_writable(scratch("none") / "report.html"));
    CHECK_THROWS(expect_writable(target.parent_path()));
    CHECK_NOTHROW(expect_writable(target));
    fs::remove_all(target.parent_path());
}
