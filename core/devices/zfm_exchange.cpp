#include "devices/zfm_exchange.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "base/secret.h"

namespace strongroom::devices {

namespace {

using namespace std::chrono_literals;

constexpr int most_tries = 3;
constexpr int most_fences = 3;
constexpr Duration silence = 40ms;  // longer than any pause within an answer
constexpr std::size_t longest_answer = std::size_t{48} * 1024;  // bytes: an image and its packets
constexpr Duration babble_limit = 5s;                           // of noise without a pause
constexpr Duration fence_patience = 1s;
constexpr Duration data_gap = 500ms;      // the longest pause between two data packets
constexpr Duration room_limit = 2s;       // for the link to take a command
constexpr Duration look_interval = 10ms;  // 58 bytes at 57600 baud
constexpr Duration early_look = 100us;
constexpr std::int64_t bits_per_byte = 10;
// The two clocks of a wire may differ by some per cent; a forged answer comes in no time.
constexpr int percent_of_wire_time = 90;
constexpr std::size_t most_read_at_once = std::size_t{64} * 1024;

}  // namespace

ZfmExchange::ZfmExchange(hal::ByteLink& link, hal::Clock& clock, std::uint32_t address,
                         std::uint32_t baud_rate, std::uint16_t packet_size)
    : link_(link),
      clock_(clock),
      address_(address),
      baud_rate_(baud_rate),
      packet_size_(packet_size),
      decoder_(address) {
    STRONGROOM_ASSERT(baud_rate > 0 && packet_size > 0 && packet_size <= zfm_longest_content);
}

ZfmExchange::~ZfmExchange() {
    forget();
    decoder_.reset();
}

Duration ZfmExchange::wire_time(std::size_t count) const {
    return Duration(std::chrono::seconds(static_cast<std::int64_t>(count) * bits_per_byte)) /
           static_cast<std::int64_t>(baud_rate_);
}

// Questions hold passwords and templates, answers templates and images.
void ZfmExchange::forget() {
    wipe(question_.arguments);
    wipe(question_.data);
    wipe(answer_.content);
    wipe(answer_.data);
    question_ = {};
    answer_ = {};
}

void ZfmExchange::ask(ZfmQuestion question) {
    STRONGROOM_ASSERT(!busy());
    question_ = std::move(question);
    tries_ = 0;
    fences_ = 0;
    now_ = clock_.now();
    if (doubtful_) {
        settle();
    } else {
        phase_ = Phase::sending;
        deadline_ = now_ + room_limit;
    }
}

void ZfmExchange::settle() {
    phase_ = Phase::settling;
    heard_ = now_;
    deadline_ = now_ + wire_time(longest_answer) + babble_limit;
    decoder_.reset();
}

void ZfmExchange::abandon() {
    if (!busy()) return;
    phase_ = Phase::idle;
    doubtful_ = true;
    forget();
}

Instant ZfmExchange::next_poll() const {
    if (!busy()) return never;
    if (phase_ == Phase::acknowledging) {
        // The last moment at which the shortest answer is too soon: whoever answers at once is
        // seen.
        const Instant early = asked_ + soonest(carried_ + 1 + zfm_packet_overhead) - early_look;
        if (now_ < early) return early;
    }
    return saturating_add(now_, look_interval);
}

// The least time from asking until `count` bytes have passed, both ways.
Duration ZfmExchange::soonest(std::size_t count) const {
    return wire_time(count) * percent_of_wire_time / 100 + question_.soonest;
}

std::vector<std::byte> ZfmExchange::command(const ZfmQuestion& question) const {
    std::vector<std::byte> content{static_cast<std::byte>(question.instruction)};
    content.insert(content.end(), question.arguments.begin(), question.arguments.end());
    std::vector<std::byte> packet = zfm_encode(address_, ZfmPacketKind::command, content);
    wipe(content);
    return packet;
}

// Everything that has arrived goes to the decoder.
Result<void> ZfmExchange::listen() {
    std::array<std::byte, 512> buffer{};
    Result<void> heard{};
    bool any = false;
    for (std::size_t total = 0; total < most_read_at_once;) {
        const auto count = link_.read(buffer);
        if (!count) {
            heard = tl::unexpected(count.error());
            break;
        }
        if (*count == 0) break;
        decoder_.feed(std::span(buffer).first(std::min(*count, buffer.size())));
        total += *count;
        any = true;
    }
    wipe(buffer);
    now_ = clock_.now();
    if (any) heard_ = now_;
    return heard;
}

ZfmExchange::Outcome ZfmExchange::poll() {
    if (!busy()) return std::nullopt;
    const Result<void> heard = listen();
    while (busy()) {
        const auto item = decoder_.next();
        if (!item) break;
        const bool whole = std::holds_alternative<ZfmPacket>(*item);
        ZfmPacket packet = whole ? std::get<ZfmPacket>(*item) : ZfmPacket{};
        Outcome outcome = whole ? hear(packet) : hear_damage();
        wipe(packet.content);
        if (!outcome || *outcome) return outcome;
    }
    if (!busy()) return std::nullopt;
    if (!heard) {
        if (heard.error().code != Errc::corrupt) return give_up(heard.error());
        if (Outcome outcome = hear_damage(); !outcome) return outcome;
    }
    return wait();
}

ZfmExchange::Outcome ZfmExchange::hear(ZfmPacket& packet) {
    switch (phase_) {
        case Phase::acknowledging: return hear_acknowledgement(packet);
        case Phase::receiving: return hear_data(packet);
        case Phase::fencing: {
            // The system parameters; or the refusal to tell them before the password is verified.
            if (packet.kind != ZfmPacketKind::acknowledge || !stale(packet)) return std::nullopt;
            doubtful_ = false;
            phase_ = Phase::sending;
            deadline_ = now_ + room_limit;
            return std::nullopt;
        }
        case Phase::idle:
        case Phase::settling:
        case Phase::sending:
        case Phase::supplying: return std::nullopt;  // an answer to nothing that was asked
    }
    return std::nullopt;
}

// True for what answers a fence. Of the questions that the driver asks before the password is
// verified none can be answered by the demand to verify it.
bool ZfmExchange::stale(const ZfmPacket& packet) const {
    if (packet.content.empty()) return false;
    const auto confirmation = static_cast<ZfmConfirmation>(packet.content.front());
    if (confirmation == ZfmConfirmation::verify_first) {
        return phase_ == Phase::fencing || question_.instruction == ZfmInstruction::verify_password;
    }
    return confirmation == ZfmConfirmation::done &&
           packet.content.size() == zfm_parameters_size + 1 &&
           (phase_ == Phase::fencing || question_.answer_size != zfm_parameters_size);
}

// The wire takes its time for every answer; the sensor only for those that say that it has worked.
bool ZfmExchange::too_soon() const {
    const bool worked = answer_.confirmation == ZfmConfirmation::done ||
                        answer_.confirmation == ZfmConfirmation::not_found;
    return now_ - asked_ < soonest(carried_) - (worked ? Duration{} : question_.soonest);
}

ZfmExchange::Outcome ZfmExchange::hear_acknowledgement(const ZfmPacket& packet) {
    if (stale(packet)) return std::nullopt;
    if (packet.kind != ZfmPacketKind::acknowledge || packet.content.empty()) {
        return again(Errc::corrupt);
    }
    carried_ += packet.content.size() + zfm_packet_overhead;
    answer_.confirmation = static_cast<ZfmConfirmation>(packet.content.front());
    answer_.content.assign(packet.content.begin() + 1, packet.content.end());
    answer_.arrived = now_;
    if (answer_.confirmation == ZfmConfirmation::packet_damaged) return again(Errc::corrupt);
    const bool done = answer_.confirmation == ZfmConfirmation::done;
    if (done && answer_.content.size() != question_.answer_size) return again(Errc::corrupt);
    if (too_soon()) {
        return give_up({Errc::denied, static_cast<std::int32_t>(SensorRefusal::link_forged)});
    }
    if (done && question_.data_most > 0) {
        phase_ = Phase::receiving;
        spoiled_ = false;
        deadline_ = now_ + 2 * wire_time(question_.data_most) + 4 * data_gap;
        return std::nullopt;
    }
    if (done && !question_.data.empty()) {
        phase_ = Phase::supplying;
        supplied_ = 0;
        deadline_ = now_ + 2 * wire_time(question_.data.size()) + room_limit;
        return std::nullopt;
    }
    return finish();
}

ZfmExchange::Outcome ZfmExchange::hear_data(ZfmPacket& packet) {
    const bool last = packet.kind == ZfmPacketKind::end_of_data;
    if (!last && packet.kind != ZfmPacketKind::data) {
        spoiled_ = true;
        return std::nullopt;
    }
    carried_ += packet.content.size() + zfm_packet_overhead;
    if (answer_.data.size() + packet.content.size() > question_.data_most) {
        spoiled_ = true;
    } else {
        // A growing vector would leave copies of a template behind.
        answer_.data.reserve(question_.data_most);
        answer_.data.insert(answer_.data.end(), packet.content.begin(), packet.content.end());
    }
    if (!last) return std::nullopt;
    if (spoiled_ || answer_.data.size() < question_.data_least) return again(Errc::corrupt);
    if (too_soon()) {
        return give_up({Errc::denied, static_cast<std::int32_t>(SensorRefusal::link_forged)});
    }
    return finish();
}

// Damage among data packets is asked again when the rest of them has passed.
ZfmExchange::Outcome ZfmExchange::hear_damage() {
    if (phase_ == Phase::receiving) spoiled_ = true;
    return phase_ == Phase::acknowledging ? again(Errc::corrupt) : Outcome(std::nullopt);
}

ZfmExchange::Outcome ZfmExchange::wait() {
    switch (phase_) {
        case Phase::idle: return std::nullopt;
        case Phase::settling: return wait_for_silence();
        case Phase::fencing:
            if (now_ < deadline_) return std::nullopt;
            // It answers nothing, so nothing is on its way.
            phase_ = Phase::sending;
            deadline_ = now_ + room_limit;
            return send();
        case Phase::sending: return send();
        case Phase::acknowledging:
            return now_ < deadline_ ? Outcome(std::nullopt) : again(Errc::timeout);
        case Phase::receiving: {
            const bool silent = now_ - std::max(heard_, answer_.arrived) > data_gap;
            return silent || now_ >= deadline_ ? again(Errc::corrupt) : Outcome(std::nullopt);
        }
        case Phase::supplying: return supply();
    }
    return std::nullopt;
}

ZfmExchange::Outcome ZfmExchange::wait_for_silence() {
    if (now_ >= deadline_) return give_up({Errc::timeout, 0});
    if (now_ - heard_ < silence) return std::nullopt;
    decoder_.reset();
    if (++fences_ > most_fences + most_tries) return give_up({Errc::timeout, 0});
    const ZfmQuestion fence{.instruction = ZfmInstruction::read_parameters};
    const Result<void> taken = link_.write(command(fence));
    if (!taken && taken.error().code == Errc::busy) return std::nullopt;
    if (!taken) return give_up(taken.error());
    phase_ = Phase::fencing;
    deadline_ = now_ + fence_patience;
    return std::nullopt;
}

ZfmExchange::Outcome ZfmExchange::send() {
    std::vector<std::byte> packet = command(question_);
    // Read before the bytes leave: what is measured is then never too short.
    asked_ = clock_.now();
    const Result<void> taken = link_.write(packet);
    const std::size_t size = packet.size();
    wipe(packet);
    if (!taken) {
        if (taken.error().code != Errc::busy) return give_up(taken.error());
        return now_ < deadline_ ? Outcome(std::nullopt) : give_up({Errc::timeout, 0});
    }
    ++tries_;
    carried_ = size;
    answer_ = {};
    phase_ = Phase::acknowledging;
    const std::size_t ack = question_.answer_size + 1 + zfm_packet_overhead;
    deadline_ = asked_ + wire_time(size + ack) + question_.patience;
    return std::nullopt;
}

// Data packets for the sensor, as fast as the link takes them; it acknowledges none of them.
ZfmExchange::Outcome ZfmExchange::supply() {
    const std::span<const std::byte> data = question_.data;
    while (supplied_ < data.size()) {
        const auto part =
            data.subspan(supplied_, std::min<std::size_t>(packet_size_, data.size() - supplied_));
        const bool last = supplied_ + part.size() == data.size();
        std::vector<std::byte> packet =
            zfm_encode(address_, last ? ZfmPacketKind::end_of_data : ZfmPacketKind::data, part);
        const Result<void> taken = link_.write(packet);
        wipe(packet);
        if (!taken) {
            if (taken.error().code != Errc::busy) return give_up(taken.error());
            return now_ < deadline_ ? Outcome(std::nullopt) : give_up({Errc::timeout, 0});
        }
        supplied_ += part.size();
        // A command on the heels of the data would find the sensor still taking it in.
        if (last) {
            const std::size_t packets = data.size() / packet_size_ + 1;
            deadline_ = now_ + wire_time(data.size() + packets * zfm_packet_overhead) + data_gap;
        }
    }
    return now_ < deadline_ ? Outcome(std::nullopt) : finish();
}

// Nothing usable came: silence, fence, and the question again. Says `corrupt` for what was damaged.
ZfmExchange::Outcome ZfmExchange::again(Errc why) {
    const auto confirmation = static_cast<std::int32_t>(answer_.confirmation);
    if (tries_ >= most_tries || !question_.repeatable) {
        return give_up({Errc::timeout, confirmation});
    }
    wipe(answer_.content);
    wipe(answer_.data);
    answer_ = {};
    doubtful_ = true;
    settle();
    if (why == Errc::corrupt) return fail(Errc::corrupt, confirmation);
    return std::nullopt;
}

ZfmExchange::Outcome ZfmExchange::give_up(Error error) {
    abandon();
    return tl::unexpected(error);
}

ZfmExchange::Outcome ZfmExchange::finish() {
    phase_ = Phase::idle;
    ZfmAnswer answer = std::move(answer_);
    forget();
    return answer;
}

}  // namespace strongroom::devices
