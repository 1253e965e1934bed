#include "sim_camera/picture_files.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/assert.h"
#include "people/renderer.h"

namespace strongroom::sim {

namespace {

[[nodiscard]] cv::Mat view_of(const hal::Frame& frame) {
    // OpenCV has no view of constant pixels; nothing here writes through it.
    auto* pixels = const_cast<std::uint8_t*>(frame.pixels->data());
    return {frame.height, frame.width, frame.format == hal::PixelFormat::bgr8 ? CV_8UC3 : CV_8UC1,
            pixels};
}

[[nodiscard]] hal::Frame frame_of(const cv::Mat& image) {
    STRONGROOM_ASSERT(image.type() == CV_8UC3 && image.isContinuous());
    hal::Frame frame;
    frame.width = image.cols;
    frame.height = image.rows;
    frame.sequence = 1;
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(
        image.data, image.data + image.total() * image.elemSize());
    return frame;
}

}  // namespace

hal::Frame to_frame(people::Picture picture, std::uint64_t sequence) {
    hal::Frame frame;
    frame.sequence = sequence;
    frame.width = picture.width;
    frame.height = picture.height;
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(picture.pixels));
    return frame;
}

void write_picture(const hal::Frame& frame, const std::filesystem::path& file, int jpeg_quality) {
    std::string ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (ending != ".png" && ending != ".jpg" && ending != ".jpeg") {
        throw PictureError(file.string() + ": a picture's name ends in .png, .jpg or .jpeg");
    }
    // The ending stays last, because it chooses the format.
    const std::filesystem::path beside =
        file.parent_path() / ("." + file.stem().string() + ".partial" + ending);
    bool written = false;
    try {
        written =
            cv::imwrite(beside.string(), view_of(frame), {cv::IMWRITE_JPEG_QUALITY, jpeg_quality});
    } catch (const cv::Exception&) {
        written = false;
    }
    std::error_code error;
    if (written) std::filesystem::rename(beside, file, error);
    if (!written || error) {
        std::error_code ignored;
        std::filesystem::remove(beside, ignored);
        throw PictureError(file.string() +
                           ": cannot be written; is the directory there, writable and not full?");
    }
}

hal::Frame contact_sheet(std::span<const Tile> tiles, int columns, int tile_width) {
    STRONGROOM_ASSERT(!tiles.empty() && columns >= 1 && tile_width >= 1);
    const int width = tiles.front().frame.width;
    const int height = tiles.front().frame.height;
    const bool labelled = std::any_of(tiles.begin(), tiles.end(),
                                      [](const Tile& tile) { return !tile.label.empty(); });
    constexpr int label_height = 18;
    const int tile_height = std::max(1, height * tile_width / width);
    const int row_height = tile_height + (labelled ? label_height : 0);
    const int count = static_cast<int>(tiles.size());
    const int shown = std::min(columns, count);
    const int rows = (count + columns - 1) / columns;
    cv::Mat sheet(rows * row_height, shown * tile_width, CV_8UC3, cv::Scalar::all(24));
    for (int i = 0; i < count; ++i) {
        const Tile& tile = tiles[static_cast<std::size_t>(i)];
        STRONGROOM_ASSERT(tile.frame.width == width && tile.frame.height == height);
        const cv::Point corner(i % columns * tile_width, i / columns * row_height);
        cv::Mat place(sheet, cv::Rect(corner, cv::Size(tile_width, tile_height)));
        cv::resize(view_of(tile.frame), place, place.size(), 0, 0, cv::INTER_AREA);
        cv::putText(sheet, tile.label, corner + cv::Point(4, tile_height + 13),
                    cv::FONT_HERSHEY_SIMPLEX, 0.4, cv::Scalar::all(230), 1, cv::LINE_AA);
    }
    return frame_of(sheet);
}

}  // namespace strongroom::sim
