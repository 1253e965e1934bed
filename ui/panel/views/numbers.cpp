// The tab "Numbers": how well faces are told apart, at which cost, and how fast it all is.
#include <algorithm>
#include <cstdio>

#include <imgui.h>

#include "panel/measurements.h"
#include "panel/widgets.h"
#include "views.h"

namespace strongroom::panel {

namespace {

std::string percent(double share) {
    std::array<char, 24> words{};
    std::snprintf(words.data(), words.size(), share < 0.001 ? "%.3f %%" : "%.2f %%", 100 * share);
    return words.data();
}

std::string milliseconds(double ms) {
    std::array<char, 24> words{};
    std::snprintf(words.data(), words.size(), "%.2f ms", ms);
    return words.data();
}

double largest(const Histogram& histogram) {
    return histogram.share.empty()
               ? 0
               : *std::max_element(histogram.share.begin(), histogram.share.end());
}

class NumbersView final : public View {
public:
    [[nodiscard]] std::string_view title() const override { return "Numbers"; }
    [[nodiscard]] std::string_view purpose() const override {
        return "How well faces are told apart, how attacks fare by species, and how fast it all is "
               "on this machine.";
    }

    void draw(const Snapshot& snapshot, Context& context) override {
        if (context.measurements == nullptr) {
            static_cast<void>(empty_state("Numbers are measured in a simulated strongroom.",
                                          "This panel is attached to a terminal that serves."));
            return;
        }
        const auto all = context.measurements->latest();
        if (!all->complaint.empty()) text(all->complaint, Meaning::bad);
        ImGui::BeginChild("numbers", ImVec2(0, 0));
        const float half = ImGui::GetContentRegionAvail().x / em() / 2 - 0.6F;
        const bool wide = half > 24;
        draw_scores(*all, wide ? half : 0);
        if (wide) ImGui::SameLine();
        draw_det(*all, 0);
        draw_species(*all, *context.measurements, wide ? half : 0);
        if (wide) ImGui::SameLine();
        draw_speed(*all, snapshot, *context.measurements, 0);
        ImGui::EndChild();
    }

private:
    static constexpr float card_height = 19;

    static void draw_scores(const MeasurementsSnapshot& all, float width) {
        const Card card("Scores of faces", width, card_height);
        badge(all.simulated ? "SIMULATED" : "photographs",
              all.simulated ? Meaning::simulated : Meaning::neutral);
        flow(em(16));
        caption("Model: " + all.model);
        Plot plot;
        plot.title = "Distances of genuine and impostor comparisons";
        const Histogram& bars = all.genuine;
        plot.x = {
            "distance", bars.begin,
            bars.begin + bars.width * std::max<double>(1, static_cast<double>(bars.share.size())),
            false};
        plot.y = {"share", 0, std::max(0.01, 1.1 * std::max(largest(bars), largest(all.impostor))),
                  false};
        if (!bars.share.empty()) {
            plot.bars = {{"genuine", Meaning::good, bars.begin, bars.width, bars.share},
                         {"impostor", Meaning::bad, all.impostor.begin, all.impostor.width,
                          all.impostor.share}};
            plot.limits = {{"threshold", Meaning::warning, all.threshold, true}};
        }
        ::strongroom::panel::draw(plot, 13);
    }

    static void draw_det(const MeasurementsSnapshot& all, float width) {
        const Card card("Detection error trade-off", width, card_height);
        Plot plot;
        plot.title = "FNMR over FMR";
        plot.x = {"FMR", 1e-5, 1, true};
        plot.y = {"FNMR", 1e-4, 1, true};
        Curve curve{"all thresholds", Meaning::accent, {}, false, false};
        const DetPoint* at = nullptr;
        for (const DetPoint& point : all.det) {
            if (point.threshold <= all.threshold) at = &point;
            curve.points.push_back({std::max(point.fmr, 1e-5), std::max(point.fnmr, 1e-4)});
        }
        if (!curve.points.empty()) plot.curves.push_back(std::move(curve));
        if (at != nullptr) {
            plot.curves.push_back({"at the threshold",
                                   Meaning::warning,
                                   {{std::max(at->fmr, 1e-5), std::max(at->fnmr, 1e-4)}},
                                   true,
                                   false});
        }
        ::strongroom::panel::draw(plot, 12);
        if (at != nullptr) {
            caption("At the threshold: FMR " + percent(at->fmr) + ", FNMR " + percent(at->fnmr));
        }
    }

    void draw_species(const MeasurementsSnapshot& all, Measurements& measurements, float width) {
        const Card card("Attacks by species (APCER)", width, card_height);
        static_cast<void>(text_field("Result file", file_, "JSON of face evaluate --liveness", 18));
        flow_button("Open");
        {
            const Disabled nothing(file_.empty(), "Type the file's path first.");
            if (button("Open")) measurements.open(file_);
        }
        if (all.species.empty()) {
            static_cast<void>(empty_state(
                "No result is open.",
                "strongroom face evaluate --liveness --simulated 60 --json FILE makes one."));
            return;
        }
        caption(all.species_from);
        const Facts facts("species");
        for (const SpeciesRate& one : all.species) {
            facts_row(one);
        }
    }

    static void facts_row(const SpeciesRate& one) {
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(one.species.c_str());
        ImGui::TableNextColumn();
        const std::string words = percent(one.apcer) + "  (" + percent(one.lower) + " to " +
                                  percent(one.upper) +
                                  ", n = " + std::to_string(one.presentations) + ")";
        text(words, one.upper > 0.15 ? Meaning::warning : Meaning::text);
    }

    static void draw_speed(const MeasurementsSnapshot& all, const Snapshot& snapshot,
                           Measurements& measurements, float width) {
        const Card card("Speed on this machine", width, card_height);
        {
            const Disabled busy(all.measuring, "It is being measured.");
            if (button("Measure", Weight::primary)) measurements.measure();
        }
        flow(em(14));
        badge(all.measuring ? "measuring" : "at rest",
              all.measuring ? Meaning::accent : Meaning::neutral);
        Facts facts("speed");
        std::array<char, 32> words{};
        std::snprintf(words.data(), words.size(), "%.1f", snapshot.time.achieved);
        facts.row("simulated seconds a second, now", words.data());
        if (all.visits_per_second) {
            std::snprintf(words.data(), words.size(), "%.0f", *all.visits_per_second);
            facts.row("visits a second (scores, one processor)", words.data());
        }
        for (const StageTime& stage : all.stages) {
            facts.row(stage.stage, milliseconds(stage.median_ms) +
                                       "  (slow: " + milliseconds(stage.slow_ms) + ")");
        }
        if (all.stages.empty()) facts.row("stages of the pipeline", "not measured yet");
    }

    std::string file_;
};

}  // namespace

std::unique_ptr<View> numbers_view() { return std::make_unique<NumbersView>(); }

}  // namespace strongroom::panel
