#include "sim/scheduler.h"

#include <algorithm>

#include "base/assert.h"

namespace strongroom::sim {

Scheduler::Handle Scheduler::at(Instant when, Action action) {
    if (when == never) return {};
    std::uint32_t index = 0;
    if (free_.empty()) {
        index = static_cast<std::uint32_t>(slots_.size());
        slots_.emplace_back();
    } else {
        index = free_.back();
        free_.pop_back();
    }
    Slot& slot = slots_[index];
    slot.action = std::move(action);
    slot.live = true;
    const Handle handle{index, slot.generation};
    heap_.push_back({std::max(when, now_), sequence_++, handle});
    std::push_heap(heap_.begin(), heap_.end(), Later{});
    return handle;
}

bool Scheduler::pending(Handle handle) const {
    return handle.generation != 0 && handle.slot < slots_.size() && slots_[handle.slot].live &&
           slots_[handle.slot].generation == handle.generation;
}

void Scheduler::free(std::uint32_t slot) {
    slots_[slot].action = nullptr;
    slots_[slot].live = false;
    if (++slots_[slot].generation == 0) slots_[slot].generation = 1;  // 0 marks inert handles
    free_.push_back(slot);
}

bool Scheduler::cancel(Handle handle) {
    if (!pending(handle)) return false;
    free(handle.slot);  // its heap entry is recognised by its generation when it comes up
    return true;
}

void Scheduler::drop_cancelled() {
    while (!heap_.empty() && !pending(heap_.front().handle)) {
        std::pop_heap(heap_.begin(), heap_.end(), Later{});
        heap_.pop_back();
    }
}

Instant Scheduler::next() {
    drop_cancelled();
    return heap_.empty() ? never : heap_.front().when;
}

bool Scheduler::run_next() {
    drop_cancelled();
    if (heap_.empty()) return false;
    const Entry entry = heap_.front();
    std::pop_heap(heap_.begin(), heap_.end(), Later{});
    heap_.pop_back();
    now_ = entry.when;
    ++actions_run_;
    const Action action = std::move(slots_[entry.handle.slot].action);
    free(entry.handle.slot);  // before it runs: the action may well schedule into this slot
    action();
    return true;
}

void Scheduler::run_until(Instant until) {
    STRONGROOM_ASSERT(until != never);
    while (next() <= until) run_next();
    now_ = std::max(now_, until);
}

}  // namespace strongroom::sim
