// What each order does to the world.
#include <algorithm>

#include "world_of_stage.h"

namespace strongroom::panel {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* nobody_there =
    "nobody stands before the terminal: let somebody walk up first";

// Carries out one order; each operator() answers why it could not, or nothing.
class Obedience {
public:
    explicit Obedience(Stage::Implementation& all)
        : all_(all), arm_(*all.arm), world_(arm_.world()), site_(all.site()) {}

    // ---- people ----------------------------------------------------------------------------
    std::string operator()(const Arrive& o) {
        const auto who = person(o.who);
        if (!who) return unknown(o.who);
        const sim::PersonId before = world_.site(site_).presenter;
        if (before && before != who) world_.leave(before);
        world_.arrive(who, site_);
        world_.show_face(who, site_);
        return {};
    }
    std::string operator()(const Leave& o) {
        if (!here(o.who)) return o.who + " is not here";
        world_.leave(person(o.who));
        return {};
    }
    std::string operator()(const ShowFace& o) {
        if (!here(o.who)) return absent(o.who);
        sim::ShownFace face = o.how;
        face.whose = o.whose.empty() ? person(o.who) : person(o.whose);
        if (!face.whose) return unknown(o.whose);
        world_.show_face(person(o.who), site_, face);
        return {};
    }
    std::string operator()(const HideFace& o) {
        if (!here(o.who)) return absent(o.who);
        world_.hide_face(person(o.who), site_);
        return {};
    }
    std::string operator()(const StandBeside& o) {
        const auto who = person(o.who);
        if (!who) return unknown(o.who);
        world_.arrive(who, site_);
        world_.stand_beside(who, site_);
        return {};
    }
    std::string operator()(const Perform& o) {
        if (!here(o.who)) return absent(o.who);
        world_.perform(person(o.who), site_, o.gesture);
        return {};
    }
    std::string operator()(const FollowPrompts& o) {
        all_.follows = o.follow;
        return {};
    }
    std::string operator()(const Claim& o) {
        if (!here(o.who)) return absent(o.who);
        world_.claim(person(o.who), site_, o.customer, o.locker);
        return {};
    }
    std::string operator()(const TypeCode& o) {
        if (!here(o.who)) return absent(o.who);
        std::string digits = o.digits;
        if (digits.empty()) digits = newest_digits(person(o.who));
        if (digits.empty()) return "no phone in " + o.who + "'s hand has a message with a code";
        world_.type_code(person(o.who), site_, digits);
        return {};
    }
    std::string operator()(const PressResend& o) {
        if (!here(o.who)) return absent(o.who);
        world_.press_resend(person(o.who), site_);
        return {};
    }
    std::string operator()(const PressCancel& o) {
        if (!here(o.who)) return absent(o.who);
        world_.press_cancel(person(o.who), site_);
        return {};
    }
    std::string operator()(const LayFinger& o) {
        if (!here(o.who)) return absent(o.who);
        sim::ShownFinger finger;
        if (!o.whose.empty()) {
            finger.whose = person(o.whose);
            if (!finger.whose) return unknown(o.whose);
            finger.presentation = sim::Presentation::artefact;
            finger.species = o.species;
        }
        world_.lay_finger(person(o.who), site_, finger);
        return {};
    }
    std::string operator()(const TurnKey& o) {
        if (!here(o.who)) return absent(o.who);
        const sim::PersonId who = person(o.who);
        const LockerId locker = world_.site(site_).setup.locker;
        const sim::PhysicalKey* best = nullptr;
        for (const sim::PhysicalKey& key : world_.keys()) {
            if (key.holder == who && (best == nullptr || key.fits == locker)) best = &key;
        }
        if (best == nullptr) return o.who + " has no key in her hand";
        if (best->fits != locker) return "the key in " + o.who + "'s hand does not turn here";
        return world_.turn_key(who, site_, best->id, seconds(10)) ? std::string()
                                                                  : "the switch is taken";
    }
    std::string operator()(const AtDoor& o) {
        if (!here(o.who)) return absent(o.who);
        const sim::PersonId who = person(o.who);
        switch (o.action) {
            case DoorAction::pull:
                return world_.pull_door(who, site_) ? std::string() : "the door does not open";
            case DoorAction::close:
                return world_.close_door(who, site_) ? std::string() : "the door is closed already";
            case DoorAction::push: static_cast<void>(world_.push_door(who, site_)); return {};
            case DoorAction::force: static_cast<void>(world_.force_door(who, site_)); return {};
            case DoorAction::take_contents:
                return world_.take_contents(who, site_) ? std::string()
                                                        : "the door is closed: nothing to take";
            case DoorAction::press_exit: world_.press_exit(who, site_, seconds(1)); return {};
        }
        return {};
    }
    std::string operator()(const SetWilling& o) {
        if (!person(o.who)) return unknown(o.who);
        world_.set_willing(person(o.who), o.willing);
        return {};
    }
    std::string operator()(const StealPhone& o) {
        const auto phone = phone_of(o.owner);
        if (!phone || !person(o.thief)) return o.owner + " has no phone to take";
        world_.steal_phone(person(o.thief), phone);
        return {};
    }
    std::string operator()(const StealKey& o) {
        const auto owner = person(o.owner);
        for (const sim::PhysicalKey& key : world_.keys()) {
            if (key.holder != owner || !person(o.thief)) continue;
            world_.steal_key(person(o.thief), key.id);
            return {};
        }
        return o.owner + " has no key to take";
    }
    std::string operator()(const SwapSim& o) {
        const auto from = phone_of(o.owner);
        const auto to = phone_of(o.to);
        if (!from || !to) return "both need a phone for a number to be moved";
        if (world_.phone(from).number.empty()) return o.owner + "'s number is elsewhere already";
        world_.port_number(from, to);
        return {};
    }

