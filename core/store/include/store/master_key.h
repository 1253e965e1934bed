// The master key: 32 random bytes in a file outside the store's directory. All other keys are
// derived from it. Who loses it loses every sealed field; who shows it shows them all.
#pragma once

#include <filesystem>

#include "base/secret.h"
#include "hal/entropy.h"
#include "store/open_error.h"

namespace strongroom::store {

// Reads the key. Refused, with what to do about it: a missing file, a symbolic link, something that
// is no regular file, a size other than 32 bytes, any permission for group or others (but for
// a file of root's of mode 0440, as systemd's credentials look), an owner who is
// neither this user nor root, and a file in or below `store_directory` (checked when that is not
// empty), because a copy of the store must not bring its key along.
[[nodiscard]] Opened<Key256> load_master_key(const std::filesystem::path& path,
                                             const std::filesystem::path& store_directory = {});

// Makes a key of `entropy`'s bytes (the operating system's, for a real store) in a new file of mode
// 0600, and returns it. An existing file is never overwritten (denied).
[[nodiscard]] Opened<Key256> create_master_key(const std::filesystem::path& path,
                                               hal::Entropy& entropy);

}  // namespace strongroom::store
