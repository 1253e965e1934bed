// Catch2 2 (Debian 12) or 3 (Debian 13), whichever is installed.
#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <string>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
using Catch::Approx;

namespace Catch::Matchers {

// What Catch2 2 calls so. Not included is the header in which Catch2 3 has another Contains, of ranges.
inline auto Contains(const std::string& text) { return ContainsSubstring(text); }

}  // namespace Catch::Matchers
#else
#include <catch2/catch.hpp>
#endif
