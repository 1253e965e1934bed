// Private: one maker for each kind of model. Each takes the bytes of files whose digests have been
// verified, so that nothing can change between the check and the use, and throws
// std::exception when the bytes are no such model.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "vision/model_pack.h"
#include "vision/stages.h"

namespace strongroom::vision {

// YuNet (2022mar). `long_side`: frames are reduced to it before the search.
[[nodiscard]] std::unique_ptr<FaceDetector> make_yunet(const std::string& model, int long_side,
                                                       double score_min);

// dlib's frontal HOG detector, which is built into the library, with a five-point landmark model,
// which places the points of `scheme`. Without one (empty), the landmarks are placed by the box:
// good for finding, not for comparing.
[[nodiscard]] std::unique_ptr<FaceDetector> make_dlib_hog(const std::string& landmark_model,
                                                          LandmarkScheme scheme, int long_side,
                                                          double score_min);

// Both take 150 pixel chips in dlib's template and give 128 numbers.
[[nodiscard]] std::unique_ptr<FaceEmbedder> make_dlib_resnet(const std::string& model);
[[nodiscard]] std::unique_ptr<FaceEmbedder> make_dlib_densenet(const std::string& model);

// Any ONNX network from one image to one vector.
[[nodiscard]] std::unique_ptr<FaceEmbedder> make_onnx_embedder(const std::string& model,
                                                               const EmbedderInput& input);

// Networks of the MiniFASNet family, in the order of their descriptions: the mean of their live
// probabilities, and of that the mean over the last frames of the track.
[[nodiscard]] std::unique_ptr<LivenessDetector> make_minifasnet(
    const std::vector<std::string>& models, const std::vector<LivenessNetwork>& networks);

}  // namespace strongroom::vision
