#include "fingers.h"

#include <array>
#include <iostream>

#include "pi/commands/open_store.h"
#include "pi/service/door_devices.h"
#include "staff.h"

namespace strongroom::door {

namespace {

// What the policy wants of a finger's image. The other factors are not asked for here.
float liveness_min_of(const config::Configuration& configuration) {
    config::Settings settings{auth::atm_access({}), {}};
    for (const auto& change : configuration.policy.changes) {
        if (change.name == "finger.liveness_min") {
            config::change_setting(settings, change.name, change.value);
        }
    }
    return static_cast<float>(settings.policy.finger.liveness_min);
}

// The audit's word for what a sensor refused, where it has one.
std::optional<auth::AuditKind> kind_of(const Error& error) {
    if (error.code != Errc::denied) return std::nullopt;
    switch (static_cast<SensorRefusal>(error.vendor_code)) {
        case SensorRefusal::sensor_changed: return auth::AuditKind::sensor_changed;
        case SensorRefusal::factory_password: return auth::AuditKind::factory_password;
        case SensorRefusal::template_changed: return auth::AuditKind::template_changed;
        case SensorRefusal::link_forged: return auth::AuditKind::link_forged;
    }
    if (error.vendor_code == static_cast<std::int32_t>(devices::ZfmAdminRefusal::artefact)) {
        return auth::AuditKind::finger_artefact;
    }
    return std::nullopt;
}

}  // namespace

pi::FingerDesk open_desk(const config::Configuration& configuration, Secret password,
                         const Key256& master, hal::Clock& clock) {
    return pi::FingerDesk({.sensor = configuration.fingerprint.value(),
                           .password = std::move(password),
                           .digest_key = pi::finger_digest_key(master),
                           .clock = clock,
                           .tell = [](const std::string& text) { std::cerr << text << std::endl; },
                           .liveness_min = liveness_min_of(configuration)});
}

pi::FingerDesk open_desk(const config::Configuration& configuration, const DoorOptions& options,
                         const Key256& master, hal::Clock& clock) {
    const config::SecretReference& reference = configuration.fingerprint.value().password;
    return open_desk(
        configuration,
        pi::sensor_password(reference, config::read_secret(reference, credentials_of(options))),
        master, clock);
}

std::map<FingerSlot, CustomerId> enrolled_fingers(store::SqliteRecords& records,
                                                  store::Moment moment, SensorId sensor) {
    const auto fail_with = [](const Error& error) {
        throw pi::InputError("the store cannot be read: " + words_for(error));
    };
    std::map<FingerSlot, CustomerId> slots;
    const auto customers = records.customers(moment);
    if (!customers) fail_with(customers.error());
    for (const store::CustomerSummary& customer : *customers) {
        if (customer.fingers == 0) continue;
        const auto record = records.load(moment, customer.id, {});
        if (!record) fail_with(record.error());
        for (const store::FingerEnrolment& finger : record->fingers) {
            if (finger.sensor == sensor) slots.emplace(finger.reference.slot, customer.id);
        }
    }
    return slots;
}

Disagreement compare(const std::vector<FingerSlot>& in_sensor,
                     const std::map<FingerSlot, CustomerId>& in_store) {
    Disagreement found;
    found.missing = in_store;
    for (const FingerSlot slot : in_sensor) {
        if (found.missing.erase(slot) == 0) found.nobodys.push_back(slot);
    }
    return found;
}

std::vector<std::string> words_for(const Disagreement& found) {
    std::vector<std::string> lines;
    for (const auto& [slot, customer] : found.missing) {
        const std::string number = std::to_string(customer.value);
        lines.push_back("the finger of customer " + number + " is gone from slot " +
                        std::to_string(slot) +
                        " of the sensor: find out who deleted it, then `strongroom-door finger add "
                        "--customer " +
                        number + "`");
    }
    return lines;
}

void require_sensor(const config::Configuration& configuration) {
    if (configuration.fingerprint) return;
    throw pi::InputError(configuration.file.string() +
                         ": there is no fingerprint sensor: add 'fingerprint'");
}

Fingers::Fingers(const config::Configuration& configuration, store::SqliteRecords& records,
                 const hal::Clock& clock, pi::FingerDesk& desk)
    : configuration_(configuration),
      sensor_(configuration.fingerprint.value().sensor),
      records_(records),
      clock_(clock),
      desk_(desk) {}

template <class Work>
auto Fingers::audited(CustomerId customer, Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const pi::SensorError& error) {
        if (const auto kind = kind_of(error.error())) {
            const std::array entries{
                auth::AuditEntry{*kind, {}, configuration_.terminal, customer, {}, 0}};
            (void)records_.note(now(), entries);
        }
        throw;
    }
}

