#include "support.h"

#include <cctype>

namespace strongroom::fingerprint::test {

std::vector<std::byte> bytes_of(std::string_view hex) {
    std::vector<std::byte> bytes;
    int digits = 0;
    unsigned value = 0;
    for (const char c : hex) {
        if (c == ' ') continue;
        value = value << 4U | (std::isdigit(static_cast<unsigned char>(c)) != 0
                                   ? static_cast<unsigned>(c - '0')
                                   : static_cast<unsigned>(c - 'A' + 10));
        if (++digits % 2 == 0) {
            bytes.push_back(std::byte(value));
            value = 0;
        }
    }
    return bytes;
}

std::string hexadecimal(std::span<const std::byte> bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const std::byte byte : bytes) {
        if (!text.empty()) text += ' ';
        text += digits[std::to_integer<std::size_t>(byte >> 4U)];
        text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return text;
}

std::vector<std::byte> packet(std::string_view kind_and_payload, std::uint32_t address) {
    const auto inside = bytes_of(kind_and_payload);
    std::vector<std::byte> out = bytes_of("EF01");
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        out.push_back(std::byte(address >> (shift - 8) & 0xFFU));
    }
    const std::size_t length = inside.size() - 1 + 2;
    out.push_back(inside[0]);
    out.push_back(std::byte(length >> 8U));
    out.push_back(std::byte(length & 0xFFU));
    unsigned sum = static_cast<unsigned>((length >> 8U) + (length & 0xFFU)) +
                   std::to_integer<unsigned>(inside[0]);
    for (std::size_t i = 1; i < inside.size(); ++i) {
        out.push_back(inside[i]);
        sum += std::to_integer<unsigned>(inside[i]);
    }
    out.push_back(std::byte(sum >> 8U & 0xFFU));
    out.push_back(std::byte(sum & 0xFFU));
    return out;
}

std::vector<Packet> packets_in(std::span<const std::byte> bytes) {
    std::vector<Packet> out;
    const auto number = [&](std::size_t i) { return std::to_integer<std::size_t>(bytes[i]); };
    while (!bytes.empty()) {
        Packet packet;
        if (bytes.size() < 9 || number(0) != 0xEF || number(1) != 0x01 ||
            bytes.size() < 9 + (number(7) << 8U | number(8))) {
            out.push_back(packet);
            break;
        }
        const std::size_t length = number(7) << 8U | number(8);
        packet.kind = static_cast<std::uint8_t>(number(6));
        packet.payload.assign(bytes.begin() + 9,
                              bytes.begin() + static_cast<std::ptrdiff_t>(7 + length));
        std::size_t sum = 0;
        for (std::size_t i = 6; i < 7 + length; ++i) sum += number(i);
        packet.sound = (sum & 0xFFFFU) == (number(7 + length) << 8U | number(8 + length));
        out.push_back(packet);
        bytes = bytes.subspan(9 + length);
    }
    return out;
}

std::vector<std::byte> Wire::exchange(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) {
        now_ += Duration(10'000'000'000LL / module_.baud());
        module_.receive(now_, byte, module_.baud());
    }
    std::vector<std::byte> answer;
    const Instant asked = now_;
    while (module_.next_output() != never) {
        now_ = module_.next_output();
        while (const auto sent = module_.take_output(now_)) answer.push_back(sent->byte);
    }
    took_ = now_ - asked;
    return answer;
}

std::string Wire::command(std::string_view instruction_and_arguments) {
    const auto answer =
        exchange(packet("01" + std::string(instruction_and_arguments), module_.address()));
    const auto packets = packets_in(answer);
    return packets.empty() ? std::string() : hexadecimal(packets.front().payload);
}

}  // namespace strongroom::fingerprint::test
