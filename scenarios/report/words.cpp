#include "report/words.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

namespace strongroom::report {

using scenarios::ArmKind;
using scenarios::ArmOutcome;
using scenarios::ScenarioOutcome;
using sim::Fact;
using sim::FactKind;

namespace {

std::string spaced(std::string_view name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string message_number(const Fact& fact) { return "message " + std::to_string(fact.number); }

std::string distance_text(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3f", value);
    return text.data();
}

std::string prompt_words(const Fact& fact) {
    std::string text = "the screen shows “" + spaced(fact.what) + "”";
    if (fact.number != 0) text += ", " + std::to_string(fact.number) + " s";
    if (fact.value != 0) text += ", " + std::to_string(static_cast<int>(fact.value)) + " attempts";
    return text;
}

std::string strike_words(const Fact& fact) {
    if (fact.what == "weld") return "the strike stays released: its contact is welded";
    if (fact.what == "glitch") return "the strike is released by a glitch of its line";
    if (fact.number == 0) return "the strike is released, and no timer of its relay ends it";
    return "the strike is released for " + std::to_string(fact.number) + " ms";
}

// Of what happens between a terminal and its providers.
std::string gateway_words(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::sms_event:
            return "the driver of gateway " + std::to_string(static_cast<int>(fact.value)) +
                   " reports " + fact.what +
                   (fact.number == 0 ? "" : " (" + std::to_string(fact.number) + ")");
        case FactKind::sms_failed_over:
            return "the message for " + (fact.who.empty() ? "nobody" : fact.who) + " goes to " +
                   fact.what + " instead";
        case FactKind::sms_intercepted:
            return fact.who +
                   (fact.value != 0 ? " stands between the terminal and "
                                    : " is gone from between the terminal and ") +
                   fact.what;
        case FactKind::sms_overheard:
            return fact.who + " reads " + message_number(fact) + " on its way to " + fact.what;
        case FactKind::sms_report_forged:
            return fact.who + " posts a report that " + fact.what + " has delivered " +
                   message_number(fact);
        default: return {};
    }
}

std::string people_words(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::person_arrived: return fact.who + " arrives";
        case FactKind::person_left: return fact.who + " leaves";
        case FactKind::face_shown: {
            std::string text = fact.who + " shows ";
            if (fact.what != fact.who) text += fact.what + "’s face";
            if (fact.what == fact.who) text += "the own face";
            if (fact.value == 0) text += ", an artefact";
            if (fact.number > 1) text += ", " + std::to_string(fact.number) + " faces in the frame";
            return text;
        }
        case FactKind::face_hidden: return fact.who + " turns from the camera";
        case FactKind::will_changed:
            return fact.who + (fact.value != 0 ? " is willing again" : " is no longer willing");
        case FactKind::stolen: return fact.who + " now has " + fact.what;
        case FactKind::number_ported:
            return "the number of " + fact.what + " is moved to " + fact.who;
        case FactKind::claimed:
            return fact.who + " claims customer " + std::to_string(fact.number) + ", locker " +
                   fact.what;
        case FactKind::code_typed:
            return fact.who + (fact.number == 0 ? " types digits that are no code"
                                                : " types the code of " + message_number(fact));
        case FactKind::resend_pressed: return fact.who + " asks for another code";
        case FactKind::cancel_pressed: return fact.who + " cancels";
        case FactKind::key_turned:
            return fact.who + " turns " + fact.what +
                   (fact.number == 1 ? "" : ", which does not fit");
        case FactKind::key_returned: return fact.who + " lets " + fact.what + " return";
        case FactKind::exit_pressed: return fact.who + " presses the exit button";
        case FactKind::exit_released: return fact.who + " lets the exit button go";
        case FactKind::sms_read: return fact.who + " reads " + message_number(fact);
        default: return {};
    }
}

std::string thing_words(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::face_observed: {
            std::string text =
                "frame of " + (fact.who.empty() ? "nobody" : fact.who) + ": " + spaced(fact.what);
            if (fact.what == "good") text += ", distance " + distance_text(fact.value);
            return text;
        }
        case FactKind::prompt_shown: return prompt_words(fact);
        case FactKind::alarm_raised: return "alarm: " + spaced(fact.what);
        case FactKind::alarm_cleared: return "alarm over: " + spaced(fact.what);
        case FactKind::strike_energised: return strike_words(fact);
        case FactKind::strike_released: return "the strike locks";
        case FactKind::no_pulse:
            return "the terminal serves, " + std::to_string(fact.number) +
                   " ms after its power came back and without a pulse meanwhile";
        case FactKind::pulse_cut:
            return "the pulse of a dead process was cut after " + std::to_string(fact.number) +
                   " ms";
        case FactKind::bolt_withdrawn: return "the bolt is withdrawn";
        case FactKind::bolt_thrown: return "the bolt is thrown";
        case FactKind::door_opened: return "door " + fact.what + " open by " + fact.who;
        case FactKind::door_resisted: return fact.who + " pulls the door in vain";
        case FactKind::door_closed: return fact.who + " closes the door";
        case FactKind::contents_taken: return fact.who + " takes what is in the locker";
        case FactKind::sms_submitted:
            return message_number(fact) + " handed to " + fact.what + " for " +
                   (fact.who.empty() ? "nobody’s phone" : fact.who + "’s phone");
        case FactKind::sms_delivered:
            return message_number(fact) + " reaches the phone that " + fact.who + " holds";
        case FactKind::sms_lost: return message_number(fact) + " is lost";
        case FactKind::sms_event:
        case FactKind::sms_failed_over:
        case FactKind::sms_intercepted:
        case FactKind::sms_overheard:
        case FactKind::sms_report_forged: return gateway_words(fact);
        case FactKind::light_changed: return "the light is " + fact.what;
        case FactKind::cable_unplugged:
            return "cable of the " + spaced(fact.what) + " unplugged by " + fact.who;
        case FactKind::cable_plugged: return "cable of the " + spaced(fact.what) + " plugged in";
        case FactKind::tamper_opened: return fact.who + " opens the enclosure";
        case FactKind::tamper_closed: return fact.who + " closes the enclosure";
        case FactKind::magnet_placed:
            return fact.who + (fact.value != 0 ? " puts a magnet on the door contact"
                                               : " takes the magnet away");
        case FactKind::wall_jumped:
            return "the calendar jumps by " + std::to_string(fact.number) + " s";
        case FactKind::fault_injected:
            return "fault: " + fact.what + ", call " + std::to_string(fact.number);
        case FactKind::grant_recorded: return "grants on the disk: " + std::to_string(fact.number);
        case FactKind::leak_found: return "found in clear: " + fact.what;
        case FactKind::audit_verified:
            return "the audit verifies, " + std::to_string(fact.number) + " entries";
        case FactKind::audit_broken:
            return "the audit breaks at entry " + std::to_string(fact.number);
        case FactKind::record_missing: return "a record is gone: " + fact.what;
        default: return {};
    }
}

}  // namespace

