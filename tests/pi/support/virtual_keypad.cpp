#include "pi/support/virtual_keypad.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <linux/uinput.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace strongroom::test {

namespace fs = std::filesystem;

std::string VirtualKeypad::absent() {
    if (::access("/dev/uinput", W_OK) == 0) return {};
    return "/dev/uinput is not there, or not for this user; tests/hil/run boots a machine that has "
           "it";
}

VirtualKeypad::VirtualKeypad() {
    const char* place = std::getenv("TMPDIR");
    folder_ = std::string(place != nullptr ? place : "/tmp") + "/strongroom-keypad-XXXXXX";
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no folder");
    link_ = folder_ + "/keypad";
    plug();
}

VirtualKeypad::~VirtualKeypad() {
    unplug();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void VirtualKeypad::plug() {
    descriptor_ = ::open("/dev/uinput", O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw std::runtime_error("no /dev/uinput");
    uinput_setup setup{};
    static_cast<void>(std::snprintf(setup.name, sizeof setup.name, "strongroom test keypad"));
    bool made = ::ioctl(descriptor_, UI_SET_EVBIT, EV_KEY) == 0;
    for (int key = KEY_ESC; key < KEY_KPDOT + 20; ++key) {
        made = made && ::ioctl(descriptor_, UI_SET_KEYBIT, key) == 0;
    }
    made = made && ::ioctl(descriptor_, UI_DEV_SETUP, &setup) == 0 &&
           ::ioctl(descriptor_, UI_DEV_CREATE) == 0;
    std::array<char, 64> name{};
    made = made && ::ioctl(descriptor_, UI_GET_SYSNAME(name.size()), name.data()) >= 0;
    if (!made) throw std::runtime_error("uinput makes no keypad");
    for (const auto& entry :
         fs::directory_iterator(std::string("/sys/devices/virtual/input/") + name.data())) {
        const std::string node = entry.path().filename().string();
        if (!node.starts_with("event")) continue;
        fs::remove(link_);
        fs::create_symlink("/dev/input/" + node, link_);
        return;
    }
    throw std::runtime_error("the keypad has no device");
}

void VirtualKeypad::unplug() {
    if (descriptor_ < 0) return;
    ::ioctl(descriptor_, UI_DEV_DESTROY);
    ::close(descriptor_);
    descriptor_ = -1;
}

void VirtualKeypad::send(std::uint16_t type, std::uint16_t code, int value) const {
    input_event event{};
    event.type = type;
    event.code = code;
    event.value = value;
    if (::write(descriptor_, &event, sizeof event) != static_cast<ssize_t>(sizeof event)) {
        throw std::runtime_error("uinput takes no key");
    }
}

void VirtualKeypad::type(const std::vector<std::uint16_t>& keys) {
    for (const std::uint16_t key : keys) {
        for (const int down : {1, 0}) {
            send(EV_KEY, key, down);
            send(EV_SYN, SYN_REPORT, 0);
        }
    }
}

}  // namespace strongroom::test
