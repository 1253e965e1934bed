#include <algorithm>
#include <array>

#include "parts.h"
#include "records_parts.h"
#include "words.h"

namespace strongroom::panel {
namespace {

using State = LockerRow::State;
constexpr std::array states{State::free, State::held, State::open, State::alarm};
// In letters.
constexpr float door_width = 4.2F;
constexpr float door_height = 2.9F;

Meaning meaning_of(State state) {
    switch (state) {
        case State::free: return Meaning::neutral;
        case State::held: return Meaning::good;
        case State::open: return Meaning::warning;
        case State::alarm: return Meaning::bad;
    }
    return Meaning::neutral;
}

// One door of the wall; true when it was pressed.
bool draw_door(const LockerRow& row, bool chosen) {
    const std::string number = std::to_string(row.locker.value);
    const ImVec2 size{em(door_width), em(door_height)};
    offer_focus();
    const bool pressed = ImGui::InvisibleButton(("locker " + number).c_str(), size);
    record_item("Locker " + number, "row", chosen ? "on" : "off");
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) {
        tooltip("Locker " + number + ": " + std::string(locker_words(row.state)) + ", " +
                std::to_string(row.holders) + (row.holders == 1 ? " holder" : " holders") +
                (row.terminal ? ". Behind the simulated door." : "."));
    }
    if (!ImGui::IsItemVisible()) return pressed;
    const ImVec2 from = ImGui::GetItemRectMin();
    const ImVec2 to = ImGui::GetItemRectMax();
    const Meaning meaning = meaning_of(row.state);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(from, to, theme().tint_ink(meaning), em(0.2F));
    const bool marked = chosen || hovered || ImGui::IsItemFocused();
    list.AddRect(from, to, theme().ink(marked ? Meaning::accent : meaning, marked ? 1 : 0.6F),
                 em(0.2F), 0, em(marked ? 0.16F : 0.07F));
    if (row.terminal) {
        // The one behind the simulated door has a handle of its own.
        list.AddCircleFilled({to.x - em(0.45F), from.y + em(0.45F)}, em(0.2F),
                             theme().ink(Meaning::accent), 12);
    }
    const float line = ImGui::GetTextLineHeight();
    const float top = from.y + (size.y - 2 * line) / 2;
    draw_centred(list, {from.x, top}, size.x, theme().ink(Meaning::text), number);
    draw_centred(list, {from.x, top + line}, size.x, theme().ink(meaning), locker_words(row.state));
    return pressed;
}

}  // namespace

void LockerWall::draw_legend(const std::vector<LockerRow>& rows) {
    for (const State state : states) {
        const auto count = std::count_if(rows.begin(), rows.end(),
                                         [&](const LockerRow& row) { return row.state == state; });
        const std::string words = std::to_string(count) + " " + std::string(locker_words(state));
        if (state != states.front()) flow(badge_width(words));
        badge(words, meaning_of(state));
    }
    const std::string handle = "with a dot: behind the simulated door";
    flow(size_of(handle).x);
    write_on_line(handle, Meaning::quiet);
}

void LockerWall::draw_wall(const std::vector<LockerRow>& rows) {
    const float spacing = em(0.35F);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{spacing, spacing});
    const float room = ImGui::GetContentRegionAvail().x;
    const int columns =
        std::max(1, static_cast<int>((room + spacing) / (em(door_width) + spacing)));
    const int lines = (static_cast<int>(rows.size()) + columns - 1) / columns;
    if (sought_) {
        const float line = em(door_height) + spacing;
        ImGui::SetScrollY(line * static_cast<float>(*sought_ / columns) -
                          ImGui::GetWindowHeight() / 2);
        sought_.reset();
    }
    ImGuiListClipper clipper;
    clipper.Begin(lines, em(door_height) + spacing);
    while (clipper.Step()) {
        for (int line = clipper.DisplayStart; line < clipper.DisplayEnd; ++line) {
            for (int column = 0; column < columns; ++column) {
                const auto index = static_cast<std::size_t>(line * columns + column);
                if (index >= rows.size()) break;
                if (column > 0) ImGui::SameLine();
                const LockerRow& row = rows[index];
                if (draw_door(row, chosen_ == row.locker)) chosen_ = row.locker;
            }
        }
    }
    ImGui::PopStyleVar();
}

void LockerWall::draw_chosen(const Snapshot& snapshot, Context& context) {
    const auto& rows = *snapshot.lockers;
    const auto at = [&](LockerId locker) {
        return std::find_if(rows.begin(), rows.end(),
                            [&](const LockerRow& row) { return row.locker == locker; });
    };
    number_field("Number", number_, 1, 1'000'000, 7);
    const auto found = at(LockerId{static_cast<std::uint64_t>(number_)});
    const bool known = found != rows.end();
    if (offer("Show", known ? "" : "There is no such locker.")) {
        chosen_ = found->locker;
        sought_ = static_cast<int>(found - rows.begin());
    }
    flow_button("Add locker");
    const std::string_view refusal = snapshot.attached ? "This terminal is watched, not steered."
                                     : known           ? "This locker is there already."
                                                       : "";
    if (offer("Add locker", refusal)) {
        context.outbox.post(AddLocker{LockerId{static_cast<std::uint64_t>(number_)}});
    }
    ImGui::Separator();
    if (!chosen_ || at(*chosen_) == rows.end()) {
        text("Choose a door to read about it.", Meaning::quiet);
        return;
    }
    const LockerRow& row = *at(*chosen_);
    heading("Locker " + std::to_string(row.locker.value));
    badge(locker_words(row.state), meaning_of(row.state));
    if (row.terminal) caption("Behind the simulated door.");
    if (snapshot.customers == nullptr || row.holders == 0) {
        text("Nobody holds it.", Meaning::quiet);
        return;
    }
    text("Held by", Meaning::quiet);
    for (const CustomerRow& customer : *snapshot.customers) {
        if (std::find(customer.lockers.begin(), customer.lockers.end(), row.locker) ==
            customer.lockers.end()) {
            continue;
        }
        text("customer " + std::to_string(customer.id.value) + ", " + customer.name);
    }
}

void LockerWall::draw(const Snapshot& snapshot, Context& context) {
    if (snapshot.lockers == nullptr) {
        empty_state("The lockers have not been read",
                    "The process that serves the terminal reads them: start it under "
                    "Surroundings.");
        return;
    }
    draw_legend(*snapshot.lockers);
    const bool wide = ImGui::GetContentRegionAvail().x > em(45);
    const float beside = em(17) + ImGui::GetStyle().ItemSpacing.x;
    {
        const float width = wide ? ImGui::GetContentRegionAvail().x - beside : 0;
        const Card card("##wall", width / em(), wide ? rest_height(14) / em() : 15);
        if (snapshot.lockers->empty()) {
            empty_state("There is no locker", "Give one a number and add it.");
        } else {
            draw_wall(*snapshot.lockers);
        }
    }
    if (wide) ImGui::SameLine();
    const Card card("Locker", 0, wide ? rest_height(14) / em() : 15);
    draw_chosen(snapshot, context);
}

}  // namespace strongroom::panel
