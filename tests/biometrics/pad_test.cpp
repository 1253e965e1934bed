#include "biometrics/pad.h"

#include <sstream>
#include <string>

#include "catch.h"

using namespace strongroom;
using namespace strongroom::biometrics;

namespace {

// Bona fide: ten presentations of five subjects, liveness 0.5 to 0.95. "print": ten of two
// artefacts, 0.05 to 0.5, and two without an answer. "mask": four of one artefact, 0.3 to 0.6.
PadCampaign small() {
    PadCampaign campaign;
    campaign.simulated = true;
    campaign.parameters = {"gloss", "video"};
    const auto print = campaign.species_position("print");
    const auto mask = campaign.species_position("mask");
    const auto add = [&](std::size_t species, std::uint32_t subject, std::uint32_t artefact,
                         std::optional<double> liveness, double quality) {
        Presentation p;
        p.species = species;
        p.subject = subject;
        p.artefact = artefact;
        p.liveness = liveness;
        p.quality = quality;
        if (species != 0) p.parameters = {quality, species == print && quality > 0.5 ? 1.0 : 0.0};
        campaign.presentations.push_back(p);
    };
    for (std::uint32_t i = 0; i < 10; ++i) add(0, i / 2, 0, 0.5 + 0.05 * i, 0);
    for (std::uint32_t i = 0; i < 10; ++i) add(print, i / 5, 1 + i / 5, 0.05 * (i + 1), 0.1 * i);
    add(print, 0, 1, std::nullopt, 0.5);
    add(print, 1, 2, std::nullopt, 0.5);
    for (std::uint32_t i = 0; i < 4; ++i) add(mask, 2, 3, 0.3 + 0.1 * i, 0.25 * i);
    return campaign;
}

PadOptions options() {
    PadOptions settings;
    settings.rounds = 60;
    return settings;
}

}  // namespace

TEST_CASE("pad: error rates are given per species and the worst one counts") {
    const auto rates = pad_rates(small(), 0.45, options());
    REQUIRE(rates.species.size() == 2);
    CHECK(rates.species[0].species == "print");
    CHECK(rates.species[0].apcer.count.errors == 2);  // 0.45 and 0.5
    CHECK(rates.species[0].apcer.count.trials == 10);
    CHECK(rates.species[0].apcer.artefacts == 2);
    CHECK(rates.species[1].apcer.count.errors == 2);  // 0.5 and 0.6
    CHECK(rates.species[1].apcer.rate.value == Approx(0.5));
    REQUIRE(rates.worst);
    CHECK(rates.species[*rates.worst].species == "mask");
    CHECK(rates.bpcer.count.errors == 0);
    CHECK(rates.bpcer.count.trials == 10);
    CHECK(rates.bpcer.subjects == 5);
    CHECK(rates.bpcer.rate.bounds.upper >= clopper_pearson({0, 10}).upper);
    CHECK_FALSE(rates.all_iapar);
    CHECK_FALSE(rates.species[0].iapar);
}

TEST_CASE("pad: presentations without an answer are counted apart") {
    const auto rates = pad_rates(small(), 0.45, options());
    CHECK(rates.species[0].nonresponse.count.errors == 2);
    CHECK(rates.species[0].nonresponse.count.trials == 12);
    CHECK(rates.species[1].nonresponse.count.errors == 0);
    CHECK(rates.bona_fide_nonresponse.count.trials == 10);
}

TEST_CASE("pad: a score equal to the threshold is bona fide") {
    CHECK(pad_rates(small(), 0.5, options()).bpcer.count.errors == 0);
    CHECK(pad_rates(small(), 0.5000001, options()).bpcer.count.errors == 1);
    CHECK(pad_rates(small(), 0.5, options()).species[0].apcer.count.errors == 1);
}

