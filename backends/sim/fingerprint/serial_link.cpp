#include "fingerprint/serial_link.h"

#include <algorithm>

#include "base/assert.h"

namespace strongroom::fingerprint {

void SerialLine::push(Instant now, std::span<const std::byte> bytes, unsigned baud) {
    STRONGROOM_ASSERT(baud > 0);
    free_ = std::max(free_, now);
    for (const std::byte byte : bytes) {
        free_ += Duration(10'000'000'000LL / baud);
        bytes_.push_back({free_, byte, baud});
    }
}

void SerialLine::deliver(Instant now, R307& module) {
    while (!bytes_.empty() && bytes_.front().at <= now) {
        module.receive(bytes_.front().at, bytes_.front().byte, bytes_.front().baud);
        bytes_.pop_front();
    }
}

SerialLink::SerialLink(sim::Scheduler& scheduler, R307* module, unsigned baud)
    : scheduler_(scheduler), module_(module), baud_(baud) {}

SerialLink::~SerialLink() {
    scheduler_.cancel(delivery_);
    scheduler_.cancel(answer_);
}

Result<void> SerialLink::write(std::span<const std::byte> bytes) {
    if (module_ == nullptr) return fail(Errc::disconnected);
    line_.deliver(scheduler_.now(), *module_);
    if (bytes.size() > capacity - std::min(capacity, line_.size())) return fail(Errc::busy);
    line_.push(scheduler_.now(), bytes, baud_);
    if (line_.last() != never) {
        scheduler_.cancel(delivery_);
        delivery_ = scheduler_.at(line_.last(), [this] { pump(); });
    }
    return {};
}

// The module hears a command at the instant of its last byte, while the world is as it is then.
void SerialLink::pump() {
    if (module_ == nullptr) return;
    line_.deliver(scheduler_.now(), *module_);
    expect_answer();
}

void SerialLink::expect_answer() {
    const Instant last = module_->last_output();
    if (last == never) return;
    scheduler_.cancel(answer_);
    answer_ = scheduler_.at(last, [this] {
        if (arrival_) arrival_();
    });
}

Result<std::size_t> SerialLink::read(std::span<std::byte> buffer) {
    std::size_t count = 0;
    if (module_ != nullptr) line_.deliver(scheduler_.now(), *module_);
    while (count < buffer.size()) {
        if (!arrived_.empty()) {
            buffer[count++] = arrived_.front();
            arrived_.pop_front();
            continue;
        }
        const auto sent = module_ != nullptr ? module_->take_output(scheduler_.now())
                                             : std::optional<R307::Sent>{};
        if (!sent) break;
        // At another speed the bits are sampled at the wrong places.
        buffer[count++] = sent->baud == baud_ ? sent->byte : ~sent->byte >> 1U;
    }
    if (count == 0 && module_ == nullptr && !buffer.empty()) return fail(Errc::disconnected);
    return count;
}

void SerialLink::plug(R307* module) {
    if (module_ != nullptr) {
        while (const auto sent = module_->take_output(scheduler_.now())) {
            arrived_.push_back(sent->baud == baud_ ? sent->byte : ~sent->byte >> 1U);
        }
    }
    line_.clear();
    scheduler_.cancel(delivery_);
    scheduler_.cancel(answer_);
    module_ = module;
}

}  // namespace strongroom::fingerprint
