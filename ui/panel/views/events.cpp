// Events: what an independent witness in the world saw, as it happens; any moment of it can be gone
// back to.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "parts.h"
#include "views.h"
#include "words.h"

namespace strongroom::panel {
namespace {

using Source = EventRow::Source;
constexpr std::array sources{Source::people,  Source::terminal,     Source::door,
                             Source::network, Source::surroundings, Source::judge};

constexpr float table_least = 10;  // letters high

Meaning meaning_of(Source source) {
    switch (source) {
        case Source::people: return Meaning::accent;
        case Source::terminal: return Meaning::text;
        case Source::door: return Meaning::good;
        case Source::network: return Meaning::simulated;
        case Source::surroundings: return Meaning::warning;
        case Source::judge: return Meaning::neutral;
    }
    return Meaning::neutral;
}

class Events final : public View {
public:
    [[nodiscard]] std::string_view title() const override { return "Events"; }
    [[nodiscard]] std::string_view purpose() const override {
        return "Everything that happened, in order; go back to any moment.";
    }
    void draw(const Snapshot& snapshot, Context& context) override;

private:
    void draw_filter(const Snapshot& snapshot);
    void sift(const Ledger<EventRow>::View& events);
    void draw_table(const Ledger<EventRow>::View& events);
    void draw_rewind(const Snapshot& snapshot, Context& context);

    std::array<bool, sources.size()> wanted_{true, true, true, true, true, true};
    std::string words_;
    bool follow_ = true;
    // What passes the filter, found as events come: no frame looks at all of them.
    std::vector<std::size_t> passing_;
    std::size_t sifted_ = 0;
    std::uint64_t sifted_of_ = 0;  // identity of the list
    std::size_t drawn_ = 0;        // of passing_, in the last frame
    std::optional<std::size_t> selected_;
};

void Events::draw_filter(const Snapshot& snapshot) {
    bool changed = false;
    row_label("From", 3);
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const std::string_view name = source_words(sources[i]);
        if (i > 0) flow(size_of(name).x + em(2.2F));
        changed |= toggle(name, wanted_[i]);
    }
    row_label("With", 3);
    changed |= text_field("##words", words_, "words in it", 16);
    flow_button("Show all");
    const bool all = words_.empty() && std::all_of(wanted_.begin(), wanted_.end(),
                                                   [](bool wanted) { return wanted; });
    {
        const Disabled nothing(all, "Everything is shown.");
        if (button("Show all")) {
            words_.clear();
            wanted_.fill(true);
            changed = true;
        }
    }
    flow(em(12));
    toggle("follow the newest", follow_);
    if (changed) sifted_ = 0;
    const std::string count = std::to_string(passing_.size()) + " of " +
                              std::to_string(snapshot.events.size()) + " events";
    flow(size_of(count).x);
    ImGui::AlignTextToFramePadding();
    text(count, Meaning::quiet);
}

void Events::sift(const Ledger<EventRow>::View& events) {
    // Others than before: time began anew or went back.
    if (events.identity() != sifted_of_) {
        sifted_of_ = events.identity();
        sifted_ = 0;
        selected_.reset();
    }
    if (sifted_ == 0) passing_.clear();
    for (; sifted_ < events.size(); ++sifted_) {
        const EventRow& row = events[sifted_];
        if (!wanted_[static_cast<std::size_t>(row.source)]) continue;
        if (contains_words(row.words, words_)) passing_.push_back(sifted_);
    }
}

void Events::draw_table(const Ledger<EventRow>::View& events) {
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                      ImGuiTableFlags_PadOuterX | ImGuiTableFlags_BordersInnerH;
    const float foot = ImGui::GetFrameHeight() + ImGui::GetStyle().ItemSpacing.y;
    if (!ImGui::BeginTable("events", 3, flags, {0, rest_height(table_least, foot)})) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableSetupColumn("Time", ImGuiTableColumnFlags_WidthFixed, em(6));
    ImGui::TableSetupColumn("From", ImGuiTableColumnFlags_WidthFixed, em(7.5F));
    ImGui::TableSetupColumn("What happened", ImGuiTableColumnFlags_WidthStretch);
    ImGui::TableHeadersRow();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(passing_.size()));
    while (clipper.Step()) {
        for (int line = clipper.DisplayStart; line < clipper.DisplayEnd; ++line) {
            const std::size_t index = passing_[static_cast<std::size_t>(line)];
            const EventRow& row = events[index];
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            const std::string label = moment_words(row.at) + "##" + std::to_string(index);
            if (selectable(label, selected_ == index)) {
                selected_ = index;
                follow_ = false;
            }
            ImGui::TableNextColumn();
            write_on_line(source_words(row.source), meaning_of(row.source));
            ImGui::TableNextColumn();
            write_on_line(fitted(row.words, ImGui::GetContentRegionAvail().x), Meaning::text);
            if (ImGui::IsItemHovered() && size_of(row.words).x > ImGui::GetItemRectSize().x + 1) {
                tooltip(row.words);
            }
        }
    }
    if (ImGui::IsWindowHovered() && ImGui::GetIO().MouseWheel > 0) follow_ = false;
    if (follow_ && passing_.size() != drawn_) ImGui::SetScrollY(ImGui::GetScrollMaxY() + em(4));
    drawn_ = passing_.size();
    ImGui::EndTable();
}

void Events::draw_rewind(const Snapshot& snapshot, Context& context) {
    const bool chosen = selected_ && *selected_ < snapshot.events.size();
    if (!chosen) {
        ImGui::AlignTextToFramePadding();
        text("Choose a row to go back to its moment.", Meaning::quiet);
        return;
    }
    const EventRow& row = snapshot.events[*selected_];
    const std::string label = "Go back to " + moment_words(row.at);
    {
        const Disabled watched(snapshot.attached, "What a real terminal did cannot be undone.");
        if (button(label, Weight::primary)) context.outbox.post(Rewind{row.at});
    }
    tooltip("The visit is played again up to there. What came after stays until somebody acts.");
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    write_on_line(fitted(row.words, ImGui::GetContentRegionAvail().x), Meaning::quiet);
}

void Events::draw(const Snapshot& snapshot, Context& context) {
    draw_filter(snapshot);
    sift(snapshot.events);
    if (snapshot.events.empty()) {
        empty_state("Nothing has happened yet",
                    "Let time run, and have somebody walk up to the terminal under Live.");
        return;
    }
    if (passing_.empty()) {
        empty_state("No event passes the filter", "Choose other sources, or fewer words.");
        return;
    }
    draw_table(snapshot.events);
    draw_rewind(snapshot, context);
}

}  // namespace

std::unique_ptr<View> events_view() { return std::make_unique<Events>(); }

}  // namespace strongroom::panel
