// Presentation attack instruments differ from a living face in the way that theirs must.
#include <algorithm>
#include <array>
#include <complex>
#include <limits>
#include <numbers>
#include <set>

#include "attack_support.h"
#include "catch.h"

using namespace strongroom;
using namespace strongroom::people;
using namespace strongroom::people::test;

namespace {

constexpr std::array all_species{
    Species::print_matte,   Species::print_glossy, Species::phone_replay,  Species::tablet_replay,
    Species::laptop_replay, Species::paper_mask,   Species::silicone_mask, Species::partial_mask,
    Species::photo_beside,  Species::injection};

// The strongest wave across the rows of the face that is not the face's own: the share of the
// power that lies in one narrow peak over its neighbours, over the middle of the box.
double fringe_peak(const Picture& with, const Picture& without) {
    const vision::Box& box = with.face->box;
    constexpr int length = 64;
    const int left = static_cast<int>(box.x + box.width / 2) - length / 2;
    const int top = static_cast<int>(box.y + box.height / 2) - length / 2;
    double strongest = 0;
    for (int v = -length / 2; v < length / 2; v += 2) {
        for (int u = 3; u < length / 2; ++u) {
            std::complex<double> sum = 0;
            for (int y = 0; y < length; y += 1) {
                for (int x = 0; x < length; x += 1) {
                    const double value =
                        grey(with, left + x, top + y) - grey(without, left + x, top + y);
                    const double turns = static_cast<double>(u * x + v * y) / length;
                    sum += std::polar(value, -2 * std::numbers::pi * turns);
                }
            }
            strongest = std::max(strongest, std::abs(sum) / (length * length));
        }
    }
    return strongest;
}

int white_pixels(const Picture& picture) {
    int count = 0;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) count += grey(picture, x, y) > 247 ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_CASE("attack: every species has a name that leads back to it") {
    std::set<std::string_view> names;
    for (const Species species : attack_species()) {
        CHECK(species != Species::bona_fide);
        names.insert(to_string(species));
        REQUIRE(species_named(to_string(species)).has_value());
        CHECK(*species_named(to_string(species)) == species);
    }
    CHECK(names.size() == species_count - 1);
    CHECK(std::equal(all_species.begin(), all_species.end(), attack_species().begin(),
                     attack_species().end()));
    CHECK_FALSE(species_named("hologram").has_value());
}

TEST_CASE("attack: instruments of any species, quality and seed are possible") {
    for (const Species species : attack_species()) {
        for (std::uint64_t seed = 0; seed < 60; ++seed) {
            for (const double quality : {0.0, 0.3, 0.7, 1.0}) {
                const Instrument instrument = make_instrument(species, quality, seed);
                INFO(to_string(species) << " quality " << quality << " seed " << seed);
                CHECK(check(instrument).empty());
                Rng rng(seed);
                const Presentation first = make_presentation(instrument, plain_shot(), rng);
                CHECK(check(first).empty());
                CHECK(check(hold(first, seed, 3.5)).empty());
            }
        }
    }
}

TEST_CASE("attack: quality improves what helps the attacker") {
    for (const Species species : {Species::phone_replay, Species::print_matte}) {
        double resolution = 0;
        double moire = 0;
        double gamut = 0;
        double border = 0;
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const Instrument bad = make_instrument(species, 0, seed);
            const Instrument good = make_instrument(species, 1, seed);
            resolution += good.source_resolution - bad.source_resolution;
            moire += good.moire - bad.moire;
            gamut += good.gamut - bad.gamut;
            border += good.border - bad.border;
        }
        CHECK(resolution > 0);
        CHECK(gamut > 0);
        CHECK(border < 0);
        if (species == Species::phone_replay) CHECK(moire < 0);
    }
}

