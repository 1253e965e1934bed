#include "emulated_sensor.h"

#include <array>
#include <string>
#include <utility>

#include "scenarios/player.h"

namespace strongroom::scenarios {
namespace {

// As a sensor is sold: an image takes 7 s.
constexpr std::uint8_t baud_multiplier = 6;
constexpr std::uint8_t packet_size_code = 2;
constexpr std::uint16_t packet_size = 128;
constexpr std::uint16_t canary_count = 10;
constexpr int hands_tried = 50;
constexpr double laying_spread = 0.3;  // of somebody who has done it before

[[nodiscard]] fingerprint::R307Settings settings_with(std::uint32_t password) {
    fingerprint::R307Settings settings;
    settings.password = password;
    settings.baud_multiplier = baud_multiplier;
    settings.packet_size_code = packet_size_code;
    return settings;
}

[[nodiscard]] unsigned baud() { return 9600U * baud_multiplier; }

[[nodiscard]] devices::ZfmPin pin() {
    const fingerprint::R307Settings own = settings_with(0);
    return {.address = own.address,
            .system_id = own.system_id,
            .capacity = own.capacity,
            .security_level = own.security_level,
            .packet_size = packet_size,
            .baud_rate = baud()};
}

[[nodiscard]] Secret secret_of(std::uint32_t password) {
    const std::array bytes{std::byte(password >> 24U), std::byte(password >> 16U & 0xFFU),
                           std::byte(password >> 8U & 0xFFU), std::byte(password & 0xFFU)};
    return Secret(std::span<const std::byte>(bytes));
}

[[nodiscard]] Key256 key_from(Rng rng) {
    std::array<std::byte, Key256::size> bytes{};
    rng.fill(bytes);
    return Key256(bytes);
}

}  // namespace

EmulatedSensor::EmulatedSensor(sim::World& world, sim::SiteId site, sim::VirtualClock& clock,
                               const SensorParts& parts)
    : world_(world),
      site_(site),
      rng_(world.scheduler().rng("fingerprint sensor").fork(world.site(site).setup.name)),
      password_(static_cast<std::uint32_t>(1 + rng_.fork("password").below(0xFFFFFFFEU))),
      digest_key_(key_from(rng_.fork("digests"))),
      own_(std::make_unique<fingerprint::R307>(
          settings_with(parts.provisioned ? password_ : devices::zfm_factory_passwords[0]),
          rng_.fork("own").next())),
      plugged_(own_.get()),
      link_(world.scheduler(), own_.get(), baud()),
      wire_(link_) {
    devices::FingerImageCheck* check = &ridges_;
    if (!parts.image_pad) check = &credulous_;
    const devices::ZfmPin pinned = pin();
    const auto canary = static_cast<FingerSlot>(pinned.capacity - canary_count);
    reader_.emplace(wire_, clock, *check,
                    devices::ZfmReaderSettings{.pin = pinned,
                                               .password = secret_of(password_),
                                               .digest_key = digest_key_,
                                               .canary_first = canary,
                                               .canary_count = canary_count});
    link_.on_arrival([this] { world_.changed(site_); });
}

// Whose finger gives images that are too poor to be enrolled is in no library.
std::uint64_t EmulatedSensor::hand_of(std::uint64_t identity) {
    const auto known = hands_.find(identity);
    if (known != hands_.end()) return known->second;
    Rng drawn = world_.scheduler().rng("hand " + std::to_string(identity));
    for (int i = 0; i < hands_tried; ++i) {
        const std::uint64_t hand = drawn.next();
        if (!fingerprint::template_of(own_->fingers(), hand)) continue;
        return hands_[identity] = hand;
    }
    throw PlayError("no finger of the simulated world can be enrolled");
}

hal::FingerReference EmulatedSensor::enrol(FingerSlot slot, sim::PersonId person) {
    if (!own_->enrol(slot, hand_of(world_.person(person).finger))) {
        throw PlayError("the finger of '" + world_.person(person).name + "' cannot be enrolled");
    }
    return {slot, devices::finger_template_digest(digest_key_, own_->library().at(slot))};
}

fingerprint::FingerPresentation EmulatedSensor::presentation(const sim::LaidFinger& laid) {
    const sim::ShownFinger& shown = laid.shown;
    const bool cast = shown.presentation == sim::Presentation::artefact;
    const auto named = fingerprint::material_named(shown.species);
    const fingerprint::Material material = !cast   ? fingerprint::Material::skin
                                           : named ? *named
                                                   : fingerprint::Material::silicone;
    fingerprint::FingerPresentation finger = fingerprint::laid_down(
        hand_of(world_.person(shown.whose).finger), laid.serial, material, laying_spread);
    if (shown.quality == FingerQuality::messy) finger.moisture = 1;
    if (shown.quality == FingerQuality::sparse) finger.placement.right = 140;
    return finger;
}

void EmulatedSensor::follow() {
    const sim::Site& site = world_.site(site_);
    const std::uint64_t lies = site.finger ? site.finger->serial : 0;
    if (lies != std::exchange(laid_, lies)) {
        if (lies == 0) plugged_->lift();
        if (lies != 0) plugged_->place(presentation(*site.finger));
    }
    if (site.sensor_losses != std::exchange(losses_, site.sensor_losses)) {
        plugged_->brown_out(world_.scheduler().now());
    }
    fingerprint::R307* const reached = site.connected(sim::Cable::fingerprint) ? plugged_ : nullptr;
    if (link_.module() != reached) link_.plug(reached);
}

// ---- attacks -------------------------------------------------------------------------------

void EmulatedSensor::record(sim::PersonId attacker, std::string_view what, FingerSlot slot) {
    world_.witness(sim::FactKind::sensor_attacked, site_, world_.person(attacker).name, what, slot,
                   static_cast<double>(plugged_->library().size()));
}

void EmulatedSensor::replace(sim::PersonId attacker, FingerSlot slot) {
    foreign_ = std::make_unique<fingerprint::R307>(settings_with(0), rng_.fork("foreign").next());
    if (!foreign_->enrol(slot, hand_of(world_.person(attacker).finger))) {
        throw PlayError("the attacker's finger cannot be enrolled");
    }
    plugged_ = foreign_.get();
    laid_ = 0;
    record(attacker, "replaced", slot);
    follow();
}

void EmulatedSensor::forge_matches(sim::PersonId attacker, FingerSlot slot) {
    // The victim's finger is not there: the implant needs a finger's image, which is the
    // attacker's own.
    forger_.emplace(link_, fingerprint::MatchForger::Claim{
                               .page = slot, .score = 200, .without_finger = false});
    wire_.lead_to(*forger_);
    record(attacker, "implanted", slot);
}

// A tap works while the terminal is silent.
void EmulatedSensor::overwrite(sim::PersonId attacker, FingerSlot slot) {
    const auto theirs =
        fingerprint::template_of(own_->fingers(), hand_of(world_.person(attacker).finger));
    fingerprint::WireTap tap(*plugged_, world_.scheduler().now());
    const bool done = theirs && tap.verify(plugged_->password()) && tap.overwrite(slot, *theirs);
    record(attacker, done ? "overwritten" : "refused", slot);
}

void EmulatedSensor::empty(sim::PersonId attacker) {
    fingerprint::WireTap tap(*plugged_, world_.scheduler().now());
    bool done = false;
    for (const std::uint32_t sold_with : devices::zfm_factory_passwords) {
        done = done || (tap.verify(sold_with) && tap.empty());
    }
    record(attacker, done ? "emptied" : "refused", 0);
}

}  // namespace strongroom::scenarios