    // ---- surroundings ----------------------------------------------------------------------
    std::string operator()(const SetLight& o) {
        world_.set_light(site_, o.light);
        return {};
    }
    std::string operator()(const SetCable& o) {
        const sim::PersonId who = somebody();
        if (!who) return nobody_there;
        o.plugged ? world_.plug(who, site_, o.cable) : world_.unplug(who, site_, o.cable);
        return {};
    }
    std::string operator()(const SetPower& o) {
        if (o.on) {
            arm_.power_up(site_);
            return arm_.refused();
        }
        world_.cut_power(site_);
        arm_.die(true);
        return {};
    }
    std::string operator()(const SetEnclosure& o) {
        const sim::PersonId who = somebody();
        if (!who) return nobody_there;
        o.open ? world_.open_enclosure(who, site_) : world_.close_enclosure(who, site_);
        return {};
    }
    std::string operator()(const SetMagnet& o) {
        const sim::PersonId who = somebody();
        if (!who) return nobody_there;
        world_.place_magnet(who, site_, o.placed);
        return {};
    }
    std::string operator()(const SetRelayWelded& o) {
        o.welded ? world_.weld_relay(site_) : world_.repair_relay(site_);
        return {};
    }
    std::string operator()(const ReplaceCamera& o) {
        const sim::PersonId who = o.who.empty() ? somebody() : person(o.who);
        if (!who) return nobody_there;
        sim::ShownFace shown;
        if (o.kind != sim::CameraKind::own) {
            shown.whose = person(o.whose);
            if (!shown.whose) return unknown(o.whose);
        }
        world_.arrive(who, site_);
        world_.replace_camera(who, site_, o.kind, shown);
        return {};
    }
    std::string operator()(const SetNetwork& o) {
        const Instant now = arm_.scheduler().now();
        for (const scenarios::GatewayDeclaration& gateway : all_.setup.scenario.gateways) {
            arm_.network().end_outages(gateway.name);
            if (!o.up) {
                arm_.network().outage(gateway.name, sim::SmsOutage::refusing, now,
                                      now + hours(24 * 365));
            }
        }
        return {};
    }
    std::string operator()(const SetProcess& o) {
        if (!o.running) {
            arm_.die(false);
            return {};
        }
        if (!world_.site(site_).powered) return "there is no power: switch it on first";
        arm_.boot();
        return arm_.refused();
    }
    std::string operator()(const SetFault& o) {
        std::vector<sim::FaultRule> rules = all_.fault_rules;
        std::erase_if(rules, [&](const sim::FaultRule& one) {
            return one.call == o.rule.call && one.kind == o.rule.kind;
        });
        if (o.active) rules.push_back(o.rule);
        try {
            arm_.faults()->replace(rules);
        } catch (const sim::FaultRefused& refusal) {
            return refusal.what();
        }
        all_.fault_rules = std::move(rules);
        return {};
    }

