#include "sim/finger_reader.h"

#include <algorithm>
#include <cmath>

namespace strongroom::sim {
namespace {

[[nodiscard]] tl::unexpected<Error> refusal(SensorRefusal why) {
    return fail(Errc::denied, static_cast<std::int32_t>(why));
}

[[nodiscard]] float share(double value) { return static_cast<float>(std::clamp(value, 0.0, 1.0)); }

}  // namespace

hal::FingerReference make_finger_reference(FingerSlot slot, std::uint64_t identity) {
    std::array<std::byte, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::byte>(identity >> (8 * i));
    }
    return {slot, keyed_hash(Key256().derive("simulated finger template"), bytes)};
}

FingerReader::FingerReader(World& world, SiteId site, const hal::Clock& clock,
                           FingerReaderSetup setup)
    : world_(world),
      site_(site),
      clock_(clock),
      setup_(setup),
      rng_(world.scheduler().rng("finger scores").fork(world.site(site).setup.name)) {}

FingerReader::~FingerReader() { world_.scheduler().cancel(timer_); }

Result<void> FingerReader::start(const hal::FingerReference& reference) {
    stop();
    if (reference.slot >= setup_.capacity) return fail(Errc::out_of_range);
    const Site& site = world_.site(site_);
    if (!site.connected(Cable::fingerprint)) return fail(Errc::disconnected);
    reference_ = reference;
    running_ = Running::running;
    losses_ = site.sensor_losses;
    ready_ = clock_.now() + setup_.handshake;
    seen_ = site.finger ? site.finger->serial : 0;
    wake_at(ready_);
    return {};
}

void FingerReader::stop() {
    world_.scheduler().cancel(timer_);
    timer_ = {};
    running_ = Running::stopped;
    pending_.reset();
    ready_ = available_ = never;
}

void FingerReader::wake_at(Instant when) {
    world_.scheduler().cancel(timer_);
    timer_ = world_.scheduler().after(std::max(when - clock_.now(), Duration::zero()),
                                      [this] { world_.changed(site_); });
}

Result<std::optional<FingerObservation>> FingerReader::poll() {
    if (running_ == Running::stopped) return fail(Errc::denied);
    const Site& site = world_.site(site_);
    if (!site.connected(Cable::fingerprint) || site.sensor_losses != losses_) {
        stop();
        return fail(Errc::disconnected);
    }
    const Instant now = clock_.now();
    if (now < ready_) return std::nullopt;
    const auto stored = site.library.find(reference_.slot);
    const bool unchanged = stored != site.library.end() &&
                           make_finger_reference(reference_.slot, stored->second).template_digest ==
                               reference_.template_digest;
    if (!unchanged) {
        stop();
        return refusal(SensorRefusal::template_changed);
    }
    if (pending_) {
        if (now < available_) return std::nullopt;
        return std::exchange(pending_, std::nullopt);
    }
    if (site.finger && site.finger->serial != seen_) {
        seen_ = site.finger->serial;
        pending_ = observe(*site.finger);
        available_ = now + setup_.comparison;
        wake_at(available_);
    }
    return std::nullopt;
}

FingerObservation FingerReader::observe(const LaidFinger& finger) {
    FingerObservation o;
    o.captured = clock_.now();
    o.sequence = ++sequence_;
    o.liveness = Liveness::declared;
    o.quality = finger.shown.quality;
    const bool attack =
        finger.shown.presentation == Presentation::artefact && setup_.detects_artefacts;
    o.liveness_score = attack ? share(rng_.normal(setup_.artefact_mean, setup_.artefact_deviation))
                              : share(rng_.normal(setup_.live_mean, setup_.live_deviation));
    // Neither is compared.
    if (o.quality != FingerQuality::good || attack) return o;
    const std::uint64_t laid = world_.person(finger.shown.whose).finger;
    const double drawn = rng_.normal(setup_.match_mean, setup_.match_deviation);
    const bool falsely = rng_.uniform() < setup_.false_match_rate;
    for (const auto& [slot, identity] : world_.site(site_).library) {
        if (setup_.one_to_one && slot != reference_.slot) continue;
        if (identity != laid && !(falsely && slot == reference_.slot)) continue;
        o.matched_slot = slot;
        o.score = static_cast<std::uint16_t>(std::clamp(drawn, 0.0, 65535.0));
        break;
    }
    return o;
}

Instant FingerReader::next_poll() const {
    if (running_ == Running::stopped) return never;
    if (pending_) return available_;
    // A finger that is laid down wakes the runner.
    return clock_.now() < ready_ ? ready_ : never;
}

Result<std::optional<FingerObservation>> FingerWitness::poll() {
    Result<std::optional<FingerObservation>> result = inner_.poll();
    if (!result || !*result) return result;
    const FingerObservation& o = **result;
    std::string_view what = "good";
    if (o.quality == FingerQuality::messy || !std::isfinite(o.liveness_score)) {
        what = "messy";
    } else if (o.quality == FingerQuality::sparse) {
        what = "sparse";
    } else if (!(o.liveness_score >= liveness_min_)) {
        what = "not_live";
    } else if (!o.matched_slot) {
        what = "no_match";
    }
    const PersonId who = world_.finger_at(site_, clock_.to_scheduler(o.captured));
    world_.witness(FactKind::finger_observed, site_,
                   who ? std::string_view(world_.person(who).name) : std::string_view(), what,
                   o.matched_slot ? std::int64_t{*o.matched_slot} : -1, o.score);
    return result;
}

}  // namespace strongroom::sim
