// I6: what the alarm table lists raises its alarm within two seconds of its cause in the world.
//
// Only while the terminal has power and runs, and only where the cause can reach it: a contact
// whose cable is cut, or that a magnet holds, shows nothing.
#include <algorithm>
#include <deque>
#include <map>
#include <vector>

#include "checkers.h"
#include "scene.h"

namespace strongroom::checkers {
namespace {

using sim::Fact;
using sim::FactKind;

constexpr std::string_view door_forced = "door_forced";
constexpr std::string_view door_held = "door_held";
constexpr std::string_view strike_stuck = "strike_stuck";
constexpr std::string_view tamper = "tamper";
constexpr std::string_view key_early = "key_early";
constexpr std::string_view camera_lost = "camera_lost";
constexpr std::string_view sms_flood = "sms_flood";
constexpr std::string_view terminal_attack = "terminal_attack";
constexpr std::string_view two_persons = "two_persons";
constexpr std::string_view finger_reader_lost = "finger_reader_lost";
constexpr std::string_view camera_untrusted = "camera_untrusted";

// Between two counted mismatches: the cool-down, and what the store may take.
constexpr Duration mismatch_spacing = std::chrono::milliseconds(700);
constexpr int mismatches_per_visit = 3;

bool looks_for_face(std::string_view prompt) {
    return prompt == "look_at_camera" || prompt == "move_closer" || prompt == "one_person_only" ||
           prompt == "more_light" || prompt == "hold_still" || prompt == "face_forward" ||
           prompt == "open_eyes" || asks_for_gesture(prompt);
}

bool asks_for_finger(std::string_view prompt) {
    return prompt == "place_finger" || prompt == "clean_finger" || prompt == "centre_finger" ||
           prompt == "finger_not_accepted";
}

class AlarmsChecker final : public Checker {
public:
    explicit AlarmsChecker(const Reference& reference)
        : Checker(Invariant::alarm, "I6"), scene_(reference) {}

    void see(const Fact& fact) override {
        look_at_clock(fact.at);
        const SiteView before =
            fact.kind == FactKind::door_opened ? scene_.site(fact.site) : SiteView{};
        scene_.see(fact);
        if (fact.site == 0) return;
        Watched& watched = watched_[fact.site];
        const SiteView& site = scene_.site(fact.site);
        switch (fact.kind) {
            case FactKind::power_lost:
            case FactKind::terminal_died: forget(fact.site); return;
            case FactKind::terminal_started: started(fact, site); return;
            case FactKind::alarm_raised: answered(fact.site, fact.what); return;
            default: break;
        }
        if (!site.powered || !site.running) return;
        see_door(fact, before, watched);
        see_strike(fact, site);
        see_contacts(fact, site);
        see_camera(fact, site);
        see_sensor(fact, site);
        see_replaced_camera(fact, site);
        see_company(fact, site);
        see_requests(fact, site, watched);
        see_mismatches(fact, site, watched);
    }

    void finish(Instant end) override { look_at_clock(end); }

private:
    struct Due {
        std::uint32_t site = 0;
        std::string_view alarm;
        Instant by{};
        std::string cause;
    };
    struct Watched {
        Instant lawful_until = Instant::min();  // a door may open up to here
        bool request = false;                   // a code has been asked for and none sent since
        std::uint64_t visit = 0;                // whose mismatches are counted
        int mismatches = 0;
        Instant last_mismatch{};
    };

    // An alarm that stands already has told people.
    void expect(std::uint32_t site, std::string_view alarm, Instant by, std::string cause) {
        if (scene_.site(site).alarms.contains(alarm)) return;
        const bool waiting = std::any_of(due_.begin(), due_.end(), [&](const Due& due) {
            return due.site == site && due.alarm == alarm;
        });
        if (!waiting) due_.push_back({site, alarm, by, std::move(cause)});
    }
    void withdraw(std::uint32_t site, std::string_view alarm) {
        std::erase_if(due_, [&](const Due& due) { return due.site == site && due.alarm == alarm; });
    }
    void answered(std::uint32_t site, std::string_view alarm) { withdraw(site, alarm); }
    void forget(std::uint32_t site) {
        std::erase_if(due_, [&](const Due& due) { return due.site == site; });
    }
    void look_at_clock(Instant now) {
        for (const Due& due : due_) {
            if (due.by < now) {
                broken(due.by,
                       due.cause + " and " + std::string(due.alarm) + " was not raised in time");
            }
        }
        std::erase_if(due_, [&](const Due& due) { return due.by < now; });
    }