    // ---- the desk --------------------------------------------------------------------------
    std::string operator()(const Acknowledge& o) {
        terminal::Terminal* terminal = arm_.terminal(site_);
        if (terminal == nullptr) return not_running;
        terminal->acknowledge(o.alarm);
        world_.changed(site_);
        for (AlarmRow& row : all_.alarms) {
            if (row.alarm == o.alarm) row.acknowledged = true;
        }
        return {};
    }
    std::string operator()(const VerifyAudit&) {
        if (arm_.records() == nullptr) return not_running;
        const auto verdict = arm_.records()->verify_audit();
        if (!verdict) return "the audit cannot be read";
        all_.verdict = store::describe(*verdict);
        all_.broken = !verdict->intact();
        return {};
    }
    std::string operator()(const AddLocker& o) {
        if (arm_.records() == nullptr) return not_running;
        if (!arm_.records()->add_locker(arm_.moment(), o.locker)) {
            return "locker " + std::to_string(o.locker.value) +
                   " is there already, or is no number";
        }
        all_.known_lockers.insert(o.locker.value);
        return {};
    }
    std::string operator()(const AddCustomer& o) { return add_customer(o); }
    std::string operator()(const RemoveTemplates& o) {
        if (arm_.records() == nullptr) return not_running;
        return arm_.records()->remove_templates(arm_.moment(), o.customer)
                   ? std::string()
                   : "there is no such customer";
    }
    std::string operator()(const ReleaseCustomer& o) {
        if (arm_.records() == nullptr) return not_running;
        return arm_.records()->release_by_staff(arm_.moment(), o.customer, StaffId{1}, StaffId{2})
                   ? std::string()
                   : "there is no such customer";
    }

private:
    static constexpr const char* not_running =
        "the terminal's program does not run: start it first";

    [[nodiscard]] sim::PersonId person(const std::string& name) const {
        return world_.person_named(name);
    }
    [[nodiscard]] bool here(const std::string& name) const {
        const sim::PersonId who = person(name);
        return who && world_.person(who).where == site_;
    }
    [[nodiscard]] static std::string unknown(const std::string& name) {
        return "there is nobody called '" + name + "'";
    }
    [[nodiscard]] std::string absent(const std::string& name) const {
        return person(name) ? name + " is not before the terminal: let her walk up first"
                            : unknown(name);
    }
    // Whoever is there; otherwise the last of the cast comes: somebody has to pull the plug.
    [[nodiscard]] sim::PersonId somebody() const {
        if (const sim::PersonId who = world_.site(site_).presenter) return who;
        if (world_.people().empty()) return {};
        const sim::PersonId who = world_.people().back().id;
        world_.arrive(who, site_);
        return who;
    }
    [[nodiscard]] sim::PhoneId phone_of(const std::string& owner) const {
        const sim::PersonId who = person(owner);
        for (const sim::Phone& phone : world_.phones()) {
            if (phone.owner == who) return phone.id;
        }
        return {};
    }
    [[nodiscard]] std::string newest_digits(sim::PersonId who) {
        const sim::Message* newest = nullptr;
        for (const sim::Phone& phone : world_.phones()) {
            if (phone.holder != who) continue;
            const sim::Message* one = world_.read_newest(who, phone.id);
            if (one == nullptr || one->digits.empty()) continue;
            if (newest == nullptr || one->index > newest->index) newest = one;
        }
        return newest == nullptr ? std::string() : newest->digits;
    }
    [[nodiscard]] std::string add_customer(const AddCustomer& o) {
        store::SqliteRecords* records = arm_.records();
        if (records == nullptr) return not_running;
        if (o.name.empty()) return "a customer needs a name";
        if (person(o.name)) return "somebody is called '" + o.name + "' already";
        if (world_.phone_numbered(o.phone)) return "that number is somebody else's";
        const auto id = records->add_customer(arm_.moment(), o.name, o.phone);
        if (!id) return "a phone number is + and 8 to 15 digits, as in +919876543210";
        sim::PersonSetup setup;
        setup.name = o.name;
        setup.customer = *id;
        const sim::PersonId who = world_.add_person(setup);
        static_cast<void>(world_.add_phone(o.name + "'s phone", o.phone, who));
        static_cast<void>(world_.add_key(o.name + "'s key", o.locker, who));
        scenarios::CastMember member;
        member.name = o.name;
        try {
            for (const auto& face : all_.taped->enrol(member, world_.person(who).identity)) {
                if (!records->add_template(arm_.moment(), *id, face)) return "the store refused";
            }
        } catch (const scenarios::PlayError& problem) {
            return problem.what();
        }
        if (!all_.known_lockers.contains(o.locker.value)) {
            static_cast<void>(records->add_locker(arm_.moment(), o.locker));
            all_.known_lockers.insert(o.locker.value);
        }
        return records->assign(arm_.moment(), o.locker, *id) ? std::string()
                                                             : "the locker could not be assigned";
    }

    Stage::Implementation& all_;
    scenarios::LiveArm& arm_;
    sim::World& world_;
    sim::SiteId site_;
};

}  // namespace

std::string Stage::Implementation::obey(const Order& order) {
    return std::visit(Obedience(*this), order);
}

}  // namespace strongroom::panel
