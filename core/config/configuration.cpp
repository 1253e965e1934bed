#include "config/configuration.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "yaml/reader.h"

namespace strongroom::config {

namespace {

namespace fs = std::filesystem;
using yaml::Mapping;

constexpr std::size_t file_bytes_max = 256 * 1024;

const std::vector<std::string> boards{"raspberry-pi-5", "raspberry-pi-4", "raspberry-pi-3"};

// Reads one file; each function reads one section.
class Reader {
public:
    Reader(const YAML::Node& root, const fs::path& file)
        : top_(root, file.string(), "the configuration"), file_(file) {}

    Configuration run() {
        Configuration c;
        c.file = file_;
        c.terminal = {top_.number("terminal")};
        c.locker = {top_.number("locker")};
        if (top_.has("board")) c.board = boards.at(top_.choice("board", boards));
        c.policy = policy();
        c.store = store();
        c.face = face();
        c.camera = camera(c.face.kind);
        if (top_.has("fingerprint")) c.fingerprint = fingerprint();
        c.strike = strike();
        contacts(c);
        c.keypad = keypad();
        c.display = display();
        c.sms = sms();
        if (top_.has("status_socket")) c.status_socket = path(top_, "status_socket");
        top_.finish();
        check(c);
        return c;
    }

private:
    Mapping section(Mapping& in, const std::string& key) {
        return {in.need(key), file_.string(), "'" + key + "'"};
    }
    Mapping section(const std::string& key) { return section(top_, key); }

    [[nodiscard]] fs::path path(Mapping& m, const std::string& key) const {
        const fs::path given = m.text(key);
        return given.is_absolute() ? given : file_.parent_path() / given;
    }

    SecretReference secret(Mapping& in, const std::string& key) {
        Mapping m = section(in, key);
        SecretReference reference;
        reference.place = m.place();
        if (m.has("file") == m.has("credential")) {
            m.refuse(in.need(key), "'" + key +
                                       "' needs either 'file' or 'credential': a secret is read "
                                       "from its own file, never from the configuration");
        }
        if (m.has("file")) {
            reference.name = path(m, "file").string();
        } else {
            reference.source = SecretReference::Source::credential;
            reference.name = m.text("credential");
            if (reference.name.find('/') != std::string::npos) {
                m.refuse(m.need("credential"), "'credential' is a name, without folders");
            }
        }
        m.finish();
        return reference;
    }

    PolicyChoice policy() {
        Mapping m = section("policy");
        PolicyChoice choice;
        choice.place = m.place();
        choice.name =
            static_cast<PolicyName>(m.choice("name", {"locker", "locker-keyless", "atm-access"}));
        if (m.has("set")) {
            Mapping changes = section(m, "set");
            for (const auto& [name, value] : changes.rest()) {
                choice.changes.push_back(
                    {changes.place_of(value), name, changes.scalar(value, name, "a value")});
            }
        }
        m.finish();
        return choice;
    }

    Store store() {
        Mapping m = section("store");
        Store store;
        store.database = path(m, "database");
        store.anchor = path(m, "anchor");
        store.key = secret(m, "key");
        if (store.anchor == store.database) {
            m.refuse(m.need("anchor"), "'anchor' must be another file than 'database'");
        }
        m.finish();
        return store;
    }

    Face face() {
        Mapping m = section("face");
        Face face;
        face.kind = static_cast<Face::Kind>(m.choice("kind", {"pack", "scores"}));
        if (face.kind == Face::Kind::pack) {
            face.pack = m.text("pack");
            face.models = path(m, "models");
            face.manifest_sha256 = m.text("manifest_sha256");
            const bool digest =
                face.manifest_sha256.size() == 64 &&
                face.manifest_sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
            if (!digest) {
                m.refuse(m.need("manifest_sha256"),
                         "'manifest_sha256' must be 64 lower-case hexadecimal digits: `strongroom "
                         "models list` shows them");
            }
        }
        m.finish();
        return face;
    }

