#include "screenshot.h"

#include <fstream>
#include <string>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

namespace strongroom::panel {

namespace fs = std::filesystem;

namespace {

bool is_picture_name(const fs::path& file) {
    const std::string extension = file.extension().string();
    return extension == ".png" || extension == ".jpg";
}

}  // namespace

void expect_picture_file(const fs::path& file) {
    if (!is_picture_name(file)) {
        throw WindowError("a screenshot is a .png or a .jpg file, and " + file.string() +
                          " is neither: name it so");
    }
    std::error_code error;
    const fs::path folder = file.parent_path().empty() ? "." : file.parent_path();
    if (!fs::is_directory(folder, error)) {
        throw WindowError("the directory " + folder.string() +
                          " of the screenshot does not exist: make it first");
    }
}

void write_picture(const Picture& picture, const fs::path& file) {
    expect_picture_file(file);
    cv::Mat rows(picture.height, picture.width, CV_8UC3);
    std::copy(picture.pixels.begin(), picture.pixels.end(), rows.data);
    std::vector<std::uint8_t> bytes;
    std::error_code error;
    const fs::path beside = file.string() + ".new";
    if (cv::imencode(file.extension().string(), rows, bytes)) {
        std::ofstream out(beside, std::ios::binary | std::ios::trunc);
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
        out.close();
        if (out) fs::rename(beside, file, error);
        if (out && !error) return;
    }
    fs::remove(beside, error);
    throw WindowError("the screenshot could not be written to " + file.string() +
                      ": see that its directory can be written to and has room");
}

}  // namespace strongroom::panel
