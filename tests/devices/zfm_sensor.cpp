#include "zfm_sensor.h"

#include <algorithm>

#include "base/rng.h"
#include "devices/finger_image.h"

namespace strongroom::devices::test {

namespace {

std::uint16_t u16(const Bytes& bytes, std::size_t at) {
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes.at(at)) << 8U |
                                      std::to_integer<unsigned>(bytes.at(at + 1)));
}

}  // namespace

Bytes finger(unsigned who) {
    Bytes bytes(512);
    Rng(1000 + who).fill(bytes);
    return bytes;
}

Duration Sensor::wire(std::size_t bytes) const {
    return Duration(std::chrono::seconds(static_cast<std::int64_t>(bytes) * 10)) / baud_rate;
}

std::size_t Sensor::times_asked(ZfmInstruction instruction) const {
    return static_cast<std::size_t>(std::count(asked.begin(), asked.end(), instruction));
}

Result<void> Sensor::write(std::span<const std::byte> bytes) {
    if (!connected) return fail(Errc::disconnected);
    if (silent) return {};
    decoder_.feed(bytes);
    free_at_ = std::max(free_at_, clock_.now()) + wire(bytes.size());
    while (const auto item = decoder_.next()) {
        if (const auto* packet = std::get_if<ZfmPacket>(&*item)) hear(*packet);
    }
    return {};
}

Result<std::size_t> Sensor::read(std::span<std::byte> buffer) {
    std::size_t count = 0;
    while (count < buffer.size() && !arriving_.empty() && arriving_.front().at <= clock_.now()) {
        buffer[count++] = arriving_.front().byte;
        arriving_.pop_front();
    }
    if (count == 0 && !connected) return fail(Errc::disconnected);
    return count;
}

void Sensor::brown_out() {
    verified = false;
    image_.reset();
    buffers_ = {};
    arriving_.clear();
    inject({std::byte{0x55}});
}

void Sensor::inject(const Bytes& bytes) {
    for (const std::byte byte : bytes) arriving_.push_back({clock_.now(), byte});
}

void Sensor::send(ZfmPacketKind kind, std::span<const std::byte> content) {
    Bytes packet = zfm_encode(address, kind, content);
    if (on_the_way) on_the_way(packet);
    for (const std::byte byte : packet) {
        free_at_ += wire(1);
        arriving_.push_back({free_at_, byte});
    }
}

void Sensor::hear(const ZfmPacket& packet) {
    if (packet.kind == ZfmPacketKind::data || packet.kind == ZfmPacketKind::end_of_data) {
        incoming_.insert(incoming_.end(), packet.content.begin(), packet.content.end());
        if (packet.kind == ZfmPacketKind::end_of_data) {
            buffers_.at(incoming_buffer_) = std::exchange(incoming_, {});
        }
        return;
    }
    const auto instruction = static_cast<ZfmInstruction>(packet.content.at(0));
    const Bytes arguments(packet.content.begin() + 1, packet.content.end());
    asked.push_back(instruction);
    free_at_ += takes;
    std::optional<Reply> reply;
    if (instead) reply = instead(instruction, arguments);
    if (!reply) reply = answer(instruction, arguments);
    Bytes content{static_cast<std::byte>(reply->confirmation)};
    content.insert(content.end(), reply->content.begin(), reply->content.end());
    send(ZfmPacketKind::acknowledge, content);
    const std::span<const std::byte> data = reply->data;
    for (std::size_t at = 0; at < data.size(); at += packet_size) {
        const auto part = data.subspan(at, std::min<std::size_t>(packet_size, data.size() - at));
        const bool last = at + part.size() == data.size();
        send(last ? ZfmPacketKind::end_of_data : ZfmPacketKind::data, part);
    }
}

