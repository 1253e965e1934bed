// The check of numbers against their limits, one sentence for each that lies outside.
#pragma once

#include <string>
#include <vector>

#include "people/renderer.h"

namespace strongroom::people {

class FieldLimits {
public:
    // `low_open`: the lower limit itself is impossible, too.
    void limit(const char* field, double value, double low, double high, bool low_open = false);
    template <class Enumeration>
    void known(const char* field, Enumeration value, Enumeration last) {
        if (value > last) unknown(field, static_cast<int>(value), static_cast<int>(last));
    }

    std::vector<std::string> found;

private:
    void unknown(const char* field, int value, int last);
};

// What cannot be drawn; empty when all is possible.
[[nodiscard]] std::vector<std::string> check_head(const Head& head);
[[nodiscard]] std::vector<std::string> check_material(const Material& material);

}  // namespace strongroom::people
