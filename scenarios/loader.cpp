#include "scenarios/loader.h"

#include <algorithm>
#include <set>

#include "action_table.h"
#include "auth/records.h"
#include "base/alarm.h"
#include "base/prompt.h"
#include "config/settings.h"
#include "gateway_reader.h"
#include "parts/part_names.h"
#include "pi/sms/events.h"
#include "strike_reader.h"
#include "yaml/reader.h"

namespace strongroom::scenarios {

using yaml::Mapping;
using yaml::suggestion;

namespace {

template <class Range, class Name>
std::vector<std::string> names_of(const Range& range, Name name) {
    std::vector<std::string> out;
    for (const auto& item : range) out.emplace_back(name(item));
    return out;
}

// The actor of a step that each holder of a locker does.
constexpr std::string_view everybody = "everybody";

const std::vector<std::string> reference_schemes{"attack", "iso_30107_1", "iso_19795", "nist",
                                                 "rfc",    "owasp_asvs",  "other"};

class Loader {
public:
    Loader(const YAML::Node& root, const std::string& file)
        : top_(root, file, "the scenario"), file_(file) {}

    Scenario run() {
        s_.file = file_;
        head();
        cast();
        sites();
        s_.gateways = read_gateways(top_, file_);
        faults();
        steps();
        defences();
        expectations();
        top_.finish();
        check_whole();
        return std::move(s_);
    }

private:
    void head() {
        s_.id = top_.text("id");
        const bool plain = std::all_of(s_.id.begin(), s_.id.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '-';
        });
        if (!plain) {
            top_.refuse(top_.need("id"), "'id' may hold letters, digits and '-' only");
        }
        s_.title = top_.text("title");
        s_.story = top_.text("story");
        read_class();
        references();
        const std::string policy = top_.text("policy", "locker");
        if (policy != "locker" && policy != "locker-keyless" && policy != "atm-access") {
            top_.refuse(top_.find("policy"),
                        "unknown policy '" + policy +
                            "': " + suggestion(policy, {"locker", "locker-keyless", "atm-access"}));
        }
        s_.policy = policy == "locker"           ? PolicyName::locker
                    : policy == "locker-keyless" ? PolicyName::locker_keyless
                                                 : PolicyName::atm_access;
        read_sensor();
        if (top_.has("strike")) s_.strike = read_strike(top_.need("strike"), file_);
        for (const YAML::Node& node : top_.items("levels")) {
            s_.levels.push_back(read_level(node));
        }
        if (s_.levels.empty()) s_.levels.push_back(Level::scores);
        if (top_.has("seed")) s_.seed = top_.number("seed");
        s_.until = top_.duration("until");
        if (top_.has("chance")) {
            const std::string chance = top_.text("chance");
            if (chance != "codes" && chance != "faces") {
                top_.refuse(top_.find("chance"), "unknown chance '" + chance + "': " +
                                                     suggestion(chance, {"codes", "faces"}));
            }
            s_.chance = chance == "codes" ? Scenario::Chance::codes : Scenario::Chance::faces;
        }
        if (top_.has("difficulty")) s_.difficulty = top_.fraction("difficulty");
        if (top_.has("false_match_rate")) false_match_rate(top_.need("false_match_rate"));
    }

    void read_sensor() {
        const std::string sensor = top_.text("sensor", "scores");
        if (sensor != "scores" && sensor != "emulated") {
            top_.refuse(top_.find("sensor"), "unknown sensor '" + sensor + "': " +
                                                 suggestion(sensor, {"scores", "emulated"}));
        }
        s_.emulated_sensor = sensor == "emulated";
        if (s_.emulated_sensor && s_.policy != PolicyName::atm_access) {
            top_.refuse(top_.find("sensor"),
                        "'sensor: emulated' needs 'policy: atm-access', which asks for a finger");
        }
    }

