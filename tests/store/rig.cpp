#include "rig.h"

#include <array>
#include <filesystem>
#include <fstream>

#include <sqlite3.h>

#include "catch.h"
#include "sim/disk.h"
#include "temporary_directory.h"

namespace strongroom::store::test {
namespace {

class MemoryRig : public Rig {
public:
    [[nodiscard]] const char* name() const override { return "memory"; }
    [[nodiscard]] std::string path() const override { return ":memory:"; }
    [[nodiscard]] bool persists() const override { return false; }
    [[nodiscard]] std::vector<std::byte> bytes(const std::string&) const override { return {}; }
    void overwrite(const std::string&, std::span<const std::byte>) override {}
    [[nodiscard]] std::vector<std::string> files() const override { return {}; }
    void remove(const std::string&) override {}
};

class DiskRig : public Rig {
public:
    [[nodiscard]] const char* name() const override { return "disk"; }
    [[nodiscard]] std::string path() const override { return (directory_ / "store.db").string(); }
    [[nodiscard]] std::vector<std::byte> bytes(const std::string& file) const override {
        std::vector<std::byte> out(std::filesystem::file_size(file));
        std::ifstream in(file, std::ios::binary);
        in.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
        return out;
    }
    void overwrite(const std::string& file, std::span<const std::byte> bytes) override {
        std::ofstream out(file, std::ios::binary | std::ios::trunc);
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
    }
    [[nodiscard]] std::vector<std::string> files() const override {
        std::vector<std::string> out;
        for (const auto& file : std::filesystem::directory_iterator(directory_)) {
            out.push_back(file.path().string());
        }
        return out;
    }
    void remove(const std::string& file) override { std::filesystem::remove(file); }

private:
    TemporaryDirectory own_;
    const std::filesystem::path directory_ = own_.path();
};

class SimDiskRig : public Rig {
public:
    SimDiskRig() : own_(std::make_unique<sim::Disk>(1)), disk_(*own_) {}
    explicit SimDiskRig(sim::Disk& disk) : disk_(disk) {}
    [[nodiscard]] const char* name() const override { return "simulated disk"; }
    [[nodiscard]] std::string path() const override { return "/store.db"; }
    [[nodiscard]] std::string vfs() const override { return disk_.vfs(); }
    [[nodiscard]] std::vector<std::byte> bytes(const std::string& file) const override {
        return disk_.read(file);
    }
    void overwrite(const std::string& file, std::span<const std::byte> bytes) override {
        disk_.write(file, bytes);
    }
    [[nodiscard]] std::vector<std::string> files() const override { return disk_.files(); }
    void remove(const std::string& file) override { disk_.remove(file); }

private:
    std::unique_ptr<sim::Disk> own_;
    sim::Disk& disk_;
};

template <class R>
std::unique_ptr<Rig> make() {
    return std::make_unique<R>();
}

}  // namespace

Key256 key_of(unsigned char filler) {
    std::array<std::byte, Key256::size> bytes{};
    bytes.fill(static_cast<std::byte>(filler));
    return Key256{std::span<const std::byte, Key256::size>(bytes)};
}

void Rig::sql(const std::string& text) const {
    sqlite3* raw = nullptr;
    const std::string system = vfs();
    REQUIRE(sqlite3_open_v2(path().c_str(), &raw, SQLITE_OPEN_READWRITE,
                            system.empty() ? nullptr : system.c_str()) == SQLITE_OK);
    const int code = sqlite3_exec(raw, text.c_str(), nullptr, nullptr, nullptr);
    const std::string message = sqlite3_errmsg(raw);
    sqlite3_close(raw);
    INFO(text << ": " << message);
    REQUIRE(code == SQLITE_OK);
}

SqliteRecords::Options Rig::options() {
    return {path(),  vfs(),   master, sealer,   chain,    anchor,
            entropy, lockout, sends,  terminal, moment(), SqliteRecords::Role::owner};
}

Opened<std::unique_ptr<SqliteRecords>> Rig::try_open() { return SqliteRecords::open(options()); }

std::unique_ptr<SqliteRecords> Rig::open() {
    auto opened = try_open();
    if (!opened) FAIL(opened.error().message);
    return std::move(*opened);
}

std::unique_ptr<SqliteRecords> Rig::open_further() {
    SqliteRecords::Options further = options();
    further.role = SqliteRecords::Role::further_connection;
    auto opened = SqliteRecords::open(further);
    if (!opened) FAIL(opened.error().message);
    return std::move(*opened);
}

std::unique_ptr<SqliteRecords> Rig::open_with_customer() {
    auto store = open();
    REQUIRE(store->add_customer(moment(), alice_name, alice_phone, alice));
    REQUIRE(store->add_locker(moment(), locker));
    REQUIRE(store->assign(moment(), locker, alice));
    REQUIRE(store->add_template(moment(), alice, face_of(1)));
    return store;
}

std::vector<std::function<std::unique_ptr<Rig>()>> all_rigs() {
    return {make<MemoryRig>, make<DiskRig>, make<SimDiskRig>};
}

std::vector<std::function<std::unique_ptr<Rig>()>> media_rigs() {
    return {make<DiskRig>, make<SimDiskRig>};
}

std::unique_ptr<Rig> on_disk(sim::Disk& disk) { return std::make_unique<SimDiskRig>(disk); }

hal::FaceTemplate face_of(std::uint64_t seed) {
    Rng rng(seed);
    hal::FaceTemplate out{FaceModelId{0xfeed'beef'0000'0001U}, {}};
    for (int i = 0; i < 128; ++i) {
        out.features.push_back(static_cast<float>(rng.uniform(-1, 1)));
    }
    return out;
}

auth::AuditEntry entry(auth::AuditKind kind, CustomerId customer) {
    return {kind, session, terminal, customer, locker, 0};
}

auth::Record record(auth::AuditKind kind, auth::RecordBody body, CustomerId customer) {
    return {entry(kind, customer), body};
}

auth::Record reserve() {
    return record(auth::AuditKind::try_reserved, auth::ReserveTry{auth::Factor::code});
}
auth::Record wrong() {
    return record(auth::AuditKind::code_wrong, auth::SettleWrong{auth::Factor::code});
}
auth::Record right() {
    return record(auth::AuditKind::code_right, auth::SettleRight{auth::Factor::code, false, {}});
}
auth::Record grant(bool settles_hold) {
    return record(auth::AuditKind::granted, auth::Grant{settles_hold});
}

Result<auth::CustomerCounts> commit(Records& store, const Rig& rig, const auth::Record& what) {
    return store.commit(rig.moment(), what, {});
}

AuditVerdict verdict_of(SqliteRecords& store) {
    const auto verdict = store.verify_audit();
    REQUIRE(verdict);
    return *verdict;
}

std::vector<AuditRow> rows_of(SqliteRecords& store, const AuditQuery& query) {
    std::vector<AuditRow> out;
    REQUIRE(store.read_audit(query, [&](const AuditRow& row) { out.push_back(row); }));
    return out;
}

}  // namespace strongroom::store::test
