// The drivers of GPIO lines on the kernel's simulated chips. What is observed is read from the
// simulation's own files in sysfs, never from libgpiod.
#include <chrono>
#include <thread>

#include "pi/gpio_contacts.h"
#include "pi/gpio_siren.h"
#include "pi/gpio_strike.h"
#include "pi/guarded_strike.h"
#include "pi/support/gpio_sim.h"
#include "pi/support/guard_process.h"
#include "pi/support/remote_strike.h"
#include "pi/support/virtual_camera.h"
#include "pi/system.h"
#include "pi/v4l2_camera.h"
#include "rigs/rigs.h"

namespace strongroom::conformance {
namespace {

using namespace std::chrono_literals;
using test::GpioSim;
using test::RemoteStrike;

constexpr Duration longest_hold = 2s;

// A contact to ground that a resistor in the chip pulls up.
[[nodiscard]] pi::GpioLineConfig contact(const GpioSim& chip, unsigned offset) {
    return {chip.label(), offset, {}, true, pi::Bias::pull_up};
}

// Relay, bolt and monitor contact as the wiring makes them.
class Bolt {
public:
    explicit Bolt(bool active_low) : active_low_(active_low) { rest(); }

    [[nodiscard]] GpioSim& chip() { return chip_; }
    [[nodiscard]] pi::GpioLineConfig relay() const {
        return {chip_.label(), relay_line, {}, active_low_, pi::Bias::as_is};
    }
    [[nodiscard]] pi::GpioLineConfig monitor() const { return contact(chip_, monitor_line); }

    void weld() {
        welded_ = true;
        move();
    }
    // The world goes on by an instant: the bolt follows the relay, the contact follows the bolt.
    bool move() {
        const bool energised = chip_.live() && chip_.high(relay_line) != active_low_;
        stuck_ = stuck_ || (energised && welded_);
        const bool released = energised || stuck_;
        chip_.pull(monitor_line, released);  // the contact closes to ground when secured
        return released;
    }
    void pass(Duration span) {
        const auto until = std::chrono::steady_clock::now() + span;
        while (std::chrono::steady_clock::now() < until) {
            move();
            std::this_thread::sleep_for(1ms);
        }
        move();
    }
    void unplug() { chip_.unplug(); }
    void plug() {
        chip_.plug();
        rest();
        move();
    }

private:
    // What holds the relay's input while nobody drives it.
    void rest() { chip_.pull(relay_line, active_low_); }

    static constexpr unsigned relay_line = 1;
    static constexpr unsigned monitor_line = 2;
    GpioSim chip_{{"OTHER", "RELAY", "MONITOR"}};
    bool active_low_;
    bool welded_ = false;
    bool stuck_ = false;
};

// What both ways to a strike have in common. The controller is a process of its own.
class PiStrikeRig : public StrikeRig {
public:
    explicit PiStrikeRig(bool active_low) : bolt_(active_low) {}
    hal::Strike& device() override { return *strike_; }
    void advance(Duration span) override { bolt_.pass(span); }
    StrikeObserved observed() override { return {bolt_.move()}; }
    [[nodiscard]] bool can(Capability c) const override {
        return c == Capability::unplug || c == Capability::weld || c == Capability::process_death;
    }
    void unplug() override { bolt_.unplug(); }
    void plug() override { bolt_.plug(); }
    void weld() override { bolt_.weld(); }
    void kill_process() override { strike_->kill(); }
    void destroy() override { strike_->destroy(); }

protected:
    Bolt bolt_;
    std::unique_ptr<RemoteStrike> strike_;
};

class OwnStrikeRig final : public PiStrikeRig {
public:
    explicit OwnStrikeRig(bool active_low) : PiStrikeRig(active_low) {
        strike_ = std::make_unique<RemoteStrike>([this] {
            return std::make_unique<pi::GpioStrike>(
                pi::GpioStrikeConfig{bolt_.relay(), bolt_.monitor(), longest_hold});
        });
    }
    ~OwnStrikeRig() override { strike_.reset(); }  // before its chip
};

class GuardedStrikeRig final : public PiStrikeRig {
public:
    explicit GuardedStrikeRig(bool active_low)
        : PiStrikeRig(active_low), guard_(bolt_.relay(), longest_hold) {
        strike_ = std::make_unique<RemoteStrike>([this] {
            return std::make_unique<pi::GuardedStrike>(
                pi::GuardedStrikeConfig{guard_.socket(), bolt_.monitor()});
        });
    }
    ~GuardedStrikeRig() override { strike_.reset(); }
    void plug() override {
        PiStrikeRig::plug();
        guard_.start();  // which systemd does
    }

private:
    test::GuardProcess guard_;
};

// `unplug` breaks the wire, or takes the whole chip away.
enum class Loss : std::uint8_t { wire, chip };

template <class HalDevice, class PiDevice>
class PiContactRig final : public ContactRig<HalDevice> {
public:
    // `closes`: acting closes the circuit.
    PiContactRig(bool closes, Loss loss) : closes_(closes), loss_(loss) { apply(); }
    HalDevice& device() override { return device_; }
    void advance(Duration span) override { std::this_thread::sleep_for(span); }
    void act(bool acted) override {
        acted_ = acted;
        apply();
    }
    ContactObserved observed() override { return {chip_.high(line) != closes_}; }
    [[nodiscard]] Duration settles_within() const override { return 10ms; }
    [[nodiscard]] bool can(Capability c) const override { return c == Capability::unplug; }
    void unplug() override {
        if (loss_ == Loss::chip) return chip_.unplug();
        broken_ = true;
        apply();
    }
    void plug() override {
        if (loss_ == Loss::chip) chip_.plug();
        broken_ = false;
        // The driver asks for its line, which sets the resistor; then the wire wins.
        static_cast<void>(read());
        apply();
    }

private:
    [[nodiscard]] Result<bool> read() {
        if constexpr (std::is_same_v<HalDevice, hal::KeySwitch>) return device_.turned();
        if constexpr (std::is_same_v<HalDevice, hal::DoorContact>) return device_.open();
        if constexpr (std::is_same_v<HalDevice, hal::TamperLoop>) return device_.intact();
        if constexpr (std::is_same_v<HalDevice, hal::ExitButton>) return device_.pressed();
    }
    void apply() {
        const bool closed = !broken_ && acted_ == closes_;
        chip_.pull(line, !closed);
    }