    void false_match_rate(const YAML::Node& node) {
        Mapping m(node, file_, "'false_match_rate'");
        s_.false_match_rate = {m.number("people"), m.fraction("target")};
        m.finish();
        if (s_.false_match_rate->people < 2 || s_.false_match_rate->people > 1000) {
            m.refuse(node, "'people' must be within 2 and 1000");
        }
        if (s_.levels != std::vector{Level::render}) {
            m.refuse(node,
                     "'false_match_rate' is measured on pictures of people: it needs 'levels: "
                     "[render]'");
        }
    }

    Level read_level(const YAML::Node& node) {
        const std::string text = top_.scalar(node, "levels", "a list of scores, render and images");
        std::vector<std::string> known;
        for (const Level level : {Level::scores, Level::render, Level::images}) {
            if (text == to_string(level)) return level;
            known.emplace_back(to_string(level));
        }
        top_.refuse(node, "unknown level '" + text + "': " + suggestion(text, known));
    }

    void read_class() {
        const std::string text = top_.text("class");
        if (text == "honest") {
            s_.honest = true;
            s_.attacks = Invariant::service;
            return;
        }
        std::vector<std::string> known{"honest"};
        for (int i = 1; i <= 12; ++i) {
            const auto invariant = static_cast<Invariant>(i);
            known.push_back(std::string(short_name(invariant)) + " " +
                            std::string(name(invariant)));
            if (text == known.back()) {
                s_.attacks = invariant;
                return;
            }
        }
        top_.refuse(top_.need("class"), "unknown class '" + text + "': " + suggestion(text, known));
    }

    void references() {
        const YAML::Node node = top_.find("references");
        if (!node.IsDefined()) return;
        Mapping references(node, file_, "'references'");
        for (const std::string& scheme : reference_schemes) {
            if (references.has(scheme)) {
                s_.references.push_back({scheme, references.text(scheme)});
            }
        }
        references.finish();
    }

    // ---- who and where -----------------------------------------------------------------------

    void cast() {
        const YAML::Node crowd = top_.find("crowd");
        for (const YAML::Node& node : top_.items("cast")) s_.cast.push_back(member(node));
        if (crowd.IsDefined()) add_crowd(crowd);
        if (s_.cast.empty()) {
            top_.refuse(top_.need("cast"), "'cast' is empty: a scenario needs somebody");
        }
        for (const CastMember& m : s_.cast) {
            for (const auto* owners : {&m.keys, &m.phones, &m.faces}) {
                for (const std::string& owner : *owners) {
                    if (s_.member(owner) == nullptr) unknown_person(m.place, owner);
                }
            }
        }
    }

    CastMember member(const YAML::Node& node) {
        Mapping m(node, file_, "this member of the cast");
        CastMember out;
        out.place = m.place();
        out.name = m.text("name");
        if (out.name == "world" || out.name == everybody) {
            throw ScenarioError(out.place, "'" + out.name + "' cannot be a person's name");
        }
        if (s_.member(out.name) != nullptr) {
            throw ScenarioError(out.place, "'" + out.name + "' is in the cast already");
        }
        if (m.has("customer")) out.customer = m.number("customer");
        if (m.has("locker")) out.locker = m.number("locker");
        if (out.locker && !out.customer) {
            throw ScenarioError(out.place, "who holds a locker is a customer: add 'customer'");
        }
        for (const CastMember& other : s_.cast) {
            if (out.customer && other.customer == out.customer) {
                throw ScenarioError(out.place, "customer " + std::to_string(*out.customer) +
                                                   " is '" + other.name + "' already");
            }
        }
        out.phone = m.flag("phone", out.customer.has_value());
        out.key = m.flag("key", out.locker.has_value());
        out.willing = m.flag("willing", true);
        out.enrolled = m.flag("enrolled", out.customer.has_value());
        out.authenticator = m.flag("authenticator", false);
        if (out.authenticator && !(out.customer && out.phone)) {
            throw ScenarioError(out.place,
                                "an authenticator is a customer's, on her phone: add 'customer'");
        }
        if (const YAML::Node holds = m.find("holds"); holds.IsDefined()) {
            Mapping held(holds, file_, "'holds'");
            out.keys = held.texts("keys");
            out.phones = held.texts("phones");
            out.faces = held.texts("faces");
            held.finish();
        }
        if (const YAML::Node images = m.find("images"); images.IsDefined()) {
            Mapping pictures(images, file_, "'images'");
            out.enrolment = pictures.texts("enrolment");
            out.photographs = pictures.texts("camera");
            pictures.finish();
        }
        m.finish();
        return out;
    }

