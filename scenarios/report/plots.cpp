#include "report/plots.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <sstream>

#include "base/assert.h"
#include "report/words.h"

namespace strongroom::report {

using biometrics::ErrorRates;

namespace {

constexpr double width = 480;
constexpr double left = 62;
constexpr double right = 454;
constexpr double top = 26;
constexpr double bottom = 330;
constexpr double legend_line = 18;
constexpr int looks = 6;  // of series in the style sheet

std::string px(double value) {
    std::ostringstream out;
    out << std::round(value * 10) / 10;
    return out.str();
}

std::string look(std::size_t series) {
    return "s" + std::to_string(series % static_cast<std::size_t>(looks));
}

// "0.1 %", "25 %".
std::string percent_text(double rate) {
    std::ostringstream out;
    out.precision(3);
    out << rate * 100 << " %";
    return out.str();
}

struct Tick {
    double at = 0;  // pixel
    std::string label;
};

void draw_frame(std::ostream& out, const std::vector<Tick>& across, const std::vector<Tick>& up,
                const std::string& across_name, const std::string& up_name) {
    for (const Tick& tick : across) {
        out << "<line class=\"grid\" x1=\"" << px(tick.at) << "\" y1=\"" << px(top) << "\" x2=\""
            << px(tick.at) << "\" y2=\"" << px(bottom) << "\"/><text class=\"soft middle\" x=\""
            << px(tick.at) << "\" y=\"" << px(bottom + 15) << "\">" << escape(tick.label)
            << "</text>\n";
    }
    for (const Tick& tick : up) {
        out << "<line class=\"grid\" x1=\"" << px(left) << "\" y1=\"" << px(tick.at) << "\" x2=\""
            << px(right) << "\" y2=\"" << px(tick.at) << "\"/><text class=\"soft end\" x=\""
            << px(left - 6) << "\" y=\"" << px(tick.at + 4) << "\">" << escape(tick.label)
            << "</text>\n";
    }
    out << "<rect class=\"frame\" x=\"" << px(left) << "\" y=\"" << px(top) << "\" width=\""
        << px(right - left) << "\" height=\"" << px(bottom - top)
        << "\"/>\n<text class=\"middle\" x=\"" << px((left + right) / 2) << "\" y=\""
        << px(bottom + 34) << "\">" << escape(across_name) << "</text>\n<text x=\"" << px(4)
        << "\" y=\"" << px(top - 10) << "\">" << escape(up_name) << "</text>\n";
}

void begin_plot(std::ostream& out, std::size_t legend, const std::string& label) {
    const double height = bottom + 46 + legend_line * static_cast<double>(legend);
    out << "<svg class=\"plot\" viewBox=\"0 0 " << px(width) << " " << px(height)
        << "\" role=\"img\" aria-label=\"" << escape(label) << "\">\n";
}

void draw_legend(std::ostream& out, std::size_t index, const std::string& name, const char* mark) {
    const double y = bottom + 54 + legend_line * static_cast<double>(index);
    out << "<g class=\"" << look(index) << "\"><path class=\"" << mark << "\" d=\"M" << px(left)
        << " " << px(y - 4) << "h34\"/><text x=\"" << px(left + 42) << "\" y=\"" << px(y) << "\">"
        << escape(name) << "</text></g>\n";
}

// Shares on an axis of normal deviates, from `smallest` to 60 %.
class DeviateAxis {
public:
    DeviateAxis(double smallest, double from, double to)
        : smallest_(smallest),
          low_(biometrics::normal_deviate(smallest)),
          high_(biometrics::normal_deviate(largest)),
          from_(from),
          to_(to) {}
    [[nodiscard]] bool shows(double rate) const { return rate >= smallest_ && rate <= largest; }
    [[nodiscard]] double operator()(double rate) const {
        const double deviate = biometrics::normal_deviate(std::clamp(rate, smallest_, largest));
        return from_ + (deviate - low_) / (high_ - low_) * (to_ - from_);
    }
    [[nodiscard]] std::vector<Tick> ticks() const {
        std::vector<Tick> all;
        for (const double rate : {1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4}) {
            if (!shows(rate)) continue;
            const double at = (*this)(rate);
            // Labels must not touch.
            if (!all.empty() && std::abs(at - all.back().at) < 28) continue;
            all.push_back({at, percent_text(rate)});
        }
        return all;
    }

private:
    static constexpr double largest = 0.6;
    double smallest_;
    double low_;
    double high_;
    double from_;
    double to_;
};

// A line through the points, cut where `shows` is false; steps, as counts have.
std::string path_of(const std::vector<ErrorRates::Point>& points,
                    const std::function<bool(const ErrorRates::Point&)>& shows,
                    const std::function<double(const ErrorRates::Point&)>& x,
                    const std::function<double(const ErrorRates::Point&)>& y) {
    std::string path;
    bool drawing = false;
    for (const auto& point : points) {
        if (!shows(point)) {
            drawing = false;
            continue;
        }
        path += (drawing ? "L" : "M") + px(x(point)) + " " + px(y(point));
        drawing = true;
    }
    return path;
}

void draw_series(std::ostream& out, std::size_t index, const std::string& name,
                 const std::string& path) {
    out << "<g class=\"" << look(index) << "\"><title>" << escape(name)
        << "</title><path class=\"line\" d=\"" << path << "\"/></g>\n";
    draw_legend(out, index, name, "line");
}

struct Range {
    double low = 0;
    double high = 1;
};

Range range_of(std::span<const Distribution> distributions, std::span<const Mark> marks) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    const auto take = [&](double value) {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    };
    for (const auto& distribution : distributions) {
        for (const double value : distribution.values) take(value);
    }
    for (const auto& mark : marks) take(mark.value);
    if (!(low < high)) return {low <= high ? low - 0.5 : 0, low <= high ? low + 0.5 : 1};
    return {low, high};
}

// 1, 2 or 5 times a power of ten: about `count` steps in the range.
double step_of(const Range& range, int count) {
    const double rough = (range.high - range.low) / count;
    const double decade = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (decade * factor >= rough) return decade * factor;
    }
    return decade * 10;
}

