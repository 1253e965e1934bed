// Time that was spent on one of two things that are measured in turns, so that both see the same
// machine.
#pragma once

#include <chrono>

#include <time.h>

namespace strongroom::bench {

// Seconds by the wall, and of this process's processor time.
struct Spent {
    double wall = 0;
    double processor = 0;
    template <class Work>
    void add(Work&& work) {
        const auto begin = std::chrono::steady_clock::now();
        const double processor_begin = processor_now();
        work();
        processor += processor_now() - processor_begin;
        wall += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }

private:
    static double processor_now() {
        timespec now{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
    }
};

}  // namespace strongroom::bench
