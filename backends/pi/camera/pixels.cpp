#include "pixels.h"

#include <algorithm>
#include <array>

#include <linux/videodev2.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace strongroom::pi {
namespace {

struct Conversion {
    std::uint32_t pixels;
    int bytes_per_pixel;  // 0: compressed
    int code;             // of cv::cvtColor; below 0: none needed
};

constexpr std::array conversions{
    Conversion{V4L2_PIX_FMT_YUYV, 2, cv::COLOR_YUV2BGR_YUYV},
    Conversion{V4L2_PIX_FMT_UYVY, 2, cv::COLOR_YUV2BGR_UYVY},
    Conversion{V4L2_PIX_FMT_BGR24, 3, -1},
    Conversion{V4L2_PIX_FMT_RGB24, 3, cv::COLOR_RGB2BGR},
    Conversion{V4L2_PIX_FMT_MJPEG, 0, -1},
    Conversion{V4L2_PIX_FMT_JPEG, 0, -1},
    Conversion{V4L2_PIX_FMT_GREY, 1, cv::COLOR_GRAY2BGR},
};

constexpr auto formats = [] {
    std::array<std::uint32_t, conversions.size()> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = conversions[i].pixels;
    return all;
}();

[[nodiscard]] cv::Mat decoded(std::span<const std::uint8_t> bytes) {
    // OpenCV has no view of constant bytes; nothing here writes through it.
    auto* data = const_cast<std::uint8_t*>(bytes.data());
    return cv::imdecode(cv::Mat(1, static_cast<int>(bytes.size()), CV_8UC1, data),
                        cv::IMREAD_COLOR);
}

[[nodiscard]] cv::Mat unpacked(const Conversion& conversion, const V4l2Format& format,
                               std::span<const std::uint8_t> bytes) {
    const auto row = static_cast<std::size_t>(format.width * conversion.bytes_per_pixel);
    const std::size_t stride = std::max(format.stride, row);
    if (bytes.size() < stride * static_cast<std::size_t>(format.height - 1) + row) return {};
    auto* data = const_cast<std::uint8_t*>(bytes.data());
    const cv::Mat raw(format.height, format.width, CV_8UC(conversion.bytes_per_pixel), data,
                      stride);
    cv::Mat picture;
    if (conversion.code < 0) {
        picture = raw.clone();
    } else {
        cv::cvtColor(raw, picture, conversion.code);
    }
    return picture;
}

}  // namespace

std::span<const std::uint32_t> convertible_formats() { return formats; }

std::optional<std::vector<std::uint8_t>> to_bgr(const V4l2Format& format,
                                                std::span<const std::uint8_t> bytes) {
    const auto* conversion =
        std::find_if(conversions.begin(), conversions.end(),
                     [&](const Conversion& known) { return known.pixels == format.pixels; });
    if (conversion == conversions.end() || bytes.empty() || format.width < 1 || format.height < 1) {
        return std::nullopt;
    }
    try {
        const cv::Mat picture = conversion->bytes_per_pixel == 0
                                    ? decoded(bytes)
                                    : unpacked(*conversion, format, bytes);
        if (picture.type() != CV_8UC3 || picture.cols != format.width ||
            picture.rows != format.height || !picture.isContinuous()) {
            return std::nullopt;
        }
        return std::vector<std::uint8_t>(picture.datastart, picture.dataend);
    } catch (const cv::Exception&) {
        return std::nullopt;  // a decoder that gave up
    }
}

}  // namespace strongroom::pi
