// The simulator's rigs: each device bare, and again behind a Faulty<X> whose plan is empty, which
// must not be noticed.
#include <memory>
#include <stdexcept>

#include "rigs/rigs.h"
#include "sim/device_set.h"

namespace strongroom::conformance {
namespace {

using namespace std::chrono_literals;

// A world with one site, one customer and one stranger.
struct Surroundings {
    Surroundings() {
        hers = world.add_key("hers", LockerId{3}, alice);
        world.add_phone("her phone", "+15550100", alice);
        network.add_gateway({});
    }
    sim::Scheduler scheduler{2026};
    sim::World world{scheduler};
    sim::PersonId alice = world.add_person({"alice", CustomerId{1}});
    sim::PersonId mallory = world.add_person({"mallory", {}});
    sim::SiteId site = world.add_site({"vault", TerminalId{1}, LockerId{3}});
    sim::KeyId hers;
    sim::SmsNetwork network{world};
    sim::FaultPlan plan{world, site};
    sim::VirtualClock clock{scheduler, Instant(17s)};
};

// The device bare or behind a decorator.
template <class HalDevice, class SimDevice, class... Extra>
class Subject {
public:
    Subject(bool faulty, sim::FaultPlan& plan, std::unique_ptr<SimDevice> device, Extra&... extra)
        : device_(std::move(device)) {
        if (faulty) {
            faulty_ = std::make_unique<sim::Faulty<HalDevice>>(*device_, plan, extra...);
        }
    }
    [[nodiscard]] HalDevice& get() {
        return faulty_ ? static_cast<HalDevice&>(*faulty_) : *device_;
    }
    void destroy() {
        faulty_.reset();
        device_.reset();
    }

private:
    std::unique_ptr<SimDevice> device_;
    std::unique_ptr<sim::Faulty<HalDevice>> faulty_;
};

// The common part of all rigs: time and the cable.
template <class RigType>
class Common : public RigType {
public:
    explicit Common(sim::Cable cable) : cable_(cable) {}
    void advance(Duration span) override { s_.scheduler.run_for(span); }
    [[nodiscard]] bool can(Capability c) const override { return c == Capability::unplug; }
    void unplug() override { s_.world.unplug(s_.mallory, s_.site, cable_); }
    void plug() override { s_.world.plug(s_.mallory, s_.site, cable_); }

protected:
    [[nodiscard]] const sim::Site& site() const { return s_.world.site(s_.site); }
    Surroundings s_;

private:
    sim::Cable cable_;
};

class SimStrikeRig final : public Common<StrikeRig> {
public:
    explicit SimStrikeRig(bool faulty)
        : Common(sim::Cable::strike),
          subject_(faulty, s_.plan, std::make_unique<sim::Strike>(s_.world, s_.site)) {}
    hal::Strike& device() override { return subject_.get(); }
    StrikeObserved observed() override { return {site().energised}; }
    [[nodiscard]] bool can(Capability c) const override {
        return c == Capability::unplug || c == Capability::weld || c == Capability::process_death;
    }
    void weld() override { s_.world.weld_relay(s_.site); }
    // Nobody touches the device any more; what happens is up to the hardware.
    void kill_process() override {}
    void destroy() override { subject_.destroy(); }

private:
    Subject<hal::Strike, sim::Strike> subject_;
};

template <class HalDevice, class SimDevice>
class SimContactRig : public Common<ContactRig<HalDevice>> {
public:
    SimContactRig(bool faulty, sim::Cable cable)
        : Common<ContactRig<HalDevice>>(cable),
          subject_(faulty, this->s_.plan,
                   std::make_unique<SimDevice>(this->s_.world, this->s_.site)) {}
    HalDevice& device() override { return subject_.get(); }
    [[nodiscard]] Duration settles_within() const override { return 10ms; }

private:
    Subject<HalDevice, SimDevice> subject_;
};

class SimKeySwitchRig final : public SimContactRig<hal::KeySwitch, sim::KeySwitch> {
public:
    explicit SimKeySwitchRig(bool faulty) : SimContactRig(faulty, sim::Cable::key_switch) {}
    void act(bool acted) override {
        // She keeps it turned until she walks away.
        if (acted)
            s_.world.turn_key(s_.alice, s_.site, s_.hers, 1h);
        else
            s_.world.leave(s_.alice);
    }
    ContactObserved observed() override { return {site().key.has_value()}; }
};

class SimDoorContactRig final : public SimContactRig<hal::DoorContact, sim::DoorContact> {
public:
    explicit SimDoorContactRig(bool faulty) : SimContactRig(faulty, sim::Cable::door_contact) {}
    void act(bool acted) override {
        if (acted)
            s_.world.push_door(s_.alice, s_.site);
        else
            s_.world.close_door(s_.alice, s_.site);
    }
    ContactObserved observed() override { return {site().door_open}; }
};

class SimTamperLoopRig final : public SimContactRig<hal::TamperLoop, sim::TamperLoop> {
public:
    explicit SimTamperLoopRig(bool faulty) : SimContactRig(faulty, sim::Cable::tamper_loop) {}
    void act(bool acted) override {
        if (acted)
            s_.world.open_enclosure(s_.mallory, s_.site);
        else
            s_.world.close_enclosure(s_.mallory, s_.site);
    }
    ContactObserved observed() override { return {site().enclosure_open}; }
};

class SimExitButtonRig final : public SimContactRig<hal::ExitButton, sim::ExitButton> {
public:
    explicit SimExitButtonRig(bool faulty) : SimContactRig(faulty, sim::Cable::exit_button) {}
    void act(bool acted) override {
        if (acted)
            s_.world.press_exit(s_.alice, s_.site, held);
        else
            s_.scheduler.run_for(held);
    }
    ContactObserved observed() override { return {site().exit_pressed}; }

private:
    static constexpr Duration held = 1s;
};

class SimKeypadRig final : public Common<KeypadRig> {
public:
    explicit SimKeypadRig(bool faulty)
        : Common(sim::Cable::keypad),
          subject_(faulty, s_.plan, std::make_unique<sim::Keypad>(s_.world, s_.site)) {}
    hal::Keypad& device() override { return subject_.get(); }
    KeypadObserved observed() override { return {site().keypad.size()}; }
    void type(const hal::KeypadEntry& entry) override {
        using Kind = hal::KeypadEntry::Kind;
        switch (entry.kind) {
            case Kind::claim:
                return s_.world.claim(s_.alice, s_.site, entry.customer, entry.locker);
            case Kind::code: return s_.world.type_code(s_.alice, s_.site, entry.digits.reveal());
            case Kind::resend: return s_.world.press_resend(s_.alice, s_.site);
            case Kind::cancel: return s_.world.press_cancel(s_.alice, s_.site);
        }
    }

private:
    Subject<hal::Keypad, sim::Keypad> subject_;
};

class SimDisplayRig final : public Common<DisplayRig> {
public:
    explicit SimDisplayRig(bool faulty)
        : Common(sim::Cable::display),
          subject_(faulty, s_.plan, std::make_unique<sim::Display>(s_.world, s_.site)) {}
    hal::Display& device() override { return subject_.get(); }
    DisplayObserved observed() override { return {site().prompt}; }

private:
    Subject<hal::Display, sim::Display> subject_;
};

class SimSirenRig final : public Common<SirenRig> {
public:
    explicit SimSirenRig(bool faulty)
        : Common(sim::Cable::siren),
          subject_(faulty, s_.plan, std::make_unique<sim::Siren>(s_.world, s_.site)) {}
    hal::Siren& device() override { return subject_.get(); }
    SirenObserved observed() override { return {{site().alarms.begin(), site().alarms.end()}}; }

private:
    Subject<hal::Siren, sim::Siren> subject_;
};

class SimByteLinkRig final : public Common<ByteLinkRig> {
public:
    explicit SimByteLinkRig(bool faulty) : Common(sim::Cable::keypad) {
        if (faulty) faulty_ = std::make_unique<sim::Faulty<hal::ByteLink>>(pair_.near, s_.plan);
    }
    hal::ByteLink& device() override {
        return faulty_ ? static_cast<hal::ByteLink&>(*faulty_) : pair_.near;
    }
    LinkObserved observed() override {
        LinkObserved seen;
        std::byte next{};
        while (pair_.far.read({&next, 1}).value_or(0) == 1) seen.received.push_back(next);
        return seen;
    }
    [[nodiscard]] bool can(Capability c) const override {
        return c == Capability::unplug || c == Capability::fill;
    }
    void unplug() override { pair_.far.disconnect(); }
    void plug() override { pair_.far.reconnect(); }
    void peer_sends(std::span<const std::byte> bytes) override {
        if (!pair_.far.write(bytes)) throw std::runtime_error("the peer's buffer is full");
    }
    [[nodiscard]] std::size_t capacity() const override { return room; }

private:
    static constexpr std::size_t room = 4096;
    sim::ByteLinkPair pair_{room};
    std::unique_ptr<sim::Faulty<hal::ByteLink>> faulty_;
};

class SimSmsRig final : public Common<SmsRig> {
public:
    explicit SimSmsRig(bool faulty)
        : Common(sim::Cable::keypad),
          subject_(faulty, s_.plan,
                   std::make_unique<sim::SmsGateway>(s_.network, s_.site, "primary")) {}
    hal::SmsGateway& device() override { return subject_.get(); }
    SmsObserved observed() override {
        SmsObserved seen;
        for (const sim::Fact& fact : s_.world.facts()) {
            if (fact.kind == sim::FactKind::sms_submitted) ++seen.sent;
        }
        seen.arrived = s_.world.phone(s_.world.phone_numbered(number())).inbox.size();
        return seen;
    }
    [[nodiscard]] std::string number() const override { return "+15550100"; }
    [[nodiscard]] Duration delivers_within() const override { return 2min; }
    void unplug() override {
        s_.network.outage("primary", sim::SmsOutage::refusing, s_.scheduler.now(), never);
    }
    void plug() override { s_.network.end_outages("primary"); }

private:
    Subject<hal::SmsGateway, sim::SmsGateway> subject_;
};

const sim::ScoreModel& scores() {
    static const sim::ScoreModel model = sim::ScoreModel::parse(
        R"({"model": "conformance", "provenance": {"source": "made up for this test"},
            "templates": 3, "genuine_quantiles": [[0, 0.2], [1, 0.5]],
            "impostor_quantiles": [[0, 0.6], [1, 1.0]]})",
        "conformance rig");
    return model;
}

