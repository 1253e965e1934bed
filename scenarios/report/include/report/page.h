// A page about measurements: what they rest on, tables, plots. One self-contained HTML file.
//
// Pure functions of the page; any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace strongroom::report {

struct PageTable {
    std::string caption;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;  // as many cells as columns
};

struct PageSection {
    std::string heading;
    std::string text;                   // a paragraph; may be empty
    std::vector<std::string> drawings;  // SVG as plots.h makes it
    std::vector<PageTable> tables;
};

struct Page {
    std::string title;
    std::string headline;
    std::string lead;
    bool simulated = false;  // says so at the top and beside every table
    std::vector<std::pair<std::string, std::string>> facts;  // what it rests on
    std::string command;                                     // that makes it again; may be empty
    std::vector<PageSection> sections;
};

// What SIMULATED means, a sentence: in every report of rates from renders.
[[nodiscard]] std::string simulated_notice();

[[nodiscard]] std::string to_html(const Page& page);

}  // namespace strongroom::report
