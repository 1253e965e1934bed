#include "panel/widgets.h"

#include <algorithm>
#include <array>

#include <imgui_internal.h>

#include "drawing.h"

namespace strongroom::panel {

namespace {

// Told besides the colour.
std::string_view mark_of(Meaning meaning) {
    switch (meaning) {
        case Meaning::good: return "\u2713";
        case Meaning::warning: return "!";
        case Meaning::bad: return "\u2717";
        case Meaning::accent: return "\u25CF";
        case Meaning::simulated: return "\u25C7";
        default: return "\u25CB";
    }
}

// A frame of a meaning around what is drawn while it lives.
class Box {
public:
    explicit Box(Meaning meaning) : list_(ImGui::GetWindowDrawList()), meaning_(meaning) {
        list_->ChannelsSplit(2);
        list_->ChannelsSetCurrent(1);
        begin_ = ImGui::GetCursorScreenPos();
        width_ = ImGui::GetContentRegionAvail().x;
        ImGui::SetCursorScreenPos({begin_.x + em(0.7F), begin_.y + em(0.45F)});
        ImGui::BeginGroup();
        ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width_ - em(1.4F));
    }
    ~Box() {
        ImGui::PopTextWrapPos();
        ImGui::EndGroup();
        const ImVec2 end{begin_.x + width_, ImGui::GetItemRectMax().y + em(0.45F)};
        list_->ChannelsSetCurrent(0);
        const float round = ImGui::GetStyle().FrameRounding;
        list_->AddRectFilled(begin_, end, theme().tint_ink(meaning_), round);
        list_->AddRectFilled(begin_, {begin_.x + em(0.25F), end.y}, theme().ink(meaning_), round);
        list_->ChannelsMerge();
        ImGui::SetCursorScreenPos(begin_);
        ImGui::Dummy({width_, end.y - begin_.y});
    }
    Box(const Box&) = delete;
    Box& operator=(const Box&) = delete;

private:
    ImDrawList* list_;
    Meaning meaning_;
    ImVec2 begin_;
    float width_ = 0;
};

}  // namespace

Group::Group(std::string_view name) {
    ImGui::PushID(name.data(), name.data() + name.size());
    Registry::current().push_group(shown(name));
}

Group::~Group() {
    Registry::current().pop_group();
    ImGui::PopID();
}

Card::Card(std::string_view title, float width, float height) : group_(title) {
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme().ink(Meaning::surface));
    ImGui::BeginChild("card", {em(width), em(height)}, true, ImGuiWindowFlags_NavFlattened);
    ImGui::PopStyleColor();
    if (!shown(title).empty()) heading(shown(title));
}

Card::~Card() { ImGui::EndChild(); }

void flow(float width) {
    const ImGuiWindow& window = *ImGui::GetCurrentWindow();
    const float edge = window.WorkRect.Max.x;
    const float begin = ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x;
    if (begin + width <= edge) ImGui::SameLine();
}

void flow_button(std::string_view label) { flow(button_width(label)); }

float button_width(std::string_view label) {
    return size_of(shown(label)).x + 2 * ImGui::GetStyle().FramePadding.x;
}

void gap(float letters) { ImGui::Dummy({0, em(letters) - ImGui::GetStyle().ItemSpacing.y}); }

void heading(std::string_view words) {
    const WithLetters letters(Letters::heading);
    ImGui::PushTextWrapPos(0);
    write(words);
    ImGui::PopTextWrapPos();
}

void text(std::string_view words, Meaning meaning) {
    ImGui::PushStyleColor(ImGuiCol_Text, theme().ink(meaning));
    ImGui::PushTextWrapPos(0);
    write(words);
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
}

void caption(std::string_view words) { text(words, Meaning::quiet); }

float badge_width(std::string_view word) { return size_of(word).x + em(2.1F); }

