// The kernel's virtual camera (vivid), which shows colour bars.
//
// One thread at a time. Needs root and the kernel's module: absent() says when they are not there.
#pragma once

#include <string>

namespace strongroom::test {

class VirtualCamera {
public:
    // Why there is none; empty when there is.
    [[nodiscard]] static std::string absent();

    VirtualCamera();  // plugged in. Throws std::runtime_error.
    VirtualCamera(const VirtualCamera&) = delete;
    VirtualCamera& operator=(const VirtualCamera&) = delete;
    ~VirtualCamera();  // plugged in again

    [[nodiscard]] std::string device() const;  // "/dev/videoN"
    void unplug();
    void plug();

private:
    bool plugged_ = true;
};

}  // namespace strongroom::test
