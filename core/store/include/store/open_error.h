// Why a store, a key or an anchor could not be opened, in words for whoever composes the program.
#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

#include "base/result.h"

namespace strongroom::store {

struct OpenError {
    Errc code{};
    std::int32_t vendor_code = 0;  // SQLite's extended result code or errno; 0 when there is none
    std::string message;           // what, where, and what to do; no secret
};

template <class T>
using Opened = tl::expected<T, OpenError>;

}  // namespace strongroom::store
