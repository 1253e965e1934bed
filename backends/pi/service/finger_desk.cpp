#include "pi/service/finger_desk.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <thread>
#include <utility>

#include "pi/uart.h"

namespace strongroom::pi {

namespace {

using namespace std::chrono_literals;
using devices::ZfmAdmin;
using devices::ZfmAdminPrompt;
using devices::ZfmAdminRefusal;
using devices::ZfmPin;

constexpr Duration person_patience = 60s;  // for a finger to be laid down or lifted
constexpr Duration longest_sleep = 10ms;
constexpr std::size_t password_size = 4;
constexpr std::uint16_t canaries = 10;

std::string hexadecimal(std::int32_t code) {
    std::array<char, 16> text{};
    (void)std::snprintf(text.data(), text.size(), "%02X", static_cast<unsigned>(code));
    return text.data();
}

const char* words_for(ZfmAdminRefusal why) {
    switch (why) {
        case ZfmAdminRefusal::password_unknown:
            return "it takes neither the configured password nor one that such sensors are sold "
                   "with: it was provisioned with another one; put that one's file back, or fit "
                   "another sensor, for a password cannot be reset";
        case ZfmAdminRefusal::slot_taken: return "there is a template in that slot already";
        case ZfmAdminRefusal::finger_known:
            return "this finger is enrolled already: take another finger, or remove that one first";
        case ZfmAdminRefusal::fingers_differ:
            return "the two images are not of one finger: begin again";
        case ZfmAdminRefusal::poor_image:
            return "no image was good enough: clean the glass, dry the finger, and begin again";
        case ZfmAdminRefusal::not_written:
            return "what was read back is not what was written: begin again; if it happens again, "
                   "fit another sensor";
        case ZfmAdminRefusal::flash_failed:
            return "its memory is worn out or defective: fit another sensor";
        case ZfmAdminRefusal::slot_empty: return "there is no template in that slot";
        case ZfmAdminRefusal::artefact:
            return "this does not look like a living finger: nothing was enrolled";
        case ZfmAdminRefusal::unknown_model:
            return "its parameters are none that an R307 or its relatives have: it is another "
                   "model, or the address in the configuration is wrong";
    }
    return "it refused";
}

const char* words_for(SensorRefusal why) {
    switch (why) {
        case SensorRefusal::sensor_changed:
            return "it is not the sensor that was commissioned (its password or its parameters are "
                   "other ones): look at its cable and its box; a new sensor is commissioned with "
                   "`strongroom-door commission`";
        case SensorRefusal::factory_password:
            return "it takes the password that every such sensor is sold with: it was exchanged, "
                   "or never commissioned; run `strongroom-door commission`";
        case SensorRefusal::template_changed:
        case SensorRefusal::link_forged: break;
    }
    return "an answer came sooner than the sensor can give it: something else is on its cable";
}

}  // namespace

CanaryRange canary_of(const config::Fingerprint& sensor, std::uint16_t capacity) {
    if (sensor.canary_count > 0) return {sensor.canary_first, sensor.canary_count};
    const auto count =
        std::clamp<std::uint16_t>(static_cast<std::uint16_t>(capacity / 10), 1, canaries);
    return {static_cast<FingerSlot>(capacity - count), count};
}

Secret sensor_password(const config::SecretReference& reference, const Secret& text) {
    std::uint32_t value = 0;
    const std::string_view digits = text.reveal_text();
    const char* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() != 2 * password_size || error != std::errc{} || stopped != end) {
        throw yaml::ReadError(reference.place,
                              "the sensor's password must be eight hexadecimal digits");
    }
    std::array<std::byte, password_size> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes.at(i) = static_cast<std::byte>(value >> (24 - 8 * i));
    }
    return Secret(std::span<const std::byte>(bytes));
}

namespace {

ZfmPin pin_of(const config::Fingerprint& f) {
    return {.address = f.address,
            .system_id = f.pin.system_id,
            .capacity = f.pin.capacity,
            .security_level = static_cast<std::uint16_t>(f.security_level),
            .packet_size = f.pin.packet_size,
            .baud_rate = static_cast<std::uint32_t>(f.baud)};
}

void require_pinned(const config::Fingerprint& f) {
    if (f.pin.capacity > 0) return;
    throw yaml::ReadError(f.password.place,
                          "the fingerprint sensor is not pinned: run `strongroom-door commission`, "
                          "and put the 'pin' that it prints into the configuration");
}

}  // namespace

devices::ZfmReaderSettings reader_settings(const config::Fingerprint& sensor, Secret password,
                                           const Key256& digest_key) {
    require_pinned(sensor);
    const CanaryRange canary = canary_of(sensor, sensor.pin.capacity);
    devices::ZfmReaderSettings settings;
    settings.pin = pin_of(sensor);
    settings.password = std::move(password);
    settings.digest_key = digest_key;
    settings.canary_first = canary.first;
    settings.canary_count = canary.count;
    return settings;
}

SensorError FingerDesk::error_of(const Error& error, unsigned baud) const {
    std::string text = "the fingerprint sensor at " + setup_.sensor.device.string() + ": ";
    const std::int32_t code = error.vendor_code;
    switch (error.code) {
        case Errc::timeout:
            text += code != 0 ? "it answered with code " + hexadecimal(code) + ": begin again"
                              : "it does not answer at " + std::to_string(baud) +
                                    " baud: look at its power and its wires (TX goes to RX), and "
                                    "at 'device', 'baud' and 'address' in the configuration";
            break;
        case Errc::disconnected:
            text += "its line or its power was lost in the middle: begin again";
            break;
        case Errc::denied:
            text += code >= static_cast<std::int32_t>(ZfmAdminRefusal::password_unknown)
                        ? words_for(static_cast<ZfmAdminRefusal>(code))
                        : words_for(static_cast<SensorRefusal>(code));
            break;
        default: text += std::string(to_string(error.code));
    }
    return {text, error};
}