    static constexpr unsigned line = 3;
    bool closes_;
    Loss loss_;
    bool acted_ = false;
    bool broken_ = false;
    GpioSim chip_{{"A", "B", "C", "CONTACT"}};
    PiDevice device_{contact(chip_, line)};
};

// A lamp for each alarm.
class PiSirenRig final : public SirenRig {
public:
    hal::Siren& device() override { return siren_; }
    void advance(Duration span) override { std::this_thread::sleep_for(span); }
    SirenObserved observed() override {
        SirenObserved seen;
        for (std::size_t i = 0; i < all_alarms.size(); ++i) {
            if (chip_.high(static_cast<unsigned>(i))) seen.raised.push_back(all_alarms[i]);
        }
        return seen;
    }
    [[nodiscard]] bool can(Capability c) const override { return c == Capability::unplug; }
    void unplug() override { chip_.unplug(); }
    void plug() override { chip_.plug(); }

private:
    [[nodiscard]] static std::vector<std::string> names() {
        std::vector<std::string> all;
        for (const Alarm alarm : all_alarms) all.emplace_back(to_string(alarm));
        return all;
    }
    [[nodiscard]] std::vector<pi::AlarmOutput> outputs() const {
        std::vector<pi::AlarmOutput> all;
        for (const Alarm alarm : all_alarms) {
            // By the lines' names here, by offset elsewhere.
            all.push_back({{chip_.label(), std::nullopt, std::string(to_string(alarm))}, {alarm}});
        }
        return all;
    }
    GpioSim chip_{names()};
    pi::GpioSiren siren_{outputs()};
};

// The kernel's virtual camera. Unplugging takes the whole device away, also from who has it open.
class PiCameraRig final : public CameraRig {
public:
    hal::Camera& device() override { return camera_; }
    void advance(Duration span) override { std::this_thread::sleep_for(span); }
    CameraObserved observed() override { return {}; }
    [[nodiscard]] Duration frame_interval() const override { return 200ms; }
    [[nodiscard]] bool can(Capability c) const override { return c == Capability::unplug; }
    void unplug() override { vivid_.unplug(); }
    void plug() override { vivid_.plug(); }

private:
    test::VirtualCamera vivid_;
    pi::SystemClock clock_;
    pi::V4l2Camera camera_{{vivid_.device(), 320, 180, 5}, clock_};
};

template <class HalDevice, class PiDevice>
void add_contact(std::vector<Maker<ContactRig<HalDevice>>>& makers, bool closes,
                 const std::string& absent) {
    using Made = PiContactRig<HalDevice, PiDevice>;
    makers.push_back(
        {"pi gpio", [closes] { return std::make_unique<Made>(closes, Loss::wire); }, absent});
    makers.push_back({"pi gpio, chip removed",
                      [closes] { return std::make_unique<Made>(closes, Loss::chip); }, absent});
}

}  // namespace

void add_pi(Registry& registry) {
    const std::string absent = GpioSim::absent();
    for (const bool active_low : {false, true}) {
        const std::string wiring = active_low ? ", active low" : "";
        registry.strikes.push_back(
            {"pi gpio" + wiring,
             [active_low] { return std::make_unique<OwnStrikeRig>(active_low); }, absent});
        registry.strikes.push_back(
            {"pi guarded gpio" + wiring,
             [active_low] { return std::make_unique<GuardedStrikeRig>(active_low); }, absent});
    }
    add_contact<hal::KeySwitch, pi::GpioKeySwitch>(registry.key_switches, true, absent);
    add_contact<hal::DoorContact, pi::GpioDoorContact>(registry.door_contacts, false, absent);
    add_contact<hal::TamperLoop, pi::GpioTamperLoop>(registry.tamper_loops, false, absent);
    add_contact<hal::ExitButton, pi::GpioExitButton>(registry.exit_buttons, true, absent);
    registry.sirens.push_back({"pi gpio", [] { return std::make_unique<PiSirenRig>(); }, absent});
    registry.cameras.push_back(
        {"pi V4L2", [] { return std::make_unique<PiCameraRig>(); }, test::VirtualCamera::absent()});
}

}  // namespace strongroom::conformance
