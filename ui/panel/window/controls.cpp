// The controls of widgets.h: what can be pressed, chosen and typed into.
#include <algorithm>
#include <type_traits>

#include <imgui.h>
#include <imgui_stdlib.h>

#include "drawing.h"
#include "panel/widgets.h"

namespace strongroom::panel {

namespace {

int disabled_depth = 0;
std::string disabled_reason;

std::string hidden(std::string_view label) { return "##" + std::string(label); }

// A name to the left of its control.
void name_left(std::string_view label) {
    const std::string_view words = shown(label);
    if (words.empty()) return;
    ImGui::AlignTextToFramePadding();
    ImGui::PushStyleColor(ImGuiCol_Text, theme().ink(Meaning::quiet));
    write(words);
    ImGui::PopStyleColor();
    ImGui::SameLine(0, ImGui::GetStyle().ItemInnerSpacing.x);
}

void set_width(float letters) {
    ImGui::SetNextItemWidth(
        letters < 0 ? ImGui::GetContentRegionAvail().x
                    : std::min(em(letters), std::max(em(3), ImGui::GetContentRegionAvail().x)));
}

// Four colours of a button, for as long as it lives.
class ButtonColours {
public:
    explicit ButtonColours(Meaning meaning) {
        const Colour fill = theme().colour(meaning);
        const Colour words = theme().on(meaning);
        ImGui::PushStyleColor(ImGuiCol_Button, vector_of(fill));
        ImGui::PushStyleColor(ImGuiCol_ButtonHovered, vector_of(mix(fill, words, 0.12F)));
        ImGui::PushStyleColor(ImGuiCol_ButtonActive, vector_of(mix(fill, words, 0.2F)));
        ImGui::PushStyleColor(ImGuiCol_Text, vector_of(words));
    }
    ~ButtonColours() { ImGui::PopStyleColor(4); }
    ButtonColours(const ButtonColours&) = delete;
    ButtonColours& operator=(const ButtonColours&) = delete;
};

bool press(std::string_view label, float width) {
    offer_focus();
    return ImGui::Button(std::string(label).c_str(), {width, 0});
}

// ImGui's handles are pointers before 1.91.4 and numbers since.
template <class Handle>
Handle texture_of(void* texture) {
    if constexpr (std::is_pointer_v<Handle>) {
        return static_cast<Handle>(texture);
    } else {
        return static_cast<Handle>(reinterpret_cast<std::uintptr_t>(texture));
    }
}

}  // namespace

Disabled::Disabled(bool disabled, std::string_view reason)
    : disabled_(disabled), before_(disabled_reason) {
    if (!disabled_) return;
    ++disabled_depth;
    disabled_reason = reason;
    ImGui::BeginDisabled();
}

Disabled::~Disabled() {
    if (!disabled_) return;
    --disabled_depth;
    disabled_reason = before_;
    ImGui::EndDisabled();
}

void offer_focus() {
    if (Registry::current().wants_focus()) ImGui::SetKeyboardFocusHere();
}

void record_item(std::string_view label, std::string_view kind, std::string_view value) {
    const ImVec2 least = ImGui::GetItemRectMin();
    const ImVec2 most = ImGui::GetItemRectMax();
    Control control;
    control.label = shown(label);
    if (control.label.empty() && label.starts_with("##")) control.label = label.substr(2);
    control.kind = kind;
    control.value = value;
    control.x = least.x;
    control.y = least.y;
    control.width = most.x - least.x;
    control.height = most.y - least.y;
    control.enabled = disabled_depth == 0;
    control.visible = ImGui::IsItemVisible();
    control.focused = ImGui::IsItemFocused();
    Registry::current().record(std::move(control));
    if (disabled_depth > 0) tooltip(disabled_reason);
}

bool button(std::string_view label, Weight weight, float width) {
    const float pixels = width < 0 ? ImGui::GetContentRegionAvail().x : em(width);
    bool pressed = false;
    if (weight == Weight::plain) {
        pressed = press(label, pixels);
    } else {
        const ButtonColours colours(weight == Weight::primary ? Meaning::accent : Meaning::bad);
        pressed = press(label, pixels);
    }
    record_item(label, "button");
    return pressed;
}

bool toggle(std::string_view label, bool& value) {
    offer_focus();
    const bool changed = ImGui::Checkbox(std::string(label).c_str(), &value);
    record_item(label, "toggle", value ? "on" : "off");
    return changed;
}

bool choice(std::string_view label, int& index, std::span<const std::string> options, float width) {
    name_left(label);
    const bool known = index >= 0 && static_cast<std::size_t>(index) < options.size();
    const std::string value = known ? options[static_cast<std::size_t>(index)] : "";
    set_width(width);
    offer_focus();
    const bool open =
        ImGui::BeginCombo(hidden(label).c_str(), value.c_str(), ImGuiComboFlags_HeightLarge);
    // The last item is the field itself only while the list is shut.
    if (!open) record_item(label, "choice", value);
    if (!open) return false;
    bool changed = false;
    Registry& registry = Registry::current();
    registry.push_group(shown(label));
    registry.push_layer();
    for (std::size_t i = 0; i < options.size(); ++i) {
        const bool chosen = static_cast<int>(i) == index;
        offer_focus();
        if (ImGui::Selectable(options[i].c_str(), chosen)) {
            changed = !chosen;
            index = static_cast<int>(i);
        }
        if (chosen) ImGui::SetItemDefaultFocus();
        record_item(options[i], "option", chosen ? "on" : "off");
    }
    registry.pop_layer();
    registry.pop_group();
    ImGui::EndCombo();
    return changed;
}

bool options(std::string_view label, int& index, std::span<const std::string> options) {
    name_left(label);
    const Group group(label);
    const float spacing = ImGui::GetStyle().ItemSpacing.x;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing,
                        ImVec2{spacing * 0.35F, ImGui::GetStyle().ItemSpacing.y});
    bool changed = false;
    for (std::size_t i = 0; i < options.size(); ++i) {
        if (i > 0) flow_button(options[i]);
        const bool chosen = static_cast<int>(i) == index;
        bool pressed = false;
        if (chosen) {
            const ButtonColours colours(Meaning::accent);
            pressed = press(options[i], 0);
        } else {
            pressed = press(options[i], 0);
        }
        record_item(options[i], "option", chosen ? "on" : "off");
        if (!pressed || chosen) continue;
        index = static_cast<int>(i);
        changed = true;
    }
    ImGui::PopStyleVar();
    return changed;
}

