#include "sim/fault_plan.h"

#include <algorithm>
#include <bit>

namespace strongroom::sim {
namespace {

constexpr std::array kinds{FaultKind::fail,      FaultKind::delay,   FaultKind::drop,
                           FaultKind::duplicate, FaultKind::corrupt, FaultKind::stick};
constexpr std::array errors{Errc::timeout,      Errc::disconnected, Errc::busy,   Errc::corrupt,
                            Errc::out_of_range, Errc::unsupported,  Errc::denied, Errc::exhausted};

template <class Enumerator>
[[nodiscard]] constexpr unsigned bit(Enumerator e) {
    return 1U << static_cast<unsigned>(e);
}

template <class... Enumerators>
[[nodiscard]] constexpr unsigned set_of(Enumerators... e) {
    return (0U | ... | bit(e));
}

// What a call can show without breaking its contract in a way that no real device could: an error
// that it documents, or a lie that its hardware can tell. A weld or a loose cable is no fault of a
// call but something that happens in the world.
struct Possible {
    Call call;
    std::string_view name;
    unsigned errors;       // that it can fail with
    unsigned other_kinds;  // besides fail
};

constexpr unsigned contact_lies = set_of(FaultKind::corrupt, FaultKind::stick);
constexpr unsigned record_errors =
    set_of(Errc::exhausted, Errc::disconnected, Errc::busy, Errc::corrupt);

using enum FaultKind;

constexpr std::array<Possible, calls> table{{
    {Call::strike_pulse, "strike.pulse", set_of(Errc::disconnected, Errc::busy, Errc::unsupported),
     set_of(drop)},
    {Call::strike_lock, "strike.lock", set_of(Errc::disconnected), set_of(drop)},
    {Call::strike_sense, "strike.sense", set_of(Errc::disconnected, Errc::corrupt), contact_lies},
    {Call::key_switch_turned, "key_switch.turned", set_of(Errc::disconnected), contact_lies},
    {Call::door_contact_open, "door_contact.open", set_of(Errc::disconnected), contact_lies},
    {Call::tamper_loop_intact, "tamper_loop.intact", set_of(Errc::disconnected), contact_lies},
    {Call::exit_button_pressed, "exit_button.pressed", set_of(Errc::disconnected), contact_lies},
    {Call::keypad_poll, "keypad.poll", set_of(Errc::disconnected, Errc::corrupt),
     set_of(delay, drop, duplicate, corrupt)},
    {Call::display_show, "display.show", set_of(Errc::disconnected, Errc::busy),
     set_of(drop, stick)},
    {Call::siren_raise, "siren.raise", set_of(Errc::disconnected, Errc::busy), set_of(drop)},
    {Call::siren_clear, "siren.clear", set_of(Errc::disconnected, Errc::busy), set_of(drop)},
    {Call::byte_link_write, "byte_link.write", set_of(Errc::disconnected, Errc::busy),
     set_of(drop, duplicate, corrupt)},
    {Call::byte_link_read, "byte_link.read", set_of(Errc::disconnected, Errc::corrupt),
     set_of(delay, drop, duplicate, corrupt, stick)},
    {Call::sms_submit, "sms.submit",
     set_of(Errc::disconnected, Errc::busy, Errc::exhausted, Errc::denied), set_of(drop)},
    {Call::sms_poll_delivery, "sms.poll_delivery", set_of(Errc::disconnected),
     set_of(delay, drop, duplicate)},
    {Call::face_start, "face.start", set_of(Errc::disconnected, Errc::busy, Errc::unsupported), 0},
    {Call::face_poll, "face.poll", set_of(Errc::disconnected, Errc::timeout, Errc::corrupt),
     set_of(delay, drop, duplicate, corrupt, stick)},
    {Call::camera_start, "camera.start", set_of(Errc::disconnected, Errc::busy, Errc::denied), 0},
    {Call::camera_poll, "camera.poll", set_of(Errc::disconnected, Errc::timeout, Errc::corrupt),
     set_of(delay, drop, duplicate, corrupt, stick)},
    {Call::entropy_fill, "entropy.fill", set_of(Errc::disconnected), 0},
    {Call::clock_now, "clock.now", 0, set_of(stick)},
    {Call::clock_wall, "clock.wall", 0, set_of(corrupt, stick)},
    {Call::records_load, "records.load", record_errors, 0},
    {Call::records_commit, "records.commit", record_errors | set_of(Errc::denied), 0},
    {Call::records_note, "records.note", record_errors, 0},
    {Call::records_keep_time, "records.keep_time", record_errors, 0},
    {Call::finger_start, "finger.start", set_of(Errc::disconnected, Errc::busy), 0},
    {Call::finger_poll, "finger.poll", set_of(Errc::disconnected, Errc::timeout, Errc::corrupt),
     set_of(delay, drop, duplicate, corrupt, stick)},
}};

[[nodiscard]] constexpr bool in_order() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i].call != static_cast<Call>(i)) return false;
    }
    return true;
}
static_assert(in_order());

[[nodiscard]] const Possible& entry(Call call) { return table[static_cast<std::size_t>(call)]; }

