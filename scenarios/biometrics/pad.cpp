#include "biometrics/pad.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "base/assert.h"

namespace strongroom::biometrics {

namespace {

// What one presentation counts for: nothing, or a trial with or without an error.
using Judge = std::function<std::optional<bool>(const Presentation&)>;

void widen(Interval& interval, const Interval& other) {
    interval.lower = std::min(interval.lower, other.lower);
    interval.upper = std::max(interval.upper, other.upper);
}

std::vector<Count> counts_of(const std::map<std::uint32_t, Count>& clusters) {
    std::vector<Count> counts;
    for (const auto& [cluster, count] : clusters) counts.push_back(count);
    return counts;
}

ClusteredRate rate_of(const PadCampaign& campaign, const std::function<bool(std::size_t)>& species,
                      const Judge& judge, const PadOptions& options) {
    ClusteredRate result;
    std::map<std::uint32_t, Count> subjects;
    std::map<std::uint32_t, Count> artefacts;
    for (const Presentation& presentation : campaign.presentations) {
        if (!species(presentation.species)) continue;
        const auto error = judge(presentation);
        if (!error) continue;
        const auto add = [&](Count& count) {
            ++count.trials;
            if (*error) ++count.errors;
        };
        add(result.count);
        add(subjects[presentation.subject]);
        if (presentation.species != 0) add(artefacts[presentation.artefact]);
    }
    result.subjects = subjects.size();
    result.artefacts = artefacts.size();
    result.exact = clopper_pearson(result.count);
    result.rate = {result.count.rate(), result.exact};
    const Rng rng(options.seed);
    if (result.subjects > 0) {
        result.by_subject =
            cluster_bootstrap(counts_of(subjects), options.rounds, rng.fork("subjects"));
        widen(result.rate.bounds, result.by_subject);
    }
    if (result.artefacts > 0) {
        result.by_artefact =
            cluster_bootstrap(counts_of(artefacts), options.rounds, rng.fork("artefacts"));
        widen(result.rate.bounds, result.by_artefact);
    }
    return result;
}

bool asked(const PadCampaign& campaign, const std::function<bool(std::size_t)>& species) {
    return std::any_of(
        campaign.presentations.begin(), campaign.presentations.end(),
        [&](const Presentation& p) { return species(p.species) && p.accepted.has_value(); });
}

std::optional<std::size_t> highest(
    const std::vector<SpeciesRates>& species,
    const std::function<const ClusteredRate*(const SpeciesRates&)>& rate) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < species.size(); ++i) {
        const ClusteredRate* here = rate(species[i]);
        if (here == nullptr || here->count.trials == 0) continue;
        if (!best || here->rate.value > rate(species[*best])->rate.value) best = i;
    }
    return best;
}

// Scores with how often they count, a list a species; bona fide first.
struct Weighted {
    double liveness = 0;
    std::uint32_t subject = 0;
};

std::vector<std::vector<Weighted>> scores_by_species(const PadCampaign& campaign) {
    std::vector<std::vector<Weighted>> scores(campaign.species.size());
    for (const Presentation& presentation : campaign.presentations) {
        if (!presentation.liveness) continue;
        scores[presentation.species].push_back({*presentation.liveness, presentation.subject});
    }
    for (auto& list : scores) {
        std::stable_sort(list.begin(), list.end(), [](const Weighted& a, const Weighted& b) {
            return a.liveness < b.liveness;
        });
    }
    return scores;
}

// How many errors a rate of `target` allows among `trials`; the product may end a hair too low.
std::int64_t allowed(double target, std::int64_t trials) {
    return static_cast<std::int64_t>(std::floor(target * static_cast<double>(trials) + 1e-9));
}

