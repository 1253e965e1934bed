#include "screen.h"

#include <stdexcept>

#include <imgui_internal.h>

#include "window/drawing.h"
#include "window/fonts.h"

namespace strongroom::panel::test {
namespace {

constexpr float letter_pixels = 16;
// What the window around a view takes, in letters: the bar of time and the view's title above, the
// rail of views on the left.
constexpr float above = 6.4F;
constexpr float rail = 9.5F;
constexpr float narrow = 48;  // without a rail

void move_pointer(ImVec2 to) {
#if IMGUI_VERSION_NUM >= 18700
    ImGui::GetIO().AddMousePosEvent(to.x, to.y);
#else
    ImGui::GetIO().MousePos = to;
#endif
}

void hold_button(bool down) {
#if IMGUI_VERSION_NUM >= 18700
    ImGui::GetIO().AddMouseButtonEvent(0, down);
#else
    ImGui::GetIO().MouseDown[0] = down;
#endif
}

}  // namespace

Screen::Screen(int width, int height, float scale, ThemeName theme_name) : scale_(scale) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
    io.DeltaTime = 1.0F / 60;
#if IMGUI_VERSION_NUM < 18700
    for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key;
#endif
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    use_theme(theme_name);
    theme().apply(scale);
    static_cast<void>(load_fonts(letter_pixels * scale));
    unsigned char* pixels = nullptr;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &letters_.width, &letters_.height);
    letters_.pixels.assign(pixels, pixels + std::size_t{4} *
                                                static_cast<std::size_t>(letters_.width) *
                                                static_cast<std::size_t>(letters_.height));
    io.Fonts->SetTexID(&letters_);
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    move_pointer({-1000, -1000});
}

Screen::~Screen() {
    ImGui::DestroyContext();
    use_theme(ThemeName::dark);
}

void* Screen::upload(std::string_view slot, const hal::Frame& source) {
    if (source.pixels == nullptr) return nullptr;
    Picture& picture = textures_.try_emplace(std::string(slot)).first->second;
    picture.width = source.width;
    picture.height = source.height;
    picture.pixels.clear();
    const auto step = static_cast<std::size_t>(bytes_per_pixel(source.format));
    for (std::size_t i = 0; i + step <= source.pixels->size(); i += step) {
        const auto part = [&](std::size_t j) { return (*source.pixels)[i + (step == 3 ? j : 0)]; };
        picture.pixels.insert(picture.pixels.end(), {part(2), part(1), part(0), 255});
    }
    return &picture;
}

void Screen::frame(View& view, const Snapshot& snapshot) {
    ImGui::NewFrame();
    registry_.begin_frame();
    registry_.enter_view(view.title());
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    const float left = size.x >= em(narrow) ? em(rail) : 0;
    ImGui::SetNextWindowPos({left, em(above)});
    ImGui::SetNextWindowSize({size.x - left, size.y - em(above)});
    constexpr ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                       ImGuiWindowFlags_NoSavedSettings |
                                       ImGuiWindowFlags_NoBringToFrontOnFocus;
    ImGui::Begin("view", nullptr, flags);
    Context context{posted, *this, scale_};
    view.draw(snapshot, context);
    ImGui::End();
    registry_.end_frame();
    ImGui::Render();
}

void Screen::show(View& view, const Snapshot& snapshot, int frames) {
    for (int i = 0; i < frames; ++i) frame(view, snapshot);
}

Picture Screen::picture() const {
    return drawn(*ImGui::GetDrawData(), vector_of(theme().colour(Meaning::background)));
}

std::vector<ImVec2> Screen::clipped() const { return clipped_letters(*ImGui::GetDrawData()); }

void Screen::press(View& view, const Snapshot& snapshot, std::string_view label) {
    press_nth(view, snapshot, label, 0);
}

void Screen::press_nth(View& view, const Snapshot& snapshot, std::string_view label, int nth) {
    // Tables need some frames until they know how high they are.
    show(view, snapshot, 4);
    const Control* found = nullptr;
    for (const Control& control : registry_.controls()) {
        if (control.label != label || nth-- > 0) continue;
        found = &control;
        break;
    }
    const std::string name(label);
    if (found == nullptr) throw std::runtime_error("there is no control \"" + name + "\"");
    if (!found->enabled) throw std::runtime_error("\"" + name + "\" is greyed");
    if (!found->visible) throw std::runtime_error("\"" + name + "\" is out of sight");
    move_pointer({found->x + std::min(found->width, em(1.2F)) / 2, found->y + found->height / 2});
    show(view, snapshot, 2);
    hold_button(true);
    show(view, snapshot, 2);
    hold_button(false);
    show(view, snapshot, 2);
    move_pointer({-1000, -1000});
    show(view, snapshot, 2);
}

std::string Screen::begins_with(View& view, const Snapshot& snapshot, std::string_view beginning) {
    show(view, snapshot, 2);
    for (const Control& control : registry_.controls()) {
        if (control.label.starts_with(beginning)) return control.label;
    }
    throw std::runtime_error("no control begins with \"" + std::string(beginning) + "\"");
}

int Screen::vertices() const { return ImGui::GetDrawData()->TotalVtxCount; }

void Screen::select_all() {
    // Pressing a field puts the cursor into it; its state is then open to be asked for this.
    if (auto* state = ImGui::GetInputTextState(ImGui::GetActiveID())) state->SelectAll();
}

void Screen::type(View& view, const Snapshot& snapshot, std::string_view words) {
    for (const char letter : words) {
        ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(letter));
        show(view, snapshot, 1);
    }
}

}  // namespace strongroom::panel::test