void badge(std::string_view word, Meaning meaning) {
    const std::string_view mark = mark_of(meaning);
    const ImVec2 size = size_of(word);
    const float pad = em(0.12F);
    const float offset = ImGui::GetCurrentWindow()->DC.CurrLineTextBaseOffset;
    ImVec2 begin = ImGui::GetCursorScreenPos();
    const float width = badge_width(word);
    // As high as a line of text, so that it stands among words; the fill reaches beyond it.
    ImGui::Dummy({width, size.y + offset});
    begin.y += offset;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 corner{begin.x, begin.y - pad};
    const ImVec2 end{begin.x + width, begin.y + size.y + pad};
    list.AddRectFilled(corner, end, theme().tint_ink(meaning), em(0.3F));
    list.AddRect(corner, end, theme().ink(meaning, 0.55F), em(0.3F));
    const float mark_width = size_of(mark).x;
    draw_words(list, {begin.x + em(0.85F) - mark_width / 2, begin.y}, theme().ink(meaning), mark);
    draw_words(list, {begin.x + em(1.55F), begin.y}, theme().ink(meaning), word);
}

void tooltip(std::string_view words) {
    if (words.empty() || !ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) return;
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(em(26));
    write(words);
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

Facts::Facts(std::string_view name) {
    ImGui::PushID(name.data(), name.data() + name.size());
    open_ = ImGui::BeginTable("facts", 2, ImGuiTableFlags_SizingFixedFit);
    if (!open_) return;
    ImGui::TableSetupColumn("name", ImGuiTableColumnFlags_WidthFixed);
    ImGui::TableSetupColumn("value", ImGuiTableColumnFlags_WidthStretch);
}

Facts::~Facts() {
    if (open_) ImGui::EndTable();
    ImGui::PopID();
}

void Facts::row(std::string_view name, std::string_view value, Meaning meaning) {
    if (!open_) return;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushStyleColor(ImGuiCol_Text, theme().ink(Meaning::quiet));
    write(name);
    ImGui::PopStyleColor();
    ImGui::TableNextColumn();
    text(value, meaning);
}

void Facts::state(std::string_view name, std::string_view word, Meaning meaning) {
    if (!open_) return;
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushStyleColor(ImGuiCol_Text, theme().ink(Meaning::quiet));
    write(name);
    ImGui::PopStyleColor();
    ImGui::TableNextColumn();
    badge(word, meaning);
}

bool empty_state(std::string_view what, std::string_view advice, std::string_view action) {
    const float room = ImGui::GetContentRegionAvail().x;
    const float width = std::min(room, em(30));
    const float indent = (room - width) / 2;
    gap(1);
    if (indent > 0) ImGui::Indent(indent);
    ImGui::BeginGroup();
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
    {
        const WithLetters letters(Letters::heading);
        write(what);
    }
    ImGui::PushStyleColor(ImGuiCol_Text, theme().ink(Meaning::quiet));
    write(advice);
    ImGui::PopStyleColor();
    ImGui::PopTextWrapPos();
    bool pressed = false;
    if (!action.empty()) {
        gap(0.4F);
        pressed = button(action, Weight::primary);
    }
    ImGui::EndGroup();
    if (indent > 0) ImGui::Unindent(indent);
    return pressed;
}

bool error_box(std::string_view error, std::string_view advice) {
    ImGui::PushID(error.data(), error.data() + error.size());
    bool dismissed = false;
    {
        const Box box(Meaning::bad);
        ImGui::PushStyleColor(ImGuiCol_Text, theme().ink(Meaning::bad));
        write("\u2717 Error");
        ImGui::PopStyleColor();
        write(error);
        if (!advice.empty()) {
            ImGui::PushStyleColor(ImGuiCol_Text, theme().ink(Meaning::quiet));
            write(advice);
            ImGui::PopStyleColor();
        }
        dismissed = button("Dismiss");
    }
    ImGui::PopID();
    return dismissed;
}

void notice(std::string_view words, Meaning meaning) {
    const Box box(meaning);
    write(std::string(mark_of(meaning)) + " " + std::string(words));
}

}  // namespace strongroom::panel