TEST_CASE("attack: an impossible instrument, presentation or shot is refused by name") {
    Bench bench;
    const Shot shot = plain_shot();
    const auto refused = [&](auto&& spoil, const char* field) {
        Instrument instrument = make_instrument(Species::print_matte, 0.5, 1);
        Presentation held;
        Shot place = shot;
        spoil(instrument, held, place);
        try {
            (void)bench.attacks.render(instrument, bench.victim, bench.attacker, place,
                                       bench.source, held);
        } catch (const RenderError& error) {
            return std::string(error.what()).find(field) != std::string::npos;
        }
        return false;
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(refused([](auto& i, auto&, auto&) { i.species = Species::bona_fide; }, "species"));
    CHECK(refused([](auto& i, auto&, auto&) { i.width = 0; }, "width"));
    CHECK(refused([](auto& i, auto&, auto&) { i.source_resolution = 5; }, "source_resolution"));
    CHECK(refused([&](auto& i, auto&, auto&) { i.gloss = nan; }, "gloss"));
    CHECK(refused([](auto& i, auto&, auto&) { i.moire = 1.5; }, "moire"));
    CHECK(refused([](auto& i, auto&, auto&) { i.brightness = 0; }, "brightness"));
    CHECK(refused([](auto& i, auto&, auto&) { i.refresh_rate = 0; }, "refresh_rate"));
    CHECK(refused([](auto& i, auto&, auto&) { i.coverage = 0; }, "coverage"));
    CHECK(refused([](auto& i, auto&, auto&) { i.material.swelling = 0.5; }, "swelling"));
    CHECK(refused(
        [](auto& i, auto&, auto&) {
            i.width = 1;
            i.bend = 5;
        },
        "bend"));
    CHECK(refused([](auto&, auto& p, auto&) { p.distance = 0; }, "distance"));
    CHECK(refused([](auto&, auto& p, auto&) { p.tilt = 90; }, "tilt"));
    CHECK(refused([](auto&, auto&, auto& s) { s.lens.width = 0; }, "width"));
    CHECK(refused(
        [](auto&, auto&, auto& s) { s.lighting.key = s.lighting.fill = s.lighting.ambient = 0; },
        "light"));
}

TEST_CASE("attack: equal input gives equal pictures, whatever was shown between") {
    const Shot shot = plain_shot();
    Bench first;
    Bench second;
    for (const Species species : attack_species()) {
        const Instrument instrument = make_instrument(species, 0.4, 9);
        const Picture a = first.show(instrument, shot);
        (void)second.show(make_instrument(Species::phone_replay, 0.9, 3), shot);
        const Picture b = second.show(instrument, shot);
        INFO(to_string(species));
        CHECK(a.pixels == b.pixels);
        CHECK(a.face.has_value() == b.face.has_value());
    }
}

TEST_CASE("attack: the truth of a presentation is where its face is seen") {
    // Turning, shifting and bringing nearer move the truth with the picture.
    Bench bench;
    const Shot shot = plain_shot();
    for (const Species species : {Species::print_matte, Species::tablet_replay}) {
        Instrument instrument = make_instrument(species, 0.8, 5);
        instrument.source_frontal = 1;
        instrument.video = false;
        Presentation held = upright(instrument, shot);
        const auto eyes_at = [&] {
            const Picture p = bench.attacks.render(instrument, bench.victim, bench.attacker, shot,
                                                   bench.source, held);
            REQUIRE(p.face.has_value());
            return vision::eyes_of(p.face->landmarks());
        };
        const vision::Eyes before = eyes_at();
        CHECK(before.distance() >= 40);
        held.shake_x = 30;
        CHECK(eyes_at().left.x - before.left.x == Approx(30).margin(1));
        held.shake_x = 0;
        held.spin = 20;
        const vision::Eyes turned = eyes_at();
        CHECK(turned.right.y - turned.left.y ==
              Approx(before.distance() * std::sin(20 * std::numbers::pi / 180)).margin(3));
        held.spin = 0;
        held.tilt = 45;
        CHECK(eyes_at().distance() < 0.85 * before.distance());
        held.tilt = 0;
        held.distance *= 0.8;
        CHECK(eyes_at().distance() == Approx(before.distance() / 0.8).margin(2));
    }
}

TEST_CASE("attack: a screen's pixels beat against the camera's, less on the best") {
    Bench bench;
    Shot shot = plain_shot();
    shot.lens.noise = 0;
    const auto peak = [&](double quality, std::uint64_t seed) {
        Instrument instrument = make_instrument(Species::phone_replay, quality, seed);
        instrument.video = false;
        instrument.reflection = 0;
        const Picture with = bench.show(instrument, shot);
        instrument.moire = 0;
        return fringe_peak(with, bench.show(instrument, shot));
    };
    double bad = 0;
    double good = 0;
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        bad += peak(0, seed);
        good += peak(1, seed);
    }
    CHECK(bad / 2 > 0.5);
    CHECK(good < 0.25 * bad);
}