    // Customers who differ in nothing but their faces, each with a locker of her own.
    void add_crowd(const YAML::Node& node) {
        Mapping crowd(node, file_, "'crowd'");
        const std::uint64_t count = crowd.number("count");
        const std::uint64_t first_customer = crowd.number("first_customer");
        const std::uint64_t first_locker = crowd.number("first_locker");
        crowd.finish();
        if (count > 100) crowd.refuse(node, "'count' must be at most 100");
        for (std::uint64_t i = 0; i < count; ++i) {
            CastMember one;
            one.place = crowd.place();
            one.name = "customer-" + std::to_string(first_customer + i);
            one.customer = first_customer + i;
            one.locker = first_locker + i;
            one.phone = one.key = one.enrolled = true;
            s_.cast.push_back(std::move(one));
        }
    }

    void sites() {
        for (const YAML::Node& node : top_.items("sites")) {
            Mapping m(node, file_, "this site");
            SiteDeclaration site{m.place(), m.text("name"), m.number("locker"), 0};
            site.terminal = m.has("terminal") ? m.number("terminal") : s_.sites.size() + 1;
            m.finish();
            for (const SiteDeclaration& other : s_.sites) {
                if (other.name == site.name) {
                    throw ScenarioError(site.place, "there is a site '" + site.name + "' already");
                }
                if (other.terminal == site.terminal) {
                    throw ScenarioError(site.place, "terminal " + std::to_string(site.terminal) +
                                                        " is at '" + other.name + "' already");
                }
            }
            s_.sites.push_back(std::move(site));
        }
        if (!s_.sites.empty()) return;
        // Without a word about it, every locker that somebody holds has a terminal.
        std::set<std::uint64_t> lockers;
        for (const CastMember& m : s_.cast) {
            if (m.locker && lockers.insert(*m.locker).second) {
                s_.sites.push_back({m.place, "locker-" + std::to_string(*m.locker), *m.locker,
                                    s_.sites.size() + 1});
            }
        }
        if (s_.sites.empty()) {
            throw ScenarioError(top_.place(),
                                "there is no locker: give a customer one, or add "
                                "'sites'");
        }
    }

    // ---- what goes wrong ---------------------------------------------------------------------

    void faults() {
        for (const YAML::Node& node : top_.items("faults")) {
            Mapping m(node, file_, "this fault");
            FaultDeclaration fault{m.place(), {}};
            fault.rule.call = m.text("call");
            const std::string kind = m.text("kind", "fail");
            const auto known_kind = sim::fault_kind_named(kind);
            if (!known_kind) {
                m.refuse(m.find("kind"), "unknown kind of fault '" + kind + "': " +
                                             suggestion(kind, {"fail", "delay", "drop", "duplicate",
                                                               "corrupt", "stick"}));
            }
            fault.rule.kind = *known_kind;
            if (m.has("error")) {
                const auto error = sim::errc_named(m.text("error"));
                if (!error) {
                    m.refuse(m.find("error"), "unknown error '" + m.text("error") +
                                                  "': timeout, disconnected, busy, corrupt, "
                                                  "out_of_range, unsupported, denied, exhausted");
                }
                fault.rule.error = *error;
            }
            if (m.has("delay")) fault.rule.delay = m.duration("delay");
            if (m.has("nth")) fault.rule.nth = m.number("nth");
            fault.rule.from_then_on = m.flag("from_then_on", false);
            if (m.has("probability")) fault.rule.probability = m.fraction("probability");
            m.finish();
            check_fault(fault);
            s_.faults.push_back(std::move(fault));
        }
    }

    // What a device cannot show is refused, and by whom it would be refused when it is played.
    static void check_fault(const FaultDeclaration& fault) {
        sim::Scheduler scheduler(1);
        sim::World world(scheduler);
        sim::SiteSetup anywhere;
        anywhere.name = "anywhere";
        try {
            const sim::FaultPlan plan(world, world.add_site(anywhere), {fault.rule});
        } catch (const sim::FaultRefused& refused) {
            throw ScenarioError(fault.place, refused.what());
        }
    }

