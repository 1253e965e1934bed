// I9: failures are counted and penalties kept. I11: late, repeated, forged and out-of-order input
// adds no factor and extends no window.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "checkers.h"
#include "scene.h"

namespace strongroom::checkers {
namespace {

using sim::Fact;
using sim::FactKind;

// That an entry was compared shows on the screen: one attempt fewer, the next step, or the end of
// the visit. What the terminal has refused to compare (expired, malformed, too soon) shows neither.
class CountsChecker final : public Checker {
public:
    explicit CountsChecker(const Reference& reference)
        : Checker(Invariant::count, "I9"), scene_(reference) {}

    void see(const Fact& fact) override {
        const bool was_open = fact.site != 0 && scene_.site(fact.site).visit.open;
        scene_.see(fact);
        if (fact.site == 0) return;
        const SiteView& site = scene_.site(fact.site);
        Entry& entry = entries_[fact.site];
        switch (fact.kind) {
            case FactKind::code_typed:
                if (site.visit.open && site.visit.code_step) entry.waiting = true;
                return;
            case FactKind::finger_observed:
                // What could not be read is asked for again and compared with nothing.
                if (site.visit.open && fact.what != "messy" && fact.what != "sparse") {
                    entry.finger = true;
                }
                return;
            case FactKind::prompt_shown:
                if (was_open) see_prompt(fact, site, entry);
                if (!site.visit.open) entry = {};
                return;
            case FactKind::strike_energised:
                if (fact.what == "pulse") customers_[site.visit.customer] = {};
                return;
            case FactKind::power_lost:
            case FactKind::terminal_died:
                entry = {};
                if (off_since_ == never) off_since_ = fact.at;
                return;
            case FactKind::terminal_started: started(fact.at); return;
            default: return;
        }
    }
    void finish(Instant) override {}

private:
    struct Entry {
        bool waiting = false;  // typed, and the screen has not changed since
        bool finger = false;   // likewise laid down
        double attempts = 0;   // last shown
    };
    struct Counted {
        int failures = 0;
        Instant penalty_until = Instant::min();
    };

    void see_prompt(const Fact& fact, const SiteView& site, Entry& entry) {
        const bool waited = std::exchange(entry.waiting, false);
        const bool finger = std::exchange(entry.finger, false);
        const double before = entry.attempts;
        if (fact.what == "enter_code" || fact.what == "enter_authenticator_code" ||
            fact.what == "code_not_accepted") {
            entry.attempts = fact.value;
        }
        if (finger) see_finger_judged(fact, site.visit.customer);
        if (!waited) return;
        const std::int64_t customer = site.visit.customer;
        const bool last_attempt = customers_[customer].failures >= limits::staff_only_from - 1;
        const bool wrong = (fact.what == "code_not_accepted" && fact.value < before) ||
                           fact.what == "not_recognised" || fact.what == "refused_until" ||
                           (fact.what == "see_staff" && last_attempt);
        const bool right = fact.what == "turn_key" || fact.what == "look_at_camera";
        if (wrong || right) compared(fact.at, customer, "a code", wrong);
    }

    void see_finger_judged(const Fact& fact, std::int64_t customer) {
        const bool wrong = fact.what == "finger_not_accepted" || fact.what == "not_recognised" ||
                           fact.what == "refused_until";
        if (wrong || fact.what == "enter_code") compared(fact.at, customer, "a finger", wrong);
    }

    void compared(Instant at, std::int64_t customer, const std::string& what, bool wrong) {
        Counted& counted = customers_[customer];
        const std::string whose = what + " was compared for customer " + std::to_string(customer);
        if (counted.failures >= limits::staff_only_from) {
            broken(at, whose + " after " + std::to_string(counted.failures) +
                           " failures, which only two staff release");
        } else if (at + limits::slack < counted.penalty_until) {
            broken(at, whose + ", " + in_seconds(counted.penalty_until - at) +
                           " before the penalty for " + std::to_string(counted.failures) +
                           " failures had passed");
        }
        if (!wrong) return;
        ++counted.failures;
        const int doublings =
            std::min(counted.failures - limits::penalty_from, limits::staff_only_from);
        if (doublings >= 0) {
            counted.penalty_until = at + limits::first_penalty * (std::int64_t{1} << doublings);
        }
    }

    // Time switched off does not count. With several terminals another one may have run meanwhile.
    void started(Instant now) {
        const Instant since = std::exchange(off_since_, never);
        if (since == never || scene_.sites().size() != 1) return;
        for (auto& [customer, counted] : customers_) {
            if (counted.penalty_until > since) counted.penalty_until += now - since;
        }
    }

    Scene scene_;
    std::map<std::uint32_t, Entry> entries_;
    std::map<std::int64_t, Counted> customers_;
    Instant off_since_ = never;
};

class InputChecker final : public Checker {
public:
    explicit InputChecker(const Reference& reference)
        : Checker(Invariant::total, "I11"), scene_(reference) {}

    void see(const Fact& fact) override {
        const bool was_open = fact.site != 0 && scene_.site(fact.site).visit.open;
        scene_.see(fact);
        if (fact.site == 0) return;
        const SiteView& site = scene_.site(fact.site);
        if (fact.kind == FactKind::prompt_shown && was_open) see_prompt(fact, site);
        if (fact.kind == FactKind::strike_energised && fact.what == "pulse") see_pulse(fact, site);
    }
    void finish(Instant) override {}

private:
    // The screen asks for the next step when a step has been taken as done.
    void see_prompt(const Fact& fact, const SiteView& site) {
        const Visit& visit = site.visit;
        const bool asks_code = fact.what == "enter_code" || fact.what == "enter_authenticator_code";
        if (asks_code && !visit.face) {
            broken(fact.at,
                   "a code was asked for before the face had matched and its gestures were made");
        }
        if (asks_code && site.fingers && !visit.finger) {
            broken(fact.at, "a code was asked for before her finger had matched");
        }
        const bool past_code = fact.what == "turn_key" || (fact.what == "look_at_camera" &&
                                                           visit.code_step && !visit.key_step);
        if (past_code && scene_.right_code(site) == nullptr) {
            broken(fact.at,
                   "the code was taken as given and no live code of this visit had been typed");
        }
        if (fact.what == "look_at_camera" && visit.key_step && !key_in_time(visit)) {
            broken(fact.at, "the key was taken as turned and it had not been turned in its time");
        }
    }

    void see_pulse(const Fact& fact, const SiteView& site) {
        const Visit& visit = site.visit;
        if (!visit.open) {
            broken(fact.at, "the strike was released outside of a visit");
        } else if (fact.at - visit.since > limits::visit + limits::visit_slack) {
            broken(fact.at, "the strike was released " + in_seconds(fact.at - visit.since) +
                                " after the claim");
        } else if (visit.key_step && !key_in_time(visit)) {
            broken(fact.at, "the strike was released on a key turned too early or too late");
        }
    }

    [[nodiscard]] static bool key_in_time(const Visit& visit) {
        return visit.key && *visit.key + limits::slack >= *visit.key_step &&
               *visit.key - *visit.key_step <= limits::key_window + limits::slack;
    }

    Scene scene_;
};

}  // namespace

std::unique_ptr<Checker> counts_checker(const Reference& reference) {
    return std::make_unique<CountsChecker>(reference);
}
std::unique_ptr<Checker> input_checker(const Reference& reference) {
    return std::make_unique<InputChecker>(reference);
}

}  // namespace strongroom::checkers
