#include "frame_times.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include <nlohmann/json.hpp>

namespace strongroom::panel {

namespace {

double rounded(double value) { return std::round(value * 100) / 100; }

}  // namespace

double FrameTimes::percentile(double part) const {
    if (milliseconds.empty()) return 0;
    std::vector<double> sorted = milliseconds;
    std::sort(sorted.begin(), sorted.end());
    // The nearest rank: a time that was measured, never one between two.
    const double rank = std::ceil(std::clamp(part, 0.0, 1.0) * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

double FrameTimes::frames_per_second() const {
    const double sum = std::accumulate(milliseconds.begin(), milliseconds.end(), 0.0);
    return sum > 0 ? 1000 * static_cast<double>(milliseconds.size()) / sum : 0;
}

std::string bench_table(const BenchResult& result) {
    std::string table = std::to_string(result.width) + "\u00D7" + std::to_string(result.height) +
                        ", drawn by " + result.renderer + "\n" + result.content + "\n";
    std::array<char, 160> line{};
    std::snprintf(line.data(), line.size(), "%-16s %8s %10s %10s %10s %10s %10s\n", "view",
                  "frames", "frames/s", "median ms", "95 % ms", "99 % ms", "CPU ms");
    table += line.data();
    for (const FrameTimes& view : result.views) {
        std::snprintf(line.data(), line.size(), "%-16s %8zu %10.1f %10.2f %10.2f %10.2f %10.2f\n",
                      view.view.c_str(), view.milliseconds.size(), view.frames_per_second(),
                      view.percentile(0.5), view.percentile(0.95), view.percentile(0.99),
                      view.processor_milliseconds);
        table += line.data();
    }
    return table;
}

std::string bench_json(const BenchResult& result) {
    nlohmann::ordered_json json{{"width", result.width},
                                {"height", result.height},
                                {"renderer", result.renderer},
                                {"content", result.content}};
    json["views"] = nlohmann::ordered_json::array();
    for (const FrameTimes& view : result.views) {
        json["views"].push_back({{"view", view.view},
                                 {"frames", view.milliseconds.size()},
                                 {"frames_per_second", rounded(view.frames_per_second())},
                                 {"milliseconds_median", rounded(view.percentile(0.5))},
                                 {"milliseconds_95", rounded(view.percentile(0.95))},
                                 {"milliseconds_99", rounded(view.percentile(0.99))},
                                 {"milliseconds_most", rounded(view.percentile(1))},
                                 {"processor_milliseconds", rounded(view.processor_milliseconds)}});
    }
    return json.dump(2) + "\n";
}

}  // namespace strongroom::panel
