#include "tour.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <imgui_internal.h>

#include "drawing.h"
#include "panel/widgets.h"

namespace strongroom::panel {

namespace {

struct Step {
    std::string_view title;
    std::string_view words;
    std::string_view view;   // that is opened; empty: whichever is
    std::string_view label;  // of the control that is pointed at; without it, the view's tab
};

constexpr std::array steps{
    Step{"A strongroom of your own",
         "Camera, door, phones and people are simulated. What decides who may open a locker is the "
         "same program as at a real door. Here its time runs and pauses.",
         "", "Pause"},
    Step{"Look",
         "The live view shows what the camera sees, how sure the terminal is, which factors have "
         "been shown and what the door does.",
         "Live", "Live"},
    Step{"Open a locker",
         "Be the customer: the button that stands out is what to do next. Walk up, show your face, "
         "type the code from the phone, turn the key, pull the door.",
         "Live", "Next"},
    Step{"Attack it",
         "Every attack of the catalogue can be played here, with its defence and with the defence "
         "taken away: then it succeeds, and you see why the defence is there.",
         "Scenarios", "Scenarios"},
    Step{"Help is one key away",
         "F1 lists what is where and every key. Tab and the arrow keys reach every control, Ctrl "
         "and + makes the letters larger. The tour is started again from there.",
         "", "Help"},
};

const Control* target(const Step& step) {
    const Registry& registry = Registry::current();
    const Control* found = registry.find("", step.label);
    // Time may be standing.
    if (found == nullptr && step.label == "Pause") found = registry.find("", "Run");
    if (found == nullptr && step.label == "Help") found = registry.find("", "More");
    if (found == nullptr) found = registry.find("", step.view);
    if (found == nullptr) found = registry.find("", "View");
    return found;
}

// Where the words stand: beside the control, inside the window.
ImVec2 beside(const Control& control, ImVec2 size, ImVec2 room) {
    const float apart = em(0.8F);
    ImVec2 at{control.x + control.width + apart, control.y};
    if (control.y < room.y * 0.2F) at = {control.x, control.y + control.height + apart};
    at.x = std::clamp(at.x, apart, std::max(apart, room.x - size.x - apart));
    at.y = std::clamp(at.y, apart, std::max(apart, room.y - size.y - apart));
    return at;
}

}  // namespace

std::string Tour::view() const { return on() ? std::string(steps[step_].view) : std::string(); }

bool Tour::draw() {
    if (!on()) return false;
    const Step& step = steps[step_];
    const ImVec2 room = ImGui::GetIO().DisplaySize;
    const float width = std::min(em(24), room.x - em(1.6F));
    const Control* control = target(step);
    const ImVec2 size{width, em(12)};
    ImVec2 at{(room.x - size.x) / 2, (room.y - size.y) / 2};
    if (control != nullptr) {
        at = beside(*control, size, room);
        const float margin = em(0.25F);
        ImGui::GetForegroundDrawList()->AddRect(
            {control->x - margin, control->y - margin},
            {control->x + control->width + margin, control->y + control->height + margin},
            theme().ink(Meaning::accent), em(0.35F), 0, em(0.18F));
    }
    ImGui::SetNextWindowPos(at);
    ImGui::SetNextWindowSize({width, 0});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, vector_of(theme().colour(Meaning::surface)));
    ImGui::PushStyleColor(ImGuiCol_Border, vector_of(theme().colour(Meaning::accent)));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, em(0.1F));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, em(0.35F));
    ImGui::Begin("tour", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize |
                     ImGuiWindowFlags_NoFocusOnAppearing);
    bool ends = false;
    {
        const Group group("Tour");
        caption("Tour, step " + std::to_string(step_ + 1) + " of " + std::to_string(steps.size()));
        heading(step.title);
        record_item(step.title, "heading");
        text(step.words);
        gap();
        {
            const Disabled first(step_ == 0, "This is the first step");
            if (button("Back")) --step_;
        }
        flow_button("Done");
        const bool last = step_ + 1 == steps.size();
        if (button(last ? "Done" : "Next step", Weight::primary)) {
            ends = last;
            if (!last) ++step_;
        }
        if (!last) {
            flow_button("Skip the tour");
            if (button("Skip the tour")) ends = true;
        }
    }
    // Above the page, which takes the front whenever it is pressed.
    if (!ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopup)) {
        ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
    }
    ImGui::End();
    ImGui::PopStyleVar(2);
    ImGui::PopStyleColor(2);
    if (ends) stop();
    return ends;
}

}  // namespace strongroom::panel