    // ---- what happens ------------------------------------------------------------------------

    void steps() {
        Duration last{};
        for (const YAML::Node& node : top_.items("steps")) {
            Step step = read_step(node);
            if (step.at) {
                if (*step.at < last) {
                    throw ScenarioError(step.place,
                                        "time goes backwards: 'at' is earlier than that of a step "
                                        "before; put the steps in the order of their times");
                }
                last = *step.at;
            }
            if (step.actor != everybody) {
                s_.steps.push_back(std::move(step));
                continue;
            }
            for (const CastMember& m : s_.cast) {
                if (!m.locker) continue;
                s_.steps.push_back(step);
                s_.steps.back().actor = m.name;
            }
        }
        if (s_.steps.empty()) {
            top_.refuse(top_.need("steps"), "'steps' is empty: nothing would happen");
        }
    }

    Step read_step(const YAML::Node& node) {
        Mapping m(node, file_, "this step");
        Step step;
        step.place = m.place();
        step.actor = m.text("actor");
        const bool named = step.actor != "world" && step.actor != everybody;
        if (named && s_.member(step.actor) == nullptr) {
            unknown_person(m.place_of(m.need("actor")), step.actor);
        }
        step.does = m.text("does");
        const ActionRule* rule = action_named(step.does);
        const bool by_world = step.actor == "world";
        if (rule == nullptr || (rule->by == DoneBy::world) != by_world) {
            std::vector<std::string> known;
            for (const ActionRule& one : action_table()) {
                if ((one.by == DoneBy::world) == by_world) known.push_back(one.name);
            }
            m.refuse(m.need("does"), (by_world ? "the world cannot '" : "nobody can '") +
                                         step.does + "': " + suggestion(step.does, known));
        }
        if (m.has("at")) step.at = m.duration("at");
        if (m.has("after")) step.after = m.duration("after");
        if (const YAML::Node on = m.find("on"); on.IsDefined()) {
            if (step.at) m.refuse(on, "a step has 'at' or 'on', not both");
            step.on = read_trigger(on);
        }
        for (const ArgumentRule& argument : rule->arguments) read_argument(m, argument, step);
        m.finish();
        return step;
    }

    void read_argument(Mapping& m, const ArgumentRule& rule, Step& step) {
        if (!m.has(rule.name)) {
            if (rule.required) (void)m.need(rule.name);
            return;
        }
        const YAML::Node node = m.find(rule.name);
        const std::string value = m.scalar(node, rule.name, "a single value");
        switch (rule.kind) {
            case ArgumentKind::text:
                if (!rule.choices.empty() && std::find(rule.choices.begin(), rule.choices.end(),
                                                       value) == rule.choices.end()) {
                    m.refuse(node, "'" + rule.name + "' cannot be '" + value +
                                       "': " + suggestion(value, rule.choices));
                }
                break;
            case ArgumentKind::person:
                if (s_.member(value) == nullptr) unknown_person(m.place_of(node), value);
                break;
            case ArgumentKind::site: {
                const auto known = names_of(s_.sites, [](const auto& x) { return x.name; });
                if (std::find(known.begin(), known.end(), value) == known.end()) {
                    m.refuse(node, "unknown site '" + value + "': " + suggestion(value, known));
                }
                break;
            }
            case ArgumentKind::gateway: {
                const auto known = names_of(s_.gateways, [](const auto& x) { return x.name; });
                if (std::find(known.begin(), known.end(), value) == known.end()) {
                    m.refuse(node, "unknown gateway '" + value + "': " + suggestion(value, known));
                }
                break;
            }
            case ArgumentKind::duration: (void)m.duration(rule.name); break;
            case ArgumentKind::number: (void)m.number(rule.name); break;
            case ArgumentKind::fraction: (void)m.fraction(rule.name); break;
            case ArgumentKind::flag: (void)m.flag(rule.name, false); break;
        }
        step.with.emplace(rule.name, value);
    }

