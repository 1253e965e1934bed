#include "scene.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace strongroom::checkers {

using sim::Fact;
using sim::FactKind;

namespace {

// Prompts with which a terminal lets go of a visit.
constexpr std::array<std::string_view, 7> endings{
    "welcome",   "not_recognised", "refused_until", "see_staff",
    "cancelled", "timed_out",      "out_of_service"};

bool ends_visit(std::string_view prompt) {
    return std::find(endings.begin(), endings.end(), prompt) != endings.end();
}

constexpr std::array<std::string_view, 5> gesture_prompts{"turn_left", "turn_right", "nod", "blink",
                                                          "smile"};

}  // namespace

bool asks_for_gesture(std::string_view prompt) {
    return std::find(gesture_prompts.begin(), gesture_prompts.end(), prompt) !=
           gesture_prompts.end();
}

std::string in_seconds(Duration duration) {
    std::array<char, 32> text{};
    const auto count = std::snprintf(text.data(), text.size(), "%.1f s",
                                     std::chrono::duration<double>(duration).count());
    return {text.data(), static_cast<std::size_t>(std::max(count, 0))};
}

const SiteView& Scene::site(std::uint32_t id) const {
    static const SiteView nowhere{};
    const auto found = sites_.find(id);
    return found == sites_.end() ? nowhere : found->second;
}

const Person* Scene::person(std::string_view name) const {
    const auto found = people_.find(name);
    return found == people_.end() ? nullptr : &found->second;
}

const Message* Scene::message(std::int64_t index) const {
    const auto found = messages_.find(index);
    return found == messages_.end() ? nullptr : &found->second;
}

bool Scene::holds_locker(std::string_view name, std::int64_t locker) const {
    return std::any_of(holders_.begin(), holders_.end(), [&](const auto& holder) {
        return holder.first == name && holder.second == locker;
    });
}

bool Scene::rightful(std::string_view name, const SiteView& site) const {
    const Person* found = person(name);
    return found != nullptr && found->willing && holds_locker(name, site.locker);
}

bool Scene::matches(const Fact& frame) const {
    return frame.what == "good" && frame.value <= reference_.face_distance_max;
}

const TypedCode* Scene::right_code(const SiteView& site) const {
    const Visit& visit = site.visit;
    for (const TypedCode& code : visit.codes) {
        if (!visit.face || code.at < *visit.face) continue;
        if (site.fingers && (!visit.finger || code.at < *visit.finger)) continue;
        if (right_message(site, code) || right_authenticator(site, code)) return &code;
    }
    return nullptr;
}

bool Scene::right_message(const SiteView& site, const TypedCode& code) const {
    const Message* sent = message(code.message);
    return sent != nullptr && sent->visit == site.visit.serial &&
           holds_locker(sent->owner, site.locker) &&
           code.at - sent->submitted <= limits::code_lifetime;
}

bool Scene::right_authenticator(const SiteView& site, const TypedCode& code) const {
    const Person* owner = person(code.authenticator);
    if (owner == nullptr || owner->customer != site.visit.customer ||
        !authenticators_.contains(code.authenticator) ||
        !holds_locker(code.authenticator, site.locker)) {
        return false;
    }
    const Duration age = code.at - code.begins;
    const bool of_now = age + limits::half_minute + limits::slack >= Duration::zero() &&
                        age <= 2 * limits::half_minute + limits::slack;
    const auto& sent = site.visit.messages;
    const bool arrived = std::any_of(sent.begin(), sent.end(), [&](std::int64_t index) {
        const Message* one = message(index);
        return one != nullptr && one->delivered && *one->delivered <= code.at;
    });
    return of_now && !arrived;
}

bool UsedCodes::contains(const TypedCode& code) const {
    if (code.authenticator.empty()) return messages_.contains(code.message);
    const auto found = half_minutes_.find(code.authenticator);
    return found != half_minutes_.end() && code.half_minute <= found->second;
}

void UsedCodes::insert(const TypedCode& code) {
    if (code.authenticator.empty()) {
        messages_.insert(code.message);
        return;
    }
    std::int64_t& latest = half_minutes_[code.authenticator];
    latest = std::max(latest, code.half_minute);
}

const TypedCode* Scene::code_behind(const SiteView& site) const {
    if (const TypedCode* right = right_code(site)) return right;
    const auto& codes = site.visit.codes;
    const auto last = std::find_if(codes.rbegin(), codes.rend(), [](const TypedCode& code) {
        return code.message != 0 || !code.authenticator.empty();
    });
    return last == codes.rend() ? nullptr : &*last;
}

void Scene::see(const Fact& fact) {
    see_people(fact);
    if (fact.site != 0) see_site(sites_[fact.site], fact);
}

