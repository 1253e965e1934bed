#include "commission_sensor.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

#include "fingers.h"
#include "staff_prompt.h"

namespace strongroom::door {

namespace {

namespace fs = std::filesystem;

// Eight hexadecimal digits of the system's randomness; none that sensors are sold with.
Secret draw_password(hal::Entropy& entropy) {
    while (true) {
        std::array<std::byte, 4> bytes{};
        if (!entropy.fill(bytes)) throw pi::InputError("the system gives no random bytes");
        const bool factory = std::all_of(bytes.begin(), bytes.end(), [&](std::byte byte) {
            return byte == bytes[0] && (byte == std::byte{0} || byte == std::byte{0xFF});
        });
        if (factory) continue;
        std::array<char, 9> text{};
        (void)std::snprintf(
            text.data(), text.size(), "%02x%02x%02x%02x", std::to_integer<unsigned>(bytes[0]),
            std::to_integer<unsigned>(bytes[1]), std::to_integer<unsigned>(bytes[2]),
            std::to_integer<unsigned>(bytes[3]));
        Secret password{std::string_view(text.data(), 8)};
        wipe(std::as_writable_bytes(std::span(text)));
        wipe(bytes);
        return password;
    }
}

// As the configuration wants it.
std::string pin_text(const devices::ZfmPin& pin) {
    std::array<char, 96> text{};
    (void)std::snprintf(text.data(), text.size(),
                        "pin: {system_id: 0x%04X, capacity: %u, packet_size: %u}",
                        unsigned{pin.system_id}, unsigned{pin.capacity}, unsigned{pin.packet_size});
    return text.data();
}

class Commissioning {
public:
    Commissioning(const config::Configuration& configuration, const DoorOptions& options,
                  const pi::OpenStore& opened, hal::Clock& clock, hal::Entropy& entropy)
        : configuration_(configuration),
          f_(configuration.fingerprint.value()),
          credentials_(credentials_of(options)),
          file_(config::path_of(f_.password, credentials_)),
          has_file_(fs::exists(fs::symlink_status(file_))),
          password_(has_file_ ? config::read_secret(f_.password, credentials_)
                              : draw_password(entropy)),
          records_(*opened.records),
          clock_(clock),
          desk_(open_desk(configuration, pi::sensor_password(f_.password, password_), opened.master,
                          clock)) {}

    void run() {
        found_ = examine();
        require_right_one();
        enrolled_ = enrolled_fingers(records_, {clock_.now(), clock_.wall()}, f_.sensor);
        if (found_.factory_password) {
            make_ours();
        } else {
            keep_ours();
        }
        say_what_to_pin();
    }

private:
    [[nodiscard]] std::string at() const {
        return "the fingerprint sensor at " + f_.device.string();
    }

    pi::FoundSensor examine() {
        try {
            return desk_.examine();
        } catch (const pi::SensorError& error) {
            constexpr auto unknown =
                static_cast<std::int32_t>(devices::ZfmAdminRefusal::password_unknown);
            if (error.error().vendor_code != unknown || has_file_) throw;
            throw pi::InputError(at() + " was commissioned before, and the file of its password, " +
                                 file_.string() +
                                 ", is not there: put its copy back, or fit another sensor");
        }
    }

    void require_right_one() const {
        const bool pinned = f_.pin.capacity > 0;
        if (!pinned ||
            (found_.pin.system_id == f_.pin.system_id && found_.pin.capacity == f_.pin.capacity)) {
            return;
        }
        throw pi::InputError(
            at() + " is another one than the configuration pins: it says system_id " +
            std::to_string(found_.pin.system_id) + ", capacity " +
            std::to_string(found_.pin.capacity) +
            ". If it was exchanged on purpose, take 'pin' out of the configuration, give it a new "
            "'sensor' number, and run this again. Nothing was changed");
    }

    // A sensor as it is sold.
    void make_ours() {
        if (!enrolled_.empty()) {
            throw pi::InputError(
                at() + " is a new one, and " + std::to_string(enrolled_.size()) +
                " customers have fingers in sensor " + std::to_string(f_.sensor.value) +
                ": give the new one another 'sensor' number in the configuration, run this again, "
                "and enrol their fingers anew. Nothing was changed");
        }
        if (!found_.slots.empty()) {
            const std::string typed =
                ask(at() + " holds " + std::to_string(found_.slots.size()) +
                    " fingers of nobody knows whom. Type 'empty' to delete them");
            if (typed != "empty") throw pi::InputError("the sensor is as it was");
        }
        if (!has_file_) {
            config::write_secret(f_.password, credentials_, password_);
            std::cout << "made the sensor's password " << file_.string()
                      << "\nKeep a copy of it beside the master key's: without it the sensor is of "
                         "no use.\n";
        }
        pin_ = desk_.provision(found_, devices::ZfmLibrary::empty);
        std::cout << at() << " has its own password now, and an empty library\n";
    }

    void keep_ours() {
        const bool as_wanted = found_.baud == static_cast<unsigned>(f_.baud) &&
                               found_.pin.security_level == f_.security_level &&
                               found_.pin.packet_size == f_.pin.packet_size;
        pin_ = as_wanted ? found_.pin : desk_.provision(found_, devices::ZfmLibrary::keep);
        std::cout << at() << " has its own password already"
                  << (as_wanted ? "" : "; its parameters were set") << ", and "
                  << found_.slots.size() << " fingers\n";
        const auto canary = pi::canary_of(f_, pin_.capacity);
        for (const auto& [slot, customer] : enrolled_) {
            if (!canary.contains(slot)) continue;
            throw pi::InputError("slot " + std::to_string(slot) + " is customer " +
                                 std::to_string(customer.value) +
                                 "'s, and in the range of slots that stay empty ('canary'): choose "
                                 "another range");
        }
        const Disagreement found = compare(found_.slots, enrolled_);
        for (const std::string& line : words_for(found)) std::cerr << line << "\n";
        if (!found.nobodys.empty()) {
            std::cerr << found.nobodys.size()
                      << " of them are nobody's: `strongroom-door finger check` deletes them\n";
        }
    }

    void say_what_to_pin() const {
        const auto canary = pi::canary_of(f_, pin_.capacity);
        std::cout << "security level " << pin_.security_level << ", " << pin_.baud_rate
                  << " baud; slots " << canary.first << " to " << canary.first + canary.count - 1
                  << " stay empty\n";
        if (f_.pin.capacity > 0) {
            std::cout << "it is the one that the configuration pins\n";
        } else {
            std::cout << "put this into the configuration, under 'fingerprint':\n  "
                      << pin_text(pin_) << "\n";
        }
    }

    const config::Configuration& configuration_;
    const config::Fingerprint& f_;
    fs::path credentials_;
    fs::path file_;
    bool has_file_;
    Secret password_;
    store::SqliteRecords& records_;
    hal::Clock& clock_;
    pi::FingerDesk desk_;
    pi::FoundSensor found_;
    std::map<FingerSlot, CustomerId> enrolled_;
    devices::ZfmPin pin_;
};

}  // namespace

void commission_sensor(const config::Configuration& configuration, const DoorOptions& options,
                       const pi::OpenStore& opened, hal::Clock& clock, hal::Entropy& entropy) {
    Commissioning(configuration, options, opened, clock, entropy).run();
}

}  // namespace strongroom::door
