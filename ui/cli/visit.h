// One visit to a simulated strongroom, by the real core: what the `visit` command plays.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/policy.h"
#include "base/secret.h"
#include "hal/face_observer.h"
#include "sim/device_set.h"
#include "store/records.h"
#include "terminal/terminal.h"

namespace strongroom::cli {

// A person at the terminal answers these. In virtual time: what she takes to answer passes.
class Visitor {
public:
    virtual ~Visitor() = default;
    // Her phone shows `message`; the terminal wants a code. The digits to type; "resend" for
    // another code; empty to give up.
    virtual std::string code(const std::string& message, const std::string& digits) = 0;
    // No message can be sent; her authenticator shows `digits`. What to type; empty to give up.
    virtual std::string authenticator_code(const std::string& digits) = 0;
    // Whether she turns her key.
    virtual bool turn_key() = 0;
    // Virtual time that her last answer took.
    virtual Duration taken() = 0;
};

// What she lays on the fingerprint sensor.
enum class ShownFinger : std::uint8_t { own, strangers, cast };

struct VisitSetup {
    auth::Policy policy;
    CustomerId customer;
    LockerId locker;
    std::string phone;                // her number, as enrolled: where the simulated phone listens
    std::uint64_t face_identity = 1;  // whose face the simulated camera sees (level scores)
    // Where the sensor of a policy that asks for a finger holds the customer's; none: nowhere.
    std::optional<FingerSlot> finger_slot{};
    ShownFinger finger = ShownFinger::own;
    std::uint64_t seed = 1;  // of the simulated world
    Key256 code_key;
    hal::Entropy* entropy = nullptr;  // for codes; null: the seed's
    WallTime start = sim::VirtualClock::default_start;
    std::ostream* out = nullptr;  // tells the story; null: silent
    bool real_time = false;       // as fast as the wall clock, for a webcam
    bool no_sms = false;          // no provider can be reached
    // On her phone, as the store has it.
    std::optional<auth::AuthenticatorSeed> authenticator;
    // What the terminal is given in place of the world's devices, such as themselves with somebody
    // who takes notes before them; null: themselves. What it returns outlives the stage.
    std::function<hal::Devices(const hal::Devices&)> through;
    TraceSink* trace = nullptr;  // of the terminal; outlives the stage
};

// The sensor of a simulated terminal, in the store's records.
inline constexpr SensorId simulated_sensor{1};

struct VisitResult {
    bool opened = false;  // the world's door, not the session's opinion
    std::string last_prompt;
    Duration played{};               // virtual time
    std::vector<std::string> story;  // a line an event, as told
};

// Composes a world of one site, runs the visit to its end and tells it. `make_face` makes the face
// observer over the composed world; null takes `scores`.
class VisitStage {
public:
    using MakeFace = std::function<std::unique_ptr<hal::FaceObserver>(
        sim::World&, sim::SiteId, sim::PersonId visitor, const hal::Clock&)>;
    VisitStage(VisitSetup setup, store::Records& records, const sim::ScoreModel* scores,
               MakeFace make_face);
    ~VisitStage();
    VisitStage(const VisitStage&) = delete;
    VisitStage& operator=(const VisitStage&) = delete;

    [[nodiscard]] VisitResult play(Visitor& visitor);

private:
    void request_step(Instant when);
    // Runs what comes next; false when nothing ever does.
    bool run_next();
    void run_for(Duration span);
    void tell(const sim::Fact& fact);
    void say(const std::string& line);
    // False when the visit is over.
    bool answer(const std::string& prompt, Visitor& visitor);
    void type_code(Visitor& visitor);
    void store_finger();
    void lay_finger();
    void type_authenticator_code(Visitor& visitor);
    void turn_key(Visitor& visitor);
    void open_door();

    VisitSetup setup_;
    sim::Scheduler scheduler_;
    sim::World world_;
    sim::SmsNetwork network_;
    sim::PersonId person_;
    sim::PersonId owner_;  // whose finger the sensor holds; the visitor herself, or not
    sim::PhoneId phone_;
    sim::KeyId key_;
    sim::SiteId site_;
    std::unique_ptr<hal::Clock> clock_;  // the terminal's; reads the scheduler's time
    std::unique_ptr<hal::FaceObserver> face_;
    std::optional<sim::DeviceSet> devices_;
    std::optional<terminal::Terminal> terminal_;
    sim::Scheduler::Handle step_;
    Instant step_at_ = never;
    std::uint64_t read_ = 0;             // the newest message that she has used
    std::optional<std::string> prompt_;  // the newest that has not been answered
    bool by_authenticator_ = false;      // its code is asked for
    std::int64_t prompt_seconds_ = 0;    // that the newest prompt states; 0: none
    VisitResult result_;
};

}  // namespace strongroom::cli
