#include "fault_table.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "parts.h"
#include "words.h"

namespace strongroom::panel {
namespace {

constexpr std::array kinds{sim::FaultKind::fail,    sim::FaultKind::delay,
                           sim::FaultKind::drop,    sim::FaultKind::duplicate,
                           sim::FaultKind::corrupt, sim::FaultKind::stick};
constexpr std::array errors{Errc::disconnected, Errc::timeout, Errc::busy,     Errc::corrupt,
                            Errc::unsupported,  Errc::denied,  Errc::exhausted};

std::vector<std::string> error_names() {
    std::vector<std::string> names;
    names.reserve(errors.size());
    for (const Errc error : errors) names.emplace_back(to_string(error));
    return names;
}

}  // namespace

sim::FaultRule FaultTable::rule_of(const FaultRow& row) const {
    sim::FaultRule rule;
    rule.call = to_string(row.call);
    rule.kind = row.kind;
    rule.error = errors[static_cast<std::size_t>(error_)];
    if (row.kind == sim::FaultKind::fail && !can_fail_with(row.call, rule.error)) {
        const auto possible = std::find_if(errors.begin(), errors.end(), [&](Errc error) {
            return can_fail_with(row.call, error);
        });
        if (possible != errors.end()) rule.error = *possible;
    }
    rule.delay =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(delay_seconds_));
    // What sticks stays: it knows no other way.
    const int when = row.kind == sim::FaultKind::stick ? 0 : when_;
    if (when == 2) {
        rule.probability = probability_;
    } else {
        rule.nth = when == 0 ? 1 : static_cast<std::uint64_t>(nth_);
        rule.from_then_on = when == 0;
    }
    return rule;
}

void FaultTable::draw_parameters() {
    const std::vector<std::string> whens{"at every call", "at one call", "at random"};
    options("What is switched on next goes wrong", when_, whens);
    if (when_ == 1) {
        flow(em(15));
        number_field("number", nth_, 1, 1'000'000, 7);
        tooltip("The n-th call of that kind since time began.");
    }
    if (when_ == 2) {
        flow(em(15));
        slider("chance at each call", probability_, 0.01, 1, "%.2f", 8);
    }
    choice("Error of what fails", error_, error_names(), 9);
    tooltip("A call that cannot give this error gives the first one that it can.");
    flow(em(16));
    slider("Delay", delay_seconds_, 0.1, 30, "%.1f s", 9);
    flow(em(15));
    text_field("Show", filter_, "strike, sms, ...", 9);
}

void FaultTable::draw_cell(const FaultRow& row, Context& context) {
    const std::string name =
        std::string(to_string(row.call)) + " " + std::string(to_string(row.kind));
    if (!row.possible) {
        const Disabled impossible(true, row.reason);
        ImGui::AlignTextToFramePadding();
        write_on_line("\u2013", Meaning::quiet);
        record_item("##" + name, "toggle", "impossible");
        return;
    }
    bool active = row.active;
    if (toggle("##" + name, active)) context.outbox.post(SetFault{rule_of(row), active});
    tooltip(name + ": " + std::string(fault_words(row.kind)));
    ImGui::SameLine();
    write_on_line(row.active ? "ON" : "off", row.active ? Meaning::bad : Meaning::quiet);
}

void FaultTable::draw_table(const Snapshot& snapshot, Context& context) {
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_PadOuterX |
                                      ImGuiTableFlags_SizingStretchSame | ImGuiTableFlags_ScrollY |
                                      ImGuiTableFlags_BordersInnerH;
    if (!ImGui::BeginTable("faults", 1 + static_cast<int>(kinds.size()), flags,
                           {0, rest_height(10)}))
        return;
    ImGui::TableSetupScrollFreeze(1, 1);
    ImGui::TableSetupColumn("Call", ImGuiTableColumnFlags_WidthFixed, em(11));
    for (const sim::FaultKind kind : kinds) {
        ImGui::TableSetupColumn(std::string(to_string(kind)).c_str());
    }
    ImGui::TableHeadersRow();
    int column = 0;
    for (const FaultRow& row : *snapshot.faults) {
        if (!contains_words(to_string(row.call), filter_)) continue;
        if (column % static_cast<int>(kinds.size()) == 0) {
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            ImGui::AlignTextToFramePadding();
            text(to_string(row.call));
        }
        ++column;
        ImGui::TableNextColumn();
        draw_cell(row, context);
    }
    ImGui::EndTable();
}

void FaultTable::draw(const Snapshot& snapshot, Context& context) {
    const Card card("Faults of devices");
    if (snapshot.faults == nullptr || snapshot.faults->empty()) {
        empty_state("No device can be made to fail here",
                    "Faults are there while a simulated strongroom is played.");
        return;
    }
    const auto active = std::count_if(snapshot.faults->begin(), snapshot.faults->end(),
                                      [](const FaultRow& row) { return row.active; });
    badge(active == 0 ? "no fault" : std::to_string(active) + " ON",
          active == 0 ? Meaning::good : Meaning::bad);
    ImGui::SameLine();
    text("Where there is no switch, no such device can show that.", Meaning::quiet);
    draw_parameters();
    flow_button("Heal all");
    {
        const Disabled none(active == 0, "Nothing is broken.");
        if (button("Heal all")) {
            for (const FaultRow& row : *snapshot.faults) {
                if (row.active) context.outbox.post(SetFault{rule_of(row), false});
            }
        }
    }
    draw_table(snapshot, context);
}

}  // namespace strongroom::panel
