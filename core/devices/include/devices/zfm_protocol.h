// What the ZFM and R30x fingerprint sensors are asked and answer: instruction codes, confirmation
// codes, system parameters. docs/fingerprint.md says where each fact comes from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/finger_observation.h"

namespace strongroom::devices {

enum class ZfmInstruction : std::uint8_t {
    take_image = 0x01,       // GenImg
    extract = 0x02,          // Img2Tz
    match = 0x03,            // Match
    search = 0x04,           // Search
    combine = 0x05,          // RegModel
    store = 0x06,            // Store
    load = 0x07,             // LoadChar
    read_template = 0x08,    // UpChar
    write_template = 0x09,   // DownChar
    read_image = 0x0A,       // UpImage
    remove = 0x0C,           // DeletChar
    clear = 0x0D,            // Empty
    set_parameter = 0x0E,    // SetSysPara
    read_parameters = 0x0F,  // ReadSysPara
    set_password = 0x12,     // SetPwd
    verify_password = 0x13,  // VfyPwd
    count_templates = 0x1D,  // TemplateNum
    read_index = 0x1F,       // ReadIndexTable
};

// The codes that the driver tells apart; every other value is possible on the wire.
enum class ZfmConfirmation : std::uint8_t {
    done = 0x00,
    packet_damaged = 0x01,
    no_finger = 0x02,
    image_failed = 0x03,
    image_messy = 0x06,
    image_sparse = 0x07,
    no_match = 0x08,
    not_found = 0x09,
    not_combined = 0x0A,
    no_such_page = 0x0B,
    not_loaded = 0x0C,
    not_read = 0x0D,
    packets_refused = 0x0E,
    image_not_read = 0x0F,
    not_removed = 0x10,
    not_cleared = 0x11,
    wrong_password = 0x13,
    no_image = 0x15,
    flash_failed = 0x18,
    no_such_register = 0x1A,
    verify_first = 0x21,  // it has restarted, or is another one
};

// The registers that set_parameter writes.
enum class ZfmRegister : std::uint8_t { baud = 4, security_level = 5, packet_size = 6 };

inline constexpr std::uint32_t zfm_default_address = 0xFFFFFFFFU;
// The passwords that such sensors are sold with.
inline constexpr std::array<std::uint32_t, 2> zfm_factory_passwords{0x00000000U, 0xFFFFFFFFU};
inline constexpr std::size_t zfm_parameters_size = 16;  // bytes
inline constexpr std::size_t zfm_index_page_slots = 256;
inline constexpr std::size_t zfm_index_page_size = zfm_index_page_slots / 8;  // bytes
inline constexpr std::size_t zfm_least_template = 256;                        // bytes
inline constexpr std::size_t zfm_most_template = 2048;                        // bytes

// What the terminal's own sensor is: written down when it was provisioned, and asked at every use.
struct ZfmPin {
    std::uint32_t address = zfm_default_address;
    std::uint16_t system_id = 0;
    std::uint16_t capacity = 0;        // slots
    std::uint16_t security_level = 3;  // 1 (fewest false non-matches) to 5 (fewest false matches)
    std::uint16_t packet_size = 128;   // bytes of content: 32, 64, 128 or 256
    std::uint32_t baud_rate = 57600;   // bits per second: 9600 times 1 to 12
    friend bool operator==(const ZfmPin&, const ZfmPin&) = default;
};

// True when every field is in its range.
[[nodiscard]] bool zfm_valid(const ZfmPin& pin);

// Reads the answer of read_parameters; none when a field is out of range. The status register,
// which changes from moment to moment, is left out.
[[nodiscard]] std::optional<ZfmPin> zfm_parse_parameters(
    std::span<const std::byte, zfm_parameters_size> answer);

}  // namespace strongroom::devices