bool text_field(std::string_view label, std::string& value, std::string_view hint, float width) {
    name_left(label);
    set_width(width);
    offer_focus();
    const bool changed =
        ImGui::InputTextWithHint(hidden(label).c_str(), std::string(hint).c_str(), &value);
    record_item(label, "text", value);
    return changed;
}

bool text_field_entered(std::string_view label, std::string& value, std::string_view hint,
                        float width) {
    name_left(label);
    set_width(width);
    offer_focus();
    const bool entered = ImGui::InputTextWithHint(hidden(label).c_str(), std::string(hint).c_str(),
                                                  &value, ImGuiInputTextFlags_EnterReturnsTrue);
    record_item(label, "text", value);
    return entered;
}

bool number_field(std::string_view label, int& value, int least, int most, float width) {
    name_left(label);
    set_width(width);
    offer_focus();
    const bool changed = ImGui::InputInt(hidden(label).c_str(), &value);
    value = std::clamp(value, least, most);
    record_item(label, "number", std::to_string(value));
    return changed;
}

bool slider(std::string_view label, double& value, double least, double most, const char* format,
            float width) {
    name_left(label);
    set_width(width);
    offer_focus();
    const bool changed = ImGui::SliderScalar(hidden(label).c_str(), ImGuiDataType_Double, &value,
                                             &least, &most, format, ImGuiSliderFlags_AlwaysClamp);
    record_item(label, "slider", std::to_string(value));
    return changed;
}

bool selectable(std::string_view label, bool selected) {
    offer_focus();
    const bool pressed = ImGui::Selectable(
        std::string(label).c_str(), selected,
        ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowItemOverlap);
    record_item(label, "row", selected ? "on" : "off");
    return pressed;
}

void picture(std::string_view label, void* texture, float width, float height) {
    if (texture == nullptr) {
        ImGui::Dummy({width, height});
    } else {
        ImGui::Image(texture_of<ImTextureID>(texture), {width, height});
    }
    record_item(label, "picture");
}

Confirmation::Confirmation(std::string title, std::string yes)
    : title_(std::move(title)), yes_(std::move(yes)) {}

void Confirmation::ask(std::string question) {
    question_ = std::move(question);
    opening_ = true;
}

bool Confirmation::draw() {
    if (opening_) ImGui::OpenPopup(title_.c_str());
    const bool first = opening_;
    opening_ = false;
    const ImVec2 room = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({room.x / 2, room.y / 2}, ImGuiCond_Always, {0.5F, 0.5F});
    ImGui::SetNextWindowSize({std::min(em(30), room.x - em(1)), 0});
    if (!ImGui::BeginPopupModal(title_.c_str(), nullptr,
                                ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
                                    ImGuiWindowFlags_NoSavedSettings)) {
        return false;
    }
    Registry& registry = Registry::current();
    registry.push_layer();
    registry.push_group(title_);
    text(question_);
    gap();
    // First, so that Enter by mistake does no harm.
    if (first) ImGui::SetKeyboardFocusHere();
    const bool no = button("Cancel") || escaped();
    flow_button(yes_);
    const bool yes = button(yes_, Weight::dangerous);
    registry.pop_group();
    registry.pop_layer();
    if (yes || no) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    return yes;
}

}  // namespace strongroom::panel
