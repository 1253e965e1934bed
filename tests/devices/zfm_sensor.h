// A sensor as the driver's author understands it, for tests that need a chosen answer at a chosen
// place. Whether that understanding is right is shown elsewhere, by an emulator of another hand.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/time.h"
#include "devices/zfm_packet.h"
#include "devices/zfm_protocol.h"
#include "hal/byte_link.h"
#include "hal/clock.h"

namespace strongroom::devices::test {

class HandClock final : public hal::Clock {
public:
    Instant at{std::chrono::hours(1)};
    [[nodiscard]] Instant now() const override { return at; }
    [[nodiscard]] WallTime wall() const override { return {}; }
};

using Bytes = std::vector<std::byte>;

// A finger's features: what this sensor makes of it, and stores as its template.
[[nodiscard]] Bytes finger(unsigned who);

struct Reply {
    ZfmConfirmation confirmation{};
    Bytes content{};
    Bytes data{};
};

class Sensor final : public hal::ByteLink {
public:
    explicit Sensor(HandClock& clock) : clock_(clock) {}

    std::uint32_t password = 0x12345678;
    std::uint32_t address = zfm_default_address;
    std::uint16_t system_id = 9;
    std::uint16_t capacity = 200;
    std::uint16_t level = 3;
    std::uint16_t packet_size = 128;
    std::uint32_t baud_rate = 57600;
    std::map<std::uint16_t, Bytes> library;
    std::optional<unsigned> on_glass;  // whose finger
    bool verified = false;
    bool connected = true;
    bool silent = false;
    Duration takes = std::chrono::milliseconds(20);  // for each command
    // Answers in the sensor's place when it returns something.
    std::function<std::optional<Reply>(ZfmInstruction, const Bytes& arguments)> instead;
    // Changes a packet on its way to the host; an empty one is lost.
    std::function<void(Bytes& packet)> on_the_way;
    std::vector<ZfmInstruction> asked;

    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> buffer) override;
    // Takes the power away for a moment: what was verified and loaded is lost.
    void brown_out();
    // Bytes out of nowhere, now.
    void inject(const Bytes& bytes);
    [[nodiscard]] std::size_t times_asked(ZfmInstruction instruction) const;

private:
    struct Arriving {
        Instant at;
        std::byte byte;
    };
    void hear(const ZfmPacket& packet);
    [[nodiscard]] Reply answer(ZfmInstruction instruction, const Bytes& arguments);
    [[nodiscard]] Reply answer_library(ZfmInstruction instruction, const Bytes& arguments);
    void send(ZfmPacketKind kind, std::span<const std::byte> content);
    [[nodiscard]] Duration wire(std::size_t bytes) const;

    HandClock& clock_;
    ZfmDecoder decoder_{zfm_default_address};
    std::deque<Arriving> arriving_;
    Instant free_at_{};  // when it has said and done everything so far
    std::optional<unsigned> image_;
    std::array<Bytes, 2> buffers_;
    Bytes incoming_;
    std::size_t incoming_buffer_ = 0;
};

}  // namespace strongroom::devices::test
