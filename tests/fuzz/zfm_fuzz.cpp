// The packet decoder, and the reader before a sensor that says whatever the input says.
//
// The first byte chooses: the decoder alone on raw bytes, or the reader before a raw peer, or
// before one that wraps the input into packets (so that the fuzzer need not find check sums), or
// before an honest sensor some of whose answers the input replaces.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "devices/zfm_reader.h"
#include "zfm_sensor.h"

namespace strongroom::devices::test {
namespace {

using namespace std::chrono_literals;

constexpr FingerSlot slot = 5;
constexpr unsigned enrolled = 1;

class Input {
public:
    explicit Input(std::span<const std::byte> bytes) : bytes_(bytes) {}
    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    unsigned byte() {
        if (bytes_.empty()) return 0;
        const auto value = std::to_integer<unsigned>(bytes_.front());
        bytes_ = bytes_.subspan(1);
        return value;
    }
    std::span<const std::byte> take(std::size_t count) {
        const auto taken = bytes_.first(std::min(count, bytes_.size()));
        bytes_ = bytes_.subspan(taken.size());
        return taken;
    }

private:
    std::span<const std::byte> bytes_;
};

class Check final : public FingerImageCheck {
public:
    [[nodiscard]] FingerImageResult check(const FingerImage& image) override {
        for (const std::uint8_t pixel : image.pixels()) STRONGROOM_ASSERT(pixel <= 15);
        return {1, FingerQuality::good};
    }
};

void decode(Input input) {
    ZfmDecoder decoder(zfm_default_address);
    while (!input.empty()) {
        decoder.feed(input.take(input.byte() + 1));
        while (const auto item = decoder.next()) {
            const auto* packet = std::get_if<ZfmPacket>(&*item);
            if (packet == nullptr) continue;
            // What was read can be written, and is then read as the same.
            ZfmDecoder second(zfm_default_address);
            second.feed(zfm_encode(zfm_default_address, packet->kind, packet->content));
            const auto again = second.next();
            STRONGROOM_ASSERT(again && std::get<ZfmPacket>(*again) == *packet);
        }
    }
}

// A peer that sends the input: a piece for each command that it gets.
class Peer final : public hal::ByteLink {
public:
    Peer(Input& input, bool packets) : input_(input), packets_(packets) {}
    [[nodiscard]] Result<void> write(std::span<const std::byte>) override {
        const unsigned what = input_.byte();
        if (what == 0xFF) return fail(Errc::disconnected);
        if (what == 0xFE) return fail(Errc::busy);
        for (unsigned i = 0; i <= what % 4; ++i) {
            const unsigned size = input_.byte();
            const auto piece = input_.take(packets_ ? size % 20 : size);
            if (packets_) {
                constexpr std::array kinds{ZfmPacketKind::acknowledge, ZfmPacketKind::data,
                                           ZfmPacketKind::end_of_data, ZfmPacketKind::command};
                const Bytes packet = zfm_encode(zfm_default_address, kinds.at(size / 64), piece);
                waiting_.insert(waiting_.end(), packet.begin(), packet.end());
            } else {
                waiting_.insert(waiting_.end(), piece.begin(), piece.end());
            }
        }
        return {};
    }
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> buffer) override {
        const std::size_t count = std::min(buffer.size(), waiting_.size());
        std::copy_n(waiting_.begin(), count, buffer.begin());
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        return count;
    }

private:
    Input& input_;
    bool packets_;
    Bytes waiting_;
};

ZfmReaderSettings settings() {
    constexpr std::array password{std::byte{0x12}, std::byte{0x34}, std::byte{0x56},
                                  std::byte{0x78}};
    return {.pin = {.address = zfm_default_address,
                    .system_id = 9,
                    .capacity = 200,
                    .security_level = 3,
                    .packet_size = 256,
                    .baud_rate = 57600},
            .password = Secret(std::span<const std::byte>(password)),
            .digest_key = {},
            .canary_first = 190,
            .canary_count = 10};
}

// Runs the reader as a terminal does. A match must be the enrolled slot's.
void drive(hal::ByteLink& link, HandClock& clock, Sensor* sensor) {
    Check check;
    ZfmReader reader(link, clock, check, settings());
    const hal::FingerReference reference{slot, finger_template_digest({}, finger(enrolled))};
    const Instant end = clock.at + 60s;
    STRONGROOM_ASSERT(reader.start(reference).has_value());
    for (int i = 0; i < 20000 && clock.at < end; ++i) {
        // A stranger's finger, laid down in time.
        if (sensor != nullptr && clock.at > end - 57s) sensor->on_glass = enrolled + 1;
        const auto seen = reader.poll();
        if (!seen && seen.error().code != Errc::corrupt) {
            STRONGROOM_ASSERT(reader.next_poll() == never);
            return;
        }
        if (seen && *seen) {
            STRONGROOM_ASSERT((*seen)->sequence > 0);
            STRONGROOM_ASSERT(!(*seen)->matched_slot || *(*seen)->matched_slot == slot);
            return;
        }
        STRONGROOM_ASSERT(reader.next_poll() != never);
        clock.at = std::max(reader.next_poll(), clock.at + 100us);
    }
    reader.stop();
}

void replace_answers(Input input) {
    HandClock clock;
    Sensor sensor(clock);
    sensor.packet_size = 256;
    sensor.library[slot] = finger(enrolled);
    sensor.instead = [&](ZfmInstruction, const Bytes&) -> std::optional<Reply> {
        if (input.empty() || input.byte() % 4 != 0) return std::nullopt;
        Reply reply{static_cast<ZfmConfirmation>(input.byte())};
        const auto content = input.take(input.byte() % 40);
        reply.content.assign(content.begin(), content.end());
        const auto data = input.take(input.byte());
        reply.data.assign(data.begin(), data.end());
        return reply;
    };
    drive(sensor, clock, &sensor);
}

}  // namespace
}  // namespace strongroom::devices::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace strongroom::devices::test;
    Input input(std::as_bytes(std::span(data, size)));
    const unsigned what = input.byte() % 4;
    if (what == 0) {
        decode(input);
    } else if (what == 1) {
        replace_answers(input);
    } else {
        HandClock clock;
        Peer peer(input, what == 2);
        drive(peer, clock, nullptr);
    }
    return 0;
}
