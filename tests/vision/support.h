// What the tests of vision share: folders that vanish, frames from nothing, real data if it is
// there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "hal/camera.h"

namespace strongroom::test {

// A folder of its own, removed with everything in it.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    std::filesystem::path write(const std::string& name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

[[nodiscard]] std::string read_text(const std::filesystem::path& file);

// The project's folder.
[[nodiscard]] std::filesystem::path source_folder();

// A folder or file of the shared test data; none prints why the test is skipped.
[[nodiscard]] std::optional<std::filesystem::path> shared_data(const std::string& relative);

// Every pixel the same.
[[nodiscard]] hal::Frame plain_frame(int width, int height, std::uint8_t grey,
                                     hal::PixelFormat format = hal::PixelFormat::bgr8);

// SHA-256 through the library's own manifest reading: what `models list` would show.
[[nodiscard]] std::string digest_of(std::string_view content);

}  // namespace strongroom::test
