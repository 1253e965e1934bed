// The renderer: equal input, equal frames; parameters that show; refusals.
#include "people/renderer.h"

#include <functional>

#include <dlib/array2d.h>
#include <dlib/image_processing/frontal_face_detector.h>

#include "catch.h"
#include "pictures.h"

using namespace strongroom;
using namespace strongroom::people;
using namespace strongroom::test;

namespace {

Shot quiet() {
    Shot shot;
    shot.lens.noise = 0;
    return shot;
}

Shot small(Shot shot = {}) {
    shot.lens.width = 320;
    shot.lens.height = 240;
    shot.lens.focal_length = 300;
    return shot;
}

double mean_difference(const Picture& a, const Picture& b) {
    REQUIRE(a.pixels.size() == b.pixels.size());
    double sum = 0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) {
        sum += std::abs(int{a.pixels[i]} - int{b.pixels[i]});
    }
    return sum / static_cast<double>(a.pixels.size());
}

}  // namespace

TEST_CASE("people renderer: dlib's detector finds at least 57 of 60 people in frontal pictures") {
    auto detect = dlib::get_frontal_face_detector();
    Renderer renderer(1);
    int found = 0;
    for (std::uint64_t person = 0; person < 60; ++person) {
        Rng rng(person);
        Shot shot = random_shot(rng, 0);
        shot.place.distance = 0.45;
        shot.lens.focal_length = 450;
        shot.lens.width = 400;
        shot.lens.height = 400;
        const Picture picture = renderer.render(make_head(4000 + person), shot);
        dlib::array2d<unsigned char> grey(picture.height, picture.width);
        for (int y = 0; y < picture.height; ++y) {
            for (int x = 0; x < picture.width; ++x) {
                const auto i = static_cast<std::size_t>((y * picture.width + x) * 3);
                grey[y][x] = static_cast<unsigned char>(
                    (picture.pixels[i] + 2 * picture.pixels[i + 1] + picture.pixels[i + 2]) / 4);
            }
        }
        const vision::Box& truth = picture.face.value().box;
        bool here = false;
        for (const dlib::rectangle& r : detect(grey)) {
            const vision::Box box{static_cast<double>(r.left()), static_cast<double>(r.top()),
                                  static_cast<double>(r.width()), static_cast<double>(r.height())};
            here |= overlap(box, truth) > 0.4;
        }
        found += here ? 1 : 0;
    }
    CHECK(found >= 57);
}

TEST_CASE("people renderer: equal input gives equal frames, in any order and from any cache") {
    Rng rng(77);
    std::vector<Shot> shots;
    for (int i = 0; i < 4; ++i) shots.push_back(small(random_shot(rng, 0.7)));
    Renderer roomy(8);
    Renderer cramped(1);
    std::vector<Picture> first;
    for (std::uint64_t i = 0; i < 4; ++i) first.push_back(roomy.render(make_head(i), shots[i]));
    for (const std::uint64_t i : {std::uint64_t{2}, std::uint64_t{0}, std::uint64_t{3},
                                  std::uint64_t{2}, std::uint64_t{1}}) {
        CHECK(cramped.render(make_head(i), shots[i]).pixels == first[i].pixels);
        CHECK(roomy.render(make_head(i), shots[i]).pixels == first[i].pixels);
    }
}

TEST_CASE("people renderer: two seeds are two faces") {
    Renderer renderer;
    const Shot shot = small(quiet());
    const Picture a = renderer.render(make_head(1), shot);
    const Picture b = renderer.render(make_head(2), shot);
    CHECK(mean_difference(a, b) > 1);
}

TEST_CASE(
    "people renderer: noise, rows, compression, blur, vignette and balance change a picture") {
    Renderer renderer;
    const Head head = make_head(3);
    const Shot plain = small(quiet());
    const Picture clean = renderer.render(head, plain);
    const std::vector<std::function<void(Shot&)>> effects{
        [](Shot& s) { s.lens.noise = 5; },
        [](Shot& s) { s.lens.row_noise = 4; },
        [](Shot& s) { s.lens.jpeg_quality = 20; },
        [](Shot& s) { s.lens.blur = 3; },
        [](Shot& s) { s.lens.motion_blur = 12; },
        [](Shot& s) { s.lens.vignette = 0.8; },
        [](Shot& s) { s.lens.white_balance_red = 1.3; },
        [](Shot& s) { s.lens.white_balance_blue = 1.3; },
        [](Shot& s) { s.lens.exposure = 0.6; },
        [](Shot& s) { s.lighting.temperature = 3000; },
        [](Shot& s) { s.lighting.key_azimuth = -60; },
        [](Shot& s) { s.background = Background::window; },
        [](Shot& s) { s.background_seed = 99; },
    };
    for (std::size_t i = 0; i < effects.size(); ++i) {
        Shot shot = plain;
        effects[i](shot);
        INFO("effect " << i);
        CHECK(mean_difference(renderer.render(head, shot), clean) > 0.8);
    }
}

