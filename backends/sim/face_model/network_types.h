// Private: the types of the network in network.h. Include dlib/dnn.h before it: headers name no
// library's types themselves, and these templates are all that the program and its training share.
#pragma once

#include "network.h"

namespace strongroom::face_model {

// `Norm`: batch normalisation in training; in use it has been folded into the convolutions.
template <template <typename> class Norm, long filters, long side, int stride, typename Subnet>
using Step = dlib::relu<Norm<
    dlib::add_layer<dlib::con_<filters, side, side, stride, stride, side / 2, side / 2>, Subnet>>>;

template <typename Subnet>
using Folded = Subnet;

template <template <typename> class Norm, typename Subnet>
using Stage1 = Step<Norm, 48, 3, 1, Step<Norm, 48, 3, 2, Step<Norm, 24, 5, 2, Subnet>>>;
template <template <typename> class Norm, typename Subnet>
using Stage2 = Step<Norm, 96, 3, 1, Step<Norm, 96, 3, 2, Subnet>>;
template <template <typename> class Norm, typename Subnet>
using Stage3 = Step<Norm, 128, 3, 1, Step<Norm, 128, 3, 2, Subnet>>;

template <template <typename> class Norm>
using Trunk = Stage3<Norm, Stage2<Norm, Stage1<Norm, dlib::input_rgb_image>>>;

template <template <typename> class Norm>
using EmbedderNetwork = dlib::loss_metric<dlib::fc_no_bias<embedding_size, Trunk<Norm>>>;

}  // namespace strongroom::face_model
