// Every view, by the name of its file: for all_views.cpp, and for tests of one of them.
#pragma once

#include <memory>

#include "panel/view.h"

namespace strongroom::panel {

[[nodiscard]] std::unique_ptr<View> live_view();
[[nodiscard]] std::unique_ptr<View> surroundings_view();
[[nodiscard]] std::unique_ptr<View> defences_view();
[[nodiscard]] std::unique_ptr<View> events_view();
[[nodiscard]] std::unique_ptr<View> records_view();
[[nodiscard]] std::unique_ptr<View> scenarios_view();
[[nodiscard]] std::unique_ptr<View> numbers_view();

}  // namespace strongroom::panel