TEST_CASE("people renderer: noise has the deviation that was asked for") {
    Renderer renderer;
    Shot shot = small(quiet());
    shot.background = Background::wall;
    const Picture clean = renderer.expose(renderer.render_background(shot), shot);
    shot.lens.noise = 6;
    const Picture noisy = renderer.expose(renderer.render_background(shot), shot);
    double square = 0;
    double expected = 0;
    for (std::size_t i = 0; i < clean.pixels.size(); ++i) {
        square += std::pow(int{noisy.pixels[i]} - int{clean.pixels[i]}, 2);
        expected += std::pow(6 * (0.55 + 0.0035 * clean.pixels[i]), 2);
    }
    CHECK(std::sqrt(square / expected) > 0.9);
    CHECK(std::sqrt(square / expected) < 1.1);
}

TEST_CASE("people renderer: mains light flickers, and the heart shows in living skin alone") {
    Renderer renderer;
    const Head head = make_head(3);
    Shot shot = small(quiet());
    shot.lighting.flicker_depth = 0.5;
    const auto brightness = [&](double time) {
        shot.time = time;
        const Picture picture = renderer.render(head, shot);
        return mean_around(picture, point_of(picture, Point::nose_bridge), 6);
    };
    CHECK(brightness(0.0075) > brightness(0.0025) + 15);

    shot.lighting.flicker_depth = 0;
    const auto green_of = [&](const Material& material, double time) {
        shot.time = time;
        const Renderer::Scene scene = renderer.render_mask_scene(head, head, material, shot);
        const vision::Point p = scene.face->points[static_cast<std::size_t>(Point::nose_bridge)];
        const auto i = static_cast<std::size_t>(
            (static_cast<int>(p.y) * scene.light.width + static_cast<int>(p.x)) * 3 + 1);
        return double{scene.light.pixels[i]};
    };
    Material dead;
    dead.pulse = 0;
    CHECK(green_of({}, 0.64) > green_of({}, 0.21) * 1.005);
    CHECK(green_of(dead, 0.64) == green_of(dead, 0.21));
}

TEST_CASE("people renderer: what is worn and what covers is seen where it should be") {
    Renderer renderer;
    const Head head = make_head(6);
    const Shot plain = quiet();
    const Picture bare = renderer.render(head, plain);
    struct Case {
        const char* what;
        std::function<void(Appearance&)> put_on;
        Point changed;
        Point kept;
    };
    const std::vector<Case> cases{
        {"sunglasses", [](Appearance& a) { a.eyewear = Eyewear::sunglasses; },
         Point::left_eye_lower, Point::mouth_left},
        {"glasses", [](Appearance& a) { a.eyewear = Eyewear::glasses; }, Point::left_eye_outer,
         Point::mouth_left},
        {"hand", [](Appearance& a) { a.cover = Cover::hand; }, Point::mouth_lower,
         Point::left_eye_upper},
        {"surgical mask", [](Appearance& a) { a.cover = Cover::surgical_mask; }, Point::mouth_upper,
         Point::left_eye_upper},
        {"hair", [](Appearance& a) { a.cover = Cover::hair; }, Point::left_brow_inner, Point::chin},
        {"make-up", [](Appearance& a) { a.make_up = 1; }, Point::mouth_lower, Point::nose_tip},
    };
    for (const Case& c : cases) {
        Shot shot = plain;
        c.put_on(shot.appearance);
        const Picture dressed = renderer.render(head, shot);
        INFO(c.what);
        CHECK(difference_around(bare, dressed, point_of(bare, c.changed), 4) > 2);
        CHECK(difference_around(bare, dressed, point_of(bare, c.kept), 4) < 0.5);
    }
    for (const Headwear hat : {Headwear::cap, Headwear::beanie, Headwear::scarf}) {
        Shot shot = plain;
        shot.appearance.headwear = hat;
        const Picture dressed = renderer.render(head, shot);
        vision::Point crown = point_of(bare, Point::nose_bridge);
        crown.y -= 0.8 * (point_of(bare, Point::chin).y - crown.y);
        CHECK(difference_around(bare, dressed, crown, 5) > 5);
        CHECK(difference_around(bare, dressed, point_of(bare, Point::mouth_lower), 4) < 0.5);
    }
}

