// Scene: who is who, who stands where, and how far each visit has come, from facts alone.
//
// It keeps what has been seen on the wires; whether that was enough is the checkers' judgement,
// made with the limits below. These are the reference policy, written a second time on purpose:
// nothing here is shared with the decision it judges. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "checkers/checker.h"
#include "sim/facts.h"

namespace strongroom::checkers {

namespace limits {
inline constexpr int frames_required = 2;
inline constexpr Duration gesture_window = std::chrono::seconds(4);
inline constexpr Duration code_lifetime = std::chrono::seconds(120);
inline constexpr Duration half_minute = std::chrono::seconds(30);  // of an authenticator's code
inline constexpr Duration key_window = std::chrono::seconds(30);
inline constexpr Duration visit = std::chrono::seconds(240);
inline constexpr Duration pulse = std::chrono::seconds(6);
inline constexpr Duration alarm = std::chrono::seconds(2);
inline constexpr Duration opening_grace = std::chrono::seconds(10);
inline constexpr Duration held_open = std::chrono::minutes(3);
inline constexpr Duration stuck = std::chrono::seconds(1);
inline constexpr Duration service = std::chrono::seconds(180);
inline constexpr Duration day = std::chrono::hours(24);
inline constexpr int codes_per_day = 10;
inline constexpr int mismatches_per_day = 10;
// The least score of a sensor that counts as a match.
inline constexpr double finger_score_min = 50;
inline constexpr int penalty_from = 3;
inline constexpr Duration first_penalty = std::chrono::minutes(5);
inline constexpr int staff_only_from = 10;
// What waiting for the store, debouncing a contact and carrying an entry to the terminal may add to
// a window before it counts as exceeded.
inline constexpr Duration slack = std::chrono::milliseconds(500);
// And to a visit, whose end waits for the store.
inline constexpr Duration visit_slack = std::chrono::seconds(12);
}  // namespace limits

struct Person {
    std::int64_t customer = 0;
    bool willing = false;
    std::uint32_t at = 0;  // site, 0 away
};

struct Message {
    std::uint32_t site = 0;
    std::uint64_t visit = 0;    // serial of the visit that it was sent in; 0 none
    std::string owner;          // of the phone that the number reached
    std::int64_t customer = 0;  // claimed in that visit
    Instant submitted{};
    std::optional<Instant> delivered;
};

struct TypedCode {
    Instant at{};
    std::string who;
    std::int64_t message = 0;   // 0: of none
    std::string authenticator;  // whose; empty: of none
    std::int64_t half_minute = 0;
    Instant begins{};  // the half minute
};

// Which codes have opened. A message's opens once; of an authenticator none does that is of the
// same half minute as one that has, or of an earlier one.
class UsedCodes {
public:
    [[nodiscard]] bool contains(const TypedCode& code) const;
    void insert(const TypedCode& code);

private:
    std::set<std::int64_t> messages_;
    std::map<std::string, std::int64_t, std::less<>> half_minutes_;
};

// A gesture that the screen asked for.
struct Demand {
    Instant at{};
    std::string gesture;
    std::optional<Instant> performed;  // by whoever stood there, within its time
};

// A finger laid on the sensor.
struct LaidFinger {
    std::string who;
    std::string whose;
    bool living = false;
};

// From a claim that was taken up to the prompt that ends it.
struct Visit {
    bool open = false;
    std::uint64_t serial = 0;
    Instant since{};
    std::string claimant;
    std::int64_t customer = 0;
    std::int64_t locker = 0;