    Trigger read_trigger(const YAML::Node& node) {
        Mapping m(node, file_, "'on'");
        Trigger trigger;
        if (m.has("prompt")) {
            trigger.kind = sim::FactKind::prompt_shown;
            trigger.what = m.text("prompt");
            check_prompt(m.find("prompt"), m, trigger.what);
        } else if (m.has("alarm")) {
            trigger.kind = sim::FactKind::alarm_raised;
            trigger.what = m.text("alarm");
            check_alarm(m.find("alarm"), m, trigger.what);
        } else {
            const std::string kind = m.text("fact");
            const auto found = sim::fact_kind_named(kind);
            if (!found) {
                m.refuse(m.find("fact"),
                         "unknown fact '" + kind + "': " + suggestion(kind, fact_names()));
            }
            trigger.kind = *found;
            trigger.who = m.text("who", "");
            trigger.what = m.text("what", "");
            if (!trigger.who.empty() && s_.member(trigger.who) == nullptr) {
                unknown_person(m.place_of(m.find("who")), trigger.who);
            }
        }
        m.finish();
        return trigger;
    }

    // ---- defences and expectations -----------------------------------------------------------

    void defences() {
        for (const YAML::Node& node : top_.items("defences")) {
            Mapping m(node, file_, "this defence");
            Defence defence{m.place(), m.text("name"), {}};
            for (const Defence& other : s_.defences) {
                if (other.name == defence.name) {
                    throw ScenarioError(defence.place,
                                        "the defence '" + defence.name + "' is listed twice");
                }
            }
            Mapping by(m.need("removed_by"), file_, "'removed_by'");
            defence.removed_by = read_removal(by);
            by.finish();
            m.finish();
            s_.defences.push_back(std::move(defence));
        }
    }

    Removal read_removal(Mapping& by) {
        Removal removal;
        if (const YAML::Node value = by.find("value"); value.IsDefined()) {
            removal.kind = Removal::Kind::value;
            Mapping values(value, file_, "'value'");
            config::Settings trial{auth::locker({}), {}};
            for (const auto& [name, node] : values.rest()) {
                const std::string text = values.scalar(node, name, "a single value");
                try {
                    config::change_setting(trial, name, text);
                } catch (const std::invalid_argument& error) {
                    values.refuse(node, error.what());
                }
                removal.values.emplace_back(name, text);
            }
            if (removal.values.empty()) values.refuse(value, "'value' changes no setting");
        } else if (const YAML::Node part = by.find("part"); part.IsDefined()) {
            removal.kind = Removal::Kind::part;
            const std::string name = by.text("part");
            const auto& known = parts::part_names();
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                by.refuse(part, "unknown part '" + name + "': " + suggestion(name, known));
            }
            removal.parts.push_back(name);
        } else {
            if (!by.has("mutant")) {
                by.finish();  // a misspelt one is said to be so
                throw ScenarioError(by.place(), "'removed_by' needs one of value, part, mutant");
            }
            removal.kind = Removal::Kind::mutant;
            removal.mutant = by.text("mutant");
        }
        return removal;
    }

    void expectations() {
        const YAML::Node node = top_.find("expect");
        if (!node.IsDefined()) return;
        Mapping expect(node, file_, "'expect'");
        if (const YAML::Node defended = expect.find("defended"); defended.IsDefined()) {
            Mapping m(defended, file_, "'defended'");
            s_.defended.observed = observations(m, "observed");
            s_.defended.not_observed = observations(m, "not_observed");
            m.finish();
        }
        if (const YAML::Node undefended = expect.find("undefended"); undefended.IsDefined()) {
            Mapping m(undefended, file_, "'undefended'");
            const std::string breaks = m.text("breaks");
            if (s_.honest || breaks != short_name(s_.attacks)) {
                m.refuse(m.need("breaks"), "'breaks' must be the invariant of 'class'");
            }
            m.finish();
        }
        expect.finish();
    }

