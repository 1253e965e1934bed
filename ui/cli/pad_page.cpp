// The HTML page of a campaign of presentation attacks.
#include <algorithm>
#include <map>

#include "evaluation_json.h"
#include "pad_result.h"
#include "report/page.h"
#include "report/plots.h"

namespace strongroom::cli {

using namespace biometrics;
using namespace report;

namespace {

constexpr std::size_t effects_a_species = 4;
constexpr std::size_t quality_bins = 5;

PageSection species_section(const PadFindings& findings) {
    PageSection section;
    section.heading = "Error rates by species of presentation attack instrument";
    section.text =
        "APCER: share of the presentations that the detector took for bona fide. IAPAR: share that "
        "the whole system accepted, with the comparison of faces and all demands. The worst "
        "species "
        "counts.";
    std::vector<RateBar> apcer;
    std::vector<RateBar> iapar;
    PageTable table;
    table.caption = "by species";
    table.columns = {"species",     "APCER", "people",          "artefacts",
                     "no response", "IAPAR", "what it rests on"};
    for (const auto& species : findings.rates.species) {
        apcer.push_back({species.species, species.apcer.count, species.apcer.rate.bounds});
        if (species.iapar) {
            iapar.push_back({species.species, species.iapar->count, species.iapar->rate.bounds});
        }
        table.rows.push_back(
            {species.species, rate_text(species.apcer), std::to_string(species.apcer.subjects),
             std::to_string(species.apcer.artefacts), percent(species.nonresponse.rate.value),
             species.iapar ? rate_text(*species.iapar) : "not asked",
             support_of(species.apcer.count)});
    }
    section.drawings.push_back(draw_rates(apcer, "APCER, with 95 % bounds"));
    if (!iapar.empty()) {
        section.drawings.push_back(
            draw_rates(iapar, "IAPAR of the whole system, with 95 % bounds"));
    }
    section.tables.push_back(std::move(table));
    return section;
}

// APCER of one species against BPCER, as the other curves are drawn.
Curve curve_of(const PadCampaign& campaign, std::size_t species) {
    Scores scores;  // of distances: what is far from live
    for (const Presentation& p : campaign.presentations) {
        if (!p.liveness) continue;
        if (p.species == 0) scores.genuine.push_back(1 - *p.liveness);
        if (p.species == species) scores.impostor.push_back(1 - *p.liveness);
    }
    if (scores.genuine.empty() || scores.impostor.empty()) return {campaign.species[species], {}};
    return {campaign.species[species], ErrorRates(std::move(scores)).det_curve(60)};
}

PageSection curves_section(const PadReport& report, const PadFindings& findings) {
    PageSection section;
    section.heading = "Trade-off and scores";
    // The species that are hardest to tell come first; more than six lines cannot be told apart.
    std::vector<std::size_t> order;
    for (std::size_t i = 1; i < report.campaign.species.size(); ++i) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return findings.rates.species[a - 1].apcer.rate.value >
               findings.rates.species[b - 1].apcer.rate.value;
    });
    std::vector<Curve> curves;
    std::vector<Distribution> scores{{"bona fide", {}}, {"attacks", {}}};
    for (const std::size_t species : order) {
        if (curves.size() < 6) curves.push_back(curve_of(report.campaign, species));
    }
    std::int64_t most = 1;
    for (const Presentation& p : report.campaign.presentations) {
        if (!p.liveness) continue;
        scores[p.species == 0 ? 0 : 1].values.push_back(*p.liveness);
        ++most;
    }
    const double smallest = std::clamp(1 / static_cast<double>(most), 1e-4, 0.1);
    const std::vector<Mark> marks{{"threshold " + number(report.threshold), report.threshold}};
    section.drawings = {draw_det(curves, smallest, "APCER", "BPCER"),
                        draw_histogram(scores, marks, "liveness score")};
    PageTable table;
    table.caption = "of the detector as a whole";
    table.columns = {"rate", "value", "at score", "what it rests on"};
    table.rows.push_back({"BPCER", rate_text(findings.rates.bpcer), number(report.threshold),
                          support_of(findings.rates.bpcer.count)});
    const auto add = [&](const char* name, const std::optional<BpcerAt>& at) {
        if (!at) return;
        table.rows.push_back(
            {name, percent(at->bpcer), number(at->threshold), support_of(at->count)});
    };
    add("BPCER20 (BPCER where the worst APCER is 5 %)", findings.bpcer20);
    add("BPCER10 (BPCER where the worst APCER is 10 %)", findings.bpcer10);
    if (findings.equal_error) {
        table.rows.push_back({"equal error of worst APCER and BPCER",
                              percent(findings.equal_error->rate),
                              number(findings.equal_error->threshold), ""});
    }
    if (findings.rates.rejected) {
        table.rows.push_back({"living people whom the whole system did not accept",
                              rate_text(*findings.rates.rejected), "",
                              support_of(findings.rates.rejected->count)});
    }
    section.tables = {std::move(table)};
    return section;
}

