// A scenario as it was read from its file: who is there, what they do when, which defences are to
// be taken away, and what is to be seen. A value without behaviour; player.h plays it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "scenarios/outcome.h"
#include "sim/facts.h"
#include "sim/fault_plan.h"
#include "yaml/place.h"

namespace strongroom::scenarios {

using yaml::Place;

enum class PolicyName : std::uint8_t { locker, locker_keyless, atm_access };
[[nodiscard]] std::string_view to_string(PolicyName policy);

struct CastMember {
    Place place;
    std::string name;
    std::optional<std::uint64_t> customer;  // her number; none for a stranger
    std::optional<std::uint64_t> locker;    // which she holds
    bool phone = false;                     // has one of her own
    bool key = false;                       // has one, to her locker
    bool willing = true;
    bool enrolled = true;        // a customer's face is on record
    bool authenticator = false;  // on her phone, and enrolled
    // What she got hold of beforehand, by its owner's name.
    std::vector<std::string> keys;    // a copy
    std::vector<std::string> phones;  // the phone itself
    std::vector<std::string> faces;   // an artefact that passes for a living face
    // For level `images`: photographs, relative to the directory of images.
    std::vector<std::string> enrolment;    // whose templates are stored
    std::vector<std::string> photographs;  // what a camera sees of her
};

struct SiteDeclaration {
    Place place;
    std::string name;
    std::uint64_t locker = 0;
    std::uint64_t terminal = 0;
};

// What speaks to a provider of short messages: nothing but a model of gateway, network and reports
// as a whole, or a production driver, whose provider is emulated at its wire.
enum class SmsProtocol : std::uint8_t { none, twilio, fast2sms };

// The strikes stand on pins of a board, and are worked by the production drivers.
struct StrikeDeclaration {
    enum class Driver : std::uint8_t {
        guard,  // the line is held by strongroom-guard
        gpio,   // by the controller itself
    };
    Driver driver = Driver::guard;
    std::string board;        // raspberry-pi-5
    unsigned line = 0;        // of its header: the relay
    bool active_low = false;  // the relay board
};

struct GatewayDeclaration {
    std::string name;
    SmsProtocol protocol = SmsProtocol::none;
};

// A call of the first site's devices, or of the store, that goes wrong.
struct FaultDeclaration {
    Place place;
    sim::FaultRule rule;
};

// Something that happens in the world. Empty fields match everything.
struct Trigger {
    sim::FactKind kind{};
    std::string who;
    std::string what;
};

using Arguments = std::map<std::string, std::string, std::less<>>;

// One thing that somebody does. The steps of one actor come one after another; those of different
// actors run beside each other.
struct Step {
    Place place;
    std::string actor;           // of the cast, or "world"
    std::string does;            // a name of action_table()
    std::optional<Duration> at;  // not before this time since the start
    std::optional<Trigger> on;   // not before this has happened since the actor's last step ended
    Duration after{};            // and this much later
    Arguments with;              // checked against the action's own
};

// How a defence is taken away.
struct Removal {
    enum class Kind : std::uint8_t { value, part, mutant };
    Kind kind{};
    std::vector<std::pair<std::string, std::string>> values;  // setting and value, as written
    std::vector<std::string> parts;                           // names of part_names()
    std::string mutant;                                       // scenarios/mutants/NAME.patch
};

struct Defence {
    Place place;
    std::string name;
    Removal removed_by;
};

// What must, and what must not, be seen in the defended arm: "alarm:key_early", "audit:locked_out",
// "prompt:see_staff", or the kind of a fact.
struct Expectation {
    std::vector<std::string> observed;
    std::vector<std::string> not_observed;
};

struct Scenario {
    std::string file;  // as it was given
    std::string id;
    std::string title;
    std::string story;
    Invariant attacks = Invariant::no_open;
    bool honest = false;
    std::vector<Reference> references;
    PolicyName policy = PolicyName::locker;
    // The fingerprint sensors are emulated ones behind the production driver, and not scores.
    bool emulated_sensor = false;
    std::optional<StrikeDeclaration> strike;  // none: a strike whose relay has a timer of its own
    std::vector<Level> levels;
    std::uint64_t seed = 1;
    Duration until{};
    std::vector<CastMember> cast;
    std::vector<SiteDeclaration> sites;        // one at least
    std::vector<GatewayDeclaration> gateways;  // one at least, in order of preference
    std::vector<FaultDeclaration> faults;
    std::vector<Step> steps;
    std::vector<Defence> defences;
    Expectation defended;
    // What is left to chance and not staged, to be computed: that guessed codes are right, or that
    // one of the crowd passes for another.
    enum class Chance : std::uint8_t { none, codes, faces } chance = Chance::none;

    // Of light, pose and looks at level render: 0 a passport photograph, 1 as bad as it gets.
    double difficulty = 0.3;
    // The false match rate at the arm's threshold, over all pairs of so many people: its upper
    // bound breaks I1 when it is over the target. Measured at level render alone.
    struct FalseMatchRate {
        std::uint64_t people = 0;
        double target = 0;
    };
    std::optional<FalseMatchRate> false_match_rate;

    [[nodiscard]] const CastMember* member(std::string_view name) const;
    [[nodiscard]] bool available(Level level) const;
};

}  // namespace strongroom::scenarios
