// FingerDesk: staff's work with a terminal's fingerprint sensor, over its own serial line: looking
// at it, provisioning it, enrolling and deleting fingers.
//
// One thread. Each call opens the line, blocks until it is done, and closes the line: for commands,
// not for the loop. Everything throws SensorError, with the remedy, or what Uart throws.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "config/configuration.h"
#include "devices/ridge_image_check.h"
#include "devices/zfm_admin.h"
#include "devices/zfm_reader.h"
#include "hal/clock.h"
#include "hal/fingerprint_reader.h"

namespace strongroom::pi {

// The sensor refuses, is another one, or does not answer: what, and what to do.
class SensorError : public std::runtime_error {
public:
    SensorError(const std::string& what, const Error& error)
        : std::runtime_error(what), error_(error) {}
    [[nodiscard]] const Error& error() const { return error_; }

private:
    Error error_;
};

// What was found at the line.
struct FoundSensor {
    unsigned baud = 0;              // bits a second, at which it answered
    bool factory_password = false;  // it takes a password that such sensors are sold with
    devices::ZfmPin pin;            // what it says of itself
    std::vector<FingerSlot> slots;  // that hold a template, ascending
};

// Slots that stay empty; as configured, or the last ten (of a small library, the last tenth).
struct CanaryRange {
    FingerSlot first = 0;
    std::uint16_t count = 0;
    [[nodiscard]] bool contains(FingerSlot slot) const {
        return slot >= first && slot - first < count;
    }
};
[[nodiscard]] CanaryRange canary_of(const config::Fingerprint& sensor, std::uint16_t capacity);

// The four bytes of a sensor's password, which is written as eight hexadecimal digits. Throws
// yaml::ReadError, naming the place, for anything else.
[[nodiscard]] Secret sensor_password(const config::SecretReference& reference, const Secret& text);

// For the terminal's reader. Throws yaml::ReadError for a sensor that was not commissioned.
[[nodiscard]] devices::ZfmReaderSettings reader_settings(const config::Fingerprint& sensor,
                                                         Secret password, const Key256& digest_key);

struct FingerDeskSetup {
    const config::Fingerprint& sensor;  // outlives the desk
    Secret password;                    // four bytes
    Key256 digest_key;                  // pi::finger_digest_key()
    hal::Clock& clock;
    std::function<void(const std::string&)> tell;  // the person before the sensor, a sentence
    float liveness_min = 0.5F;                     // below it nothing is enrolled
};

class FingerDesk {
public:
    explicit FingerDesk(FingerDeskSetup setup) : setup_(std::move(setup)) {}

    // Looks at the configured speed first, then at the others, which takes some seconds each.
    // Changes nothing.
    [[nodiscard]] FoundSensor examine();
    // Sets the password and the configured parameters of the sensor that was found, and then the
    // configured speed. Returns what it is then.
    [[nodiscard]] devices::ZfmPin provision(const FoundSensor& found, devices::ZfmLibrary library);

    // The rest asks the sensor to prove itself, and wants it pinned.
    [[nodiscard]] std::vector<FingerSlot> list();
    // Two images of one living finger, into a free slot. `replaces`: where the same finger may be
    // from before.
    [[nodiscard]] hal::FingerReference enrol(FingerSlot slot, std::optional<FingerSlot> replaces);
    void remove(FingerSlot slot);

private:
    using Begin = std::function<Result<void>(devices::ZfmAdmin&)>;
    [[nodiscard]] devices::ZfmPin wanted_pin() const;
    [[nodiscard]] Result<devices::ZfmJobResult> work(unsigned baud, const devices::ZfmPin& pin,
                                                     const Begin& begin);
    [[nodiscard]] devices::ZfmJobResult must(unsigned baud, const devices::ZfmPin& pin,
                                             const Begin& begin);
    void tell(devices::ZfmAdminPrompt prompt, unsigned baud);
    [[nodiscard]] SensorError error_of(const Error& error, unsigned baud) const;

    FingerDeskSetup setup_;
    devices::RidgeImageCheck check_;
};

}  // namespace strongroom::pi
