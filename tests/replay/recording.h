// A recorded visit: the readings that entered a terminal at their times, and the effects that left
// it. It is taken by standing between a terminal and its devices, and given again by devices that
// hold nothing but the record.
//
// Values and one thread. In a test's memory alone: it holds codes.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/trace.h"
#include "hal/devices.h"

namespace strongroom::test {

template <class Value>
struct Timed {
    Instant at;
    Result<Value> value;
};

// A line of what a terminal decided and did: "    1234.500 ms  strike pulse 5000".
using Lines = std::vector<std::string>;

struct Recording {
    FaceModelId model;
    Duration strike_max_hold{};
    WallTime start;  // of the calendar, when the monotonic clock read 0
    // What the terminal read: of contacts each change, of the rest each that was not "none".
    std::vector<Timed<bool>> key, door, tamper, exit_button;
    std::vector<Timed<hal::BoltState>> bolt;
    std::vector<Timed<std::optional<hal::FaceObservation>>> faces;
    std::vector<Timed<std::optional<hal::KeypadEntry>>> entries;
    std::vector<Timed<std::optional<hal::SmsDelivery>>> deliveries;
    std::vector<std::vector<std::byte>> entropy;
    // What the devices answered to each kind of command, in order.
    std::map<std::string, std::vector<Result<void>>, std::less<>> answers;
    // When the terminal looked, and so all times at which anything changed.
    std::set<Instant> looks;
    Instant end{};  // of the terminal, which locks
    // What it decided and did, in order.
    Lines lines;
};

// What a terminal's trace says goes to the lines, among the effects.
class TraceLines final : public TraceSink {
public:
    explicit TraceLines(Lines& lines) : lines_(lines) {}
    void write(const TraceLine& line) override;

private:
    Lines& lines_;
};

// Between `devices` and a terminal. Both are outlived by them; the record, too.
class Recorder {
public:
    Recorder(const hal::Devices& devices, Recording& record);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    [[nodiscard]] hal::Devices devices();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// The devices of the record. What the terminal does goes to `lines`, and to `world` when there is
// one: the readings are those of the record all the same.
class Replay {
public:
    Replay(const Recording& record, hal::Clock& clock, Lines& lines,
           const hal::Devices* world = nullptr);
    ~Replay();
    Replay(const Replay&) = delete;
    Replay& operator=(const Replay&) = delete;
    [[nodiscard]] hal::Devices devices();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace strongroom::test
