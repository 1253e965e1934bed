#include "vision/image.h"

#include <cmath>
#include <fstream>
#include <system_error>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "image_header.h"
#include "mat_view.h"

namespace strongroom::vision {

namespace {

// JPEG can be decoded at a half, a quarter or an eighth at a fraction of the memory: the largest
// such reduction that still leaves `long_side`.
int decode_mode(const ImageHeader& header, int long_side) {
    if (header.kind != ImageKind::jpeg) return cv::IMREAD_COLOR;
    const auto longest = std::max(header.width, header.height);
    if (longest >= std::int64_t{8} * long_side) return cv::IMREAD_REDUCED_COLOR_8;
    if (longest >= std::int64_t{4} * long_side) return cv::IMREAD_REDUCED_COLOR_4;
    if (longest >= std::int64_t{2} * long_side) return cv::IMREAD_REDUCED_COLOR_2;
    return cv::IMREAD_COLOR;
}

cv::Mat reduced(const cv::Mat& image, int long_side) {
    const int longest = std::max(image.cols, image.rows);
    if (longest <= long_side) return image;
    const double factor = static_cast<double>(long_side) / longest;
    const cv::Size size(std::max(1, static_cast<int>(std::lround(image.cols * factor))),
                        std::max(1, static_cast<int>(std::lround(image.rows * factor))));
    cv::Mat smaller;
    cv::resize(image, smaller, size, 0, 0, cv::INTER_AREA);
    return smaller;
}

}  // namespace

std::string_view describe(ImageFault fault) {
    switch (fault) {
        case ImageFault::not_found: return "is not there: check the path";
        case ImageFault::unreadable:
            return "cannot be read: it must be a file that this user may read";
        case ImageFault::empty: return "is empty: take the picture again";
        case ImageFault::not_an_image:
            return "is no image that is accepted here: give JPEG, PNG, BMP or PNM";
        case ImageFault::damaged:
            return "is damaged or cut short and cannot be decoded: copy or take it again";
        case ImageFault::too_large:
            return "is too large (limits: 100 megapixels, 128 MiB): reduce it first";
    }
    return "invalid";
}

tl::expected<hal::Frame, ImageFault> decode_image(std::span<const std::uint8_t> bytes,
                                                  const ImageLimits& limits) {
    if (bytes.empty()) return tl::unexpected(ImageFault::empty);
    if (static_cast<std::int64_t>(bytes.size()) > limits.bytes) {
        return tl::unexpected(ImageFault::too_large);
    }
    const auto header = read_header(bytes);
    if (!header) return tl::unexpected(ImageFault::not_an_image);
    if (header->width < 1 || header->height < 1) return tl::unexpected(ImageFault::damaged);
    // Sides first, so that their product cannot overflow.
    if (header->width > limits.pixels || header->height > limits.pixels ||
        header->width * header->height > limits.pixels) {
        return tl::unexpected(ImageFault::too_large);
    }
    try {
        const cv::Mat buffer(1, static_cast<int>(bytes.size()), CV_8UC1,
                             const_cast<std::uint8_t*>(bytes.data()));
        const cv::Mat image = cv::imdecode(buffer, decode_mode(*header, limits.long_side));
        if (image.empty() || image.type() != CV_8UC3) return tl::unexpected(ImageFault::damaged);
        return to_frame(reduced(image, limits.long_side));
    } catch (const std::exception&) {
        return tl::unexpected(ImageFault::damaged);
    }
}

tl::expected<hal::Frame, ImageFault> read_image(const std::filesystem::path& file,
                                                const ImageLimits& limits) {
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) return tl::unexpected(ImageFault::not_found);
    if (!std::filesystem::is_regular_file(status)) return tl::unexpected(ImageFault::unreadable);
    const auto size = std::filesystem::file_size(file, error);
    if (error) return tl::unexpected(ImageFault::unreadable);
    if (size == 0) return tl::unexpected(ImageFault::empty);
    if (size > static_cast<std::uintmax_t>(limits.bytes)) {
        return tl::unexpected(ImageFault::too_large);
    }
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
    std::ifstream in(file, std::ios::binary);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!in) return tl::unexpected(ImageFault::unreadable);
    return decode_image(bytes, limits);
}

Result<hal::Frame> normalise(const hal::Frame& frame, const ImageLimits& limits) {
    if (!well_formed(frame)) return fail(Errc::corrupt);
    if (std::int64_t{frame.width} * frame.height > limits.pixels) return fail(Errc::out_of_range);
    const bool small = std::max(frame.width, frame.height) <= limits.long_side;
    if (small && frame.format == hal::PixelFormat::bgr8) return frame;
    try {
        cv::Mat image = reduced(view(frame), limits.long_side);
        if (frame.format == hal::PixelFormat::gray8) {
            cv::Mat colour;
            cv::cvtColor(image, colour, cv::COLOR_GRAY2BGR);
            image = colour;
        }
        hal::Frame normal = to_frame(image);
        normal.captured = frame.captured;
        normal.sequence = frame.sequence;
        return normal;
    } catch (const std::exception&) {
        return fail(Errc::corrupt);
    }
}

}  // namespace strongroom::vision