Sweep sweep_of(const std::string& name, const std::vector<QualityBin>& bins, bool iapar) {
    Sweep sweep{name, {}};
    for (const QualityBin& bin : bins) {
        const Count& count = iapar ? bin.iapar : bin.apcer;
        if (count.trials == 0) continue;
        sweep.points.push_back({(bin.low + bin.high) / 2, count.rate(), clopper_pearson(count)});
    }
    return sweep;
}

PageSection quality_section(const PadReport& report, const PadFindings& findings) {
    PageSection section;
    section.heading = "Attack potential";
    section.text =
        "Quality of the instrument from 0 (made in a minute) to 1 (the best that can be bought).";
    std::vector<Sweep> apcer;
    std::vector<Sweep> iapar;
    for (std::size_t i = 1; i < report.campaign.species.size(); ++i) {
        const auto bins = by_quality(report.campaign, i, report.threshold, quality_bins);
        apcer.push_back(sweep_of(report.campaign.species[i], bins, false));
        iapar.push_back(sweep_of(report.campaign.species[i], bins, true));
    }
    section.drawings.push_back(draw_sweeps(apcer, "quality of the instrument", "APCER"));
    if (findings.rates.all_iapar) {
        section.drawings.push_back(
            draw_sweeps(iapar, "quality of the instrument", "IAPAR of the whole system"));
    }
    return section;
}

PageSection parameter_section(const PadReport& report, const PadFindings& findings) {
    PageSection section;
    section.heading = "What breaks it";
    section.text =
        "Attacks that got through (of bona fide: people who were refused), in the lower, middle "
        "and "
        "upper third of each parameter; the largest differences of each species. 'Clear' where the "
        "95 % bounds of the extremes do not overlap.";
    PageTable table;
    table.caption = "by parameter";
    table.columns = {"species", "parameter", "low", "middle", "high", "difference", "clear"};
    std::map<std::size_t, std::size_t> shown;
    for (const auto& effect : findings.effects) {
        if (effect.effect <= 0 || ++shown[effect.species] > effects_a_species) continue;
        std::vector<std::string> parts;
        for (const auto& part : effect.parts) {
            parts.push_back(part_text(part));
        }
        if (parts.size() == 2) parts.insert(parts.begin() + 1, "");
        table.rows.push_back({report.campaign.species[effect.species], effect.parameter, parts[0],
                              parts[1], parts[2], percent(effect.effect),
                              effect.clear ? "yes" : "no"});
    }
    section.tables = {std::move(table)};
    return section;
}

PageSection criteria_section(const PadReport& report) {
    PageSection section;
    section.heading = "Protocol of the Common Criteria";
    section.text =
        "Three people, three artefacts of each, ten presentations of each artefact: none or one "
        "accepted passes, two ask for ten more, three fail. A species passes when all artefacts "
        "do.";
    PageTable table;
    table.caption = "presentations accepted, an artefact a column";
    table.columns = {"species", "outcome"};
    const SpeciesTrial& first = report.criteria.front().trial;
    for (std::size_t s = 0; s < first.subjects(); ++s) {
        for (std::size_t a = 0; a < first.artefacts(); ++a) {
            table.columns.push_back("person " + std::to_string(s + 1) + ", artefact " +
                                    std::to_string(a + 1));
        }
    }
    for (const auto& row : report.criteria) {
        std::vector<std::string> cells{row.species, to_string(row.trial.verdict())};
        for (std::size_t s = 0; s < row.trial.subjects(); ++s) {
            for (std::size_t a = 0; a < row.trial.artefacts(); ++a) {
                const Count count = row.trial.artefact(s, a).count();
                cells.push_back(std::to_string(count.errors) + " of " +
                                std::to_string(count.trials));
            }
        }
        table.rows.push_back(std::move(cells));
    }
    section.tables = {std::move(table)};
    return section;
}

}  // namespace

std::string html_of(const PadReport& report, const PadFindings& findings) {
    Page page;
    page.title = "strongroom · presentation attack detection";
    const PadRates& rates = findings.rates;
    page.headline = rates.worst
                        ? "Worst APCER " + percent(rates.species[*rates.worst].apcer.rate.value) +
                              " (" + rates.species[*rates.worst].species + "), BPCER " +
                              percent(rates.bpcer.rate.value)
                        : "No attack gave a score";
    if (rates.worst_iapar) {
        const auto& worst = rates.species[*rates.worst_iapar];
        page.headline +=
            ", worst IAPAR " + percent(worst.iapar->rate.value) + " (" + worst.species + ")";
    }
    page.lead = report.source;
    page.simulated = report.campaign.simulated;
    page.facts = report.facts;
    page.command = report.command;
    if (!rates.species.empty()) page.sections.push_back(species_section(findings));
    if (!report.criteria.empty()) page.sections.push_back(criteria_section(report));
    page.sections.push_back(curves_section(report, findings));
    if (report.campaign.simulated && !rates.species.empty()) {
        page.sections.push_back(quality_section(report, findings));
        page.sections.push_back(parameter_section(report, findings));
    }
    return to_html(page);
}

}  // namespace strongroom::cli
