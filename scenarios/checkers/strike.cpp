// I7: a fault, a crash, a power loss or a restart ends locked; every pulse is bounded.
#include <map>

#include "checkers.h"
#include "scene.h"

namespace strongroom::checkers {
namespace {

using sim::Fact;
using sim::FactKind;

class StrikeChecker final : public Checker {
public:
    explicit StrikeChecker(const Reference& reference)
        : Checker(Invariant::locked, "I7"), scene_(reference) {}

    void see(const Fact& fact) override {
        look_at_clock(fact.at);
        scene_.see(fact);
        if (fact.site == 0) return;
        const SiteView& site = scene_.site(fact.site);
        switch (fact.kind) {
            case FactKind::strike_energised: energised(fact, site); return;
            case FactKind::strike_released:
                bounded_.erase(fact.site);
                unpowered_.erase(fact.site);
                if (site.bolt_withdrawn && !site.door_open) bolt_due_[fact.site] = fact.at;
                return;
            case FactKind::power_lost:
                if (site.energised) unpowered_[fact.site] = fact.at;
                return;
            case FactKind::door_closed:
                if (site.bolt_withdrawn && !site.energised) bolt_due_[fact.site] = fact.at;
                return;
            case FactKind::bolt_thrown: bolt_due_.erase(fact.site); return;
            case FactKind::door_opened: bolt_due_.erase(fact.site); return;
            default: return;
        }
    }

    void finish(Instant end) override { look_at_clock(end); }

private:
    void energised(const Fact& fact, const SiteView& site) {
        bolt_due_.erase(fact.site);
        if (!site.powered && fact.what != "weld") {
            broken(fact.at, "the strike was released without power");
        }
        if (fact.what == "glitch") {
            broken(fact.at, "the strike was released by the line's own glitch, not by a decision");
        } else if (fact.what == "weld") {
            bounded_.erase(fact.site);  // I6 watches over welded contacts
        } else {
            bounded_[fact.site] = fact.at;
            if (!site.running) broken(fact.at, "the strike was released while nothing was running");
        }
    }

    // What should have happened before `now` and has not.
    void look_at_clock(Instant now) {
        for (auto at = bounded_.begin(); at != bounded_.end();) {
            if (now - at->second > limits::pulse) {
                broken(at->second + limits::pulse, "the strike was still released " +
                                                       in_seconds(limits::pulse) +
                                                       " after its pulse began");
                at = bounded_.erase(at);
            } else {
                ++at;
            }
        }
        for (auto at = unpowered_.begin(); at != unpowered_.end();) {
            if (now > at->second) {
                broken(at->second, "the strike stayed released when the power went");
                at = unpowered_.erase(at);
            } else {
                ++at;
            }
        }
        for (auto at = bolt_due_.begin(); at != bolt_due_.end();) {
            if (now - at->second > limits::stuck) {
                broken(at->second, "the bolt was not thrown behind a closed door");
                at = bolt_due_.erase(at);
            } else {
                ++at;
            }
        }
    }

    Scene scene_;
    std::map<std::uint32_t, Instant> bounded_;    // site, and when its pulse began
    std::map<std::uint32_t, Instant> unpowered_;  // energised when the power went
    std::map<std::uint32_t, Instant> bolt_due_;
};

}  // namespace

std::unique_ptr<Checker> strike_checker(const Reference& reference) {
    return std::make_unique<StrikeChecker>(reference);
}

}  // namespace strongroom::checkers