// The lowest threshold at which at most a share `target` of `rising` reaches it; none when empty.
std::optional<double> lowest_keeping(const std::vector<Weighted>& rising, double target,
                                     const std::map<std::uint32_t, std::uint32_t>& drawn) {
    std::int64_t total = 0;
    for (const Weighted& score : rising) total += drawn.at(score.subject);
    if (total == 0) return std::nullopt;
    std::int64_t left = allowed(target, total);
    for (auto score = rising.rbegin(); score != rising.rend(); ++score) {
        left -= drawn.at(score->subject);
        if (left < 0) {
            return std::nextafter(score->liveness, std::numeric_limits<double>::infinity());
        }
    }
    return rising.front().liveness;  // all may pass
}

std::optional<double> threshold_for(const std::vector<std::vector<Weighted>>& scores, double target,
                                    const std::map<std::uint32_t, std::uint32_t>& drawn) {
    std::optional<double> threshold;
    for (std::size_t species = 1; species < scores.size(); ++species) {
        const auto needed = lowest_keeping(scores[species], target, drawn);
        if (needed) threshold = std::max(threshold.value_or(*needed), *needed);
    }
    return threshold;
}

std::map<std::uint32_t, std::uint32_t> everybody_once(const PadCampaign& campaign) {
    std::map<std::uint32_t, std::uint32_t> drawn;
    for (const Presentation& presentation : campaign.presentations) {
        drawn[presentation.subject] = 1;
    }
    return drawn;
}

Count below(const std::vector<Weighted>& rising, double threshold,
            const std::map<std::uint32_t, std::uint32_t>& drawn) {
    Count count;
    for (const Weighted& score : rising) {
        const std::int64_t weight = drawn.at(score.subject);
        count.trials += weight;
        if (score.liveness < threshold) count.errors += weight;
    }
    return count;
}

}  // namespace

std::size_t PadCampaign::species_position(const std::string& name) {
    const auto found = std::find(species.begin(), species.end(), name);
    if (found == species.end()) {
        species.push_back(name);
        return species.size() - 1;
    }
    return static_cast<std::size_t>(found - species.begin());
}

PadRates pad_rates(const PadCampaign& campaign, double threshold, const PadOptions& options) {
    STRONGROOM_ASSERT(!campaign.presentations.empty());
    PadRates rates;
    rates.threshold = threshold;
    const Judge passed = [&](const Presentation& p) -> std::optional<bool> {
        if (!p.liveness) return std::nullopt;
        return *p.liveness >= threshold;
    };
    const Judge stopped = [&](const Presentation& p) -> std::optional<bool> {
        if (!p.liveness) return std::nullopt;
        return *p.liveness < threshold;
    };
    const Judge silent = [](const Presentation& p) -> std::optional<bool> {
        return !p.liveness.has_value();
    };
    const Judge accepted = [](const Presentation& p) { return p.accepted; };
    for (std::size_t i = 1; i < campaign.species.size(); ++i) {
        const auto only = [i](std::size_t species) { return species == i; };
        SpeciesRates species;
        species.species = campaign.species[i];
        species.apcer = rate_of(campaign, only, passed, options);
        species.nonresponse = rate_of(campaign, only, silent, options);
        if (asked(campaign, only)) species.iapar = rate_of(campaign, only, accepted, options);
        rates.species.push_back(std::move(species));
    }
    rates.worst = highest(rates.species, [](const SpeciesRates& s) { return &s.apcer; });
    rates.worst_iapar =
        highest(rates.species, [](const SpeciesRates& s) { return s.iapar ? &*s.iapar : nullptr; });
    const auto attacks = [](std::size_t species) { return species != 0; };
    if (asked(campaign, attacks)) {
        rates.all_iapar = rate_of(campaign, attacks, accepted, options);
    }
    const auto bona_fide = [](std::size_t species) { return species == 0; };
    rates.bpcer = rate_of(campaign, bona_fide, stopped, options);
    rates.bona_fide_nonresponse = rate_of(campaign, bona_fide, silent, options);
    if (asked(campaign, bona_fide)) {
        rates.rejected = rate_of(
            campaign, bona_fide,
            [](const Presentation& p) -> std::optional<bool> {
                if (!p.accepted) return std::nullopt;
                return !*p.accepted;
            },
            options);
    }
    return rates;
}