    std::optional<Camera> camera(Face::Kind face) {
        if (face == Face::Kind::scores) {
            if (top_.has("camera")) {
                top_.refuse(top_.need("camera"),
                            "'camera' must not be given: simulated scores need none");
            }
            return std::nullopt;
        }
        Mapping m = section("camera");
        Camera camera;
        camera.kind = static_cast<Camera::Kind>(m.choice("kind", {"v4l2", "libcamera"}));
        camera.device = m.text("device", "");
        if (camera.kind == Camera::Kind::v4l2 && camera.device.empty()) {
            m.refuse(m.need("kind"),
                     "a v4l2 camera needs 'device', best a link of /dev/v4l/by-id, which stays "
                     "when others are plugged in");
        }
        if (m.has("width")) camera.width = static_cast<int>(m.whole("width", 160, 4096));
        if (m.has("height")) camera.height = static_cast<int>(m.whole("height", 120, 4096));
        if (m.has("frames_per_second")) {
            camera.frames_per_second = static_cast<int>(m.whole("frames_per_second", 1, 120));
        }
        if (m.has("pin")) {
            Mapping pin = section(m, "pin");
            camera.pin = {pin.text("driver", ""), pin.text("bus", ""), pin.text("serial", "")};
            pin.finish();
        }
        m.finish();
        return camera;
    }

    Fingerprint::Pin sensor_pin(Mapping& in) {
        Mapping m = section(in, "pin");
        Fingerprint::Pin pin;
        pin.system_id = static_cast<std::uint16_t>(m.whole("system_id", 0, 0xFFFF));
        pin.capacity = static_cast<std::uint16_t>(m.whole("capacity", 1, 0xFFFF));
        if (m.has("packet_size")) {
            constexpr std::array<std::uint16_t, 4> sizes{32, 64, 128, 256};
            pin.packet_size = sizes.at(m.choice("packet_size", {"32", "64", "128", "256"}));
        }
        m.finish();
        return pin;
    }

    Fingerprint fingerprint() {
        Mapping m = section("fingerprint");
        Fingerprint f;
        f.kind = static_cast<Fingerprint::Kind>(m.choice("kind", {"zfm", "simulated"}));
        if (m.has("sensor")) f.sensor = {m.number("sensor")};
        if (f.kind == Fingerprint::Kind::zfm) {
            f.device = path(m, "device");
            if (m.has("baud")) {
                f.baud = static_cast<int>(m.whole("baud", 9600, 115200));
                if (f.baud % 9600 != 0) m.refuse(m.need("baud"), "'baud' is a multiple of 9600");
            }
            if (m.has("address")) {
                f.address = static_cast<std::uint32_t>(m.whole("address", 0, 0xFFFFFFFF));
            }
            f.password = secret(m, "password");
            if (m.has("pin")) f.pin = sensor_pin(m);
            if (m.has("security_level")) {
                f.security_level = static_cast<int>(m.whole("security_level", 1, 5));
            }
            if (m.has("canary")) {
                Mapping canary = section(m, "canary");
                f.canary_first = static_cast<FingerSlot>(canary.whole("first", 0, 0xFFFF));
                f.canary_count = static_cast<FingerSlot>(canary.whole("count", 1, 1000));
                canary.finish();
            }
        }
        m.finish();
        return f;
    }

    Line line(Mapping& in, const std::string& key) {
        Mapping m = section(in, key);
        Line line;
        line.place = m.place();
        if (m.has("name")) {
            line.name = m.text("name");
            if (m.has("chip") || m.has("offset")) {
                m.refuse(in.need(key), "'" + key + "' needs either 'name', or 'chip' and 'offset'");
            }
        } else {
            line.chip = m.text("chip");
            line.offset = static_cast<unsigned>(m.whole("offset", 0, 1023));
        }
        line.active_low = m.flag("active_low", false);
        if (m.has("bias")) {
            line.bias = static_cast<Line::Bias>(
                m.choice("bias", {"as-is", "disabled", "pull-up", "pull-down"}));
        }
        m.finish();
        return line;
    }

    Strike strike() {
        Mapping m = section("strike");
        Strike strike;
        strike.kind = static_cast<Strike::Kind>(m.choice("kind", {"guard", "gpio", "simulated"}));
        if (strike.kind == Strike::Kind::guard) strike.socket = path(m, "socket");
        if (strike.kind == Strike::Kind::gpio) strike.line = line(m, "line");
        if (strike.kind != Strike::Kind::simulated) strike.monitor = line(m, "monitor");
        if (m.has("hold_max")) {
            strike.hold_max = m.duration("hold_max");
            strike.hold_max_said = m.place_of(m.need("hold_max"));
        }
        if (strike.hold_max <= Duration::zero() || strike.hold_max > std::chrono::seconds(30)) {
            m.refuse(m.need("hold_max"), "'hold_max' must be more than 0 and at most 30s");
        }
        m.finish();
        return strike;
    }

