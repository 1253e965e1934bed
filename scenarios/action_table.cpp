#include "action_table.h"

#include <algorithm>

#include "base/gesture.h"
#include "sim/world.h"
#include "sms_provider/provider.h"

namespace strongroom::scenarios {
namespace {

using enum ArgumentKind;

const std::vector<std::string> cable_names{
    "strike", "bolt_monitor", "key_switch", "door_contact", "tamper_loop", "exit_button",
    "keypad", "display",      "siren",      "camera",       "fingerprint"};

std::vector<std::string> species_names() {
    return {sim::instrument_species.begin(), sim::instrument_species.end()};
}

// What a provider may answer. What becomes of a message that it has taken is gateway_outage's.
std::vector<std::string> behaviour_names() {
    std::vector<std::string> names;
    for (int i = 0; i < sms_provider::behaviours; ++i) {
        const auto behaviour = static_cast<sms_provider::Behaviour>(i);
        if (behaviour == sms_provider::Behaviour::honest ||
            behaviour == sms_provider::Behaviour::undelivered ||
            behaviour == sms_provider::Behaviour::unreported) {
            continue;
        }
        names.emplace_back(to_string(behaviour));
    }
    return names;
}

std::vector<std::string> gesture_names() {
    std::vector<std::string> names;
    for (const Gesture gesture : all_gestures) names.emplace_back(to_string(gesture));
    return names;
}

ArgumentRule at_site() { return {"site", site, false, {}}; }

// What is done before a camera.
std::vector<ActionRule> before_camera() {
    const auto by = DoneBy::person;
    return {
        {"arrive", by, {at_site()}},
        {"leave", by, {}},
        {"wait", by, {}},
        {"claim", by, {at_site(), {"as", person, false, {}}}},
        {"show_face",
         by,
         {at_site(),
          {"of", person, false, {}},
          {"how", text, false, {"own", "artefact", "compromised", "asleep"}},
          {"species", text, false, species_names()},
          {"quality", fraction, false, {}},
          {"blinks", flag, false, {}},
          {"faces", number, false, {}},
          {"badly", text, false, {"turned_away", "blurred", "far_away"}}}},
        {"hide_face", by, {at_site()}},
        {"stand_beside", by, {at_site()}},
        {"perform",
         by,
         {at_site(),
          {"gesture", text, true, gesture_names()},
          {"lasts", duration, false, {}},
          {"strength", fraction, false, {}}}},
        {"replace_camera",
         by,
         {at_site(),
          {"by", text, true, {"own", "virtual_device", "recording"}},
          {"of", person, false, {}}}},
        {"present_finger",
         by,
         {at_site(),
          {"of", person, false, {}},
          {"how", text, false, {"own", "artefact", "compromised"}},
          {"badly", text, false, {"messy", "sparse"}},
          {"hold", duration, false, {}}}},
    };
}

// To an emulated fingerprint sensor and its wire.
std::vector<ActionRule> at_sensor() {
    const auto by = DoneBy::person;
    return {
        {"replace_sensor", by, {at_site(), {"over", person, true, {}}}},
        {"forge_matches", by, {at_site(), {"over", person, true, {}}}},
        {"overwrite_finger", by, {at_site(), {"over", person, true, {}}}},
        {"empty_sensor", by, {at_site()}},
    };
}

// With keypad, key, door and cables.
std::vector<ActionRule> at_terminal() {
    const auto by = DoneBy::person;
    return {
        {"type_code",
         by,
         {at_site(),
          {"from", text, false, {"phone", "memory", "chance"}},
          {"of", person, false, {}}}},
        {"read_phone", by, {{"of", person, false, {}}}},
        {"watch_code", by, {{"of", person, true, {}}}},
        {"watch_authenticator", by, {{"of", person, true, {}}}},
        {"press_resend", by, {at_site()}},
        {"press_cancel", by, {at_site()}},
        {"turn_key", by, {at_site(), {"hold", duration, false, {}}}},
        {"pull_door", by, {at_site(), {"lasts", duration, false, {}}}},
        {"push_door", by, {at_site()}},
        {"force_door", by, {at_site()}},
        {"close_door", by, {at_site()}},
        {"take_contents", by, {at_site()}},
        {"press_exit", by, {at_site(), {"hold", duration, false, {}}}},
        {"open_enclosure", by, {at_site()}},
        {"close_enclosure", by, {at_site()}},
        {"unplug", by, {at_site(), {"cable", text, true, cable_names}}},
        {"plug", by, {at_site(), {"cable", text, true, cable_names}}},
        {"steal_key", by, {{"of", person, true, {}}}},
        {"steal_phone", by, {{"of", person, true, {}}}},
    };
}

// Visits as a whole, and what an insider does.
std::vector<ActionRule> at_length() {
    const auto by = DoneBy::person;
    return {
        {"visit",
         by,
         {at_site(),
          {"as", person, false, {}},
          {"face_of", person, false, {}},
          {"how", text, false, {"own", "artefact", "compromised", "asleep"}},
          {"species", text, false, species_names()},
          {"quality", fraction, false, {}},
          {"blinks", flag, false, {}},
          {"faces", number, false, {}},
          {"finger_of", person, false, {}},
          {"finger_how", text, false, {"own", "artefact", "compromised"}},
          {"answers", flag, false, {}},
          {"claims", flag, false, {}},
          {"tries", number, false, {}},
          {"times", number, false, {}},
          {"code", text, false, {"phone", "memory", "guess", "overheard"}},
          {"guesses_by_resend", flag, false, {}},
          {"stops_at", text, false, {"look_at_camera", "enter_code", "turn_key", "open_door"}},
          {"impatient", flag, false, {}},
          {"stays", flag, false, {}},
          {"cancels", flag, false, {}},
          {"key_at", text, false, {"turn_key", "enter_code", "look_at_camera"}},
          {"leaves_door_open", flag, false, {}},
          {"stay", duration, false, {}}}},
        {"be_enrolled",
         by,
         {{"as", person, true, {}},
          {"of", person, false, {}},
          {"how", text, false, {"own", "artefact"}},
          {"species", text, false, species_names()},
          {"quality", fraction, false, {}}}},
        {"try_every_locker", by, {}},
        {"copy_database", by, {}},
        {"restore_database", by, {}},
        {"delete_own_rows", by, {}},
        {"put_own_face", by, {{"over", person, true, {}}}},
        {"search_database", by, {}},
        {"search_log", by, {}},
        {"intercept_sms",
         by,
         {{"gateway", gateway, true, {}},
          {"certificate", text, true, {"self_signed", "of_another_name"}},
          {"lasts", duration, true, {}}}},
        {"forge_reports", by, {{"gateway", gateway, true, {}}, {"lasts", duration, true, {}}}},
    };
}

std::vector<ActionRule> surroundings() {
    const auto by = DoneBy::world;
    return {
        {"light", by, {at_site(), {"to", text, true, {"normal", "glare", "dark"}}}},
        {"cut_power", by, {at_site()}},
        {"restore_power", by, {at_site()}},
        {"kill_terminal", by, {at_site()}},
        {"start_terminal", by, {at_site()}},
        {"weld_relay", by, {at_site()}},
        {"repair_relay", by, {at_site()}},
        {"gateway_outage",
         by,
         {{"gateway", gateway, true, {}},
          {"kind", text, false, {"refusing", "losing", "silent"}},
          {"lasts", duration, true, {}}}},
        {"provider_behaves",
         by,
         {{"gateway", gateway, true, {}},
          {"behaviour", text, true, behaviour_names()},
          {"lasts", duration, true, {}}}},
        {"fill_disk", by, {}},
        {"free_disk", by, {}},
        {"set_calendar", by, {at_site(), {"forward", duration, true, {}}}},
        {"nothing", by, {}},
    };
}

}  // namespace

const std::vector<ActionRule>& action_table() {
    static const std::vector<ActionRule> table = [] {
        std::vector<ActionRule> all = before_camera();
        for (const auto& more : {at_sensor(), at_terminal(), at_length(), surroundings()}) {
            all.insert(all.end(), more.begin(), more.end());
        }
        return all;
    }();
    return table;
}

const ActionRule* action_named(std::string_view name) {
    const auto& table = action_table();
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const ActionRule& rule) { return rule.name == name; });
    return found == table.end() ? nullptr : &*found;
}

bool attacks_sensor(std::string_view action) {
    const std::vector<ActionRule> rules = at_sensor();
    return std::any_of(rules.begin(), rules.end(),
                       [&](const ActionRule& rule) { return rule.name == action; });
}

}  // namespace strongroom::scenarios
