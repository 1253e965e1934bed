#include "sim_camera/image_camera.h"

#include <algorithm>
#include <array>
#include <string>
#include <system_error>

#include <opencv2/imgproc.hpp>

#include "base/assert.h"
#include "vision/image.h"

namespace strongroom::sim {
namespace {

[[nodiscard]] ImageError error_of(const std::filesystem::path& file, std::string_view what) {
    std::string message = file.string();
    message.append(" ").append(what);
    return ImageError(message);
}

[[nodiscard]] bool has_image_ending(const std::filesystem::path& file) {
    constexpr std::array<std::string_view, 7> endings{".jpg", ".jpeg", ".png", ".bmp",
                                                      ".pgm", ".ppm",  ".pnm"};
    std::string ending = file.extension().string();
    for (char& c : ending) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

// A view for OpenCV, which has no type for read-only pixels; nothing here writes through it.
[[nodiscard]] cv::Mat view(const hal::Frame& frame) {
    return {frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.pixels->data())};
}

[[nodiscard]] hal::Frame to_frame(const cv::Mat& image) {
    const cv::Mat whole = image.isContinuous() ? image : image.clone();
    hal::Frame frame;
    frame.width = whole.cols;
    frame.height = whole.rows;
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(
        whole.data, whole.data + whole.total() * whole.elemSize());
    return frame;
}

[[nodiscard]] cv::Mat in_light(const cv::Mat& image, Light light) {
    cv::Mat lit;
    switch (light) {
        case Light::normal: return image;
        case Light::glare: image.convertTo(lit, -1, 0.12, 232); break;  // burnt out
        case Light::dark: image.convertTo(lit, -1, 0.06, 2); break;
    }
    return lit;
}

[[nodiscard]] cv::Mat from_afar(const cv::Mat& image) {
    constexpr int factor = 8;
    cv::Mat small;
    cv::resize(image, small, {}, 1.0 / factor, 1.0 / factor, cv::INTER_AREA);
    cv::Mat room(image.size(), image.type(), cv::mean(image));
    const cv::Rect middle((room.cols - small.cols) / 2, (room.rows - small.rows) / 2, small.cols,
                          small.rows);
    small.copyTo(room(middle));
    return room;
}

}  // namespace

std::vector<hal::Frame> load_images(std::span<const std::filesystem::path> files) {
    constexpr std::size_t bytes_max = std::size_t{1} << 30U;
    if (files.empty()) throw ImageError("no picture was given: name one file or more");
    std::vector<hal::Frame> pictures;
    std::size_t bytes = 0;
    for (const std::filesystem::path& file : files) {
        auto picture = vision::read_image(file);
        if (!picture) throw error_of(file, vision::describe(picture.error()));
        bytes += picture->pixels->size();
        if (bytes > bytes_max) {
            throw error_of(file,
                           "takes the pictures beyond a gibibyte: give fewer or smaller ones");
        }
        pictures.push_back(std::move(*picture));
    }
    return pictures;
}

std::vector<std::filesystem::path> list_images(const std::filesystem::path& folder) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        throw error_of(folder, "is not a folder: give the folder that holds the pictures");
    }
    std::vector<std::filesystem::path> files;
    std::filesystem::directory_iterator entries(folder, error);
    if (error) throw error_of(folder, "cannot be listed: check its permissions");
    for (const auto& entry : entries) {
        if (entry.is_regular_file(error) && has_image_ending(entry.path())) {
            files.push_back(entry.path());
        }
    }
    if (files.empty()) {
        throw error_of(folder, "holds no picture: JPEG, PNG, BMP and PNM files are looked for");
    }
    std::sort(files.begin(), files.end());
    return files;
}

hal::Frame empty_picture(int width, int height) {
    STRONGROOM_ASSERT(width >= 1 && height >= 1);
    const auto columns = static_cast<std::size_t>(width);
    const auto rows = static_cast<std::size_t>(height);
    std::vector<std::uint8_t> pixels(columns * rows * 3);
    for (std::size_t y = 0; y < rows; ++y) {
        const auto grey = static_cast<std::uint8_t>(150 - 40 * y / rows);
        std::fill_n(pixels.begin() + static_cast<std::ptrdiff_t>(y * columns * 3), columns * 3,
                    grey);
    }
    hal::Frame frame;
    frame.width = width;
    frame.height = height;
    frame.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels));
    return frame;
}

