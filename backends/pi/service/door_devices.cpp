#include "pi/service/door_devices.h"

#include <charconv>
#include <utility>

#include "base/assert.h"
#include "devices/failover_gateway.h"
#include "devices/ridge_image_check.h"
#include "devices/waiting_prompt.h"
#include "devices/zfm_reader.h"
#include "door_lines.h"
#include "pi/csi_camera.h"
#include "pi/evdev_keypad.h"
#include "pi/gpio_contacts.h"
#include "pi/gpio_siren.h"
#include "pi/gpio_strike.h"
#include "pi/guarded_strike.h"
#include "pi/service/finger_desk.h"
#include "pi/sms/callback_server.h"
#include "pi/sms/curl_transport.h"
#include "pi/sms/gateways.h"
#include "pi/text_display.h"
#include "pi/uart.h"
#include "pi/v4l2_camera.h"
#include "vision/face_pipeline.h"
#include "vision/threaded_observer.h"

namespace strongroom::pi {

namespace {

using config::Configuration;

constexpr const char* twilio_address = "https://api.twilio.com";
constexpr const char* fast2sms_address = "https://www.fast2sms.com";

// For parts that a terminal may do without.
class NoKey final : public hal::KeySwitch {
    Result<bool> turned() override { return false; }
};
class NoExitButton final : public hal::ExitButton {
    Result<bool> pressed() override { return false; }
};
class NoSiren final : public hal::Siren {
    Result<void> raise(Alarm) override { return {}; }
    Result<void> clear(Alarm) override { return {}; }
};

auth::FaceThreshold threshold_of(const vision::ModelPack& pack) {
    const vision::Threshold& threshold = pack.threshold();
    if (!threshold.evidence.measured || !threshold.evidence.fmr) {
        throw CompositionError("the pack " + pack.manifest().name +
                               " states a threshold that was not measured: measure one with "
                               "`strongroom face evaluate` and put it into its manifest");
    }
    return {threshold.distance, threshold.evidence.fmr->value, threshold.evidence.fmr->upper};
}

}  // namespace

std::unique_ptr<hal::Camera> open_camera(const config::Camera& wanted, const hal::Clock& clock) {
    if (wanted.kind == config::Camera::Kind::v4l2) {
        return std::make_unique<V4l2Camera>(
            V4l2CameraConfig{.device = wanted.device,
                             .width = wanted.width,
                             .height = wanted.height,
                             .frames_per_second = wanted.frames_per_second},
            clock);
    }
    return open_csi_camera({.camera = wanted.device,
                            .width = wanted.width,
                            .height = wanted.height,
                            .frames_per_second = wanted.frames_per_second},
                           clock);
}

std::optional<hal::CameraIdentity> pin_of(const config::Camera& camera) {
    const config::Camera::Pin& pin = camera.pin;
    if (pin.driver.empty() && pin.bus.empty() && pin.serial.empty()) return std::nullopt;
    return hal::CameraIdentity{pin.driver, pin.bus, pin.serial};
}

vision::ModelPack load_pack(const config::Face& face) {
    const vision::PackPlaces places = vision::PackPlaces::find(face.models);
    vision::ModelPack pack =
        vision::ModelPack::load(places, vision::find_pack(places, face.pack), face.manifest_sha256);
    if (pack.embedder() == nullptr) {
        throw CompositionError("the pack " + face.pack +
                               " finds faces and compares none (docs/model-packs.md)");
    }
    if (pack.liveness() == nullptr) {
        throw CompositionError("the pack " + face.pack +
                               " cannot tell a person from a picture of one: add networks for "
                               "liveness to its manifest (docs/model-packs.md)");
    }
    return pack;
}

Key256 finger_digest_key(const Key256& master) {
    return master.derive("strongroom finger templates v1");
}

terminal::Setup terminal_setup(const Configuration& configuration, const config::Settings& settings,
                               const Key256& master) {
    terminal::Setup setup{.terminal = configuration.terminal,
                          .locker = configuration.locker,
                          .policy = settings.policy,
                          .rules = settings.rules,
                          .code_key = master.derive("one-time codes")};
    if (configuration.fingerprint) setup.sensor = configuration.fingerprint->sensor;
    return setup;
}

// Everything is made in the order in which it stands here; what stands later may use what stands
// before.
struct DoorDevices::Parts {
    explicit Parts(const DoorDevicesSetup& setup)
        : c(setup.configuration), clock(setup.clock), entropy(setup.entropy) {
        make_strike(setup);  // first of all: its opening locks
        for (const std::string& warning : active_at_reset(c)) {
            lines.push_back("WARNING: " + warning);
        }
        make_face(setup);
        make_finger(setup);
        make_contacts(setup);
        make_panel(setup);
        make_sms(setup);
    }