void Scene::see_people(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::cast_person: people_[fact.who] = {fact.number, fact.value != 0, 0}; return;
        case FactKind::cast_holder: holders_.emplace(fact.who, fact.number); return;
        case FactKind::person_arrived: people_[fact.who].at = fact.site; return;
        case FactKind::person_left: people_[fact.who].at = 0; return;
        case FactKind::will_changed: people_[fact.who].willing = fact.value != 0; return;
        case FactKind::sms_submitted: {
            Visit none;
            Visit& visit = fact.site == 0 ? none : sites_[fact.site].visit;
            messages_[fact.number] = {fact.site, visit.open ? visit.serial : 0,
                                      fact.who,  visit.open ? visit.customer : 0,
                                      fact.at,   {}};
            if (visit.open) visit.messages.push_back(fact.number);
            return;
        }
        case FactKind::sms_delivered: messages_[fact.number].delivered = fact.at; return;
        case FactKind::authenticator_enrolled: authenticators_.insert(fact.who); return;
        default: return;
    }
}

void Scene::see_site(SiteView& site, const Fact& fact) {
    switch (fact.kind) {
        case FactKind::cast_site:
            site.name = fact.what;
            site.locker = fact.number;
            site.keyless = fact.value != 0;
            site.fingers = fact.value == 2;
            return;
        case FactKind::finger_enrolled: site.slots[fact.number] = fact.who; return;
        case FactKind::finger_presented: site.laid = {fact.who, fact.what, fact.value != 0}; return;
        case FactKind::finger_observed: see_finger(site, fact); return;
        case FactKind::face_shown:
            site.presenter = fact.who;
            site.shown = fact.what;
            site.faces = fact.number;
            site.bona_fide = fact.value != 0;
            return;
        case FactKind::face_hidden: site.presenter.clear(); return;
        case FactKind::face_observed: see_frame(site, fact); return;
        case FactKind::gesture_performed: see_gesture(site, fact); return;
        case FactKind::claimed: see_claim(site, fact); return;
        case FactKind::code_typed:
            if (fact.what.empty()) {
                site.visit.codes.push_back({fact.at, fact.who, fact.number, {}, 0, {}});
            } else {
                const std::chrono::duration<double> begins(fact.value);
                site.visit.codes.push_back({fact.at, fact.who, 0, fact.what, fact.number,
                                            Instant(std::chrono::round<Duration>(begins))});
            }
            return;
        case FactKind::key_turned:
            if (fact.number != 1) return;
            site.visit.key = fact.at;
            site.visit.key_turner = fact.who;
            return;
        case FactKind::prompt_shown: see_prompt(site, fact); return;
        default: see_surroundings(site, fact); return;
    }
}

void Scene::see_surroundings(SiteView& site, const Fact& fact) {
    switch (fact.kind) {
        case FactKind::strike_energised:
            site.energised = true;
            site.energised_by = fact.what;
            site.energised_at = fact.at;
            return;
        case FactKind::strike_released: site.energised = false; return;
        case FactKind::bolt_withdrawn: site.bolt_withdrawn = true; return;
        case FactKind::bolt_thrown: site.bolt_withdrawn = false; return;
        case FactKind::door_opened:
            site.door_open = true;
            site.door_opened_by_way = fact.what;
            return;
        case FactKind::door_closed: site.door_open = false; return;
        case FactKind::relay_welded: site.welded = true; return;
        case FactKind::relay_repaired: site.welded = false; return;
        case FactKind::tamper_opened: site.enclosure_open = true; return;
        case FactKind::tamper_closed: site.enclosure_open = false; return;
        case FactKind::magnet_placed: site.magnet = fact.value != 0; return;
        case FactKind::light_changed: site.light_normal = fact.what == "normal"; return;
        case FactKind::camera_replaced: site.camera = fact.what; return;
        case FactKind::cable_unplugged: site.unplugged.insert(fact.what); return;
        case FactKind::cable_plugged: site.unplugged.erase(fact.what); return;
        case FactKind::alarm_raised: site.alarms.insert(fact.what); return;
        case FactKind::alarm_cleared: site.alarms.erase(fact.what); return;
        case FactKind::fault_injected: site.visit.fault = true; return;
        case FactKind::power_restored: site.powered = true; return;
        case FactKind::power_lost:
        case FactKind::terminal_died:
            if (fact.kind == FactKind::power_lost) site.powered = false;
            site.running = false;
            site.visit = {};
            site.prompt.clear();
            return;
        case FactKind::terminal_started:
            site.running = true;
            site.visit = {};
            return;
        default: return;
    }
}