    template <class Device>
    Device on_line(const std::string& key) {
        Mapping m = section(key);
        Device device;
        device.kind =
            static_cast<typename Device::Kind>(m.choice("kind", {"gpio", "simulated", "absent"}));
        if (device.kind == Device::Kind::gpio) device.line = line(m, "line");
        m.finish();
        return device;
    }

    void contacts(Configuration& c) {
        c.key = on_line<Contact>("key_switch");
        c.door = on_line<Contact>("door_contact");
        c.tamper = on_line<Contact>("tamper_loop");
        c.exit_button = on_line<Contact>("exit_button");
        c.siren = siren();
    }

    // One line for every alarm, or several, each for some.
    Siren siren() {
        Mapping m = section("siren");
        Siren siren;
        siren.kind = static_cast<Siren::Kind>(m.choice("kind", {"gpio", "simulated", "absent"}));
        if (siren.kind == Siren::Kind::gpio) {
            if (m.has("line") && m.has("outputs")) {
                m.refuse(top_.need("siren"), "'siren' needs either 'line' or 'outputs'");
            }
            if (!m.has("outputs")) siren.outputs.push_back({line(m, "line"), {}});
            for (const YAML::Node& node : m.items("outputs")) {
                siren.outputs.push_back(siren_output(node));
            }
            if (siren.outputs.empty()) {
                m.refuse(m.need("outputs"), "'outputs' is empty: give one, or kind: absent");
            }
        }
        m.finish();
        return siren;
    }

    Siren::Output siren_output(const YAML::Node& node) {
        Mapping m(node, file_.string(), "this output");
        Siren::Output output{line(m, "line"), {}};
        std::vector<std::string> known;
        for (const Alarm alarm : all_alarms) known.emplace_back(to_string(alarm));
        for (const YAML::Node& name : m.items("alarms")) {
            const std::string text = m.scalar(name, "alarms", "a list of alarms");
            const auto found = std::find(known.begin(), known.end(), text);
            if (found == known.end()) {
                m.refuse(name, "unknown alarm '" + text + "': " + yaml::suggestion(text, known));
            }
            output.alarms.push_back(all_alarms.at(static_cast<std::size_t>(found - known.begin())));
        }
        m.finish();
        return output;
    }

    Keypad keypad() {
        Mapping m = section("keypad");
        Keypad keypad;
        keypad.kind = static_cast<Keypad::Kind>(m.choice("kind", {"evdev", "simulated"}));
        if (keypad.kind == Keypad::Kind::evdev) keypad.device = path(m, "device");
        m.finish();
        return keypad;
    }

    Display display() {
        Mapping m = section("display");
        Display display;
        display.kind = static_cast<Display::Kind>(m.choice("kind", {"text", "simulated"}));
        if (display.kind == Display::Kind::text) display.device = path(m, "device");
        m.finish();
        return display;
    }

    SmsProvider provider(const YAML::Node& node) {
        Mapping m(node, file_.string(), "this provider");
        SmsProvider p;
        p.place = m.place();
        p.kind =
            static_cast<SmsProvider::Kind>(m.choice("kind", {"twilio", "fast2sms", "simulated"}));
        if (p.kind != SmsProvider::Kind::simulated) {
            p.base_url = m.text("base_url", "");
            if (m.has("authority")) p.authority = path(m, "authority");
            p.token = secret(m, "token");
        }
        if (p.kind == SmsProvider::Kind::twilio) {
            p.account = m.text("account");
            p.from = m.text("from");
        }
        if (p.kind == SmsProvider::Kind::fast2sms) {
            p.route = static_cast<SmsProvider::Route>(m.choice("route", {"otp", "dlt"}));
            if (p.route == SmsProvider::Route::dlt) {
                p.sender_id = m.text("sender_id");
                p.template_id = m.text("template_id");
            }
        }
        m.finish();
        return p;
    }

