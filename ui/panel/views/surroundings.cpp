// Surroundings: what an attacker, an accident or the weather does to the terminal from outside,
// each as a switch with its present state beside it.
#include <algorithm>
#include <array>
#include <vector>

#include "next_step.h"
#include "parts.h"
#include "views.h"
#include "words.h"

namespace strongroom::panel {
namespace {

// In letters.
constexpr float column_least = 26;
constexpr float state_from = 9.4F;  // where the state stands, from the left of its switch
constexpr std::string_view read_only = "This terminal is watched, not steered.";

struct Switch {
    std::string_view label;
    bool on = false;
    std::string_view state;
    Meaning meaning = Meaning::good;
    std::string_view explained;
};

std::vector<std::string> names_of(const Snapshot& snapshot) {
    std::vector<std::string> names;
    names.reserve(snapshot.people.size());
    for (const PersonSnapshot& person : snapshot.people) names.push_back(person.name);
    return names;
}

// The person at an index that a list may have outgrown; null when there is none.
const PersonSnapshot* person_at(const Snapshot& snapshot, int index) {
    const auto at = static_cast<std::size_t>(index);
    return index >= 0 && at < snapshot.people.size() ? &snapshot.people[at] : nullptr;
}

class Surroundings final : public View {
public:
    [[nodiscard]] std::string_view title() const override { return "Surroundings"; }
    [[nodiscard]] std::string_view purpose() const override {
        return "Light, power, cables, network and what attackers do to them.";
    }
    void draw(const Snapshot& snapshot, Context& context) override;

private:
    void draw_supply(const Snapshot& snapshot, Context& context);
    void draw_cables(const Snapshot& snapshot, Context& context);
    void draw_tampering(const Snapshot& snapshot, Context& context);
    void draw_camera_swap(const Snapshot& snapshot, Context& context);
    void draw_thefts(const Snapshot& snapshot, Context& context);
    void draw_phones(const Snapshot& snapshot, Context& context);

