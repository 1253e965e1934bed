#include "pi/support/gpio_sim.h"

#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace strongroom::test {
namespace {

const std::string configfs = "/sys/kernel/config/gpio-sim";

void write_file(const std::string& file, const std::string& text) {
    std::ofstream out(file);
    out << text << std::flush;
    if (!out) throw std::runtime_error(file + " does not take " + text);
}

[[nodiscard]] std::string read_file(const std::string& file) {
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line)) throw std::runtime_error(file + " cannot be read");
    return line;
}

void make_folder(const std::string& folder) {
    if (::mkdir(folder.c_str(), 0755) != 0) throw std::runtime_error(folder + " cannot be made");
}

}  // namespace

std::string GpioSim::absent() {
    if (::access(configfs.c_str(), W_OK) == 0) return {};
    return ::access(configfs.c_str(), F_OK) == 0
               ? configfs + " may not be written: root only"
               : "this kernel has no gpio-sim loaded; tests/hil/run boots one that has";
}

GpioSim::GpioSim(const std::vector<std::string>& names) : lines_(names.size()) {
    static int made = 0;
    name_ = "strongroom-" + std::to_string(::getpid()) + "-" + std::to_string(++made);
    label_ = name_;
    folder_ = configfs + "/" + name_;
    make_folder(folder_);
    make_folder(folder_ + "/bank0");
    write_file(folder_ + "/bank0/num_lines", std::to_string(lines_));
    write_file(folder_ + "/bank0/label", label_);
    for (std::size_t i = 0; i < lines_; ++i) {
        const std::string line = folder_ + "/bank0/line" + std::to_string(i);
        make_folder(line);
        write_file(line + "/name", names[i]);
    }
    plug();
}

GpioSim::~GpioSim() {
    try {
        if (live_) unplug();
    } catch (const std::exception&) {
        return;  // the machine ends soon
    }
    for (std::size_t i = 0; i < lines_; ++i) {
        ::rmdir((folder_ + "/bank0/line" + std::to_string(i)).c_str());
    }
    ::rmdir((folder_ + "/bank0").c_str());
    ::rmdir(folder_.c_str());
}

void GpioSim::plug() {
    write_file(folder_ + "/live", "1");
    live_ = true;
    const std::string chip = read_file(folder_ + "/bank0/chip_name");
    device_ = "/dev/" + chip;
    sysfs_ = "/sys/devices/platform/" + read_file(folder_ + "/dev_name") + "/" + chip + "/sim_gpio";
}

void GpioSim::unplug() {
    write_file(folder_ + "/live", "0");
    live_ = false;
}

bool GpioSim::high(unsigned line) const {
    if (!live_) return false;
    // No stream: this is what is sampled, as often as can be.
    const std::string file = sysfs_ + std::to_string(line) + "/value";
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    char digit = 0;
    const bool got = descriptor >= 0 && ::read(descriptor, &digit, 1) == 1;
    if (descriptor >= 0) ::close(descriptor);
    if (!got) throw std::runtime_error(file + " cannot be read");
    return digit == '1';
}

void GpioSim::pull(unsigned line, bool up) {
    if (live_) write_file(sysfs_ + std::to_string(line) + "/pull", up ? "pull-up" : "pull-down");
}

}  // namespace strongroom::test
