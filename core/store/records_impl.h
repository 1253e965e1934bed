// The inside of SqliteRecords, shared by its source files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit_rows.h"
#include "owner_lock.h"
#include "row_seal.h"
#include "sqlite.h"
#include "store/sqlite_records.h"

namespace strongroom::store {

// What a transaction changes in memory, and gets back when it fails.
struct ChainState {
    Head head;
    Digest state{};     // the sum over counters, terminals, holders and sealed fields
    Digest recorded{};  // the state that the last row with one says
};

// A try that was reserved and is not settled yet: whose, and in which visit.
struct OpenHold {
    SessionId session;
    TerminalId terminal;
    CustomerId customer;
};

// A finger as a row holds it.
struct FingerRow {
    std::uint64_t row = 0;
    CustomerId customer;
    FingerEnrolment finger;
    Digest fingerprint{};  // what the row adds to the state
};

struct SqliteRecords::Impl {
    explicit Impl(const Options& from);

    // Runs `body` as one transaction: committed when it succeeds; otherwise everything is as it
    // was.
    template <class Body>
    [[nodiscard]] auto transact(Body&& body) -> decltype(body()) {
        Result<void> done = begin();
        if (!done) return tl::unexpected(done.error());
        const ChainState before = chain;  // after begin(), which may have followed another writer
        auto out = body();
        if (out) {
            done = Query(connection.get(), commit_transaction).run();
            if (done) return out;
            out = tl::unexpected(done.error());
        }
        roll_back();
        chain = before;
        return out;
    }
    // As transact(), and the anchor moved up to the last row.
    template <class Body>
    [[nodiscard]] auto transact_and_anchor(Body&& body) -> decltype(body()) {
        auto out = transact(body);
        if (!out) return out;
        if (auto marked = write_anchor(); !marked) return tl::unexpected(marked.error());
        return out;
    }

    [[nodiscard]] Result<void> begin();
    void roll_back();
    // Another connection has written: takes over where its rows lead, if they are sound.
    [[nodiscard]] Result<void> follow();
    [[nodiscard]] Result<void> write_anchor();

    [[nodiscard]] Duration running(Instant now) const { return running_ + (now - instant_); }
    [[nodiscard]] Result<void> write_clock(Instant now);

    [[nodiscard]] Result<void> append(WallTime wall, const auth::AuditEntry& entry);
    // The store's own entry, of `terminal`.
    [[nodiscard]] Result<void> append(Moment moment, auth::AuditKind kind, CustomerId customer,
                                      LockerId locker, std::int64_t detail);

    // The counts now, with the time since they were written taken off; none for an unknown
    // customer. `seal_read` is kept for the write that follows. corrupt: altered.
    [[nodiscard]] Result<std::optional<auth::CustomerCounts>> read_counts(Instant now,
                                                                          CustomerId customer);
    // Replaces what the last read_counts() read.
    [[nodiscard]] Result<void> write_counts(Instant now, CustomerId customer,
                                            const auth::CustomerCounts& counts);
    [[nodiscard]] Result<void> insert_counts(Instant now, CustomerId customer);

    // An entry of the terminal's. One that says that a visit is over, or that a terminal begins
    // anew, makes failures of the holds that were left open.
    [[nodiscard]] Result<void> append_earlier(Moment moment, const auth::AuditEntry& entry);
    [[nodiscard]] Result<void> fail_hold(Moment moment, const OpenHold& hold,
                                         const auth::AuditEntry& cause);
    // What a committed entry or record means for the open holds.
    void settle_holds(std::span<const auth::AuditEntry> entries);
    void follow_hold(const auth::Record& record);

    // Carries out a record on the counts.
    [[nodiscard]] Result<auth::CustomerCounts> apply(Moment moment, const auth::Record& record);
    [[nodiscard]] Result<auth::CustomerCounts> carry_out(Moment moment, const auth::Record& record,
                                                         auth::CustomerCounts counts);
    [[nodiscard]] Result<void> issue(Moment moment, const auth::Record& record,
                                     const auth::IssueCode& code);
    [[nodiscard]] Result<void> consume(Moment moment, const auth::Record& record,
                                       const auth::SettleRight& settled);
    [[nodiscard]] Result<void> count_terminal_code(Instant now, TerminalId of);
    // A reserved try that could not be anchored was never compared.
    void give_back_try(Moment moment, const auth::Record& record);

    [[nodiscard]] Result<CustomerRecord> load(Moment moment, CustomerId customer, LockerId locker);
    [[nodiscard]] Result<void> load_templates(CustomerId customer, CustomerRecord& out);
    // Hers, or everybody's if none is named; records_fingers.cpp.
    [[nodiscard]] Result<std::vector<FingerRow>> fingers_of(CustomerId customer);
    // Hers, and the fingerprint of its row; none: she has none. records_authenticators.cpp.
    struct AuthenticatorRow {
        auth::Authenticator authenticator;
        Digest fingerprint{};
    };
    [[nodiscard]] Result<std::optional<AuthenticatorRow>> authenticator_of(CustomerId customer);
    // `before`: the fingerprint of the row that is replaced.
    [[nodiscard]] Result<void> write_authenticator(CustomerId customer,
                                                   const auth::Authenticator& authenticator,
                                                   const std::optional<Digest>& before);
    // Errors: denied (it was used already, or a later one was; or she has none).
    [[nodiscard]] Result<void> use_step(CustomerId customer, auth::TimeStep step);
    [[nodiscard]] Result<void> insert_finger(CustomerId customer, const FingerEnrolment& finger);
    [[nodiscard]] Result<bool> holds_locker(LockerId locker, CustomerId customer);
    [[nodiscard]] Result<bool> exists(Prepared& select, std::uint64_t id);

