// The rules of the house that no compiler checks. Each takes files and returns what breaks it; none
// reads the disk, so that each can be shown a bad sample that it must flag (rules_test.cpp).
// tree_test.cpp applies them to the project. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "source.h"

namespace tidy {

using Files = std::vector<SourceFile>;
using Findings = std::vector<Finding>;

// Which folder a file belongs to ("auth" for core/auth/..., "sim" for backends/sim/...): the name
// of its target and of its include root. Empty for files on no floor (bench, tests, docs).
[[nodiscard]] std::string_view floor_folder(std::string_view path);

// Includes between folders, and strongroom:: targets linked, follow the floors of the architecture.
[[nodiscard]] Findings floors_point_down(const Files& files);

// auth, watch and bank are pure: no files, threads, sockets or databases.
[[nodiscard]] Findings rules_have_no_io(const Files& files);

// No clock, sleep, unseeded randomness or environment in core; no unseeded randomness in what has
// to replay either (backends/sim, scenarios).
[[nodiscard]] Findings banned_calls(const Files& files);

// core is not configured by the preprocessor: an #ifdef there would choose a backend, or hide a
// test hook. Versions of libraries and of the language may be asked for.
[[nodiscard]] Findings no_preprocessor_choices(const Files& files);

// The order of unordered containers, and of maps and sets keyed by pointers, changes from run to
// run: neither is walked in core, backends/sim or scenarios.
[[nodiscard]] Findings no_unstable_order(const Files& files);

// OpenCV and dlib stay in .cpp files.
[[nodiscard]] Findings vision_libraries_stay_in_sources(const Files& files);

// No source file over 700 lines.
[[nodiscard]] Findings files_are_short(const Files& files);

// No function body over 70 lines (outside tests and bench, whose cases hold sections).
[[nodiscard]] Findings functions_are_short(const Files& files);

// No mark of unfinished work.
[[nodiscard]] Findings nothing_is_unfinished(const Files& files);

// No path that exists on one machine only.
[[nodiscard]] Findings no_machine_paths(const Files& files);

// Headers open with a comment that says what they are for, and have #pragma once.
[[nodiscard]] Findings headers_introduce_themselves(const Files& files);

// A test's name is unique over the project: CTest knows tests by name alone.
[[nodiscard]] Findings test_names_are_unique(const Files& files);

// Relative links in Markdown lead to files, and paths in backticks that begin with one of the
// project's folders exist. `paths` are all files, from the top.
[[nodiscard]] Findings documents_name_what_exists(const Files& files,
                                                  const std::vector<std::string>& paths);

}  // namespace tidy