    int thief_ = -1;  // of the people; -1: the first stranger
    int owner_ = 0;
    int swap_to_ = -1;
    int camera_by_ = -1;
    int camera_whose_ = 0;
};

// True when it was changed.
bool draw_switch(const Switch& drawn) {
    const float from = ImGui::GetCursorPosX();
    const bool changed = labelled_switch(drawn.label, drawn.on, {}, drawn.meaning);
    tooltip(drawn.explained);
    // Under each other, unless a label is longer than that.
    const float beside = from + em(state_from);
    ImGui::SameLine();
    if (ImGui::GetCursorPosX() < beside) ImGui::SetCursorPosX(beside);
    badge(drawn.state, drawn.meaning);
    return changed;
}

void Surroundings::draw_supply(const Snapshot& snapshot, Context& context) {
    const DoorSnapshot& door = snapshot.door;
    if (draw_switch({"Power", door.powered, door.powered ? "on" : "OFF",
                     door.powered ? Meaning::good : Meaning::bad,
                     "Of the terminal and its lock. Without it the door stays locked."})) {
        context.outbox.post(SetPower{!door.powered});
    }
    if (draw_switch({"Network", door.network, door.network ? "up" : "CUT",
                     door.network ? Meaning::good : Meaning::bad,
                     "Between the terminal and every message gateway."})) {
        context.outbox.post(SetNetwork{!door.network});
    }
    const bool runs = snapshot.terminal.running;
    if (draw_switch({"Process", runs, runs ? "running" : "KILLED",
                     runs ? Meaning::good : Meaning::bad,
                     "The program that serves the terminal: killed at once, or started again."})) {
        context.outbox.post(SetProcess{!runs});
    }
    if (!snapshot.terminal.refused.empty()) {
        notice("The program does not start: " + snapshot.terminal.refused, Meaning::bad);
    }
    const std::vector<std::string> lights{"normal", "glare", "dark"};
    int light = static_cast<int>(door.light);
    if (options("Light", light, lights)) {
        context.outbox.post(SetLight{static_cast<sim::Light>(light)});
    }
}

void Surroundings::draw_cables(const Snapshot& snapshot, Context& context) {
    caption("A cable that is out reads as what cannot open anything.");
    const float room = ImGui::GetContentRegionAvail().x;
    const int columns = room >= em(30) ? 2 : 1;
    if (!ImGui::BeginTable("cables", columns, ImGuiTableFlags_SizingStretchSame)) return;
    for (std::size_t i = 0; i < sim::cables; ++i) {
        const auto cable = static_cast<sim::Cable>(i);
        const auto& pulled = snapshot.door.unplugged;
        const bool plugged = std::find(pulled.begin(), pulled.end(), cable) == pulled.end();
        ImGui::TableNextColumn();
        if (draw_switch({cable_words(cable), plugged, plugged ? "plugged" : "PULLED",
                         plugged ? Meaning::good : Meaning::bad, ""})) {
            context.outbox.post(SetCable{cable, !plugged});
        }
    }
    ImGui::EndTable();
}

void Surroundings::draw_tampering(const Snapshot& snapshot, Context& context) {
    const DoorSnapshot& door = snapshot.door;
    const auto bad_when = [](bool on) { return on ? Meaning::bad : Meaning::good; };
    if (draw_switch({"Enclosure opened", door.enclosure_open, door.enclosure_open ? "OPEN" : "shut",
                     bad_when(door.enclosure_open),
                     "The box of the terminal, behind its tamper loop."})) {
        context.outbox.post(SetEnclosure{!door.enclosure_open});
    }
    if (draw_switch({"Magnet on contact", door.magnet, door.magnet ? "PLACED" : "none",
                     bad_when(door.magnet), "The contact reads shut, whatever the door does."})) {
        context.outbox.post(SetMagnet{!door.magnet});
    }
    if (draw_switch({"Relay welded", door.strike_welded, door.strike_welded ? "WELDED" : "free",
                     bad_when(door.strike_welded),
                     "Once it is closed, the contact of the strike's relay does not open."})) {
        context.outbox.post(SetRelayWelded{!door.strike_welded});
    }
}

void Surroundings::draw_camera_swap(const Snapshot& snapshot, Context& context) {
    const bool own = snapshot.door.camera == sim::CameraKind::own;
    text("Frames come from " + std::string(camera_words(snapshot.door.camera)) + ".",
         own ? Meaning::good : Meaning::bad);
    const std::vector<std::string> names = names_of(snapshot);
    if (camera_by_ < 0) camera_by_ = std::max(0, static_cast<int>(names.size()) - 1);
    choice("Who does it", camera_by_, names, 8);
    choice("Face that is shown", camera_whose_, names, 8);
    const PersonSnapshot* by = person_at(snapshot, camera_by_);
    const PersonSnapshot* whose = person_at(snapshot, camera_whose_);
    const Disabled nobody(by == nullptr || whose == nullptr, "There is nobody.");
    const auto replace = [&](std::string_view label, sim::CameraKind kind) {
        const bool is_so = snapshot.door.camera == kind;
        const Disabled already(is_so, "It is so already.");
        if (button(label)) context.outbox.post(ReplaceCamera{by->name, kind, whose->name});
    };
    replace("Another device", sim::CameraKind::virtual_device);
    tooltip("A virtual camera in its place plays what a program makes.");
    flow_button("Old frames");
    replace("Old frames", sim::CameraKind::recording);
    tooltip("Its own camera, but somebody gives the terminal frames that were taken before.");
    flow_button("Its own camera");
    replace("Its own camera", sim::CameraKind::own);
}

void Surroundings::draw_thefts(const Snapshot& snapshot, Context& context) {
    const std::vector<std::string> names = names_of(snapshot);
    if (thief_ < 0) thief_ = std::max(0, static_cast<int>(names.size()) - 1);
    choice("Thief", thief_, names, 8);
    flow(em(12));
    choice("takes from", owner_, names, 8);
    const PersonSnapshot* thief = person_at(snapshot, thief_);
    const PersonSnapshot* owner = person_at(snapshot, owner_);
    const bool same = thief == owner;
    const auto refusal = [&](bool has, std::string_view what) -> std::string {
        if (thief == nullptr || owner == nullptr) return "There is nobody.";
        if (same) return "Choose two different people.";
        if (!has) return owner->name + " has no " + std::string(what) + " in her hand.";
        return {};
    };
    if (offer("Steal the phone", refusal(owner != nullptr && !owner->phones.empty(), "phone"))) {
        context.outbox.post(StealPhone{thief->name, owner->name});
    }
    flow_button("Steal the key");
    if (offer("Steal the key", refusal(owner != nullptr && !owner->keys.empty(), "key"))) {
        context.outbox.post(StealKey{thief->name, owner->name});
    }
    caption("To give it back, swap the two names.");
}

void Surroundings::draw_phones(const Snapshot& snapshot, Context& context) {
    if (snapshot.phones.empty()) {
        caption("Nobody has a phone.");
        return;
    }
    constexpr ImGuiTableFlags flags =
        ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingStretchProp | ImGuiTableFlags_PadOuterX;
    if (ImGui::BeginTable("phones", 3, flags)) {
        ImGui::TableSetupColumn("Phone");
        ImGui::TableSetupColumn("In the hand of");
        ImGui::TableSetupColumn("Number");
        ImGui::TableHeadersRow();
        for (const PhoneSnapshot& phone : snapshot.phones) {
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            text(phone.name);
            ImGui::TableNextColumn();
            const bool stolen = !phone.owner.empty() && phone.holder != phone.owner;
            text(phone.holder.empty() ? "nobody" : phone.holder + (stolen ? " (stolen)" : ""),
                 stolen ? Meaning::bad : Meaning::text);
            ImGui::TableNextColumn();
            text(phone.ported ? "SWAPPED away" : phone.number,
                 phone.ported ? Meaning::bad : Meaning::quiet);
        }
        ImGui::EndTable();
    }
    const std::vector<std::string> names = names_of(snapshot);
    if (swap_to_ < 0) swap_to_ = std::max(0, static_cast<int>(names.size()) - 1);
    choice("Number of", owner_, names, 8);
    flow(em(12));
    choice("goes to", swap_to_, names, 8);
    const PersonSnapshot* from = person_at(snapshot, owner_);
    const PersonSnapshot* to = person_at(snapshot, swap_to_);
    const bool possible = from != nullptr && to != nullptr && from != to;
    if (offer("Swap the SIM", possible ? "" : "Choose two different people.")) {
        context.outbox.post(SwapSim{from->name, to->name});
    }
    tooltip("The carrier moves the number to another phone: codes arrive there from now on.");
}

void Surroundings::draw(const Snapshot& snapshot, Context& context) {
    const Disabled watched(snapshot.attached, read_only);
    ImGui::BeginChild("surroundings", {0, 0}, false, ImGuiWindowFlags_NavFlattened);
    const float room = ImGui::GetContentRegionAvail().x / em();
    const float spacing = ImGui::GetStyle().ItemSpacing.x / em();
    const bool wide = room >= 2 * column_least;
    const float each = wide ? (room - spacing) / 2 : room;
    const auto area = [&](std::string_view name, float height, bool beside,
                          void (Surroundings::*content)(const Snapshot&, Context&)) {
        if (beside && wide) ImGui::SameLine();
        const Card card(name, each, height);
        (this->*content)(snapshot, context);
    };
    area("Supply", 11.4F, false, &Surroundings::draw_supply);
    area("Tampering", 11.4F, true, &Surroundings::draw_tampering);
    area("Cables", wide ? 17.2F : 29, false, &Surroundings::draw_cables);
    area("Phones and SIM cards", 17.2F, true, &Surroundings::draw_phones);
    area("The camera's place", 10.5F, false, &Surroundings::draw_camera_swap);
    area("Theft", 10.5F, true, &Surroundings::draw_thefts);
    ImGui::EndChild();
}

}  // namespace

std::unique_ptr<View> surroundings_view() { return std::make_unique<Surroundings>(); }

}  // namespace strongroom::panel
