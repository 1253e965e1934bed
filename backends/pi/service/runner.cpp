#include "pi/service/runner.h"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <stdexcept>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "pi/service/notify.h"

namespace strongroom::pi {

namespace {

sigset_t stop_set() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

// What a report is made for.
bool same(const terminal::Snapshot& a, const terminal::Snapshot& b) {
    return a.session.state == b.session.state && a.session.last == b.session.last &&
           a.alarms == b.alarms && a.out_of_service == b.out_of_service &&
           a.door_open == b.door_open && a.bolt_released == b.bolt_released &&
           a.notes_lost == b.notes_lost;
}

// Sleeps for `span`; true when a stop signal has come.
bool wait(const StopSignals& stop, Duration span) {
    pollfd waited{stop.descriptor(), POLLIN, 0};
    const auto nanoseconds = std::max(span, Duration::zero()).count();
    constexpr std::int64_t second = 1'000'000'000;
    const timespec timeout{static_cast<std::time_t>(nanoseconds / second),
                           static_cast<long>(nanoseconds % second)};
    return ::ppoll(&waited, 1, &timeout, nullptr) > 0;
}

}  // namespace

StopSignals::StopSignals() {
    const sigset_t set = stop_set();
    if (::pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0 ||
        (descriptor_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0) {
        throw std::runtime_error("signals cannot be waited for: the system refuses a signalfd");
    }
}

StopSignals::~StopSignals() {
    if (descriptor_ >= 0) ::close(descriptor_);
    const sigset_t set = stop_set();
    // What has come so far was meant for the run that has ended.
    const timespec at_once{};
    while (::sigtimedwait(&set, nullptr, &at_once) > 0) {
    }
    (void)::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void run(terminal::Terminal& terminal, const hal::Clock& clock, const StopSignals& stop,
         const RunnerSetup& setup) {
    const auto feed_every = watchdog_interval();
    Instant fed = clock.now();
    terminal::Snapshot told;
    for (bool first = true;; first = false) {
        if (setup.before_step && !setup.before_step()) break;
        const Instant next = terminal.step();
        const terminal::Snapshot now = terminal.snapshot();
        if (setup.after_step) setup.after_step(now);
        if (setup.report && (first || !same(now, told))) setup.report(now);
        told = now;
        if (first) notify_ready();
        const Instant time = clock.now();
        if (feed_every && time - fed >= *feed_every / 2) {
            notify_alive();
            fed = time;
        }
        if (wait(stop, std::min<Duration>(next - time, setup.tick))) break;
    }
    notify_stopping();
}

}  // namespace strongroom::pi
