// What somebody can do who reaches the database file, its neighbours on the disk and the log, but
// neither the key nor an anchor elsewhere. Private to scenarios. One thread.
#pragma once

#include <string>

#include "arena.h"

namespace strongroom::scenarios {

class Insider {
public:
    explicit Insider(Arena& arena) : arena_(arena) {}
    void copy_database() { copy_ = arena_.disk().image(); }
    // Puts the older copy back; the terminals are down.
    void restore_database();
    // Removes the audit rows of a customer's visits and makes the rest look whole: renumbered,
    // chained with the hash that everybody knows, and the mark beside the store moved along.
    void delete_rows_of(CustomerId customer);
    // Copies the sealed template of one customer into the row of another.
    void copy_template(CustomerId from, CustomerId over);
    // Looks for private data on the disk or in the log, and appends what is found as facts.
    void search_disk();
    void search_log();

private:
    Arena& arena_;
    sim::DiskImage copy_;
};

// Searches bytes for private data of this run: what was found, each kind once.
[[nodiscard]] std::vector<std::string> find_private_data(Arena& arena, std::string_view haystack);

}  // namespace strongroom::scenarios
