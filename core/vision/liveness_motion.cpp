// OpenCV before our own header, which uses its types.
// clang-format off
#include <opencv2/core.hpp>
#include "liveness_motion.h"
// clang-format on

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "vision/passive_liveness.h"

namespace strongroom::vision {

namespace {

constexpr std::size_t kept = 20;  // frames
constexpr Duration apart = std::chrono::milliseconds(90);

enum class Part { face, near, far, other };

// Where a pixel of the overview is, by its distance from the face in units. Near: what a sheet or a
// screen shows beside the head; far: what is beyond most of them. What is below moves with the
// shoulders and tells nothing.
Part part_of(double x, double y) {
    if (x * x + 0.7 * y * y < 1.2) return Part::face;
    const double aside = std::abs(x);
    if (y > 1.2 || y < -2.4) return Part::other;
    if (aside > 1.7 && aside < 2.5) return Part::near;
    if (aside > 2.9) return Part::far;
    return Part::other;
}

// Least squares of the change by the gradients: a shift, or an affine map.
class FlowFit {
public:
    void add(double gx, double gy, double change, double x, double y) {
        const std::array<double, 6> row{gx, gy, gx * x, gx * y, gy * x, gy * y};
        for (std::size_t i = 0; i < 6; ++i) {
            for (std::size_t j = 0; j <= i; ++j)
                normal_(static_cast<int>(i), static_cast<int>(j)) += row.at(i) * row.at(j);
            right_(static_cast<int>(i)) -= row.at(i) * change;
        }
        total_ += change * change;
        sizes_ += std::abs(change);
        gradients_ += std::hypot(gx, gy);
        sum_ += change;
        count_ += 1;
    }
    double change() const { return count_ == 0 ? 0 : sizes_ / (gradients_ + 1.0 * count_); }
    // Share of the change that the first `terms` (2: shift, 6: affine) leave.
    double left_by(int terms, cv::Point2d& shift) const {
        shift = {};
        if (count_ < 12 || total_ < 1e-6) return 1;
        cv::Mat normal(terms, terms, CV_64F);
        cv::Mat right(terms, 1, CV_64F);
        for (int i = 0; i < terms; ++i) {
            for (int j = 0; j < terms; ++j) {
                normal.at<double>(i, j) = normal_(std::max(i, j), std::min(i, j));
            }
            normal.at<double>(i, i) += 1e-3 * normal.at<double>(i, i) + 4.0 * count_;
            right.at<double>(i) = right_(i);
        }
        cv::Mat solution;
        if (!cv::solve(normal, right, solution, cv::DECOMP_CHOLESKY)) return 1;
        shift = {solution.at<double>(0), solution.at<double>(1)};
        return std::clamp(1 - solution.dot(right) / total_, 0.0, 1.0);
    }

private:
    cv::Matx<double, 6, 6> normal_ = cv::Matx<double, 6, 6>::zeros();
    cv::Vec<double, 6> right_;
    double total_ = 0;
    double sizes_ = 0;
    double gradients_ = 0;
    double sum_ = 0;
    double count_ = 0;
};

double mean_of(const cv::Mat& overview, const LivenessView& view, Part part) {
    const double unit = view.place.unit * view.overview_scale;
    const cv::Point2d centre = view.place.centre * view.overview_scale;
    double sum = 0, count = 0;
    for (int y = 0; y < overview.rows; ++y) {
        const auto* row = overview.ptr<float>(y);
        for (int x = 0; x < overview.cols; ++x) {
            if (part_of((x - centre.x) / unit, (y - centre.y) / unit) != part) continue;
            sum += static_cast<double>(row[x]);
            count += 1;
        }
    }
    return count == 0 ? 0 : sum / count;
}

// Root mean square of second differences by the mean: what flickers, without what drifts.
template <class Series, class Take>
double flutter(const Series& series, Take take) {
    if (series.size() < 3) return PassiveFeatures::no_history;
    double squares = 0, sum = 0;
    for (std::size_t i = 2; i < series.size(); ++i) {
        const double bend = take(series[i]) - 2 * take(series[i - 1]) + take(series[i - 2]);
        squares += bend * bend;
        sum += take(series[i]);
    }
    const double count = static_cast<double>(series.size() - 2);
    return std::log(std::sqrt(squares / count) / (std::abs(sum / count) + 1) + 1e-4);
}

// How far the rows of a difference differ beyond a straight slope: rolling bars of screens.
double banding(const cv::Mat& difference, int left, int right) {
    left = std::clamp(left, 0, difference.cols);
    right = std::clamp(right, 0, difference.cols);
    if (right - left < 4 || difference.rows < 8) return 0;
    cv::Mat rows;
    cv::reduce(difference.colRange(left, right), rows, 1, cv::REDUCE_AVG, CV_32F);
    cv::Mat smooth;
    cv::blur(rows, smooth, {1, std::max(3, rows.rows / 3)}, {-1, -1}, cv::BORDER_REFLECT);
    const cv::Mat over = rows - smooth;
    return std::sqrt(over.dot(over) / static_cast<double>(over.total()));
}

}  // namespace

void LivenessMotion::forget() {
    seen_.clear();
    shifts_.clear();
}

LivenessMotion::Shift LivenessMotion::shift_between(const cv::Mat& before,
                                                    const LivenessView& view) {
    const cv::Mat& now = view.overview;
    cv::Mat dx, dy;
    const cv::Mat middle = (now + before) / 2;
    cv::Sobel(middle, dx, CV_32F, 1, 0, 3, 0.125);
    cv::Sobel(middle, dy, CV_32F, 0, 1, 3, 0.125);
    cv::Mat difference = now - before;
    // Brightness as a whole is flicker or exposure, not motion.
    difference -= cv::mean(difference)[0];
    const double unit = view.place.unit * view.overview_scale;
    const cv::Point2d centre = view.place.centre * view.overview_scale;
    std::array<FlowFit, 3> fits;
    for (int y = 1; y + 1 < now.rows; ++y) {
        for (int x = 1; x + 1 < now.cols; ++x) {
            const double u = (x - centre.x) / unit;
            const double v = (y - centre.y) / unit;
            const Part part = part_of(u, v);
            if (part == Part::other) continue;
            fits.at(static_cast<std::size_t>(part))
                .add(static_cast<double>(dx.at<float>(y, x)),
                     static_cast<double>(dy.at<float>(y, x)),
                     static_cast<double>(difference.at<float>(y, x)), u, v);
        }
    }
    Shift shift;
    cv::Point2d unused;
    shift.face_unexplained = fits[0].left_by(2, shift.face);
    shift.face_bent = fits[0].left_by(6, unused);
    shift.near_unexplained = fits[1].left_by(2, shift.near);
    shift.face /= unit;
    shift.near /= unit;
    shift.face_change = fits[0].change();
    shift.near_change = fits[1].change();
    shift.far_change = fits[2].change();
    return shift;
}

void LivenessMotion::add_shift(const Shift& shift, FeatureSink& sink) const {
    sink.add("face_shift", std::log(cv::norm(shift.face) + 1e-3));
    sink.add("near_shift", std::log(cv::norm(shift.near) + 1e-3));
    sink.add("apart", std::log(cv::norm(shift.face - shift.near) + 1e-3));
    sink.add("face_change", std::log(shift.face_change + 1e-2));
    sink.add("near_change", std::log(shift.near_change + 1e-2));
    sink.add("far_change", std::log(shift.far_change + 1e-2));
    sink.add("face_unexplained", shift.face_unexplained);
    sink.add("face_bent", shift.face_bent);
    sink.add("near_unexplained", shift.near_unexplained);
}

// Over the track: does what is beside the head move as the head does?
void LivenessMotion::add_sums(FeatureSink& sink) const {
    double together = 0, faces = 0, nears = 0;
    double face_change = 0, near_change = 0, far_change = 0, bent = 0;
    for (const Shift& shift : shifts_) {
        together += shift.face.dot(shift.near);
        faces += shift.face.dot(shift.face);
        nears += shift.near.dot(shift.near);
        face_change += shift.face_change;
        near_change += shift.near_change;
        far_change += shift.far_change;
        bent = std::max(bent, shift.face_bent * shift.face_change);
    }
    const double count = static_cast<double>(std::max<std::size_t>(1, shifts_.size()));
    sink.add("follows", together / (faces + 1e-5));
    sink.add("follows_share", together / std::sqrt(faces * nears + 1e-10));
    sink.add("face_travel", 0.5 * std::log(faces / count + 1e-6));
    sink.add("near_travel", 0.5 * std::log(nears / count + 1e-6));
    sink.add("near_by_face", near_change / (face_change + 1e-2 * count));
    sink.add("far_by_face", far_change / (face_change + 1e-2 * count));
    sink.add("far_by_near", far_change / (near_change + 1e-2 * count));
    sink.add("face_change_mean", std::log(face_change / count + 1e-2));
    sink.add("far_change_mean", std::log(far_change / count + 1e-2));
    sink.add("most_bent", std::log(bent + 1e-2));
}

void LivenessMotion::add_flicker(const cv::Mat& before, const LivenessView& view,
                                 FeatureSink& sink) const {
    const double face = flutter(seen_, [](const Seen& seen) { return seen.face_luma; });
    const double far = flutter(seen_, [](const Seen& seen) { return seen.far_luma; });
    sink.add("face_flutter", face);
    sink.add("far_flutter", far);
    sink.add("flutter_apart", face - far);
    const cv::Mat difference = view.overview - before;
    const double unit = view.place.unit * view.overview_scale;
    const double x = view.place.centre.x * view.overview_scale;
    const auto at = [](double value) { return static_cast<int>(std::lround(value)); };
    const double inside = banding(difference, at(x - unit), at(x + unit));
    const double outside = std::max(banding(difference, 0, at(x - 2.9 * unit)),
                                    banding(difference, at(x + 2.9 * unit), difference.cols));
    sink.add("banding", std::log(inside + 0.05));
    sink.add("banding_beside", std::log(outside + 0.05));
}

void LivenessMotion::measure(const LivenessView& view, Instant captured, FeatureSink& sink) {
    sink.group("motion");
    // Another size or an older frame is another film.
    if (!seen_.empty() && (seen_.back().overview.size() != view.overview.size() ||
                           captured < seen_.back().captured)) {
        forget();
    }
    Seen now{captured, view.overview, mean_of(view.overview, view, Part::face),
             mean_of(view.overview, view, Part::far)};
    if (seen_.empty()) {
        constexpr int count = 9 + 10 + 5 + 1;
        static constexpr std::array<const char*, count> names{
            "face_shift",       "near_shift",       "apart",
            "face_change",      "near_change",      "far_change",
            "face_unexplained", "face_bent",        "near_unexplained",
            "follows",          "follows_share",    "face_travel",
            "near_travel",      "near_by_face",     "far_by_face",
            "far_by_near",      "face_change_mean", "far_change_mean",
            "most_bent",        "face_flutter",     "far_flutter",
            "flutter_apart",    "banding",          "banding_beside",
            "interval"};
        for (const char* name : names)
            sink.add(name, static_cast<double>(PassiveFeatures::no_history));
        seen_.push_back(std::move(now));
        return;
    }
    // The latest frame that is old enough for a head to have moved, or the oldest there is.
    const Seen* before = &seen_.front();
    for (const Seen& seen : seen_) {
        if (captured - seen.captured >= apart) before = &seen;
    }
    const Shift shift = shift_between(before->overview, view);
    const double interval = std::chrono::duration<double>(captured - before->captured).count();
    const cv::Mat last = seen_.back().overview;
    if (seen_.size() == kept) seen_.pop_front();
    if (shifts_.size() == kept) shifts_.pop_front();
    shifts_.push_back(shift);
    seen_.push_back(std::move(now));
    add_shift(shift, sink);
    add_sums(sink);
    add_flicker(last, view, sink);
    sink.add("interval", std::min(interval, 1.0));
}

}  // namespace strongroom::vision
