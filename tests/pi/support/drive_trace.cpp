#include "pi/support/drive_trace.h"

#include <fstream>
#include <string>

#include <unistd.h>

namespace strongroom::test {
namespace {

const std::string root = "/sys/kernel/tracing/";

void write(const std::string& file, const char* text) {
    std::ofstream out(root + file);
    out << text << std::flush;
}

}  // namespace

bool DriveTrace::there() { return ::access((root + "trace").c_str(), W_OK) == 0; }

DriveTrace::DriveTrace() {
    write("events/gpio/gpio_value/enable", "1");
    write("trace", "");
}

DriveTrace::~DriveTrace() { write("events/gpio/gpio_value/enable", "0"); }

std::size_t DriveTrace::sets(bool level) {
    std::ifstream in(root + "trace");
    const std::string wanted = std::string(" set ") + (level ? "1" : "0");
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.find("gpio_value:") != std::string::npos &&
            line.find(wanted) != std::string::npos) {
            ++count;
        }
    }
    return count;
}

}  // namespace strongroom::test
