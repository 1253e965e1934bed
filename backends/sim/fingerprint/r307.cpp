#include "fingerprint/r307.h"

#include <algorithm>

#include "base/assert.h"
#include "codes.h"

namespace strongroom::fingerprint {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t header_bytes = 9;  // mark, address, kind, length
constexpr std::size_t payload_limit = 256;
constexpr Duration packet_pause_limit = 200ms;
constexpr Duration between_packets = 1ms;

constexpr std::uint8_t number(std::byte byte) { return std::to_integer<std::uint8_t>(byte); }
constexpr unsigned number16(std::byte high, std::byte low) {
    return static_cast<unsigned>(number(high)) << 8U | number(low);
}

// One start bit, eight data bits, one stop bit.
Duration byte_time(unsigned baud) { return Duration(10'000'000'000LL / baud); }

}  // namespace

std::string_view to_string(R307Fault fault) {
    switch (fault) {
        case R307Fault::drop_byte: return "drop";
        case R307Fault::flip_bit: return "flip";
        case R307Fault::split_packet: return "split";
        case R307Fault::wrong_page: return "wrong_page";
        case R307Fault::slow_acknowledge: return "slow";
        case R307Fault::no_acknowledge: return "silent";
        case R307Fault::command_lost: return "lost";
        case R307Fault::flash_error: return "flash";
        case R307Fault::image_fail: return "image";
        case R307Fault::stuck_finger: return "stuck";
        case R307Fault::dead: return "dead";
    }
    return "invalid";
}

std::optional<R307Fault> r307_fault_named(std::string_view name) {
    for (const R307Fault fault : r307_faults) {
        if (to_string(fault) == name) return fault;
    }
    return std::nullopt;
}

R307::R307(const R307Settings& settings, std::uint64_t seed)
    : settings_(settings), rng_(Rng(seed).fork("r307")) {
    STRONGROOM_ASSERT(settings.capacity >= 1 && settings.capacity <= 1024);
    STRONGROOM_ASSERT(settings.security_level >= 1 && settings.security_level <= 5);
    STRONGROOM_ASSERT(settings.packet_size_code <= 3);
    STRONGROOM_ASSERT(settings.baud_multiplier >= 1 && settings.baud_multiplier <= 12);
    flash_.address = settings.address;
    flash_.password = settings.password;
    flash_.security_level = settings.security_level;
    flash_.packet_size_code = settings.packet_size_code;
    flash_.baud_multiplier = settings.baud_multiplier;
}

void R307::forget_everything() {
    image_.reset();
    buffers_ = {};
    verified_ = false;
    matched_ = false;
    download_ = Download::none;
    downloaded_.clear();
    incoming_.clear();
    output_.clear();
}

void R307::brown_out(Instant now) {
    forget_everything();
    deaf_until_ = std::max(deaf_until_, now) + settings_.power_on_delay;
}

// ---- faults --------------------------------------------------------------------------------

void R307::inject(R307Fault fault, unsigned answers) {
    unsigned& pending = faults_[static_cast<std::size_t>(fault)];
    pending = answers > forever - pending ? forever : pending + answers;
}

void R307::heal() { faults_ = {}; }

unsigned R307::pending(R307Fault fault) const { return faults_[static_cast<std::size_t>(fault)]; }

bool R307::take_fault(R307Fault fault) {
    unsigned& pending = faults_[static_cast<std::size_t>(fault)];
    if (pending == 0) return false;
    if (pending != forever) --pending;
    return true;
}

// ---- bytes in ------------------------------------------------------------------------------

void R307::receive(Instant at, std::byte byte, unsigned baud) {
    if (pending(R307Fault::dead) != 0) return;
    // The module neither listens while it works nor while it talks.
    const bool talking = !output_.empty() && output_.back().at > at;
    if (at < deaf_until_ || talking) {
        ++lost_bytes_;
        return;
    }
    // At another speed the start bit is found and the rest is sampled at the wrong places.
    if (baud != this->baud()) byte = std::byte{static_cast<std::uint8_t>(rng_.below(256))};
    byte_in(at, byte);
}

void R307::receive(Instant at, std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) receive(at, byte, baud());
}

void R307::byte_in(Instant at, std::byte byte) {
    if (!incoming_.empty() && at - last_in_ > packet_pause_limit) incoming_.clear();
    last_in_ = at;
    incoming_.push_back(byte);
    // Whatever does not begin with the mark is skipped.
    while (!incoming_.empty() && incoming_[0] != std::byte{0xEF})
        incoming_.erase(incoming_.begin());
    if (incoming_.size() >= 2 && incoming_[1] != std::byte{0x01}) {
        const bool mark_again = incoming_[1] == std::byte{0xEF};
        incoming_.clear();
        if (mark_again) incoming_.push_back(std::byte{0xEF});
        return;
    }
    if (incoming_.size() < header_bytes) return;
    const std::size_t length = number16(incoming_[7], incoming_[8]);
    if (length < 3 || length > payload_limit + 2) {
        incoming_.clear();
        return;
    }
    if (incoming_.size() < header_bytes + length) return;
    packet_in(at);
    incoming_.clear();
}

// `incoming_` holds one packet.
void R307::packet_in(Instant at) {
    const auto address =
        number16(incoming_[2], incoming_[3]) << 16U | number16(incoming_[4], incoming_[5]);
    const std::uint8_t kind = number(incoming_[6]);
    const Payload payload =
        Payload(incoming_).subspan(header_bytes, incoming_.size() - header_bytes - 2);
    if (address != flash_.address) {
        if (settings_.answers_wrong_address && kind == packet::command) {
            reply(at, number(payload[0]), {code::wrong_address, 2ms, {}, {}, {}, 0, {}});
        }
        return;
    }
    unsigned sum = 0;
    for (std::size_t i = 6; i < incoming_.size() - 2; ++i) sum += number(incoming_[i]);
    const bool sound =
        (sum & 0xFFFFU) == number16(incoming_[incoming_.size() - 2], incoming_.back());
    if (kind == packet::command) {
        if (take_fault(R307Fault::command_lost)) return;
        download_ = Download::none;
        if (sound) {
            command_in(at, payload);
        } else {
            reply(at, number(payload[0]), {code::packet, 2ms, {}, {}, {}, 0, {}});
        }
    } else if ((kind == packet::data || kind == packet::end_of_data) &&
               download_ != Download::none) {
        if (sound) {
            data_in(at, kind == packet::end_of_data, payload);
        } else {
            download_ = Download::none;
            reply(at, 0, {code::data_not_received, 2ms, {}, {}, {}, 0, {}});
        }
    }
}

void R307::data_in(Instant /*at*/, bool last, Payload payload) {
    const std::size_t room =
        download_ == Download::image ? FingerImage::packed_bytes : template_bytes;
    for (const std::byte byte : payload) {
        if (downloaded_.size() < room) downloaded_.push_back(byte);
    }
    if (!last) return;
    if (download_ == Download::image) {
        image_ = unpack(downloaded_);
    } else {
        CharBuffer& buffer = buffers_[download_buffer_];
        buffer.filled = !downloaded_.empty();
        buffer.bytes = {};
        std::copy(downloaded_.begin(), downloaded_.end(), buffer.bytes.begin());
    }
    download_ = Download::none;
    downloaded_.clear();
}

// ---- bytes out -----------------------------------------------------------------------------

void R307::put_packet(std::vector<std::byte>& out, std::uint8_t kind, Payload payload) const {
    const auto put = [&](unsigned value) { out.push_back(std::byte(value & 0xFFU)); };
    put(0xEF);
    put(0x01);
    for (unsigned shift = 32; shift > 0; shift -= 8) put(flash_.address >> (shift - 8));
    const auto length = static_cast<unsigned>(payload.size()) + 2;
    unsigned sum = kind + (length >> 8U) + (length & 0xFFU);
    put(kind);
    put(length >> 8U);
    put(length);
    for (const std::byte byte : payload) {
        sum += number(byte);
        out.push_back(byte);
    }
    put(sum >> 8U);
    put(sum);
}

void R307::reply(Instant at, std::uint8_t instruction, Answer answer) {
    if (observer_) observer_({at, instruction, answer.code, answer.page, answer.score});
    Instant start = at + answer.working;
    if (take_fault(R307Fault::slow_acknowledge)) start += slow_delay;
    deaf_until_ = std::max(deaf_until_, start);
    if (!take_fault(R307Fault::no_acknowledge)) {
        std::vector<std::byte> payload{std::byte{answer.code}};
        payload.insert(payload.end(), answer.content.begin(), answer.content.end());
        std::vector<std::byte> wire;
        put_packet(wire, packet::acknowledge, payload);
        send(start, wire, true);
        const std::size_t size = std::size_t{32} << flash_.packet_size_code;
        for (std::size_t done = 0; done < answer.stream.size();) {
            const std::size_t count = std::min(size, answer.stream.size() - done);
            const bool last = done + count == answer.stream.size();
            wire.clear();
            put_packet(wire, last ? packet::end_of_data : packet::data,
                       Payload(answer.stream).subspan(done, count));
            send(output_.empty() ? start : output_.back().at + between_packets, wire, false);
            done += count;
        }
    }
    if (answer.new_baud) flash_.baud_multiplier = *answer.new_baud;
}

// Queues bytes from `start` on; wire faults strike here, in the acknowledgement or the data.
void R307::send(Instant start, std::span<const std::byte> bytes, bool first) {
    std::vector<std::byte> wire(bytes.begin(), bytes.end());
    if (take_fault(R307Fault::flip_bit)) {
        wire[rng_.below(wire.size())] ^= std::byte(1U << rng_.below(8));
    }
    if (take_fault(R307Fault::drop_byte)) {
        wire.erase(wire.begin() + static_cast<std::ptrdiff_t>(rng_.below(wire.size())));
    }
    const bool split = first && take_fault(R307Fault::split_packet);
    Instant at = output_.empty() ? start : std::max(start, output_.back().at);
    for (std::size_t i = 0; i < wire.size(); ++i) {
        if (split && i == wire.size() / 2) at += split_pause;
        at += byte_time(baud());
        output_.push_back({at, wire[i], baud()});
    }
}

Instant R307::next_output() const { return output_.empty() ? never : output_.front().at; }
Instant R307::last_output() const { return output_.empty() ? never : output_.back().at; }

std::optional<R307::Sent> R307::take_output(Instant now) {
    if (output_.empty() || output_.front().at > now) return std::nullopt;
    const Sent sent = output_.front();
    output_.pop_front();
    return sent;
}

}  // namespace strongroom::fingerprint
