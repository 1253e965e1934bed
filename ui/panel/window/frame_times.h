// Frame times of --bench, and what is said of them. One thread.
#pragma once

#include <string>
#include <vector>

namespace strongroom::panel {

struct FrameTimes {
    std::string view;
    std::vector<double> milliseconds;  // of each frame, in the order drawn
    // Of all processors together, on average: what the frame costs even where other programs are
    // in its way. The strongroom's own work beside it is in it.
    double processor_milliseconds = 0;

    // `part` 0 to 1 of the frames took this long or less; 0 when there are none.
    [[nodiscard]] double percentile(double part) const;
    // Over all of them; 0 when there are none.
    [[nodiscard]] double frames_per_second() const;
};

struct BenchResult {
    int width = 0;
    int height = 0;
    std::string renderer;
    std::string content;  // what was shown: numbers of rows, camera
    std::vector<FrameTimes> views;
};

// A table for people.
[[nodiscard]] std::string bench_table(const BenchResult& result);
[[nodiscard]] std::string bench_json(const BenchResult& result);

}  // namespace strongroom::panel
