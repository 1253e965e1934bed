#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace strongroom::detail {

void assertion_failed(const char* expression, const char* file, int line) noexcept {
    // The last words before abort(): nothing can be done if they cannot be written.
    (void)std::fprintf(stderr, "strongroom: assertion failed: %s (%s:%d)\n", expression, file,
                       line);
    std::abort();
}

}  // namespace strongroom::detail