Reply Sensor::answer(ZfmInstruction instruction, const Bytes& arguments) {
    using enum ZfmConfirmation;
    if (instruction == ZfmInstruction::verify_password) {
        verified = zfm_u32(std::span(arguments).first<4>()) == password;
        return {verified ? done : wrong_password};
    }
    if (!verified && password != 0) return {verify_first};
    switch (instruction) {
        case ZfmInstruction::set_password:
            password = zfm_u32(std::span(arguments).first<4>());
            return {done};
        case ZfmInstruction::set_parameter: {
            const auto value = std::to_integer<std::uint16_t>(arguments.at(1));
            if (arguments.at(0) == std::byte{5}) level = value;
            if (arguments.at(0) == std::byte{6}) {
                packet_size = static_cast<std::uint16_t>(32 << value);
            }
            return {done};
        }
        case ZfmInstruction::read_parameters: {
            Reply reply{done};
            zfm_put_u16(reply.content, 0);
            zfm_put_u16(reply.content, system_id);
            zfm_put_u16(reply.content, capacity);
            zfm_put_u16(reply.content, level);
            zfm_put_u32(reply.content, address);
            std::uint16_t code = 0;
            while (32 << code != packet_size) ++code;
            zfm_put_u16(reply.content, code);
            zfm_put_u16(reply.content, static_cast<std::uint16_t>(baud_rate / 9600));
            return reply;
        }
        case ZfmInstruction::take_image:
            if (!on_glass) return {no_finger};
            image_ = on_glass;
            return {done};
        case ZfmInstruction::read_image: {
            if (!image_) return {image_not_read};
            Reply reply{done};
            reply.data.assign(FingerImage::packed_size, static_cast<std::byte>(*image_ * 17));
            return reply;
        }
        case ZfmInstruction::extract: {
            if (!image_) return {no_image};
            const std::size_t buffer = arguments.at(0) == std::byte{1} ? 0 : 1;
            buffers_.at(buffer) = finger(*image_);
            return {done};
        }
        default: return answer_library(instruction, arguments);
    }
}

Reply Sensor::answer_library(ZfmInstruction instruction, const Bytes& arguments) {
    using enum ZfmConfirmation;
    const auto buffer = [&]() -> Bytes& {
        return buffers_.at(arguments.at(0) == std::byte{1} ? 0 : 1);
    };
    switch (instruction) {
        case ZfmInstruction::match:
            if (buffers_[0].empty() || buffers_[0] != buffers_[1]) return {no_match, Bytes(2)};
            return {done, {std::byte{0}, std::byte{120}}};
        case ZfmInstruction::search: {
            const std::uint16_t first = u16(arguments, 1);
            const std::uint16_t count = u16(arguments, 3);
            for (const auto& [slot, features] : library) {
                if (slot < first || slot >= first + count || features != buffer()) continue;
                Reply reply{done};
                zfm_put_u16(reply.content, slot);
                zfm_put_u16(reply.content, 120);
                return reply;
            }
            return {not_found, Bytes(4)};
        }
        case ZfmInstruction::combine:
            if (buffers_[0].empty() || buffers_[0] != buffers_[1]) return {not_combined};
            return {done};
        case ZfmInstruction::store: library[u16(arguments, 1)] = buffer(); return {done};
        case ZfmInstruction::load:
            if (!library.contains(u16(arguments, 1))) return {not_loaded};
            buffer() = library[u16(arguments, 1)];
            return {done};
        case ZfmInstruction::read_template:
            if (buffer().empty()) return {not_read};
            return {done, {}, buffer()};
        case ZfmInstruction::write_template:
            incoming_buffer_ = arguments.at(0) == std::byte{1} ? 0 : 1;
            incoming_.clear();
            return {done};
        case ZfmInstruction::remove:
            for (std::uint16_t i = 0; i < u16(arguments, 2); ++i) {
                library.erase(static_cast<std::uint16_t>(u16(arguments, 0) + i));
            }
            return {done};
        case ZfmInstruction::clear: library.clear(); return {done};
        case ZfmInstruction::count_templates: {
            Reply reply{done};
            zfm_put_u16(reply.content, static_cast<std::uint16_t>(library.size()));
            return reply;
        }
        case ZfmInstruction::read_index: {
            Reply reply{done, Bytes(zfm_index_page_size)};
            for (const auto& entry : library) {
                if (entry.first / 256 != std::to_integer<unsigned>(arguments.at(0))) continue;
                const unsigned slot = entry.first % 256U;
                reply.content[slot / 8] |= static_cast<std::byte>(1U << slot % 8);
            }
            return reply;
        }
        default: return {packet_damaged};
    }
}

}  // namespace strongroom::devices::test