TEST_CASE("pad: the threshold for a target error keeps it for every species") {
    const auto campaign = small();
    // No mask may pass: above 0.6; three bona fide scores (0.5, 0.55, 0.6) are below that.
    const auto strict = bpcer_at_apcer(campaign, 0.05, options());
    REQUIRE(strict);
    CHECK(strict->threshold > 0.6);
    CHECK(strict->threshold < 0.6000001);
    CHECK(strict->count.errors == 3);
    CHECK(strict->bpcer.value == Approx(0.3));
    CHECK(strict->bpcer.bounds.lower <= 0.3);
    CHECK(strict->bpcer.bounds.upper >= clopper_pearson({3, 10}).upper);
    // One mask of four may: above 0.5.
    const auto loose = threshold_at_apcer(campaign, 0.25);
    REQUIRE(loose);
    CHECK(*loose > 0.5);
    CHECK(*loose < 0.5000001);
    for (const double target : {0.0, 0.1, 0.3, 0.5, 0.9, 1.0}) {
        const auto threshold = threshold_at_apcer(campaign, target);
        REQUIRE(threshold);
        const auto rates = pad_rates(campaign, *threshold, options());
        for (const auto& species : rates.species) CHECK(species.apcer.rate.value <= target);
    }
}

TEST_CASE("pad: the threshold for a bona fide error is the highest that keeps it") {
    const auto campaign = small();
    CHECK(threshold_at_bpcer(campaign, 0.0) == 0.5);
    const auto one = threshold_at_bpcer(campaign, 0.1);
    REQUIRE(one);
    CHECK(*one == Approx(0.55));
    CHECK(pad_rates(campaign, *one, options()).bpcer.count.errors == 1);
    CHECK(pad_rates(campaign, *one + 1e-9, options()).bpcer.count.errors == 2);
}

TEST_CASE("pad: without attacks or without bona fide presentations there is no such threshold") {
    PadCampaign campaign;
    Presentation p;
    p.liveness = 0.7;
    campaign.presentations.push_back(p);
    CHECK_FALSE(threshold_at_apcer(campaign, 0.05));
    CHECK_FALSE(bpcer_at_apcer(campaign, 0.05, options()));
    CHECK_FALSE(pad_equal_error(campaign));
    CHECK_FALSE(pad_rates(campaign, 0.5, options()).worst);
    campaign.presentations[0].species = campaign.species_position("print");
    CHECK_FALSE(threshold_at_bpcer(campaign, 0.05));
    CHECK_FALSE(pad_equal_error(campaign));
    CHECK(threshold_at_apcer(campaign, 0.05));
}

TEST_CASE("pad: the equal error rate compares the worst species with the bona fide") {
    // At just above 0.5: masks 1 of 4, bona fide 1 of 10; at 0.55: 1 of 4 and 1 of 10; at 0.6: 1 of
    // 4 and 2 of 10, the closest.
    const auto equal = pad_equal_error(small());
    REQUIRE(equal);
    CHECK(equal->rate == Approx(0.225));
    CHECK(equal->threshold == Approx(0.6));
}

TEST_CASE("pad: acceptance by the whole system counts every presentation") {
    auto campaign = small();
    // The system accepts what its PAD passes at 0.45, except one mask that does not match.
    for (auto& p : campaign.presentations) p.accepted = p.liveness.value_or(0) >= 0.45;
    campaign.presentations.back().accepted = false;
    const auto rates = pad_rates(campaign, 0.45, options());
    REQUIRE(rates.species[0].iapar);
    CHECK(rates.species[0].iapar->count.errors == 2);
    CHECK(rates.species[0].iapar->count.trials == 12);  // without an answer: not accepted
    CHECK(rates.species[1].iapar->count.errors == 1);
    REQUIRE(rates.worst_iapar);
    CHECK(rates.species[*rates.worst_iapar].species == "mask");
    REQUIRE(rates.all_iapar);
    CHECK(rates.all_iapar->count.trials == 16);
    CHECK(rates.all_iapar->count.errors == 3);
    REQUIRE(rates.rejected);
    CHECK(rates.rejected->count.errors == 0);
}