void Scene::see_frame(SiteView& site, const Fact& fact) {
    Visit& visit = site.visit;
    if (!visit.open) return;
    if (!matches(fact)) {
        // A delayed or repeated bad frame is refused by a terminal and resets nothing there.
        if (!visit.fault) visit.matches = 0;
        return;
    }
    if (fact.number != visit.track && !visit.fault) visit.matches = 0;
    visit.track = fact.number;
    visit.last_match = fact.at;
    visit.last_match_presenter = fact.who;
    if (++visit.matches >= limits::frames_required) visit.matched = true;
    if (visit.matched && !visit.face && gestures_performed(visit)) visit.face = fact.at;
    const auto& seen = visit.presenters;
    if (std::find(seen.begin(), seen.end(), fact.who) == seen.end()) {
        visit.presenters.push_back(fact.who);
    }
}

bool Scene::finger_matches(const SiteView& site, std::int64_t customer, const Fact& finger) const {
    const auto owner = site.slots.find(finger.number);
    const Person* enrolled = owner == site.slots.end() ? nullptr : person(owner->second);
    return finger.what == "good" && finger.value >= limits::finger_score_min &&
           enrolled != nullptr && enrolled->customer == customer;
}

void Scene::see_finger(SiteView& site, const Fact& fact) const {
    Visit& visit = site.visit;
    if (!visit.open || !visit.face || visit.finger) return;
    if (!finger_matches(site, visit.customer, fact)) return;
    visit.finger = fact.at;
    visit.finger_laid = site.laid;
    visit.finger_laid.who = fact.who;
}

// The last ones of this challenge, so many as it takes, each another, each performed.
bool Scene::gestures_performed(const Visit& visit) const {
    const auto required = static_cast<std::size_t>(std::max(reference_.gestures, 0));
    if (visit.demands.size() < required) return false;
    std::set<std::string> different;
    for (std::size_t i = visit.demands.size() - required; i < visit.demands.size(); ++i) {
        if (!visit.demands[i].performed) return false;
        different.insert(visit.demands[i].gesture);
    }
    return different.size() == required;
}

void Scene::see_demand(Visit& visit, const Fact& fact) const {
    if (visit.face) return;
    if (fact.what == "look_at_camera") {  // a challenge that failed begins anew
        visit.demands.clear();
        visit.matched = false;
        visit.matches = 0;
        return;
    }
    if (!asks_for_gesture(fact.what)) return;
    // Asked again after something else was shown in between: the same demand.
    const bool again = !visit.demands.empty() && visit.demands.back().gesture == fact.what &&
                       !visit.demands.back().performed;
    if (!again) visit.demands.push_back({fact.at, fact.what, {}});
}

void Scene::see_gesture(SiteView& site, const Fact& fact) const {
    Visit& visit = site.visit;
    if (!visit.open || visit.demands.empty() || fact.who != site.presenter) return;
    Demand& demand = visit.demands.back();
    const bool in_time = fact.at - demand.at <= limits::gesture_window + limits::slack;
    if (demand.gesture == fact.what && in_time) demand.performed = fact.at;
}

void Scene::see_prompt(SiteView& site, const Fact& fact) {
    // A claim during a visit is taken up only if the terminal answers it in the same instant as it
    // answers a first one: the visit before had ended unnoticed.
    const auto doubtful = doubtful_claims_.find(fact.site);
    if (doubtful != doubtful_claims_.end()) {
        const bool answers = fact.at == doubtful->second.at &&
                             ((fact.what == "please_wait" && fact.number == 0) ||
                              fact.what == "look_at_camera" || ends_visit(fact.what));
        if (answers) begin_visit(site, doubtful->second);
        doubtful_claims_.erase(doubtful);
    }
    site.prompt = fact.what;
    site.prompt_seconds = fact.number;
    site.prompt_attempts = fact.value;
    if (site.visit.open) see_demand(site.visit, fact);
    const bool asks_authenticator = fact.what == "enter_authenticator_code";
    const bool asks_code = fact.what == "enter_code" || asks_authenticator;
    if (asks_code && !site.visit.code_step) site.visit.code_step = fact.at;
    if (asks_authenticator) site.visit.by_authenticator = true;
    if (fact.what == "turn_key" && !site.visit.key_step) site.visit.key_step = fact.at;
    if (ends_visit(fact.what)) site.visit.open = false;
}

void Scene::see_claim(SiteView& site, const Fact& fact) {
    const bool stale =
        fact.at - site.visit.since > limits::visit + limits::visit_slack + limits::visit_slack;
    if (site.visit.open && !stale) {
        doubtful_claims_[fact.site] = fact;
        return;
    }
    begin_visit(site, fact);
}

void Scene::begin_visit(SiteView& site, const Fact& claim) {
    site.visit = {};
    site.visit.open = true;
    site.visit.serial = ++visits_;
    site.visit.since = claim.at;
    site.visit.claimant = claim.who;
    site.visit.customer = claim.number;
    site.visit.locker = 0;
    for (const char digit : claim.what) {
        if (digit < '0' || digit > '9') break;
        site.visit.locker = site.visit.locker * 10 + (digit - '0');
    }
}

}  // namespace strongroom::checkers
