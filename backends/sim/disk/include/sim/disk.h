// A disk in memory, as SQLite sees one: a VFS of its own, with write-back semantics, faults, a
// capacity, and doors for attackers. No real file and no clock is touched.
//
// What it can show: a write is visible to every reader at once and durable after a sync of its
// file; at a power cut, each 512-byte sector written since is kept or lost by a seeded choice, so
// that pages tear; a file that was never synced may vanish. Any call can fail, once or for good; a
// write can be cut half way; a sync can lie. What it does not show: bits that rot by themselves (an
// attacker's write() does that) and sectors that tear inside.
//
// Several connections at once, also of several threads; each instance registers under a name of its
// own. Close all connections before the disk is destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace strongroom::sim {

enum class DiskOperation : std::uint8_t { open, read, write, truncate, sync, remove, lock };
inline constexpr std::size_t disk_operations = 7;

[[nodiscard]] std::string_view to_string(DiskOperation operation);

enum class DiskFault : std::uint8_t {
    none,
    fail,  // the call reports an input/output error and does nothing
    torn,  // write only: half of the bytes arrive, then the error
    lie,   // sync only: success is reported and nothing is made durable
};

// Asked before each call: which operation, and the how manieth call of this disk it is (from 1).
// Answers that the operation cannot show count as a programmer's error and abort.
using DiskFaultPlan = std::function<DiskFault(DiskOperation operation, std::uint64_t call)>;

// All files with their content.
using DiskImage = std::map<std::string, std::vector<std::byte>>;

class Disk {
public:
    // `seed` decides what survives power cuts.
    explicit Disk(std::uint64_t seed);
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;
    ~Disk();

    // The name to open databases with.
    [[nodiscard]] const std::string& vfs() const;

    // ---- the attacker's and the observer's side; paths as opened, "/" before a bare name -------

    [[nodiscard]] std::vector<std::string> files() const;  // in order of name
    // Empty when there is no such file.
    [[nodiscard]] std::vector<std::byte> read(const std::string& file) const;
    // Replaces the content, or makes the file; durable at once. Connections that have it open see
    // it as they would on a real disk: whatever their caches hold stays.
    void write(const std::string& file, std::span<const std::byte> bytes);
    void remove(const std::string& file);
    // The stolen card, and putting an older copy back (with no connection open).
    [[nodiscard]] DiskImage image() const;
    // What a power cut in this moment would leave at the worst.
    [[nodiscard]] DiskImage durable_image() const;
    void restore(const DiskImage& image);

    // ---- power and processes ---------------------------------------------------------------

    // Unsynced sectors are kept or lost; open connections are of a dead process: each further call
    // on them fails, and closing them changes nothing.
    void power_cut();
    // The process dies, the machine goes on: connections as above, nothing written is lost.
    void process_death();

    // ---- faults ----------------------------------------------------------------------------

    void set_faults(DiskFaultPlan plan);  // an empty one: none
    // How many bytes all files may have together; none: no limit. Writing beyond answers "full".
    void set_capacity(std::optional<std::uint64_t> bytes);
    // As a medium mounted read-only: what is there can be read.
    void set_read_only(bool read_only);

    // Calls since the disk was made.
    [[nodiscard]] std::uint64_t calls() const;
    [[nodiscard]] std::uint64_t calls(DiskOperation operation) const;

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace strongroom::sim
