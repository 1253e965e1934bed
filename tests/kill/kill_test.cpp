// kill -9 at random moments of visits against a database on a real disk, with bolt and world in a
// process that survives. 200 kills over all cases.
#include <chrono>
#include <filesystem>
#include <iostream>
#include <map>

#include <unistd.h>

#include "base/rng.h"
#include "catch.h"
#include "town.h"

using namespace strongroom;
using namespace strongroom::test;

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kills_a_case = 50;
// The longest that a victim runs on after its last answer: a few commits on this disk.
constexpr std::uint64_t run_on_microseconds = 4000;

class Directory {
public:
    Directory() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "strongroom-kill-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    ~Directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Issue, reserve, settle, reserve, grant; and two more for each code that is mistyped.
std::uint64_t commits_of_a_visit(int typos) { return 5 + 2 * static_cast<std::uint64_t>(typos); }

// A third of the kills anywhere between two messages, a third where records are worked on, a third
// around the grant and the pulse; and any time up to a few commits later.
KillPlan draw_plan(Rng& rng, std::uint64_t messages, int typos) {
    KillPlan plan;
    const std::uint64_t commits = commits_of_a_visit(typos);
    switch (rng.below(3)) {
        case 0: plan.message = 1 + rng.below(messages); break;
        case 1:
            plan.kind = rng.below(2) == 0 ? Message::commit_begins : Message::commit_ended;
            plan.message = 1 + rng.below(commits);
            break;
        default: {
            constexpr std::array kinds{Message::commit_begins, Message::commit_ended,
                                       Message::strike_pulse};
            plan.kind = kinds.at(rng.below(kinds.size()));
            plan.message = plan.kind == Message::strike_pulse ? 1 : commits;
            break;
        }
    }
    constexpr std::array whens{KillPlan::When::unheard, KillPlan::When::unanswered,
                               KillPlan::When::answered, KillPlan::When::answered};
    plan.when = whens.at(rng.below(whens.size()));
    // Short and long delays are equally likely: a commit has both.
    const std::uint64_t scale = run_on_microseconds >> rng.below(7);
    plan.delay = std::chrono::microseconds(rng.below(scale));
    return plan;
}

KillPlan draw_plan_while_opening(Rng& rng) {
    KillPlan plan;
    plan.kind = Message::opening;
    plan.message = 1;
    plan.when = KillPlan::When::answered;
    plan.delay = std::chrono::microseconds(rng.below(2 * run_on_microseconds));
    return plan;
}

int draw_typos(Rng& rng) {
    const std::uint64_t drawn = rng.below(10);
    return drawn < 4 ? 0 : drawn < 7 ? 1 : 2;
}

class Campaign {
public:
    explicit Campaign(std::uint64_t seed) : rng_(seed), town_(directory_.path(), seed) {}

    void play() {
        REQUIRE(town_.start({}));
        town_.arm({});
        REQUIRE(town_.visit(1).opened);
        town_.rest(seconds(20));
        messages_ = town_.remote().messages();
        while (kills_ < kills_a_case) {
            INFO("after " << kills_ << " kills");
            play_round();
        }
        const auto violations = town_.violations();
        for (const std::string& violation : violations) UNSCOPED_INFO(violation);
        CHECK(violations.empty());
        CHECK_FALSE(town_.crashed());
    }

    void print() const {
        std::cout << "kill test: " << kills_ << " kills, " << retries_ << " retried visits opened, "
                  << penalties_ << " of them after a penalty, " << town_.pulses() << " pulses\n";
        for (const auto& [place, count] : places_) {
            std::cout << "  " << count << " " << place << "\n";
        }
    }

private:
    void play_round() {
        const int typos = draw_typos(rng_);
        town_.arm(draw_plan(rng_, messages_, typos));
        town_.visit(typos);
        town_.rest(seconds(20));
        if (!town_.running()) {
            examine();
            while (rng_.below(5) == 0 && !town_.start(draw_plan_while_opening(rng_))) examine();
            if (!town_.running()) REQUIRE(town_.start({}));
            CHECK(town_.failures_on_disk() == town_.failures_known());
        }
        town_.arm({});
        retry();
        // Codes are counted by the day.
        town_.let_pass(hours(25));
    }

    void examine() {
        ++kills_;
        ++places_[town_.place_of_death()];
        const auto found = town_.examine();
        for (const std::string& violation : found) {
            UNSCOPED_INFO(town_.place_of_death() << ": " << violation);
        }
        REQUIRE(found.empty());
    }

    // The customer comes again. What the store holds against her she has to wait for, and no more.
    void retry() {
        town_.rest(seconds(20));
        const int failures = town_.failures_on_disk();
        INFO("the store counts " << failures << " failures");
        REQUIRE(failures <= 3);  // two mistyped codes and one try that was cut off
        if (failures == 3) {
            const Visitor::Outcome refused = town_.visit(0);
            CHECK_FALSE(refused.opened);
            CHECK(refused.last_prompt == "refused_until");
            town_.let_pass(minutes(5) + seconds(10));
            ++penalties_;
        }
        const Visitor::Outcome again = town_.visit(0);
        INFO("the retried visit ended with " << again.last_prompt);
        REQUIRE(again.opened);
        ++retries_;
        town_.rest(seconds(20));
        CHECK(town_.failures_on_disk() == 0);
    }

    Rng rng_;
    Directory directory_;
    Town town_;
    std::uint64_t messages_ = 0;  // of a visit that was left alone
    int kills_ = 0;
    int retries_ = 0;
    int penalties_ = 0;
    std::map<std::string, int> places_;
};

void play_campaign(std::uint64_t seed) {
    INFO("seed " << seed);
    Campaign campaign(seed);
    campaign.play();
    campaign.print();
}

}  // namespace

TEST_CASE("kill: 50 kills at random moments open nothing and lose no count (first)") {
    play_campaign(1);
}
TEST_CASE("kill: 50 kills at random moments open nothing and lose no count (second)") {
    play_campaign(2);
}
TEST_CASE("kill: 50 kills at random moments open nothing and lose no count (third)") {
    play_campaign(3);
}
TEST_CASE("kill: 50 kills at random moments open nothing and lose no count (fourth)") {
    play_campaign(4);
}
