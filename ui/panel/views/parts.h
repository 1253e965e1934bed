// Small things that several views draw, beside the widgets. The window's thread, within a frame.
#pragma once

#include <string>
#include <string_view>

#include <imgui.h>

#include "panel/widgets.h"
#include "drawing.h"

namespace strongroom::panel {

// A label in a column of its own and a value behind it, wrapped.
void labelled(std::string_view label, std::string_view value, Meaning meaning, float label_letters);
// The label of a row of controls, which follow beside it.
void row_label(std::string_view label, float letters);
// The height that is left in the window, less `foot` pixels; at least so many letters, and then
// what is around it scrolls.
[[nodiscard]] float rest_height(float least_letters, float foot = 0);
// Frames the last item: it is what could usefully be done next.
void mark_next(bool next);
// A button that says why it cannot be pressed where `refusal` is not empty, framed when `next`.
[[nodiscard]] bool offer(std::string_view label, std::string_view refusal = {}, bool next = false,
                         float width = 0);
// A switch with its present state in words behind it; true when the person wants it otherwise.
[[nodiscard]] bool labelled_switch(std::string_view label, bool on, std::string_view state,
                                   Meaning meaning, std::string_view refusal = {});

// On one line: it does not wrap.
void write_on_line(std::string_view words, Meaning meaning);
// The words cut to `width` pixels, ending in an ellipsis if anything was cut.
[[nodiscard]] std::string fitted(std::string_view words, float width);
// In the middle of a space of `width` pixels from `at`, cut to it.
void draw_centred(ImDrawList& list, ImVec2 at, float width, std::uint32_t ink,
                  std::string_view words);
// Wrapped to `width`, each line in the middle; returns the height.
float draw_wrapped(ImDrawList& list, ImVec2 at, float width, std::uint32_t ink,
                   std::string_view words);
// "0.42"
[[nodiscard]] std::string two_digits(double value);

}  // namespace strongroom::panel