    const hal::Devices& simulated(const DoorDevicesSetup& setup, const char* part) const {
        if (setup.simulated == nullptr) {
            throw CompositionError(c.file.string() + ": '" + part +
                                   "' is simulated, which this program has no way to do; give a "
                                   "real one, or use `strongroom serve`");
        }
        return *setup.simulated;
    }

    void make_face(const DoorDevicesSetup& setup) {
        if (c.face.kind == config::Face::Kind::scores) {
            face = &simulated(setup, "face").face;
            lines.emplace_back("face: simulated scores");
            return;
        }
        pack = std::make_unique<vision::ModelPack>(load_pack(c.face));
        lines.push_back("face: " + pack->summary());
        camera = open_camera(*c.camera, clock);
        lines.push_back("camera: " + c.camera->device);
        vision::PipelineOptions options;
        options.camera_pin = pin_of(*c.camera);
        pipeline = std::make_unique<vision::FacePipeline>(*camera, clock, *pack, pack->liveness(),
                                                          options);
        observer = std::make_unique<vision::ThreadedObserver>(*pipeline);
        face = observer.get();
    }

    void make_finger(const DoorDevicesSetup& setup) {
        if (!c.fingerprint) return;
        const config::Fingerprint& f = *c.fingerprint;
        if (f.kind == config::Fingerprint::Kind::simulated) {
            finger = simulated(setup, "fingerprint").finger;
            lines.emplace_back("fingerprint: simulated");
            return;
        }
        uart = std::make_unique<Uart>(f.device.string(), static_cast<unsigned>(f.baud));
        reader = std::make_unique<devices::ZfmReader>(
            *uart, clock, image_check,
            reader_settings(
                f, sensor_password(f.password, config::read_secret(f.password, setup.credentials)),
                setup.finger_digest_key));
        finger = reader.get();
        lines.push_back("fingerprint: " + f.device.string());
    }

    void make_strike(const DoorDevicesSetup& setup) {
        switch (c.strike.kind) {
            case config::Strike::Kind::guard:
                own_strike = std::make_unique<GuardedStrike>(
                    GuardedStrikeConfig{c.strike.socket.string(), line_of(*c.strike.monitor)});
                check_hold(c.strike, own_strike->max_hold());
                lines.push_back("strike: by the guard at " + c.strike.socket.string() +
                                ", pulses of " +
                                std::to_string(milliseconds(own_strike->max_hold())) +
                                " ms at most");
                break;
            case config::Strike::Kind::gpio:
                own_strike = std::make_unique<GpioStrike>(GpioStrikeConfig{
                    line_of(*c.strike.line), line_of(*c.strike.monitor), c.strike.hold_max});
                lines.emplace_back("strike: " + to_string(line_of(*c.strike.line)));
                break;
            case config::Strike::Kind::simulated:
                strike = &simulated(setup, "strike").strike;
                lines.emplace_back("strike: simulated");
                return;
        }
        strike = own_strike.get();
    }

    // One dry contact: a line, the simulated one, or one that is never closed.
    template <class Interface, class OnGpio, class Absent>
    Interface* contact(const DoorDevicesSetup& setup, const char* part,
                       const config::Contact& wanted, std::unique_ptr<Interface>& own,
                       Interface& (*from)(const hal::Devices&)) {
        if (wanted.kind == config::Contact::Kind::simulated) {
            lines.push_back(std::string(part) + ": simulated");
            return &from(simulated(setup, part));
        }
        if (wanted.kind == config::Contact::Kind::gpio) {
            own = std::make_unique<OnGpio>(line_of(*wanted.line));
            lines.push_back(std::string(part) + ": " + to_string(line_of(*wanted.line)));
        } else {
            own = std::make_unique<Absent>();
        }
        return own.get();
    }

