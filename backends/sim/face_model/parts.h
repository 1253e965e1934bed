// Private: the parts of the pack.
#pragma once

#include <memory>
#include <string_view>

#include "face_points.h"
#include "vision/stages.h"

namespace strongroom::face_model {

// Boxes by HogSearch, and the landmarks in each.
[[nodiscard]] std::unique_ptr<vision::FaceDetector> make_detector(
    std::shared_ptr<const LandmarkModel> model);
// Places the points again within the box that the detector gave.
[[nodiscard]] std::unique_ptr<vision::ExpressionReader> make_expression_reader(
    std::shared_ptr<const LandmarkModel> model);

// `file`: as the training program writes it. Throws vision::PackError.
[[nodiscard]] std::unique_ptr<vision::FaceEmbedder> make_embedder(std::string_view file);

}  // namespace strongroom::face_model
