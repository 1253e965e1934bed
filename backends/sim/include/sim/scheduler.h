// Virtual time: a queue of actions ordered by (time, sequence), and everything that is derived from
// it: the simulator's clock and its only seed.
//
// One thread. Nothing here waits: time jumps to the next action.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "base/time.h"
#include "hal/clock.h"
#include "hal/entropy.h"

namespace strongroom::sim {

class Scheduler {
public:
    using Action = std::function<void()>;
    // Of one action. A default handle, and one whose action has run or was cancelled, are inert.
    struct Handle {
        std::uint32_t slot = 0;
        std::uint32_t generation = 0;
    };

    explicit Scheduler(std::uint64_t seed) : seed_(seed), root_(seed) {}
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] std::uint64_t seed() const { return seed_; }

    // Runs `action` at `when`; at now() when that has passed. Actions of one instant run in the
    // order in which they were given. `never` is accepted and never runs.
    Handle at(Instant when, Action action);
    Handle after(Duration delay, Action action) {
        return at(saturating_add(now_, delay), std::move(action));
    }
    // True when there was something to cancel.
    bool cancel(Handle handle);
    [[nodiscard]] bool pending(Handle handle) const;

    // The instant of the next action; `never` when there is none.
    [[nodiscard]] Instant next();
    // Jumps to the next action and runs it; false when there is none.
    bool run_next();
    // Runs what is due up to and including `until`, then sets the time to it. `until` is finite.
    void run_until(Instant until);
    void run_for(Duration span) { run_until(saturating_add(now_, span)); }
    // Actions run so far: a run that spins shows here.
    [[nodiscard]] std::uint64_t actions_run() const { return actions_run_; }

    // Independent numbers for a named purpose. The same name gives the same numbers again: ask
    // once.
    [[nodiscard]] Rng rng(std::string_view purpose) const { return root_.fork(purpose); }

private:
    struct Entry {
        Instant when;
        std::uint64_t sequence;
        Handle handle;
    };
    struct Slot {
        Action action;
        std::uint32_t generation = 1;
        bool live = false;
    };
    struct Later {
        bool operator()(const Entry& a, const Entry& b) const {
            return a.when != b.when ? a.when > b.when : a.sequence > b.sequence;
        }
    };
    void drop_cancelled();
    void free(std::uint32_t slot);

    std::uint64_t seed_;
    Rng root_;
    Instant now_{};
    std::uint64_t sequence_ = 0;
    std::uint64_t actions_run_ = 0;
    std::vector<Entry> heap_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;
};

// A terminal's clock. Each boot has a monotonic origin of its own, as the kernel's has; the
// calendar goes on over a restart and may be set.
class VirtualClock final : public hal::Clock {
public:
    // 2026-01-05 09:00 UTC, a Monday.
    static constexpr WallTime default_start{std::chrono::seconds(1767603600)};

    // now() reads `origin` at this moment and wall() reads `start` plus the scheduler's time.
    explicit VirtualClock(const Scheduler& scheduler, Instant origin = Instant{},
                          WallTime start = default_start)
        : scheduler_(scheduler), offset_(origin - scheduler.now()), start_(start) {}

    [[nodiscard]] Instant now() const override { return scheduler_.now() + offset_; }
    [[nodiscard]] WallTime wall() const override {
        return start_ + scheduler_.now().time_since_epoch() + jumped_;
    }

    [[nodiscard]] bool wall_is_set() const override { return set_; }

    // now() starts again from `origin`. Only while no terminal uses the clock.
    void reboot(Instant origin) { offset_ = origin - scheduler_.now(); }
    // Somebody sets the calendar.
    void jump_wall(Duration by) { jumped_ += by; }
    // The calendar was lost, or somebody has set it right.
    void set_wall(bool set) { set_ = set; }

    // The scheduler's time at which now() reads `monotonic`; `never` stays `never`.
    [[nodiscard]] Instant to_scheduler(Instant monotonic) const {
        return monotonic == never ? never : monotonic - offset_;
    }
    [[nodiscard]] Instant from_scheduler(Instant time) const {
        return time == never ? never : time + offset_;
    }

private:
    const Scheduler& scheduler_;
    Duration offset_;
    WallTime start_;
    Duration jumped_{};
    bool set_ = true;
};

// Seeded bytes where the operating system's generator would be. Never fails.
class SeededEntropy final : public hal::Entropy {
public:
    explicit SeededEntropy(Rng rng) : rng_(rng) {}
    [[nodiscard]] Result<void> fill(std::span<std::byte> bytes) override {
        rng_.fill(bytes);
        return {};
    }

private:
    Rng rng_;
};

}  // namespace strongroom::sim
