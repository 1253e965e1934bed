// The anchor in a file of its own. Put it on another medium than the database, or at least in a
// directory that whoever can write the database cannot write.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>

#include "base/secret.h"
#include "store/audit.h"

namespace strongroom::store {

// Two slots, written in turn, each under a keyed hash: a write that the power cuts short spoils one
// and the other still holds the mark before. One fdatasync a mark. The newest slot that
// authenticates counts. Any thread.
class FileAnchor : public Anchor {
public:
    // Nothing is opened yet. `master` keys the slots' authentication.
    FileAnchor(std::filesystem::path path, const Key256& master);
    FileAnchor(const FileAnchor&) = delete;
    FileAnchor& operator=(const FileAnchor&) = delete;
    ~FileAnchor() override;

    // None when the file does not exist. corrupt: it exists, and no slot authenticates.
    [[nodiscard]] Result<std::optional<AnchorMark>> read() override;
    // Creates the file (mode 0600) with the first mark.
    [[nodiscard]] Result<void> write(const AnchorMark& mark) override;

private:
    [[nodiscard]] Result<void> open_for_writing();
    [[nodiscard]] Result<std::optional<AnchorMark>> read_file() const;

    std::filesystem::path path_;
    Key256 key_;
    std::mutex mutex_;
    int file_ = -1;
    bool known_ = false;  // held_ is what the file holds
    std::optional<AnchorMark> held_;
    unsigned slot_ = 0;  // the next write's
};

}  // namespace strongroom::store