    // What has lasted while nothing watched is found by whoever starts.
    void started(const Fact& fact, const SiteView& site) {
        forget(fact.site);
        watched_[fact.site] = {};
        if (site.enclosure_open && !site.unplugged.contains("tamper_loop")) {
            expect(fact.site, tamper, fact.at + limits::alarm, "the enclosure was open at a start");
        }
        if (site.door_open && !site.magnet && !site.unplugged.contains("door_contact")) {
            expect(fact.site, door_held, fact.at + limits::held_open + limits::alarm,
                   "the door stood open");
        }
    }

    void see_door(const Fact& fact, const SiteView& before, Watched& watched) {
        const SiteView& site = scene_.site(fact.site);
        switch (fact.kind) {
            case FactKind::strike_released:
                watched.lawful_until =
                    std::max(watched.lawful_until, fact.at + limits::opening_grace);
                return;
            case FactKind::exit_pressed:
            case FactKind::exit_released:
                watched.lawful_until =
                    std::max(watched.lawful_until, fact.at + limits::opening_grace);
                return;
            case FactKind::door_opened:
                if (site.magnet || site.unplugged.contains("door_contact")) return;
                if (!before.energised && fact.at > watched.lawful_until + limits::slack) {
                    expect(fact.site, door_forced, fact.at + limits::alarm,
                           "the door opened (" + fact.what + ") without a release");
                }
                expect(fact.site, door_held, fact.at + limits::held_open + limits::alarm,
                       "the door stood open for " + in_seconds(limits::held_open));
                return;
            case FactKind::door_closed: withdraw(fact.site, door_held); return;
            case FactKind::magnet_placed:
                if (site.magnet) withdraw(fact.site, door_held);
                return;
            case FactKind::cable_unplugged:
                if (fact.what == "door_contact") withdraw(fact.site, door_held);
                return;
            default: return;
        }
    }

    void see_strike(const Fact& fact, const SiteView& site) {
        if (fact.kind == FactKind::strike_energised && fact.what != "pulse" &&
            !site.unplugged.contains("bolt_monitor")) {
            expect(fact.site, strike_stuck, fact.at + limits::alarm,
                   "the strike was released (" + fact.what + ") and no pulse was running");
        }
        if (fact.kind == FactKind::strike_released ||
            (fact.kind == FactKind::cable_unplugged && fact.what == "bolt_monitor")) {
            withdraw(fact.site, strike_stuck);  // it did not last
        }
    }

    void see_contacts(const Fact& fact, const SiteView& site) {
        if (fact.kind == FactKind::tamper_opened && !site.unplugged.contains("tamper_loop")) {
            expect(fact.site, tamper, fact.at + limits::alarm, "the enclosure was opened");
        }
        if (fact.kind != FactKind::key_turned || fact.number != 1 || site.keyless ||
            site.unplugged.contains("key_switch")) {
            return;
        }
        const bool code_typed = site.visit.open && scene_.code_behind(site) != nullptr;
        if (!code_typed) {
            expect(fact.site, key_early, fact.at + limits::alarm,
                   "the key was turned before a code had been typed");
        }
    }

    void see_camera(const Fact& fact, const SiteView& site) {
        const bool changed = (fact.kind == FactKind::cable_unplugged && fact.what == "camera") ||
                             fact.kind == FactKind::prompt_shown;
        if (changed && site.visit.open && site.unplugged.contains("camera") &&
            looks_for_face(site.prompt)) {
            expect(fact.site, camera_lost, fact.at + limits::alarm,
                   "the camera was unplugged during a visit");
        }
        if (fact.kind == FactKind::prompt_shown &&
            (fact.what == "cancelled" || fact.what == "timed_out")) {
            withdraw(fact.site, camera_lost);
        }
    }

    void see_sensor(const Fact& fact, const SiteView& site) {
        const bool changed =
            (fact.kind == FactKind::cable_unplugged && fact.what == "fingerprint") ||
            fact.kind == FactKind::prompt_shown;
        if (changed && site.visit.open && site.unplugged.contains("fingerprint") &&
            asks_for_finger(site.prompt)) {
            expect(fact.site, finger_reader_lost, fact.at + limits::alarm,
                   "the fingerprint sensor was unplugged while a finger was awaited");
        }
        if (fact.kind == FactKind::prompt_shown &&
            (fact.what == "cancelled" || fact.what == "timed_out")) {
            withdraw(fact.site, finger_reader_lost);
        }
    }

