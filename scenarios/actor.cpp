#include "actor.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "yaml/reader.h"

namespace strongroom::scenarios {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

[[nodiscard]] std::string text(const Step& step, std::string_view name,
                               const std::string& otherwise = {}) {
    const auto found = step.with.find(name);
    return found == step.with.end() ? otherwise : found->second;
}

[[nodiscard]] Duration duration(const Step& step, std::string_view name, Duration otherwise) {
    const auto found = step.with.find(name);
    return found == step.with.end() ? otherwise : yaml::parse_duration(found->second);
}

[[nodiscard]] int number(const Step& step, std::string_view name, int otherwise) {
    const auto found = step.with.find(name);
    return found == step.with.end() ? otherwise : std::stoi(found->second);
}

[[nodiscard]] double fraction(const Step& step, std::string_view name, double otherwise) {
    const auto found = step.with.find(name);
    return found == step.with.end() ? otherwise : std::stod(found->second);
}

[[nodiscard]] bool flag(const Step& step, std::string_view name, bool otherwise) {
    const auto found = step.with.find(name);
    return found == step.with.end() ? otherwise : found->second == "true";
}

[[nodiscard]] sim::Cable cable_named(std::string_view name) {
    for (std::size_t i = 0; i < sim::cables; ++i) {
        if (to_string(static_cast<sim::Cable>(i)) == name) return static_cast<sim::Cable>(i);
    }
    throw std::invalid_argument("no such cable");  // the loader has checked it
}

}  // namespace

Actor::Actor(Arena& arena, Insider& insider, std::string name, std::vector<Step> steps)
    : arena_(arena),
      world_(arena.world()),
      insider_(insider),
      name_(std::move(name)),
      self_(world_.person_named(name_)),
      steps_(std::move(steps)),
      rng_(arena.scheduler().rng("actor " + name_)) {}

// ---- one step after another ----------------------------------------------------------------

void Actor::arm() {
    if (next_ == steps_.size()) return;
    const Step& step = steps_[next_];
    if (step.on) {
        waiting_ = true;
        return;
    }
    const Instant due = std::max(Instant(step.at.value_or(Duration{})), arena_.scheduler().now());
    arena_.scheduler().at(due + step.after, [this, &step] { run(step); });
}

void Actor::see(const sim::Fact& fact) {
    for (std::size_t i = 0; i < visits_.size(); ++i) visits_[i]->see(fact);
    if (!waiting_) return;
    const Step& step = steps_[next_];
    const Trigger& trigger = *step.on;
    if (fact.kind != trigger.kind || (!trigger.who.empty() && fact.who != trigger.who) ||
        (!trigger.what.empty() && fact.what != trigger.what)) {
        return;
    }
    waiting_ = false;
    arena_.scheduler().after(step.after, [this, &step] { run(step); });
}

void Actor::run(const Step& step) {
    if (act(step)) ended();
}

void Actor::ended() {
    ++next_;
    arm();
}

bool Actor::act(const Step& step) {
    if (step.does == "visit") {
        visit(visit_plan(step));
        return false;
    }
    if (step.does == "try_every_locker") {
        try_every_locker(1);
        return false;
    }
    const bool known = surroundings(step) || before_terminal(step) || at_door(step) ||
                       with_code(step) || with_database(step) || at_sensor(step) ||
                       on_network(step);
    if (!known) throw PlayError(step.place.text() + ": nobody knows how to '" + step.does + "'");
    return true;
}

// ---- single actions; false: not one of these -----------------------------------------------

bool Actor::surroundings(const Step& step) {
    const sim::SiteId site = arena_.site_of(step.with);
    const std::string& does = step.does;
    if (does == "light") {
        const std::string to = text(step, "to");
        world_.set_light(site, to == "glare"  ? sim::Light::glare
                               : to == "dark" ? sim::Light::dark
                                              : sim::Light::normal);
    } else if (does == "cut_power") {
        world_.cut_power(site);
        arena_.die(true);
    } else if (does == "restore_power") {
        arena_.power_up(site);
    } else if (does == "kill_terminal") {
        arena_.die(false);
    } else if (does == "start_terminal") {
        arena_.boot();
    } else if (does == "weld_relay") {
        world_.weld_relay(site);
    } else if (does == "repair_relay") {
        world_.repair_relay(site);
    } else if (does == "gateway_outage") {
        const std::string kind = text(step, "kind", "refusing");
        const Instant now = arena_.scheduler().now();
        arena_.network().outage(text(step, "gateway"),
                                kind == "losing"   ? sim::SmsOutage::losing
                                : kind == "silent" ? sim::SmsOutage::silent
                                                   : sim::SmsOutage::refusing,
                                now, now + duration(step, "lasts", seconds(1)));
    } else if (does == "provider_behaves") {
        arena_.wire(text(step, "gateway"))
            .behave(*sms_provider::behaviour_named(text(step, "behaviour")),
                    duration(step, "lasts", seconds(1)));
    } else if (does == "fill_disk") {
        arena_.disk().set_capacity(0);
    } else if (does == "free_disk") {
        arena_.disk().set_capacity(std::nullopt);
    } else if (does == "set_calendar") {
        arena_.set_calendar(duration(step, "forward", {}));
    } else if (does != "nothing") {
        return false;
    }
    return true;
}

