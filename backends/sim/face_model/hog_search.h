// Private: where faces are in a frame, by dlib's frontal HOG detector (Dalal and Triggs 2005;
// Felzenszwalb and others 2010), which is built into the library. One thread at a time.
#pragma once

#include <memory>
#include <vector>

#include "landmark_forest.h"

namespace strongroom::face_model {

// Frames are reduced to this long side before the search: the smallest face that is found is 80
// pixels of the reduced frame.
inline constexpr int search_long_side = 480;
inline constexpr double search_score = -0.1;

struct Found {
    vision::Box box;
    double score = 0;
};

class HogSearch {
public:
    HogSearch();
    ~HogSearch();
    HogSearch(const HogSearch&) = delete;
    HogSearch& operator=(const HogSearch&) = delete;
    // Largest first. Throws what OpenCV and dlib throw.
    [[nodiscard]] std::vector<Found> find(const GreyImage& image);

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace strongroom::face_model
