// Textures of the window's OpenGL context. The window's thread; gone before the window is.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "panel/view.h"

namespace strongroom::panel {

class GlTextures final : public Textures {
public:
    GlTextures() = default;
    ~GlTextures() override;
    GlTextures(const GlTextures&) = delete;
    GlTextures& operator=(const GlTextures&) = delete;

    [[nodiscard]] void* upload(std::string_view slot, const hal::Frame& frame) override;

private:
    struct Slot {
        unsigned texture = 0;
        int width = 0;
        int height = 0;
        std::uint64_t sequence = 0;
        // Held, so that another frame's pixels cannot come to lie at the same address.
        std::shared_ptr<const std::vector<std::uint8_t>> pixels;
    };
    std::map<std::string, Slot, std::less<>> slots_;
};

}  // namespace strongroom::panel