class SimFaceRig final : public Common<FaceRig> {
public:
    explicit SimFaceRig(bool faulty)
        : Common(sim::Cable::camera),
          subject_(faulty, s_.plan,
                   std::make_unique<sim::ScoreObserver>(s_.world, s_.site, s_.clock, scores()),
                   s_.clock) {}
    hal::FaceObserver& device() override { return subject_.get(); }
    FaceObserved observed() override { return {static_cast<bool>(site().presenter)}; }
    [[nodiscard]] std::vector<hal::FaceTemplate> templates() const override {
        std::vector<hal::FaceTemplate> made;
        made.reserve(3);
        const std::uint64_t identity = s_.world.person(s_.alice).identity;
        for (int i = 0; i < 3; ++i) made.push_back(sim::make_template(identity, i, scores().id));
        return made;
    }
    void show(int person) override {
        s_.world.show_face(person == 0 ? s_.alice : s_.mallory, s_.site);
    }
    void show_nobody() override { s_.world.hide_face(site().presenter, s_.site); }
    [[nodiscard]] Instant now() const override { return s_.clock.now(); }
    [[nodiscard]] Duration observes_within() const override { return 1s; }

private:
    Subject<hal::FaceObserver, sim::ScoreObserver, sim::VirtualClock> subject_;
};

