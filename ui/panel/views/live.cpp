// Live: the page that a newcomer sees first. The camera on the left, the terminal and its door in
// the middle, the people on the right; what could usefully be done next stands on top.
#include <algorithm>

#include "live_camera.h"
#include "live_driving.h"
#include "live_scene.h"
#include "live_terminal.h"
#include "next_step.h"
#include "parts.h"
#include "views.h"

namespace strongroom::panel {
namespace {

// In letters. Narrower than that, and the columns stand below each other.
constexpr float three_columns = 64;

// Of the card with steps, screen and keypad: some of it is measured in letters, and some is not.
float terminal_height() {
    const ImGuiStyle& style = ImGui::GetStyle();
    return 6 * ImGui::GetFrameHeight() + 3 * ImGui::GetTextLineHeight() + em(4.4F) +
           10 * style.ItemSpacing.y + 2 * style.WindowPadding.y;
}

class Live final : public View {
public:
    [[nodiscard]] std::string_view title() const override { return "Live"; }
    [[nodiscard]] std::string_view purpose() const override {
        return "See the terminal, its camera and its door, and act for the people before it.";
    }
    void draw(const Snapshot& snapshot, Context& context) override;

private:
    void draw_next(const NextStep& next, Context& context);
    void draw_beside_each_other(const Snapshot& snapshot, Context& context, const NextStep& next);
    void draw_below_each_other(const Snapshot& snapshot, Context& context, const NextStep& next);
    void draw_driving(const Snapshot& snapshot, Context& context, const NextStep& next,
                      float people, float actions, float phone);

    std::string chosen_;
    ScreenAndKeypad keypad_;
    DoorScene scene_;
    Driving driving_;
};

void Live::draw_next(const NextStep& next, Context& context) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = ImGui::GetFrameHeight() + em(0.7F);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const bool can_act = !next.button.empty();
    const Meaning meaning = can_act ? Meaning::accent : Meaning::neutral;
    const Group group("Next");
    const float button_space = can_act ? button_width(next.button) + em(1) : 0;
    const float label = size_of("Next").x + em(1.8F);
    const float wrap = width - label - button_space - em(0.7F);
    const float text_height = size_of(next.words, wrap).y;
    const float tall = std::max(height, text_height + em(0.8F));
    list.AddRectFilled(at, {at.x + width, at.y + tall}, theme().tint_ink(meaning), em(0.35F));
    list.AddRectFilled(at, {at.x + em(0.3F), at.y + tall}, theme().ink(meaning), em(0.15F));
    const float line = at.y + (tall - ImGui::GetTextLineHeight()) / 2;
    draw_words(list, {at.x + em(0.9F), line}, theme().ink(meaning), "Next");
    ImGui::SetCursorScreenPos({at.x + label, at.y + (tall - text_height) / 2});
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + wrap);
    write(next.words);
    ImGui::PopTextWrapPos();
    if (can_act) {
        ImGui::SetCursorScreenPos(
            {at.x + width - button_space + em(0.6F), at.y + (tall - ImGui::GetFrameHeight()) / 2});
        if (button(next.button, Weight::primary)) {
            if (const Order* order = std::get_if<Order>(&next.order)) context.outbox.post(*order);
            if (const TimeOrder* order = std::get_if<TimeOrder>(&next.order)) {
                context.outbox.post(*order);
            }
        }
    }
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({width, tall});
    record_item("Next", "picture", next.words);
}

void Live::draw_driving(const Snapshot& snapshot, Context& context, const NextStep& next,
                        float people, float actions, float phone) {
    const PersonSnapshot* actor = person_meant(snapshot, chosen_);
    {
        const Card card("People", 0, people);
        draw_people(snapshot, actor, chosen_);
    }
    if (actor == nullptr) return;
    {
        const Card card("What " + actor->name + " does###actions", 0, actions);
        driving_.draw(snapshot, context, *actor, next);
    }
    const Card card(phone_title(snapshot, *actor) + "###phone", 0, phone);
    draw_phones(snapshot, context, *actor, next);
}

void Live::draw_beside_each_other(const Snapshot& snapshot, Context& context,
                                  const NextStep& next) {
    const float width = ImGui::GetContentRegionAvail().x / em();
    const float height = ImGui::GetContentRegionAvail().y / em();
    const float spacing = ImGui::GetStyle().ItemSpacing.x / em();
    const float spacing_y = ImGui::GetStyle().ItemSpacing.y / em();
    // The picture is as high as its width allows; the curves have the rest.
    const float left = width * 0.245F;
    const float right = width * 0.32F;
    const float middle = width - left - right - 2 * spacing;
    const float curves = std::clamp(height - 8.2F - (left - 1.6F) * 0.75F, 14.0F, 20.0F);

    ImGui::BeginChild("left", {em(left), 0}, false, ImGuiWindowFlags_NavFlattened);
    {
        const Card card("Camera", 0, height - curves - spacing_y);
        draw_camera(snapshot, context, em(std::max(5.0F, height - curves - 7.9F)));
    }
    {
        const Card card("The last minute");
        draw_last_minute(snapshot, ImGui::GetContentRegionAvail().y);
    }
    ImGui::EndChild();

    ImGui::SameLine();
    ImGui::BeginChild("middle", {em(middle), 0}, false, ImGuiWindowFlags_NavFlattened);
    {
        const Card card("Terminal", 0, terminal_height() / em());
        draw_steps(snapshot);
        gap(0.6F);
        keypad_.draw(snapshot, context, person_meant(snapshot, chosen_));
    }
    {
        const Card card("Door of locker " + std::to_string(snapshot.door.locker.value) + "###door");
        scene_.draw(snapshot.door, std::max(em(9), ImGui::GetContentRegionAvail().y));
    }
    ImGui::EndChild();

    ImGui::SameLine();
    ImGui::BeginChild("right", {0, 0}, false, ImGuiWindowFlags_NavFlattened);
    const float people =
        std::clamp(3.2F + 1.6F * static_cast<float>(snapshot.people.size()), 8.0F, 11.0F);
    const float phone = std::max(7.4F, height - people - 24.0F - 2 * spacing_y);
    draw_driving(snapshot, context, next, people, height - people - phone - 2 * spacing_y, phone);
    ImGui::EndChild();
}

void Live::draw_below_each_other(const Snapshot& snapshot, Context& context, const NextStep& next) {
    ImGui::BeginChild("all", {0, 0}, false, ImGuiWindowFlags_NavFlattened);
    {
        const Card card("Terminal", 0, 29);
        draw_steps(snapshot);
        gap(0.6F);
        keypad_.draw(snapshot, context, person_meant(snapshot, chosen_));
    }
    draw_driving(snapshot, context, next, 10, 30, 12);
    {
        const Card card("Camera", 0, 26);
        draw_camera(snapshot, context, em(16));
    }
    {
        const Card card("The last minute", 0, 20);
        draw_last_minute(snapshot, em(16));
    }
    {
        const Card card("Door of locker " + std::to_string(snapshot.door.locker.value) + "###door",
                        0, 15);
        scene_.draw(snapshot.door, em(11));
    }
    ImGui::EndChild();
}

void Live::draw(const Snapshot& snapshot, Context& context) {
    const NextStep next = next_step(snapshot, chosen_);
    draw_next(next, context);
    if (ImGui::GetContentRegionAvail().x >= em(three_columns)) {
        draw_beside_each_other(snapshot, context, next);
    } else {
        draw_below_each_other(snapshot, context, next);
    }
}

}  // namespace

std::unique_ptr<View> live_view() { return std::make_unique<Live>(); }

}  // namespace strongroom::panel
