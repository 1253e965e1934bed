// Two arms of one scenario, in step.
#include <algorithm>

#include <imgui.h>

#include "panel/widgets.h"
#include "report/words.h"
#include "scenarios.h"
#include "words.h"

namespace strongroom::panel {

namespace {

using scenarios::ArmOutcome;
using scenarios::ScenarioOutcome;

Meaning meaning_of(const ArmOutcome& arm) {
    if (!arm.error.empty()) return Meaning::warning;
    return arm.violations.empty() ? Meaning::good : Meaning::bad;
}

// One arm's facts in words, one a line; frames of one face that repeat are left to the first.
struct Told {
    std::vector<std::size_t> index;  // of the fact
    std::vector<Instant> at;
    std::vector<std::string> words;
};

Told tell(const ArmOutcome& arm) {
    Told told;
    std::string before;
    for (std::size_t i = 0; i < arm.facts.size(); ++i) {
        const sim::Fact& fact = arm.facts[i];
        if (report::is_cast(fact.kind)) continue;
        if (fact.kind == sim::FactKind::face_observed) {
            const std::string alike = fact.who + fact.what;
            if (alike == before) continue;
            before = alike;
        } else {
            before.clear();
        }
        told.index.push_back(i);
        told.at.push_back(fact.at);
        told.words.push_back(report::in_words(fact));
    }
    return told;
}

void say_violations(const ArmOutcome& arm) {
    for (const scenarios::Violation& violation : arm.violations) {
        text(std::string(short_name(violation.invariant)) + " at " + moment_words(violation.at) +
                 ": " + violation.what,
             Meaning::bad);
    }
    for (const std::string& missing : arm.missing) {
        text("expected and not seen: " + missing, Meaning::warning);
    }
    if (!arm.error.empty()) text(arm.error, Meaning::warning);
}

}  // namespace

void ArmComparison::compare(const ScenarioOutcome& outcome) {
    lines_.clear();
    const ArmOutcome& one = outcome.arms[static_cast<std::size_t>(left_)];
    const ArmOutcome& other = outcome.arms[static_cast<std::size_t>(right_)];
    const std::size_t apart = divergence(one.facts, other.facts);
    const Told left = tell(one);
    const Told right = tell(other);
    std::size_t l = 0;
    std::size_t r = 0;
    bool parted = false;
    while (l < left.words.size() || r < right.words.size()) {
        Line line;
        const bool takes_left =
            l < left.words.size() && (r == right.words.size() || left.at[l] <= right.at[r]);
        const bool takes_right =
            r < right.words.size() && (l == left.words.size() || right.at[r] <= left.at[l]);
        line.at = takes_left ? left.at[l] : right.at[r];
        const bool differs =
            (takes_left && left.index[l] >= apart) || (takes_right && right.index[r] >= apart);
        if (differs && !parted && left_ != right_) line.parts = parted = true;
        if (takes_left) line.left = left.words[l++];
        if (takes_right) line.right = right.words[r++];
        lines_.push_back(std::move(line));
    }
}

void ArmComparison::draw_lines() {
    const ImGuiTableFlags flags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_RowBg |
                                  ImGuiTableFlags_BordersInnerV | ImGuiTableFlags_Resizable;
    if (!ImGui::BeginTable("in step", 3, flags, ImVec2(0, 0))) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableSetupColumn("time", ImGuiTableColumnFlags_WidthFixed, em(4.5F));
    ImGui::TableSetupColumn(shown_->arms[static_cast<std::size_t>(left_)].label().c_str());
    ImGui::TableSetupColumn(shown_->arms[static_cast<std::size_t>(right_)].label().c_str());
    ImGui::TableHeadersRow();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(lines_.size()), ImGui::GetTextLineHeightWithSpacing());
    while (clipper.Step()) {
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const Line& line = lines_[static_cast<std::size_t>(i)];
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            if (line.parts) {
                ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg0,
                                       theme().tint_ink(Meaning::warning));
            }
            ImGui::TextUnformatted(moment_words(line.at).c_str());
            if (line.parts) {
                ImGui::SameLine();
                ImGui::TextUnformatted("<>");
                tooltip("Here the two arms part.");
            }
            ImGui::TableNextColumn();
            ImGui::TextUnformatted(line.left.c_str());
            ImGui::TableNextColumn();
            ImGui::TextUnformatted(line.right.c_str());
        }
    }
    ImGui::EndTable();
}

void ArmComparison::draw(const ScenarioOutcome& outcome) {
    if (outcome.arms.empty()) return;
    if (shown_ != &outcome) {
        shown_ = &outcome;
        left_ = 0;
        right_ = outcome.arms.size() > 1 ? 1 : 0;
        stale_ = true;
    }
    std::vector<std::string> names;
    for (const ArmOutcome& arm : outcome.arms) names.push_back(arm.label());
    if (choice("One arm", left_, names)) stale_ = true;
    if (names.size() > 1) {
        flow(em(24));
        if (choice("beside", right_, names)) stale_ = true;
    }
    if (stale_) compare(outcome);
    stale_ = false;
    for (const int index : {left_, right_}) {
        const ArmOutcome& arm = outcome.arms[static_cast<std::size_t>(index)];
        badge(arm.label() + ": " + report::result_of(arm), meaning_of(arm));
        if (left_ == right_) break;
        if (index == left_) flow(badge_width(arm.label()) + em(12));
    }
    say_violations(outcome.arms[static_cast<std::size_t>(left_)]);
    if (left_ != right_) say_violations(outcome.arms[static_cast<std::size_t>(right_)]);
    const auto parting =
        std::find_if(lines_.begin(), lines_.end(), [](const Line& line) { return line.parts; });
    if (parting != lines_.end()) {
        caption("They part at " + moment_words(parting->at) + ", marked <>.");
    } else if (left_ != right_) {
        caption("Nobody could tell these two arms apart.");
    }
    draw_lines();
}

}  // namespace strongroom::panel
