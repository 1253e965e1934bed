#include "scenarios.h"

#include <algorithm>
#include <array>
#include <set>

#include <imgui.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "panel/widgets.h"
#include "parts.h"
#include "report/words.h"
#include "views.h"
#include "words.h"

namespace strongroom::panel {

namespace {

using State = ScenarioRow::State;
using scenarios::Verdict;

Meaning meaning_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::held: return Meaning::good;
        case Verdict::breached: return Meaning::bad;
        case Verdict::toothless:
        case Verdict::inconclusive: return Meaning::warning;
    }
    return Meaning::neutral;
}

std::string state_words(const ScenarioRow& row) {
    switch (row.state) {
        case State::unplayed: return "not played";
        case State::waiting: return "waiting";
        case State::playing: return "playing";
        case State::played: return std::string(to_string(row.outcome->verdict));
    }
    return {};
}

Meaning state_meaning(const ScenarioRow& row) {
    if (row.state == State::played) return meaning_of(row.outcome->verdict);
    return row.state == State::playing ? Meaning::accent : Meaning::neutral;
}

bool matches(const ScenarioRow& row, const std::string& wanted) {
    if (contains_words(row.id, wanted) || contains_words(row.title, wanted)) return true;
    return std::any_of(row.tags.begin(), row.tags.end(),
                       [&](const std::string& tag) { return contains_words(tag, wanted); }) ||
           std::any_of(row.defences.begin(), row.defences.end(),
                       [&](const std::string& defence) { return contains_words(defence, wanted); });
}