bool Actor::before_terminal(const Step& step) {
    const sim::SiteId site = arena_.site_of(step.with);
    const std::string& does = step.does;
    if (does == "arrive") {
        world_.arrive(self_, site);
    } else if (does == "leave") {
        world_.leave(self_);
    } else if (does == "claim") {
        const CastMember* as = arena_.scenario().member(text(step, "as", name_));
        world_.claim(self_, site, CustomerId{as->customer.value_or(0)},
                     world_.site(site).setup.locker);
    } else if (does == "show_face") {
        sim::ShownFace face = face_of(step, text(step, "of", name_));
        const std::string badly = text(step, "badly");
        face.turned_away = badly == "turned_away";
        face.blurred = badly == "blurred";
        face.far_away = badly == "far_away";
        world_.show_face(self_, site, face);
    } else if (does == "hide_face") {
        world_.hide_face(self_, site);
    } else if (does == "stand_beside") {
        world_.stand_beside(self_, site);
    } else if (does == "perform") {
        world_.perform(self_, site, *gesture_named(text(step, "gesture")),
                       duration(step, "lasts", milliseconds(1200)), fraction(step, "strength", 1));
    } else if (does == "replace_camera") {
        replace_camera(step, site);
    } else if (does == "present_finger") {
        sim::ShownFinger finger = finger_of(text(step, "of", name_), text(step, "how"));
        const std::string badly = text(step, "badly");
        if (badly == "messy") finger.quality = FingerQuality::messy;
        if (badly == "sparse") finger.quality = FingerQuality::sparse;
        world_.lay_finger(self_, site, std::move(finger),
                          duration(step, "hold", milliseconds(1500)));
    } else if (does == "turn_key") {
        const LockerId locker = world_.site(site).setup.locker;
        for (const sim::PhysicalKey& key : world_.keys()) {
            if (key.holder != self_ || key.fits != locker) continue;
            world_.turn_key(self_, site, key.id, duration(step, "hold", seconds(3)));
            break;
        }
    } else if (does == "press_resend") {
        world_.press_resend(self_, site);
    } else if (does == "press_cancel") {
        world_.press_cancel(self_, site);
    } else if (does == "unplug") {
        world_.unplug(self_, site, cable_named(text(step, "cable")));
    } else if (does == "plug") {
        world_.plug(self_, site, cable_named(text(step, "cable")));
    } else if (does != "wait") {
        return false;
    }
    return true;
}

bool Actor::at_door(const Step& step) {
    const sim::SiteId site = arena_.site_of(step.with);
    const std::string& does = step.does;
    if (does == "pull_door") {
        const Duration lasts = duration(step, "lasts", {});
        if (lasts > Duration::zero()) {
            world_.lean_on_door(self_, site, lasts);
        } else {
            world_.pull_door(self_, site);
        }
    } else if (does == "push_door") {
        world_.push_door(self_, site);
    } else if (does == "force_door") {
        world_.force_door(self_, site);
    } else if (does == "close_door") {
        world_.close_door(self_, site);
    } else if (does == "take_contents") {
        world_.take_contents(self_, site);
    } else if (does == "press_exit") {
        world_.press_exit(self_, site, duration(step, "hold", seconds(1)));
    } else if (does == "open_enclosure") {
        world_.open_enclosure(self_, site);
    } else if (does == "close_enclosure") {
        world_.close_enclosure(self_, site);
    } else if (does == "steal_key") {
        if (const auto key = world_.key_named(text(step, "of") + "'s key")) {
            world_.steal_key(self_, key);
        }
    } else if (does == "steal_phone") {
        if (const auto phone = world_.phone_named(text(step, "of") + "'s phone")) {
            world_.steal_phone(self_, phone);
        }
    } else {
        return false;
    }
    return true;
}

