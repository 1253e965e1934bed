// The codec against bytes written down from the vendors' documents.
#include "devices/zfm_packet.h"

#include <algorithm>
#include <string_view>

#include "base/rng.h"
#include "catch.h"
#include "devices/zfm_protocol.h"

using namespace strongroom;
using namespace strongroom::devices;

namespace {

using Bytes = std::vector<std::byte>;

Bytes hex(std::string_view text) {
    const auto digit = [](char c) {
        return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'A' + 10);
    };
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (text[i] == ' ') continue;
        bytes.push_back(static_cast<std::byte>(digit(text[i]) << 4U | digit(text[i + 1])));
        ++i;
    }
    return bytes;
}

Bytes command(const Bytes& content) {
    return zfm_encode(0xFFFFFFFF, ZfmPacketKind::command, content);
}

// What a decoder makes of bytes: packets alone.
std::vector<ZfmPacket> packets(ZfmDecoder& decoder) {
    std::vector<ZfmPacket> all;
    while (auto item = decoder.next()) {
        if (auto* packet = std::get_if<ZfmPacket>(&*item)) all.push_back(std::move(*packet));
    }
    return all;
}

std::vector<ZfmDamage> damage(ZfmDecoder& decoder) {
    std::vector<ZfmDamage> all;
    while (auto item = decoder.next()) {
        if (auto* found = std::get_if<ZfmDamage>(&*item)) all.push_back(*found);
    }
    return all;
}

const Bytes no_finger = hex("EF01 FFFFFFFF 07 0003 02 000C");

}  // namespace

TEST_CASE("zfm packet: commands are the bytes of the vendors' documents") {
    CHECK(command(hex("01")) == hex("EF01 FFFFFFFF 01 0003 01 0005"));                    // GenImg
    CHECK(command(hex("13 00000000")) == hex("EF01 FFFFFFFF 01 0007 13 00000000 001B"));  // VfyPwd
    CHECK(command(hex("02 01")) == hex("EF01 FFFFFFFF 01 0004 02 01 0008"));              // Img2Tz
    CHECK(command(hex("03")) == hex("EF01 FFFFFFFF 01 0003 03 0007"));                    // Match
    CHECK(command(hex("05")) == hex("EF01 FFFFFFFF 01 0003 05 0009"));  // RegModel
    CHECK(command(hex("0A")) == hex("EF01 FFFFFFFF 01 0003 0A 000E"));  // UpImage
    CHECK(command(hex("0D")) == hex("EF01 FFFFFFFF 01 0003 0D 0011"));  // Empty
    CHECK(command(hex("0F")) == hex("EF01 FFFFFFFF 01 0003 0F 0013"));  // ReadSysPara
    CHECK(command(hex("1D")) == hex("EF01 FFFFFFFF 01 0003 1D 0021"));  // TemplateNum
    CHECK(command(hex("07 01 0102")) == hex("EF01 FFFFFFFF 01 0006 07 01 0102 0012"));  // LoadChar
}

TEST_CASE("zfm packet: a checksum is the sum modulo 65536") {
    const Bytes content(256, std::byte{0xFF});
    const Bytes packet = zfm_encode(0x01020304, ZfmPacketKind::end_of_data, content);
    CHECK(Bytes(packet.begin(), packet.begin() + 9) == hex("EF01 01020304 08 0102"));
    CHECK(Bytes(packet.end() - 2, packet.end()) == hex("FF0B"));
    CHECK(packet.size() == 256 + zfm_packet_overhead);
}

TEST_CASE("zfm packet: an acknowledgement is read, whole or byte by byte") {
    ZfmDecoder whole(0xFFFFFFFF);
    whole.feed(no_finger);
    CHECK(packets(whole) == std::vector{ZfmPacket{ZfmPacketKind::acknowledge, hex("02")}});
    ZfmDecoder split(0xFFFFFFFF);
    for (std::size_t i = 0; i < no_finger.size(); ++i) {
        CHECK_FALSE(split.next());
        split.feed(std::span(no_finger).subspan(i, 1));
    }
    CHECK(packets(split).size() == 1);
    CHECK(split.skipped() == 0);
}