FrameTimer::FrameTimer(Duration interval) : interval_(interval) {
    STRONGROOM_ASSERT(interval > Duration::zero());
}

void FrameTimer::start(Instant now) {
    if (running_) return;
    running_ = true;
    started_ = now;
    before_start_ = taken_;
}

std::optional<std::uint64_t> FrameTimer::take(Instant now) {
    const auto due = before_start_ + static_cast<std::uint64_t>((now - started_) / interval_);
    if (!running_ || due <= taken_) return std::nullopt;
    taken_ = due;
    return due;
}

ImageCamera::ImageCamera(const hal::Clock& clock, std::vector<hal::Frame> pictures,
                         Duration interval, AtEnd at_end)
    : clock_(clock), pictures_(std::move(pictures)), at_end_(at_end), timer_(interval) {
    STRONGROOM_ASSERT(!pictures_.empty());
}

Result<void> ImageCamera::start() {
    ended_ = false;
    timer_.start(clock_.now());
    return {};
}

void ImageCamera::stop() {
    ended_ = false;
    timer_.stop();
}

Result<std::optional<hal::Frame>> ImageCamera::poll() {
    if (ended_) return fail(Errc::disconnected);
    if (!timer_.running()) return fail(Errc::denied);
    const auto number = timer_.take(clock_.now());
    if (!number) return std::nullopt;
    const std::uint64_t shown = *number - first_ - 1;
    if (at_end_ == AtEnd::disconnect && shown >= pictures_.size()) {
        timer_.stop();
        first_ = *number;
        ended_ = true;
        return fail(Errc::disconnected);
    }
    hal::Frame frame = pictures_[static_cast<std::size_t>(shown % pictures_.size())];
    frame.captured = clock_.now();
    frame.sequence = *number;
    return frame;
}

PeopleCamera::PeopleCamera(const World& world, SiteId site, const hal::Clock& clock,
                           const Pictures& pictures, Duration interval)
    : world_(world),
      site_(site),
      clock_(clock),
      pictures_(pictures),
      nobody_(empty_picture()),
      timer_(interval) {}

Result<void> PeopleCamera::start() {
    const Site& site = world_.site(site_);
    if (!site.connected(Cable::camera)) return fail(Errc::disconnected);
    lost_ = false;
    losses_ = site.camera_losses;
    timer_.start(clock_.now());
    return {};
}

void PeopleCamera::stop() {
    lost_ = false;
    timer_.stop();
}

Result<std::optional<hal::Frame>> PeopleCamera::poll() {
    if (timer_.running() && world_.site(site_).camera_losses != losses_) {
        timer_.stop();
        lost_ = true;
    }
    if (lost_) return fail(Errc::disconnected);
    if (!timer_.running()) return fail(Errc::denied);
    const auto number = timer_.take(clock_.now());
    if (!number) return std::nullopt;
    hal::Frame frame = picture(world_.scene(site_), *number);
    frame.captured = clock_.now();
    frame.sequence = *number;
    return frame;
}

hal::Frame PeopleCamera::picture(const Scene& scene, std::uint64_t number) const {
    const auto found = pictures_.find(scene.face.whose);
    const bool somebody = scene.presenter && scene.face.faces > 0 && !scene.face.turned_away &&
                          found != pictures_.end() && !found->second.empty();
    const hal::Frame& plain =
        somebody ? found->second[static_cast<std::size_t>(number % found->second.size())] : nobody_;
    const ShownFace& face = scene.face;
    const bool as_it_is = scene.light == Light::normal &&
                          (!somebody || (face.faces == 1 && !face.blurred && !face.far_away));
    if (as_it_is) return plain;  // shared, not copied

    cv::Mat image = view(plain);
    if (somebody && face.far_away) image = from_afar(image);
    if (somebody && face.blurred) {
        cv::Mat blurred;
        const int kernel = std::max(3, image.cols / 12) | 1;
        cv::blur(image, blurred, {kernel, kernel});
        image = blurred;
    }
    if (somebody && face.faces > 1) {  // company stands beside, with the same face
        const int most = 4;
        const std::vector<cv::Mat> row(static_cast<std::size_t>(std::min<int>(face.faces, most)),
                                       image);
        cv::Mat together;
        cv::hconcat(row, together);
        image = together;
    }
    return to_frame(in_light(image, scene.light));
}

}  // namespace strongroom::sim