TEST_CASE("attack: a screen flickers over time and a print does not") {
    Bench bench;
    Shot shot = plain_shot();
    const auto change = [&](Species species) {
        Instrument instrument = make_instrument(species, 0, 3);
        instrument.video = false;
        instrument.refresh_rate = 60;
        shot.time = 0.1;
        const Picture first = bench.show(instrument, shot);
        shot.time = 0.1 + 0.5 / 60;  // half a period later: what was bright is dark
        const Picture second = bench.show(instrument, shot);
        const vision::Box& box = first.face->box;
        return difference(first, second, {box.x + box.width / 2, box.y + box.height / 2}, 30, 30);
    };
    CHECK(change(Species::laptop_replay) > 3);
    CHECK(change(Species::print_matte) < 0.5);
}

TEST_CASE("attack: a film moves and a still does not") {
    Bench bench;
    const Shot shot = plain_shot();
    const auto change = [&](Species species, bool video) {
        Instrument instrument = make_instrument(species, 0.9, 4);
        instrument.video = video;
        instrument.flicker = 0;
        bench.source.expression = {};
        const Picture first = bench.show(instrument, shot);
        bench.source.expression.eyes_open = 0;
        bench.source.expression.mouth_open = 1;
        const Picture second = bench.show(instrument, shot);
        const vision::Point mouth =
            first.face->points[static_cast<std::size_t>(Point::mouth_lower)];
        return difference(first, second, mouth, 8, 8);
    };
    for (const Species species : {Species::tablet_replay, Species::injection}) {
        CHECK(change(species, true) > 5);
        CHECK(change(species, false) < 0.5);
    }
    CHECK(change(Species::print_matte, true) < 0.5);
}

TEST_CASE("attack: a glossy print mirrors the lamp where a matte one does not") {
    Bench bench;
    Shot shot = plain_shot();
    shot.lighting.key_azimuth = 10;
    shot.lighting.key_elevation = 10;
    Instrument instrument = make_instrument(Species::print_glossy, 0, 2);
    instrument.bend = 0;
    Presentation held = upright(instrument, shot);
    held.tilt = 5;  // half of the lamp's angles: into the camera
    held.lean = 5;
    const auto saturated = [&] {
        return white_pixels(bench.attacks.render(instrument, bench.victim, bench.attacker, shot,
                                                 bench.source, held));
    };
    const int glossy = saturated();
    instrument.gloss = 0.05;
    const int matte = saturated();
    CHECK(glossy > matte + 500);
}

TEST_CASE("attack: the white border of a print is seen and can be cut off") {
    Bench bench;
    const Shot shot = plain_shot();
    Instrument instrument = make_instrument(Species::print_matte, 0.5, 7);
    instrument.bend = 0;
    instrument.hand = false;
    instrument.border = 0.12;
    const Presentation held = upright(instrument, shot);
    const Picture with = bench.show(instrument, shot);
    instrument.border = 0;
    const Picture without = bench.show(instrument, shot);
    // A centimetre within its left edge, level with its middle.
    const double per_metre = shot.lens.focal_length / held.distance;
    const vision::Point edge{
        (shot.lens.width - 1) / 2.0 - (instrument.width / 2 - 0.01) * per_metre,
        (shot.lens.height - 1) / 2.0};
    CHECK(grey(with, static_cast<int>(edge.x), static_cast<int>(edge.y)) >
          grey(without, static_cast<int>(edge.x), static_cast<int>(edge.y)) + 20);
}