// Shows a file in the person's own browser. False: there is none to be found.
bool show_in_browser(const std::filesystem::path& file) {
    std::string opener = "xdg-open";
    std::string path = std::filesystem::absolute(file).string();
    std::array<char*, 3> arguments{opener.data(), path.data(), nullptr};
    pid_t child = 0;
    if (::posix_spawnp(&child, opener.c_str(), nullptr, nullptr, arguments.data(), environ) != 0) {
        return false;
    }
    int status = 0;
    // It hands the file on and ends at once.
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

class ScenariosView final : public View {
public:
    [[nodiscard]] std::string_view title() const override { return "Scenarios"; }
    [[nodiscard]] std::string_view purpose() const override {
        return "The catalogue of attacks: play them with and without their defences, see where two "
               "arms part, and edit them.";
    }
    [[nodiscard]] std::string unsaved() const override {
        return editor_.changed() ? editor_.file().filename().string() + " is not saved"
                                 : std::string();
    }

    void draw(const Snapshot&, Context& context) override {
        if (context.campaign == nullptr) {
            static_cast<void>(empty_state("Scenarios are played in a simulated strongroom.",
                                          "This panel is attached to a terminal that serves."));
            return;
        }
        const auto all = context.campaign->latest();
        const float list = std::clamp(ImGui::GetContentRegionAvail().x * 0.36F, em(18), em(34));
        ImGui::BeginChild("catalogue", ImVec2(list, 0));
        draw_catalogue(*all, *context.campaign);
        ImGui::EndChild();
        ImGui::SameLine();
        ImGui::BeginChild("scenario", ImVec2(0, 0));
        draw_chosen(*all, context);
        ImGui::EndChild();
    }

private:
    void draw_catalogue(const CampaignSnapshot& all, Campaign& campaign) {
        static_cast<void>(text_field("Search", search_, "id, title, tag or defence", 11));
        {
            const Disabled waiting(all.rows.empty(), "The catalogue is empty.");
            if (button("Play all")) campaign.play({});
        }
        flow_button("Cancel");
        {
            const Disabled nothing(!all.playing, "Nothing is being played.");
            if (button("Cancel")) campaign.cancel();
        }
        flow_button("Write report");
        draw_report(all, campaign);
        draw_progress(all);
        if (!all.complaint.empty()) text(all.complaint, Meaning::bad);
        if (all.rows.empty()) {
            if (empty_state("No scenario was found.",
                            "Start the panel beside its catalogue, or from the build folder.",
                            "Read again")) {
                campaign.reload();
            }
            return;
        }
        ImGui::BeginChild("rows", ImVec2(0, 0));
        std::set<std::string> groups;
        for (const ScenarioRow& row : all.rows) groups.insert(row.group);
        for (const std::string& group : groups) draw_group(all, group);
        ImGui::EndChild();
    }

    void draw_group(const CampaignSnapshot& all, const std::string& group) {
        std::vector<const ScenarioRow*> rows;
        int held = 0;
        for (const ScenarioRow& row : all.rows) {
            if (row.group != group || !matches(row, search_)) continue;
            rows.push_back(&row);
            if (row.outcome && row.outcome->verdict == Verdict::held) ++held;
        }
        if (rows.empty()) return;
        const std::string label = group + ": " + std::to_string(held) + " of " +
                                  std::to_string(rows.size()) + " held###" + group;
        offer_focus();
        const bool open = ImGui::CollapsingHeader(label.c_str(), ImGuiTreeNodeFlags_DefaultOpen);
        record_item(group, "row", open ? "open" : "closed");
        if (!open) return;
        const Group names(group);
        for (const ScenarioRow* row : rows) {
            const float before = ImGui::GetCursorPosX();
            const float width = ImGui::GetContentRegionAvail().x;
            const std::string state = state_words(*row);
            const float badge_at = before + width - badge_width(state);
            const std::string words =
                fitted(row->id + "  " + row->title, badge_at - before - em(0.5F));
            if (selectable(words + "##" + row->id, row->id == chosen_)) chosen_ = row->id;
            ImGui::SameLine(badge_at);
            badge(state, state_meaning(*row));
        }
    }

    void draw_progress(const CampaignSnapshot& all) {
        if (all.wanted == 0) return;
        const float part = static_cast<float>(all.done) / static_cast<float>(all.wanted);
        std::string words = std::to_string(all.done) + " of " + std::to_string(all.wanted);
        if (all.playing && all.left && all.done > 0)
            words += ", " + span_words(*all.left) + " left";
        ImGui::ProgressBar(part, ImVec2(-1, 0), words.c_str());
    }

    void draw_report(const CampaignSnapshot& all, Campaign& campaign) {
        const bool any = std::any_of(all.rows.begin(), all.rows.end(),
                                     [](const ScenarioRow& row) { return row.outcome != nullptr; });
        const Disabled nothing(!any, "Nothing was played yet.");
        if (button("Write report")) {
            const std::filesystem::path file = "strongroom-report.html";
            try {
                campaign.write_report(file);
                report_ = std::filesystem::absolute(file).string();
                if (!show_in_browser(file)) report_ += " (no browser was found: open it yourself)";
            } catch (const std::exception& problem) {
                report_ = problem.what();
            }
        }
        if (!report_.empty()) caption("Report: " + report_);
    }

    void draw_chosen(const CampaignSnapshot& all, Context& context) {
        const auto found = std::find_if(all.rows.begin(), all.rows.end(),
                                        [&](const ScenarioRow& row) { return row.id == chosen_; });
        if (found == all.rows.end()) {
            static_cast<void>(empty_state("No scenario is chosen.",
                                          "Choose one on the left to play or edit it."));
            return;
        }
        const ScenarioRow& row = *found;
        heading(row.id + "  " + row.title);
        draw_tags(row);
        text(row.story);
        draw_buttons(row, context);
        std::vector<std::string> pages{"What happened", "File"};
        static_cast<void>(options("Show", page_, pages));
        if (page_ == 1) {
            editor_.open(row.file);
            if (editor_.draw()) context.campaign->reload();
            return;
        }
        if (!row.outcome) {
            static_cast<void>(
                empty_state("It was not played yet.",
                            "Play it to see what every arm did, and where two of them part."));
            return;
        }
        text(std::string(to_string(row.outcome->verdict)) + ": " + row.outcome->reason,
             meaning_of(row.outcome->verdict));
        kept_ = row.outcome;  // the comparison points into it
        comparison_.draw(*kept_);
    }

    void draw_tags(const ScenarioRow& row) {
        badge(row.group, Meaning::neutral);
        for (const std::string& tag : row.tags) {
            flow(badge_width(tag));
            badge(tag, Meaning::neutral);
        }
        if (row.defences.empty()) return;
        std::string defences = "Defences: ";
        for (std::size_t i = 0; i < row.defences.size(); ++i) {
            defences += (i == 0 ? "" : ", ") + row.defences[i];
        }
        caption(defences);
    }

    void draw_buttons(const ScenarioRow& row, Context& context) {
        const bool busy = row.state == State::waiting || row.state == State::playing;
        {
            const Disabled under_way(busy, "It is being played.");
            if (button("Play every arm", Weight::primary)) context.campaign->play({row.id});
        }
        flow_button("Watch it live");
        if (button("Watch it live")) context.outbox.post(TimeOrder(OpenScenario{row.file, {}}));
        tooltip("Opens it in the strongroom of the other tabs, defended.");
        if (row.defences.empty()) return;
        flow_button("Watch it undefended");
        if (button("Watch it undefended")) {
            context.outbox.post(TimeOrder(OpenScenario{row.file, row.defences}));
        }
        flow_button("Back to the showroom");
        if (button("Back to the showroom")) context.outbox.post(TimeOrder(OpenScenario{{}, {}}));
    }

    std::string search_;
    std::string chosen_;
    std::string report_;
    int page_ = 0;
    std::shared_ptr<const scenarios::ScenarioOutcome> kept_;
    ArmComparison comparison_;
    ScenarioEditor editor_;
};

}  // namespace

std::unique_ptr<View> scenarios_view() { return std::make_unique<ScenariosView>(); }

}  // namespace strongroom::panel
