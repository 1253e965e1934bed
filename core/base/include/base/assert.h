// STRONGROOM_ASSERT: for programmers' errors, in release builds too.
//
// A failed assertion aborts. At a door that is safe by design: the strike is wired and watched so
// that the death of the process means locked. It is never used for what the world may do.
#pragma once

namespace strongroom::detail {
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;
}

#define STRONGROOM_ASSERT(expression) \
    (static_cast<bool>(expression)    \
         ? static_cast<void>(0)       \
         : ::strongroom::detail::assertion_failed(#expression, __FILE__, __LINE__))
