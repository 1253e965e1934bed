// Pictures of the window as files. One thread.
#pragma once

#include <filesystem>

#include "window.h"

namespace strongroom::panel {

// Throws WindowError, with what to do, when the name is not one of a picture that can be written or
// its directory is not there: before minutes of work.
void expect_picture_file(const std::filesystem::path& file);

// Whole or not at all. Throws WindowError.
void write_picture(const Picture& picture, const std::filesystem::path& file);

}  // namespace strongroom::panel