std::string_view title_of(Lane lane) {
    constexpr std::array<std::string_view, lanes> titles{
        "people", "camera", "keypad, key", "screen",       "messages", "strike",
        "bolt",   "door",   "alarms",      "surroundings", "records"};
    return titles.at(static_cast<std::size_t>(lane));
}

Lane lane_of(FactKind kind) {
    switch (kind) {
        case FactKind::face_observed: return Lane::camera;
        case FactKind::claimed:
        case FactKind::code_typed:
        case FactKind::resend_pressed:
        case FactKind::cancel_pressed:
        case FactKind::key_turned:
        case FactKind::key_returned:
        case FactKind::exit_pressed:
        case FactKind::exit_released: return Lane::hands;
        case FactKind::prompt_shown: return Lane::screen;
        case FactKind::sms_submitted:
        case FactKind::sms_delivered:
        case FactKind::sms_lost:
        case FactKind::sms_event:
        case FactKind::sms_failed_over:
        case FactKind::sms_intercepted:
        case FactKind::sms_overheard:
        case FactKind::sms_report_forged:
        case FactKind::sms_read: return Lane::messages;
        case FactKind::strike_energised:
        case FactKind::strike_released:
        case FactKind::no_pulse:
        case FactKind::pulse_cut:
        case FactKind::relay_welded:
        case FactKind::relay_repaired: return Lane::strike;
        case FactKind::bolt_withdrawn:
        case FactKind::bolt_thrown: return Lane::bolt;
        case FactKind::door_opened:
        case FactKind::door_resisted:
        case FactKind::door_closed:
        case FactKind::contents_taken: return Lane::door;
        case FactKind::alarm_raised:
        case FactKind::alarm_cleared: return Lane::alarms;
        case FactKind::power_lost:
        case FactKind::power_restored:
        case FactKind::terminal_started:
        case FactKind::terminal_died:
        case FactKind::tamper_opened:
        case FactKind::tamper_closed:
        case FactKind::cable_unplugged:
        case FactKind::cable_plugged:
        case FactKind::light_changed:
        case FactKind::magnet_placed:
        case FactKind::wall_jumped:
        case FactKind::fault_injected: return Lane::surroundings;
        case FactKind::grant_recorded:
        case FactKind::leak_found:
        case FactKind::audit_verified:
        case FactKind::audit_broken:
        case FactKind::record_missing: return Lane::records;
        default: return Lane::people;
    }
}

bool is_cast(FactKind kind) {
    return kind == FactKind::cast_person || kind == FactKind::cast_key ||
           kind == FactKind::cast_phone || kind == FactKind::cast_site ||
           kind == FactKind::cast_holder;
}

std::string in_words(const Fact& fact) {
    std::string text = people_words(fact);
    if (text.empty()) text = thing_words(fact);
    return text.empty() ? spaced(to_string(fact.kind)) : text;
}

