#include "top_bar.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include "drawing.h"
#include "panel/widgets.h"
#include "window.h"

namespace strongroom::panel {

namespace {

constexpr std::array speeds_offered{1.0, 2.0, 10.0, 100.0, 1000.0};
constexpr Duration one_step = std::chrono::milliseconds(100);

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

std::vector<std::string> speed_words() {
    return {"1\u00D7", "2\u00D7", "10\u00D7", "100\u00D7", "1000\u00D7"};
}

std::vector<std::string> theme_words() { return {"Dark", "Light", "High contrast"}; }

std::string percent(double part) {
    return std::to_string(static_cast<int>(std::lround(part * 100))) + " %";
}

}  // namespace

double resized(double scale, int by) {
    constexpr double ratio = 1.1;
    const double steps = std::round(std::log(scale) / std::log(ratio)) + by;
    const double wanted = std::pow(ratio, steps);
    return std::clamp(wanted, static_cast<double>(least_scale), static_cast<double>(most_scale));
}

std::string clock_words(Duration time) {
    const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(time).count() / 100;
    std::array<char, 40> words{};
    std::snprintf(words.data(), words.size(), "%02lld:%02lld:%02lld.%lld",
                  static_cast<long long>(tenths / 36000), static_cast<long long>(tenths / 600 % 60),
                  static_cast<long long>(tenths / 10 % 60), static_cast<long long>(tenths % 10));
    return words.data();
}

void TopBar::run_or_pause(const Snapshot& snapshot, Outbox& outbox) {
    if (snapshot.attached) return;
    if (snapshot.time.running) {
        outbox.post(TimeOrder{Pause{}});
    } else {
        outbox.post(TimeOrder{Run{snapshot.time.speed > 0 ? snapshot.time.speed : 1}});
    }
}

void TopBar::step(Outbox& outbox) { outbox.post(TimeOrder{Step{one_step}}); }

void TopBar::title(const Snapshot& snapshot) {
    ImGui::AlignTextToFramePadding();
    {
        const WithLetters letters(Letters::heading);
        write(snapshot.time.scenario.empty() ? "strongroom" : snapshot.time.scenario);
    }
    if (!snapshot.time.arm.empty()) {
        flow(badge_width(snapshot.time.arm));
        const bool whole = snapshot.time.arm == "defended";
        badge(snapshot.time.arm, whole ? Meaning::good : Meaning::warning);
    }
    const std::string_view kind = snapshot.attached ? "attached, read-only" : "simulated";
    flow(badge_width(kind));
    badge(kind, snapshot.attached ? Meaning::accent : Meaning::simulated);
}

void TopBar::speeds(const TimeSnapshot& time, Outbox& outbox, bool wide) {
    int index = -1;
    for (std::size_t i = 0; i < speeds_offered.size(); ++i) {
        if (std::abs(time.speed - speeds_offered[i]) < 1e-9) index = static_cast<int>(i);
    }
    const auto words = speed_words();
    const bool changed =
        wide ? options("Speed", index, words) : choice("Speed", index, words, 5.5F);
    if (changed) {
        outbox.post(TimeOrder{Run{speeds_offered[static_cast<std::size_t>(index)]}});
    }
}

void TopBar::rewind(const TimeSnapshot& time, Outbox& outbox, float width) {
    const double most = seconds(time.recorded.time_since_epoch());
    if (!dragging_) dragged_ = seconds(time.now.time_since_epoch());
    const Disabled nothing(most <= 0, "Nothing has happened yet");
    const double shown_most = std::max(most, 0.1);
    slider("Rewind", dragged_, 0, shown_most, "%.1f s", width);
    dragging_ = ImGui::IsItemActive();
    if (ImGui::IsItemDeactivatedAfterEdit()) {
        const auto to = std::chrono::duration_cast<Duration>(
            std::chrono::duration<double>(std::clamp(dragged_, 0.0, most)));
        outbox.post(TimeOrder{Rewind{Instant{} + to}});
    }
}

void TopBar::transport(const Snapshot& snapshot, Outbox& outbox, bool wide) {
    const TimeSnapshot& time = snapshot.time;
    const Disabled attached(snapshot.attached, "A terminal that serves is watched, not steered");
    // One control with one place: the widths of both words are the same.
    const float width = std::max(button_width("Pause"), button_width("Run")) / em();
    const Weight weight = time.running ? Weight::plain : Weight::primary;
    if (button(time.running ? "Pause" : "Run", weight, width)) {
        run_or_pause(snapshot, outbox);
    }
    tooltip("Lets simulated time pass, or stops it (Space or F5)");
    ImGui::SameLine();
    if (button("Step")) step(outbox);
    tooltip("A tenth of a second, then stop (F6)");
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    {
        const WithLetters figures(Letters::figures);
        write(clock_words(time.now.time_since_epoch()));
    }
    if (time.replaying) {
        flow(badge_width("replaying"));
        badge("replaying", Meaning::accent);
    }
    if (!wide) {
        constexpr float speed_letters = 10;
        if (ImGui::GetWindowContentRegionMax().x >= em(36)) {
            flow(em(speed_letters));
            speeds(time, outbox, false);
        }
        return;
    }
    ImGui::SameLine(0, em(1));
    speeds(time, outbox, true);
    ImGui::SameLine(0, em(1));
    const float label = size_of("Rewind").x / em() + 0.8F;
    rewind(time, outbox, ImGui::GetContentRegionAvail().x / em() - label);
}

BarWishes TopBar::appearance(Settings& settings, bool wide) {
    BarWishes wishes;
    int chosen = static_cast<int>(settings.theme);
    if (choice("Theme", chosen, theme_words(), 8.5F)) {
        settings.theme = theme_names[static_cast<std::size_t>(chosen)];
    }
    if (wide) ImGui::SameLine();
    {
        const Group group("Size");
        ImGui::AlignTextToFramePadding();
        ImGui::PushStyleColor(ImGuiCol_Text, theme().ink(Meaning::quiet));
        write("Size");
        ImGui::PopStyleColor();
        ImGui::SameLine();
        if (button("\u2212")) settings.scale = resized(settings.scale, -1);
        tooltip("Smaller letters (Ctrl and \u2212)");
        ImGui::SameLine(0, em(0.2F));
        if (button(percent(settings.scale), Weight::plain, 3.9F)) settings.scale = 1;
        tooltip("To 100 % (Ctrl+0)");
        ImGui::SameLine(0, em(0.2F));
        if (button("+")) settings.scale = resized(settings.scale, 1);
        tooltip("Larger letters (Ctrl and +)");
    }
    if (wide) ImGui::SameLine();
    wishes.help = button("Help");
    tooltip("What is where, and the keys (F1)");
    if (wide) return wishes;
    ImGui::SameLine();
    wishes.tour = button("Tour");
    ImGui::SameLine();
    wishes.quit = button("Quit");
    return wishes;
}

BarWishes TopBar::draw(const Snapshot& snapshot, Outbox& outbox, Settings& settings) {
    const float room = ImGui::GetContentRegionAvail().x;
    const float begin = ImGui::GetCursorPosX();
    BarWishes wishes;
    if (room >= em(60)) {
        title(snapshot);
        const float width = appearance_width_ > 0 ? appearance_width_ : em(26);
        ImGui::SameLine(std::max(begin + room - width, em(1)));
        ImGui::BeginGroup();
        wishes = appearance(settings, true);
        ImGui::EndGroup();
        appearance_width_ = ImGui::GetItemRectSize().x;
        transport(snapshot, outbox, true);
        return wishes;
    }
    transport(snapshot, outbox, false);
    flow_button("More");
    if (button("More")) ImGui::OpenPopup("more");
    ImGui::SetNextWindowSize({std::min(em(26), ImGui::GetIO().DisplaySize.x - em(0.5F)), 0});
    if (ImGui::BeginPopup("more")) {
        Registry& registry = Registry::current();
        registry.push_layer();
        title(snapshot);
        if (room < em(36)) speeds(snapshot.time, outbox, false);
        rewind(snapshot.time, outbox, -1);
        wishes = appearance(settings, false);
        if (wishes.help || wishes.tour || wishes.quit) ImGui::CloseCurrentPopup();
        registry.pop_layer();
        ImGui::EndPopup();
    }
    return wishes;
}

}  // namespace strongroom::panel