std::vector<Tick> plain_ticks(const Range& range) {
    std::vector<Tick> ticks;
    const double step = step_of(range, 7);
    for (double at = std::ceil(range.low / step) * step; at <= range.high + step / 1e6;
         at += step) {
        std::ostringstream label;
        label.precision(4);
        label << (std::abs(at) < step / 1e6 ? 0 : at);
        const double share = (at - range.low) / (range.high - range.low);
        ticks.push_back({left + share * (right - left), label.str()});
    }
    return ticks;
}

}  // namespace

std::string draw_det(std::span<const Curve> curves, double smallest, const std::string& across,
                     const std::string& upwards) {
    STRONGROOM_ASSERT(smallest >= 1e-6 && smallest <= 0.1);
    const DeviateAxis x(smallest, left, right);
    const DeviateAxis y(smallest, bottom, top);
    std::ostringstream out;
    begin_plot(out, curves.size(), "Detection error trade-off: " + upwards + " over " + across);
    draw_frame(out, x.ticks(), y.ticks(), across, upwards);
    out << "<path class=\"diagonal\" d=\"M" << px(left) << " " << px(bottom) << "L" << px(right)
        << " " << px(top) << "\"/>\n";
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const std::string path = path_of(
            curves[i].points, [&](const auto& p) { return x.shows(p.fmr) && y.shows(p.fnmr); },
            [&](const auto& p) { return x(p.fmr); }, [&](const auto& p) { return y(p.fnmr); });
        draw_series(out, i, curves[i].name + (path.empty() ? " (no error within this plot)" : ""),
                    path);
    }
    out << "</svg>\n";
    return out.str();
}

std::string draw_det(std::span<const Curve> curves, double smallest) {
    return draw_det(curves, smallest, "false match rate (FMR)", "false non-match rate (FNMR)");
}

