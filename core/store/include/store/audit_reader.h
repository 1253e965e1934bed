// Reads and verifies the audit of a store without changing a byte of it: for `strongroom audit` and
// for whoever examines a copy.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/ids.h"
#include "base/secret.h"
#include "store/audit.h"
#include "store/open_error.h"
#include "store/sealer.h"

namespace strongroom::store {

struct AuditQuery {
    std::uint64_t from = 1;  // the first sequence number wanted
    std::uint64_t tail = 0;  // the newest so many of those that match; 0: all
    CustomerId customer;     // 0: all
};

// One thread. May run beside the process that owns the store.
class AuditReader {
public:
    // Opens `path` for reading. The message of an error says whether it is missing, no store, of a
    // newer version, damaged or unreadable. `vfs`: SQLite's name of a file system; empty for the
    // default.
    [[nodiscard]] static Opened<AuditReader> open(const std::string& path,
                                                  const std::string& vfs = {});
    AuditReader(AuditReader&&) noexcept;
    AuditReader& operator=(AuditReader&&) noexcept;
    ~AuditReader();

    // Calls `each` in order of sequence. Errors: corrupt (a damaged page), disconnected, busy.
    [[nodiscard]] Result<void> read(const AuditQuery& query,
                                    const std::function<void(const AuditRow&)>& each);

    // Checks every row from the first on, the anchor, and that counters, holders and sealed fields
    // are as the rows left them. Errors: denied (`master` is not this store's key), and as read();
    // the anchor's.
    [[nodiscard]] Result<AuditVerdict> verify(const Key256& master, const AuditChain& chain,
                                              Anchor& anchor);
    // The same of a store whose fields were sealed by another Sealer than AeadSealer(master).
    [[nodiscard]] Result<AuditVerdict> verify(const Key256& master, const AuditChain& chain,
                                              Anchor& anchor, const Sealer& sealer);

private:
    struct Impl;
    explicit AuditReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace strongroom::store
