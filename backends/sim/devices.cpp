#include "sim/devices.h"

#include <algorithm>

#include "base/assert.h"

namespace strongroom::sim {

Result<void> Strike::pulse(Duration hold) {
    if (hold <= Duration::zero() || hold > max_hold()) return fail(Errc::out_of_range);
    const Site& site = world_.site(site_);
    if (!site.connected(Cable::strike)) return fail(Errc::disconnected);
    if (!world_.pulse_relay(site_, hold)) return fail(Errc::busy);
    return {};
}

Result<void> Strike::lock() {
    if (!world_.site(site_).connected(Cable::strike)) return fail(Errc::disconnected);
    world_.release_relay(site_);
    return {};
}

Result<hal::BoltState> Strike::sense() {
    const Site& site = world_.site(site_);
    if (!site.connected(Cable::bolt_monitor)) return fail(Errc::disconnected);
    return site.energised ? hal::BoltState::released : hal::BoltState::secured;
}

Duration Strike::max_hold() const { return world_.site(site_).setup.strike_max_hold; }

Result<bool> KeySwitch::turned() {
    return world_.site(site_).connected(Cable::key_switch) && world_.key_switch_closed(site_);
}

Result<bool> DoorContact::open() {
    const Site& site = world_.site(site_);
    return !site.connected(Cable::door_contact) || (site.door_open && !site.magnet);
}

Result<bool> TamperLoop::intact() {
    const Site& site = world_.site(site_);
    return site.connected(Cable::tamper_loop) && !site.enclosure_open;
}

Result<bool> ExitButton::pressed() {
    const Site& site = world_.site(site_);
    return site.connected(Cable::exit_button) && site.exit_pressed;
}

Result<std::optional<hal::KeypadEntry>> Keypad::poll() {
    if (!world_.site(site_).connected(Cable::keypad)) return fail(Errc::disconnected);
    return world_.take_keypad_entry(site_);
}

Result<void> Display::show(const Prompt& prompt) {
    if (!world_.site(site_).connected(Cable::display)) return fail(Errc::disconnected);
    world_.show_prompt(site_, prompt);
    return {};
}

Result<void> Siren::raise(Alarm alarm) {
    if (!world_.site(site_).connected(Cable::siren)) return fail(Errc::disconnected);
    world_.set_alarm(site_, alarm, true);
    return {};
}

Result<void> Siren::clear(Alarm alarm) {
    if (!world_.site(site_).connected(Cable::siren)) return fail(Errc::disconnected);
    world_.set_alarm(site_, alarm, false);
    return {};
}

Result<void> ByteLinkEnd::write(std::span<const std::byte> bytes) {
    if (!cable_->connected) return fail(Errc::disconnected);
    auto& outgoing = cable_->direction[side_];
    if (outgoing.size() + bytes.size() > cable_->capacity) return fail(Errc::busy);
    outgoing.insert(outgoing.end(), bytes.begin(), bytes.end());
    return {};
}

Result<std::size_t> ByteLinkEnd::read(std::span<std::byte> buffer) {
    auto& incoming = cable_->direction[1 - side_];
    const std::size_t count = std::min(buffer.size(), incoming.size());
    if (count == 0 && incoming.empty() && !cable_->connected) return fail(Errc::disconnected);
    const auto end = incoming.begin() + static_cast<std::ptrdiff_t>(count);
    std::copy(incoming.begin(), end, buffer.begin());
    incoming.erase(incoming.begin(), end);
    return count;
}

}  // namespace strongroom::sim
