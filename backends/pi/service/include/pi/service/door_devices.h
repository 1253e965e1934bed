// The devices of a terminal as a configuration names them: the drivers of backends/pi, and where it
// says "simulated" what the composing program gives.
//
// Runner thread, but for the threads inside drivers. Everything throws while composing, with the
// device's name and the remedy; afterwards nothing does.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "auth/policy.h"
#include "base/secret.h"
#include "config/configuration.h"
#include "hal/devices.h"
#include "pi/sms/events.h"
#include "terminal/terminal.h"
#include "vision/model_pack.h"

namespace strongroom::pi {

// A part of the configuration that cannot be composed: file, line or key, what is wrong, and what
// to do.
class CompositionError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct DoorDevicesSetup {
    const config::Configuration& configuration;
    std::filesystem::path credentials;  // what systemd passes; empty: nothing
    hal::Clock& clock;                  // safe from several threads; outlives the devices
    hal::Entropy& entropy;
    // Keys the digests of fingerprint templates; from the master key.
    Key256 finger_digest_key;
    // For the parts that the configuration has as simulated. strongroom-door has none, and so
    // refuses them.
    const hal::Devices* simulated = nullptr;
    SmsEventSink sms_events;
    // An SMS provider may be reached over plain http on a loopback address: an emulator.
    bool emulators = false;
};

class DoorDevices {
public:
    explicit DoorDevices(const DoorDevicesSetup& setup);
    DoorDevices(const DoorDevices&) = delete;
    DoorDevices& operator=(const DoorDevices&) = delete;
    ~DoorDevices();

    // References into this.
    [[nodiscard]] hal::Devices devices() const;
    // The threshold that the pack states, for the policy; none with simulated scores. Throws
    // CompositionError: it was not measured.
    [[nodiscard]] std::optional<auth::FaceThreshold> face_threshold() const;
    // A line each for people: which device is which, with versions and digests, without secrets.
    [[nodiscard]] std::vector<std::string> describe() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// A real camera. Throws CameraError.
[[nodiscard]] std::unique_ptr<hal::Camera> open_camera(const config::Camera& camera,
                                                       const hal::Clock& clock);
// None: any camera will do.
[[nodiscard]] std::optional<hal::CameraIdentity> pin_of(const config::Camera& camera);
// The pinned pack, which compares faces and tells people from pictures. Throws
// vision::PackError, CompositionError.
[[nodiscard]] vision::ModelPack load_pack(const config::Face& face);

[[nodiscard]] Key256 finger_digest_key(const Key256& master);
[[nodiscard]] terminal::Setup terminal_setup(const config::Configuration& configuration,
                                             const config::Settings& settings,
                                             const Key256& master);

// The policy of the configuration over the pack's threshold, and its alarm rules. Throws
// yaml::ReadError.
[[nodiscard]] config::Settings settings_of(const config::Configuration& configuration,
                                           const auth::FaceThreshold& threshold);

}  // namespace strongroom::pi
