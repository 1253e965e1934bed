// I5: once faults have healed, the rightful customer opens within 180 s of her first good frame.
//
// Judged for a willing customer who claims her own locker at its terminal and keeps trying. Her
// time begins with the first matching frame of her, or with a refusal that comes before any. It
// stops when she opens, gives up (leaves without having been refused, cancels), or when something
// is broken: cable, power, light, process, an injected fault, an alarm that takes the terminal out
// of service; and while somebody stands beside her, whom a terminal must not let in. It is not owed
// to her while somebody who held a factor of hers has earned a penalty or used up the day's codes.
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "checkers.h"
#include "scene.h"

namespace strongroom::checkers {
namespace {

using sim::Fact;
using sim::FactKind;

// A terminal that is slowed waits no longer than this; a longer refusal is a lockout.
constexpr std::int64_t throttle_max_seconds = 60;

class ServiceChecker final : public Checker {
public:
    explicit ServiceChecker(const Reference& reference)
        : Checker(Invariant::service, "I5"), scene_(reference) {}

    void see(const Fact& fact) override {
        look_at_clock(fact.at);
        const SiteView before = snapshot_of(fact);
        scene_.see(fact);
        if (fact.site == 0) return;
        const SiteView& site = scene_.site(fact.site);
        look_at_library(fact, before, site);
        count_factor_holders(fact, site);
        if (is_fault(fact)) {
            forget(fact.site);
            return;
        }
        follow(fact, before, site);
    }

    void finish(Instant end) override {
        look_at_clock(end);
        // Told to wait past her time, she need not be watched until it is over.
        for (const auto& [name, attempt] : attempts_) {
            if (attempt.since && attempt.refused_until > *attempt.since + limits::service) {
                judge(name, attempt, end);
            }
        }
    }

private:
    struct Attempt {
        std::uint32_t site = 0;
        std::int64_t customer = 0;
        std::optional<Instant> since;
        Instant refused_until = Instant::min();
        bool turned_away = false;  // the last answer to her was a refusal
    };
    struct Suspicion {
        int failures = 0;              // at most what a terminal has counted
        std::deque<Instant> codes;     // sent
        std::int64_t half_minute = 0;  // of the latest code of her authenticator that was typed
    };

    [[nodiscard]] SiteView snapshot_of(const Fact& fact) const {
        return fact.kind == FactKind::prompt_shown ? scene_.site(fact.site) : SiteView{};
    }

    static bool is_fault(const Fact& fact) {
        switch (fact.kind) {
            case FactKind::fault_injected:
            case FactKind::power_lost:
            case FactKind::power_restored:
            case FactKind::terminal_died:
            case FactKind::terminal_started:
            case FactKind::cable_unplugged:
            case FactKind::cable_plugged:
            case FactKind::light_changed:
            case FactKind::relay_welded:
            case FactKind::relay_repaired:
            case FactKind::tamper_opened:
            case FactKind::tamper_closed: return true;
            case FactKind::face_shown: return fact.number > 1;  // until she is alone again
            case FactKind::alarm_raised:
            case FactKind::alarm_cleared:
                return fact.what == "tamper" || fact.what == "strike_stuck" ||
                       fact.what == "finger_reader_untrusted";
            default: return false;
        }
    }
    static bool out_of_order(const SiteView& site) {
        return !site.powered || !site.running || !site.light_normal || site.welded ||
               !site.unplugged.empty() || (!site.presenter.empty() && site.faces > 1) ||
               site.enclosure_open || site.alarms.contains("tamper") ||
               site.alarms.contains("strike_stuck") ||
               site.alarms.contains("finger_reader_untrusted");
    }

    // A library that whoever reaches the wire can empty is no accident that excuses the terminal:
    // it refuses every customer until staff have restored it.
    void look_at_library(const Fact& fact, const SiteView& before, const SiteView& site) {
        if (fact.kind == FactKind::sensor_attacked && fact.what == "emptied") {
            emptied_.insert(fact.site);
        }
        if (fact.kind != FactKind::prompt_shown || fact.what != "out_of_service" ||
            !before.visit.open || !emptied_.contains(fact.site)) {
            return;
        }
        const std::string& who = before.visit.claimant;
        const Person* person = scene_.person(who);
        if (person == nullptr || person->customer != before.visit.customer ||
            !scene_.rightful(who, site)) {
            return;
        }
        broken(fact.at, who +
                            " was refused, as everybody is: the fingerprint sensor's library was "
                            "emptied from its wire");
    }

    // Everything is to be shown again once it works again.
    void forget(std::uint32_t site) {
        std::erase_if(attempts_, [&](const auto& entry) { return entry.second.site == site; });
    }

    void follow(const Fact& fact, const SiteView& before, const SiteView& site) {
        switch (fact.kind) {
            case FactKind::claimed:
                if (fact.number != 0 && own_claim(fact, site)) {
                    Attempt& attempt = attempts_[fact.who];
                    attempt.site = fact.site;
                    attempt.customer = fact.number;
                    attempt.turned_away = false;
                }
                return;
            case FactKind::face_observed: {
                const auto found = attempts_.find(fact.who);
                if (found != attempts_.end() && found->second.site == fact.site &&
                    site.visit.claimant == fact.who && !found->second.since &&
                    scene_.matches(fact) && !out_of_order(site)) {
                    found->second.since = fact.at;
                }
                return;
            }
            case FactKind::prompt_shown: see_prompt(fact, before, site); return;
            case FactKind::bolt_withdrawn:
            case FactKind::strike_energised: attempts_.erase(site.visit.claimant); return;
            case FactKind::cancel_pressed: attempts_.erase(fact.who); return;
            case FactKind::will_changed: attempts_.erase(fact.who); return;
            case FactKind::person_left: {
                const auto found = attempts_.find(fact.who);
                if (found != attempts_.end() && !found->second.turned_away) attempts_.erase(found);
                return;
            }
            default: return;
        }
    }

