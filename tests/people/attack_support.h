// What the tests of presentation attacks share: shots, measurements of pictures.
#pragma once

#include <cmath>
#include <cstdint>

#include "people/attack.h"

namespace strongroom::people::test {

// A calm shot without chance in it.
inline Shot plain_shot() {
    Shot shot;
    shot.background = Background::wall;
    shot.lens.noise = 1;
    return shot;
}

// An instrument held upright where its face is about life-size.
inline Presentation upright(const Instrument& instrument, const Shot& shot) {
    Rng rng(1);
    Presentation p = make_presentation(instrument, shot, rng);
    p.tilt = p.lean = p.spin = p.shake_x = p.shake_y = 0;
    return p;
}

struct Bench {
    Renderer renderer;
    AttackRenderer attacks{renderer};
    Head victim = make_head(41);
    Head attacker = make_head(42);
    Shot source = plain_shot();

    Picture show(const Instrument& instrument, const Shot& shot) {
        return attacks.render(instrument, victim, attacker, shot, source,
                              upright(instrument, shot));
    }
};

inline double grey(const Picture& picture, int x, int y) {
    const std::size_t at =
        3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
             static_cast<std::size_t>(x));
    return 0.114 * picture.pixels[at] + 0.587 * picture.pixels[at + 1] +
           0.299 * picture.pixels[at + 2];
}

// Mean absolute difference of two pictures in a box about a point, 8-bit steps.
inline double difference(const Picture& a, const Picture& b, vision::Point at, int half_width,
                         int half_height) {
    double sum = 0;
    int count = 0;
    for (int dy = -half_height; dy <= half_height; ++dy) {
        for (int dx = -half_width; dx <= half_width; ++dx) {
            const int x = static_cast<int>(std::lround(at.x)) + dx;
            const int y = static_cast<int>(std::lround(at.y)) + dy;
            if (x < 0 || y < 0 || x >= a.width || y >= a.height) continue;
            sum += std::fabs(grey(a, x, y) - grey(b, x, y));
            ++count;
        }
    }
    return count > 0 ? sum / count : 0;
}

// Mean over the shown face's box.
inline double face_mean(const Picture& picture) {
    const vision::Box& box = picture.face->box;
    double sum = 0;
    int count = 0;
    for (int y = std::max(0, static_cast<int>(box.y));
         y < std::min(picture.height, static_cast<int>(box.y + box.height)); ++y) {
        for (int x = std::max(0, static_cast<int>(box.x));
             x < std::min(picture.width, static_cast<int>(box.x + box.width)); ++x) {
            sum += grey(picture, x, y);
            ++count;
        }
    }
    return sum / count;
}

}  // namespace strongroom::people::test
