// The network of dlib's face_recognition_densenet_model_v1.dat: dense blocks of 3, 6, 12 and 8
// layers with a growth of 16. The types must be those that the file was written with; it holds
// batch normalisation, which loads into affine layers.
#include <dlib/dnn.h>

#include "dlib_embedder.h"
#include "models.h"

namespace strongroom::vision {

namespace densenet {

template <long filters, long side, int stride, typename Subnet>
using conv =
    dlib::add_layer<dlib::con_<filters, side, side, stride, stride, side / 2, side / 2>, Subnet>;

template <typename Subnet>
using norm = dlib::relu<dlib::affine<Subnet>>;

// One layer: what came in, and beside it 16 new channels.
template <typename Subnet>
using grow =
    dlib::concat2<dlib::tag1, dlib::tag2,
                  dlib::tag2<conv<16, 3, 1, norm<conv<64, 1, 1, norm<dlib::tag1<Subnet>>>>>>>;

template <long filters, typename Subnet>
using shrink = dlib::avg_pool<2, 2, 2, 2, conv<filters, 1, 1, norm<Subnet>>>;

template <typename Subnet>
using stem = dlib::add_layer<dlib::max_pool_<3, 3, 2, 2, 1, 1>, norm<conv<32, 7, 2, Subnet>>>;

// 32 + 3 * 16 = 80, halved 40; + 6 * 16 = 136, halved 68; + 12 * 16 = 260, halved 130.
template <typename Subnet>
using block1 = shrink<40, dlib::repeat<3, grow, Subnet>>;
template <typename Subnet>
using block2 = shrink<68, dlib::repeat<6, grow, Subnet>>;
template <typename Subnet>
using block3 = shrink<130, dlib::repeat<12, grow, Subnet>>;
template <typename Subnet>
using block4 = dlib::repeat<8, grow, Subnet>;

using Network = dlib::loss_metric<dlib::fc_no_bias<
    128,
    dlib::avg_pool_everything<norm<block4<block3<block2<block1<stem<dlib::input_rgb_image>>>>>>>>>;

}  // namespace densenet

std::unique_ptr<FaceEmbedder> make_dlib_densenet(const std::string& model) {
    using Embedder = DlibEmbedder<densenet::Network, dlib::matrix<dlib::rgb_pixel>>;
    return std::make_unique<Embedder>(model);
}

}  // namespace strongroom::vision
