#include "sim/score_observer.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace strongroom::sim {
namespace {

// The identity, its check and the filler are written as multiples of 2^-16, which floats hold
// exactly; 16 bits a number.
constexpr std::size_t template_size = 64;
constexpr std::size_t identity_words = 4;
constexpr std::size_t check_at = identity_words;
constexpr std::size_t index_at = check_at + 1;
constexpr float unit = 0x1.0p-16F;

[[nodiscard]] std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    Rng rng(a ^ (b * 0x9e3779b97f4a7c15U));
    return rng.next();
}

[[nodiscard]] std::uint16_t check_of(std::uint64_t identity, std::uint16_t index) {
    return static_cast<std::uint16_t>(mix(identity, index) & 0xffffU);
}

[[nodiscard]] std::optional<std::uint16_t> word_at(const hal::FaceTemplate& t, std::size_t i) {
    const float scaled = t.features[i] / unit;
    if (!(scaled >= 0 && scaled <= 65535.0F) || scaled != std::floor(scaled)) return std::nullopt;
    return static_cast<std::uint16_t>(scaled);
}

[[nodiscard]] double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

constexpr double comparable_yaw_max = 20;  // degrees; further round a face is like nobody's
constexpr double clear_turn = 25;          // degrees of a gesture of strength 1
constexpr double clear_nod = 18;
constexpr double clear_smile = 0.7;
constexpr int stale_max = 3;  // old frames in a row until the observer gives up

[[nodiscard]] tl::unexpected<Error> refusal(FrameRefusal why) {
    return fail(Errc::denied, static_cast<std::int32_t>(why));
}

// A standard normal that shares the part `correlation` with all that are given the same `shared`.
[[nodiscard]] double correlated(double shared, double own, double correlation) {
    return std::sqrt(correlation) * shared + std::sqrt(1 - correlation) * own;
}

}  // namespace

hal::FaceTemplate make_template(std::uint64_t identity, int index, FaceModelId model) {
    hal::FaceTemplate made{model, std::vector<float>(template_size)};
    const auto set = [&](std::size_t at, std::uint64_t word) {
        made.features[at] = static_cast<float>(word & 0xffffU) * unit;
    };
    for (std::size_t i = 0; i < identity_words; ++i) set(i, identity >> (16U * i));
    const auto number = static_cast<std::uint16_t>(index);
    set(check_at, check_of(identity, number));
    set(index_at, number);
    Rng filler(mix(identity, number) ^ model.value);
    for (std::size_t i = index_at + 1; i < template_size; ++i) set(i, filler.next());
    return made;
}

std::optional<std::uint64_t> identity_of(const hal::FaceTemplate& face_template) {
    if (face_template.features.size() != template_size) return std::nullopt;
    std::uint64_t identity = 0;
    for (std::size_t i = 0; i < identity_words; ++i) {
        const auto word = word_at(face_template, i);
        if (!word) return std::nullopt;
        identity |= std::uint64_t{*word} << (16U * i);
    }
    const auto check = word_at(face_template, check_at);
    const auto index = word_at(face_template, index_at);
    if (!check || !index || *check != check_of(identity, *index)) return std::nullopt;
    return identity;
}

ScoreObserver::ScoreObserver(World& world, SiteId site, const hal::Clock& clock,
                             const ScoreModel& model, ScoreObserverSetup setup)
    : world_(world),
      site_(site),
      clock_(clock),
      model_(model),
      setup_(setup),
      rng_(world.scheduler().rng("face scores").fork(world.site(site).setup.name)),
      pair_seed_(world.scheduler().rng("face pairs").next()) {}

bool ScoreObserver::trusted() const {
    return !setup_.pins_camera || world_.camera_identity(site_) == world_.site(site_).own_camera;
}

ScoreObserver::~ScoreObserver() { world_.scheduler().cancel(frame_timer_); }

Result<void> ScoreObserver::start(std::span<const hal::FaceTemplate> templates) {
    stop();
    if (templates.empty()) return fail(Errc::unsupported);
    for (const hal::FaceTemplate& t : templates) {
        if (t.model != model_.id) return fail(Errc::unsupported);
    }
    const Site& site = world_.site(site_);
    if (!site.connected(Cable::camera)) return fail(Errc::disconnected);
    if (!trusted()) return refusal(FrameRefusal::camera_untrusted);
    for (const hal::FaceTemplate& t : templates) {
        // A template that is nobody's (0 is no identity) is compared as a stranger's.
        const std::uint64_t identity = identity_of(t).value_or(0);
        if (std::find(enrolled_.begin(), enrolled_.end(), identity) == enrolled_.end()) {
            enrolled_.push_back(identity);
        }
    }
    running_ = Running::running;
    stale_ = 0;
    losses_ = site.camera_losses;
    next_capture_ = clock_.now() + setup_.first_frame;
    frame_timer_ = world_.scheduler().after(setup_.first_frame, [this] { capture(); });
    return {};
}