std::string draw_roc(std::span<const Curve> curves, double smallest) {
    STRONGROOM_ASSERT(smallest >= 1e-6 && smallest <= 0.1);
    const double decades = -std::floor(std::log10(smallest));
    const auto x = [&](double rate) {
        return right + std::log10(std::max(rate, smallest)) / decades * (right - left);
    };
    const auto y = [](double rate) { return bottom - rate * (bottom - top); };
    std::vector<Tick> across;
    for (int decade = static_cast<int>(decades); decade >= 0; --decade) {
        const double rate = std::pow(10.0, -decade);
        across.push_back({x(rate), percent_text(rate)});
    }
    std::vector<Tick> up;
    for (const double rate : {0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0}) {
        up.push_back({y(rate), percent_text(rate)});
    }
    std::ostringstream out;
    begin_plot(out, curves.size(), "Receiver operating characteristic: accepted over FMR");
    draw_frame(out, across, up, "false match rate (FMR)", "genuine comparisons accepted");
    for (std::size_t i = 0; i < curves.size(); ++i) {
        draw_series(out, i, curves[i].name,
                    path_of(
                        curves[i].points, [&](const auto& p) { return p.fmr >= smallest; },
                        [&](const auto& p) { return x(p.fmr); },
                        [&](const auto& p) { return y(1 - p.fnmr); }));
    }
    out << "</svg>\n";
    return out.str();
}

std::string draw_histogram(std::span<const Distribution> distributions, std::span<const Mark> marks,
                           const std::string& across) {
    constexpr std::size_t bars = 60;
    const Range range = range_of(distributions, marks);
    const double bar = (right - left) / static_cast<double>(bars);
    std::ostringstream out;
    begin_plot(out, distributions.size(), "How often each score occurs: " + across);
    draw_frame(out, plain_ticks(range), {}, across, "how often, each to its own scale");
    for (std::size_t i = 0; i < distributions.size(); ++i) {
        std::array<double, bars> counts{};
        for (const double value : distributions[i].values) {
            if (!std::isfinite(value)) continue;
            const double share = (value - range.low) / (range.high - range.low);
            const auto at = static_cast<std::size_t>(share * static_cast<double>(bars));
            counts.at(std::min(at, bars - 1)) += 1;
        }
        const double highest = std::max(1.0, *std::max_element(counts.begin(), counts.end()));
        out << "<g class=\"" << look(i) << "\"><title>" << escape(distributions[i].name)
            << "</title><path class=\"area\" d=\"M" << px(left) << " " << px(bottom);
        double x = left;
        for (const double count : counts) {
            const double y = bottom - count / highest * (bottom - top - 12);
            out << "L" << px(x) << " " << px(y) << "L" << px(x + bar) << " " << px(y);
            x += bar;
        }
        out << "L" << px(right) << " " << px(bottom) << "Z\"/></g>\n";
        draw_legend(out, i, distributions[i].name, "line");
    }
    double label_y = top + 14;
    for (const Mark& mark : marks) {
        const double x =
            left + (mark.value - range.low) / (range.high - range.low) * (right - left);
        const bool late = x > (left + right) / 2;
        out << "<path class=\"mark\" d=\"M" << px(x) << " " << px(top) << "V" << px(bottom)
            << "\"/><text class=\"" << (late ? "end" : "start") << "\" x=\""
            << px(late ? x - 5 : x + 5) << "\" y=\"" << px(label_y) << "\">" << escape(mark.name)
            << "</text>\n";
        label_y += 15;
    }
    out << "</svg>\n";
    return out.str();
}

std::string draw_rates(std::span<const RateBar> bars, const std::string& across) {
    constexpr double row = 26;
    constexpr double label_right = 190;
    constexpr double plot_right = 760;
    constexpr double wide = 960;
    double highest = 0.02;
    for (const RateBar& bar : bars) {
        if (bar.count.trials > 0) highest = std::max(highest, bar.bounds.upper);
    }
    highest = std::min(1.0, highest * 1.05);
    const auto x = [&](double rate) {
        return label_right + rate / highest * (plot_right - label_right);
    };
    const double end = top + row * static_cast<double>(bars.size());
    std::ostringstream out;
    out << "<svg class=\"plot wide\" viewBox=\"0 0 " << px(wide) << " " << px(end + 40)
        << "\" role=\"img\" aria-label=\"" << escape(across) << "\">\n";
    const double step = step_of({0, highest}, 6);
    for (double rate = 0; rate <= highest + step / 1e6; rate += step) {
        out << "<line class=\"grid\" x1=\"" << px(x(rate)) << "\" y1=\"" << px(top - 6)
            << "\" x2=\"" << px(x(rate)) << "\" y2=\"" << px(end)
            << "\"/><text class=\"soft middle\" x=\"" << px(x(rate)) << "\" y=\"" << px(end + 15)
            << "\">" << percent_text(rate) << "</text>\n";
    }
    double y = top + row / 2;
    for (const RateBar& bar : bars) {
        out << "<text class=\"end\" x=\"" << px(label_right - 10) << "\" y=\"" << px(y + 4) << "\">"
            << escape(bar.name) << "</text>";
        if (bar.count.trials == 0) {
            out << "<text class=\"soft\" x=\"" << px(label_right + 8) << "\" y=\"" << px(y + 4)
                << "\">no answer in any presentation</text>\n";
        } else {
            out << "<g class=\"s0\"><path class=\"bounds\" d=\"M" << px(x(bar.bounds.lower)) << " "
                << px(y) << "H" << px(x(std::min(highest, bar.bounds.upper)))
                << "\"/><circle class=\"dot\" cx=\"" << px(x(bar.count.rate())) << "\" cy=\""
                << px(y) << "\" r=\"5\"/></g><text x=\"" << px(plot_right + 12) << "\" y=\""
                << px(y + 4) << "\">" << percent_text(bar.count.rate()) << "  (" << bar.count.errors
                << " of " << bar.count.trials << ")</text>\n";
        }
        y += row;
    }
    out << "<text class=\"middle\" x=\"" << px((label_right + plot_right) / 2) << "\" y=\""
        << px(end + 34) << "\">" << escape(across) << "</text>\n</svg>\n";
    return out.str();
}

