// Plots of biometric error rates as inline SVG for the HTML report. Colours come from the page's
// style sheet and are never alone: series differ in their dashes, too, and carry their names.
//
// Pure functions; any thread. Names may hold anything and are escaped.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "biometrics/error_rates.h"
#include "biometrics/intervals.h"

namespace strongroom::report {

struct Curve {
    std::string name;
    std::vector<biometrics::ErrorRates::Point> points;  // thresholds rising
};

// FMR across, FNMR upwards, both on axes of normal deviates (ISO/IEC 19795-1), so that normal
// distributions give straight lines. `smallest` is the lowest rate shown, such as 1 over the number
// of trials; within 1e-6 to 0.1.
[[nodiscard]] std::string draw_det(std::span<const Curve> curves, double smallest);
// The same with other words: "APCER" across and "BPCER" upwards, for instance.
[[nodiscard]] std::string draw_det(std::span<const Curve> curves, double smallest,
                                   const std::string& across, const std::string& upwards);

// FMR across on a logarithmic axis, the share of genuine comparisons accepted upwards.
[[nodiscard]] std::string draw_roc(std::span<const Curve> curves, double smallest);

struct Distribution {
    std::string name;
    std::vector<double> values;  // in any order; infinite ones are left out
};
struct Mark {
    std::string name;
    double value = 0;
};
// How often each score occurs, each distribution scaled to its own highest bar; marks (thresholds)
// as lines.
[[nodiscard]] std::string draw_histogram(std::span<const Distribution> distributions,
                                         std::span<const Mark> marks, const std::string& across);

struct RateBar {
    std::string name;
    biometrics::Count count;
    biometrics::Interval bounds;
};
// A line a rate: the point, its bounds, its counts. From 0 to the highest bound, 1 at most.
[[nodiscard]] std::string draw_rates(std::span<const RateBar> bars, const std::string& across);

struct SweepPoint {
    double at = 0;  // 0 to 1
    double rate = 0;
    biometrics::Interval bounds;
};
struct Sweep {
    std::string name;
    std::vector<SweepPoint> points;
};
// A small plot a series: a rate over the quality of the instrument, with bounds.
[[nodiscard]] std::string draw_sweeps(std::span<const Sweep> sweeps, const std::string& across,
                                      const std::string& upwards);

}  // namespace strongroom::report
