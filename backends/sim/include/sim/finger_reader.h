// FingerReader: a fingerprint sensor at the level of scores. No image is taken and no wire is
// spoken; the driver's own way of working, and what can be done to its wire, is simulated by the
// emulated sensor of sim::fingerprint behind the production driver.
//
// - A finger matches the one that is stored, with a score that is drawn; nobody else's does, but
// for
//   a false match now and then.
// - Liveness is declared: what is laid down says whether it is alive. No attack detection is
//   measured.
// - The sensor's library is in the World (World::store_finger), and outlives every process. What is
//   stored at her slot is proven at each start by its digest, as the driver does it.
#pragma once

#include <optional>

#include "hal/clock.h"
#include "hal/fingerprint_reader.h"
#include "sim/world.h"

namespace strongroom::sim {

// Where a finger of `identity` is stored, and the digest of what is stored there.
[[nodiscard]] hal::FingerReference make_finger_reference(FingerSlot slot, std::uint64_t identity);

struct FingerReaderSetup {
    FingerSlot capacity = 200;
    Duration handshake = std::chrono::milliseconds(250);   // after start(), before a finger is seen
    Duration comparison = std::chrono::milliseconds(900);  // from the image to the observation
    // Scores, cut to 0..65535: of a matching finger.
    double match_mean = 150;
    double match_deviation = 25;
    double false_match_rate = 1e-5;  // of the sensor, at the level it is set to
    // Liveness scores: normal, cut to 0..1.
    double live_mean = 0.92;
    double live_deviation = 0.03;
    double artefact_mean = 0.1;
    double artefact_deviation = 0.05;
    bool detects_artefacts = true;  // false: whatever is laid down is declared to be alive
    // False: a match with anybody in the library is told, as a sensor's own search does.
    bool one_to_one = true;
};

// Runner thread only. Permitted faults: the sensor's cable and the power; another template in the
// customer's slot.
class FingerReader final : public hal::FingerprintReader {
public:
    // All outlive the reader. `clock` is the terminal's: capture times are told in it.
    FingerReader(World& world, SiteId site, const hal::Clock& clock, FingerReaderSetup setup = {});
    FingerReader(const FingerReader&) = delete;
    FingerReader& operator=(const FingerReader&) = delete;
    ~FingerReader() override;

    [[nodiscard]] Result<void> start(const hal::FingerReference& reference) override;
    void stop() override;
    [[nodiscard]] Result<std::optional<FingerObservation>> poll() override;
    [[nodiscard]] Instant next_poll() const override;

private:
    enum class Running : std::uint8_t { stopped, running };
    [[nodiscard]] FingerObservation observe(const LaidFinger& finger);
    void wake_at(Instant when);

    World& world_;
    SiteId site_;
    const hal::Clock& clock_;
    FingerReaderSetup setup_;
    Rng rng_;
    Running running_ = Running::stopped;
    hal::FingerReference reference_;
    std::uint32_t losses_ = 0;  // of the sensor, when it was started
    Instant ready_ = never;     // the end of the handshake
    std::uint64_t seen_ = 0;    // the finger that was compared, or lay there at the start
    std::uint64_t sequence_ = 0;
    std::optional<FingerObservation> pending_;
    Instant available_ = never;  // of the pending one
    Scheduler::Handle timer_;
};

// Stands between core and any reader and appends a finger_observed fact for each observation that
// core receives. The outermost decorator.
class FingerWitness final : public hal::FingerprintReader {
public:
    // All outlive the witness. `liveness_min`: the product's, written down a second time.
    FingerWitness(World& world, SiteId site, const VirtualClock& clock,
                  hal::FingerprintReader& inner, float liveness_min = 0.5F)
        : world_(world), site_(site), clock_(clock), inner_(inner), liveness_min_(liveness_min) {}
    [[nodiscard]] Result<void> start(const hal::FingerReference& reference) override {
        return inner_.start(reference);
    }
    void stop() override { inner_.stop(); }
    [[nodiscard]] Result<std::optional<FingerObservation>> poll() override;
    [[nodiscard]] Instant next_poll() const override { return inner_.next_poll(); }

private:
    World& world_;
    SiteId site_;
    const VirtualClock& clock_;
    hal::FingerprintReader& inner_;
    float liveness_min_;
};

}  // namespace strongroom::sim
