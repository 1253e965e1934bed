#include "valid_text.h"

#include <algorithm>
#include <cstddef>

namespace strongroom::store {
namespace {

constexpr std::size_t name_max = 200;  // bytes

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Well-formed UTF-8, shortest forms only, no surrogates.
bool utf8(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned lead = byte(i);
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xc2 && lead < 0xe0 ? 2
                                   : lead >= 0xe0 && lead < 0xf0 ? 3
                                   : lead >= 0xf0 && lead < 0xf5 ? 4
                                                                 : 0;
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k) {
            if ((byte(i + k) & 0xc0U) != 0x80U) return false;
        }
        if (length >= 3) {
            const unsigned second = byte(i + 1);
            if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0) ||
                (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second >= 0x90)) {
                return false;
            }
        }
        i += length;
    }
    return true;
}

}  // namespace

bool valid_name(std::string_view name) {
    return !name.empty() && name.size() <= name_max && utf8(name) &&
           std::none_of(name.begin(), name.end(), control);
}

}  // namespace strongroom::store
