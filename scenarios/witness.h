// The independent witness of an arm: reads what is on the disk as if the power had just gone,
// remembers what records it has seen there, and searches all that was written for private data.
// It appends what it finds as facts. Private to scenarios. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "arena.h"

namespace strongroom::scenarios {

class Witness {
public:
    explicit Witness(Arena& arena) : arena_(arena) {}
    // Every fact of the run: a pulse makes it look.
    void see(const sim::Fact& fact);
    // Remembers the records that are there now: before somebody may take them away.
    void look();
    // At the end of the run: the audit, what is missing from it, and leaks.
    void finish();
    // The kinds of audit entries that were ever seen.
    [[nodiscard]] const std::set<std::string>& audited() const { return audited_; }

private:
    // What the trace of a relay on a pin shows.
    struct Relay {
        std::optional<Instant> powered;  // since its power came back, and no terminal serves yet
        bool energised = false;          // since then
        std::optional<Instant> pulse;    // the one under way
        bool dead = false;               // the process that asked for it
    };
    void see_relay(const sim::Fact& fact);

    using Row = std::tuple<std::int64_t, int, std::uint64_t, std::uint64_t, std::uint64_t,
                           std::uint64_t, std::int64_t>;
    // All rows of an image; none when it cannot be read.
    [[nodiscard]] std::vector<Row> rows_of(const sim::DiskImage& image) const;
    void remember(const std::vector<Row>& rows);
    void verify(const sim::DiskImage& image);
    void search();

    Arena& arena_;
    std::map<std::uint32_t, Relay> relays_;  // by site
    std::multiset<Row> seen_;
    std::set<std::string> audited_;
};

}  // namespace strongroom::scenarios