std::string in_short(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::person_arrived: return fact.who;
        case FactKind::person_left: return fact.who + " leaves";
        case FactKind::face_shown:
            if (fact.value != 0 && fact.what == fact.who) return fact.who + "’s face";
            return (fact.value != 0 ? "" : "artefact of ") + fact.what;
        case FactKind::face_observed: return spaced(fact.what);
        case FactKind::claimed: return "claims " + std::to_string(fact.number);
        case FactKind::code_typed:
            return fact.number == 0 ? "no code" : "code " + std::to_string(fact.number);
        case FactKind::resend_pressed: return "again";
        case FactKind::cancel_pressed: return "cancel";
        case FactKind::key_turned: return fact.number == 1 ? "key" : "wrong key";
        case FactKind::prompt_shown:
        case FactKind::alarm_raised: return spaced(fact.what);
        case FactKind::sms_submitted: return "sent " + std::to_string(fact.number);
        case FactKind::sms_delivered: return "arrived";
        case FactKind::sms_lost: return "lost";
        case FactKind::sms_read: return "read";
        case FactKind::strike_energised:
        case FactKind::door_opened: return fact.what;
        case FactKind::bolt_withdrawn: return "withdrawn";
        case FactKind::door_resisted: return "holds";
        case FactKind::contents_taken: return "taken";
        case FactKind::grant_recorded: return "grant " + std::to_string(fact.number);
        case FactKind::light_changed:
        case FactKind::leak_found: return fact.what;
        case FactKind::cable_unplugged: return spaced(fact.what) + " cut";
        default: return spaced(to_string(fact.kind));
    }
}

std::vector<Happening> happenings(const std::vector<Fact>& facts) {
    std::vector<Happening> grouped;
    for (const Fact& fact : facts) {
        if (!grouped.empty() && fact.kind == FactKind::face_observed) {
            Happening& last = grouped.back();
            const bool same = last.fact.kind == fact.kind && last.fact.site == fact.site &&
                              last.fact.who == fact.who && last.fact.what == fact.what &&
                              last.fact.number == fact.number;
            if (same) {
                last.until = fact.at;
                ++last.times;
                continue;
            }
        }
        grouped.push_back({fact, fact.at, 1});
    }
    return grouped;
}

std::string result_of(const ArmOutcome& arm) {
    if (!arm.error.empty()) return "could not be played";
    if (arm.violations.empty()) return "held";
    std::set<scenarios::Invariant> broken;
    for (const auto& violation : arm.violations) broken.insert(violation.invariant);
    std::string names;
    for (const auto invariant : broken) {
        names += (names.empty() ? "" : ", ") + std::string(short_name(invariant));
    }
    // With one defence of several put back, only what is attacked has to hold.
    if (arm.kind == ArmKind::restored && arm.as_expected) {
        return "held what is attacked, broke " + names;
    }
    return "broke " + names;
}

std::string arms_in_words(const ScenarioOutcome& scenario) {
    std::string text;
    int restored = 0;
    int restored_held = 0;
    const auto add = [&text](const std::string& part) {
        text += (text.empty() ? "" : "; ") + part;
    };
    for (const ArmOutcome& arm : scenario.arms) {
        if (arm.kind != ArmKind::restored) {
            add(std::string(to_string(arm.kind)) + " " + result_of(arm));
            continue;
        }
        ++restored;
        if (arm.error.empty() && arm.as_expected) ++restored_held;
    }
    if (restored > 0 && restored == restored_held) {
        add(std::to_string(restored) + " restored held");
    } else if (restored > 0) {
        add(std::to_string(restored_held) + " of " + std::to_string(restored) + " restored held");
    }
    return text;
}

std::string class_of(const ScenarioOutcome& scenario) {
    if (scenario.honest) return "honest visit";
    return std::string(short_name(scenario.attacks)) + " " + std::string(name(scenario.attacks));
}

std::string seconds_text(Duration duration, int decimals) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals,
                  std::chrono::duration<double>(duration).count());
    return text.data();
}

std::string clean(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        if (lead < 0x80) {
            result += lead < 0x20 || lead == 0x7f ? ' ' : text[at];
            ++at;
            continue;
        }
        const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                                   : lead >= 0xe0 && lead <= 0xef ? 3
                                   : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                                  : 0;
        std::uint32_t code = length == 0 ? 0U : lead & (0xffU >> (length + 1));
        bool valid = length != 0 && at + length <= text.size();
        for (std::size_t i = 1; valid && i < length; ++i) {
            const auto byte = static_cast<unsigned char>(text[at + i]);
            valid = (byte & 0xc0U) == 0x80U;
            code = code << 6U | (byte & 0x3fU);
        }
        const std::uint32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
        valid = valid && code >= least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) &&
                code != 0xfffe && code != 0xffff && (code < 0x80 || code > 0x9f);
        // Marks that reorder a line could make a report say something else than it does.
        const bool reorders =
            (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
        if (valid && !reorders) {
            result += text.substr(at, length);
            at += length;
        } else {
            result += "\xef\xbf\xbd";
            at += valid ? length : 1;
        }
    }
    return result;
}

std::string escape(std::string_view text) {
    std::string result;
    for (const char c : clean(text)) {
        switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            case '\'': result += "&#39;"; break;
            default: result += c;
        }
    }
    return result;
}

}  // namespace strongroom::report
