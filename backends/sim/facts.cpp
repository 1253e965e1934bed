#include "sim/facts.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <istream>
#include <limits>
#include <ostream>
#include <span>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "base/assert.h"

namespace strongroom::sim {
namespace {

// In the order of FactKind.
// clang-format off
constexpr std::array<std::string_view, fact_kinds> kind_names{
    "cast_person",       "cast_key",        "cast_phone",     "cast_site",
    "cast_holder",       "person_arrived",  "person_left",    "face_shown",
    "face_hidden",       "will_changed",    "stolen",         "number_ported",
    "face_observed",     "claimed",         "code_typed",     "resend_pressed",
    "cancel_pressed",    "key_turned",      "key_returned",   "exit_pressed",
    "exit_released",     "prompt_shown",    "alarm_raised",   "alarm_cleared",
    "strike_energised",  "strike_released", "bolt_withdrawn", "bolt_thrown",
    "door_opened",       "door_resisted",   "door_closed",    "contents_taken",
    "relay_welded",      "relay_repaired",  "sms_submitted",  "sms_delivered",
    "sms_lost",          "sms_read",        "power_lost",     "power_restored",
    "terminal_started",  "terminal_died",   "tamper_opened",  "tamper_closed",
    "cable_unplugged",   "cable_plugged",   "light_changed",  "magnet_placed",
    "wall_jumped",       "fault_injected",  "grant_recorded", "leak_found",
    "audit_verified",    "audit_broken",    "record_missing", "instrument_shown",
    "gesture_performed", "camera_replaced", "face_enrolled",  "enrolment_refused",
    "false_matches_measured", "finger_enrolled", "finger_presented", "finger_observed",
    "sensor_attacked",   "sms_event",       "sms_failed_over", "sms_intercepted",
    "sms_overheard",     "sms_report_forged", "no_pulse", "pulse_cut",
    "authenticator_enrolled", "authenticator_read",
};
// clang-format on

[[noreturn]] void refuse(std::string_view place, const std::string& why) {
    throw std::runtime_error(std::string(place) + ": " + why);
}

// JSON knows no infinities and no NaN; they are written as the words that the reader knows.
nlohmann::json number_to_json(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    return value;
}

double number_from_json(const nlohmann::json& json, std::string_view place) {
    if (json.is_number()) return json.get<double>();
    if (json == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (json == "inf") return std::numeric_limits<double>::infinity();
    if (json == "-inf") return -std::numeric_limits<double>::infinity();
    refuse(place, "'value' is not a number");
}

std::int64_t integer(const nlohmann::json& json, std::string_view field, std::string_view place) {
    if (!json.is_number_integer()) refuse(place, "'" + std::string(field) + "' is not an integer");
    return json.get<std::int64_t>();
}

std::string text(const nlohmann::json& json, std::string_view field, std::string_view place) {
    if (!json.is_string()) refuse(place, "'" + std::string(field) + "' is not a text");
    return json.get<std::string>();
}

void put(std::vector<std::byte>& out, const void* data, std::size_t size) {
    const auto* bytes = static_cast<const std::byte*>(data);
    out.insert(out.end(), bytes, bytes + size);
}

// Little-endian, as wide as the type, on every machine.
template <class T>
void put_integer(std::vector<std::byte>& out, T value) {
    auto bits = static_cast<std::uint64_t>(value);
    std::array<std::byte, sizeof(T)> bytes;
    for (std::byte& b : bytes) {
        b = static_cast<std::byte>(bits & 0xffU);
        bits >>= 8U;
    }
    put(out, bytes.data(), bytes.size());
}

void put_text(std::vector<std::byte>& out, std::string_view text) {
    put_integer(out, static_cast<std::uint32_t>(text.size()));
    put(out, text.data(), text.size());
}

void put_fact(std::vector<std::byte>& out, const Fact& fact) {
    put_integer(out, fact.at.time_since_epoch().count());
    put_integer(out, static_cast<std::uint8_t>(fact.kind));
    put_integer(out, fact.site);
    put_text(out, fact.who);
    put_text(out, fact.what);
    put_integer(out, fact.number);
    put_integer(out, std::bit_cast<std::uint64_t>(fact.value));
}

Digest chain_block(const Digest& chain, std::span<const std::byte> block) {
    return keyed_hash(Key256(std::span<const std::byte, Key256::size>(chain)), block);
}

}  // namespace

std::string_view to_string(FactKind kind) {
    const auto index = static_cast<std::size_t>(kind);
    return index < kind_names.size() ? kind_names[index] : "invalid";
}

std::optional<FactKind> fact_kind_named(std::string_view name) {
    const auto* found = std::find(kind_names.begin(), kind_names.end(), name);
    if (found == kind_names.end()) return std::nullopt;
    return static_cast<FactKind>(found - kind_names.begin());
}

std::string to_json_line(const Fact& fact) {
    nlohmann::ordered_json json;
    json["at"] = fact.at.time_since_epoch().count();
    json["kind"] = to_string(fact.kind);
    if (fact.site != 0) json["site"] = fact.site;
    if (!fact.who.empty()) json["who"] = fact.who;
    if (!fact.what.empty()) json["what"] = fact.what;
    if (fact.number != 0) json["number"] = fact.number;
    if (fact.value != 0 || std::signbit(fact.value)) json["value"] = number_to_json(fact.value);
    return json.dump();
}

Fact from_json_line(std::string_view line, std::string_view place) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) refuse(place, "not a JSON object");
    Fact fact;
    bool has_at = false;
    bool has_kind = false;
    for (const auto& [field, value] : json.items()) {
        if (field == "at") {
            fact.at = Instant(Duration(integer(value, field, place)));
            has_at = true;
        } else if (field == "kind") {
            const std::string name = text(value, field, place);
            const auto kind = fact_kind_named(name);
            if (!kind) refuse(place, "unknown kind of fact '" + name + "'");
            fact.kind = *kind;
            has_kind = true;
        } else if (field == "site") {
            const std::int64_t site = integer(value, field, place);
            if (site < 0 || site > std::numeric_limits<std::uint32_t>::max()) {
                refuse(place, "'site' is out of range");
            }
            fact.site = static_cast<std::uint32_t>(site);
        } else if (field == "who") {
            fact.who = text(value, field, place);
        } else if (field == "what") {
            fact.what = text(value, field, place);
        } else if (field == "number") {
            fact.number = integer(value, field, place);
        } else if (field == "value") {
            fact.value = number_from_json(value, place);
        } else {
            refuse(place, "unknown field '" + field + "'");
        }
    }
    if (!has_at || !has_kind) refuse(place, "a fact needs 'at' and 'kind'");
    return fact;
}

