#include "report/page.h"

#include <sstream>

#include "style_sheet.h"
#include "report/words.h"

namespace strongroom::report {

namespace {

void write_table(std::ostream& out, const PageTable& table, bool simulated) {
    out << "<div class=\"scroll\"><table class=\"figures\"><caption>"
        << (simulated ? "<strong>SIMULATED</strong> · " : "") << escape(table.caption)
        << "</caption><thead><tr>";
    for (const auto& column : table.columns)
        out << "<th scope=\"col\">" << escape(column) << "</th>";
    out << "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows) {
        out << "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i) {
            out << (i == 0 ? "<th scope=\"row\">" : "<td>") << escape(row[i])
                << (i == 0 ? "</th>" : "</td>");
        }
        out << "</tr>\n";
    }
    out << "</tbody></table></div>\n";
}

void write_section(std::ostream& out, const PageSection& section, bool simulated) {
    out << "<h2>" << escape(section.heading) << "</h2>\n";
    if (!section.text.empty()) out << "<p class=\"lead\">" << escape(section.text) << "</p>\n";
    if (!section.drawings.empty()) {
        out << "<div class=\"plots\">\n";
        for (const auto& drawing : section.drawings) {
            out << "<figure>" << drawing << (simulated ? "<figcaption>SIMULATED</figcaption>" : "")
                << "</figure>\n";
        }
        out << "</div>\n";
    }
    for (const auto& table : section.tables) write_table(out, table, simulated);
}

}  // namespace

std::string simulated_notice() {
    return "SIMULATED: measured on pictures that the simulator rendered. Such rates compare "
           "methods "
           "and find weaknesses; they state no conformity with ISO/IEC 19795, ISO/IEC 30107-3, "
           "NIST "
           "SP 800-63B or the Common Criteria.";
}

std::string to_html(const Page& page) {
    std::ostringstream out;
    out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
           "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>strongroom: "
        << escape(page.headline) << "</title>\n<style>" << style_sheet << plot_style_sheet
        << "</style>\n</head>\n<body>\n<main>\n<h1>" << escape(page.title)
        << "</h1>\n<p class=\"headline\">" << escape(page.headline) << "</p>\n<p class=\"lead\">"
        << escape(page.lead) << "</p>\n";
    if (page.simulated) {
        out << "<p class=\"partial\"><strong>" << escape(simulated_notice()) << "</strong></p>\n";
    }
    for (const auto& section : page.sections) write_section(out, section, page.simulated);
    out << "<h2 id=\"rests-on\">What this rests on</h2>\n<div class=\"scroll\"><table "
           "class=\"rests\"><tbody>\n";
    for (const auto& [name, value] : page.facts) {
        out << "<tr><th scope=\"row\">" << escape(name) << "</th><td>" << escape(value)
            << "</td></tr>\n";
    }
    if (!page.command.empty()) {
        out << "<tr><th scope=\"row\">command</th><td><code>" << escape(page.command)
            << "</code></td></tr>\n";
    }
    out << "</tbody></table></div>\n<footer>Bounds are at 95 %. Where people or artefacts appear "
           "more than once, they are drawn as a whole (bootstrap over subjects and over "
           "artefacts), "
           "and the wider of those bounds and of Clopper and Pearson's is "
           "shown.</footer>\n</main>\n"
           "</body>\n</html>\n";
    return out.str();
}

}  // namespace strongroom::report
