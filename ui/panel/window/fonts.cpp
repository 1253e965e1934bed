#include "fonts.h"

#include <array>
#include <filesystem>

namespace strongroom::panel {

namespace {

constexpr const char* folder = "/usr/share/fonts/truetype/dejavu/";
constexpr std::array files{"DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"};

// Names of people in Europe's scripts, and the marks that views draw.
constexpr std::array<ImWchar, 19> letters_needed{
    0x0020, 0x024F,  // Latin
    0x0370, 0x03FF,  // Greek
    0x0400, 0x045F,  // Cyrillic
    0x2010, 0x2027,  // dashes, quotation marks, the ellipsis
    0x2190, 0x2195,  // arrows
    0x2212, 0x2212,  // minus
    0x2260, 0x2265,  // comparisons
    0x25A0, 0x25CF,  // marks
    0x2713, 0x2717,  // done, failed
    0};

std::array<ImFont*, files.size()> fonts{};

}  // namespace

std::string load_fonts(float pixels) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();
    fonts.fill(nullptr);
    bool missing = false;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const std::string file = std::string(folder) + files[i];
        std::error_code error;
        // Asked first: ImGui asserts on a file that is not there.
        if (std::filesystem::is_regular_file(file, error)) {
            const float size = i == 1 ? pixels * 1.12F : pixels;
            fonts[i] = atlas.AddFontFromFileTTF(file.c_str(), size, nullptr, letters_needed.data());
        }
        if (fonts[i] != nullptr) continue;
        missing = true;
        ImFontConfig own;
        own.SizePixels = pixels;
        fonts[i] = atlas.AddFontDefault(&own);
    }
    atlas.Build();
    if (!missing) return {};
    return "The font DejaVu Sans is not installed, so a plain one is used. To have it: apt-get "
           "install fonts-dejavu-core";
}

ImFont* font_of(Letters letters) { return fonts[static_cast<std::size_t>(letters)]; }

}  // namespace strongroom::panel
