#include "gl_textures.h"

#include <GLFW/glfw3.h>

namespace strongroom::panel {

namespace {

// Grey as blue, green and red.
std::vector<std::uint8_t> coloured(const std::vector<std::uint8_t>& grey) {
    std::vector<std::uint8_t> pixels;
    pixels.reserve(grey.size() * 3);
    for (const std::uint8_t value : grey) pixels.insert(pixels.end(), 3, value);
    return pixels;
}

bool is_whole(const hal::Frame& frame) {
    return frame.pixels != nullptr && frame.width > 0 && frame.height > 0 &&
           frame.pixels->size() == static_cast<std::size_t>(frame.width) *
                                       static_cast<std::size_t>(frame.height) *
                                       static_cast<std::size_t>(bytes_per_pixel(frame.format));
}

}  // namespace

GlTextures::~GlTextures() {
    for (const auto& [name, slot] : slots_) glDeleteTextures(1, &slot.texture);
}

void* GlTextures::upload(std::string_view name, const hal::Frame& frame) {
    if (!is_whole(frame)) return nullptr;
    auto found = slots_.find(name);
    if (found == slots_.end()) found = slots_.emplace(std::string(name), Slot{}).first;
    Slot& slot = found->second;
    void* const handle = [&] {
        if (slot.texture == 0) glGenTextures(1, &slot.texture);
        return reinterpret_cast<void*>(static_cast<std::uintptr_t>(slot.texture));
    }();
    if (slot.sequence == frame.sequence && slot.pixels == frame.pixels) return handle;
    glBindTexture(GL_TEXTURE_2D, slot.texture);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    std::vector<std::uint8_t> expanded;
    const std::uint8_t* pixels = frame.pixels->data();
    if (frame.format == hal::PixelFormat::gray8) {
        expanded = coloured(*frame.pixels);
        pixels = expanded.data();
    }
    if (slot.width == frame.width && slot.height == frame.height) {
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, frame.width, frame.height, GL_BGR, GL_UNSIGNED_BYTE,
                        pixels);
    } else {
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGB, frame.width, frame.height, 0, GL_BGR,
                     GL_UNSIGNED_BYTE, pixels);
    }
    slot.width = frame.width;
    slot.height = frame.height;
    slot.sequence = frame.sequence;
    slot.pixels = frame.pixels;
    return handle;
}

}  // namespace strongroom::panel
