#include <algorithm>
#include <set>

#include "parts.h"
#include "records_parts.h"
#include "words.h"

namespace strongroom::panel {
namespace {

void draw_row(const AlarmRow& row, bool wide, bool attached, Context& context) {
    ImGui::TableNextColumn();
    ImGui::AlignTextToFramePadding();
    write_on_line(moment_words(row.raised), Meaning::quiet);
    ImGui::TableNextColumn();
    if (row.cleared) {
        badge("ended " + moment_words(*row.cleared), Meaning::neutral);
    } else {
        badge("SOUNDING", Meaning::bad);
    }
    ImGui::TableNextColumn();
    write_on_line(fitted(alarm_words(row.alarm), ImGui::GetContentRegionAvail().x),
                  row.cleared ? Meaning::text : Meaning::bad);
    tooltip(alarm_cause(row.alarm));
    if (wide) {
        ImGui::TableNextColumn();
        write_on_line(fitted(alarm_cause(row.alarm), ImGui::GetContentRegionAvail().x),
                      Meaning::quiet);
    }
    ImGui::TableNextColumn();
    if (row.acknowledged) {
        write_on_line("acknowledged", Meaning::good);
        return;
    }
    const Disabled watched(attached, "This terminal is watched, not steered.");
    if (button("Acknowledge")) context.outbox.post(Acknowledge{row.alarm});
}

}  // namespace

void AlarmTable::draw(const Snapshot& snapshot, Context& context) {
    if (snapshot.alarms.empty()) {
        empty_state("No alarm was raised",
                    "Force the door under Live, or open the enclosure under Surroundings, and it "
                    "stands here within two seconds.");
        return;
    }
    std::set<Alarm> open;
    for (const AlarmRow& row : snapshot.alarms) {
        if (!row.acknowledged) open.insert(row.alarm);
    }
    {
        const Disabled none(open.empty() || snapshot.attached, "Every alarm is acknowledged.");
        if (button("Acknowledge all")) {
            for (const Alarm alarm : open) context.outbox.post(Acknowledge{alarm});
        }
    }
    flow(em(16));
    ImGui::AlignTextToFramePadding();
    write_on_line(std::to_string(snapshot.alarms.size()) + " alarms, newest first", Meaning::quiet);
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                      ImGuiTableFlags_PadOuterX | ImGuiTableFlags_BordersInnerH;
    const bool wide = ImGui::GetContentRegionAvail().x >= em(52);
    if (!ImGui::BeginTable("alarms", wide ? 5 : 4, flags, {0, rest_height(10)})) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableSetupColumn("Raised", ImGuiTableColumnFlags_WidthFixed, em(5.5F));
    ImGui::TableSetupColumn("Now", ImGuiTableColumnFlags_WidthFixed, em(9.5F));
    ImGui::TableSetupColumn("Alarm", ImGuiTableColumnFlags_WidthStretch, 1);
    if (wide) ImGui::TableSetupColumn("Because", ImGuiTableColumnFlags_WidthStretch, 2.2F);
    ImGui::TableSetupColumn("At the desk", ImGuiTableColumnFlags_WidthFixed, em(8));
    ImGui::TableHeadersRow();
    const float height = ImGui::GetFrameHeight();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(snapshot.alarms.size()),
                  height + 2 * ImGui::GetStyle().CellPadding.y);
    while (clipper.Step()) {
        for (int line = clipper.DisplayStart; line < clipper.DisplayEnd; ++line) {
            ImGui::TableNextRow(0, height + 2 * ImGui::GetStyle().CellPadding.y);
            ImGui::PushID(line);
            draw_row(snapshot.alarms[static_cast<std::size_t>(line)], wide, snapshot.attached,
                     context);
            ImGui::PopID();
        }
    }
    ImGui::EndTable();
}

}  // namespace strongroom::panel
