// The physics of a terminal's surroundings.
#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "sim/world.h"

namespace strongroom::sim {
namespace {

constexpr std::array<std::string_view, cables> cable_names{
    "strike", "bolt_monitor", "key_switch", "door_contact", "tamper_loop", "exit_button",
    "keypad", "display",      "siren",      "camera",       "fingerprint",
};

[[nodiscard]] std::uint32_t bit(Cable cable) { return 1U << static_cast<unsigned>(cable); }

}  // namespace

std::string_view to_string(Light light) {
    switch (light) {
        case Light::normal: return "normal";
        case Light::glare: return "glare";
        case Light::dark: return "dark";
    }
    return "invalid";
}

std::string_view to_string(CameraKind kind) {
    switch (kind) {
        case CameraKind::own: return "own";
        case CameraKind::virtual_device: return "virtual_device";
        case CameraKind::recording: return "recording";
    }
    return "invalid";
}

std::string_view to_string(Cable cable) {
    const auto index = static_cast<std::size_t>(cable);
    return index < cables ? cable_names[index] : "invalid";
}

// ---- relay, strike and bolt ----------------------------------------------------------------

bool World::pulse_relay(SiteId id, Duration hold) {
    STRONGROOM_ASSERT(hold > Duration::zero() && hold <= site(id).setup.strike_max_hold);
    Site& site = site_ref(id);
    if (site.contact_closed || !site.connected(Cable::strike)) return false;
    // The relay's own timer, on its own board: it runs whatever happens to the process.
    site.relay_timer = scheduler_.after(hold, [this, &site] { open_contact(site); });
    close_contact(site, "pulse", hold);
    return true;
}

bool World::hold_relay(SiteId id) {
    Site& site = site_ref(id);
    if (site.contact_closed || !site.connected(Cable::strike)) return false;
    close_contact(site, "pulse", Duration::zero());
    return true;
}

void World::release_relay(SiteId id) { open_contact(site_ref(id)); }

void World::glitch_relay(SiteId id, Duration span) {
    STRONGROOM_ASSERT(span > Duration::zero());
    Site& site = site_ref(id);
    if (site.contact_closed || !site.powered) return;
    site.relay_timer = scheduler_.after(span, [this, &site] { open_contact(site); });
    close_contact(site, "glitch", span);
}

void World::weld_relay(SiteId id) {
    Site& site = site_ref(id);
    if (site.welded) return;
    site.welded = true;
    witness(FactKind::relay_welded, id);
}

void World::repair_relay(SiteId id) {
    Site& site = site_ref(id);
    if (!site.welded) return;
    site.welded = false;
    witness(FactKind::relay_repaired, id);
    if (std::exchange(site.stuck, false)) open_contact(site);
}

bool Site::pin_high() const {
    STRONGROOM_ASSERT(relay_pin);
    return pin_driven.value_or(relay_pin->pulled_up);
}

void World::wire_relay(SiteId id, RelayPin pin) {
    Site& site = site_ref(id);
    site.relay_pin = pin;
    site.pin_driven.reset();
    follow_pin(site, "glitch");
}

void World::drive_pin(SiteId id, std::optional<bool> high, std::string_view why) {
    Site& site = site_ref(id);
    STRONGROOM_ASSERT(site.relay_pin);
    if (!site.powered) return;
    site.pin_driven = high;
    follow_pin(site, why);
}

void World::follow_pin(Site& site, std::string_view why) {
    if (!site.relay_pin) return;
    const bool active = site.powered && site.pin_high() != site.relay_pin->active_low;
    if (active && !site.contact_closed) close_contact(site, why, Duration::zero());
    if (!active) open_contact(site);
}

void World::close_contact(Site& site, std::string_view what, Duration hold) {
    site.contact_closed = true;
    update_strike(site, what, hold);
}

void World::open_contact(Site& site) {
    scheduler_.cancel(site.relay_timer);
    site.relay_timer = {};
    if (!site.contact_closed) return;
    if (!site.welded) {
        site.contact_closed = false;
        update_strike(site, {}, Duration::zero());
    } else if (!site.stuck) {
        site.stuck = true;
        // What was a pulse until now is a weld from here on.
        if (site.connected(Cable::strike)) {
            witness(FactKind::strike_energised, site.id, {}, "weld");
        }
    }
}

void World::update_strike(Site& site, std::string_view what, Duration hold) {
    const bool energised = site.contact_closed && site.connected(Cable::strike);
    if (energised == site.energised) return;
    site.energised = energised;
    if (energised) {
        witness(FactKind::strike_energised, site.id, {}, what, milliseconds(hold));
    } else {
        witness(FactKind::strike_released, site.id);
    }
    move_bolt(site);
    changed(site.id);
}

void World::move_bolt(Site& site) {
    const bool key_fits = site.key && key(*site.key).fits == site.setup.locker;
    if (!site.bolt_withdrawn && site.energised && (site.setup.keyless || key_fits)) {
        site.bolt_withdrawn = true;
        witness(FactKind::bolt_withdrawn, site.id, name_of(site.key_turner));
        if (site.puller && !site.door_open) open_door(site, site.puller, "pulled");
    } else if (site.bolt_withdrawn && !site.energised && !site.door_open) {
        site.bolt_withdrawn = false;
        witness(FactKind::bolt_thrown, site.id);
    }
}

// ---- key -----------------------------------------------------------------------------------

bool World::turn_key(PersonId who, SiteId at, KeyId id, Duration held_for) {
    STRONGROOM_ASSERT(held_for > Duration::zero());
    const PhysicalKey& turned = key(id);
    Site& site = site_ref(at);
    if (turned.holder != who || site.key) return false;
    be_at(who, at);
    const bool fits = !site.setup.keyless && turned.fits && turned.fits == site.setup.locker;
    witness(FactKind::key_turned, at, name_of(who), turned.name, fits ? 1 : 0);
    if (!fits) return true;  // the cylinder does not move: no contact, no bolt
    site.key = id;
    site.key_turner = who;
    site.key_spring = scheduler_.after(held_for, [this, &site] { return_key(site); });
    bounce(site, true);
    move_bolt(site);
    changed(at);
    return true;
}

void World::return_key(Site& site) {
    if (!site.key) return;
    scheduler_.cancel(site.key_spring);
    witness(FactKind::key_returned, site.id, name_of(site.key_turner), key(*site.key).name);
    site.key.reset();
    site.key_turner = {};
    bounce(site, false);
    changed(site.id);
}

// The contact closes or opens now and chatters for up to key_bounce_max.
void World::bounce(Site& site, bool level) {
    site.key_edges.clear();
    site.key_edges.push_back(scheduler_.now());
    site.key_level = level;
    const auto longest = static_cast<std::uint64_t>(site.setup.key_bounce_max.count());
    if (longest == 0) return;
    const std::uint64_t chatters = site.key_rng.below(3);
    for (std::uint64_t i = 0; i < 2 * chatters; ++i) {
        const auto offset = Duration(static_cast<std::int64_t>(site.key_rng.below(longest)) + 1);
        site.key_edges.push_back(scheduler_.now() + offset);
    }
    std::sort(site.key_edges.begin(), site.key_edges.end());
    for (std::size_t i = 1; i < site.key_edges.size(); ++i) {
        scheduler_.at(site.key_edges[i], [this, &site] { changed(site.id); });
    }
}

bool World::key_switch_closed(SiteId id) const {
    const Site& s = site(id);
    // The number of edges is odd; the level flips back for each one still to come.
    const auto to_come = std::count_if(s.key_edges.begin(), s.key_edges.end(),
                                       [&](Instant edge) { return edge > scheduler_.now(); });
    return to_come % 2 == 0 ? s.key_level : !s.key_level;
}

// ---- door ----------------------------------------------------------------------------------

void World::open_door(Site& site, PersonId who, std::string_view how) {
    site.door_open = true;
    witness(FactKind::door_opened, site.id, name_of(who), how);
    changed(site.id);
}

bool World::pull_door(PersonId who, SiteId at) {
    be_at(who, at);
    Site& site = site_ref(at);
    if (site.door_open) return true;
    if (!site.bolt_withdrawn) {
        witness(FactKind::door_resisted, at, name_of(who));
        return false;
    }
    open_door(site, who, "pulled");
    return true;
}

void World::lean_on_door(PersonId who, SiteId at, Duration span) {
    if (pull_door(who, at)) return;
    site_ref(at).puller = who;
    scheduler_.after(span, [this, at, who] {
        Site& site = site_ref(at);
        if (site.puller == who) site.puller = {};
    });
}

bool World::push_door(PersonId who, SiteId at) {
    be_at(who, at);
    Site& site = site_ref(at);
    if (!site.door_open) open_door(site, who, "pushed");
    return true;
}

bool World::force_door(PersonId who, SiteId at) {
    be_at(who, at);
    Site& site = site_ref(at);
    if (!site.door_open) open_door(site, who, "forced");
    return true;
}

bool World::close_door(PersonId who, SiteId at) {
    be_at(who, at);
    Site& site = site_ref(at);
    if (!site.door_open) return false;
    site.door_open = false;
    witness(FactKind::door_closed, at, name_of(who));
    move_bolt(site);
    changed(at);
    return true;
}

bool World::take_contents(PersonId who, SiteId at) {
    be_at(who, at);
    if (!site(at).door_open) return false;
    witness(FactKind::contents_taken, at, name_of(who));
    return true;
}

void World::press_exit(PersonId who, SiteId at, Duration held_for) {
    be_at(who, at);
    Site& site = site_ref(at);
    if (site.exit_pressed) return;
    site.exit_pressed = true;
    witness(FactKind::exit_pressed, at, name_of(who));
    scheduler_.after(held_for, [this, at, who] {
        site_ref(at).exit_pressed = false;
        witness(FactKind::exit_released, at, name_of(who));
        changed(at);
    });
    changed(at);
}

// ---- enclosure, cables, light, power -------------------------------------------------------

void World::open_enclosure(PersonId who, SiteId at) {
    be_at(who, at);
    Site& site = site_ref(at);
    if (site.enclosure_open) return;
    site.enclosure_open = true;
    witness(FactKind::tamper_opened, at, name_of(who));
    changed(at);
}

void World::close_enclosure(PersonId who, SiteId at) {
    be_at(who, at);
    Site& site = site_ref(at);
    if (!site.enclosure_open) return;
    site.enclosure_open = false;
    witness(FactKind::tamper_closed, at, name_of(who));
    changed(at);
}

void World::place_magnet(PersonId who, SiteId at, bool placed) {
    be_at(who, at);
    Site& site = site_ref(at);
    if (site.magnet == placed) return;
    site.magnet = placed;
    witness(FactKind::magnet_placed, at, name_of(who), {}, 0, placed ? 1 : 0);
    changed(at);
}

void World::unplug(PersonId who, SiteId at, Cable cable) {
    if (who) be_at(who, at);
    Site& site = site_ref(at);
    if ((site.unplugged & bit(cable)) != 0) return;
    site.unplugged |= bit(cable);
    if (cable == Cable::camera) ++site.camera_losses;
    if (cable == Cable::fingerprint) ++site.sensor_losses;
    witness(FactKind::cable_unplugged, at, name_of(who), to_string(cable));
    update_strike(site, {}, Duration::zero());
    changed(at);
}

void World::plug(PersonId who, SiteId at, Cable cable) {
    if (who) be_at(who, at);
    Site& site = site_ref(at);
    if ((site.unplugged & bit(cable)) == 0) return;
    site.unplugged &= ~bit(cable);
    witness(FactKind::cable_plugged, at, name_of(who), to_string(cable));
    update_strike(site, site.stuck ? "weld" : "pulse", Duration::zero());
    changed(at);
}

void World::set_light(SiteId at, Light light) {
    Site& site = site_ref(at);
    if (site.light == light) return;
    site.light = light;
    witness(FactKind::light_changed, at, {}, to_string(light));
}

void World::cut_power(SiteId at) {
    Site& site = site_ref(at);
    if (!site.powered) return;
    witness(FactKind::power_lost, at);
    site.powered = false;
    ++site.camera_losses;
    ++site.sensor_losses;
    site.pin_driven.reset();
    open_contact(site);  // the coil falls off; only a welded contact stays
    update_strike(site, {}, Duration::zero());
    site.keypad.clear();
    site.prompt.reset();
    for (const Alarm alarm : std::exchange(site.alarms, {})) {
        witness(FactKind::alarm_cleared, at, {}, to_string(alarm));
    }
    changed(at);
}

void World::restore_power(SiteId at) {
    Site& site = site_ref(at);
    if (site.powered) return;
    site.powered = true;
    witness(FactKind::power_restored, at);
    update_strike(site, "weld", Duration::zero());
    follow_pin(site, "glitch");  // as it is at reset
    changed(at);
}

// ---- screen and siren ----------------------------------------------------------------------

void World::show_prompt(SiteId at, const Prompt& prompt) {
    Site& site = site_ref(at);
    if (site.prompt == prompt) return;
    site.prompt = prompt;
    witness(FactKind::prompt_shown, at, {}, to_string(prompt.message), prompt.seconds,
            prompt.attempts);
}

void World::set_alarm(SiteId at, Alarm alarm, bool raised) {
    Site& site = site_ref(at);
    if (raised) {
        if (!site.alarms.insert(alarm).second) return;
        witness(FactKind::alarm_raised, at, {}, to_string(alarm));
    } else {
        if (site.alarms.erase(alarm) == 0) return;
        witness(FactKind::alarm_cleared, at, {}, to_string(alarm));
    }
}

}  // namespace strongroom::sim
