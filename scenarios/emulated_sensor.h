// The fingerprint sensor of a terminal as an emulated R307 behind the production driver: image and
// wire, in virtual time. Private to scenarios. One thread.
//
// It follows what lies on the sensor's window in the World, its cable and its power. What attackers
// do to it is recorded as sensor_attacked facts.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "devices/ridge_image_check.h"
#include "devices/zfm_reader.h"
#include "fingerprint/attacks.h"
#include "fingerprint/r307.h"
#include "fingerprint/serial_link.h"
#include "parts/parts.h"
#include "sim/devices.h"
#include "sim/world.h"

namespace strongroom::scenarios {

// What stands in for its defences.
struct SensorParts {
    bool image_pad = true;    // false: every image is a living finger's
    bool provisioned = true;  // false: it keeps the password that it was sold with
};

class EmulatedSensor {
public:
    // All outlive the sensor. `clock` is the terminal's.
    EmulatedSensor(sim::World& world, sim::SiteId site, sim::VirtualClock& clock,
                   const SensorParts& parts);
    EmulatedSensor(const EmulatedSensor&) = delete;
    EmulatedSensor& operator=(const EmulatedSensor&) = delete;

    [[nodiscard]] hal::FingerprintReader& reader() { return *reader_; }
    // Stores her finger at `slot` and returns what the store keeps of it.
    [[nodiscard]] hal::FingerReference enrol(FingerSlot slot, sim::PersonId person);
    // To be called when the site has changed.
    void follow();

    // ---- attacks -----------------------------------------------------------------------------
    // Another sensor of the same type hangs on the cable, with the attacker's finger at `slot` and
    // no password.
    void replace(sim::PersonId attacker, FingerSlot slot);
    // From now on every comparison is answered with a match of `slot`.
    void forge_matches(sim::PersonId attacker, FingerSlot slot);
    // The attacker's template at `slot`, by somebody who knows the password.
    void overwrite(sim::PersonId attacker, FingerSlot slot);
    // Empties the library, by somebody who knows the passwords that sensors are sold with.
    void empty(sim::PersonId attacker);

private:
    // What the driver's end of the cable leads to: the sensor, or an implant before it.
    class Wire final : public hal::ByteLink {
    public:
        explicit Wire(hal::ByteLink& to) : to_(&to) {}
        void lead_to(hal::ByteLink& to) { to_ = &to; }
        [[nodiscard]] Result<void> write(std::span<const std::byte> bytes) override {
            return to_->write(bytes);
        }
        [[nodiscard]] Result<std::size_t> read(std::span<std::byte> buffer) override {
            return to_->read(buffer);
        }

    private:
        hal::ByteLink* to_;
    };

    [[nodiscard]] std::uint64_t hand_of(std::uint64_t identity);
    [[nodiscard]] fingerprint::FingerPresentation presentation(const sim::LaidFinger& laid);
    void record(sim::PersonId attacker, std::string_view what, FingerSlot slot);

    sim::World& world_;
    sim::SiteId site_;
    Rng rng_;
    std::uint32_t password_;
    Key256 digest_key_;
    std::unique_ptr<fingerprint::R307> own_;
    std::unique_ptr<fingerprint::R307> foreign_;
    fingerprint::R307* plugged_;  // own_ or foreign_
    fingerprint::SerialLink link_;
    std::optional<fingerprint::MatchForger> forger_;
    Wire wire_;
    devices::RidgeImageCheck ridges_;
    parts::CredulousImageCheck credulous_;
    std::optional<devices::ZfmReader> reader_;
    std::map<std::uint64_t, std::uint64_t> hands_;  // by identity of the finger
    std::uint64_t laid_ = 0;                        // serial of what lies on the window
    std::uint32_t losses_ = 0;                      // of cable or power
};

}  // namespace strongroom::scenarios