std::string draw_sweeps(std::span<const Sweep> sweeps, const std::string& across,
                        const std::string& upwards) {
    constexpr double cell = 192;
    constexpr double height = 150;
    constexpr std::size_t columns = 5;
    const std::size_t rows = (sweeps.size() + columns - 1) / columns;
    std::ostringstream out;
    out << "<svg class=\"plot wide\" viewBox=\"0 0 " << px(cell * columns) << " "
        << px(height * static_cast<double>(rows) + 24) << "\" role=\"img\" aria-label=\""
        << escape(upwards + " over " + across) << "\">\n";
    for (std::size_t i = 0; i < sweeps.size(); ++i) {
        const double x0 = cell * static_cast<double>(i % columns) + 38;
        const double x1 = x0 + cell - 52;
        const double y0 = height * static_cast<double>(i / columns) + 24;
        const double y1 = y0 + height - 48;
        const auto x = [&](double at) { return x0 + at * (x1 - x0); };
        const auto y = [&](double rate) { return y1 - rate * (y1 - y0); };
        out << "<text x=\"" << px(x0) << "\" y=\"" << px(y0 - 7) << "\">" << escape(sweeps[i].name)
            << "</text><rect class=\"frame\" x=\"" << px(x0) << "\" y=\"" << px(y0) << "\" width=\""
            << px(x1 - x0) << "\" height=\"" << px(y1 - y0) << "\"/>";
        for (const double rate : {0.0, 0.5, 1.0}) {
            out << "<text class=\"soft end\" x=\"" << px(x0 - 4) << "\" y=\"" << px(y(rate) + 4)
                << "\">" << percent_text(rate) << "</text>";
        }
        for (const double at : {0.0, 0.5, 1.0}) {
            out << "<text class=\"soft middle\" x=\"" << px(x(at)) << "\" y=\"" << px(y1 + 14)
                << "\">" << at << "</text>";
        }
        out << "<g class=\"s0\">";
        std::string path;
        for (const SweepPoint& point : sweeps[i].points) {
            path += (path.empty() ? "M" : "L") + px(x(point.at)) + " " + px(y(point.rate));
            out << "<path class=\"bounds\" style=\"stroke-opacity:.45\" d=\"M" << px(x(point.at))
                << " " << px(y(point.bounds.lower)) << "V" << px(y(point.bounds.upper))
                << "\"/><circle class=\"dot\" cx=\"" << px(x(point.at)) << "\" cy=\""
                << px(y(point.rate)) << "\" r=\"3.5\"><title>" << percent_text(point.rate) << " ("
                << percent_text(point.bounds.lower) << " to " << percent_text(point.bounds.upper)
                << ")</title></circle>";
        }
        out << "<path class=\"line\" d=\"" << path << "\"/></g>\n";
    }
    out << "<text class=\"soft\" x=\"38\" y=\"" << px(height * static_cast<double>(rows) + 14)
        << "\">" << escape("Across: " + across + "; upwards: " + upwards) << "</text>\n</svg>\n";
    return out.str();
}

}  // namespace strongroom::report