    void make_contacts(const DoorDevicesSetup& setup) {
        using D = const hal::Devices&;
        key = contact<hal::KeySwitch, GpioKeySwitch, NoKey>(
            setup, "key_switch", c.key, own_key, [](D d) -> hal::KeySwitch& { return d.key; });
        exit_button = contact<hal::ExitButton, GpioExitButton, NoExitButton>(
            setup, "exit_button", c.exit_button, own_exit,
            [](D d) -> hal::ExitButton& { return d.exit_button; });
        // The configuration has refused these two without a line.
        if (c.door.kind == config::Contact::Kind::gpio) {
            own_door = std::make_unique<GpioDoorContact>(line_of(*c.door.line));
            door = own_door.get();
            lines.push_back("door_contact: " + to_string(line_of(*c.door.line)));
        } else {
            door = &simulated(setup, "door_contact").door;
        }
        if (c.tamper.kind == config::Contact::Kind::gpio) {
            own_tamper = std::make_unique<GpioTamperLoop>(line_of(*c.tamper.line));
            tamper = own_tamper.get();
            lines.push_back("tamper_loop: " + to_string(line_of(*c.tamper.line)));
        } else {
            tamper = &simulated(setup, "tamper_loop").tamper;
        }
    }

    void make_panel(const DoorDevicesSetup& setup) {
        switch (c.siren.kind) {
            case config::Siren::Kind::gpio:
                own_siren = std::make_unique<GpioSiren>(alarm_outputs(c.siren));
                break;
            case config::Siren::Kind::absent: own_siren = std::make_unique<NoSiren>(); break;
            case config::Siren::Kind::simulated: break;
        }
        siren = own_siren ? own_siren.get() : &simulated(setup, "siren").siren;
        if (c.keypad.kind == config::Keypad::Kind::evdev) {
            own_keypad = std::make_unique<EvdevKeypad>(c.keypad.device, c.locker);
            keypad = own_keypad.get();
            lines.push_back("keypad: " + c.keypad.device.string());
        } else {
            keypad = &simulated(setup, "keypad").keypad;
        }
        if (c.display.kind == config::Display::Kind::text) {
            own_display = std::make_unique<TextDisplay>(c.display.device);
            display = own_display.get();
            lines.push_back("display: " + c.display.device.string());
        } else {
            display = &simulated(setup, "display").display;
        }
        if (!reader) return;
        waiting = std::make_unique<devices::WaitingPrompt>(*reader, *display);
        finger = &waiting->reader();
        display = &waiting->display();
    }

    CurlTransport& transport(const DoorDevicesSetup& setup, const config::SmsProvider& provider,
                             const char* own_address) {
        CurlSettings settings;
        settings.base_url = provider.base_url.empty() ? own_address : provider.base_url;
        settings.authorities = provider.authority;
        settings.plain_loopback = setup.emulators;
        return *transports.emplace_back(std::make_unique<CurlTransport>(std::move(settings)));
    }

    // One server listens for all of Twilio's accounts, at an address each.
    void make_callbacks(const DoorDevicesSetup& setup) {
        if (!c.sms.callbacks) return;
        CallbackSettings settings;
        for (const config::SmsProvider& provider : c.sms.providers) {
            if (provider.kind != config::SmsProvider::Kind::twilio) continue;
            const CallbackAddress address =
                callback_address(c.sms.callbacks->public_url, settings.accounts.size());
            settings.accounts.push_back({{address.url, provider.account,
                                          config::read_secret(provider.token, setup.credentials)},
                                         address.path});
        }
        if (settings.accounts.empty()) return;  // nobody else reports
        const std::string& listen = c.sms.callbacks->listen;
        const std::size_t colon = listen.rfind(':');
        const char* end = listen.data() + listen.size();
        if (colon == std::string::npos ||
            std::from_chars(listen.data() + colon + 1, end, settings.port).ptr != end) {
            throw CompositionError(c.file.string() +
                                   ": sms.callbacks.listen must be ADDRESS:PORT, as "
                                   "127.0.0.1:8080");
        }
        settings.listen = listen.substr(0, colon);
        callbacks = std::make_unique<CallbackServer>(std::move(settings));
    }

    hal::SmsGateway* twilio(const DoorDevicesSetup& setup, const config::SmsProvider& provider) {
        twilio::Account account;
        account.sid = provider.account;
        account.secret = config::read_secret(provider.token, setup.credentials);
        (provider.from.starts_with("MG") ? account.messaging_service : account.from) =
            provider.from;
        CallbackSource* source = nullptr;
        if (callbacks) {
            account.status_callback =
                callback_address(c.sms.callbacks->public_url, twilio_accounts).url;
            source = &callbacks->source(twilio_accounts++);
        }
        return providers
            .emplace_back(std::make_unique<TwilioGateway>(
                clock, transport(setup, provider, twilio_address), std::move(account), SmsTiming{},
                setup.sms_events, source))
            .get();
    }