    // A terminal that looks through another camera than its own, or is given old frames, says so.
    void see_replaced_camera(const Fact& fact, const SiteView& site) {
        const bool looks = site.visit.open && looks_for_face(site.prompt);
        const bool begins = fact.kind == FactKind::prompt_shown ||
                            (fact.kind == FactKind::camera_replaced && fact.what == "recording");
        if (begins && looks && site.camera != "own") {
            expect(
                fact.site, camera_untrusted, fact.at + limits::alarm,
                "frames came from something else than the terminal's camera (" + site.camera + ")");
        }
        const bool over = fact.kind == FactKind::prompt_shown &&
                          (fact.what == "cancelled" || fact.what == "timed_out");
        if (over || (fact.kind == FactKind::camera_replaced && fact.what == "own")) {
            withdraw(fact.site, camera_untrusted);
        }
    }

    // Just before the release nobody stands beside her, or the guards hear of it.
    void see_company(const Fact& fact, const SiteView& site) {
        const bool last_look =
            site.visit.open && site.visit.code_step && looks_for_face(site.prompt);
        const bool seen = site.light_normal && !site.unplugged.contains("camera");
        if (last_look && seen && !site.presenter.empty() && site.faces > 1) {
            expect(fact.site, two_persons, fact.at + limits::alarm,
                   std::to_string(site.faces) + " people stood before a door to be released");
        } else if (!site.energised) {  // a door that was released for both is no way out
            withdraw(fact.site, two_persons);
        }
    }

    // A request is a visit that reached the code, or a press of "again"; a message that a second
    // gateway carries is not another one.
    void see_requests(const Fact& fact, const SiteView& site, Watched& watched) {
        if (fact.kind == FactKind::claimed || fact.kind == FactKind::resend_pressed) {
            watched.request = true;
        }
        if (fact.kind != FactKind::sms_submitted || !watched.request) return;
        watched.request = false;
        auto& sent = sent_[site.visit.customer];
        sent.push_back(fact.at);
        while (!sent.empty() && fact.at - sent.front() >= limits::day) sent.pop_front();
        if (sent.size() > static_cast<std::size_t>(limits::codes_per_day)) {
            expect(fact.site, sms_flood, fact.at + limits::alarm,
                   std::to_string(sent.size()) + " codes were sent for one customer in a day");
        }
    }

    // Counts no more than a terminal that follows the rules does.
    void see_mismatches(const Fact& fact, const SiteView& site, Watched& watched) {
        if (fact.kind != FactKind::face_observed || !site.visit.open || site.visit.face) return;
        if (asks_for_gesture(site.prompt)) return;  // a turned head is like nobody's
        const bool mismatch =
            fact.what == "not_live" || (fact.what == "good" && !scene_.matches(fact));
        if (!mismatch) return;
        if (watched.visit != site.visit.serial) {
            watched.visit = site.visit.serial;
            watched.mismatches = 0;
        }
        if (watched.mismatches >= mismatches_per_visit ||
            (watched.mismatches > 0 && fact.at - watched.last_mismatch < mismatch_spacing)) {
            return;
        }
        ++watched.mismatches;
        watched.last_mismatch = fact.at;
        auto& failed = failed_[{fact.site, site.visit.customer}];
        failed.push_back(fact.at);
        while (!failed.empty() && fact.at - failed.front() >= limits::day) failed.pop_front();
        if (failed.size() >= static_cast<std::size_t>(limits::mismatches_per_day)) {
            expect(fact.site, terminal_attack, fact.at + limits::alarm,
                   std::to_string(failed.size()) + " faces did not match one customer in a day");
        }
    }

    Scene scene_;
    std::map<std::uint32_t, Watched> watched_;
    std::vector<Due> due_;
    std::map<std::int64_t, std::deque<Instant>> sent_;  // of each customer
    std::map<std::pair<std::uint32_t, std::int64_t>, std::deque<Instant>> failed_;
};

}  // namespace

std::unique_ptr<Checker> alarms_checker(const Reference& reference) {
    return std::make_unique<AlarmsChecker>(reference);
}

}  // namespace strongroom::checkers
