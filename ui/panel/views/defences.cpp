// Defences: those of the scenario that is played, to be taken away and put back, and the faults of
// devices. What is taken away is taken away from the beginning: time begins anew.
#include <algorithm>
#include <string>
#include <vector>

#include "fault_table.h"
#include "parts.h"
#include "views.h"

namespace strongroom::panel {
namespace {

class Defences final : public View {
public:
    [[nodiscard]] std::string_view title() const override { return "Defences"; }
    [[nodiscard]] std::string_view purpose() const override {
        return "Take a defence away and attack again; make devices fail.";
    }
    void draw(const Snapshot& snapshot, Context& context) override;

private:
    void follow(const Snapshot& snapshot);
    void draw_defences(const Snapshot& snapshot, Context& context);
    void draw_decision(const Snapshot& snapshot, Context& context);
    [[nodiscard]] bool differs(const Snapshot& snapshot) const;

    std::vector<std::string> shown_;  // taken away in what is played
    std::vector<std::string> wanted_;
    Confirmation confirmation_{"Begin again?", "Begin again"};
    FaultTable faults_;
    int page_ = 0;
};

std::vector<std::string> removed_in(const Snapshot& snapshot) {
    std::vector<std::string> removed;
    for (const DefenceRow& row : snapshot.defences) {
        if (!row.present) removed.push_back(row.name);
    }
    return removed;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// What is wished for is forgotten once something else is played.
void Defences::follow(const Snapshot& snapshot) {
    std::vector<std::string> removed = removed_in(snapshot);
    if (removed == shown_) return;
    shown_ = removed;
    wanted_ = std::move(removed);
}

bool Defences::differs(const Snapshot& snapshot) const {
    return std::any_of(
        snapshot.defences.begin(), snapshot.defences.end(),
        [&](const DefenceRow& row) { return row.present == has(wanted_, row.name); });
}

void Defences::draw_defences(const Snapshot& snapshot, Context& context) {
    const std::size_t missing = shown_.size();
    if (missing == 0) {
        badge("DEFENDED", Meaning::good);
        ImGui::SameLine();
        text("Every defence of this scenario is in place.", Meaning::quiet);
    } else {
        badge("UNDEFENDED", Meaning::bad);
        ImGui::SameLine();
        text(std::to_string(missing) + (missing == 1 ? " defence is" : " defences are") +
                 " taken away: what is seen now says nothing about the product.",
             Meaning::bad);
    }
    gap(0.3F);
    // Where there is little room, what stands in its place is told below its name.
    const bool wide = ImGui::GetContentRegionAvail().x >= em(48);
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_PadOuterX;
    if (ImGui::BeginTable("defences", wide ? 3 : 2, flags)) {
        ImGui::TableSetupColumn("Defence", ImGuiTableColumnFlags_WidthStretch, 1);
        ImGui::TableSetupColumn("Now", ImGuiTableColumnFlags_WidthFixed, em(8.5F));
        if (wide) {
            ImGui::TableSetupColumn("What stands in its place without it",
                                    ImGuiTableColumnFlags_WidthStretch, 1);
        }
        ImGui::TableHeadersRow();
        for (const DefenceRow& row : snapshot.defences) {
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            bool kept = !has(wanted_, row.name);
            if (toggle(row.name, kept)) {
                if (kept) std::erase(wanted_, row.name);
                if (!kept) wanted_.push_back(row.name);
            }
            if (!wide) caption(row.explanation);
            ImGui::TableNextColumn();
            badge(row.present ? "in place" : "TAKEN AWAY",
                  row.present ? Meaning::good : Meaning::bad);
            if (!wide) continue;
            ImGui::TableNextColumn();
            text(row.explanation, Meaning::quiet);
        }
        ImGui::EndTable();
    }
    draw_decision(snapshot, context);
}

void Defences::draw_decision(const Snapshot& snapshot, Context& context) {
    const bool changed = differs(snapshot);
    {
        const Disabled nothing(!changed, "Change a switch above first.");
        if (button("Begin again with these", changed ? Weight::primary : Weight::plain)) {
            std::string question =
                wanted_.empty() ? "All defences are put in place." : "Without " + wanted_.front();
            for (std::size_t i = 1; i < wanted_.size(); ++i) question += ", " + wanted_[i];
            if (!wanted_.empty()) question += ".";
            confirmation_.ask(question +
                              " Time begins anew, and what was recorded until now is forgotten.");
        }
    }
    flow_button("Undo the changes");
    {
        const Disabled nothing(!changed, "Nothing is changed.");
        if (button("Undo the changes")) wanted_ = shown_;
    }
    flow_button("Put all back");
    {
        const Disabled nothing(wanted_.empty(), "No defence is taken away.");
        if (button("Put all back")) wanted_.clear();
    }
    if (changed) {
        flow(size_of("Not in effect yet.").x);
        ImGui::AlignTextToFramePadding();
        text("Not in effect yet.", Meaning::warning);
    }
    if (confirmation_.draw()) context.outbox.post(Restart{wanted_});
}

void Defences::draw(const Snapshot& snapshot, Context& context) {
    follow(snapshot);
    const std::vector<std::string> pages{"Defences of the scenario", "Faults of devices"};
    options("##page", page_, pages);
    const Disabled watched(snapshot.attached, "This terminal is watched, not steered.");
    if (page_ == 1) {
        faults_.draw(snapshot, context);
        return;
    }
    const Card card(snapshot.time.scenario.empty() ? "Defences###defences"
                                                   : snapshot.time.scenario + "###defences");
    if (snapshot.defences.empty()) {
        empty_state("This scenario has no defences to take away",
                    "Open another one under Scenarios: each attack names what stops it.");
        return;
    }
    draw_defences(snapshot, context);
}

}  // namespace

std::unique_ptr<View> defences_view() { return std::make_unique<Defences>(); }

}  // namespace strongroom::panel