void FactLog::append(Fact fact) {
    if (size_ == chunks_.size() * chunk_size) chunks_.push_back(std::make_unique<Chunk>());
    (*chunks_[size_ / chunk_size])[size_ % chunk_size] = std::move(fact);
    ++size_;
    if (delivering_) return;  // the loop below, further up the stack, delivers it in its turn
    delivering_ = true;
    while (delivered_ < size_) {
        const Fact& next = (*this)[delivered_++];
        for (const auto& [subscription, observer] : observers_) observer(next);
    }
    delivering_ = false;
}

FactLog::Subscription FactLog::subscribe(Observer observer) {
    STRONGROOM_ASSERT(!delivering_);  // the vector that runs an observer would move under it
    observers_.emplace_back(++last_subscription_, std::move(observer));
    return last_subscription_;
}

void FactLog::unsubscribe(Subscription subscription) {
    STRONGROOM_ASSERT(!delivering_);
    std::erase_if(observers_, [&](const auto& o) { return o.first == subscription; });
}

void FactLog::absorb() const {
    while (absorbed_ < size_) {
        put_fact(block_, (*this)[absorbed_++]);
        while (block_.size() >= block_size) {
            chain_ = chain_block(chain_, std::span(block_).first(block_size));
            block_.erase(block_.begin(), block_.begin() + block_size);
        }
    }
}

Digest FactLog::hash() const {
    absorb();
    return chain_block(chain_, block_);
}

void FactLog::clear() {
    STRONGROOM_ASSERT(!delivering_);
    absorb();
    size_ = 0;
    delivered_ = 0;
    absorbed_ = 0;
}

void FactLog::write_json_lines(std::ostream& out) const {
    for (const Fact& fact : *this) out << to_json_line(fact) << '\n';
}

void read_json_lines(std::istream& in, std::string_view file, FactLog& log) {
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (line.empty()) continue;
        log.append(from_json_line(line, std::string(file) + ":" + std::to_string(number)));
    }
}

std::string to_hex(const Digest& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(digest.size() * 2);
    for (const std::byte b : digest) {
        out += digits[std::to_integer<std::size_t>(b >> 4U)];
        out += digits[std::to_integer<std::size_t>(b & std::byte{15})];
    }
    return out;
}

}  // namespace strongroom::sim