class SimFingerRig final : public Common<FingerRig> {
public:
    explicit SimFingerRig(bool faulty)
        : Common(sim::Cable::fingerprint),
          subject_(faulty, s_.plan,
                   std::make_unique<sim::FingerReader>(s_.world, s_.site, s_.clock), s_.clock) {
        s_.world.store_finger(s_.site, slot, s_.alice);
    }
    hal::FingerprintReader& device() override { return subject_.get(); }
    FingerLaid observed() override { return {site().finger.has_value()}; }
    [[nodiscard]] hal::FingerReference reference() const override {
        return sim::make_finger_reference(slot, s_.world.person(s_.alice).finger);
    }
    void lay(int person) override {
        s_.world.lay_finger(person == 0 ? s_.alice : s_.mallory, s_.site, {}, 1h);
    }
    // Another finger pushes it aside and is gone at once.
    void lift() override {
        s_.world.lay_finger(s_.mallory, s_.site, {}, 1ns);
        s_.scheduler.run_for(1ns);
    }
    [[nodiscard]] FingerSlot capacity() const override { return sim::FingerReaderSetup{}.capacity; }
    [[nodiscard]] Instant now() const override { return s_.clock.now(); }
    [[nodiscard]] Duration observes_within() const override { return 2s; }

private:
    static constexpr FingerSlot slot = 5;
    Subject<hal::FingerprintReader, sim::FingerReader, sim::VirtualClock> subject_;
};

