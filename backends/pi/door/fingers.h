// Customers' fingers, in the sensor's library and in the store: both agree, or what does not is
// named and put right at the next opportunity.
//
// In the order of work nothing half-done can be used: a finger is in the sensor before the store
// knows it, and out of the store before it is deleted in the sensor. So a cut in the middle leaves
// a template that belongs to nobody, which tidy() deletes. One thread; throws pi::InputError,
// pi::SensorError.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "config/configuration.h"
#include "options.h"
#include "pi/commands/open_store.h"
#include "pi/service/finger_desk.h"
#include "store/sqlite_records.h"

namespace strongroom::door {

// The desk for the configuration's sensor: `tell` goes to the standard error output.
[[nodiscard]] pi::FingerDesk open_desk(const config::Configuration& configuration,
                                       const DoorOptions& options, const Key256& master,
                                       hal::Clock& clock);
// The same with a password that is not in its file yet.
[[nodiscard]] pi::FingerDesk open_desk(const config::Configuration& configuration, Secret password,
                                       const Key256& master, hal::Clock& clock);

// Which slot of `sensor` belongs to whom, as the store has it.
[[nodiscard]] std::map<FingerSlot, CustomerId> enrolled_fingers(store::SqliteRecords& records,
                                                                store::Moment moment,
                                                                SensorId sensor);

// What the sensor holds and the store does not know, and the other way round.
struct Disagreement {
    std::vector<FingerSlot> nobodys;
    std::map<FingerSlot, CustomerId> missing;
};
[[nodiscard]] Disagreement compare(const std::vector<FingerSlot>& in_sensor,
                                   const std::map<FingerSlot, CustomerId>& in_store);
// A sentence each, for whoever has to know: customers whose template is gone, and what to do.
[[nodiscard]] std::vector<std::string> words_for(const Disagreement& found);

// Throws pi::InputError: there is no sensor, or a simulated one.
void require_sensor(const config::Configuration& configuration);

class Fingers {
public:
    // The configuration has a sensor of kind zfm. Everything outlives this.
    Fingers(const config::Configuration& configuration, store::SqliteRecords& records,
            const hal::Clock& clock, pi::FingerDesk& desk);

    // Deletes in the sensor what belongs to nobody, and says so; says whose finger is missing.
    void tidy();
    // How many fingers of customers tidy() did not find in the sensor.
    [[nodiscard]] std::size_t missing() const { return missing_; }
    // Takes a finger into a free slot of the sensor; the store does not know it yet.
    [[nodiscard]] hal::FingerReference take(std::optional<FingerSlot> replaces);
    // Gives it to her in the store, in place of one that she had, which is deleted in the sensor
    // then.
    void give(CustomerId customer, const hal::FingerReference& finger);
    // Takes it out of the sensor when it is not to be given to anybody; never throws.
    void discard(const hal::FingerReference& finger) noexcept;
    // Hers, if she has one.
    [[nodiscard]] std::optional<hal::FingerReference> of(CustomerId customer);
    // Takes hers away, from the store and from the sensor.
    void remove(CustomerId customer);

private:
    [[nodiscard]] store::Moment now() const { return {clock_.now(), clock_.wall()}; }
    // Notes in the audit what the sensor's refusal means, and throws it.
    template <class Work>
    auto audited(CustomerId customer, Work work) -> decltype(work());

    const config::Configuration& configuration_;
    SensorId sensor_;
    store::SqliteRecords& records_;
    const hal::Clock& clock_;
    pi::FingerDesk& desk_;
    std::size_t missing_ = 0;
};

// One finger of an enrolment: taken before anything of hers is written down, given to her
// afterwards. What was taken and not given is deleted in the sensor.
class FingerStep {
public:
    // Tidies first.
    FingerStep(const config::Configuration& configuration, const DoorOptions& options,
               const pi::OpenStore& opened, hal::Clock& clock);
    ~FingerStep();
    FingerStep(const FingerStep&) = delete;
    FingerStep& operator=(const FingerStep&) = delete;
    // Of `customer`, who may have one already; 0: somebody new.
    void take(CustomerId customer);
    void give(CustomerId customer);
    [[nodiscard]] Fingers& fingers() { return fingers_; }

private:
    pi::FingerDesk desk_;
    Fingers fingers_;
    std::optional<hal::FingerReference> taken_;
};

}  // namespace strongroom::door