void ScoreObserver::stop() {
    world_.scheduler().cancel(frame_timer_);
    frame_timer_ = {};
    next_capture_ = never;
    running_ = Running::stopped;
    enrolled_.clear();
    pending_count_ = 0;
}

void ScoreObserver::capture() {
    const Scene scene = world_.scene(site_);
    if (!scene.camera_works) {  // poll() finds out by itself
        next_capture_ = never;
        return;
    }
    next_capture_ = clock_.now() + setup_.frame_interval;
    frame_timer_ = world_.scheduler().after(setup_.frame_interval, [this] { capture(); });

    if (scene.camera == CameraKind::recording && setup_.refuses_stale_frames) {
        ++stale_;  // each of them was seen before
        return;
    }
    stale_ = 0;
    if (pending_count_ == pending_max) {  // nobody polls: the oldest frame is overwritten
        pending_first_ = (pending_first_ + 1) % pending_max;
        --pending_count_;
    }
    Pending& next = pending_[(pending_first_ + pending_count_) % pending_max];
    ++pending_count_;
    next.available = clock_.now() + setup_.latency;
    next.observation = FaceObservation{};
    FaceObservation& observation = next.observation;
    observation.captured = clock_.now();
    observation.sequence = ++sequence_;
    observation.model = model_.id;
    observation.liveness = Liveness::declared;
    if (!scene.presenter || scene.face.faces == 0) return;

    observation.faces = scene.face.faces;
    observation.track = TrackId{scene.continuity + 1};
    draw_track(scene);
    fill_quality(scene, observation);
    fill_pose(scene, observation);
    const bool turned = std::abs(observation.yaw) > comparable_yaw_max;
    const bool usable =
        scene.light == Light::normal && !turned && !scene.face.blurred && !scene.face.far_away;
    observation.distance = static_cast<float>(draw_distance(scene, usable));
    const bool attack =
        scene.face.presentation == Presentation::artefact && setup_.detects_artefacts;
    const double score = attack ? rng_.normal(setup_.artefact_mean, setup_.artefact_deviation)
                                : rng_.normal(setup_.live_mean, setup_.live_deviation);
    observation.liveness_score = static_cast<float>(std::clamp(score, 0.0, 1.0));
}

// Nominal values in the middle of what a fixed camera at arm's length gives, and what the faults of
// light and behaviour make of them.
void ScoreObserver::fill_quality(const Scene& scene, FaceObservation& observation) {
    const auto vary = [&](double mean) {
        return static_cast<float>(mean * rng_.uniform(0.9, 1.1));
    };
    observation.face_size = vary(scene.face.far_away ? 12 : 90);
    observation.sharpness = vary(scene.face.blurred ? 2 : 80);
    switch (scene.light) {
        case Light::normal:
            observation.brightness = vary(120);
            observation.contrast = vary(45);
            break;
        case Light::glare:
            observation.brightness = std::min(vary(250), 255.0F);
            observation.contrast = vary(5);
            break;
        case Light::dark:
            observation.brightness = vary(10);
            observation.contrast = vary(4);
            break;
    }
}

void ScoreObserver::draw_track(const Scene& scene) {
    if (track_drawn_for_ == scene.continuity) return;
    track_drawn_for_ = scene.continuity;
    track_normal_ = rng_.normal(0, 1);
    track_yaw_ = rng_.uniform(-setup_.bearing_max, setup_.bearing_max);
    track_pitch_ = rng_.uniform(-setup_.bearing_max, setup_.bearing_max);
    track_roll_ = rng_.uniform(-setup_.bearing_max, setup_.bearing_max) / 2;
}

void ScoreObserver::fill_pose(const Scene& scene, FaceObservation& observation) {
    double yaw = (scene.face.turned_away ? 55.0 : 0.0) + track_yaw_;
    double pitch = track_pitch_;
    double open = scene.face.eyes_shut ? 0.04 : 0.9;
    double smile = 0.08;
    const Instant at = world_.scheduler().now();
    for (const PerformedGesture& performed : scene.gestures) {
        if (!answers(scene, performed.gesture)) continue;
        const double extent = performed.extent(at);
        switch (performed.gesture) {
            case Gesture::turn_left: yaw += clear_turn * extent; break;
            case Gesture::turn_right: yaw -= clear_turn * extent; break;
            case Gesture::nod: pitch -= clear_nod * extent; break;
            case Gesture::blink: open *= std::max(0.0, 1 - extent); break;
            case Gesture::smile: smile += clear_smile * extent; break;
        }
    }
    const auto sway = [&](double angle) {
        return static_cast<float>(angle + rng_.normal(0, setup_.sway_deviation));
    };
    observation.yaw = sway(yaw);
    observation.pitch = sway(pitch);
    observation.roll = sway(track_roll_);
    const auto share = [&](double value) {
        return static_cast<float>(std::clamp(value + rng_.normal(0, 0.02), 0.0, 1.0));
    };
    observation.expression = FaceExpression{share(open), share(0.03), share(smile)};
}

