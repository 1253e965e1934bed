// Which instruments get through: by their quality and by each of their parameters; and the list of
// all trials.
#include <algorithm>
#include <limits>
#include <ostream>

#include "base/assert.h"
#include "biometrics/pad.h"

namespace strongroom::biometrics {

namespace {

struct Sample {
    double value = 0;
    bool error = false;
};

// An attack that got through, or a bona fide presentation that did not; none: no answer.
std::optional<bool> error_of(const Presentation& presentation, double threshold) {
    const bool attack = presentation.species != 0;
    if (presentation.accepted) return *presentation.accepted == attack;
    if (!presentation.liveness) return std::nullopt;
    return (*presentation.liveness >= threshold) == attack;
}

// Where the parts begin: equal values are never parted. Two values, or three parts of about the
// same size.
std::vector<std::size_t> parts_of(const std::vector<Sample>& rising) {
    std::vector<std::size_t> begins{0};
    const auto begin_at = [&](std::size_t wanted) {
        std::size_t at = wanted;
        while (at < rising.size() && at > 0 && rising[at].value <= rising[at - 1].value) ++at;
        if (at < rising.size() && at > begins.back()) begins.push_back(at);
    };
    begin_at(rising.size() / 3);
    begin_at(rising.size() * 2 / 3);
    if (begins.size() == 1) {
        // Most values are the lowest, or the highest: part where the value first changes.
        const auto first = rising.front().value;
        const auto change = std::find_if(rising.begin(), rising.end(),
                                         [&](const Sample& s) { return s.value > first; });
        if (change != rising.end()) {
            begins.push_back(static_cast<std::size_t>(change - rising.begin()));
        }
    }
    return begins;
}

std::optional<ParameterEffect> effect_of(std::vector<Sample> samples) {
    std::stable_sort(samples.begin(), samples.end(),
                     [](const Sample& a, const Sample& b) { return a.value < b.value; });
    if (samples.size() < 2) return std::nullopt;
    const auto begins = parts_of(samples);
    if (begins.size() < 2) return std::nullopt;
    ParameterEffect effect;
    for (std::size_t part = 0; part < begins.size(); ++part) {
        const std::size_t end = part + 1 < begins.size() ? begins[part + 1] : samples.size();
        ParameterEffect::Part made;
        made.low = samples[begins[part]].value;
        made.high = samples[end - 1].value;
        for (std::size_t i = begins[part]; i < end; ++i) {
            ++made.errors.trials;
            if (samples[i].error) ++made.errors.errors;
        }
        made.bounds = clopper_pearson(made.errors);
        effect.parts.push_back(made);
    }
    const auto less = [](const ParameterEffect::Part& a, const ParameterEffect::Part& b) {
        return a.errors.rate() < b.errors.rate();
    };
    const auto [lowest, highest] =
        std::minmax_element(effect.parts.begin(), effect.parts.end(), less);
    effect.effect = highest->errors.rate() - lowest->errors.rate();
    effect.clear = highest->bounds.lower > lowest->bounds.upper;
    return effect;
}

}  // namespace

std::vector<QualityBin> by_quality(const PadCampaign& campaign, std::size_t species,
                                   double threshold, std::size_t bins) {
    STRONGROOM_ASSERT(bins >= 1);
    std::vector<QualityBin> all(bins);
    const auto width = 1 / static_cast<double>(bins);
    for (std::size_t i = 0; i < bins; ++i) {
        all[i].low = static_cast<double>(i) * width;
        all[i].high = static_cast<double>(i + 1) * width;
    }
    for (const Presentation& presentation : campaign.presentations) {
        if (presentation.species != species) continue;
        const double place = std::clamp(presentation.quality, 0.0, 1.0) * static_cast<double>(bins);
        QualityBin& bin = all[std::min(static_cast<std::size_t>(place), bins - 1)];
        if (presentation.liveness) {
            ++bin.apcer.trials;
            if (*presentation.liveness >= threshold) ++bin.apcer.errors;
        }
        if (presentation.accepted) {
            ++bin.iapar.trials;
            if (*presentation.accepted) ++bin.iapar.errors;
        }
    }
    std::vector<QualityBin> filled;
    for (const QualityBin& bin : all) {
        if (bin.apcer.trials > 0 || bin.iapar.trials > 0) filled.push_back(bin);
    }
    return filled;
}

std::vector<ParameterEffect> parameter_effects(const PadCampaign& campaign, double threshold) {
    std::vector<ParameterEffect> effects;
    for (std::size_t species = 0; species < campaign.species.size(); ++species) {
        for (std::size_t parameter = 0; parameter < campaign.parameters.size(); ++parameter) {
            std::vector<Sample> samples;
            for (const Presentation& presentation : campaign.presentations) {
                if (presentation.species != species) continue;
                if (presentation.parameters.size() <= parameter) continue;
                const auto error = error_of(presentation, threshold);
                if (error) samples.push_back({presentation.parameters[parameter], *error});
            }
            auto effect = effect_of(std::move(samples));
            if (!effect) continue;
            effect->species = species;
            effect->parameter = campaign.parameters[parameter];
            effects.push_back(std::move(*effect));
        }
    }
    std::stable_sort(
        effects.begin(), effects.end(),
        [](const ParameterEffect& a, const ParameterEffect& b) { return a.effect > b.effect; });
    return effects;
}

std::string csv_cell(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

void write_csv(std::ostream& out, const PadCampaign& campaign, double threshold) {
    out << "source,species,subject,artefact,quality,label,liveness,classified,distance,accepted";
    for (const auto& parameter : campaign.parameters) out << ',' << csv_cell(parameter);
    out << '\n';
    const auto precision = out.precision(std::numeric_limits<float>::max_digits10);
    for (const Presentation& p : campaign.presentations) {
        out << (campaign.simulated ? "SIMULATED" : "measured") << ','
            << csv_cell(campaign.species[p.species]) << ',' << p.subject << ',';
        if (p.species != 0) out << p.artefact;
        out << ',';
        if (p.species != 0 && !p.parameters.empty()) out << p.quality;
        out << ',' << csv_cell(p.label) << ',';
        if (p.liveness) out << *p.liveness;
        out << ',';
        if (!p.liveness) {
            out << "no_response";
        } else {
            out << (*p.liveness >= threshold ? "bona_fide" : "attack");
        }
        out << ',';
        if (p.distance) out << *p.distance;
        out << ',';
        if (p.accepted) out << (*p.accepted ? 1 : 0);
        for (std::size_t i = 0; i < campaign.parameters.size(); ++i) {
            out << ',';
            if (i < p.parameters.size()) out << p.parameters[i];
        }
        out << '\n';
    }
    out.precision(precision);
}

}  // namespace strongroom::biometrics
