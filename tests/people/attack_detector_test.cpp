// A common face detector takes instruments for faces: an attack that it does not see tests nothing.
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/opencv.h>
#include <opencv2/core.hpp>

#include "attack_support.h"
#include "catch.h"

using namespace strongroom;
using namespace strongroom::people;
using namespace strongroom::people::test;

namespace {

std::size_t faces_in(dlib::frontal_face_detector& detector, Picture& picture) {
    const cv::Mat image(picture.height, picture.width, CV_8UC3, picture.pixels.data());
    return detector(dlib::cv_image<dlib::bgr_pixel>(image)).size();
}

}  // namespace

TEST_CASE("attack: a detector finds a face on most instruments, and two beside each other") {
    Renderer renderer;
    AttackRenderer attacks(renderer);
    dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
    constexpr int tries = 8;
    for (const Species species : attack_species()) {
        int found = 0;
        int two = 0;
        for (std::uint64_t seed = 1; seed <= tries; ++seed) {
            Rng rng(seed);
            const Shot shot = random_shot(rng, 0.2);
            const Shot source = random_shot(rng, 0.1);
            const double quality = 0.5 + 0.5 * static_cast<double>(seed) / tries;
            const Instrument instrument = make_instrument(species, quality, seed);
            Picture picture =
                attacks.render(instrument, make_head(300 + seed), make_head(400 + seed), shot,
                               source, make_presentation(instrument, shot, rng));
            const std::size_t faces = faces_in(detector, picture);
            found += faces > 0 ? 1 : 0;
            two += faces > 1 ? 1 : 0;
        }
        INFO(to_string(species) << ": found in " << found << " of " << tries << ", two in " << two);
        CHECK(found >= (species == Species::partial_mask ? tries / 2 : 6));
        if (species == Species::photo_beside) CHECK(two >= 5);
    }
}