TEST_CASE("people renderer: a beard grows and is shaved") {
    Renderer renderer;
    Head head = make_head(6);
    head.beard = 0.5;
    head.moustache = 0.5;
    head.skin = {0.6, 0.42, 0.33};
    head.hair = {0.02, 0.015, 0.01};
    Shot shot = quiet();
    const auto chin = [&](double growth) {
        shot.appearance.beard_growth = growth;
        const Picture picture = renderer.render(head, shot);
        vision::Point p = point_of(picture, Point::chin);
        p.y -= 12;
        return mean_around(picture, p, 4);
    };
    CHECK(chin(-1) > chin(0) + 10);
    CHECK(chin(0) > chin(1) + 10);
}

TEST_CASE("people renderer: a mask has the face's looks, and the wearer's eyes through its holes") {
    Renderer renderer;
    Head face = make_head(8);
    Head wearer = make_head(9);
    face.skin = {0.6, 0.42, 0.33};
    wearer.skin = {0.10, 0.06, 0.04};
    const Shot shot = quiet();
    Material with_holes;
    with_holes.eye_holes = true;
    const Picture alone = renderer.render(face, shot);
    const Picture blind = renderer.render_mask(face, wearer, {}, shot);
    const Picture holes = renderer.render_mask(face, wearer, with_holes, shot);
    const vision::Point nose = point_of(alone, Point::nose_tip);
    CHECK(difference_around(alone, blind, nose, 5) < 8);
    const vision::Point eye = point_of(alone, Point::left_eye_outer);
    CHECK(mean_around(holes, eye, 3) < mean_around(blind, eye, 3) - 5);
    // Below the mask is the wearer's neck.
    vision::Point neck = point_of(alone, Point::chin);
    neck.y += 25;
    CHECK(mean_around(blind, neck, 4) < mean_around(alone, neck, 4) - 10);
}

TEST_CASE("people renderer: a stiff mask smiles no more") {
    Renderer renderer;
    const Head face = make_head(8);
    Shot shot = quiet();
    Material stiff;
    stiff.stiffness = 1;
    const Picture calm = renderer.render_mask(face, face, stiff, shot);
    shot.expression.smile = 1;
    shot.expression.mouth_open = 0.5;
    shot.expression.eyes_open = 0;
    const Picture asked = renderer.render_mask(face, face, stiff, shot);
    CHECK(asked.pixels == calm.pixels);
    const Picture living = renderer.render(face, shot);
    CHECK(difference_around(living, calm, point_of(calm, Point::mouth_lower), 6) > 3);
}

TEST_CASE("people renderer: impossible shots are refused with check()'s sentence") {
    Renderer renderer;
    Shot shot;
    shot.lighting.key = shot.lighting.fill = shot.lighting.ambient = 0;
    CHECK_THROWS_AS(renderer.render(make_head(1), shot), RenderError);
    Shot none;
    none.lens.width = 0;
    try {
        (void)renderer.render(make_head(1), none);
        FAIL("a picture without size was rendered");
    } catch (const RenderError& error) {
        CHECK(std::string(error.what()) == check(none).front());
    }
    CHECK_THROWS_AS(renderer.render_background(none), RenderError);
    CHECK_THROWS_AS(renderer.render_mask(make_head(1), make_head(2), {}, none), RenderError);
}

TEST_CASE("people renderer: impossible heads and materials are refused with the field's name") {
    Renderer renderer;
    const Shot shot = small();
    const auto says = [&](const Head& face, const Material& material, const char* field) {
        try {
            (void)renderer.render_mask(face, make_head(2), material, shot);
        } catch (const RenderError& error) {
            return std::string(error.what()).rfind(field, 0) == 0;
        }
        return false;
    };
    Head nobody;
    CHECK(says(nobody, {}, "head.width"));
    Head shapeless = make_head(1);
    shapeless.nose_height = std::nan("");
    CHECK(says(shapeless, {}, "head.nose_height"));
    Head hair = make_head(1);
    hair.hair_style = HairStyle{9};
    CHECK(says(hair, {}, "head.hair_style"));
    Head bright = make_head(1);
    bright.skin.red = 2;
    CHECK(says(bright, {}, "head.skin.red"));
    Material thick;
    thick.swelling = 0.5;
    CHECK(says(make_head(1), thick, "material.swelling"));
    CHECK_NOTHROW(renderer.render(make_head(1), shot));
}
