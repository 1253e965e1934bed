#include "devices/zfm_admin.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.h"
#include "devices/zfm_reader.h"

namespace strongroom::devices {

namespace {

using namespace std::chrono_literals;

constexpr std::byte first_buffer{1};
constexpr std::byte second_buffer{2};
constexpr Duration glance_interval = 150ms;
constexpr int most_poor_images = 5;
constexpr int most_differences = 3;
constexpr std::size_t search_answer = 4;
constexpr std::size_t count_answer = 2;
constexpr std::uint32_t baud_unit = 9600;
constexpr std::uint32_t most_baud_units = 12;

// A sensor that has not been provisioned has a capacity that nobody knows yet.
ZfmPin checked(ZfmPin pin) {
    pin.capacity = std::max<std::uint16_t>(pin.capacity, 1);
    return pin;
}

std::uint32_t number(const Secret& password) { return zfm_u32(password.reveal().first<4>()); }

std::byte packet_size_code(std::uint16_t size) {
    unsigned code = 0;
    while ((32U << code) < size) ++code;
    return static_cast<std::byte>(code);
}

bool index_bit(std::span<const std::byte> page, std::size_t slot) {
    const auto byte = std::to_integer<unsigned>(page[slot / 8]);
    return (byte >> slot % 8 & 1U) != 0;
}

std::size_t pages(std::uint16_t capacity) {
    return (capacity + zfm_index_page_slots - 1) / zfm_index_page_slots;
}

}  // namespace

ZfmAdmin::ZfmAdmin(hal::ByteLink& link, hal::Clock& clock, ZfmAdminSettings settings)
    : clock_(clock),
      settings_(std::move(settings)),
      exchange_(link, clock, settings_.pin.address,
                settings_.pin.baud_rate > 0 ? settings_.pin.baud_rate : 1,
                zfm_valid(checked(settings_.pin)) ? settings_.pin.packet_size : 1),
      handshake_(checked(settings_.pin), settings_.password) {}

Result<void> ZfmAdmin::begin(std::optional<FingerSlot> slot, std::vector<Step> script) {
    if (busy()) return fail(Errc::busy);
    if (settings_.pin.capacity == 0 && script.front() == Step::handshake) {
        return fail(Errc::unsupported);
    }
    if (slot && *slot >= settings_.pin.capacity) return fail(Errc::out_of_range);
    stop();
    script_ = std::move(script);
    slot_ = slot.value_or(FingerSlot{0});
    ask_at_ = clock_.now();
    handshake_.begin();
    return {};
}

Result<void> ZfmAdmin::examine() {
    return begin(std::nullopt, {Step::try_own, Step::try_factory_first, Step::try_factory_second,
                                Step::find_parameters, Step::read_index});
}

Result<void> ZfmAdmin::provision(ZfmLibrary library) {
    std::vector<Step> script{
        Step::try_own,    Step::try_factory_first, Step::try_factory_second, Step::set_password,
        Step::verify_own, Step::set_level,         Step::set_packet_size};
    if (library == ZfmLibrary::empty) {
        script.insert(script.end(), {Step::clear, Step::expect_none});
    }
    script.push_back(Step::read_parameters);
    return begin(std::nullopt, std::move(script));
}

Result<void> ZfmAdmin::set_speed(std::uint32_t baud_rate) {
    if (baud_rate % baud_unit != 0 || baud_rate == 0 || baud_rate / baud_unit > most_baud_units) {
        return fail(Errc::out_of_range);
    }
    const Result<void> begun = begin(std::nullopt, {Step::try_own, Step::try_factory_first,
                                                    Step::try_factory_second, Step::set_baud});
    if (begun) speed_ = baud_rate;
    return begun;
}

Result<void> ZfmAdmin::enrol(FingerSlot slot, std::optional<FingerSlot> replaces) {
    std::vector<Step> script{Step::handshake, Step::expect_free, Step::lift, Step::place};
    const bool judged = settings_.check != nullptr;
    if (judged) script.push_back(Step::fetch_first);
    script.insert(script.end(), {Step::extract_first, Step::expect_unknown, Step::lift});
    script.push_back(Step::place_again);
    if (judged) script.push_back(Step::fetch_second);
    script.insert(script.end(), {Step::extract_second, Step::combine, Step::store, Step::load,
                                 Step::read, Step::load, Step::read_again});
    const Result<void> begun = begin(slot, std::move(script));
    if (begun) replaces_ = replaces;
    return begun;
}

Result<void> ZfmAdmin::remove(FingerSlot slot) {
    return begin(slot, {Step::handshake, Step::remove, Step::expect_free});
}

Result<void> ZfmAdmin::clear() {
    return begin(std::nullopt, {Step::handshake, Step::clear, Step::expect_none});
}

Result<void> ZfmAdmin::list() { return begin(std::nullopt, {Step::handshake, Step::read_index}); }

Result<void> ZfmAdmin::read_template(FingerSlot slot) {
    return begin(slot, {Step::handshake, Step::expect_taken, Step::load, Step::read, Step::load,
                        Step::read_again});
}

Result<void> ZfmAdmin::write_template(FingerSlot slot, std::span<const std::byte> bytes) {
    if (busy()) return fail(Errc::busy);
    if (bytes.size() < zfm_least_template || bytes.size() > zfm_most_template) {
        return fail(Errc::out_of_range);
    }
    const Result<void> begun =
        begin(slot, {Step::handshake, Step::write, Step::store, Step::load, Step::read_again});
    if (begun) bytes_.assign(bytes.begin(), bytes.end());
    return begun;
}

void ZfmAdmin::stop() {
    exchange_.abandon();
    script_.clear();
    position_ = 0;
    page_ = 0;
    replaces_.reset();
    wipe(bytes_);
    bytes_.clear();
    result_ = {};
    poor_images_ = 0;
    differences_ = 0;
}

ZfmAdminPrompt ZfmAdmin::prompt() const {
    if (!busy()) return ZfmAdminPrompt::none;
    switch (step()) {
        case Step::lift: return ZfmAdminPrompt::lift;
        case Step::place: return ZfmAdminPrompt::place;
        case Step::place_again: return ZfmAdminPrompt::place_again;
        case Step::fetch_first:
        case Step::fetch_second: return ZfmAdminPrompt::wait;
        default: return ZfmAdminPrompt::none;
    }
}

Instant ZfmAdmin::next_poll() const {
    if (!busy()) return never;
    return exchange_.busy() ? exchange_.next_poll() : ask_at_;
}

ZfmAdmin::Outcome ZfmAdmin::poll() {
    if (!busy()) return fail(Errc::denied);
    if (!exchange_.busy()) {
        if (clock_.now() < ask_at_) return std::nullopt;
        exchange_.ask(question());
    }
    auto answer = exchange_.poll();
    if (!answer) {
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

ZfmQuestion ZfmAdmin::question() const {
    const auto set = [](ZfmRegister which, std::byte value) {
        return ZfmQuestion{.instruction = ZfmInstruction::set_parameter,
                           .arguments = {static_cast<std::byte>(which), value}};
    };
    switch (step()) {
        case Step::handshake: return handshake_.question();
        case Step::try_own:
        case Step::verify_own: return zfm_verify(number(settings_.password));
        case Step::try_factory_first: return zfm_verify(zfm_factory_passwords[0]);
        case Step::try_factory_second: return zfm_verify(zfm_factory_passwords[1]);
        case Step::set_password: {
            ZfmQuestion question = zfm_verify(number(settings_.password));
            question.instruction = ZfmInstruction::set_password;
            // If the answer is lost it may have been set: provision() finds out when asked again.
            question.repeatable = false;
            return question;
        }
        case Step::set_level:
            return set(ZfmRegister::security_level,
                       static_cast<std::byte>(settings_.pin.security_level));
        case Step::set_packet_size:
            return set(ZfmRegister::packet_size, packet_size_code(settings_.pin.packet_size));
        case Step::clear: return {.instruction = ZfmInstruction::clear, .patience = 5s};
        case Step::expect_none:
            return {.instruction = ZfmInstruction::count_templates, .answer_size = count_answer};
        case Step::set_baud: {
            ZfmQuestion question =
                set(ZfmRegister::baud, static_cast<std::byte>(speed_ / baud_unit));
            // Asked again it would not be heard any more.
            question.repeatable = false;
            return question;
        }
        case Step::read_parameters:
        case Step::find_parameters:
            return {.instruction = ZfmInstruction::read_parameters,
                    .answer_size = zfm_parameters_size};
        default: return question_of_library();
    }
}

ZfmQuestion ZfmAdmin::question_of_library() const {
    const auto with_slot = [&](ZfmQuestion question) {
        zfm_put_u16(question.arguments, slot_);
        return question;
    };
    switch (step()) {
        case Step::expect_free:
        case Step::expect_taken:
        case Step::read_index: {
            const auto page = step() == Step::read_index
                                  ? page_
                                  : static_cast<std::uint8_t>(slot_ / zfm_index_page_slots);
            return {.instruction = ZfmInstruction::read_index,
                    .arguments = {static_cast<std::byte>(page)},
                    .answer_size = zfm_index_page_size};
        }
        case Step::remove: {
            ZfmQuestion question =
                with_slot({.instruction = ZfmInstruction::remove, .patience = 2s});
            zfm_put_u16(question.arguments, 1);
            return question;
        }
        case Step::lift:
        case Step::place:
        case Step::place_again: return {.instruction = ZfmInstruction::take_image, .patience = 2s};
        case Step::fetch_first:
        case Step::fetch_second:
            return {.instruction = ZfmInstruction::read_image,
                    .patience = 2s,
                    .data_least = FingerImage::packed_size,
                    .data_most = FingerImage::packed_size};
        case Step::extract_first:
        case Step::extract_second: {
            const auto buffer = step() == Step::extract_first ? first_buffer : second_buffer;
            return {.instruction = ZfmInstruction::extract, .arguments = {buffer}, .patience = 2s};
        }
        case Step::expect_unknown: {
            ZfmQuestion question{.instruction = ZfmInstruction::search,
                                 .arguments = {first_buffer},
                                 .answer_size = search_answer,
                                 .patience = 5s};
            zfm_put_u16(question.arguments, 0);
            zfm_put_u16(question.arguments, settings_.pin.capacity);
            return question;
        }
        case Step::combine:
            // Asked twice it would merge a template with itself.
            return {.instruction = ZfmInstruction::combine, .patience = 2s, .repeatable = false};
        case Step::write:
            return {.instruction = ZfmInstruction::write_template,
                    .arguments = {first_buffer},
                    .data = bytes_};
        case Step::store:
            return with_slot({.instruction = ZfmInstruction::store,
                              .arguments = {first_buffer},
                              .patience = 2s});
        case Step::load:
            return with_slot({.instruction = ZfmInstruction::load, .arguments = {first_buffer}});
        case Step::read:
        case Step::read_again:
            return {.instruction = ZfmInstruction::read_template,
                    .arguments = {first_buffer},
                    .data_least = zfm_least_template,
                    .data_most = zfm_most_template};
        default: break;
    }
    STRONGROOM_ASSERT(false);
    return {};
}

ZfmAdmin::Outcome ZfmAdmin::take(const ZfmAnswer& answer) {
    switch (step()) {
        case Step::handshake: return take_handshake(answer);
        case Step::try_own:
        case Step::try_factory_first:
        case Step::try_factory_second:
        case Step::verify_own: return take_password(answer);
        case Step::read_parameters:
        case Step::find_parameters: return take_parameters(answer);
        case Step::expect_free:
        case Step::expect_taken:
        case Step::read_index: return take_index(answer);
        case Step::lift:
        case Step::place:
        case Step::place_again: return take_glance(answer);
        case Step::fetch_first:
        case Step::fetch_second: return take_image(answer);
        case Step::extract_first:
        case Step::extract_second: return take_features(answer);
        case Step::read:
        case Step::read_again: return take_template(answer);
        case Step::expect_unknown: return take_search(answer);
        case Step::expect_none:
            if (answer.confirmation != ZfmConfirmation::done) break;
            return zfm_u16(std::span(answer.content).first<2>()) == 0
                       ? advance()
                       : refuse(ZfmAdminRefusal::not_written);
        case Step::combine:
            if (answer.confirmation == ZfmConfirmation::not_combined) {
                return refuse(ZfmAdminRefusal::fingers_differ);
            }
            break;
        default: break;
    }
    return take_plain(answer);
}

// `done` and nothing else.
ZfmAdmin::Outcome ZfmAdmin::take_plain(const ZfmAnswer& answer) {
    switch (answer.confirmation) {
        case ZfmConfirmation::done: return advance();
        case ZfmConfirmation::flash_failed:
        case ZfmConfirmation::not_removed:
        case ZfmConfirmation::not_cleared: return refuse(ZfmAdminRefusal::flash_failed);
        case ZfmConfirmation::verify_first:
            // It has lost its power, and with it the images: the job has to be asked for again.
            return halt({Errc::disconnected, static_cast<std::int32_t>(answer.confirmation)});
        default: return halt({Errc::timeout, static_cast<std::int32_t>(answer.confirmation)});
    }
}

ZfmAdmin::Outcome ZfmAdmin::take_handshake(const ZfmAnswer& answer) {
    const Result<bool> proven = handshake_.take(answer);
    if (proven) return *proven ? advance() : Outcome(std::nullopt);
    const bool restarted = proven.error().code == Errc::busy;
    return halt(restarted ? Error{Errc::disconnected, 0} : proven.error());
}

ZfmAdmin::Outcome ZfmAdmin::take_password(const ZfmAnswer& answer) {
    const bool taken = answer.confirmation == ZfmConfirmation::done;
    if (!taken && answer.confirmation != ZfmConfirmation::wrong_password) return take_plain(answer);
    const bool own = step() == Step::try_own;
    switch (step()) {
        case Step::try_own:
        case Step::try_factory_first:
        case Step::try_factory_second: {
            if (!taken) {
                return step() == Step::try_factory_second
                           ? refuse(ZfmAdminRefusal::password_unknown)
                           : advance();
            }
            result_.factory_password = !own;
            const bool sets = std::count(script_.begin(), script_.end(), Step::set_password) != 0;
            return own && sets ? back_to(Step::verify_own) : past(Step::try_factory_second);
        }
        default: return taken ? advance() : refuse(ZfmAdminRefusal::not_written);
    }
}

ZfmAdmin::Outcome ZfmAdmin::take_parameters(const ZfmAnswer& answer) {
    if (answer.confirmation != ZfmConfirmation::done) return take_plain(answer);
    result_.pin = zfm_parse_parameters(std::span(answer.content).first<zfm_parameters_size>());
    if (step() == Step::find_parameters) {
        return result_.pin ? advance() : refuse(ZfmAdminRefusal::unknown_model);
    }
    const ZfmPin& wanted = settings_.pin;
    if (!result_.pin || result_.pin->address != wanted.address ||
        result_.pin->baud_rate != wanted.baud_rate ||
        result_.pin->security_level != wanted.security_level ||
        result_.pin->packet_size != wanted.packet_size) {
        return refuse(ZfmAdminRefusal::not_written);
    }
    return advance();
}

ZfmAdmin::Outcome ZfmAdmin::take_index(const ZfmAnswer& answer) {
    if (answer.confirmation != ZfmConfirmation::done) return take_plain(answer);
    if (step() != Step::read_index) {
        const bool taken = index_bit(answer.content, slot_ % zfm_index_page_slots);
        if (taken == (step() == Step::expect_taken)) return advance();
        if (!taken) return refuse(ZfmAdminRefusal::slot_empty);
        // After a deletion the same look finds what was not deleted.
        const bool deleting = script_[1] == Step::remove;
        return refuse(deleting ? ZfmAdminRefusal::not_written : ZfmAdminRefusal::slot_taken);
    }
    const std::uint16_t capacity = result_.pin ? result_.pin->capacity : settings_.pin.capacity;
    for (std::size_t i = 0; i < zfm_index_page_slots; ++i) {
        const std::size_t slot = page_ * zfm_index_page_slots + i;
        if (slot < capacity && index_bit(answer.content, i)) {
            result_.slots.push_back(static_cast<FingerSlot>(slot));
        }
    }
    return ++page_ < pages(capacity) ? Outcome(std::nullopt) : advance();
}

ZfmAdmin::Outcome ZfmAdmin::take_glance(const ZfmAnswer& answer) {
    const bool empty = answer.confirmation == ZfmConfirmation::no_finger;
    const bool image = answer.confirmation == ZfmConfirmation::done;
    if (!empty && !image && answer.confirmation != ZfmConfirmation::image_failed) {
        return take_plain(answer);
    }
    if (step() == Step::lift ? empty : image) return advance();
    ask_at_ = saturating_add(clock_.now(), glance_interval);
    return std::nullopt;
}

ZfmAdmin::Outcome ZfmAdmin::take_image(const ZfmAnswer& answer) {
    if (answer.confirmation == ZfmConfirmation::no_image ||
        answer.confirmation == ZfmConfirmation::image_not_read) {
        return lay_again();
    }
    if (answer.confirmation != ZfmConfirmation::done) return take_plain(answer);
    const FingerImage image(std::span(answer.data).first<FingerImage::packed_size>());
    const FingerImageResult result = settings_.check->check(image);
    if (result.quality != FingerQuality::good || !std::isfinite(result.score)) return lay_again();
    return result.score >= settings_.liveness_min ? advance() : refuse(ZfmAdminRefusal::artefact);
}

// The same finger under another number would let one person be two.
ZfmAdmin::Outcome ZfmAdmin::take_search(const ZfmAnswer& answer) {
    if (answer.confirmation == ZfmConfirmation::not_found) return advance();
    if (answer.confirmation != ZfmConfirmation::done) return take_plain(answer);
    const FingerSlot found = zfm_u16(std::span(answer.content).first<2>());
    return replaces_ == found ? advance() : refuse(ZfmAdminRefusal::finger_known);
}

ZfmAdmin::Outcome ZfmAdmin::take_features(const ZfmAnswer& answer) {
    const bool poor = answer.confirmation == ZfmConfirmation::image_messy ||
                      answer.confirmation == ZfmConfirmation::image_sparse;
    return poor ? lay_again() : take_plain(answer);
}

// The image was poor: back to the lifting before it.
ZfmAdmin::Outcome ZfmAdmin::lay_again() {
    if (++poor_images_ >= most_poor_images) return refuse(ZfmAdminRefusal::poor_image);
    while (step() != Step::lift) --position_;
    return std::nullopt;
}

ZfmAdmin::Outcome ZfmAdmin::take_template(const ZfmAnswer& answer) {
    if (answer.confirmation != ZfmConfirmation::done) return take_plain(answer);
    if (step() == Step::read) {
        wipe(bytes_);
        bytes_ = answer.data;
        return advance();
    }
    if (answer.data != bytes_) {
        if (++differences_ >= most_differences) return refuse(ZfmAdminRefusal::not_written);
        const bool twice = std::find(script_.begin(), script_.end(), Step::read) != script_.end();
        return back_to(twice ? Step::read : Step::load);
    }
    result_.template_digest = finger_template_digest(settings_.digest_key, bytes_);
    result_.template_bytes = Secret(bytes_);
    return advance();
}

// To a step that stands in the script, before or behind; the first of its kind.
ZfmAdmin::Outcome ZfmAdmin::back_to(Step target) {
    const auto found = std::find(script_.begin(), script_.end(), target);
    STRONGROOM_ASSERT(found != script_.end());
    position_ = static_cast<std::size_t>(found - script_.begin());
    return std::nullopt;
}

// Behind a step that stands in the script.
ZfmAdmin::Outcome ZfmAdmin::past(Step target) {
    (void)back_to(target);
    return advance();
}

ZfmAdmin::Outcome ZfmAdmin::advance() {
    if (++position_ < script_.size()) return std::nullopt;
    ZfmJobResult result = std::exchange(result_, {});
    stop();
    return result;
}

ZfmAdmin::Outcome ZfmAdmin::refuse(ZfmAdminRefusal why) {
    return halt({Errc::denied, static_cast<std::int32_t>(why)});
}

ZfmAdmin::Outcome ZfmAdmin::halt(Error error) {
    stop();
    return tl::unexpected(error);
}

}  // namespace strongroom::devices
