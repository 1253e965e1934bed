#include "sim_camera/video_camera.h"

#include <array>
#include <string>
#include <system_error>
#include <vector>

#include <dlfcn.h>

#include "sim_camera/picture_files.h"
#include "video_module.h"

namespace strongroom::sim {
namespace {

constexpr const char* module_name = "libstrongroom_video.so";

// Only places that come with the program: no search path that somebody else could set.
[[nodiscard]] std::vector<std::filesystem::path> module_places() {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) return {};
    const auto folder = program.parent_path();
    return {folder / module_name, folder / ".." / "lib" / "strongroom" / module_name};
}

[[nodiscard]] void* load_module() {
    for (const auto& place : module_places()) {
        std::error_code error;
        if (!std::filesystem::exists(place, error)) continue;
        void* module = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (module == nullptr) {
            const char* why = ::dlerror();
            throw VideoError(place.string() + " cannot be loaded: " + (why != nullptr ? why : "") +
                             ". Install OpenCV's videoio library, or use pictures instead");
        }
        return module;
    }
    throw VideoError(std::string(module_name) +
                     " was not found beside the program nor in ../lib/strongroom: build the target "
                     "strongroom_video, or use pictures instead");
}

}  // namespace

void* video_symbol(const char* name) {
    static void* const module = load_module();
    void* symbol = ::dlsym(module, name);
    if (symbol == nullptr) {
        throw VideoError(std::string(module_name) +
                         " belongs to another version: install both together");
    }
    return symbol;
}

std::unique_ptr<hal::Camera> open_video(const std::filesystem::path& file,
                                        const hal::Clock& clock) {
    // Said here, because OpenCV says the same of every failure, and only after loading.
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) {
        throw VideoError(file.string() + " is not there: check the path");
    }
    if (!std::filesystem::is_regular_file(status)) {
        throw VideoError(file.string() + " is not a file: give a video file");
    }
    if (std::filesystem::file_size(file, error) == 0) {
        throw VideoError(file.string() + " is empty: record the video again");
    }
    static const auto open_module = reinterpret_cast<OpenVideo>(video_symbol(open_video_symbol));
    std::array<char, 256> why{};
    std::unique_ptr<hal::Camera> camera(open_module(file.c_str(), &clock, why.data(), why.size()));
    if (!camera) throw VideoError(file.string() + " " + why.data());
    return camera;
}

std::unique_ptr<Film> write_film(const std::filesystem::path& file, double rate) {
    try {
        static const auto write = reinterpret_cast<WriteFilm>(video_symbol(write_film_symbol));
        return std::unique_ptr<Film>(write(file.c_str(), rate));
    } catch (const VideoError& problem) {
        throw PictureError(file.string() + ": " + problem.what());
    }
}

}  // namespace strongroom::sim