std::optional<double> threshold_at_apcer(const PadCampaign& campaign, double target) {
    return threshold_for(scores_by_species(campaign), target, everybody_once(campaign));
}

std::optional<double> threshold_at_bpcer(const PadCampaign& campaign, double target) {
    const auto scores = scores_by_species(campaign).front();
    if (scores.empty()) return std::nullopt;
    const auto rejected =
        static_cast<std::size_t>(allowed(target, static_cast<std::int64_t>(scores.size())));
    // As many as may be are below it.
    return scores[std::min(rejected, scores.size() - 1)].liveness;
}

std::optional<BpcerAt> bpcer_at_apcer(const PadCampaign& campaign, double target,
                                      const PadOptions& options) {
    const auto scores = scores_by_species(campaign);
    const auto everybody = everybody_once(campaign);
    const auto threshold = threshold_for(scores, target, everybody);
    if (!threshold || scores.front().empty()) return std::nullopt;
    BpcerAt result;
    result.target = target;
    result.threshold = *threshold;
    result.count = below(scores.front(), *threshold, everybody);
    result.bpcer = {result.count.rate(), clopper_pearson(result.count)};
    std::vector<std::uint32_t> subjects;
    for (const auto& [subject, once] : everybody) subjects.push_back(subject);
    Rng rng = Rng(options.seed).fork("bpcer at apcer");
    std::vector<double> values;
    for (int round = 0; round < options.rounds; ++round) {
        auto drawn = everybody;
        for (auto& [subject, times] : drawn) times = 0;
        for (std::size_t i = 0; i < subjects.size(); ++i) {
            ++drawn[subjects[rng.below(subjects.size())]];
        }
        const auto chosen = threshold_for(scores, target, drawn);
        if (!chosen) continue;
        const Count count = below(scores.front(), *chosen, drawn);
        if (count.trials > 0) values.push_back(count.rate());
    }
    if (!values.empty()) {
        widen(result.bpcer.bounds, percentile_interval(std::move(values), 0.95));
    }
    return result;
}

std::optional<ErrorRates::EqualError> pad_equal_error(const PadCampaign& campaign) {
    const auto scores = scores_by_species(campaign);
    const auto everybody = everybody_once(campaign);
    if (scores.front().empty()) return std::nullopt;
    std::vector<double> thresholds;
    for (const auto& list : scores) {
        for (const Weighted& score : list) thresholds.push_back(score.liveness);
    }
    std::sort(thresholds.begin(), thresholds.end());
    thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
    std::optional<ErrorRates::EqualError> best;
    double closest = std::numeric_limits<double>::infinity();
    const auto worst_at = [&](double threshold) {
        double worst = -1;
        for (std::size_t i = 1; i < scores.size(); ++i) {
            if (scores[i].empty()) continue;
            worst = std::max(worst, 1 - below(scores[i], threshold, everybody).rate());
        }
        return worst;
    };
    if (worst_at(thresholds.front()) < 0) return std::nullopt;
    // The worst APCER falls and BPCER rises with the threshold: they cross once.
    std::size_t low = 0;
    std::size_t high = thresholds.size() - 1;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (worst_at(thresholds[middle]) > below(scores[0], thresholds[middle], everybody).rate()) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (std::size_t at = low == 0 ? 0 : low - 1; at <= low; ++at) {
        const double apcer = worst_at(thresholds[at]);
        const double bpcer = below(scores[0], thresholds[at], everybody).rate();
        if (std::abs(apcer - bpcer) < closest) {
            closest = std::abs(apcer - bpcer);
            best = ErrorRates::EqualError{(apcer + bpcer) / 2, thresholds[at]};
        }
    }
    return best;
}

}  // namespace strongroom::biometrics
