// Packets of the ZFM and R30x fingerprint sensors: bytes in, packets out, and the other way round.
//
// A packet is the header EF 01, four bytes of address, one of kind, two of length (content and
// checksum), the content, and two of checksum: the sum of kind, length and content modulo 65536.
// Most significant byte first. No I/O and no time here; one thread. The decoder takes any bytes: it
// never fails and never holds more than one packet beyond what was fed and not asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace strongroom::devices {

enum class ZfmPacketKind : std::uint8_t {
    command = 0x01,
    data = 0x02,  // more packets follow
    acknowledge = 0x07,
    end_of_data = 0x08,  // the last one
};

inline constexpr std::size_t zfm_longest_content = 256;  // bytes; the sensor's largest setting
inline constexpr std::size_t zfm_packet_overhead = 11;   // bytes beside the content

struct ZfmPacket {
    ZfmPacketKind kind{};
    std::vector<std::byte> content;  // 0 to zfm_longest_content bytes
    friend bool operator==(const ZfmPacket&, const ZfmPacket&) = default;
};

// What looked like a packet and is none.
enum class ZfmDamage : std::uint8_t { checksum, length, kind, address };

// The bytes of one packet. Asserts that the content is not longer than zfm_longest_content.
[[nodiscard]] std::vector<std::byte> zfm_encode(std::uint32_t address, ZfmPacketKind kind,
                                                std::span<const std::byte> content);

class ZfmDecoder {
public:
    // Takes packets of `address` only; another's is damage.
    explicit ZfmDecoder(std::uint32_t address) : address_(address) {}

    void feed(std::span<const std::byte> bytes);
    // The next packet or piece of damage in what was fed; none until more bytes come. After damage
    // the search for a header goes on behind the damaged one, so that a length that was altered
    // swallows no packet.
    [[nodiscard]] std::optional<std::variant<ZfmPacket, ZfmDamage>> next();
    // Forgets everything fed, a packet that has begun included.
    void reset();
    // Bytes between packets, since construction: noise, or the rest of damaged packets.
    [[nodiscard]] std::uint64_t skipped() const { return skipped_; }

private:
    [[nodiscard]] std::size_t waiting() const { return bytes_.size() - begin_; }
    [[nodiscard]] unsigned at(std::size_t index) const;
    [[nodiscard]] bool find_header();
    ZfmDamage refuse(ZfmDamage why);
    void drop(std::size_t count);

    std::uint32_t address_;
    std::vector<std::byte> bytes_;
    std::size_t begin_ = 0;  // of what is not decoded yet
    std::uint64_t skipped_ = 0;
};

// Numbers as the sensor writes them.
[[nodiscard]] constexpr std::uint16_t zfm_u16(std::span<const std::byte, 2> bytes) {
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes[0]) << 8U |
                                      std::to_integer<unsigned>(bytes[1]));
}
[[nodiscard]] constexpr std::uint32_t zfm_u32(std::span<const std::byte, 4> bytes) {
    return static_cast<std::uint32_t>(zfm_u16(bytes.first<2>())) << 16U | zfm_u16(bytes.last<2>());
}
void zfm_put_u16(std::vector<std::byte>& out, std::uint16_t value);
void zfm_put_u32(std::vector<std::byte>& out, std::uint32_t value);

}  // namespace strongroom::devices
