// The configuration of one terminal: which devices it has, where its records are, and which policy
// decides. One YAML file; what it may say is in configuration.schema.json and, in words, in
// docs/configuration.md. A value without behaviour: programs compose a terminal from it.
//
// No secret stands in it: where one is needed the file names the place it is read from, so that a
// configuration can be shown, copied and kept under version control. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/alarm.h"
#include "base/finger_observation.h"
#include "base/ids.h"
#include "base/secret.h"
#include "base/time.h"
#include "config/settings.h"
#include "yaml/place.h"

namespace strongroom::config {

// Where a secret is read from.
struct SecretReference {
    enum class Source : std::uint8_t {
        file,        // a path; mode 0600 or stricter
        credential,  // a name in the directory that systemd passes (LoadCredential)
    };
    yaml::Place place;
    Source source = Source::file;
    std::string name;
};

// The file that the reference leads to. `credentials`: the directory that systemd passes in
// CREDENTIALS_DIRECTORY; empty when the program was started without. Throws yaml::ReadError: it is
// wanted and there is none.
[[nodiscard]] std::filesystem::path path_of(const SecretReference& reference,
                                            const std::filesystem::path& credentials);

// What it holds, without the line end of its last line. Throws yaml::ReadError, with what to do:
// no such file, a symbolic link, readable by others, empty, or larger than 4 KiB. The text never
// shows in a message.
[[nodiscard]] Secret read_secret(const SecretReference& reference,
                                 const std::filesystem::path& credentials);

// Writes `text` and a line end to where the reference leads, a new file of mode 0400: complete and
// on the medium when this returns, or not there. Throws yaml::ReadError, with what to do: there is
// a file already, no such folder, or it cannot be written.
void write_secret(const SecretReference& reference, const std::filesystem::path& credentials,
                  const Secret& text);

enum class PolicyName : std::uint8_t { locker, locker_keyless, atm_access };

struct PolicyChoice {
    yaml::Place place;
    PolicyName name = PolicyName::locker;
    // Values that differ from the policy's own, by their names (config/settings.h), as written.
    struct Change {
        yaml::Place place;
        std::string name;
        std::string value;
    };
    std::vector<Change> changes;
};

struct Store {
    std::filesystem::path database;
    std::filesystem::path anchor;  // best on another medium
    SecretReference key;
};

struct Face {
    enum class Kind : std::uint8_t {
        pack,    // a model pack over the camera
        scores,  // simulated scores, no camera
    };
    Kind kind = Kind::pack;
    std::string pack;
    std::filesystem::path models;
    std::string manifest_sha256;  // 64 hexadecimal digits
};

struct Camera {
    enum class Kind : std::uint8_t { v4l2, libcamera };
    // What the camera must be; empty parts are not compared.
    struct Pin {
        std::string driver;
        std::string bus;
        std::string serial;
    };
    Kind kind = Kind::v4l2;
    std::string device;  // v4l2: /dev/video0 or a link to it; libcamera: the camera's name
    int width = 640;     // pixels
    int height = 480;
    int frames_per_second = 15;
    Pin pin;
};

// One line of a GPIO chip: by its own name, or by the chip's label and an offset, because a chip's
// number changes from kernel to kernel.
struct Line {
    enum class Bias : std::uint8_t { as_is, disabled, pull_up, pull_down };
    yaml::Place place;
    std::string name;
    std::string chip;
    unsigned offset = 0;
    bool active_low = false;
    Bias bias = Bias::as_is;
};

struct Strike {
    enum class Kind : std::uint8_t {
        guard,  // through strongroom-guard, which bounds a pulse even when this program dies
        gpio,   // by this program alone
        simulated,
    };
    Kind kind = Kind::guard;
    std::filesystem::path socket;  // guard
    std::optional<Line> line;      // gpio: energises the strike
    std::optional<Line> monitor;   // active while the bolt is secured; not simulated
    // Of the guard's limit: what it must be, when the configuration says it.
    Duration hold_max = std::chrono::seconds(6);
    std::optional<yaml::Place> hold_max_said;
};

// A dry contact. Its line is active while its circuit is closed: the key turned, the door shut, the
// enclosure shut, the button pressed; so a broken wire never looks like what opens something.
struct Contact {
    enum class Kind : std::uint8_t { gpio, simulated, absent };
    Kind kind = Kind::absent;
    std::optional<Line> line;
};

struct Siren {
    enum class Kind : std::uint8_t { gpio, simulated, absent };
    // A sounder or a lamp.
    struct Output {
        Line line;
        std::vector<Alarm> alarms;  // active while one of them is raised; empty: any alarm at all
    };
    Kind kind = Kind::absent;
    std::vector<Output> outputs;  // gpio: one at least
};

struct Keypad {
    enum class Kind : std::uint8_t { evdev, simulated };
    Kind kind = Kind::evdev;
    std::filesystem::path device;
};

struct Display {
    enum class Kind : std::uint8_t { text, simulated };
    Kind kind = Kind::text;
    std::filesystem::path device;  // a terminal, or a file
};

struct Fingerprint {
    enum class Kind : std::uint8_t { zfm, simulated };
    // What the sensor must say of itself; see docs/fingerprint.md.
    struct Pin {
        std::uint16_t system_id = 0;
        std::uint16_t capacity = 0;       // 0: not pinned yet, and good for commissioning alone
        std::uint16_t packet_size = 128;  // bytes
    };
    Kind kind = Kind::zfm;
    SensorId sensor{1};  // which one it is in the records: a new number for a new sensor
    std::filesystem::path device;
    int baud = 57600;
    std::uint32_t address = 0xFFFFFFFF;
    SecretReference password;  // eight hexadecimal digits
    Pin pin;
    int security_level = 3;  // 1 to 5
    // Slots that stay empty: a search there must find nothing. Count 0: the last ones.
    FingerSlot canary_first = 0;
    FingerSlot canary_count = 0;
};

struct SmsProvider {
    enum class Kind : std::uint8_t { twilio, fast2sms, simulated };
    enum class Route : std::uint8_t { otp, dlt };
    yaml::Place place;
    Kind kind = Kind::twilio;
    std::string base_url;             // empty: the provider's own
    std::filesystem::path authority;  // a file of certificates to trust instead of the system's
    SecretReference token;            // Twilio's auth token, Fast2SMS's key
    std::string account;              // Twilio
    std::string from;                 // Twilio: a number, or a messaging service "MG..."
    Route route = Route::otp;         // Fast2SMS
    std::string sender_id;            // Fast2SMS, dlt
    std::string template_id;          // Fast2SMS, dlt
};

// Where Twilio reports what became of a message.
struct Callbacks {
    std::string listen;      // "127.0.0.1:8080"; a proxy with a certificate stands before it
    std::string public_url;  // as Twilio calls it: it is part of what is signed
};

struct Sms {
    std::vector<SmsProvider> providers;  // in order of preference
    Duration patience = std::chrono::seconds(20);
    std::optional<Callbacks> callbacks;
};

struct Configuration {
    std::filesystem::path file;
    TerminalId terminal;
    LockerId locker;
    std::string board;  // raspberry-pi-5 and the like; empty: unknown
    PolicyChoice policy;
    Store store;
    Face face;
    std::optional<Camera> camera;  // none with simulated scores
    std::optional<Fingerprint> fingerprint;
    Strike strike;
    Contact key;
    Contact door;
    Contact tamper;
    Contact exit_button;
    Siren siren;
    Keypad keypad;
    Display display;
    Sms sms;
    std::filesystem::path status_socket;  // empty: nobody may look
};

// Relative paths in a configuration are relative to its folder.
//
// Throws yaml::ReadError: the file cannot be read, is no YAML, has an unknown key, lacks one, or
// says what cannot be: file, line, what is wrong and what would be right.
[[nodiscard]] Configuration load(const std::filesystem::path& file);
[[nodiscard]] Configuration parse(const std::string& text, const std::filesystem::path& file);

// The policy with its changes, over the settings that composition begins with (the pack's
// threshold). Throws yaml::ReadError at the change: unknown name, a value of another type, or a
// result that Policy::check() or Rules::check() refuses.
void apply(const PolicyChoice& choice, Settings& settings);

// Everything in it that is simulated, as "camera", "strike": for a door, which has none.
[[nodiscard]] std::vector<std::string> simulated_parts(const Configuration& configuration);

[[nodiscard]] std::string_view to_string(PolicyName name);

}  // namespace strongroom::config
