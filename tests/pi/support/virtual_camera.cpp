#include "pi/support/virtual_camera.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <unistd.h>

namespace strongroom::test {
namespace {

namespace fs = std::filesystem;
const std::string driver = "/sys/bus/platform/drivers/vivid/";
const std::string name = "vivid.0";

void tell(const std::string& file) {
    std::ofstream out(driver + file);
    out << name << std::flush;
    if (!out) throw std::runtime_error(driver + file + " does not take " + name);
}

}  // namespace

std::string VirtualCamera::absent() {
    if (::access((driver + "unbind").c_str(), W_OK) == 0) return {};
    return "this kernel has no vivid loaded, or not for this user; tests/hil/run boots one that "
           "has";
}

VirtualCamera::VirtualCamera() { static_cast<void>(device()); }

VirtualCamera::~VirtualCamera() {
    if (plugged_) return;
    try {
        plug();
    } catch (const std::exception&) {
        return;  // the next one says so
    }
}

std::string VirtualCamera::device() const {
    std::error_code error;
    for (const auto& entry :
         fs::directory_iterator("/sys/devices/platform/" + name + "/video4linux", error)) {
        return "/dev/" + entry.path().filename().string();
    }
    throw std::runtime_error("there is no virtual camera");
}

void VirtualCamera::unplug() {
    tell("unbind");
    plugged_ = false;
}

void VirtualCamera::plug() {
    tell("bind");
    plugged_ = true;
}

}  // namespace strongroom::test
