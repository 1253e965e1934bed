// SqliteRecords: the store. One SQLite database holds customers, templates, fingers,
// authenticators, lockers, holders, counters, codes and the audit.
//
// One process owns a store: a second owner is refused while the first one lives (a lock on the file
// `PATH-owner`, where the database is a file of the system's). Runner thread only; each connection
// (each object of this class) is used by one thread. What callers see of a fault is an error and an
// unchanged store: every call is one transaction, and the journal (WAL, synchronous=FULL) is on the
// medium before the call returns.
//
// Sensitive fields are sealed (sealer.h). Counters and holders are authenticated row by row, and
// the sum of those authenticators and of those over customers and templates is part of the audit
// rows that changed them, so that the anchor covers them too: to set a count back, to make oneself
// a holder, to take a template away, or to put an older row in its place is found at the next
// opening, by `audit verify`, and by a running owner as soon as SQLite tells it of another writer.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/counts.h"
#include "base/ids.h"
#include "base/secret.h"
#include "hal/entropy.h"
#include "store/audit.h"
#include "store/audit_reader.h"
#include "store/open_error.h"
#include "store/records.h"
#include "store/sealer.h"
#include "store/staff.h"

namespace strongroom::store {

// `detail` of the audit rows of kind `enrolled`: what staff did.
enum class EnrolmentStep : std::int64_t {
    customer_added = 1,
    template_added = 2,
    templates_removed = 3,
    locker_added = 4,
    holder_assigned = 5,
    holder_removed = 6,
    finger_added = 7,
    finger_removed = 8,
    authenticator_added = 9,
    authenticator_replaced = 10,
    authenticator_removed = 11,
};

// A customer as an operator's list shows her.
struct CustomerSummary {
    CustomerId id;
    Secret name;             // for the operator's eyes; never in a log
    std::string phone_tail;  // the last four digits
    int templates = 0;
    int fingers = 0;
    bool authenticator = false;
    std::vector<LockerId> lockers;  // ascending
    auth::CustomerCounts counts;
};

class SqliteRecords final : public Records {
public:
    enum class Role : std::uint8_t {
        owner,  // the process starts to work on this store: holds left over become failures, codes
                // left over are void
        further_connection,  // of the process that owns the store already; changes nothing
    };

    // References must outlive the store.
    struct Options {
        std::string path;  // a file, or ":memory:"
        std::string vfs;   // SQLite's name of a file system; empty for the default
        Key256 master;
        Sealer& sealer;
        AuditChain& chain;
        Anchor& anchor;
        hal::Entropy& entropy;
        auth::LockoutRule lockout;
        auth::SendLimits sends;
        TerminalId terminal;  // in the store's own audit rows
        Moment opened;
        Role role = Role::owner;
    };

    // Opens or creates. Checks the pages, the version, the key, the audit from the anchor on and
    // the counters; refuses, with a message, what is damaged, newer, of another key, older than its
    // anchor, or changed behind the audit's back. Nothing of the store is changed by a refusal.
    [[nodiscard]] static Opened<std::unique_ptr<SqliteRecords>> open(const Options& options);
    ~SqliteRecords() override;

    // ---- Records ---------------------------------------------------------------------------

    [[nodiscard]] Result<CustomerRecord> load(Moment moment, CustomerId customer,
                                              LockerId locker) override;
    // When the anchor cannot be written, its error is returned although the row is committed: a
    // grant that nobody acts on stays as a row without effect; a reserved try is given back, as far
    // as the disk allows, and otherwise becomes a failure at the next opening.
    [[nodiscard]] Result<auth::CustomerCounts> commit(
        Moment moment, const auth::Record& record,
        std::span<const auth::AuditEntry> earlier) override;
    [[nodiscard]] Result<void> note(Moment moment,
                                    std::span<const auth::AuditEntry> entries) override;
    // Also moves the anchor up to the last row.
    [[nodiscard]] Result<void> keep_time(Moment moment) override;

    // ---- staff -----------------------------------------------------------------------------

