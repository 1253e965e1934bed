#include "report/plots.h"

#include <string>
#include <vector>

#include "biometrics/intervals.h"
#include "catch.h"
#include "report/page.h"

using namespace strongroom;
using namespace strongroom::biometrics;
using namespace strongroom::report;

namespace {

std::size_t times(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

bool is_drawable(const std::string& svg) {
    return svg.starts_with("<svg") && svg.ends_with("</svg>\n") &&
           svg.find("nan") == std::string::npos && svg.find("inf\"") == std::string::npos;
}

std::vector<Curve> curves() {
    const ErrorRates rates({{0.1, 0.2, 0.3, 0.6}, {0.25, 0.5, 0.7, 0.9}});
    return {{"one", rates.det_curve(20)}, {"<b>two</b>", rates.det_curve(20)}};
}

}  // namespace

TEST_CASE("plots: a trade-off curve is drawn a line a method and names are escaped") {
    for (const auto& svg : {draw_det(curves(), 0.01), draw_roc(curves(), 0.01)}) {
        CHECK(is_drawable(svg));
        CHECK(times(svg, "class=\"line\" d=\"M") >= 2);
        CHECK(svg.find("<b>") == std::string::npos);
        CHECK(svg.find("&lt;b&gt;two") != std::string::npos);
    }
    CHECK(draw_det(curves(), 0.01).find("false non-match rate") != std::string::npos);
}

TEST_CASE("plots: a curve without an error says so instead of vanishing") {
    const ErrorRates perfect({{0.1, 0.2}, {0.8, 0.9}});
    const std::vector<Curve> curve{{"perfect", perfect.det_curve(5)}};
    CHECK(draw_det(curve, 0.01).find("no error within this plot") != std::string::npos);
}

TEST_CASE("plots: equal error lies on the diagonal of the trade-off plot") {
    // One point with both rates 10 %: as far from the left as from the bottom, in shares.
    const std::vector<Curve> curve{{"point", {{0.5, 0.1, 0.1}}}};
    const std::string svg = draw_det(curve, 0.001);
    const auto at = svg.find("class=\"line\" d=\"M");
    REQUIRE(at != std::string::npos);
    const std::string path = svg.substr(at + 17);
    const double x = std::stod(path);
    const double y = std::stod(path.substr(path.find(' ')));
    CHECK((x - 62) / (454 - 62) == Approx((330 - y) / (330 - 26)).margin(0.002));
}

TEST_CASE("plots: a histogram bears equal, infinite and missing values") {
    const std::vector<Mark> marks{{"threshold", 0.5}};
    const std::vector<Distribution> odd{
        {"none", {}}, {"same", {0.5, 0.5}}, {"far", {std::numeric_limits<double>::infinity()}}};
    CHECK(is_drawable(draw_histogram(odd, marks, "distance")));
    CHECK(is_drawable(draw_histogram({}, {}, "distance")));
    const std::vector<Distribution> usual{{"genuine", {0.1, 0.2, 0.2}}, {"impostor", {0.8}}};
    const auto svg = draw_histogram(usual, marks, "distance");
    CHECK(times(svg, "class=\"area\"") == 2);
    CHECK(times(svg, "class=\"mark\"") == 1);
}

TEST_CASE("plots: a rate bar shows counts, and that nothing was counted") {
    const Count some{3, 90};
    const std::vector<RateBar> bars{{"print", some, clopper_pearson(some)}, {"mask", {}, {}}};
    const auto svg = draw_rates(bars, "APCER");
    CHECK(is_drawable(svg));
    CHECK(svg.find("3.33 %  (3 of 90)") != std::string::npos);
    CHECK(svg.find("no answer in any presentation") != std::string::npos);
    const std::vector<Sweep> sweeps{{"print", {{0.1, 0.0, {0, 0.1}}, {0.9, 1.0, {0.8, 1}}}}};
    CHECK(is_drawable(draw_sweeps(sweeps, "quality", "APCER")));
}

TEST_CASE("page: rates from renders are labelled as simulated at every table and plot") {
    Page page;
    page.title = "evaluation";
    page.headline = "EER < 1 %";
    page.simulated = true;
    page.facts = {{"people", "5 & more"}};
    page.command = "strongroom face evaluate";
    PageSection section;
    section.heading = "Rates";
    section.drawings = {draw_det(curves(), 0.01)};
    section.tables = {{"by model", {"model", "EER"}, {{"embedded", "1 %"}}},
                      {"by species", {"species"}, {{"print"}}}};
    page.sections = {section};
    const auto html = to_html(page);
    CHECK(times(html, "SIMULATED") == 4);  // notice, plot, two tables
    CHECK(html.find("state no conformity") != std::string::npos);
    CHECK(html.find("EER &lt; 1 %") != std::string::npos);
    CHECK(html.find("5 &amp; more") != std::string::npos);
    CHECK(html.find("http://") == std::string::npos);
    CHECK(html.find("<script") == std::string::npos);
    page.simulated = false;
    CHECK(times(to_html(page), "SIMULATED") == 0);
    CHECK(to_html(page) == to_html(page));
}
