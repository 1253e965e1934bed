// dlib's own published example (examples/dnn_face_recognition_ex.cpp), step by step, with the
// weights that can be had: its frontal face detector is part of the library; for its network stands
// the DenseNet model of the same author, which takes the same chips and gives as many numbers. The
// five-point shape predictor is not to be had: its time is left out, in dlib's favour, and its
// points are handed in.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hal/camera.h"
#include "vision/geometry.h"

namespace strongroom::bench {

class DlibRecipe {
public:
    // Without the network: describe() must not be called.
    DlibRecipe();
    // Throws dlib::serialization_error when `network` cannot be read.
    explicit DlibRecipe(const std::string& network);
    ~DlibRecipe();
    DlibRecipe(const DlibRecipe&) = delete;
    DlibRecipe& operator=(const DlibRecipe&) = delete;

    // The picture that the next steps work on; the example loads it from a file.
    void set_picture(const hal::Frame& frame);
    // detector(img): how many faces.
    std::size_t detect();
    // extract_image_chip(img, get_face_chip_details(shape, 150, 0.25), chip).
    void extract(const vision::Landmarks& landmarks);
    // net(chip): the descriptor.
    std::vector<float> describe();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace strongroom::bench