    std::vector<std::string> observations(Mapping& m, const std::string& key) {
        std::vector<std::string> out;
        for (const YAML::Node& node : m.items(key)) {
            const std::string text = m.scalar(node, key, "a list of observations");
            if (text.starts_with("alarm:")) {
                check_alarm(node, m, text.substr(6));
            } else if (text.starts_with("prompt:")) {
                check_prompt(node, m, text.substr(7));
            } else if (text.starts_with("audit:")) {
                check_audit(node, m, text.substr(6));
            } else if (text.starts_with("event:")) {
                check_event(node, m, text.substr(6));
            } else if (!sim::fact_kind_named(text)) {
                m.refuse(node, "unknown observation '" + text +
                                   "': " + suggestion(text, fact_names()) +
                                   " Or alarm:NAME, prompt:NAME, audit:NAME, event:NAME");
            }
            out.push_back(text);
        }
        return out;
    }

    void check_whole() {
        if (s_.honest && !s_.defences.empty()) {
            throw ScenarioError(s_.defences.front().place,
                                "an honest scenario has no defences to take away");
        }
        for (const Defence& defence : s_.defences) {
            if (defence.removed_by.mutant.empty() || !s_.available(Level::images)) continue;
            throw ScenarioError(defence.place,
                                "a mutant is played at level scores only: take "
                                "'images' from 'levels'");
        }
        check_strike_parts(s_);
        check_providers(s_);
        for (const Step& step : s_.steps) {
            if (s_.emulated_sensor || !attacks_sensor(step.does)) continue;
            throw ScenarioError(step.place, "'" + step.does + "' needs 'sensor: emulated'");
        }
        if (!s_.honest && s_.defences.empty()) {
            throw ScenarioError(top_.place(),
                                "no defences: an attack says what stops it ('defences'), or its "
                                "class is 'honest'");
        }
    }

    // ---- names -------------------------------------------------------------------------------

    [[noreturn]] void unknown_person(const Place& place, const std::string& name) {
        throw ScenarioError(
            place, "unknown actor '" + name + "': " +
                       suggestion(name, names_of(s_.cast, [](const auto& m) { return m.name; })));
    }

    static std::vector<std::string> fact_names() {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < sim::fact_kinds; ++i) {
            names.emplace_back(to_string(static_cast<sim::FactKind>(i)));
        }
        return names;
    }

    static void check_alarm(const YAML::Node& node, const Mapping& m, const std::string& name) {
        const auto known = names_of(all_alarms, [](Alarm alarm) { return to_string(alarm); });
        require(node, m, "alarm", name, known);
    }

    static void check_prompt(const YAML::Node& node, const Mapping& m, const std::string& name) {
        std::vector<std::string> known;
        for (std::size_t i = 0; i < prompt_messages; ++i) {
            known.emplace_back(to_string(static_cast<Prompt::Message>(i)));
        }
        require(node, m, "prompt", name, known);
    }

    static void check_audit(const YAML::Node& node, const Mapping& m, const std::string& name) {
        std::vector<std::string> known;
        for (int i = 1; i <= 255; ++i) {
            const auto kind = auth::to_string(static_cast<auth::AuditKind>(i));
            if (kind != "invalid") known.emplace_back(kind);
        }
        require(node, m, "audit entry", name, known);
    }

    static void check_event(const YAML::Node& node, const Mapping& m, const std::string& name) {
        std::vector<std::string> known;
        for (std::size_t i = 0; i < pi::sms_event_kinds; ++i) {
            known.emplace_back(to_string(static_cast<pi::SmsEvent>(i)));
        }
        require(node, m, "event", name, known);
    }

    static void require(const YAML::Node& node, const Mapping& m, const std::string& what,
                        const std::string& name, const std::vector<std::string>& known) {
        if (std::find(known.begin(), known.end(), name) != known.end()) return;
        m.refuse(node, "unknown " + what + " '" + name + "': " + suggestion(name, known));
    }

    Mapping top_;
    std::string file_;
    Scenario s_;
};

}  // namespace

Scenario parse_scenario(std::string_view text, const std::string& file) {
    return Loader(yaml::parse(std::string(text), file), file).run();
}

}  // namespace strongroom::scenarios
