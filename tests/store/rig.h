// Where a store lives in these tests: in memory, in a directory of the real disk, on a simulated
// disk. Each suite runs over all that can show what it asks for.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "auth/code.h"
#include "base/rng.h"
#include "hal/entropy.h"
#include "store/sqlite_records.h"

namespace strongroom::sim {
class Disk;
}

namespace strongroom::store::test {

class SeededEntropy : public hal::Entropy {
public:
    explicit SeededEntropy(std::uint64_t seed) : rng_(seed) {}
    [[nodiscard]] Result<void> fill(std::span<std::byte> bytes) override {
        if (broken) return fail(Errc::disconnected);
        rng_.fill(bytes);
        return {};
    }
    bool broken = false;

private:
    Rng rng_;
};

// An anchor that fails when told to.
class FaultyAnchor : public Anchor {
public:
    [[nodiscard]] Result<std::optional<AnchorMark>> read() override { return inside.read(); }
    [[nodiscard]] Result<void> write(const AnchorMark& mark) override {
        if (broken) return tl::unexpected<Error>(error);
        return inside.write(mark);
    }
    bool broken = false;
    Error error{Errc::disconnected, 0};
    MemoryAnchor inside;
};

[[nodiscard]] Key256 key_of(unsigned char filler);

class Rig {
public:
    virtual ~Rig() = default;
    [[nodiscard]] virtual const char* name() const = 0;
    [[nodiscard]] virtual std::string path() const = 0;
    [[nodiscard]] virtual std::string vfs() const { return {}; }
    // Whether what was written is still there after closing; whether files can be looked at.
    [[nodiscard]] virtual bool persists() const { return true; }
    // The bytes of the database and its journal.
    [[nodiscard]] virtual std::vector<std::byte> bytes(const std::string& file) const = 0;
    virtual void overwrite(const std::string& file, std::span<const std::byte> bytes) = 0;
    [[nodiscard]] virtual std::vector<std::string> files() const = 0;
    virtual void remove(const std::string& file) = 0;

    // What an attacker does who can write the database: any SQL on a connection of her own.
    void sql(const std::string& text) const;

    [[nodiscard]] SqliteRecords::Options options();
    [[nodiscard]] Opened<std::unique_ptr<SqliteRecords>> try_open();
    // Opens; fails the test with the message when refused.
    [[nodiscard]] std::unique_ptr<SqliteRecords> open();
    [[nodiscard]] std::unique_ptr<SqliteRecords> open_further();
    // A store with customer 1, holder of locker 7, and one template.
    [[nodiscard]] std::unique_ptr<SqliteRecords> open_with_customer();

    [[nodiscard]] Moment moment() const { return {now, WallTime(std::chrono::hours(480000))}; }

    Instant now{std::chrono::hours(1)};
    Key256 master = key_of(7);
    FaultyAnchor anchor;
    SeededEntropy entropy{1};
    auth::LockoutRule lockout;
    auth::SendLimits sends;
    AeadSealer sealer{master};
    KeyedChain chain{master};
};

// Every kind of rig; those on a medium only.
[[nodiscard]] std::vector<std::function<std::unique_ptr<Rig>()>> all_rigs();
[[nodiscard]] std::vector<std::function<std::unique_ptr<Rig>()>> media_rigs();
// On a simulated disk of the test's own.
[[nodiscard]] std::unique_ptr<Rig> on_disk(sim::Disk& disk);

inline constexpr CustomerId alice{1};
inline constexpr CustomerId bob{2};
inline constexpr LockerId locker{7};
inline constexpr TerminalId terminal{3};
inline constexpr SessionId session{99};
inline constexpr const char* alice_name = "Alice Ravindran";
inline constexpr const char* alice_phone = "+919876543210";

[[nodiscard]] hal::FaceTemplate face_of(std::uint64_t seed);
[[nodiscard]] auth::AuditEntry entry(auth::AuditKind kind, CustomerId customer = alice);
[[nodiscard]] auth::Record record(auth::AuditKind kind, auth::RecordBody body,
                                  CustomerId customer = alice);
[[nodiscard]] auth::Record reserve();
[[nodiscard]] auth::Record wrong();
[[nodiscard]] auth::Record right();
[[nodiscard]] auth::Record grant(bool settles_hold = false);

[[nodiscard]] Result<auth::CustomerCounts> commit(Records& store, const Rig& rig,
                                                  const auth::Record& what);
[[nodiscard]] AuditVerdict verdict_of(SqliteRecords& store);
[[nodiscard]] std::vector<AuditRow> rows_of(SqliteRecords& store, const AuditQuery& query = {});

}  // namespace strongroom::store::test