    [[nodiscard]] bool own_claim(const Fact& fact, const SiteView& site) const {
        const Person* person = scene_.person(fact.who);
        return person != nullptr && person->customer == fact.number &&
               scene_.rightful(fact.who, site) && site.visit.claimant == fact.who &&
               site.visit.locker == site.locker && !out_of_order(site);
    }

    void see_prompt(const Fact& fact, const SiteView& before, const SiteView& site) {
        const auto found = attempts_.find(site.visit.claimant);
        if (found == attempts_.end() || found->second.site != fact.site) return;
        if (!before.visit.open && !site.visit.open) return;  // nobody is being answered
        Attempt& attempt = found->second;
        const bool waits_long = fact.what == "refused_until" && fact.number > throttle_max_seconds;
        const bool staff = fact.what == "see_staff";
        const bool unserved = fact.what == "out_of_service" ||
                              (fact.what == "timed_out" && !site.visit.by_authenticator &&
                               !has_message(found->first, site));
        attempt.turned_away = waits_long || staff || unserved;
        if (waits_long || staff) {
            if (!attempt.since) attempt.since = fact.at;
            attempt.refused_until = staff ? never : fact.at + std::chrono::seconds(fact.number);
        }
    }

    // Whether a message of this visit has reached a phone in her hand.
    [[nodiscard]] bool has_message(const std::string& name, const SiteView& site) const {
        const auto& messages = site.visit.messages;
        return std::any_of(messages.begin(), messages.end(), [&](std::int64_t index) {
            const auto found = delivered_.find(index);
            return found != delivered_.end() && found->second == name;
        });
    }

    // An upper bound of what may lawfully stand against a customer. Reaching the code shows that a
    // face of hers was matched: whoever does that holds a factor.
    void count_factor_holders(const Fact& fact, const SiteView& site) {
        if (fact.kind == FactKind::sms_delivered) delivered_[fact.number] = fact.who;
        if (!site.visit.open || !site.visit.face) return;
        Suspicion& suspicion = suspicions_[site.visit.customer];
        switch (fact.kind) {
            case FactKind::code_typed:
                if (!fact.what.empty()) {
                    if (!good_authenticator_code(fact, site, suspicion)) ++suspicion.failures;
                    return;
                }
                if (fact.number == 0 || site.visit.messages.empty() ||
                    fact.number != site.visit.messages.back()) {
                    ++suspicion.failures;
                }
                return;
            case FactKind::face_observed:
                // A frame that shows too little of a face is never a failure.
                if (!site.visit.codes.empty() && !scene_.matches(fact) &&
                    (fact.what == "good" || fact.what == "not_live")) {
                    ++suspicion.failures;
                }
                return;
            case FactKind::finger_observed:
                // An image that could not be read is never a failure.
                if (fact.what == "good" || fact.what == "no_match" || fact.what == "not_live") {
                    if (!scene_.finger_matches(site, site.visit.customer, fact)) {
                        ++suspicion.failures;
                    }
                }
                return;
            case FactKind::sms_submitted: suspicion.codes.push_back(fact.at); return;
            case FactKind::strike_energised:
                if (fact.what == "pulse") suspicion.failures = 0;
                return;
            default: return;
        }
    }

    // Her own, asked for, and later than any that was typed before.
    [[nodiscard]] bool good_authenticator_code(const Fact& fact, const SiteView& site,
                                               Suspicion& suspicion) const {
        const Person* owner = scene_.person(fact.what);
        const bool hers = owner != nullptr && owner->customer == site.visit.customer;
        if (!hers || !site.visit.by_authenticator || fact.number <= suspicion.half_minute) {
            return false;
        }
        suspicion.half_minute = fact.number;
        return true;
    }

    void look_at_clock(Instant now) {
        for (auto at = attempts_.begin(); at != attempts_.end();) {
            const Attempt& attempt = at->second;
            if (attempt.since && now - *attempt.since > limits::service) {
                judge(at->first, attempt, *attempt.since + limits::service);
                at = attempts_.erase(at);
            } else {
                ++at;
            }
        }
    }

    void judge(const std::string& name, const Attempt& attempt, Instant at) {
        Suspicion& suspicion = suspicions_[attempt.customer];
        auto& codes = suspicion.codes;
        while (!codes.empty() && at - codes.front() >= limits::day) codes.pop_front();
        const bool owed = suspicion.failures < limits::penalty_from &&
                          codes.size() < static_cast<std::size_t>(limits::codes_per_day);
        if (!owed) return;
        const bool refused = attempt.refused_until > *attempt.since;
        broken(at, name + " could not open her locker within 180 s" +
                       (refused ? ": she was refused, and nothing that she or a holder of one of "
                                  "her factors did explains it"
                                : ""));
    }

    Scene scene_;
    std::map<std::string, Attempt, std::less<>> attempts_;  // by name
    std::map<std::int64_t, Suspicion> suspicions_;          // by customer
    std::map<std::int64_t, std::string> delivered_;         // messages, and into whose hand
    std::set<std::uint32_t> emptied_;                       // sites
};

}  // namespace

std::unique_ptr<Checker> service_checker(const Reference& reference) {
    return std::make_unique<ServiceChecker>(reference);
}

}  // namespace strongroom::checkers
