// A copy of a store, taken while its owner works on it.
#pragma once

#include <filesystem>

#include "store/open_error.h"

namespace strongroom::store {

// Copies the database at `from` and its anchor into `to`, a directory that is made and must not
// hold anything: `strongroom.db`, `strongroom.anchor`, both of mode 0600. The anchor is copied
// first, so that the copy of the store is never older than that of its anchor. The copy is checked
// page by page before this returns. The master key is not in it, and has to be kept elsewhere.
//
// An error names what is missing, in the way or full; what was half-written is removed.
[[nodiscard]] Opened<void> back_up(const std::filesystem::path& from,
                                   const std::filesystem::path& anchor,
                                   const std::filesystem::path& to);

}  // namespace strongroom::store