double ScoreObserver::draw_distance(const Scene& scene, bool usable) {
    // A frame that shows little of a face is like nobody: the upper half of the impostors.
    if (!usable) return model_.impostor.at(0.5 + 0.5 * rng_.uniform());
    double smallest = HUGE_VAL;
    for (const std::uint64_t enrolled : enrolled_) {
        const double distance = enrolled == scene.identity
                                    ? genuine_distance()
                                    : impostor_distance(scene.identity, enrolled);
        smallest = std::min(smallest, distance);
    }
    return smallest;
}

double ScoreObserver::genuine_distance() {
    const double z = correlated(track_normal_, rng_.normal(0, 1), setup_.genuine_track_correlation);
    return model_.genuine.at(normal_cdf(z));
}

double ScoreObserver::impostor_distance(std::uint64_t shown, std::uint64_t enrolled) {
    // The order does not matter: A is as like B as B is like A.
    Rng pair(mix(pair_seed_ ^ std::min(shown, enrolled), std::max(shown, enrolled)));
    const double z =
        correlated(pair.normal(0, 1), rng_.normal(0, 1), setup_.impostor_pair_correlation);
    return model_.impostor.at(normal_cdf(z));
}

Result<std::optional<FaceObservation>> ScoreObserver::poll() {
    if (running_ == Running::stopped) return fail(Errc::denied);
    const Site& site = world_.site(site_);
    if (site.camera_losses != losses_ || !site.connected(Cable::camera)) {
        stop();
        running_ = Running::lost;
    }
    if (running_ == Running::running && !trusted()) {
        stop();
        running_ = Running::untrusted;
    }
    if (running_ == Running::running && stale_ >= stale_max) {
        stop();
        running_ = Running::stale;
    }
    if (running_ == Running::lost) return fail(Errc::disconnected);
    if (running_ == Running::untrusted) return refusal(FrameRefusal::camera_untrusted);
    if (running_ == Running::stale) return refusal(FrameRefusal::frame_stale);
    if (pending_count_ == 0) return std::nullopt;
    const Pending& oldest = pending_[pending_first_];
    if (oldest.available > clock_.now()) return std::nullopt;
    pending_first_ = (pending_first_ + 1) % pending_max;
    --pending_count_;
    return oldest.observation;
}

Instant ScoreObserver::next_poll() const {
    if (running_ != Running::running) return never;
    if (pending_count_ > 0) return pending_[pending_first_].available;
    return saturating_add(next_capture_, setup_.latency);
}

namespace {

[[nodiscard]] std::string_view judge(const FaceObservation& o, const WitnessLimits& limits) {
    if (o.faces == 0) return "no_face";
    if (o.faces > 1) return "several_faces";
    if (!(o.face_size >= limits.face_size_min)) return "too_small";
    if (!(o.brightness >= limits.brightness_min && o.brightness <= limits.brightness_max &&
          o.contrast >= limits.contrast_min)) {
        return "bad_light";
    }
    if (!(o.sharpness >= limits.sharpness_min)) return "blurred";
    if (!(std::abs(o.yaw) <= limits.angle_max && std::abs(o.pitch) <= limits.angle_max &&
          std::abs(o.roll) <= limits.angle_max)) {
        return "turned_away";
    }
    if (o.expression && !(o.expression->eyes_open >= limits.eyes_open_min)) return "eyes_closed";
    if (!(o.liveness_score >= limits.liveness_min)) return "not_live";
    return o.distance ? "good" : "not_compared";
}

}  // namespace

Result<std::optional<FaceObservation>> FaceWitness::poll() {
    Result<std::optional<FaceObservation>> result = inner_.poll();
    if (!result || !*result) return result;
    const FaceObservation& o = **result;
    const PersonId who = world_.presenter_at(site_, clock_.to_scheduler(o.captured));
    world_.witness(FactKind::face_observed, site_,
                   who ? std::string_view(world_.person(who).name) : std::string_view(),
                   judge(o, limits_), static_cast<std::int64_t>(o.track.value),
                   static_cast<double>(o.distance.value_or(0)));
    return result;
}

}  // namespace strongroom::sim
