// I1: what has to be so when the bolt can move. I8: a code opens once.
#include "checkers.h"
#include "scene.h"

namespace strongroom::checkers {
namespace {

using sim::Fact;
using sim::FactKind;

bool is_pulse(const Fact& fact) {
    return fact.kind == FactKind::strike_energised && fact.what == "pulse";
}

// Who opens is read from the world: who stands there, whose phone, whose hand.
class PresenceChecker final : public Checker {
public:
    explicit PresenceChecker(const Reference& reference)
        : Checker(Invariant::no_open, "I1a"), scene_(reference) {}

    void see(const Fact& fact) override {
        scene_.see(fact);
        if (fact.kind == FactKind::bolt_withdrawn) judge_bolt(fact);
        if (fact.kind == FactKind::door_opened && fact.what == "pulled") {
            judge_hand(fact, "pulled the door open");
        }
        if (fact.kind == FactKind::contents_taken) {
            const SiteView& site = scene_.site(fact.site);
            if (site.door_opened_by_way == "pulled")
                judge_hand(fact, "took what was in the locker");
        }
    }
    void finish(Instant) override {}

private:
    void judge_bolt(const Fact& fact) {
        const SiteView& site = scene_.site(fact.site);
        const std::string& there = site.presenter;
        if (there.empty()) {
            broken(fact.at, "the bolt was withdrawn and nobody stood before the camera");
            return;
        }
        if (!scene_.rightful(there, site)) {
            const bool entitled = scene_.holds_locker(there, site.locker);
            broken(fact.at, "the bolt was withdrawn for " + there + ", who is not " +
                                (entitled ? "willing" : "entitled to this locker"));
            return;
        }
        if (!site.bona_fide || site.shown != there) {
            broken(fact.at, "the bolt was withdrawn for an artefact that " + there + " held up");
            return;
        }
        for (const std::string& presenter : site.visit.presenters) {
            if (presenter != there) {
                broken(fact.at, "the bolt was withdrawn for " + there + " on frames of " +
                                    (presenter.empty() ? "nobody" : presenter));
                return;
            }
        }
        judge_hands(fact, site);
    }

    void judge_hands(const Fact& fact, const SiteView& site) {
        const std::string& there = site.presenter;
        const TypedCode* code = scene_.code_behind(site);
        if (code == nullptr || code->who != there) {
            broken(fact.at, "the bolt was withdrawn for " + there + " and the code was typed by " +
                                (code == nullptr ? "nobody" : code->who));
            return;
        }
        const LaidFinger& finger = site.visit.finger_laid;
        const bool hers = finger.who == there && finger.whose == there && finger.living;
        if (site.fingers && !hers) {
            std::string what = "a finger of " + (finger.whose.empty() ? "nobody" : finger.whose);
            if (!finger.living) what = "a cast of " + what;
            broken(fact.at, "the bolt was withdrawn for " + there + " on " + what +
                                " laid down by " + (finger.who.empty() ? "nobody" : finger.who));
            return;
        }
        if (!site.keyless && fact.who != there) {
            broken(fact.at, "the bolt was withdrawn for " + there + " and the key was turned by " +
                                (fact.who.empty() ? "nobody" : fact.who));
        }
    }

    // The bolt has moved already: now it matters that she is still there.
    void judge_hand(const Fact& fact, const std::string& did) {
        const SiteView& site = scene_.site(fact.site);
        if (scene_.rightful(fact.who, site)) return;
        broken(fact.at, fact.who + ", who is not the willing customer of this locker, " + did);
    }

    Scene scene_;
};

// Which steps were taken is read from the wires.
class PolicyChecker final : public Checker {
public:
    explicit PolicyChecker(const Reference& reference)
        : Checker(Invariant::no_open, "I1b"), scene_(reference) {}

    void see(const Fact& fact) override {
        scene_.see(fact);
        if (!is_pulse(fact)) return;
        const SiteView& site = scene_.site(fact.site);
        const std::string missing = missing_step(site);
        if (!missing.empty()) broken(fact.at, "the strike was released " + missing);
        if (const TypedCode* code = scene_.code_behind(site)) used_.insert(*code);
    }
    void finish(Instant) override {}

private:
    [[nodiscard]] std::string missing_step(const SiteView& site) const {
        const Visit& visit = site.visit;
        if (!visit.open) return "and no visit was under way";
        if (visit.locker != site.locker) return "for another locker than the one claimed";
        if (!visit.face || (visit.code_step && *visit.code_step < *visit.face)) {
            return visit.matched || !visit.demands.empty()
                       ? "without two different gestures that she was asked for and performed"
                       : "without two consecutive matching frames before the code";
        }
        if (site.fingers &&
            (!visit.finger || (visit.code_step && *visit.code_step < *visit.finger))) {
            return "without her finger, matched in her own slot after the face and before the code";
        }
        const TypedCode* code = scene_.right_code(site);
        if (code == nullptr) {
            return "without a code that was sent in this visit to the customer's phone, typed "
                   "after her face was seen and within 120 s, or was her authenticator's of now "
                   "while no message had arrived";
        }
        if (used_.contains(*code)) return "with a code that had opened before";
        Instant last_factor = code->at;
        if (!site.keyless) {
            if (!visit.key || *visit.key + limits::slack < code->at) {
                return "without the key turned after the code";
            }
            last_factor = *visit.key;
        }
        if (!visit.last_match || *visit.last_match < last_factor) {
            return "without a matching frame after the last factor";
        }
        return {};
    }

    Scene scene_;
    UsedCodes used_;
};

class CodesChecker final : public Checker {
public:
    explicit CodesChecker(const Reference& reference)
        : Checker(Invariant::once, "I8"), scene_(reference) {}

    void see(const Fact& fact) override {
        scene_.see(fact);
        if (!is_pulse(fact)) return;
        const SiteView& site = scene_.site(fact.site);
        const TypedCode* code = scene_.code_behind(site);
        if (code == nullptr) return;  // I1b's matter
        const std::string number = code->authenticator.empty()
                                       ? "the code of message " + std::to_string(code->message)
                                       : "a code of the authenticator of " + code->authenticator;
        if (used_.contains(*code)) broken(fact.at, number + " opened a second time");
        used_.insert(*code);
        const Person* owner = scene_.person(code->authenticator);
        if (owner != nullptr && owner->customer != site.visit.customer) {
            broken(fact.at, number + " opened for another customer");
        }
        const Message* sent = scene_.message(code->message);
        if (sent == nullptr) return;
        if (sent->site != fact.site) {
            broken(fact.at, number + " opened at " + site.name + ", for which it was not sent");
        } else if (sent->customer != site.visit.customer) {
            broken(fact.at, number + " opened for another customer than it was sent for");
        } else if (sent->visit != site.visit.serial) {
            broken(fact.at, number + " opened in another visit than it was sent for");
        }
    }
    void finish(Instant) override {}

private:
    Scene scene_;
    UsedCodes used_;
};

}  // namespace

std::unique_ptr<Checker> presence_checker(const Reference& reference) {
    return std::make_unique<PresenceChecker>(reference);
}
std::unique_ptr<Checker> policy_checker(const Reference& reference) {
    return std::make_unique<PolicyChecker>(reference);
}
std::unique_ptr<Checker> codes_checker(const Reference& reference) {
    return std::make_unique<CodesChecker>(reference);
}

}  // namespace strongroom::checkers
