// What goes wrong while a camera is chosen, in words.
#pragma once

#include <stdexcept>

namespace strongroom::pi {

// Names the camera, what is wrong, and what to do.
class CameraError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace strongroom::pi
