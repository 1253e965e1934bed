#include "devices/zfm_packet.h"

#include <algorithm>

#include "base/assert.h"
#include "base/secret.h"

namespace strongroom::devices {

namespace {

constexpr std::byte header_first{0xEF};
constexpr std::byte header_second{0x01};
constexpr std::size_t prefix_size = 9;  // header, address, kind, length
constexpr std::size_t checksum_size = 2;

bool is_kind(unsigned value) {
    switch (static_cast<ZfmPacketKind>(value)) {
        case ZfmPacketKind::command:
        case ZfmPacketKind::data:
        case ZfmPacketKind::acknowledge:
        case ZfmPacketKind::end_of_data: return true;
    }
    return false;
}

}  // namespace

void zfm_put_u16(std::vector<std::byte>& out, std::uint16_t value) {
    out.push_back(static_cast<std::byte>(value >> 8U));
    out.push_back(static_cast<std::byte>(value & 0xFFU));
}

void zfm_put_u32(std::vector<std::byte>& out, std::uint32_t value) {
    zfm_put_u16(out, static_cast<std::uint16_t>(value >> 16U));
    zfm_put_u16(out, static_cast<std::uint16_t>(value & 0xFFFFU));
}

std::vector<std::byte> zfm_encode(std::uint32_t address, ZfmPacketKind kind,
                                  std::span<const std::byte> content) {
    STRONGROOM_ASSERT(content.size() <= zfm_longest_content);
    std::vector<std::byte> out;
    out.reserve(content.size() + zfm_packet_overhead);
    out.push_back(header_first);
    out.push_back(header_second);
    zfm_put_u32(out, address);
    out.push_back(static_cast<std::byte>(kind));
    zfm_put_u16(out, static_cast<std::uint16_t>(content.size() + checksum_size));
    out.insert(out.end(), content.begin(), content.end());
    unsigned sum = 0;
    for (std::size_t i = prefix_size - 3; i < out.size(); ++i) {
        sum += std::to_integer<unsigned>(out[i]);
    }
    zfm_put_u16(out, static_cast<std::uint16_t>(sum & 0xFFFFU));
    return out;
}

unsigned ZfmDecoder::at(std::size_t index) const {
    return std::to_integer<unsigned>(bytes_[begin_ + index]);
}

void ZfmDecoder::drop(std::size_t count) { begin_ += count; }

void ZfmDecoder::feed(std::span<const std::byte> bytes) {
    // What was decoded goes first, so that the buffer does not grow with the stream; and is wiped,
    // because it may have been a template.
    if (begin_ > 0) {
        const auto rest = bytes_.begin() + static_cast<std::ptrdiff_t>(begin_);
        const auto end = std::copy(rest, bytes_.end(), bytes_.begin());
        wipe(std::span(bytes_).last(begin_));
        bytes_.erase(end, bytes_.end());
        begin_ = 0;
    }
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void ZfmDecoder::reset() {
    wipe(bytes_);
    bytes_.clear();
    begin_ = 0;
}

// Drops what is no header; true when one stands at the front.
bool ZfmDecoder::find_header() {
    while (waiting() >= 2) {
        if (bytes_[begin_] == header_first && bytes_[begin_ + 1] == header_second) return true;
        drop(1);
        ++skipped_;
    }
    if (waiting() == 1 && bytes_[begin_] != header_first) {
        drop(1);
        ++skipped_;
    }
    return false;
}

// Gives up the packet at the front, and no more of it than its header: the next packet may begin
// inside of what an altered length claims.
ZfmDamage ZfmDecoder::refuse(ZfmDamage why) {
    drop(2);
    skipped_ += 2;
    return why;
}

std::optional<std::variant<ZfmPacket, ZfmDamage>> ZfmDecoder::next() {
    if (!find_header() || waiting() < prefix_size) return std::nullopt;
    const std::uint32_t address = at(2) << 24U | at(3) << 16U | at(4) << 8U | at(5);
    if (address != address_) return refuse(ZfmDamage::address);
    if (!is_kind(at(6))) return refuse(ZfmDamage::kind);
    const std::size_t length = at(7) << 8U | at(8);
    if (length < checksum_size || length > zfm_longest_content + checksum_size) {
        return refuse(ZfmDamage::length);
    }
    if (waiting() < prefix_size + length) return std::nullopt;
    unsigned sum = 0;
    const std::size_t end = prefix_size + length - checksum_size;
    for (std::size_t i = 6; i < end; ++i) sum += at(i);
    if ((sum & 0xFFFFU) != (at(end) << 8U | at(end + 1))) return refuse(ZfmDamage::checksum);
    ZfmPacket packet{static_cast<ZfmPacketKind>(at(6)), {}};
    const auto content = bytes_.begin() + static_cast<std::ptrdiff_t>(begin_ + prefix_size);
    packet.content.assign(content, content + static_cast<std::ptrdiff_t>(end - prefix_size));
    drop(prefix_size + length);
    return packet;
}

}  // namespace strongroom::devices
