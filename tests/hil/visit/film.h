// What stands before the camera in the virtual machine, rendered beforehand: pictures as the
// virtual camera's output takes them, in one file, and a list of what they show.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

namespace strongroom::test {

// PAL, which the kernel's virtual camera loops from its output to its input.
inline constexpr int film_width = 720;
inline constexpr int film_height = 576;
inline constexpr int film_rate = 25;  // pictures a second
inline constexpr std::size_t film_picture =
    static_cast<std::size_t>(film_width) * film_height * 2;  // bytes, YUYV

// A part of the film: which pictures, from 0.
struct Scene {
    std::size_t first = 0;
    std::size_t count = 0;
};
// By name: "customer" (she looks ahead), "turn-left", "turn-right", "nod" (she does it, once),
// "stranger", "print" (a print of her, held by the stranger), "nobody".
using Scenes = std::map<std::string, Scene>;

// Writes `folder`/film.yuyv and film.txt. Half a minute of one core. Throws people::RenderError,
// std::runtime_error.
void make_film(const std::filesystem::path& folder);
// Looks at the film through the pack beside it, as the door will, and prints what it sees of each
// scene.
void check_film(const std::filesystem::path& folder);
// Throws std::runtime_error.
[[nodiscard]] Scenes read_scenes(const std::filesystem::path& folder);

}  // namespace strongroom::test
