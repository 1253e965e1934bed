// Records: what a terminal asks of the store. SqliteRecords is the implementation; decorators stand
// before it in fault sweeps and control arms.
//
// Runner thread only. Calls return when the outcome is durable, or with an error and nothing
// changed. Time comes with the call (`now` monotonic, for what remains of windows and penalties;
// `wall` for the audit's timestamps): the store asks no clock.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "auth/authenticator.h"
#include "auth/records.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "hal/face_observer.h"
#include "hal/fingerprint_reader.h"

namespace strongroom::store {

struct Moment {
    Instant now{};
    WallTime wall{};
};

// A customer's finger in one sensor's library.
struct FingerEnrolment {
    SensorId sensor{};
    hal::FingerReference reference;
};

// One customer as a terminal needs her.
struct CustomerRecord {
    bool known = false;     // there is such a customer
    bool entitled = false;  // and she holds this locker
    std::vector<hal::FaceTemplate> templates;
    std::vector<FingerEnrolment> fingers;  // one a sensor at most
    Secret phone;                          // E.164
    auth::CustomerCounts counts;
    std::optional<auth::Authenticator> authenticator;
    // The latest time that a record was written: the calendar cannot be before it.
    WallTime latest{};
};

class Records {
public:
    virtual ~Records() = default;

    // An unknown customer is an answer, not an error. Errors: corrupt (a sealed field does not
    // open: altered, or moved from another row), disconnected, busy, exhausted.
    [[nodiscard]] virtual Result<CustomerRecord> load(Moment moment, CustomerId customer,
                                                      LockerId locker) = 0;

    // Carries out `record` and its audit entry in one transaction, after `earlier` (entries that
    // nothing waited for), and returns the customer's counts after it. ReserveTry, Grant and a
    // SettleRight that uses a time step are also anchored before this returns. Errors: denied (the
    // counting rules, as auth/records.h says), exhausted (the disk is full), out_of_range (no such
    // customer), disconnected, busy, corrupt. After an error nothing has changed, `earlier`
    // included; only when it was the anchor that failed, the rows are there: a grant without
    // effect, a try that counts until it is given back.
    [[nodiscard]] virtual Result<auth::CustomerCounts> commit(
        Moment moment, const auth::Record& record, std::span<const auth::AuditEntry> earlier) = 0;

    // Appends audit entries that nothing waits for, all or none.
    [[nodiscard]] virtual Result<void> note(Moment moment,
                                            std::span<const auth::AuditEntry> entries) = 0;

    // Writes down what remains of windows and penalties. The terminal calls it at least every ten
    // seconds, so that a restart costs a customer at most that much longer a penalty.
    [[nodiscard]] virtual Result<void> keep_time(Moment moment) = 0;
};

}  // namespace strongroom::store