class SimClockRig final : public Common<ClockRig> {
public:
    explicit SimClockRig(bool faulty) : Common(sim::Cable::keypad) {
        if (faulty) faulty_ = std::make_unique<sim::Faulty<hal::Clock>>(s_.clock, s_.plan);
    }
    hal::Clock& device() override {
        return faulty_ ? static_cast<hal::Clock&>(*faulty_) : s_.clock;
    }
    ClockObserved observed() override { return {}; }
    [[nodiscard]] bool can(Capability c) const override { return c == Capability::set_calendar; }
    void set_calendar(Duration by) override { s_.clock.jump_wall(by); }

private:
    std::unique_ptr<sim::Faulty<hal::Clock>> faulty_;
};

class SimEntropyRig final : public Common<EntropyRig> {
public:
    explicit SimEntropyRig(bool faulty)
        : Common(sim::Cable::keypad),
          subject_(faulty, s_.plan,
                   std::make_unique<sim::SeededEntropy>(s_.scheduler.rng("entropy"))) {}
    hal::Entropy& device() override { return subject_.get(); }
    EntropyObserved observed() override { return {}; }

private:
    Subject<hal::Entropy, sim::SeededEntropy> subject_;
};

template <class RigType, class SimRig>
void add(std::vector<Maker<RigType>>& makers) {
    makers.push_back({"sim", [] { return std::make_unique<SimRig>(false); }, ""});
    makers.push_back({"sim behind Faulty", [] { return std::make_unique<SimRig>(true); }, ""});
}

}  // namespace

void add_sim(Registry& registry) {
    add<StrikeRig, SimStrikeRig>(registry.strikes);
    add<ContactRig<hal::KeySwitch>, SimKeySwitchRig>(registry.key_switches);
    add<ContactRig<hal::DoorContact>, SimDoorContactRig>(registry.door_contacts);
    add<ContactRig<hal::TamperLoop>, SimTamperLoopRig>(registry.tamper_loops);
    add<ContactRig<hal::ExitButton>, SimExitButtonRig>(registry.exit_buttons);
    add<KeypadRig, SimKeypadRig>(registry.keypads);
    add<DisplayRig, SimDisplayRig>(registry.displays);
    add<SirenRig, SimSirenRig>(registry.sirens);
    add<ByteLinkRig, SimByteLinkRig>(registry.byte_links);
    add<SmsRig, SimSmsRig>(registry.sms_gateways);
    add<FaceRig, SimFaceRig>(registry.face_observers);
    add<FingerRig, SimFingerRig>(registry.fingerprint_readers);
    add<ClockRig, SimClockRig>(registry.clocks);
    add<EntropyRig, SimEntropyRig>(registry.entropies);
}

}  // namespace strongroom::conformance