[[nodiscard]] std::string describe(const Possible& possible) {
    std::string text(possible.name);
    text += " can show:";
    for (const FaultKind kind : kinds) {
        if (!can_show(possible.call, kind)) continue;
        text.append(" ").append(to_string(kind));
        if (kind != FaultKind::fail) continue;
        std::string_view separator = "(";
        for (const Errc error : errors) {
            if (!can_fail_with(possible.call, error)) continue;
            text.append(separator).append(to_string(error));
            separator = "|";
        }
        text.append(")");
    }
    return text;
}

// The reason why the rule is refused, empty when it is not.
[[nodiscard]] std::string objection(const FaultRule& rule, const std::optional<Call>& call) {
    if (rule.call != "*" && !call) return "there is no such call";
    if ((rule.nth == 0) == (rule.probability == 0)) {
        return "give either nth (from 1) or a probability";
    }
    if (!(rule.probability >= 0 && rule.probability <= 1)) {
        return "the probability is not within 0 to 1";
    }
    if (rule.from_then_on && rule.nth == 0) return "from_then_on needs nth";
    if (!call) return rule.kind == FaultKind::fail ? "" : "\"*\" can only fail";
    if (!can_show(*call, rule.kind))
        return "the device cannot show that: " + describe(entry(*call));
    if (rule.kind == FaultKind::fail && !can_fail_with(*call, rule.error)) {
        return "the call never gives that error: " + describe(entry(*call));
    }
    if (rule.kind == FaultKind::delay && rule.delay <= Duration::zero()) {
        return "the delay is not longer than nothing";
    }
    if (rule.kind == FaultKind::stick && !rule.from_then_on) {
        return "what sticks stays: say from_then_on";
    }
    return {};
}

}  // namespace

std::string_view to_string(Call call) {
    return static_cast<std::size_t>(call) < calls ? entry(call).name : "invalid";
}

std::optional<Call> call_named(std::string_view name) {
    const auto* found =
        std::find_if(table.begin(), table.end(), [&](const Possible& p) { return p.name == name; });
    if (found == table.end()) return std::nullopt;
    return found->call;
}

std::string_view to_string(FaultKind kind) {
    switch (kind) {
        case FaultKind::fail: return "fail";
        case FaultKind::delay: return "delay";
        case FaultKind::drop: return "drop";
        case FaultKind::duplicate: return "duplicate";
        case FaultKind::corrupt: return "corrupt";
        case FaultKind::stick: return "stick";
    }
    return "invalid";
}

std::optional<FaultKind> fault_kind_named(std::string_view name) {
    for (const FaultKind kind : kinds) {
        if (to_string(kind) == name) return kind;
    }
    return std::nullopt;
}

std::optional<Errc> errc_named(std::string_view name) {
    for (const Errc error : errors) {
        if (to_string(error) == name) return error;
    }
    return std::nullopt;
}

bool can_fail_with(Call call, Errc error) { return (entry(call).errors & bit(error)) != 0; }
bool can_fail(Call call) { return entry(call).errors != 0; }
bool can_show(Call call, FaultKind kind) {
    return kind == FaultKind::fail ? can_fail(call) : (entry(call).other_kinds & bit(kind)) != 0;
}

std::string possible_faults() {
    std::string text;
    for (const Possible& possible : table) text.append(describe(possible)).append("\n");
    return text;
}

FaultPlan::FaultPlan(World& world, SiteId site, std::vector<FaultRule> rules)
    : world_(world),
      site_(site),
      rng_(world.scheduler().rng("faults").fork(std::to_string(site.value))) {
    for (std::size_t i = 0; i < calls; ++i) can_fail_[i] = can_fail(static_cast<Call>(i));
    replace(std::move(rules));
}

void FaultPlan::replace(std::vector<FaultRule> rules) {
    std::vector<Prepared> prepared;
    for (FaultRule& rule : rules) {
        const std::optional<Call> call = call_named(rule.call);
        const std::string why = objection(rule, call);
        if (!why.empty()) {
            std::string message = "fault refused: ";
            message.append(rule.call).append(":").append(to_string(rule.kind));
            throw FaultRefused(message.append(": ").append(why));
        }
        prepared.push_back({std::move(rule), call});
    }
    rules_ = std::move(prepared);
}

bool FaultPlan::applies(const Prepared& prepared, Call call) {
    if (prepared.call ? *prepared.call != call : !can_fail(call)) return false;
    const FaultRule& rule = prepared.rule;
    if (rule.nth == 0) return rng_.uniform() < rule.probability;
    const std::uint64_t number = prepared.call ? count(call) : total_;
    return rule.from_then_on ? number >= rule.nth : number == rule.nth;
}

std::optional<FaultPlan::Fault> FaultPlan::decide(Call call) {
    for (const Prepared& prepared : rules_) {
        if (!applies(prepared, call)) continue;
        Fault fault{prepared.rule.kind, prepared.rule.error, prepared.rule.delay};
        if (fault.kind == FaultKind::fail && !can_fail_with(call, fault.error)) {
            fault.error = static_cast<Errc>(std::countr_zero(entry(call).errors));
        }
        ++injected_;
        std::string what(to_string(call));
        what.append(":").append(to_string(fault.kind));
        world_.witness(FactKind::fault_injected, site_, {}, what,
                       static_cast<std::int64_t>(count(call)));
        return fault;
    }
    return std::nullopt;
}

void FaultPlan::wake_after(Duration delay) {
    world_.scheduler().after(delay, [&world = world_, site = site_] { world.changed(site); });
}

}  // namespace strongroom::sim
