#include "sim_camera/image_camera.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <numeric>

#include "catch.h"
#include "setting.h"
#include "sim_camera/declared_liveness.h"
#include "temporary_folder.h"

namespace strongroom::sim {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

// A PPM of one colour: the smallest real picture that can be written without a library.
std::string ppm(int width, int height, char grey) {
    return "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n" +
           std::string(static_cast<std::size_t>(width * height * 3), grey);
}

std::string load_error(const std::filesystem::path& file) {
    try {
        static_cast<void>(load_images(std::array{file}));
    } catch (const ImageError& error) {
        return error.what();
    }
    return "loaded";
}

double mean_grey(const hal::Frame& frame) {
    return static_cast<double>(std::accumulate(frame.pixels->begin(), frame.pixels->end(), 0U)) /
           static_cast<double>(frame.pixels->size());
}

double contrast(const hal::Frame& frame) {
    const auto [low, high] = std::minmax_element(frame.pixels->begin(), frame.pixels->end());
    return static_cast<double>(*high - *low);
}

TEST_CASE("image camera: what is no usable picture is refused with its name and a remedy") {
    TemporaryFolder folder;
    const auto check = [&](const std::string& name, std::string_view content, const char* what) {
        const auto file = folder.write(name, content);
        CHECK_THAT(load_error(file), Contains(name) && Contains(what));
    };
    check("empty.jpg", "", "is empty");
    check("letter.jpg", "Dear madam, this is a letter.", "is no image");
    check("cut.png", std::string_view("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), "damaged");
    // A header that promises 10^10 pixels: refused before anything is decoded.
    check("huge.ppm", "P6\n100000 100000\n255\n", "too large");
    CHECK_THAT(load_error(folder.path() / "missing.png"), Contains("missing.png is not there"));
    CHECK_THAT(load_error(folder.path()), Contains("cannot be read"));
    CHECK_THROWS_WITH(load_images({}), Contains("no picture was given"));
    CHECK(load_error(folder.write("good.ppm", ppm(4, 4, 'x'))) == "loaded");
}

TEST_CASE("image camera: a folder gives its pictures by name and nothing else") {
    TemporaryFolder folder;
    CHECK_THROWS_WITH(list_images(folder.path()), Contains("holds no picture"));
    folder.write("b.PPM", ppm(2, 2, 'b'));
    folder.write("a.ppm", ppm(2, 2, 'a'));
    folder.write("notes.txt", "not a picture");
    std::filesystem::create_directory(folder.path() / "c.png");
    const auto files = list_images(folder.path());
    REQUIRE(files.size() == 2);
    CHECK(files[0].filename() == "a.ppm");
    CHECK(files[1].filename() == "b.PPM");
    CHECK_THROWS_WITH(list_images(files[0]), Contains("is not a folder"));
    CHECK_THROWS_WITH(list_images(folder.path() / "nowhere"), Contains("is not a folder"));
    CHECK(load_images(files).size() == 2);
}

TEST_CASE("image camera: pictures follow each other at the interval, and the end is as asked") {
    Scheduler scheduler(1);
    VirtualClock clock(scheduler);
    const auto at_end = GENERATE(ImageCamera::AtEnd::repeat, ImageCamera::AtEnd::disconnect);
    ImageCamera camera(clock, {empty_picture(10, 1), empty_picture(20, 1), empty_picture(30, 1)},
                       100ms, at_end);
    REQUIRE(camera.start());
    const auto next_width = [&] {
        scheduler.run_for(100ms);
        return camera.poll().value().value().width;
    };
    CHECK(next_width() == 10);
    CHECK(next_width() == 20);
    CHECK(next_width() == 30);
    scheduler.run_for(100ms);
    if (at_end == ImageCamera::AtEnd::repeat) {
        const auto frame = camera.poll().value().value();
        CHECK(frame.width == 10);
        CHECK(frame.sequence == 4);
        scheduler.run_for(250ms);  // a poller that was late gets the newest, and a gap
        CHECK(camera.poll().value().value().sequence == 6);
    } else {
        CHECK(camera.poll().error().code == Errc::disconnected);
        CHECK(camera.poll().error().code == Errc::disconnected);
        REQUIRE(camera.start());
        CHECK(next_width() == 10);
        CHECK(next_width() == 20);
    }
}

struct Studio : Town {
    Studio() {
        // Half dark, half bright: something that blur, light and distance change.
        std::vector<std::uint8_t> pixels(96 * 64 * 3, 60);
        for (std::size_t i = 0; i < pixels.size(); ++i) {
            if (i / 3 % 96 >= 48) pixels[i] = 180;
        }
        hal::Frame face;
        face.width = 96;
        face.height = 64;
        face.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels));
        pictures[alice] = {face};
    }
    hal::Frame take() {
        scheduler.run_for(400ms);
        return camera.poll().value().value();
    }
    VirtualClock clock{scheduler};
    PeopleCamera::Pictures pictures;
    PeopleCamera camera{world, site, clock, pictures};
};

TEST_CASE("people camera: whoever's face is shown is in the picture, else nobody") {
    Studio studio;
    REQUIRE(studio.camera.start());
    const hal::Frame nobody = studio.take();
    CHECK(nobody.width == 640);
    studio.world.show_face(studio.alice, studio.site);
    const hal::Frame alice = studio.take();
    CHECK(alice.pixels == studio.pictures[studio.alice].front().pixels);
    // A print of hers in a stranger's hand is a picture of hers.
    studio.world.show_face(studio.mallory, studio.site,
                           {studio.alice, Presentation::artefact, 1, false, false, false});
    CHECK(studio.take().pixels == alice.pixels);
    // He has no pictures.
    studio.world.show_face(studio.mallory, studio.site);
    CHECK(studio.take().pixels == nobody.pixels);
}

TEST_CASE("people camera: light, blur, distance, pose and company change the picture") {
    Studio studio;
    REQUIRE(studio.camera.start());
    const auto look = [&](Light light, ShownFace face) {
        studio.world.set_light(studio.site, light);
        studio.world.show_face(studio.alice, studio.site, face);
        return studio.take();
    };
    const hal::Frame plain = look(Light::normal, {});
    CHECK(mean_grey(look(Light::glare, {})) > 225);
    CHECK(contrast(look(Light::glare, {})) < contrast(plain) / 4);
    CHECK(mean_grey(look(Light::dark, {})) < 30);
    ShownFace face;
    face.faces = 3;
    CHECK(look(Light::normal, face).width == 3 * plain.width);
    face = {};
    face.turned_away = true;
    CHECK(look(Light::normal, face).width == 640);
    face = {};
    face.blurred = true;
    CHECK(*look(Light::normal, face).pixels != *plain.pixels);
    face = {};
    face.far_away = true;
    const hal::Frame far = look(Light::normal, face);
    CHECK(far.width == plain.width);
    CHECK(*far.pixels != *plain.pixels);
    CHECK(*look(Light::normal, {}).pixels == *plain.pixels);
}

TEST_CASE("declared liveness: artefacts and an empty place are not alive, and all is declared") {
    Studio studio;
    DeclaredLiveness liveness(studio.world, studio.site);
    const auto score = [&] {
        const auto reading = liveness.assess(empty_picture(), {}).value();
        CHECK(reading.kind == Liveness::declared);
        return reading.score;
    };
    CHECK(score() == 0);
    studio.world.show_face(studio.alice, studio.site);
    CHECK(score() == 1);
    studio.world.show_face(studio.mallory, studio.site,
                           {studio.alice, Presentation::artefact, 1, false, false, false});
    CHECK(score() == 0);
    studio.world.show_face(studio.mallory, studio.site,
                           {studio.alice, Presentation::compromised, 1, false, false, false});
    CHECK(score() == 1);
    DeclaredLiveness fixed(0.25);
    CHECK(fixed.assess(empty_picture(), {}).value().score == 0.25);
}

}  // namespace
}  // namespace strongroom::sim
