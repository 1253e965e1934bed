#include "pi/csi_camera.h"

#include <array>
#include <filesystem>
#include <system_error>

#include <dlfcn.h>

#include "pipeline_module.h"

namespace strongroom::pi {
namespace {

constexpr const char* module_name = "libstrongroom_pipeline.so";

// Only places that come with the program: no search path that somebody else could set.
[[nodiscard]] OpenPipeline load_module() {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const fs::path& place :
         {folder / module_name, folder / ".." / "lib" / "strongroom" / module_name}) {
        if (!fs::exists(place, error)) continue;
        void* module = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
        void* symbol = module != nullptr ? ::dlsym(module, open_pipeline_symbol) : nullptr;
        if (symbol == nullptr) {
            const char* why = ::dlerror();
            throw CameraError(place.string() + " cannot be loaded: " + (why != nullptr ? why : "") +
                              ". Install OpenCV's videoio library, or use a USB camera");
        }
        return reinterpret_cast<OpenPipeline>(symbol);
    }
    throw CameraError(
        std::string(module_name) +
        " was not found beside the program nor in ../lib/strongroom: build the target "
        "strongroom_pipeline, or use a USB camera");
}

}  // namespace

std::string csi_pipeline(const CsiCameraConfig& config) {
    if (config.camera.find_first_of("\"\\!\n\r") != std::string::npos) {
        throw CameraError("camera \"" + config.camera +
                          "\": a name of libcamera's has no quotation marks, backslashes or "
                          "exclamation marks; cam --list shows the names");
    }
    const auto within = [](int value, int low, int high) { return value >= low && value <= high; };
    if (!within(config.width, 16, 4096) || !within(config.height, 16, 4096) ||
        !within(config.frames_per_second, 1, 120)) {
        throw CameraError(
            "a CSI camera takes 16 to 4096 pixels either way and 1 to 120 frames a "
            "second");
    }
    std::string text = "libcamerasrc";
    if (!config.camera.empty()) text += " camera-name=\"" + config.camera + "\"";
    text += " ! video/x-raw,width=" + std::to_string(config.width) +
            ",height=" + std::to_string(config.height) +
            ",framerate=" + std::to_string(config.frames_per_second) +
            "/1 ! videoconvert ! video/x-raw,format=BGR"
            " ! appsink drop=true max-buffers=1 sync=false";
    return text;
}

std::unique_ptr<hal::Camera> open_csi_camera(const CsiCameraConfig& config,
                                             const hal::Clock& clock) {
    return open_pipeline(csi_pipeline(config), {"libcamera", config.camera, {}}, config.silence_max,
                         clock);
}

std::unique_ptr<hal::Camera> open_pipeline(const std::string& pipeline,
                                           const hal::CameraIdentity& identity,
                                           Duration silence_max, const hal::Clock& clock) {
    static const OpenPipeline open = load_module();
    std::array<char, 512> why{};
    const PipelineRequest request{pipeline.c_str(), &identity, silence_max, &clock};
    std::unique_ptr<hal::Camera> camera(open(&request, why.data(), why.size()));
    if (!camera) throw CameraError("camera pipeline \"" + pipeline + "\" " + why.data());
    return camera;
}

}  // namespace strongroom::pi
