// What outlives the power: enrolments and configuration, to keep and to put back.
#include <algorithm>

#include "fingerprint/attacks.h"
#include "fingerprint/r307.h"

namespace strongroom::fingerprint {

namespace {

constexpr std::array mark{std::byte{'R'}, std::byte{'3'}, std::byte{'0'},
                          std::byte{'7'}, std::byte{'v'}, std::byte{'1'}};

void put(std::vector<std::byte>& out, std::uint32_t value, unsigned bytes) {
    for (; bytes > 0; --bytes) out.push_back(std::byte(value >> (8 * (bytes - 1)) & 0xFFU));
}

class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
    [[nodiscard]] bool has(std::size_t count) const { return bytes_.size() >= count; }
    [[nodiscard]] std::span<const std::byte> take(std::size_t count) {
        const auto taken = bytes_.first(count);
        bytes_ = bytes_.subspan(count);
        return taken;
    }
    [[nodiscard]] std::uint32_t number(std::size_t bytes) {
        std::uint32_t value = 0;
        for (const std::byte byte : take(bytes)) {
            value = value << 8U | std::to_integer<std::uint32_t>(byte);
        }
        return value;
    }

private:
    std::span<const std::byte> bytes_;
};

}  // namespace

bool R307::enrol(std::uint16_t page, std::uint64_t person, std::uint8_t finger) {
    if (page >= settings_.capacity) return false;
    const auto enrolled = template_of(fingers_, person, finger);
    if (!enrolled) return false;
    flash_.library[page] = *enrolled;
    ++flash_writes_;
    return true;
}

std::vector<std::byte> R307::flash_image() const {
    std::vector<std::byte> out(mark.begin(), mark.end());
    put(out, settings_.capacity, 2);
    put(out, flash_.address, 4);
    put(out, flash_.password, 4);
    put(out, flash_.security_level, 1);
    put(out, flash_.packet_size_code, 1);
    put(out, flash_.baud_multiplier, 1);
    put(out, static_cast<std::uint32_t>(flash_.library.size()), 2);
    for (const auto& [page, stored] : flash_.library) {
        put(out, page, 2);
        out.insert(out.end(), stored.begin(), stored.end());
    }
    return out;
}

Result<void> R307::restore_flash(std::span<const std::byte> image) {
    Reader reader(image);
    if (!reader.has(mark.size() + 15)) return fail(Errc::corrupt);
    const auto begins = reader.take(mark.size());
    if (!std::equal(begins.begin(), begins.end(), mark.begin())) return fail(Errc::corrupt);
    if (reader.number(2) != settings_.capacity) return fail(Errc::corrupt);
    Flash flash;
    flash.address = reader.number(4);
    flash.password = reader.number(4);
    flash.security_level = static_cast<std::uint8_t>(reader.number(1));
    flash.packet_size_code = static_cast<std::uint8_t>(reader.number(1));
    flash.baud_multiplier = static_cast<std::uint8_t>(reader.number(1));
    if (flash.security_level < 1 || flash.security_level > 5 || flash.packet_size_code > 3 ||
        flash.baud_multiplier < 1 || flash.baud_multiplier > 12) {
        return fail(Errc::corrupt);
    }
    for (std::uint32_t left = reader.number(2); left > 0; --left) {
        if (!reader.has(2 + template_bytes)) return fail(Errc::corrupt);
        const auto page = static_cast<std::uint16_t>(reader.number(2));
        if (page >= settings_.capacity) return fail(Errc::corrupt);
        const auto bytes = reader.take(template_bytes);
        std::copy(bytes.begin(), bytes.end(), flash.library[page].begin());
    }
    if (reader.has(1)) return fail(Errc::corrupt);
    flash_ = std::move(flash);
    return {};
}

}  // namespace strongroom::fingerprint
