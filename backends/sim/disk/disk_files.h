// The files of a simulated disk: content, what of it is durable, locks, shared memory.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <set>

#include <sqlite3.h>

#include "base/rng.h"
#include "sim/disk.h"

namespace strongroom::sim {

inline constexpr std::size_t sector_size = 512;

// One file.
struct Node {
    std::vector<std::byte> current;  // as readers see it
    std::vector<std::byte> durable;  // as a power cut would leave it at worst
    std::set<std::size_t> dirty;     // sectors written since the last sync
    bool created_durably = false;
    bool resized = false;  // since the last sync

    // Locks of the database file: SQLite's five levels.
    int shared = 0;
    bool reserved = false;
    bool pending = false;
    bool exclusive = false;

    // The index of the journal, which a real system maps: regions, and eight locks. A count of
    // readers, or -1 for a writer.
    std::vector<std::unique_ptr<std::byte[]>> regions;
    std::vector<std::unique_ptr<std::byte[]>> retired;  // connections of dead processes point there
    std::array<int, SQLITE_SHM_NLOCK> region_locks{};
    int mapped = 0;

    void write(std::span<const std::byte> bytes, std::size_t offset);
    void truncate(std::size_t size);
    void sync();
    // Keeps or loses each dirty sector. False: the file itself is lost.
    [[nodiscard]] bool cut(Rng& rng);
    void forget_locks();
};

struct Disk::Impl {
    explicit Impl(std::uint64_t seed);

    // Counts the call and asks the plan. The lock is held.
    [[nodiscard]] DiskFault fault(DiskOperation operation);
    [[nodiscard]] std::uint64_t size() const;
    [[nodiscard]] bool fits(const Node& node, std::size_t end) const;
    // Files made and removed so far stay so. SQLite's own file system does this once for each
    // journal that it makes.
    void sync_directory();
    void next_generation();

    mutable std::mutex mutex;
    std::string name;
    sqlite3_vfs vfs{};
    std::map<std::string, std::shared_ptr<Node>> nodes;
    // Removed without the directory having been synced: they come back at a power cut.
    std::map<std::string, std::shared_ptr<Node>> removed;
    std::uint64_t generation = 1;  // handles of an older one are of a dead process
    Rng rng;
    DiskFaultPlan plan;
    std::optional<std::uint64_t> capacity;
    bool read_only = false;
    std::uint64_t calls = 0;
    std::array<std::uint64_t, disk_operations> calls_of{};
};

// Fills in the functions that SQLite calls; disk.cpp.
void fill_vfs(sqlite3_vfs& vfs);

}  // namespace strongroom::sim
