// Everything that the kernel drives onto any GPIO line while it lives, from the kernel's own trace
// points: a pulse that is too short for anybody to see is there, too.
//
// One at a time. Needs root and tracefs: there() says.
#pragma once

#include <cstddef>

namespace strongroom::test {

class DriveTrace {
public:
    [[nodiscard]] static bool there();
    DriveTrace();
    DriveTrace(const DriveTrace&) = delete;
    DriveTrace& operator=(const DriveTrace&) = delete;
    ~DriveTrace();
    // How often a line was set to a level.
    [[nodiscard]] static std::size_t sets(bool level);
};

}  // namespace strongroom::test
