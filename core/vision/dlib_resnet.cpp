#include "dlib_embedder.h"
#include "dlib_resnet_topology.h"
#include "models.h"

namespace strongroom::vision {

std::unique_ptr<FaceEmbedder> make_dlib_resnet(const std::string& model) {
    return std::make_unique<DlibEmbedder<resnet::Network>>(model);
}

}  // namespace strongroom::vision