void FingerDesk::tell(ZfmAdminPrompt prompt, unsigned baud) {
    // An image and its packets, ten bits a byte.
    const unsigned fetching = 41'000 * 10 / baud + 1;
    switch (prompt) {
        case ZfmAdminPrompt::none: return;
        case ZfmAdminPrompt::place: setup_.tell("Put the finger on the sensor."); return;
        case ZfmAdminPrompt::lift: setup_.tell("Take the finger off the sensor."); return;
        case ZfmAdminPrompt::place_again:
            setup_.tell("Put the same finger on the sensor once more.");
            return;
        case ZfmAdminPrompt::wait:
            setup_.tell("Please wait " + std::to_string(fetching) +
                        " seconds: the image is looked at.");
            return;
    }
}

Result<devices::ZfmJobResult> FingerDesk::work(unsigned baud, const ZfmPin& pin,
                                               const Begin& begin) {
    Uart line(setup_.sensor.device.string(), baud);
    ZfmPin at_this_speed = pin;
    at_this_speed.baud_rate = baud;
    ZfmAdmin admin(line, setup_.clock,
                   {.pin = at_this_speed,
                    .password = setup_.password.clone(),
                    .digest_key = setup_.digest_key,
                    .check = &check_,
                    .liveness_min = setup_.liveness_min});
    if (const Result<void> begun = begin(admin); !begun) return tl::unexpected(begun.error());
    ZfmAdminPrompt told = ZfmAdminPrompt::none;
    Instant since = setup_.clock.now();
    while (true) {
        const ZfmAdminPrompt prompt = admin.prompt();
        if (prompt != told) {
            since = setup_.clock.now();
            told = prompt;
            tell(prompt, baud);
        }
        const bool waits = prompt != ZfmAdminPrompt::none && prompt != ZfmAdminPrompt::wait;
        if (waits && setup_.clock.now() - since > person_patience) {
            throw SensorError("nobody did what was asked for a minute: begin again",
                              {Errc::timeout, 0});
        }
        auto done = admin.poll();
        if (!done && done.error().code != Errc::corrupt) return tl::unexpected(done.error());
        if (done && *done) return std::move(**done);
        const Duration left = admin.next_poll() - setup_.clock.now();
        if (left > Duration::zero()) std::this_thread::sleep_for(std::min(left, longest_sleep));
    }
}

devices::ZfmJobResult FingerDesk::must(unsigned baud, const ZfmPin& pin, const Begin& begin) {
    auto done = work(baud, pin, begin);
    if (!done) throw error_of(done.error(), baud);
    return std::move(*done);
}

ZfmPin FingerDesk::wanted_pin() const { return pin_of(setup_.sensor); }

FoundSensor FingerDesk::examine() {
    const auto configured = static_cast<unsigned>(setup_.sensor.baud);
    std::vector<unsigned> speeds{configured};
    // The speed that they are sold with first.
    for (const unsigned speed : {57600U, 115200U, 9600U, 38400U, 19200U}) {
        if (speed != configured) speeds.push_back(speed);
    }
    ZfmPin unknown = wanted_pin();
    unknown.capacity = 0;
    for (const unsigned speed : speeds) {
        const auto found = work(speed, unknown, [](ZfmAdmin& admin) { return admin.examine(); });
        if (found) return {speed, found->factory_password, found->pin.value(), found->slots};
        const bool silent = found.error().code == Errc::timeout && found.error().vendor_code == 0;
        if (!silent) throw error_of(found.error(), speed);
        if (speed == configured) {
            setup_.tell("It does not answer at " + std::to_string(speed) +
                        " baud; trying the other speeds.");
        }
    }
    throw error_of({Errc::timeout, 0}, configured);
}

ZfmPin FingerDesk::provision(const FoundSensor& found, devices::ZfmLibrary library) {
    ZfmPin wanted = wanted_pin();
    wanted.capacity = 0;
    ZfmPin pin = must(found.baud, wanted, [&](ZfmAdmin& admin) {
                     return admin.provision(library);
                 }).pin.value();
    const auto configured = static_cast<unsigned>(setup_.sensor.baud);
    if (found.baud != configured) {
        // When its answer is lost, or comes at the new speed already, it may have changed.
        const auto changed =
            work(found.baud, wanted, [&](ZfmAdmin& admin) { return admin.set_speed(configured); });
        if (!changed && changed.error().code != Errc::timeout) {
            throw error_of(changed.error(), found.baud);
        }
    }
    // It has to prove itself as it will have to at every visit.
    wanted = pin;
    wanted.baud_rate = configured;
    (void)must(configured, wanted, [](ZfmAdmin& admin) { return admin.list(); });
    return wanted;
}

std::vector<FingerSlot> FingerDesk::list() {
    require_pinned(setup_.sensor);
    return must(static_cast<unsigned>(setup_.sensor.baud), wanted_pin(),
                [](ZfmAdmin& admin) { return admin.list(); })
        .slots;
}

hal::FingerReference FingerDesk::enrol(FingerSlot slot, std::optional<FingerSlot> replaces) {
    require_pinned(setup_.sensor);
    const auto done = must(static_cast<unsigned>(setup_.sensor.baud), wanted_pin(),
                           [&](ZfmAdmin& admin) { return admin.enrol(slot, replaces); });
    return {slot, done.template_digest.value()};
}

void FingerDesk::remove(FingerSlot slot) {
    require_pinned(setup_.sensor);
    (void)must(static_cast<unsigned>(setup_.sensor.baud), wanted_pin(),
               [&](ZfmAdmin& admin) { return admin.remove(slot); });
}

}  // namespace strongroom::pi
