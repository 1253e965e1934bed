// Where the pictures on instruments come from: the victim before the source's camera.
#pragma once

#include <cstdint>
#include <vector>

#include "attack_paint.h"

namespace strongroom::people::attack {

// The shot in which the picture for `instrument` was taken. `resolution`: pixels across the face;
// `aspect`: height against width of the picture. A film goes on as `source` says; for a still she
// stood and looked straight.
[[nodiscard]] Shot source_shot(const Instrument& instrument, const Shot& source, double resolution,
                               double aspect, bool film);

// Takes pictures, and keeps the stills it took last.
class Studio {
public:
    explicit Studio(Renderer& renderer) : renderer_(&renderer) {}
    // Stays until the next call. At most `finest` pixels across the face.
    const SourcePicture& picture(const Instrument& instrument, const Head& victim,
                                 const Shot& source, double aspect, bool film, double finest);

private:
    struct Still {
        Head victim;
        std::vector<double> key;
        SourcePicture picture;
        std::uint64_t used = 0;
    };
    Renderer* renderer_;
    std::vector<Still> stills_;
    SourcePicture frame_;
    std::uint64_t calls_ = 0;
};

}  // namespace strongroom::people::attack
