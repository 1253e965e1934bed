// One terminal's devices, simulated: windows into the World, without a state of their own except
// where the real device has one.
//
// Permitted faults (everything else needs a FaultPlan): a cable unplugged, power lost. Then Strike,
// Keypad, Display and Siren answer `disconnected`; dry contacts read as a broken wire does. The
// world outlives its devices. Runner thread only.
#pragma once

#include <deque>
#include <memory>

#include "hal/devices.h"
#include "sim/world.h"

namespace strongroom::sim {

class Strike final : public hal::Strike {
public:
    Strike(World& world, SiteId site) : world_(world), site_(site) {}
    Strike(const Strike&) = delete;
    Strike& operator=(const Strike&) = delete;
    ~Strike() override { world_.release_relay(site_); }
    [[nodiscard]] Result<void> pulse(Duration hold) override;
    [[nodiscard]] Result<void> lock() override;
    [[nodiscard]] Result<hal::BoltState> sense() override;
    [[nodiscard]] Duration max_hold() const override;

private:
    World& world_;
    SiteId site_;
};

class KeySwitch final : public hal::KeySwitch {
public:
    KeySwitch(const World& world, SiteId site) : world_(world), site_(site) {}
    [[nodiscard]] Result<bool> turned() override;

private:
    const World& world_;
    SiteId site_;
};

class DoorContact final : public hal::DoorContact {
public:
    DoorContact(const World& world, SiteId site) : world_(world), site_(site) {}
    [[nodiscard]] Result<bool> open() override;

private:
    const World& world_;
    SiteId site_;
};

class TamperLoop final : public hal::TamperLoop {
public:
    TamperLoop(const World& world, SiteId site) : world_(world), site_(site) {}
    [[nodiscard]] Result<bool> intact() override;

private:
    const World& world_;
    SiteId site_;
};

class ExitButton final : public hal::ExitButton {
public:
    ExitButton(const World& world, SiteId site) : world_(world), site_(site) {}
    [[nodiscard]] Result<bool> pressed() override;

private:
    const World& world_;
    SiteId site_;
};

class Keypad final : public hal::Keypad {
public:
    Keypad(World& world, SiteId site) : world_(world), site_(site) {}
    [[nodiscard]] Result<std::optional<hal::KeypadEntry>> poll() override;

private:
    World& world_;
    SiteId site_;
};

class Display final : public hal::Display {
public:
    Display(World& world, SiteId site) : world_(world), site_(site) {}
    [[nodiscard]] Result<void> show(const Prompt& prompt) override;

private:
    World& world_;
    SiteId site_;
};

class Siren final : public hal::Siren {
public:
    Siren(World& world, SiteId site) : world_(world), site_(site) {}
    [[nodiscard]] Result<void> raise(Alarm alarm) override;
    [[nodiscard]] Result<void> clear(Alarm alarm) override;

private:
    World& world_;
    SiteId site_;
};

// Two ends of a cable: what one writes the other reads, at once and in order. Each end takes
// `capacity` bytes that its peer has not read yet; a write beyond that is `busy`.
class ByteLinkEnd final : public hal::ByteLink {
public:
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> buffer) override;
    // Pulls the plug: both ends read what had arrived and are disconnected then.
    void disconnect() { cable_->connected = false; }
    void reconnect() { cable_->connected = true; }

private:
    friend struct ByteLinkPair;
    struct Cable {
        std::deque<std::byte> direction[2];
        std::size_t capacity;
        bool connected = true;
    };
    ByteLinkEnd(std::shared_ptr<Cable> cable, int side) : cable_(std::move(cable)), side_(side) {}
    std::shared_ptr<Cable> cable_;
    int side_;
};

struct ByteLinkPair {
    explicit ByteLinkPair(std::size_t capacity = 4096)
        : ByteLinkPair(
              std::make_shared<ByteLinkEnd::Cable>(ByteLinkEnd::Cable{{}, capacity, true})) {}
    ByteLinkEnd near;
    ByteLinkEnd far;

private:
    explicit ByteLinkPair(const std::shared_ptr<ByteLinkEnd::Cable>& cable)
        : near(cable, 0), far(cable, 1) {}
};

}  // namespace strongroom::sim
