// Printed by tests/devices/ridge_weights.cpp with 30 people and 2 layings: 420 images.
#include "devices/ridge_image_check.h"

namespace strongroom::devices {

RidgeWeights RidgeWeights::simulated() {
    RidgeWeights weights;
    weights.mean = {0.7207F, 4.429F,    5.507F, 0.8607F, 0.6583F,
                    0.551F,  0.001321F, 9.244F, 0.1433F, 0.5171F};
    weights.deviation = {0.07548F, 0.6715F,   0.8154F, 0.03465F, 0.1942F,
                         0.6102F,  0.002219F, 0.3512F, 0.02082F, 0.09995F};
    weights.weight = {-2.748F, 2.554F,  2.342F,  0.6942F,   0.8559F,
                      9.389F,  0.7342F, 0.5705F, -0.01482F, -2.847F};
    weights.bias = -0.713F;
    return weights;
}

}  // namespace strongroom::devices