    Sms sms() {
        Mapping m = section("sms");
        Sms sms;
        for (const YAML::Node& node : m.items("providers")) {
            sms.providers.push_back(provider(node));
        }
        if (sms.providers.empty()) {
            m.refuse(top_.need("sms"),
                     "'providers' needs at least one: without a code nobody "
                     "gets in");
        }
        if (m.has("patience")) sms.patience = m.duration("patience");
        if (sms.patience < std::chrono::seconds(2) || sms.patience > std::chrono::seconds(60)) {
            m.refuse(m.need("patience"), "'patience' must be from 2s to 60s");
        }
        if (m.has("callbacks")) {
            Mapping callbacks = section(m, "callbacks");
            sms.callbacks = {callbacks.text("listen"), callbacks.text("public_url")};
            callbacks.finish();
        }
        m.finish();
        return sms;
    }

    // What no section can know alone.
    void check(const Configuration& c) {
        const bool asks_finger = c.policy.name == PolicyName::atm_access;
        if (asks_finger && !c.fingerprint) {
            top_.refuse(top_.need("policy"),
                        "the policy 'atm-access' asks for a finger: add 'fingerprint'");
        }
        if (c.policy.name == PolicyName::locker && c.key.kind == Contact::Kind::absent) {
            top_.refuse(top_.need("key_switch"),
                        "the policy 'locker' asks for the key: give its switch, or choose "
                        "'locker-keyless'");
        }
        for (const auto& [key, contact] :
             {std::pair{"door_contact", &c.door}, std::pair{"tamper_loop", &c.tamper}}) {
            if (contact->kind == Contact::Kind::absent) {
                top_.refuse(top_.need(key),
                            "'" + std::string(key) + "' cannot be absent: the alarms need it");
            }
        }
    }

    Mapping top_;
    fs::path file_;
};

}  // namespace

Configuration parse(const std::string& text, const fs::path& file) {
    return Reader(yaml::parse(text, file.string()), file).run();
}

Configuration load(const fs::path& file) {
    return parse(yaml::read_file(file, file_bytes_max), file);
}

void apply(const PolicyChoice& choice, Settings& settings) {
    for (const PolicyChoice::Change& change : choice.changes) {
        try {
            change_setting(settings, change.name, change.value);
        } catch (const std::invalid_argument& error) {
            throw yaml::ReadError(change.place, error.what());
        }
    }
    std::vector<std::string> problems = settings.policy.check();
    const std::vector<std::string> alarms = settings.rules.check();
    problems.insert(problems.end(), alarms.begin(), alarms.end());
    if (problems.empty()) return;
    // A sentence begins with the name of the value that it is about.
    const auto blamed =
        std::find_if(choice.changes.begin(), choice.changes.end(), [&](const auto& change) {
            return problems.front().find(change.name) != std::string::npos;
        });
    throw yaml::ReadError(blamed == choice.changes.end() ? choice.place : blamed->place,
                          "not fit for a door: " + problems.front());
}

std::vector<std::string> simulated_parts(const Configuration& c) {
    std::vector<std::string> parts;
    const auto note = [&](bool simulated, const char* name) {
        if (simulated) parts.emplace_back(name);
    };
    note(c.face.kind != Face::Kind::pack, "face");
    note(c.fingerprint && c.fingerprint->kind == Fingerprint::Kind::simulated, "fingerprint");
    note(c.strike.kind == Strike::Kind::simulated, "strike");
    note(c.key.kind == Contact::Kind::simulated, "key_switch");
    note(c.door.kind == Contact::Kind::simulated, "door_contact");
    note(c.tamper.kind == Contact::Kind::simulated, "tamper_loop");
    note(c.exit_button.kind == Contact::Kind::simulated, "exit_button");
    note(c.siren.kind == Siren::Kind::simulated, "siren");
    note(c.keypad.kind == Keypad::Kind::simulated, "keypad");
    note(c.display.kind == Display::Kind::simulated, "display");
    note(std::any_of(c.sms.providers.begin(), c.sms.providers.end(),
                     [](const SmsProvider& p) { return p.kind == SmsProvider::Kind::simulated; }),
         "sms");
    return parts;
}

std::string_view to_string(PolicyName name) {
    switch (name) {
        case PolicyName::locker: return "locker";
        case PolicyName::locker_keyless: return "locker-keyless";
        case PolicyName::atm_access: return "atm-access";
    }
    return "invalid";
}

}  // namespace strongroom::config
