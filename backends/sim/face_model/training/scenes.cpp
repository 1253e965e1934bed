#include "scenes.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <thread>
#include <vector>

namespace strongroom::face_model {

people::Head person_of(people::Set set, std::size_t index) {
    const std::uint64_t seed = people::seed_in(set, index);
    if (set != people::Set::training || index % 3 != 2) return people::make_head(seed);
    Rng rng(seed);
    const double similarity = rng.fork("similarity").uniform(0.3, 0.75);
    return people::make_relative(seed, people::make_head(seed - 1), similarity);
}

people::Shot draw_shot(Rng& rng, double difficulty, bool expressive) {
    people::Shot shot = people::random_shot(rng, difficulty);
    people::vary_within_visit(shot, rng, difficulty);
    shot.noise_seed = rng.next();
    if (!expressive) return shot;
    const auto sometimes = [&](double calm) { return rng.uniform() < 0.5 ? calm : rng.uniform(); };
    shot.expression.eyes_open = sometimes(1);
    if (rng.uniform() < 0.15) shot.expression.eyes_open = 0;
    shot.expression.mouth_open = sometimes(0);
    shot.expression.smile = sometimes(0);
    shot.pose.yaw = std::clamp(shot.pose.yaw * 1.5 + rng.normal(0, 9), -32.0, 32.0);
    shot.pose.pitch = std::clamp(shot.pose.pitch * 1.2 + rng.normal(0, 5), -22.0, 22.0);
    return shot;
}

void close_in(people::Shot& shot, double scale) {
    constexpr int side = 208;
    people::Lens& lens = shot.lens;
    lens.width = side;
    lens.height = side;
    lens.focal_length *= scale;
    // The face is to fill the same share of the cut at any distance.
    const double eyes = lens.focal_length * 0.063 / shot.place.distance;
    constexpr double eyes_most = 44;
    if (eyes > eyes_most) {
        lens.focal_length *= eyes_most / eyes;
        scale *= eyes_most / eyes;
    }
    lens.blur = std::max(0.35, lens.blur * scale);
    lens.motion_blur *= scale;
    lens.noise *= scale;
    lens.row_noise *= scale;
    if (lens.jpeg_quality > 0) {
        lens.jpeg_quality = static_cast<int>(100 - (100 - lens.jpeg_quality) * scale);
    }
    shot.place.right = 0;
    shot.place.up = 0;
}

void in_parallel(std::size_t count, std::size_t threads,
                 const std::function<void(std::size_t index, std::size_t thread)>& work) {
    std::vector<std::exception_ptr> thrown(threads);
    std::vector<std::thread> workers;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        workers.emplace_back([&, thread] {
            try {
                for (std::size_t i = thread; i < count; i += threads) work(i, thread);
            } catch (...) {
                thrown[thread] = std::current_exception();
            }
        });
    }
    for (auto& worker : workers) worker.join();
    for (const auto& exception : thrown) {
        if (exception) std::rethrow_exception(exception);
    }
}

}  // namespace strongroom::face_model