void Fingers::tidy() {
    audited({}, [&] {
        const Disagreement found =
            compare(desk_.list(), enrolled_fingers(records_, now(), sensor_));
        missing_ = found.missing.size();
        for (const std::string& line : words_for(found)) std::cerr << line << "\n";
        for (const FingerSlot slot : found.nobodys) {
            desk_.remove(slot);
            std::cerr << "slot " << slot
                      << " of the sensor held a finger that nobody is enrolled with (an enrolment "
                         "that broke off leaves one): deleted\n";
        }
    });
}

hal::FingerReference Fingers::take(std::optional<FingerSlot> replaces) {
    return audited({}, [&] {
        const config::Fingerprint& f = *configuration_.fingerprint;
        const auto canary = pi::canary_of(f, f.pin.capacity);
        std::set<FingerSlot> taken;
        for (const FingerSlot slot : desk_.list()) taken.insert(slot);
        for (const auto& [slot, customer] : enrolled_fingers(records_, now(), sensor_)) {
            taken.insert(slot);
        }
        FingerSlot free = 0;
        while (free < f.pin.capacity && (taken.contains(free) || canary.contains(free))) ++free;
        if (free == f.pin.capacity) {
            throw pi::InputError("the sensor's library is full (" + std::to_string(taken.size()) +
                                 " fingers): remove those of customers who left");
        }
        return desk_.enrol(free, replaces);
    });
}

void Fingers::give(CustomerId customer, const hal::FingerReference& finger) {
    const std::string hers = "the finger of customer " + std::to_string(customer.value);
    const auto before = of(customer);
    if (before) {
        const auto removed = records_.remove_finger(now(), customer, sensor_);
        if (!removed) {
            throw pi::InputError(hers + " was not replaced: " + words_for(removed.error()));
        }
    }
    const Result<void> added = records_.add_finger(now(), customer, {sensor_, finger});
    if (!added) {
        throw pi::InputError(hers + " was not enrolled" +
                             (before ? ", and the one before is removed: " : ": ") +
                             words_for(added.error()));
    }
    if (before) discard(*before);
}

void Fingers::discard(const hal::FingerReference& finger) noexcept {
    try {
        desk_.remove(finger.slot);
    } catch (const std::exception& error) {
        std::cerr << "slot " << finger.slot
                  << " of the sensor holds a finger that nobody is enrolled with; the next "
                     "`strongroom-door finger check` deletes it ("
                  << error.what() << ")\n";
    }
}

std::optional<hal::FingerReference> Fingers::of(CustomerId customer) {
    const auto record = records_.load(now(), customer, {});
    if (!record) throw pi::InputError("the store cannot be read: " + words_for(record.error()));
    if (!record->known) {
        throw pi::InputError("there is no customer " + std::to_string(customer.value) +
                             ": enrol her with `strongroom-door enroll`");
    }
    for (const store::FingerEnrolment& finger : record->fingers) {
        if (finger.sensor == sensor_) return finger.reference;
    }
    return std::nullopt;
}

void Fingers::remove(CustomerId customer) {
    const auto removed = records_.remove_finger(now(), customer, sensor_);
    if (!removed) {
        throw pi::InputError(removed.error().code == Errc::out_of_range
                                 ? "customer " + std::to_string(customer.value) +
                                       " has no finger in this sensor"
                                 : "the finger was not removed: " + words_for(removed.error()));
    }
    discard(removed->reference);
}

FingerStep::FingerStep(const config::Configuration& configuration, const DoorOptions& options,
                       const pi::OpenStore& opened, hal::Clock& clock)
    : desk_(open_desk(configuration, options, opened.master, clock)),
      fingers_(configuration, *opened.records, clock, desk_) {
    fingers_.tidy();
}

FingerStep::~FingerStep() {
    if (taken_) fingers_.discard(*taken_);
}

void FingerStep::take(CustomerId customer) {
    std::optional<FingerSlot> before;
    if (customer) {
        if (const auto reference = fingers_.of(customer)) before = reference->slot;
    }
    taken_ = fingers_.take(before);
}

void FingerStep::give(CustomerId customer) {
    fingers_.give(customer, taken_.value());
    taken_.reset();
}

}  // namespace strongroom::door