    // Staff; records_staff.cpp. Errors: denied (two_staff_needed).
    [[nodiscard]] Result<void> may_administer(Moment moment);
    [[nodiscard]] Result<bool> knows_password(StaffId staff, const Secret& password);

    // Opening; records_opening.cpp.
    [[nodiscard]] Opened<void> open();
    [[nodiscard]] Opened<void> connect();
    [[nodiscard]] Opened<void> lock_out_others();
    [[nodiscard]] Opened<void> check_header();
    [[nodiscard]] Opened<void> check_anchor_of_new_store();
    [[nodiscard]] Opened<void> check_pages();
    [[nodiscard]] Opened<void> prepare_journal();
    [[nodiscard]] Opened<void> create();
    [[nodiscard]] Opened<void> check_key();
    [[nodiscard]] Opened<void> upgrade_and_verify();
    [[nodiscard]] Opened<void> verify_tail();
    [[nodiscard]] Opened<void> take_over();
    [[nodiscard]] Result<void> settle_leftovers();
    [[nodiscard]] Result<void> read_clock();
    [[nodiscard]] Result<void> read_latest();
    [[nodiscard]] tl::unexpected<OpenError> refuse(const Error& error, const char* doing) const;

    Options options;
    bool in_memory = false;
    bool created = false;
    int version = 0;
    RowSealer rows;
    StoreId id{};
    OwnerLock owner_lock;  // given up after the connection is closed
    Connection connection;
    ChainState chain;
    std::uint64_t anchored = 0;  // the mark's sequence number
    std::int64_t data_version = 0;
    Instant authorised_until = Instant::min();  // by two members of staff
    std::vector<OpenHold> open_holds;           // of this connection; one a visit at most
    WallTime latest_wall{};                     // that a record was written
    Digest seal_read{};
    Digest terminal_seal_read{};

    // The store's running time was running_ when the monotonic clock showed instant_.
    Duration running_{};
    Instant instant_{};

    // Declared after the connection, so that they are finalised before it closes.
    Prepared begin_transaction{"BEGIN IMMEDIATE"};
    Prepared begin_reading{"BEGIN"};
    Prepared commit_transaction{"COMMIT"};
    Prepared roll_back_transaction{"ROLLBACK"};
    Prepared select_data_version{"PRAGMA data_version"};
    Prepared insert_audit{"INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    Prepared select_counters{
        "SELECT customer, failures, holds, penalty, unproven, unproven_left, codes, codes_left, "
        "as_of, seal FROM counters WHERE customer = ?"};
    Prepared update_counters{
        "UPDATE counters SET failures = ?2, holds = ?3, penalty = ?4, unproven = ?5, "
        "unproven_left = ?6, codes = ?7, codes_left = ?8, as_of = ?9, "
        "seal = ?10 WHERE customer = ?1"};
    Prepared insert_counters{
        "INSERT INTO counters VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"};
    Prepared select_terminal{
        "SELECT id, codes, codes_left, as_of, seal FROM terminals WHERE id = ?"};
    Prepared write_terminal{
        "INSERT INTO terminals VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET "
        "codes = ?2, codes_left = ?3, as_of = ?4, seal = ?5"};
    Prepared upsert_clock{"INSERT OR REPLACE INTO clock VALUES (1, ?, ?, ?)"};
    Prepared supersede_codes{"UPDATE codes SET state = 3 WHERE session = ? AND state = 1"};
    Prepared insert_code{
        "INSERT INTO codes (hash, session, terminal, customer, locker, purpose, issued, lifetime, "
        "state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)"};
    Prepared consume_code{
        "UPDATE codes SET state = 2 WHERE session = ? AND state = 1 AND hash = ? AND terminal = ? "
        "AND customer = ? AND locker = ? AND purpose = ? AND issued + lifetime >= ?"};
    Prepared select_phone{"SELECT phone FROM customers WHERE id = ?"};
    Prepared select_templates{"SELECT id, features FROM templates WHERE customer = ? ORDER BY id"};
    Prepared select_fingers{
        "SELECT id, customer, reference FROM fingers WHERE ?1 = 0 OR customer = ?1 ORDER BY id"};
    Prepared select_authenticator{"SELECT secret FROM authenticators WHERE customer = ?"};
    Prepared write_authenticator_row{
        "INSERT INTO authenticators VALUES (?1, ?2) ON CONFLICT (customer) DO UPDATE SET "
        "secret = ?2"};
    Prepared select_holder{"SELECT seal FROM holders WHERE locker = ? AND customer = ?"};
    Prepared customer_exists{"SELECT 1 FROM customers WHERE id = ?"};
    Prepared locker_exists{"SELECT 1 FROM lockers WHERE id = ?"};
};

}  // namespace strongroom::store
