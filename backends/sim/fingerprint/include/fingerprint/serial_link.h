// The cable between a driver and an emulated sensor, in virtual time.
//
// A byte takes ten bits at its sender's speed; a driver at another speed than the sensor's hears
// and says garbage. What is plugged in may be pulled and replaced. Runner thread only.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <span>

#include "base/time.h"
#include "fingerprint/r307.h"
#include "hal/byte_link.h"
#include "sim/scheduler.h"

namespace strongroom::fingerprint {

// The way from the host to the module: bytes wait until their stop bits have ended.
class SerialLine {
public:
    // The bytes follow those that are still on their way. `baud` > 0.
    void push(Instant now, std::span<const std::byte> bytes, unsigned baud);
    // Hands over what has arrived until `now`.
    void deliver(Instant now, R307& module);
    // When the next, or the last, byte arrives; `never` when none is on its way.
    [[nodiscard]] Instant next() const { return bytes_.empty() ? never : bytes_.front().at; }
    [[nodiscard]] Instant last() const { return bytes_.empty() ? never : bytes_.back().at; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    void clear() { bytes_.clear(); }

private:
    std::deque<R307::Sent> bytes_;
    Instant free_{};
};

class SerialLink final : public hal::ByteLink {
public:
    static constexpr std::size_t capacity = 4096;  // bytes that wait to be sent

    // `module` may be null: nothing is plugged in. It and `scheduler` outlive the link, or are
    // unplugged before. `baud` is the host's.
    SerialLink(sim::Scheduler& scheduler, R307* module, unsigned baud = 57600);
    ~SerialLink() override;
    SerialLink(const SerialLink&) = delete;
    SerialLink& operator=(const SerialLink&) = delete;

    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> buffer) override;

    // What is on the wire is lost. Null pulls the plug; another module is a swapped sensor.
    void plug(R307* module);
    [[nodiscard]] R307* module() { return module_; }
    // The speed at which the host talks and listens from now on.
    void set_baud(unsigned baud) { baud_ = baud; }
    // Called when an answer has arrived completely: the terminal may be stepped.
    void on_arrival(std::function<void()> callback) { arrival_ = std::move(callback); }

private:
    void pump();
    void expect_answer();

    sim::Scheduler& scheduler_;
    R307* module_;
    unsigned baud_;
    SerialLine line_;
    std::deque<std::byte> arrived_;  // before the plug was pulled
    sim::Scheduler::Handle delivery_;
    sim::Scheduler::Handle answer_;
    std::function<void()> arrival_;
};

}  // namespace strongroom::fingerprint
