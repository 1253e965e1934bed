// A wire in a test: hexadecimal in, hexadecimal out, at the sensor's own speed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fingerprint/r307.h"

namespace strongroom::fingerprint::test {

// "EF 01 FF" as bytes; blanks are skipped.
[[nodiscard]] std::vector<std::byte> bytes_of(std::string_view hexadecimal);
// As "EF 01 FF".
[[nodiscard]] std::string hexadecimal(std::span<const std::byte> bytes);

// The bytes of one packet, from its kind on; the mark and the address are put before and the check
// sum behind.
[[nodiscard]] std::vector<std::byte> packet(std::string_view kind_and_payload,
                                            std::uint32_t address = 0xFFFFFFFF);

struct Packet {
    std::uint8_t kind = 0;
    std::vector<std::byte> payload;
    bool sound = false;  // its length and check sum fit
};
// The packets in `bytes`; a damaged rest is one that is not sound.
[[nodiscard]] std::vector<Packet> packets_in(std::span<const std::byte> bytes);

class Wire {
public:
    explicit Wire(R307& module, Instant from = Instant(std::chrono::seconds(1)))
        : module_(module), now_(from) {}
    // Sends, waits for everything that the module says, and returns it.
    std::vector<std::byte> exchange(std::span<const std::byte> bytes);
    std::string ask(std::string_view hex) { return hexadecimal(exchange(bytes_of(hex))); }
    // The payload of the acknowledgement to a command, given from the instruction on.
    std::string command(std::string_view instruction_and_arguments);
    [[nodiscard]] Instant now() const { return now_; }
    void wait(Duration span) { now_ += span; }
    // From the last byte of the command to the last of the answer.
    [[nodiscard]] Duration took() const { return took_; }

private:
    R307& module_;
    Instant now_;
    Duration took_{};
};

}  // namespace strongroom::fingerprint::test
