// What an attacker does at the sensor's wire: the means of G02, G03, G05 and G06. (G01 and G04 are
// fingers laid on the window: FingerPresentation.)
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "fingerprint/r307.h"
#include "hal/byte_link.h"

namespace strongroom::fingerprint {

// An implant between the terminal and its sensor that makes comparisons succeed: it passes
// everything on, and rewrites the acknowledgement of every comparison. What the sensor itself says
// to the command is dropped. `inner` outlives it; runner thread only.
class MatchForger final : public hal::ByteLink {
public:
    struct Claim {
        std::uint16_t page = 0;  // the victim's
        std::uint16_t score = 200;
        bool without_finger = true;  // GenImg and Img2Tz succeed as well
    };
    MatchForger(hal::ByteLink& inner, const Claim& claim) : inner_(inner), claim_(claim) {}
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> buffer) override;
    [[nodiscard]] std::uint64_t forged() const { return forged_; }

private:
    void listen(std::span<const std::byte> bytes);
    void relay(std::byte byte);
    void pass_packet();

    hal::ByteLink& inner_;
    Claim claim_;
    std::vector<std::byte> command_;  // the host's packet as far as it was heard
    std::vector<std::byte> answer_;   // the sensor's, held until it is whole
    std::uint8_t asked_ = 0;          // the last instruction
    std::deque<std::byte> ready_;
    std::uint64_t forged_ = 0;
};

// Two clips on the wire: talks to the sensor as the terminal does, while the terminal is silent.
class WireTap {
public:
    // From `now` on; the sensor's own times pass while it works. `module` outlives it.
    WireTap(R307& module, Instant now) : module_(module), now_(now) {}
    // Sends a command and returns the acknowledgement's payload (confirmation first); none when the
    // sensor does not answer.
    std::optional<std::vector<std::byte>> command(std::span<const std::byte> payload);
    // Data packets after a command that announced them.
    void send_data(std::span<const std::byte> bytes);

    bool verify(std::uint32_t password);
    // DownChar and Store: 0x09, 0x06.
    bool overwrite(std::uint16_t page, const FingerTemplate& with);
    bool empty();
    bool set_password(std::uint32_t password);

    // When it has finished.
    [[nodiscard]] Instant now() const { return now_; }

private:
    void put(std::uint8_t kind, std::span<const std::byte> payload);
    bool succeeds(std::span<const std::byte> payload);

    R307& module_;
    Instant now_;
};

// The template that an enrolment of this finger gives: what an attacker prepares at home. None when
// its images are too poor.
[[nodiscard]] std::optional<FingerTemplate> template_of(Fingers& fingers, std::uint64_t person,
                                                        std::uint8_t finger = 1);

}  // namespace strongroom::fingerprint