    int matches = 0;  // consecutive matching frames of one track
    std::int64_t track = 0;
    bool matched = false;                 // so many of them in a row; gestures may be demanded
    std::vector<Demand> demands;          // since it had matched
    std::optional<Instant> face;          // when the face factor was met
    std::vector<std::string> presenters;  // of every matching frame so far, without repeats
    std::optional<Instant> finger;        // when the finger factor was met
    LaidFinger finger_laid;               // and by which
    std::vector<std::int64_t> messages;   // sent in this visit
    std::vector<TypedCode> codes;
    std::optional<Instant> code_step;  // when it first asked for a code
    bool by_authenticator = false;     // it has asked for the authenticator's
    std::optional<Instant> key_step;   // when it first asked for the key
    std::optional<Instant> key;        // last fitting turn
    std::string key_turner;
    // Since the last factor: the last matching frame, for presence.
    std::optional<Instant> last_match;
    std::string last_match_presenter;
    bool fault = false;  // a fault was injected while it was open
};

struct SiteView {
    std::string name;
    std::int64_t locker = 0;
    bool keyless = false;
    bool fingers = false;                       // its policy asks for a finger
    std::map<std::int64_t, std::string> slots;  // of its sensor: whose finger is where
    LaidFinger laid;                            // the last one
    bool powered = true;
    bool running = true;
    std::string presenter;  // empty: nobody
    std::string shown;      // whose face
    bool bona_fide = false;
    std::int64_t faces = 0;
    bool energised = false;
    std::string energised_by;
    Instant energised_at{};
    bool bolt_withdrawn = false;
    bool door_open = false;
    std::string door_opened_by_way;
    bool enclosure_open = false;
    bool magnet = false;
    bool light_normal = true;
    std::string camera = "own";  // what stands in its place
    bool welded = false;
    std::set<std::string, std::less<>> unplugged;
    std::set<std::string, std::less<>> alarms;
    std::string prompt;
    std::int64_t prompt_seconds = 0;
    double prompt_attempts = 0;
    Visit visit;
};

class Scene {
public:
    explicit Scene(const Reference& reference) : reference_(reference) {}

    void see(const sim::Fact& fact);

    [[nodiscard]] const SiteView& site(std::uint32_t id) const;
    [[nodiscard]] const std::map<std::uint32_t, SiteView>& sites() const { return sites_; }
    // Null when nobody is called that.
    [[nodiscard]] const Person* person(std::string_view name) const;
    [[nodiscard]] const Message* message(std::int64_t index) const;
    [[nodiscard]] bool holds_locker(std::string_view name, std::int64_t locker) const;
    // Entitled to the locker of this site, and willing.
    [[nodiscard]] bool rightful(std::string_view name, const SiteView& site) const;
    // Whether a frame is the customer's by the reference threshold.
    [[nodiscard]] bool matches(const sim::Fact& frame) const;

    // Whether what the sensor said is that the finger of `customer` matched in her own slot.
    [[nodiscard]] bool finger_matches(const SiteView& site, std::int64_t customer,
                                      const sim::Fact& finger) const;

    // The entry that may be taken for the right code: sent in this visit, to a phone of one who
    // holds the locker, typed after the face was met and within its lifetime. Or of the
    // authenticator of one who holds it, of now or half a minute beside it, while no message of
    // this visit has arrived. Null when there is none.
    [[nodiscard]] const TypedCode* right_code(const SiteView& site) const;
    // The same, or failing it the last entry that was some message's code.
    [[nodiscard]] const TypedCode* code_behind(const SiteView& site) const;

private:
    [[nodiscard]] bool right_message(const SiteView& site, const TypedCode& code) const;
    [[nodiscard]] bool right_authenticator(const SiteView& site, const TypedCode& code) const;
    void see_people(const sim::Fact& fact);
    void see_site(SiteView& site, const sim::Fact& fact);
    void see_surroundings(SiteView& site, const sim::Fact& fact);
    void see_frame(SiteView& site, const sim::Fact& fact);
    void see_finger(SiteView& site, const sim::Fact& fact) const;
    void see_prompt(SiteView& site, const sim::Fact& fact);
    void see_demand(Visit& visit, const sim::Fact& fact) const;
    void see_gesture(SiteView& site, const sim::Fact& fact) const;
    [[nodiscard]] bool gestures_performed(const Visit& visit) const;
    void see_claim(SiteView& site, const sim::Fact& fact);
    void begin_visit(SiteView& site, const sim::Fact& claim);

    Reference reference_;
    std::map<std::string, Person, std::less<>> people_;
    std::map<std::uint32_t, SiteView> sites_;
    std::set<std::pair<std::string, std::int64_t>, std::less<>> holders_;
    std::map<std::int64_t, Message> messages_;
    std::set<std::string, std::less<>> authenticators_;   // by their owners
    std::map<std::uint32_t, sim::Fact> doubtful_claims_;  // made while a visit was open
    std::uint64_t visits_ = 0;
};

[[nodiscard]] bool asks_for_gesture(std::string_view prompt);

// "at 12.500 s".
[[nodiscard]] std::string in_seconds(Duration duration);

}  // namespace strongroom::checkers