    hal::SmsGateway* fast2sms(const DoorDevicesSetup& setup, const config::SmsProvider& provider) {
        fast2sms::Account account;
        account.key = config::read_secret(provider.token, setup.credentials);
        const bool dlt = provider.route == config::SmsProvider::Route::dlt;
        account.route = dlt ? fast2sms::Route::dlt : fast2sms::Route::otp;
        account.sender = provider.sender_id;
        account.template_ = provider.template_id;
        return providers
            .emplace_back(std::make_unique<Fast2SmsGateway>(
                clock, transport(setup, provider, fast2sms_address), std::move(account),
                SmsTiming{}, setup.sms_events))
            .get();
    }

    void make_sms(const DoorDevicesSetup& setup) {
        make_callbacks(setup);
        std::vector<hal::SmsGateway*> order;
        for (const config::SmsProvider& provider : c.sms.providers) {
            switch (provider.kind) {
                case config::SmsProvider::Kind::twilio:
                    order.push_back(twilio(setup, provider));
                    lines.emplace_back("sms: Twilio");
                    break;
                case config::SmsProvider::Kind::fast2sms:
                    order.push_back(fast2sms(setup, provider));
                    lines.emplace_back("sms: Fast2SMS");
                    break;
                case config::SmsProvider::Kind::simulated:
                    order.push_back(&simulated(setup, "sms").sms);
                    lines.emplace_back("sms: simulated");
                    break;
            }
        }
        gateway =
            std::make_unique<devices::FailoverGateway>(clock, std::move(order), c.sms.patience);
    }

    const Configuration& c;
    hal::Clock& clock;
    hal::Entropy& entropy;
    std::vector<std::string> lines;

    std::unique_ptr<hal::Camera> camera;
    std::unique_ptr<vision::ModelPack> pack;
    std::unique_ptr<vision::FacePipeline> pipeline;
    std::unique_ptr<vision::ThreadedObserver> observer;
    hal::FaceObserver* face = nullptr;

    std::unique_ptr<Uart> uart;
    devices::RidgeImageCheck image_check;
    std::unique_ptr<devices::ZfmReader> reader;
    hal::FingerprintReader* finger = nullptr;

    std::unique_ptr<hal::Strike> own_strike;
    hal::Strike* strike = nullptr;
    std::unique_ptr<hal::KeySwitch> own_key;
    hal::KeySwitch* key = nullptr;
    std::unique_ptr<hal::DoorContact> own_door;
    hal::DoorContact* door = nullptr;
    std::unique_ptr<hal::TamperLoop> own_tamper;
    hal::TamperLoop* tamper = nullptr;
    std::unique_ptr<hal::ExitButton> own_exit;
    hal::ExitButton* exit_button = nullptr;
    std::unique_ptr<hal::Siren> own_siren;
    hal::Siren* siren = nullptr;
    std::unique_ptr<hal::Keypad> own_keypad;
    hal::Keypad* keypad = nullptr;
    std::unique_ptr<hal::Display> own_display;
    hal::Display* display = nullptr;
    std::unique_ptr<devices::WaitingPrompt> waiting;  // before both, where the reader is slow

    std::unique_ptr<CallbackServer> callbacks;
    std::size_t twilio_accounts = 0;  // that were made
    std::vector<std::unique_ptr<CurlTransport>> transports;
    std::vector<std::unique_ptr<hal::SmsGateway>> providers;
    std::unique_ptr<devices::FailoverGateway> gateway;
};

DoorDevices::DoorDevices(const DoorDevicesSetup& setup) : parts_(std::make_unique<Parts>(setup)) {}

DoorDevices::~DoorDevices() = default;

hal::Devices DoorDevices::devices() const {
    const Parts& p = *parts_;
    return {p.clock,        p.entropy, *p.face,    *p.strike, *p.key,     *p.door, *p.tamper,
            *p.exit_button, *p.keypad, *p.display, *p.siren,  *p.gateway, p.finger};
}

std::optional<auth::FaceThreshold> DoorDevices::face_threshold() const {
    if (!parts_->pack) return std::nullopt;
    return threshold_of(*parts_->pack);
}

std::vector<std::string> DoorDevices::describe() const { return parts_->lines; }

config::Settings settings_of(const Configuration& configuration,
                             const auth::FaceThreshold& threshold) {
    config::Settings settings{auth::locker(threshold), {}};
    switch (configuration.policy.name) {
        case config::PolicyName::locker: break;
        case config::PolicyName::locker_keyless:
            settings.policy = auth::locker_keyless(threshold);
            break;
        case config::PolicyName::atm_access: settings.policy = auth::atm_access(threshold); break;
    }
    config::apply(configuration.policy, settings);
    return settings;
}

}  // namespace strongroom::pi
