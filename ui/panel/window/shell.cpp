#include "shell.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "drawing.h"

namespace strongroom::panel {

namespace {

constexpr std::size_t most_complaints = 5;

struct KeyHelp {
    std::string_view keys;
    std::string_view does;
};
constexpr std::array key_help{
    KeyHelp{"F1", "this help"},
    KeyHelp{"Ctrl+1 to Ctrl+9", "open a view"},
    KeyHelp{"Space or F5", "let time run, or pause it"},
    KeyHelp{"F6", "one step of a tenth of a second"},
    KeyHelp{"Tab, Shift+Tab", "to the next control, to the one before"},
    KeyHelp{"arrow keys", "to the control in that direction"},
    KeyHelp{"Enter or Space", "press the control that is framed"},
    KeyHelp{"Esc", "shut a list or a question"},
    KeyHelp{"Ctrl with + \u2212 0", "larger letters, smaller ones, 100 %"},
    KeyHelp{"Ctrl+Q", "close the panel"},
};

}  // namespace

Shell::Shell(std::vector<std::unique_ptr<View>> views, Settings settings, const Context& context)
    : views_(std::move(views)), settings_(std::move(settings)), context_(context) {
    show_view(settings_.view);
}

bool Shell::show_view(std::string_view title) {
    const auto found = std::find_if(views_.begin(), views_.end(),
                                    [&](const auto& view) { return view->title() == title; });
    if (found == views_.end()) return false;
    current_ = static_cast<std::size_t>(found - views_.begin());
    settings_.view = title;
    return true;
}

std::vector<std::string> Shell::titles() const {
    std::vector<std::string> titles;
    for (const auto& view : views_) titles.emplace_back(view->title());
    return titles;
}

void Shell::complain(std::string words) {
    if (words.empty()) return;
    if (std::find(complaints_.begin(), complaints_.end(), words) != complaints_.end()) return;
    if (complaints_.size() == most_complaints) complaints_.pop_front();
    complaints_.push_back(std::move(words));
}

void Shell::start_tour() { tour_.start(); }

void Shell::want_to_close() {
    std::string lost;
    for (const auto& view : views_) {
        const std::string unsaved = view->unsaved();
        if (!unsaved.empty()) lost += "\n" + std::string(view->title()) + ": " + unsaved;
    }
    if (lost.empty()) {
        closing_ = true;
    } else {
        quit_.ask("This is not saved and would be lost:" + lost);
    }
}

void Shell::press(const KeyPress& key, const Snapshot* snapshot) {
    switch (key.key) {
        case Key::help: help_wanted_ = true; return;
        case Key::run_pause:
            if (snapshot != nullptr) TopBar::run_or_pause(*snapshot, context_.outbox);
            return;
        case Key::step:
            if (snapshot != nullptr && !snapshot->attached) TopBar::step(context_.outbox);
            return;
        case Key::quit: want_to_close(); return;
        case Key::larger: settings_.scale = resized(settings_.scale, 1); return;
        case Key::smaller: settings_.scale = resized(settings_.scale, -1); return;
        case Key::own_size: settings_.scale = 1; return;
        case Key::next: Registry::current().move_focus(1); return;
        case Key::previous: Registry::current().move_focus(-1); return;
        case Key::view: {
            const auto index = static_cast<std::size_t>(key.number - 1);
            if (index < views_.size()) show_view(views_[index]->title());
            return;
        }
    }
}

void Shell::obey(const BarWishes& wishes) {
    if (wishes.help) help_wanted_ = true;
    if (wishes.tour) start_tour();
    if (wishes.quit) want_to_close();
}

// A complaint is said once however many snapshots repeat it, and stays after they have stopped.
void Shell::hear(const Snapshot& snapshot) {
    if (snapshot.complaint == heard_) return;
    heard_ = snapshot.complaint;
    complain(heard_);
}

void Shell::complaints() {
    for (std::size_t i = 0; i < complaints_.size(); ++i) {
        const Group group("Complaint " + std::to_string(i + 1));
        if (error_box(complaints_[i])) {
            complaints_.erase(complaints_.begin() + static_cast<std::ptrdiff_t>(i));
            break;
        }
    }
}

void Shell::rail() {
    float width = em(6);
    for (const auto& view : views_) width = std::max(width, size_of(view->title()).x + em(1.6F));
    const float height = em(2);
    ImGui::BeginChild("rail", {width, 0}, false, ImGuiWindowFlags_NavFlattened);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, em(0.2F)});
    for (std::size_t i = 0; i < views_.size(); ++i) {
        const std::string title(views_[i]->title());
        const bool chosen = i == current_;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        offer_focus();
        // Its words are drawn by hand: ImGui's would stand at the edge.
        if (ImGui::Selectable(("##" + title).c_str(), chosen, 0, {0, height})) show_view(title);
        record_item(title, "tab", chosen ? "on" : "off");
        const std::string key = i < 9 ? " (Ctrl+" + std::to_string(i + 1) + ")" : "";
        tooltip(std::string(views_[i]->purpose()) + key);
        ImDrawList& list = *ImGui::GetWindowDrawList();
        draw_words(list, {at.x + em(0.8F), at.y + (height - em()) / 2}, theme().ink(Meaning::text),
                   title);
        if (!chosen) continue;
        list.AddRectFilled(at, {at.x + em(0.22F), at.y + height}, theme().ink(Meaning::accent),
                           em(0.1F));
    }
    ImGui::PopStyleVar();
    ImGui::EndChild();
}

