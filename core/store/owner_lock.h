// One process owns a store: the lock that says so.
#pragma once

#include <string>

#include "store/open_error.h"

namespace strongroom::store {

// An advisory lock (flock) on a file of its own beside the database, `PATH-owner`. Not on the
// database itself: to close a second descriptor of that file would drop SQLite's own locks. The
// system releases it when the process dies, however it dies; the file stays and means nothing by
// itself. One thread.
class OwnerLock {
public:
    OwnerLock() = default;
    OwnerLock(const OwnerLock&) = delete;
    OwnerLock& operator=(const OwnerLock&) = delete;
    ~OwnerLock();

    // Takes the lock without waiting; once. Errors: busy (another process, or another owner in this
    // one, has it), denied, exhausted, disconnected (the file cannot be made, or the file system
    // knows no locks: then nobody can be kept out, and the store stays shut).
    [[nodiscard]] Opened<void> take(const std::string& database);

private:
    int file_ = -1;
};

}  // namespace strongroom::store
