#include "film.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "people/sets.h"
#include "people/sitting.h"

namespace strongroom::test {

namespace {

// ITU-R BT.601, limited range, in 1/256.
struct Yuv {
    int y;
    int u;
    int v;
};
Yuv yuv_of(const std::uint8_t* bgr) {
    const int b = bgr[0];
    const int g = bgr[1];
    const int r = bgr[2];
    return {(66 * r + 129 * g + 25 * b + 128) / 256 + 16, (-38 * r - 74 * g + 112 * b) / 256 + 128,
            (112 * r - 94 * g - 18 * b) / 256 + 128};
}

class Film {
public:
    explicit Film(const std::filesystem::path& folder)
        : pictures_(folder / "film.yuyv", std::ios::binary), list_(folder / "film.txt") {}

    void begin(const std::string& name) {
        end();
        name_ = name;
        first_ = count_;
    }
    void add(const people::Picture& picture) {
        std::vector<char> bytes;
        bytes.reserve(film_picture);
        for (std::size_t i = 0; i + 6 <= picture.pixels.size(); i += 6) {
            const Yuv left = yuv_of(&picture.pixels[i]);
            const Yuv right = yuv_of(&picture.pixels[i + 3]);
            for (const int value :
                 {left.y, (left.u + right.u) / 2, right.y, (left.v + right.v) / 2}) {
                bytes.push_back(static_cast<char>(std::clamp(value, 0, 255)));
            }
        }
        pictures_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        ++count_;
    }
    void end() {
        if (!name_.empty()) list_ << name_ << ' ' << first_ << ' ' << count_ - first_ << '\n';
        name_.clear();
    }
    void finish() {
        end();
        pictures_.flush();
        list_.flush();
        if (!pictures_ || !list_) throw std::runtime_error("the film cannot be written");
    }

private:
    std::ofstream pictures_;
    std::ofstream list_;
    std::string name_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
};

constexpr double calm = 4;        // seconds
constexpr double gesture = 2.4;   // seconds, of which the movement takes:
constexpr double movement = 1.6;  // there and back
constexpr double attack = 3;

people::SittingSetup before_the_door(const people::Head& face) {
    people::SittingSetup setup;
    setup.face = face;
    setup.seed = 7;
    setup.difficulty = 0.2;
    setup.width = film_width;
    setup.height = film_height;
    return setup;
}

void shoot(Film& film, people::Sitting& sitting, double from, double seconds) {
    const int pictures = static_cast<int>(seconds * film_rate);
    for (int i = 0; i < pictures; ++i) {
        film.add(sitting.at(from + static_cast<double>(i) / film_rate));
    }
}

}  // namespace

void make_film(const std::filesystem::path& folder) {
    const people::Head customer = people::make_head(people::seed_in(people::Set::test, 800'011));
    const people::Head stranger = people::make_head(people::seed_in(people::Set::test, 800'022));
    people::Renderer renderer(4);
    people::AttackRenderer attacks(renderer);
    Film film(folder);

    people::Sitting her(renderer, attacks, before_the_door(customer));
    film.begin("customer");
    shoot(film, her, 1, calm);
    double time = 1 + calm;
    for (const auto& [name, what] :
         {std::pair{"turn-left", Gesture::turn_left}, std::pair{"turn-right", Gesture::turn_right},
          std::pair{"nod", Gesture::nod}}) {
        her.perform({what, time + (gesture - movement) / 2, movement, 0.75});
        film.begin(name);
        shoot(film, her, time, gesture);
        time += gesture;
    }
    film.begin("stranger");
    people::Sitting other(renderer, attacks, before_the_door(stranger));
    shoot(film, other, 1, attack);

    film.begin("print");
    people::SittingSetup held = before_the_door(customer);
    held.attacker = stranger;
    held.instrument = people::make_instrument(people::Species::print_matte, 0.8, 5);
    people::Sitting print(renderer, attacks, held);
    shoot(film, print, 1, attack);

    film.begin("nobody");
    people::Shot empty = her.base();
    for (std::uint64_t i = 0; i < film_rate; ++i) {
        empty.noise_seed = 1000 + i;
        film.add(renderer.expose(renderer.render_background(empty), empty));
    }
    film.finish();
}

}  // namespace strongroom::test
