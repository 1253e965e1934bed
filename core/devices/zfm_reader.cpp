#include "devices/zfm_reader.h"

#include <stdexcept>
#include <utility>

#include "base/assert.h"

namespace strongroom::devices {

namespace {

using namespace std::chrono_literals;

constexpr std::byte first_buffer{1};
constexpr std::byte second_buffer{2};
constexpr Duration glance_interval = 150ms;  // between two looks for a finger
constexpr int most_surprises = 3;
constexpr int most_restarts = 3;
constexpr int most_mismatches = 3;

constexpr std::size_t match_answer = 2;   // score
constexpr std::size_t search_answer = 4;  // slot, score

}  // namespace

Digest finger_template_digest(const Key256& key, std::span<const std::byte> bytes) {
    return keyed_hash(key.derive("finger template"), bytes);
}

ZfmReader::ZfmReader(hal::ByteLink& link, hal::Clock& clock, FingerImageCheck& check,
                     ZfmReaderSettings settings)
    : clock_(clock),
      check_(check),
      settings_(std::move(settings)),
      exchange_(link, clock, settings_.pin.address,
                settings_.pin.baud_rate > 0 ? settings_.pin.baud_rate : 1,
                zfm_valid(settings_.pin) ? settings_.pin.packet_size : 1),
      handshake_(settings_.pin, settings_.password) {
    if (settings_.canary_count == 0 ||
        settings_.canary_first + settings_.canary_count > settings_.pin.capacity) {
        throw std::invalid_argument(
            "fingerprint sensor: the range of slots that stay empty (canary) has one slot or more "
            "and lies within the capacity of " +
            std::to_string(settings_.pin.capacity));
    }
}

Result<void> ZfmReader::start(const hal::FingerReference& reference) {
    const int slot = reference.slot;
    const int canary = settings_.canary_first;
    if (slot >= settings_.pin.capacity ||
        (slot >= canary && slot < canary + settings_.canary_count)) {
        return fail(Errc::out_of_range);
    }
    stop();
    started_ = true;
    reference_ = reference;
    step_ = Step::handshake;
    handshake_.begin();
    surprises_ = 0;
    restarts_ = 0;
    mismatches_ = 0;
    ask_at_ = clock_.now();
    return {};
}

void ZfmReader::stop() {
    exchange_.abandon();
    started_ = false;
    reference_ = {};
    seen_ = {};
}

Instant ZfmReader::next_poll() const {
    if (!started_) return never;
    return exchange_.busy() ? exchange_.next_poll() : ask_at_;
}

Result<std::optional<FingerObservation>> ZfmReader::poll() {
    if (!started_) return fail(Errc::denied);
    if (!exchange_.busy()) {
        if (clock_.now() < ask_at_) return std::nullopt;
        exchange_.ask(question());
    }
    auto answer = exchange_.poll();
    if (!answer) {
        // A damaged answer is asked again by the exchange; anything else is the end.
        if (answer.error().code == Errc::corrupt) return tl::unexpected(answer.error());
        return halt(answer.error());
    }
    if (!*answer) return std::nullopt;
    ask_at_ = clock_.now();
    Outcome outcome = take(**answer);
    wipe((*answer)->data);
    wipe((*answer)->content);
    return outcome;
}

ZfmQuestion ZfmReader::search(FingerSlot first, std::uint16_t count) const {
    ZfmQuestion question{.instruction = ZfmInstruction::search,
                         .arguments = {first_buffer},
                         .answer_size = search_answer,
                         .patience = 3s,
                         .soonest = settings_.soonest_comparison};
    zfm_put_u16(question.arguments, first);
    zfm_put_u16(question.arguments, count);
    return question;
}

ZfmQuestion ZfmReader::question() const {
    const bool first = step_ == Step::load_enrolled || step_ == Step::read_enrolled;
    const std::byte buffer = first ? first_buffer : second_buffer;
    switch (step_) {
        case Step::handshake: return handshake_.question();
        case Step::load_enrolled:
        case Step::load_claimed: {
            ZfmQuestion question{.instruction = ZfmInstruction::load, .arguments = {buffer}};
            zfm_put_u16(question.arguments, reference_.slot);
            return question;
        }
        case Step::read_enrolled:
        case Step::read_claimed:
            return {.instruction = ZfmInstruction::read_template,
                    .arguments = {buffer},
                    .data_least = zfm_least_template,
                    .data_most = zfm_most_template};
        case Step::canary_enrolled:
        case Step::canary_live: return search(settings_.canary_first, settings_.canary_count);
        case Step::await_lift:
        case Step::await_finger:
            return {.instruction = ZfmInstruction::take_image,
                    .patience = 2s,
                    .soonest = settings_.soonest_image};
        case Step::fetch_image:
            return {.instruction = ZfmInstruction::read_image,
                    .patience = 2s,
                    .data_least = FingerImage::packed_size,
                    .data_most = FingerImage::packed_size};
        case Step::extract:
            return {.instruction = ZfmInstruction::extract,
                    .arguments = {first_buffer},
                    .patience = 2s};
        case Step::match:
            return {.instruction = ZfmInstruction::match,
                    .answer_size = match_answer,
                    .patience = 2s,
                    .soonest = settings_.soonest_comparison};
        case Step::confirm: return search(reference_.slot, 1);
    }
    STRONGROOM_ASSERT(false);
    return {};
}

ZfmReader::Outcome ZfmReader::take(const ZfmAnswer& answer) {
    if (step_ == Step::handshake) return take_handshake(answer);
    // It has restarted, or another one hangs on the cable: it has to prove itself again.
    if (answer.confirmation == ZfmConfirmation::verify_first) {
        if (++restarts_ > most_restarts) {
            return halt({Errc::disconnected, static_cast<std::int32_t>(answer.confirmation)});
        }
        handshake_.begin();
        return go(Step::handshake);
    }
    switch (step_) {
        case Step::handshake: break;
        case Step::load_enrolled:
        case Step::load_claimed:
            if (answer.confirmation == ZfmConfirmation::done) {
                return go(step_ == Step::load_enrolled ? Step::read_enrolled : Step::read_claimed);
            }
            if (answer.confirmation == ZfmConfirmation::not_loaded ||
                answer.confirmation == ZfmConfirmation::no_such_page) {
                return refuse(SensorRefusal::template_changed);
            }
            return unexpected(answer);
        case Step::read_enrolled:
        case Step::read_claimed: return take_template(answer);
        case Step::canary_enrolled: return take_canary(answer, Step::await_lift);
        case Step::canary_live: return take_canary(answer, Step::load_claimed);
        case Step::await_lift:
        case Step::await_finger: return take_glance(answer);
        case Step::fetch_image: return take_image(answer);
        case Step::extract: return take_features(answer);
        case Step::match: return take_match(answer);
        case Step::confirm: return take_confirmation(answer);
    }
    return std::nullopt;
}

ZfmReader::Outcome ZfmReader::take_handshake(const ZfmAnswer& answer) {
    const Result<bool> proven = handshake_.take(answer);
    if (proven) return *proven ? go(Step::load_enrolled) : Outcome(std::nullopt);
    if (proven.error().code != Errc::busy) return halt(proven.error());
    if (++restarts_ > most_restarts) return halt({Errc::disconnected, 0});
    handshake_.begin();
    return std::nullopt;
}

ZfmReader::Outcome ZfmReader::take_template(const ZfmAnswer& answer) {
    if (answer.confirmation != ZfmConfirmation::done) return unexpected(answer);
    const Digest digest = finger_template_digest(settings_.digest_key, answer.data);
    const bool first = step_ == Step::read_enrolled;
    if (equal_in_constant_time(digest, reference_.template_digest)) {
        mismatches_ = 0;
        return go(first ? Step::canary_enrolled : Step::match);
    }
    // The sensor does not tell a template's length before, so that a lost packet shows only here.
    if (++mismatches_ >= most_mismatches) return refuse(SensorRefusal::template_changed);
    return go(first ? Step::load_enrolled : Step::load_claimed);
}

ZfmReader::Outcome ZfmReader::take_canary(const ZfmAnswer& answer, Step next) {
    if (answer.confirmation == ZfmConfirmation::not_found) return go(next);
    if (answer.confirmation == ZfmConfirmation::done) return refuse(SensorRefusal::link_forged);
    return unexpected(answer);
}

ZfmReader::Outcome ZfmReader::take_glance(const ZfmAnswer& answer) {
    const bool lifted = answer.confirmation == ZfmConfirmation::no_finger;
    // An image that could not be taken shows that something lies there.
    const bool blurred = answer.confirmation == ZfmConfirmation::image_failed;
    if (!lifted && !blurred && answer.confirmation != ZfmConfirmation::done) {
        return unexpected(answer);
    }
    surprises_ = 0;
    if (step_ == Step::await_finger && answer.confirmation == ZfmConfirmation::done) {
        seen_ = {};
        seen_.captured = answer.arrived;
        return go(Step::fetch_image);
    }
    if (step_ == Step::await_lift && lifted) step_ = Step::await_finger;
    ask_at_ = saturating_add(clock_.now(), glance_interval);
    return std::nullopt;
}

ZfmReader::Outcome ZfmReader::take_image(const ZfmAnswer& answer) {
    if (answer.confirmation == ZfmConfirmation::no_image) return go(Step::await_lift);
    if (answer.confirmation != ZfmConfirmation::done) return unexpected(answer);
    const FingerImage image(std::span(answer.data).first<FingerImage::packed_size>());
    const FingerImageResult result = check_.check(image);
    seen_.liveness = Liveness::measured;
    seen_.liveness_score = result.score;
    seen_.quality = result.quality;
    return result.quality == FingerQuality::good ? go(Step::extract) : observe();
}

ZfmReader::Outcome ZfmReader::take_features(const ZfmAnswer& answer) {
    switch (answer.confirmation) {
        case ZfmConfirmation::done: return go(Step::canary_live);
        case ZfmConfirmation::image_messy: seen_.quality = FingerQuality::messy; return observe();
        case ZfmConfirmation::image_sparse: seen_.quality = FingerQuality::sparse; return observe();
        case ZfmConfirmation::no_image: return go(Step::await_lift);
        default: return unexpected(answer);
    }
}

ZfmReader::Outcome ZfmReader::take_match(const ZfmAnswer& answer) {
    if (answer.confirmation == ZfmConfirmation::no_match) return observe();
    if (answer.confirmation != ZfmConfirmation::done) return unexpected(answer);
    seen_.score = zfm_u16(std::span(answer.content).first<2>());
    return go(Step::confirm);
}

// The two ways to ask must agree; if they do not, nothing has matched.
ZfmReader::Outcome ZfmReader::take_confirmation(const ZfmAnswer& answer) {
    if (answer.confirmation == ZfmConfirmation::done) {
        const FingerSlot slot = zfm_u16(std::span(answer.content).first<2>());
        if (slot != reference_.slot) return refuse(SensorRefusal::link_forged);
        seen_.matched_slot = slot;
        return observe();
    }
    if (answer.confirmation != ZfmConfirmation::not_found) return unexpected(answer);
    seen_.score = 0;
    return observe();
}

ZfmReader::Outcome ZfmReader::observe() {
    seen_.sequence = ++sequence_;
    step_ = Step::await_lift;
    surprises_ = 0;
    return std::exchange(seen_, {});
}

ZfmReader::Outcome ZfmReader::go(Step next) {
    step_ = next;
    surprises_ = 0;
    return std::nullopt;
}

// An answer that does not belong to the question: asked again, a bounded number of times.
ZfmReader::Outcome ZfmReader::unexpected(const ZfmAnswer& answer) {
    const auto code = static_cast<std::int32_t>(answer.confirmation);
    if (++surprises_ >= most_surprises) return halt({Errc::timeout, code});
    return fail(Errc::corrupt, code);
}

ZfmReader::Outcome ZfmReader::refuse(SensorRefusal why) {
    return halt({Errc::denied, static_cast<std::int32_t>(why)});
}

ZfmReader::Outcome ZfmReader::halt(Error error) {
    stop();
    return tl::unexpected(error);
}

}  // namespace strongroom::devices