void Shell::list_of_views() {
    int index = static_cast<int>(current_);
    const auto names = titles();
    if (choice("View", index, names, -1)) show_view(names[static_cast<std::size_t>(index)]);
}

void Shell::page(const Snapshot& snapshot) {
    View& view = *views_[current_];
    Registry& registry = Registry::current();
    ImGui::BeginChild("page", {0, 0}, false, ImGuiWindowFlags_NavFlattened);
    if (ImGui::GetIO().DisplaySize.y >= em(36)) {
        heading(view.title());
        flow(size_of(view.purpose()).x);
        // On the line that the larger letters stand on.
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + em(0.1F));
        caption(view.purpose());
    }
    registry.enter_view(view.title());
    ImGui::PushID(static_cast<int>(current_));
    view.draw(snapshot, context_);
    ImGui::PopID();
    registry.enter_view({});
    ImGui::EndChild();
}

void Shell::help() {
    if (help_wanted_) ImGui::OpenPopup("Help");
    const bool first = help_wanted_;
    help_wanted_ = false;
    const ImVec2 room = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({room.x / 2, room.y / 2}, ImGuiCond_Always, {0.5F, 0.5F});
    ImGui::SetNextWindowSize({std::min(em(46), room.x - em(1)), std::min(em(34), room.y - em(1))});
    if (!ImGui::BeginPopupModal("Help", nullptr,
                                ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
                                    ImGuiWindowFlags_NoSavedSettings)) {
        return;
    }
    Registry& registry = Registry::current();
    registry.push_layer();
    registry.push_group("Help");
    if (first) ImGui::SetKeyboardFocusHere();
    const bool shut = button("Close", Weight::primary) || escaped();
    flow_button("Start the tour");
    const bool tour = button("Start the tour");
    gap();
    heading("Views");
    {
        Facts facts("views");
        for (const auto& view : views_) facts.row(view->title(), view->purpose());
    }
    gap();
    heading("Keys");
    {
        Facts facts("keys");
        for (const KeyHelp& line : key_help) facts.row(line.keys, line.does);
    }
    gap();
    text("Everything is simulated unless it says \"attached\". Nothing here reaches a real door.",
         Meaning::quiet);
    registry.pop_group();
    registry.pop_layer();
    if (shut || tour) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    if (tour) start_tour();
}

void Shell::draw(const Snapshot* snapshot, const std::string& failure, float scale) {
    context_.scale = scale;
    const ImVec2 room = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(room);
    ImGui::Begin("strongroom", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoSavedSettings);
    if (tour_.on() && !tour_.view().empty()) show_view(tour_.view());
    if (snapshot != nullptr) {
        hear(*snapshot);
        obey(bar_.draw(*snapshot, context_.outbox, settings_));
    }
    complain(failure);
    complaints();
    ImGui::Separator();
    if (snapshot == nullptr) {
        empty_state(failure.empty() ? "The strongroom is being built" : "There is no strongroom",
                    failure.empty() ? "People, lockers and a door, in a moment."
                                    : "Close the panel and start it with another scenario.");
    } else if (room.x >= em(48)) {
        rail();
        ImGui::SameLine();
        page(*snapshot);
    } else {
        list_of_views();
        page(*snapshot);
    }
    ImGui::End();
    help();
    if (quit_.draw()) closing_ = true;
    if (tour_.draw()) settings_.tour_seen = true;
}

}  // namespace strongroom::panel
