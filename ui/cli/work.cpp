#include "work.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

#include <unistd.h>

namespace strongroom::cli {

namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

class SignalGuard {
public:
    SignalGuard() {
        interrupted = false;
        struct sigaction action {};
        action.sa_handler = [](int) { interrupted = true; };
        // The second one has the default effect.
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        sigaction(SIGINT, &action, &before_int_);
        sigaction(SIGTERM, &action, &before_term_);
    }
    ~SignalGuard() {
        sigaction(SIGINT, &before_int_, nullptr);
        sigaction(SIGTERM, &before_term_, nullptr);
    }
    SignalGuard(const SignalGuard&) = delete;
    SignalGuard& operator=(const SignalGuard&) = delete;

private:
    struct sigaction before_int_ {};
    struct sigaction before_term_ {};
};

std::string time_text(double seconds) {
    if (seconds < 90) return std::to_string(static_cast<long>(seconds + 0.5)) + " s";
    return std::to_string(static_cast<long>(seconds / 60 + 0.5)) + " min";
}

class ProgressLine {
public:
    ProgressLine(std::size_t count, std::string what) : count_(count), what_(std::move(what)) {}
    ~ProgressLine() {
        if (shown_) std::cerr << "\r\033[K" << std::flush;
    }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // Called by the workers, one at a time.
    void one_done() {
        ++done_;
        const auto now = std::chrono::steady_clock::now();
        if (!terminal_ || now - last_ < std::chrono::milliseconds(200)) return;
        last_ = now;
        shown_ = true;
        const double spent = std::chrono::duration<double>(now - begun_).count();
        const double left =
            spent / static_cast<double>(done_) * static_cast<double>(count_ - done_);
        std::cerr << "\r\033[K" << done_ << " of " << count_ << " " << what_ << ", about "
                  << time_text(left) << " left" << std::flush;
    }

private:
    std::size_t count_;
    std::string what_;
    std::size_t done_ = 0;
    bool terminal_ = ::isatty(STDERR_FILENO) != 0;
    bool shown_ = false;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point last_ = begun_;
};

}  // namespace

unsigned default_jobs() { return std::max(1U, std::thread::hardware_concurrency()); }

void do_all(std::size_t count, unsigned jobs, const std::string& what, const MakeWorker& make) {
    const SignalGuard guard;
    ProgressLine progress(count, what);
    std::mutex mutex;
    std::exception_ptr problem;
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    const auto run = [&] {
        try {
            const auto worker = make();
            while (!interrupted && !failed) {
                const std::size_t item = next++;
                if (item >= count) return;
                worker(item);
                const std::lock_guard lock(mutex);
                progress.one_done();
            }
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!problem) problem = std::current_exception();
            failed = true;
        }
    };
    const auto threads = std::min<std::size_t>(std::max(1U, jobs), std::max<std::size_t>(count, 1));
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(run);
    run();
    for (std::thread& thread : others) thread.join();
    if (problem) std::rethrow_exception(problem);
    if (interrupted) throw Interrupted("interrupted: nothing was written");
}

}  // namespace strongroom::cli
