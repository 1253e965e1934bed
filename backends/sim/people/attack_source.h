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

// Where in a picture its person is, hair, ears and shoulders included: what scissors follow.
class Silhouette {
public:
    Silhouette() = default;
    // Of the same shot with the person and without. Asserts equal sizes.
    Silhouette(const LinearImage& person, const LinearImage& nobody);
    // About how many pixels within the person and the picture, to 40; negative outside.
    [[nodiscard]] float inside(float x, float y) const;

private:
    int width_ = 0;
    int height_ = 0;
    std::vector<float> depth_;
};

// Takes pictures, and keeps the stills it took last.
class Studio {
public:
    explicit Studio(Renderer& renderer) : renderer_(&renderer) {}
    struct Still {
        Head victim;
        std::vector<double> key;
        SourcePicture picture;
        Silhouette silhouette;
        std::uint64_t used = 0;
    };
    // Both stay until the next call. At most `finest` pixels across the face.
    const SourcePicture& picture(const Instrument& instrument, const Head& victim,
                                 const Shot& source, double aspect, bool film, double finest);
    const Still& still(const Instrument& instrument, const Head& victim, const Shot& source,
                       double aspect, double finest);

private:
    Renderer* renderer_;
    std::vector<Still> stills_;
    SourcePicture frame_;
    std::uint64_t calls_ = 0;
};

}  // namespace strongroom::people::attack
