#include "support.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include <sys/types.h>
#include <unistd.h>

#include "vision/digest.h"

namespace strongroom::test {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "strongroom-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

fs::path TemporaryFolder::write(const std::string& name, std::string_view content) const {
    const fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!out) throw std::runtime_error("cannot write " + file.string());
    return file;
}

std::string read_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

fs::path source_folder() {
    const char* folder = std::getenv("STRONGROOM_SOURCE_DIR");
    return folder == nullptr ? fs::current_path() : fs::path(folder);
}

std::optional<fs::path> shared_data(const std::string& relative) {
    const char* root = std::getenv("STRONGROOM_DATA");
    const fs::path folder = root == nullptr ? source_folder() / ".." / "shared" : fs::path(root);
    if (fs::exists(folder / relative)) return folder / relative;
    std::cout << "SKIPPED: no " << relative << " in " << folder.string()
              << " (set STRONGROOM_DATA)\n";
    return std::nullopt;
}

hal::Frame plain_frame(int width, int height, std::uint8_t grey, hal::PixelFormat format) {
    hal::Frame frame;
    frame.width = width;
    frame.height = height;
    frame.format = format;
    const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                      static_cast<std::size_t>(hal::bytes_per_pixel(format));
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(size, grey);
    return frame;
}

std::string digest_of(std::string_view content) { return vision::sha256(content); }

}  // namespace strongroom::test
