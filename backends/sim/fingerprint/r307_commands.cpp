// What each instruction does, and how long it takes.
//
// The manual gives bounds only (an image in less than 0.3 s, a search of a full library in less
// than 1 s); the times here lie within them.
#include <algorithm>

#include "codes.h"
#include "fingerprint/r307.h"

namespace strongroom::fingerprint {

namespace {

using namespace std::chrono_literals;

constexpr Duration at_once = 2ms;
constexpr Duration imaging = 220ms;
constexpr Duration looking = 90ms;  // and nothing was there
constexpr Duration extracting = 260ms;
constexpr Duration combining = 60ms;
constexpr Duration comparing = 25ms;
constexpr Duration searching = 40ms;
constexpr Duration search_each = 800us;
constexpr Duration fast_search_each = 400us;
constexpr Duration flash_write = 35ms;
constexpr Duration flash_clear = 180ms;

constexpr std::uint8_t number(std::byte byte) { return std::to_integer<std::uint8_t>(byte); }
constexpr std::uint16_t number16(std::span<const std::byte> bytes) {
    return static_cast<std::uint16_t>(number(bytes[0]) << 8U | number(bytes[1]));
}
constexpr std::uint32_t number32(std::span<const std::byte> bytes) {
    return std::uint32_t{number16(bytes)} << 16U | number16(bytes.subspan(2));
}
void put16(std::vector<std::byte>& out, unsigned value) {
    out.push_back(std::byte(value >> 8U & 0xFFU));
    out.push_back(std::byte(value & 0xFFU));
}

// How many bytes follow the instruction; none for an unknown instruction.
std::optional<std::size_t> argument_bytes(std::uint8_t which) {
    switch (which) {
        case instruction::generate_image:
        case instruction::match:
        case instruction::combine:
        case instruction::upload_image:
        case instruction::download_image:
        case instruction::empty:
        case instruction::read_parameters:
        case instruction::random_number:
        case instruction::template_count: return 0;
        case instruction::image_to_features:
        case instruction::upload_features:
        case instruction::download_features:
        case instruction::index_table: return 1;
        case instruction::set_parameter: return 2;
        case instruction::store:
        case instruction::load: return 3;
        case instruction::remove:
        case instruction::set_password:
        case instruction::verify_password:
        case instruction::set_address: return 4;
        case instruction::search:
        case instruction::fast_search: return 5;
        default: return std::nullopt;
    }
}

}  // namespace

void R307::command_in(Instant at, Payload payload) {
    ++commands_;
    const std::uint8_t which = number(payload[0]);
    const Payload arguments = payload.subspan(1);
    const auto expected = argument_bytes(which);
    Answer answer;
    answer.working = at_once;
    if (!expected || arguments.size() != *expected) {
        answer.code = code::packet;
    } else if (flash_.password != 0 && !verified_ && which != instruction::verify_password) {
        answer.code = code::verify_first;
    } else {
        answer = execute(which, arguments);
    }
    reply(at, which, std::move(answer));
}

R307::Answer R307::execute(std::uint8_t which, Payload arguments) {
    switch (which) {
        case instruction::generate_image: return generate_image();
        case instruction::image_to_features: return image_to_features(arguments);
        case instruction::match: return match_buffers();
        case instruction::search: return search(arguments, false);
        case instruction::fast_search: return search(arguments, true);
        case instruction::combine: return combine();
        case instruction::upload_features: return upload_features(arguments);
        case instruction::upload_image: return upload_image();
        case instruction::download_features:
            download_ = Download::character_file;
            download_buffer_ = arguments[0] == std::byte{1} ? 0 : 1;
            downloaded_.clear();
            return {code::ok, at_once, {}, {}, {}, 0, {}};
        case instruction::download_image:
            download_ = Download::image;
            downloaded_.clear();
            return {code::ok, at_once, {}, {}, {}, 0, {}};
        case instruction::store:
        case instruction::load:
        case instruction::remove:
        case instruction::empty:
        case instruction::template_count:
        case instruction::index_table: return library_command(which, arguments);
        default: return system_command(which, arguments);
    }
}

R307::Answer R307::library_command(std::uint8_t which, Payload arguments) {
    switch (which) {
        case instruction::store: return store(arguments);
        case instruction::load: return load(arguments);
        case instruction::remove: return remove(arguments);
        case instruction::empty: return empty();
        case instruction::index_table: return index_table(arguments);
        default: break;
    }
    Answer answer{code::ok, at_once, {}, {}, {}, 0, {}};
    put16(answer.content, static_cast<unsigned>(flash_.library.size()));
    return answer;
}

R307::Answer R307::system_command(std::uint8_t which, Payload arguments) {
    switch (which) {
        case instruction::set_parameter: return set_parameter(arguments);
        case instruction::read_parameters: return read_parameters();
        case instruction::set_password: return set_password(arguments);
        case instruction::verify_password: return verify_password(arguments);
        case instruction::set_address: return set_address(arguments);
        default: return random_number();
    }
}

// ---- fingers -------------------------------------------------------------------------------

R307::Answer R307::generate_image() {
    const bool stuck = pending(R307Fault::stuck_finger) != 0;
    if (finger_) seen_ = finger_;
    const auto& there = finger_ || !stuck ? finger_ : seen_;
    if (take_fault(R307Fault::image_fail)) return {code::image_failed, imaging, {}, {}, {}, 0, {}};
    if (!there) return {code::no_finger, looking, {}, {}, {}, 0, {}};
    image_ = capture(fingers_, *there, rng_.fork("shot").next() + ++shots_);
    return {code::ok, imaging, {}, {}, {}, 0, {}};
}

// "Other values (except 1, 2) would be processed as CharBuffer2."
R307::CharBuffer& R307::buffer_of(std::byte number) {
    return buffers_[number == std::byte{1} ? 0 : 1];
}

R307::Answer R307::image_to_features(Payload arguments) {
    if (!image_) return {code::no_image, at_once, {}, {}, {}, 0, {}};
    const Extracted found = extract(*image_);
    switch (found.outcome) {
        case Extraction::messy: return {code::messy, extracting, {}, {}, {}, 0, {}};
        case Extraction::sparse: return {code::few_features, extracting, {}, {}, {}, 0, {}};
        case Extraction::good: break;
    }
    CharBuffer& buffer = buffer_of(arguments[0]);
    buffer = {true, to_template(to_character_file(found.minutiae))};
    return {code::ok, extracting, {}, {}, {}, 0, {}};
}

R307::Answer R307::match_buffers() {
    Answer answer{code::no_match, comparing, {}, {}, {}, 0, {}};
    if (buffers_[0].filled && buffers_[1].filled) {
        answer.score = compare(buffers_[0].bytes, buffers_[1].bytes);
    }
    matched_ = answer.score >= match_threshold(flash_.security_level);
    if (matched_) answer.code = code::ok;
    put16(answer.content, answer.score);
    return answer;
}

R307::Answer R307::search(Payload arguments, bool fast) {
    Answer answer{code::not_found, searching, {}, {}, {}, 0, {}};
    const CharBuffer& buffer = buffer_of(arguments[0]);
    const unsigned first = number16(arguments.subspan(1));
    const unsigned end = first + number16(arguments.subspan(3));
    const std::uint16_t enough = match_threshold(flash_.security_level);
    matched_ = false;
    for (const auto& [page, stored] : flash_.library) {
        if (page < first || page >= end || !buffer.filled) continue;
        answer.working += fast ? fast_search_each : search_each;
        const std::uint16_t score = compare(buffer.bytes, stored);
        if (score < enough) continue;
        // The ordinary search takes the best; the fast one the first that will do.
        if (!answer.page || score > answer.score) {
            answer.page = page;
            answer.score = score;
        }
        if (fast) break;
    }
    if (answer.page) {
        matched_ = true;
        answer.code = code::ok;
        if (take_fault(R307Fault::wrong_page)) {
            answer.page = static_cast<std::uint16_t>((*answer.page + 1) % settings_.capacity);
        }
    }
    put16(answer.content, answer.page.value_or(0));
    put16(answer.content, answer.score);
    return answer;
}

R307::Answer R307::combine() {
    Answer answer{code::not_combined, combining, {}, {}, {}, 0, {}};
    if (!buffers_[0].filled || !buffers_[1].filled) return answer;
    answer.score = compare(buffers_[0].bytes, buffers_[1].bytes);
    if (answer.score < match_threshold(flash_.security_level)) return answer;
    CharacterFile first{};
    CharacterFile second{};
    std::copy_n(buffers_[0].bytes.begin(), character_file_bytes, first.begin());
    std::copy_n(buffers_[1].bytes.begin(), character_file_bytes, second.begin());
    // "The template is stored back in both CharBuffer1 and CharBuffer2."
    buffers_[0].bytes = to_template(first, second);
    buffers_[1].bytes = buffers_[0].bytes;
    answer.code = code::ok;
    return answer;
}

// ---- transfers -----------------------------------------------------------------------------

R307::Answer R307::upload_features(Payload arguments) {
    const CharBuffer& buffer = buffer_of(arguments[0]);
    if (!buffer.filled) return {code::upload_failed, at_once, {}, {}, {}, 0, {}};
    Answer answer{code::ok, at_once, {}, {}, {}, 0, {}};
    answer.stream.assign(buffer.bytes.begin(), buffer.bytes.end());
    return answer;
}

R307::Answer R307::upload_image() {
    if (!image_) return {code::image_upload_failed, at_once, {}, {}, {}, 0, {}};
    return {code::ok, at_once, {}, pack(*image_), {}, 0, {}};
}

// ---- library -------------------------------------------------------------------------------

R307::Answer R307::store(Payload arguments) {
    Answer answer{code::ok, flash_write, {}, {}, {}, 0, {}};
    const std::uint16_t page = number16(arguments.subspan(1));
    const CharBuffer& buffer = buffer_of(arguments[0]);
    if (page >= settings_.capacity) {
        answer.code = code::page_beyond_library;
    } else if (!buffer.filled || take_fault(R307Fault::flash_error)) {
        answer.code = code::flash_failed;
    } else {
        flash_.library[page] = buffer.bytes;
        ++flash_writes_;
    }
    return answer;
}

R307::Answer R307::load(Payload arguments) {
    const std::uint16_t page = number16(arguments.subspan(1));
    if (page >= settings_.capacity) {
        return {code::page_beyond_library, at_once, {}, {}, {}, 0, {}};
    }
    const auto found = flash_.library.find(page);
    if (found == flash_.library.end() || !is_template(found->second)) {
        return {code::template_unreadable, at_once, {}, {}, {}, 0, {}};
    }
    buffer_of(arguments[0]) = {true, found->second};
    return {code::ok, at_once, {}, {}, {}, 0, {}};
}

R307::Answer R307::remove(Payload arguments) {
    const unsigned first = number16(arguments);
    const unsigned end = first + number16(arguments.subspan(2));
    if (end > settings_.capacity || take_fault(R307Fault::flash_error)) {
        return {code::not_deleted, flash_write, {}, {}, {}, 0, {}};
    }
    std::erase_if(flash_.library,
                  [&](const auto& entry) { return entry.first >= first && entry.first < end; });
    ++flash_writes_;
    return {code::ok, flash_write, {}, {}, {}, 0, {}};
}

R307::Answer R307::empty() {
    if (take_fault(R307Fault::flash_error)) {
        return {code::not_emptied, flash_clear, {}, {}, {}, 0, {}};
    }
    flash_.library.clear();
    ++flash_writes_;
    return {code::ok, flash_clear, {}, {}, {}, 0, {}};
}

// 256 pages a table, bit 0 of the first byte is the first page.
R307::Answer R307::index_table(Payload arguments) const {
    Answer answer{code::ok, at_once, {}, {}, {}, 0, {}};
    answer.content.resize(32);
    const unsigned first = number(arguments[0]) * 256U;
    if (first >= 1024) {
        answer.code = code::packet;
        answer.content.clear();
        return answer;
    }
    for (const auto& [page, stored] : flash_.library) {
        if (page < first || page >= first + 256) continue;
        answer.content[(page - first) / 8] |= std::byte(1U << (page % 8U));
    }
    return answer;
}

// ---- system --------------------------------------------------------------------------------

R307::Answer R307::set_parameter(Payload arguments) {
    Answer answer{code::ok, flash_write, {}, {}, {}, 0, {}};
    const std::uint8_t which = number(arguments[0]);
    const std::uint8_t value = number(arguments[1]);
    if (which < 4 || which > 6) {
        answer.code = code::no_such_parameter;
    } else if ((which == 4 && (value < 1 || value > 12)) ||
               (which == 5 && (value < 1 || value > 5)) || (which == 6 && value > 3)) {
        answer.code = code::bad_parameter;
    } else if (take_fault(R307Fault::flash_error)) {
        answer.code = code::flash_failed;
    } else {
        // "Module first responds with original configurations."
        if (which == 4) answer.new_baud = value;
        if (which == 5) flash_.security_level = value;
        if (which == 6) flash_.packet_size_code = value;
        ++flash_writes_;
    }
    return answer;
}

std::uint16_t R307::status() const {
    // Bit 0 (busy) is never seen: a busy module does not answer.
    unsigned bits = 0;
    if (matched_) bits |= 2U;
    if (verified_) bits |= 4U;
    if (image_) bits |= 8U;
    return static_cast<std::uint16_t>(bits);
}

R307::Answer R307::read_parameters() const {
    Answer answer{code::ok, at_once, {}, {}, {}, 0, {}};
    put16(answer.content, status());
    put16(answer.content, settings_.system_id);
    put16(answer.content, settings_.capacity);
    put16(answer.content, flash_.security_level);
    put16(answer.content, flash_.address >> 16U);
    put16(answer.content, flash_.address & 0xFFFFU);
    put16(answer.content, flash_.packet_size_code);
    put16(answer.content, flash_.baud_multiplier);
    return answer;
}

R307::Answer R307::set_password(Payload arguments) {
    Answer answer{code::ok, flash_write, {}, {}, {}, 0, {}};
    if (take_fault(R307Fault::flash_error)) {
        answer.code = code::flash_failed;
        return answer;
    }
    flash_.password = number32(arguments);
    // Who could set it knows it.
    verified_ = true;
    ++flash_writes_;
    return answer;
}

R307::Answer R307::verify_password(Payload arguments) {
    verified_ = number32(arguments) == flash_.password;
    return {verified_ ? code::ok : code::wrong_password, at_once, {}, {}, {}, 0, {}};
}

// "Acknowledge package format: header, new module address."
R307::Answer R307::set_address(Payload arguments) {
    Answer answer{code::ok, flash_write, {}, {}, {}, 0, {}};
    if (take_fault(R307Fault::flash_error)) {
        answer.code = code::flash_failed;
        return answer;
    }
    flash_.address = number32(arguments);
    ++flash_writes_;
    return answer;
}

R307::Answer R307::random_number() {
    Answer answer{code::ok, at_once, {}, {}, {}, 0, {}};
    const std::uint64_t value = rng_.next();
    put16(answer.content, static_cast<unsigned>(value & 0xFFFFU));
    put16(answer.content, static_cast<unsigned>(value >> 16U & 0xFFFFU));
    return answer;
}

}  // namespace strongroom::fingerprint