    // Whether two or more members of staff are there. From then on every call of the operator's
    // side is refused (denied, two_staff_needed) unless two of them have just authorised it.
    [[nodiscard]] Result<bool> commissioned();
    // By number.
    [[nodiscard]] Result<std::vector<StaffSummary>> staff();
    // name: as a customer's. The password is kept as an Argon2id verifier, sealed. Errors:
    // out_of_range (name or password), exhausted (no memory for Argon2id), and as below.
    [[nodiscard]] Result<StaffId> add_staff(Moment moment, std::string_view name,
                                            const Secret& password);
    // Errors: out_of_range (nobody of that number), denied (last_two_staff), and as below.
    [[nodiscard]] Result<void> remove_staff(Moment moment, StaffId staff);
    // Two different members of staff with their passwords: opens the operator's side of this
    // connection for `authorised_for`. Takes a tenth of a second or more. What came before is
    // withdrawn, also by a refusal. Errors: denied (one of them is wrong, or both are one).
    [[nodiscard]] Result<void> authorise(Moment moment, const StaffProof& first,
                                         const StaffProof& second);
    void end_authorisation();

    // ---- the operator's side; each call audited and anchored ---------------------------------

    // name: 1 to 200 bytes of UTF-8 without control characters. phone: E.164, "+" and 8 to 15
    // digits, the first of them not 0. `wanted`: the id, or 0 for the next free one. Errors:
    // out_of_range, denied (the id is taken), disconnected (no random bytes), and commit()'s.
    [[nodiscard]] Result<CustomerId> add_customer(Moment moment, std::string_view name,
                                                  std::string_view phone, CustomerId wanted = {});
    // Errors: out_of_range (no such customer, or not 64 to 2048 finite numbers).
    [[nodiscard]] Result<void> add_template(Moment moment, CustomerId customer,
                                            const hal::FaceTemplate& face);
    // Returns how many there were. Errors: out_of_range (no such customer).
    [[nodiscard]] Result<int> remove_templates(Moment moment, CustomerId customer);
    // Her finger in a sensor's library, as the sensor has stored it. Errors: out_of_range (no such
    // customer, or no sensor), denied (she has one in that sensor, or another customer has that
    // slot).
    [[nodiscard]] Result<void> add_finger(Moment moment, CustomerId customer,
                                          const FingerEnrolment& finger);
    // Returns what there was: the template is still in the sensor, and is to be deleted there.
    // Errors: out_of_range (she has none in that sensor).
    [[nodiscard]] Result<FingerEnrolment> remove_finger(Moment moment, CustomerId customer,
                                                        SensorId sensor);
    // Her authenticator, in place of the one before, if there was one. The caller has seen a code
    // of it: `last_step` is that code's, which opens nothing any more. Errors: out_of_range (no
    // such customer, or a negative step).
    [[nodiscard]] Result<void> set_authenticator(Moment moment, CustomerId customer,
                                                 const auth::Authenticator& authenticator);
    // Errors: out_of_range (she has none).
    [[nodiscard]] Result<void> remove_authenticator(Moment moment, CustomerId customer);
    // Errors: out_of_range (0), denied (there is such a locker).
    [[nodiscard]] Result<void> add_locker(Moment moment, LockerId locker);
    // Lets `customer` open `locker`; there may be joint holders. On a holder it changes nothing.
    // Errors: out_of_range (no such locker or customer).
    [[nodiscard]] Result<void> assign(Moment moment, LockerId locker, CustomerId customer);
    // Errors: out_of_range (she does not hold it).
    [[nodiscard]] Result<void> unassign(Moment moment, LockerId locker, CustomerId customer);
    // Two staff set the customer's count back. Errors: denied (one person, or nobody), out_of_range
    // (no such customer).
    [[nodiscard]] Result<auth::CustomerCounts> release_by_staff(Moment moment, CustomerId customer,
                                                                StaffId first, StaffId second);
    // All customers by id. Errors: corrupt, and load()'s.
    [[nodiscard]] Result<std::vector<CustomerSummary>> customers(Moment moment);

    // ---- the audit -------------------------------------------------------------------------

    // As AuditReader's; for stores in memory, and for a process that has the store open anyway.
    [[nodiscard]] Result<void> read_audit(const AuditQuery& query,
                                          const std::function<void(const AuditRow&)>& each);
    [[nodiscard]] Result<AuditVerdict> verify_audit();

private:
    struct Impl;
    explicit SqliteRecords(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace strongroom::store
