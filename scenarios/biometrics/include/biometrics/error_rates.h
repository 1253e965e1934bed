// Error rates of comparing by a distance, in the terms of ISO/IEC 19795-1.
//
// A comparison is accepted when its distance is at or below the threshold. A genuine comparison is
// of one person with herself, an impostor comparison of two people. Values, no state; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace strongroom::biometrics {

// Distances, in any order. Infinite means never accepted; NaN is refused (asserts).
struct Scores {
    std::vector<double> genuine;
    std::vector<double> impostor;
};

// A count of errors among trials.
struct Count {
    std::int64_t errors = 0;
    std::int64_t trials = 0;
    [[nodiscard]] double rate() const;  // 0 without trials
};

// Sorted once, then asked often. The rates are those of the sample, without smoothing.
class ErrorRates {
public:
    explicit ErrorRates(Scores scores);

    // False match rate: impostor comparisons accepted at `threshold`.
    [[nodiscard]] Count fmr(double threshold) const;
    // False non-match rate: genuine comparisons not accepted at `threshold`.
    [[nodiscard]] Count fnmr(double threshold) const;

    // Where FMR and FNMR cross. On a sample they seldom meet in a point: the rate is the mean of
    // the two at the threshold where they are closest (the lowest such threshold).
    struct EqualError {
        double rate = 0;
        double threshold = 0;
    };
    [[nodiscard]] EqualError equal_error() const;

    // The largest observed distance at which FMR is not above `target`; below every distance when
    // there is none, so that FNMR is then 1.
    [[nodiscard]] double threshold_at_fmr(double target) const;

    // Points of the detection error trade-off curve, one for each threshold at which either rate
    // changes, thinned evenly to at most `count`; thresholds rise. Asserts count >= 2.
    struct Point {
        double threshold = 0;
        double fmr = 0;
        double fnmr = 0;
    };
    [[nodiscard]] std::vector<Point> trade_off(std::size_t count) const;

    // The same curve for plots whose axes stretch the small rates: points evenly spaced in the
    // logarithm of FMR, in that of FNMR and in the threshold's rank, `count` of each at most,
    // without repeats; thresholds rise. Asserts count >= 2.
    [[nodiscard]] std::vector<Point> det_curve(std::size_t count) const;

    // Share of all comparisons decided rightly, at the threshold where it is greatest.
    [[nodiscard]] double best_accuracy() const;

    [[nodiscard]] std::span<const double> genuine() const { return scores_.genuine; }    // rising
    [[nodiscard]] std::span<const double> impostor() const { return scores_.impostor; }  // rising

private:
    [[nodiscard]] std::vector<double> thresholds() const;
    Scores scores_;
};

// The value below which a share `p` (0 to 1) of `rising` lies, interpolated between its neighbours
// (Hyndman and Fan, type 7). Asserts that there is one.
[[nodiscard]] double quantile(std::span<const double> rising, double p);

}  // namespace strongroom::biometrics
