// ZfmExchange: one question at a time to a ZFM or R30x sensor, until it is answered or given up.
//
// An acknowledgement does not say what it acknowledges. So after anything doubtful (no answer in
// time, damage, a question that was abandoned, the first question of all) the exchange waits for
// silence and then asks for the system parameters, whose answer has a shape of its own: when that
// comes, every older answer has passed. Then the question is asked again, a bounded number of
// times.
//
// Runner thread only; never blocks. An answer that comes sooner than the wire can carry it did not
// come from the sensor.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "devices/zfm_packet.h"
#include "devices/zfm_protocol.h"
#include "hal/byte_link.h"
#include "hal/clock.h"

namespace strongroom::devices {

struct ZfmQuestion {
    ZfmInstruction instruction{};
    std::vector<std::byte> arguments{};
    std::size_t answer_size = 0;  // bytes of content after the confirmation code `done`
    // How long the sensor may take, beside the time that the bytes need on the wire.
    Duration patience = std::chrono::seconds(1);
    Duration soonest{};             // how long it needs at least, beside the wire
    std::size_t data_least = 0;     // bytes in data packets that follow `done`: no fewer,
    std::size_t data_most = 0;      // no more; 0: no data packets follow
    std::vector<std::byte> data{};  // to be sent in data packets after `done`; empty: none
    bool repeatable = true;         // asking twice does no harm
};

struct ZfmAnswer {
    ZfmConfirmation confirmation{};  // any value; never packet_damaged
    std::vector<std::byte> content;  // answer_size bytes when `done`; any number otherwise
    std::vector<std::byte> data;     // data_least to data_most bytes when `done`
    Instant arrived{};
};

class ZfmExchange {
public:
    // Everything outlives the exchange. `baud_rate` > 0 is the wire's; `packet_size` the sensor's.
    ZfmExchange(hal::ByteLink& link, hal::Clock& clock, std::uint32_t address,
                std::uint32_t baud_rate, std::uint16_t packet_size);
    ~ZfmExchange();
    ZfmExchange(const ZfmExchange&) = delete;
    ZfmExchange& operator=(const ZfmExchange&) = delete;

    // Asserts !busy().
    void ask(ZfmQuestion question);
    [[nodiscard]] bool busy() const { return phase_ != Phase::idle; }
    // Gives up; what is still on its way will not be taken for another answer.
    void abandon();
    // The answer, once. Errors: corrupt (an answer was damaged; busy() still: it is asked again);
    // timeout (no usable answer, after all tries), disconnected, denied with
    // SensorRefusal::link_forged (an answer came too soon): given up.
    [[nodiscard]] Result<std::optional<ZfmAnswer>> poll();
    // `never` when not busy.
    [[nodiscard]] Instant next_poll() const;

    // How long `count` bytes take on the wire (8N1: ten bits a byte).
    [[nodiscard]] Duration wire_time(std::size_t count) const;

private:
    enum class Phase : std::uint8_t {
        idle,
        settling,       // waiting for silence
        fencing,        // waiting for the system parameters
        sending,        // the question waits for room
        acknowledging,  // waiting for the acknowledgement
        receiving,      // taking data packets
        supplying,      // sending data packets
    };
    using Outcome = Result<std::optional<ZfmAnswer>>;
    [[nodiscard]] Result<void> listen();
    [[nodiscard]] Outcome hear(ZfmPacket& packet);
    [[nodiscard]] Outcome hear_acknowledgement(const ZfmPacket& packet);
    [[nodiscard]] Outcome hear_data(ZfmPacket& packet);
    [[nodiscard]] Outcome hear_damage();
    [[nodiscard]] Outcome wait();
    [[nodiscard]] Outcome wait_for_silence();
    [[nodiscard]] Outcome send();
    [[nodiscard]] Outcome supply();
    [[nodiscard]] Outcome again(Errc why);
    [[nodiscard]] Outcome give_up(Error error);
    [[nodiscard]] Outcome finish();
    [[nodiscard]] bool stale(const ZfmPacket& packet) const;
    [[nodiscard]] bool too_soon() const;
    [[nodiscard]] Duration soonest(std::size_t count) const;
    [[nodiscard]] std::vector<std::byte> command(const ZfmQuestion& question) const;
    void settle();
    void forget();

    hal::ByteLink& link_;
    hal::Clock& clock_;
    std::uint32_t address_;
    std::uint32_t baud_rate_;
    std::uint16_t packet_size_;
    ZfmDecoder decoder_;
    Phase phase_ = Phase::idle;
    ZfmQuestion question_;
    ZfmAnswer answer_;
    bool doubtful_ = true;  // an older answer may still be on its way
    bool spoiled_ = false;  // a data packet was damaged or is missing
    int tries_ = 0;
    int fences_ = 0;
    std::size_t carried_ = 0;   // bytes on the wire for this try, both ways
    std::size_t supplied_ = 0;  // bytes of question_.data sent
    Instant now_{};             // read after the bytes were, so that no answer seems too early
    Instant heard_{};           // when bytes came last
    Instant asked_{};
    Instant deadline_{};
};

}  // namespace strongroom::devices
