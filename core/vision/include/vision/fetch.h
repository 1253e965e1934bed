// Getting a pack's files from their public homes: only when asked, never silently.
#pragma once

#include <filesystem>
#include <functional>

#include "vision/model_pack.h"

namespace strongroom::vision {

// Called while bytes arrive: how many so far, and how many in all (0 while unknown).
using FetchProgress = std::function<void(std::int64_t received, std::int64_t total)>;

// Fetches `file` into `folder` (created if need be) over verified TLS, checks the SHA-256 of what
// came and, for a packed file, of what was inside, and only then puts it in place in one step:
// there is never half a file under its name. Blocks. Throws PackError: no url, no network, refused
// by the server, larger than 1 GiB, wrong digest, disk.
void fetch_file(const PackFile& file, const std::filesystem::path& folder,
                const FetchProgress& progress = {});

}  // namespace strongroom::vision