TEST_CASE("attack: who wears a paper mask blinks behind it, and her mouth is hidden") {
    Bench bench;
    Shot shot = plain_shot();
    shot.place.distance = 0.45;
    const Instrument instrument = make_instrument(Species::paper_mask, 0.5, 3);
    const Picture open = bench.show(instrument, shot);
    shot.expression.eyes_open = 0;
    shot.expression.mouth_open = 1;
    const Picture shut = bench.show(instrument, shot);
    REQUIRE(open.face.has_value());
    const vision::Eyes eyes = vision::eyes_of(open.face->landmarks());
    CHECK(difference(open, shut, eyes.left, 5, 3) > 10);
    CHECK(difference(open, shut, eyes.right, 5, 3) > 10);
    const vision::Point upper = open.face->points[static_cast<std::size_t>(Point::mouth_upper)];
    CHECK(difference(open, shut, upper, 6, 4) < 2);
    CHECK(shut.face->expression.eyes_open == Approx(0));
    CHECK(shut.face->expression.mouth_open == Approx(0));
}

TEST_CASE("attack: living skin pulses and silicone does not") {
    Bench bench;
    Shot shot = plain_shot();
    shot.lens.noise = 0;
    const auto swing = [&](auto&& take) {
        double low = 1e9;
        double high = -1e9;
        for (int i = 0; i < 12; ++i) {
            shot.time = i * 0.09;
            const double mean = face_mean(take());
            low = std::min(low, mean);
            high = std::max(high, mean);
        }
        return high - low;
    };
    const Instrument mask = make_instrument(Species::silicone_mask, 1, 1);
    const double living = swing([&] { return bench.renderer.render(bench.victim, shot); });
    const double silicone = swing([&] { return bench.show(mask, shot); });
    CHECK(living > 0.1);
    CHECK(silicone < 0.4 * living);
}

TEST_CASE("attack: a partial mask covers as much of the face as it says") {
    Bench bench;
    Shot shot = plain_shot();
    shot.place.distance = 0.45;
    const Picture bare = bench.renderer.render(bench.attacker, shot);
    Instrument instrument = make_instrument(Species::partial_mask, 0.8, 1);
    const auto changed = [&](double coverage) {
        instrument.coverage = coverage;
        const Picture masked = bench.show(instrument, shot);
        const vision::Box& box = bare.face->box;
        int count = 0;
        for (int y = static_cast<int>(box.y); y < static_cast<int>(box.y + box.height); ++y) {
            for (int x = static_cast<int>(box.x); x < static_cast<int>(box.x + box.width); ++x) {
                count += std::fabs(grey(bare, x, y) - grey(masked, x, y)) > 12 ? 1 : 0;
            }
        }
        return count;
    };
    const int little = changed(0.3);
    const int much = changed(0.8);
    CHECK(little > 100);
    CHECK(much > little + 500);
}

TEST_CASE("attack: a face swap trembles from frame to frame, a good one hardly") {
    Bench bench;
    const Shot shot = plain_shot();
    const auto trembling = [&](double blending) {
        Instrument instrument = make_instrument(Species::injection, 0.5, 2);
        instrument.blending = blending;
        bench.source.lens.noise = 0;
        bench.source.noise_seed = 1;
        const Picture first = bench.show(instrument, shot);
        bench.source.noise_seed = 2;
        const Picture second = bench.show(instrument, shot);
        const vision::Box& box = first.face->box;
        return difference(first, second, {box.x + box.width / 2, box.y + box.height / 2}, 30, 40);
    };
    const double bad = trembling(0.9);
    CHECK(bad > 1);
    CHECK(trembling(0.05) < 0.5 * bad);
    CHECK(trembling(0) < 1e-9);
}

TEST_CASE("attack: an injected picture has the frame's size and the source's light") {
    Bench bench;
    Shot shot = plain_shot();
    shot.lens.width = 320;
    shot.lens.height = 240;
    shot.lens.focal_length = 300;
    const Instrument instrument = make_instrument(Species::injection, 1, 1);
    const double bright = face_mean(bench.show(instrument, shot));
    shot.lighting.key = 0.05;
    shot.lighting.fill = 0.02;
    shot.lighting.ambient = 0.02;
    const Picture dark_room = bench.show(instrument, shot);
    CHECK(dark_room.width == 320);
    CHECK(dark_room.height == 240);
    CHECK(face_mean(dark_room) == Approx(bright));
}