bool Actor::with_code(const Step& step) {
    if (step.does == "type_code") {
        const sim::SiteId site = arena_.site_of(step.with);
        std::string digits = memory_;
        if (text(step, "from", "memory") == "phone") {
            for (const sim::Phone& phone : world_.phones()) {
                if (phone.holder != self_) continue;
                if (const auto* newest = world_.read_newest(self_, phone.id)) {
                    digits = newest->digits;
                }
            }
        } else if (text(step, "from") == "chance") {
            digits.clear();
            for (int i = 0; i < 6; ++i) digits += static_cast<char>('0' + rng_.below(10));
        }
        world_.type_code(self_, site, digits);
        return true;
    }
    // A glance at a phone that somebody put down: its holder does not change.
    if (step.does == "read_phone" || step.does == "watch_code") {
        const auto phone = world_.phone_named(text(step, "of", name_) + "'s phone");
        if (!phone || world_.phone(phone).inbox.empty()) return true;
        const sim::Message* newest = world_.message(world_.phone(phone).inbox.back());
        if (newest == nullptr) return true;
        memory_ = newest->digits;
        world_.witness(sim::FactKind::sms_read, world_.person(self_).where, name_, {},
                       static_cast<std::int64_t>(newest->index));
        return true;
    }
    if (step.does == "watch_authenticator") {
        const auto phone = world_.phone_named(text(step, "of") + "'s phone");
        if (phone) memory_ = world_.read_authenticator(self_, phone);
        return true;
    }
    return false;
}

bool Actor::with_database(const Step& step) {
    const std::string& does = step.does;
    const CastMember* self = arena_.scenario().member(name_);
    const CustomerId customer{self == nullptr ? 0 : self->customer.value_or(0)};
    if (does == "copy_database") {
        insider_.copy_database();
    } else if (does == "restore_database") {
        insider_.restore_database();
    } else if (does == "delete_own_rows") {
        insider_.delete_rows_of(customer);
    } else if (does == "put_own_face") {
        const CastMember* victim = arena_.scenario().member(text(step, "over"));
        insider_.copy_template(customer, CustomerId{victim->customer.value_or(0)});
    } else if (does == "be_enrolled") {
        const CastMember* as = arena_.scenario().member(text(step, "as"));
        arena_.enrol_shown(self_, CustomerId{as->customer.value_or(0)},
                           face_of(step, text(step, "of", name_)));
    } else if (does == "search_database") {
        insider_.search_disk();
    } else if (does == "search_log") {
        insider_.search_log();
    } else {
        return false;
    }
    return true;
}

// ---- visits --------------------------------------------------------------------------------

sim::ShownFace Actor::face_of(const Step& step, const std::string& owner) const {
    const std::string how = text(step, "how");
    sim::ShownFace face;
    face.whose = world_.person_named(owner);
    face.faces = static_cast<std::uint16_t>(number(step, "faces", 1));
    face.species = text(step, "species");
    face.quality = fraction(step, "quality", 0.5);
    face.blinks = flag(step, "blinks", false);
    if (how == "asleep") {  // her own living face, and she knows nothing of it
        face.eyes_shut = true;
        return face;
    }
    const CastMember* self = arena_.scenario().member(name_);
    const bool has_artefact =
        std::find(self->faces.begin(), self->faces.end(), owner) != self->faces.end();
    if (how == "artefact") {
        face.presentation = sim::Presentation::artefact;
    } else if (how == "compromised") {
        face.presentation = sim::Presentation::compromised;
    } else if (owner != name_) {
        // Somebody else's face is an artefact; a good one only for who got hold of one.
        face.presentation =
            has_artefact ? sim::Presentation::compromised : sim::Presentation::artefact;
    }
    return face;
}

bool Actor::at_sensor(const Step& step) {
    const std::string& does = step.does;
    const bool all = does == "empty_sensor";
    if (!all && does != "replace_sensor" && does != "forge_matches" && does != "overwrite_finger") {
        return false;
    }
    EmulatedSensor& sensor = arena_.sensor(arena_.site_of(step.with));
    if (all) {
        sensor.empty(self_);
        return true;
    }
    const auto victim = arena_.scenario().member(text(step, "over"))->customer;
    if (!victim)
        throw PlayError(step.place.text() + ": 'over' names nobody whose finger is stored");
    const FingerSlot slot = Arena::slot_of(CustomerId{*victim});
    if (does == "replace_sensor") {
        sensor.replace(self_, slot);
    } else if (does == "forge_matches") {
        sensor.forge_matches(self_, slot);
    } else {
        sensor.overwrite(self_, slot);
    }
    return true;
}

bool Actor::on_network(const Step& step) {
    using Certificate = ProviderWire::Certificate;
    const Duration lasts = duration(step, "lasts", seconds(1));
    if (step.does == "intercept_sms") {
        const bool own = text(step, "certificate") == "self_signed";
        arena_.wire(text(step, "gateway"))
            .intercept(self_, own ? Certificate::self_signed : Certificate::of_another_name, lasts);
    } else if (step.does == "forge_reports") {
        arena_.wire(text(step, "gateway")).forge_reports(self_, lasts);
    } else {
        return false;
    }
    return true;
}