TEST_CASE("pad: errors of one artefact give wider bounds than errors of many") {
    PadCampaign few;
    PadCampaign many;
    for (auto* campaign : {&few, &many}) {
        const auto print = campaign->species_position("print");
        for (std::uint32_t i = 0; i < 200; ++i) {
            Presentation p;
            p.species = print;
            p.subject = i / 20;
            p.artefact = i / 10;
            const bool passes = campaign == &few ? p.artefact == 3 : i % 20 == 0;
            p.liveness = passes ? 0.9 : 0.1;
            campaign->presentations.push_back(p);
        }
    }
    const auto concentrated = pad_rates(few, 0.5, options()).species[0].apcer;
    const auto spread = pad_rates(many, 0.5, options()).species[0].apcer;
    CHECK(concentrated.count.errors == 10);
    CHECK(spread.count.errors == 10);
    CHECK(concentrated.rate.bounds.upper > spread.rate.bounds.upper);
    CHECK(concentrated.rate.bounds.upper > concentrated.exact.upper);
}

TEST_CASE("pad: attack potential is swept in bins of quality") {
    const auto bins = by_quality(small(), 1, 0.3, 5);
    REQUIRE(bins.size() == 5);
    CHECK(bins[0].apcer.trials == 2);
    CHECK(bins[0].apcer.errors == 0);
    CHECK(bins[2].apcer.trials == 2);
    CHECK(bins[2].apcer.errors == 1);  // 0.25 stays, 0.3 passes
    CHECK(bins[4].apcer.errors == 2);
    CHECK(bins[4].high == Approx(1));
    CHECK(by_quality(small(), 2, 0.3, 5).size() == 4);  // an empty bin is left out
}

TEST_CASE("pad: the parameter that lets attacks through comes first") {
    PadCampaign campaign;
    campaign.parameters = {"noise", "gloss", "same"};
    const auto print = campaign.species_position("print");
    Rng rng(1);
    for (int i = 0; i < 90; ++i) {
        Presentation p;
        p.species = print;
        const double gloss = (i % 90) / 90.0;
        p.parameters = {rng.uniform(), gloss, 1.0};
        p.liveness = gloss > 0.66 ? 0.9 : 0.1;
        campaign.presentations.push_back(p);
    }
    const auto effects = parameter_effects(campaign, 0.5);
    REQUIRE(effects.size() == 2);  // what never changes has no effect
    CHECK(effects[0].parameter == "gloss");
    CHECK(effects[0].parts.size() == 3);
    CHECK(effects[0].parts[0].errors.errors == 0);
    CHECK(effects[0].parts[2].errors.rate() == 1);
    CHECK(effects[0].effect == 1);
    CHECK(effects[0].clear);
    CHECK_FALSE(effects[1].clear);
    CHECK(effects[0].parts[0].high < effects[0].parts[1].low);
}

TEST_CASE("pad: a parameter of two values makes two parts") {
    const auto effects = parameter_effects(small(), 0.45);
    bool found = false;
    for (const auto& effect : effects) {
        if (effect.parameter != "video") continue;
        found = true;
        CHECK(effect.species == 1);
        REQUIRE(effect.parts.size() == 2);
        CHECK(effect.parts[0].errors.trials == 6);
        CHECK(effect.parts[1].errors.trials == 4);
        CHECK(effect.parts[1].errors.errors == 2);
    }
    CHECK(found);
}

TEST_CASE("pad: the list of trials has a line for each and says that it is simulated") {
    auto campaign = small();
    campaign.presentations[0].label = "a, \"b\"";
    campaign.presentations[0].accepted = true;
    std::ostringstream out;
    write_csv(out, campaign, 0.45);
    std::istringstream lines(out.str());
    std::string line;
    std::getline(lines, line);
    CHECK(line ==
          "source,species,subject,artefact,quality,label,liveness,classified,distance,accepted,"
          "gloss,video");
    std::getline(lines, line);
    CHECK(line == "SIMULATED,bona_fide,0,,,\"a, \"\"b\"\"\",0.5,bona_fide,,1,,");
    int count = 1;
    int silent = 0;
    while (std::getline(lines, line)) {
        ++count;
        if (line.find(",no_response,") != std::string::npos) ++silent;
    }
    CHECK(count == 26);
    CHECK(silent == 2);
    campaign.simulated = false;
    std::ostringstream real;
    write_csv(real, campaign, 0.45);
    CHECK(real.str().find("SIMULATED") == std::string::npos);
}
