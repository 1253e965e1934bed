#include "devices/zfm_protocol.h"

#include "devices/zfm_packet.h"

namespace strongroom::devices {

namespace {
constexpr std::uint32_t baud_unit = 9600;
constexpr std::uint16_t smallest_packet = 32;
}  // namespace

bool zfm_valid(const ZfmPin& pin) {
    const bool packet = pin.packet_size == 32 || pin.packet_size == 64 || pin.packet_size == 128 ||
                        pin.packet_size == 256;
    const std::uint32_t baud = pin.baud_rate / baud_unit;
    return packet && pin.baud_rate % baud_unit == 0 && baud >= 1 && baud <= 12 &&
           pin.capacity >= 1 && pin.security_level >= 1 && pin.security_level <= 5;
}

std::optional<ZfmPin> zfm_parse_parameters(std::span<const std::byte, zfm_parameters_size> answer) {
    const std::uint16_t packet = zfm_u16(answer.subspan<12, 2>());
    if (packet > 3) return std::nullopt;
    ZfmPin pin;
    pin.system_id = zfm_u16(answer.subspan<2, 2>());
    pin.capacity = zfm_u16(answer.subspan<4, 2>());
    pin.security_level = zfm_u16(answer.subspan<6, 2>());
    pin.address = zfm_u32(answer.subspan<8, 4>());
    pin.packet_size = static_cast<std::uint16_t>(smallest_packet << packet);
    pin.baud_rate = zfm_u16(answer.subspan<14, 2>()) * baud_unit;
    if (!zfm_valid(pin)) return std::nullopt;
    return pin;
}

}  // namespace strongroom::devices