TEST_CASE("zfm packet: every single bit that is flipped costs this packet and not the next") {
    for (std::size_t bit = 0; bit < no_finger.size() * 8; ++bit) {
        CAPTURE(bit);
        Bytes bytes = no_finger;
        bytes[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        for (int i = 0; i < 30; ++i) {  // as much as an altered length can claim
            bytes.insert(bytes.end(), no_finger.begin(), no_finger.end());
        }
        ZfmDecoder decoder(0xFFFFFFFF);
        decoder.feed(bytes);
        CHECK(packets(decoder).size() == 30);
    }
}

TEST_CASE("zfm packet: damage says what it is") {
    const auto seen = [](std::string_view text) {
        ZfmDecoder decoder(0xFFFFFFFF);
        decoder.feed(hex(text));
        return damage(decoder);
    };
    CHECK(seen("EF01 FFFFFFFF 07 0003 02 000D") == std::vector{ZfmDamage::checksum});
    CHECK(seen("EF01 FFFFFFFF 07 0001 02 000C") == std::vector{ZfmDamage::length});
    CHECK(seen("EF01 FFFFFFFF 07 0103 02 000C") == std::vector{ZfmDamage::length});
    CHECK(seen("EF01 FFFFFFFF 05 0003 02 000A") == std::vector{ZfmDamage::kind});
    CHECK(seen("EF01 FFFFFFFE 07 0003 02 000C") == std::vector{ZfmDamage::address});
    CHECK(seen("EF01 FFFFFFFF 07 0003 02").empty());  // the rest may come
}

TEST_CASE("zfm packet: noise between packets is skipped, a header inside a packet is content") {
    const Bytes inner = zfm_encode(0xFFFFFFFF, ZfmPacketKind::data, no_finger);
    Bytes bytes = hex("55 00 EF EF");
    bytes.insert(bytes.end(), inner.begin(), inner.end());
    bytes.push_back(std::byte{0xEF});
    bytes.insert(bytes.end(), no_finger.begin(), no_finger.end());
    ZfmDecoder decoder(0xFFFFFFFF);
    decoder.feed(bytes);
    const auto all = packets(decoder);
    REQUIRE(all.size() == 2);
    CHECK(all[0] == ZfmPacket{ZfmPacketKind::data, no_finger});
    CHECK(all[1].kind == ZfmPacketKind::acknowledge);
    CHECK(decoder.skipped() == 5);
}

TEST_CASE("zfm packet: a reset forgets a packet that has begun") {
    ZfmDecoder decoder(0xFFFFFFFF);
    decoder.feed(std::span(no_finger).first(10));
    decoder.reset();
    decoder.feed(no_finger);
    CHECK(packets(decoder).size() == 1);
}

TEST_CASE("zfm packet: any bytes in any pieces end in packets or damage, and valid ones survive") {
    Rng rng(7);
    for (int round = 0; round < 300; ++round) {
        Bytes bytes(rng.below(200));
        rng.fill(bytes);
        // No header can begin in the noise and reach into the packets behind it.
        std::replace(bytes.begin(), bytes.end(), std::byte{0xEF}, std::byte{0xEE});
        for (int i = 0; i < 3; ++i) {
            Bytes content(rng.below(257));
            rng.fill(content);
            const Bytes packet = zfm_encode(0xFFFFFFFF, ZfmPacketKind::data, content);
            bytes.insert(bytes.end(), packet.begin(), packet.end());
        }
        ZfmDecoder decoder(0xFFFFFFFF);
        std::size_t found = 0;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t size = std::min<std::size_t>(1 + rng.below(60), bytes.size() - at);
            decoder.feed(std::span(bytes).subspan(at, size));
            found += packets(decoder).size();
            at += size;
        }
        CHECK(found == 3);
    }
}

TEST_CASE("zfm packet: system parameters are read, and refused out of range") {
    Bytes answer = hex("0004 0009 03E8 0003 FFFFFFFF 0002 0006");
    const auto read = [&] { return zfm_parse_parameters(std::span(answer).first<16>()); };
    const auto pin = read();
    REQUIRE(pin);
    CHECK(*pin == ZfmPin{.address = 0xFFFFFFFF,
                         .system_id = 9,
                         .capacity = 1000,
                         .security_level = 3,
                         .packet_size = 128,
                         .baud_rate = 57600});
    for (const auto& [place, value] : {std::pair{13, 4}, {15, 0}, {15, 13}, {7, 0}, {7, 6}}) {
        CAPTURE(place, value);
        const Bytes good = answer;
        answer[static_cast<std::size_t>(place)] = static_cast<std::byte>(value);
        CHECK_FALSE(read());
        answer = good;
    }
    answer = hex("0004 0009 0000 0003 FFFFFFFF 0002 0006");
    CHECK_FALSE(read());
}