// Somebody else's finger is a cast of it.
sim::ShownFinger Actor::finger_of(const std::string& owner, const std::string& how) const {
    sim::ShownFinger finger;
    finger.whose = world_.person_named(owner);
    if (how == "compromised") {
        finger.presentation = sim::Presentation::compromised;
    } else if (how == "artefact" || (owner != name_ && how != "own")) {
        finger.presentation = sim::Presentation::artefact;
    }
    return finger;
}

void Actor::replace_camera(const Step& step, sim::SiteId site) {
    const std::string by = text(step, "by");
    const sim::CameraKind kind = by == "recording"        ? sim::CameraKind::recording
                                 : by == "virtual_device" ? sim::CameraKind::virtual_device
                                                          : sim::CameraKind::own;
    sim::ShownFace shown;
    shown.whose = world_.person_named(text(step, "of", name_));
    shown.presentation = sim::Presentation::compromised;
    shown.species = "injection";
    shown.quality = 1;
    world_.replace_camera(self_, site, kind, shown);
}

VisitPlan Actor::visit_plan(const Step& step) const {
    const CastMember* as = arena_.scenario().member(text(step, "as", name_));
    VisitPlan plan;
    plan.as = CustomerId{as->customer.value_or(0)};
    plan.site = step.with.contains("site") || !as->locker ? arena_.site_of(step.with)
                                                          : arena_.site_of_locker(*as->locker);
    plan.locker = world_.site(plan.site).setup.locker;
    const CastMember* self = arena_.scenario().member(name_);
    const bool wears_mask =
        std::find(self->faces.begin(), self->faces.end(), as->name) != self->faces.end();
    plan.face = face_of(step, text(step, "face_of", wears_mask ? as->name : name_));
    plan.finger = finger_of(text(step, "finger_of", name_), text(step, "finger_how"));
    plan.answers = flag(step, "answers", true);
    plan.claims = flag(step, "claims", true);
    plan.tries = number(step, "tries", 3);
    plan.times = number(step, "times", 1);
    const std::string code = text(step, "code", "phone");
    plan.code = code == "memory"      ? VisitPlan::Code::memory
                : code == "guess"     ? VisitPlan::Code::guess
                : code == "overheard" ? VisitPlan::Code::overheard
                                      : VisitPlan::Code::phone;
    plan.guesses_by_resend = flag(step, "guesses_by_resend", false);
    plan.stops_at = prompt_named(text(step, "stops_at"));
    plan.impatient = flag(step, "impatient", false);
    plan.stays = flag(step, "stays", false);
    plan.cancels = flag(step, "cancels", false);
    plan.key_at = prompt_named(text(step, "key_at")).value_or(Prompt::Message::turn_key);
    plan.leaves_door_open = flag(step, "leaves_door_open", false);
    plan.stay = duration(step, "stay", seconds(20));
    return plan;
}

void Actor::visit(VisitPlan plan) {
    visits_.push_back(std::make_shared<Visit>(arena_, self_, plan,
                                              rng_.fork("visit " + std::to_string(visits_.size())),
                                              memory_, [this] { ended(); }));
    visits_.back()->begin();
}

// Everybody who holds a locker goes from one to the next, a different one each at any time, with
// the other's key and phone and the own face: every ordered pair meets once.
void Actor::try_every_locker(std::size_t round) {
    std::vector<const CastMember*> holders;
    for (const CastMember& m : arena_.scenario().cast) {
        if (m.locker) holders.push_back(&m);
    }
    if (round >= holders.size()) {
        ended();
        return;
    }
    const auto me = std::find_if(holders.begin(), holders.end(),
                                 [&](const CastMember* m) { return m->name == name_; });
    const auto index = static_cast<std::size_t>(me - holders.begin());
    const CastMember& victim = *holders[(index + round) % holders.size()];
    if (const auto key = world_.key_named(victim.name + "'s key")) world_.steal_key(self_, key);
    if (const auto phone = world_.phone_named(victim.name + "'s phone")) {
        world_.steal_phone(self_, phone);
    }
    VisitPlan plan;
    plan.as = CustomerId{*victim.customer};
    plan.site = arena_.site_of_locker(*victim.locker);
    plan.locker = LockerId{*victim.locker};
    plan.face = face_of(Step{}, name_);
    plan.tries = 1;
    visits_.push_back(std::make_shared<Visit>(arena_, self_, plan,
                                              rng_.fork("visit " + std::to_string(visits_.size())),
                                              memory_, std::function<void()>{}));
    visits_.back()->begin();
    // Long enough for any visit, and for the terminal to have forgotten the failures of this one.
    constexpr Duration period = std::chrono::minutes(5);
    arena_.scheduler().after(period, [this, round] { try_every_locker(round + 1); });
}

}  // namespace strongroom::scenarios
