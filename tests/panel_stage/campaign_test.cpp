// The campaign: scenarios played beside the panel.
#include "panel/campaign.h"

#include <cstdlib>
#include <fstream>

#include "catch.h"
#include "sim/temporary_folder.h"

namespace strongroom::panel {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

fs::path source() {
    const char* given = std::getenv("STRONGROOM_SOURCE_DIR");
    return given == nullptr ? "." : given;
}

template <class Condition>
bool eventually(const Campaign& campaign, Condition condition) {
    for (int i = 0; i < 12000; ++i) {
        if (condition(*campaign.latest())) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

CampaignSetup setup_of(const fs::path& catalogue) {
    return {catalogue, source() / "backends/sim/data/scores-dlib-densenet-att.json", {}, 1};
}

TEST_CASE("scenarios are played beside the panel and their arms can be compared", "[panel]") {
    const sim::TemporaryFolder folder;
    for (const char* name : {"K03-crowbar.yaml", "H1-locker.yaml"}) {
        fs::copy(source() / "scenarios/catalogue" / name, folder.path() / name);
    }
    Campaign campaign(setup_of(folder.path()));
    REQUIRE(eventually(campaign, [](const auto& all) { return all.rows.size() == 2; }));
    campaign.play({});
    REQUIRE(eventually(campaign, [](const auto& all) { return !all.playing && all.done == 2; }));
    const auto all = campaign.latest();
    CHECK(all->complaint.empty());
    for (const ScenarioRow& row : all->rows) {
        REQUIRE(row.outcome);
        CHECK(row.outcome->verdict == scenarios::Verdict::held);
    }
    const auto& arms = all->rows[1].outcome->arms;
    REQUIRE(arms.size() >= 2);
    const std::size_t apart = divergence(arms[0].facts, arms[1].facts);
    CHECK(apart > 0);
    CHECK(apart < arms[0].facts.size());
    CHECK(divergence(arms[0].facts, arms[0].facts) == arms[0].facts.size());
    campaign.write_report(folder.path() / "report.html");
    CHECK(fs::file_size(folder.path() / "report.html") > 1000);
}

TEST_CASE("a file of the catalogue that breaks while the panel is open is said with its line",
          "[panel]") {
    const sim::TemporaryFolder folder;
    fs::copy(source() / "scenarios/catalogue/H1-locker.yaml", folder.path() / "H1-locker.yaml");
    Campaign campaign(setup_of(folder.path()));
    REQUIRE(eventually(campaign, [](const auto& all) { return all.rows.size() == 1; }));
    std::ofstream(folder.path() / "X1-broken.yaml") << "id: X1\ntitel: wrong\n";
    campaign.reload();
    REQUIRE(eventually(campaign, [](const auto& all) { return !all.complaint.empty(); }));
    CHECK(campaign.latest()->complaint.find("X1-broken.yaml:2") != std::string::npos);
    CHECK(campaign.latest()->rows.size() == 1);
}

}  // namespace
}  // namespace strongroom::panel
