#include "sim_camera/render_camera.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "people/sets.h"
#include "people/sitting.h"
#include "sim_camera/image_camera.h"
#include "sim_camera/picture_files.h"

namespace strongroom::sim {

namespace {

double seconds_of(Instant instant) {
    return std::chrono::duration<double>(instant.time_since_epoch()).count();
}

double seconds_of(Duration duration) { return std::chrono::duration<double>(duration).count(); }

// What decides how somebody looks before the camera; while it stays the same, she is filmed in one
// go.
struct Look {
    PersonId presenter;
    std::uint64_t identity = 0;
    std::uint64_t continuity = 0;
    ShownFace face;
    Light light = Light::normal;
    CameraKind camera = CameraKind::own;

    explicit Look(const Scene& scene)
        : presenter(scene.presenter),
          identity(scene.identity),
          continuity(scene.continuity),
          face(scene.face),
          light(scene.light),
          camera(scene.camera) {
        // What is streamed goes on, whoever comes and goes before the terminal.
        if (camera == CameraKind::own) return;
        presenter = {};
        continuity = 0;
    }

    [[nodiscard]] bool same_as(const Look& other) const {
        const ShownFace& a = face;
        const ShownFace& b = other.face;
        return presenter == other.presenter && identity == other.identity &&
               continuity == other.continuity && light == other.light && camera == other.camera &&
               a.whose == b.whose && a.presentation == b.presentation && a.faces == b.faces &&
               a.turned_away == b.turned_away && a.blurred == b.blurred &&
               a.far_away == b.far_away && a.species == b.species && a.quality == b.quality &&
               a.eyes_shut == b.eyes_shut;
    }
};

// The instrument that is shown; none for a living face. An artefact that is declared to be good
// enough (Presentation::compromised) looks like the person herself, and so does the best deepfake.
std::optional<people::Instrument> instrument_of(const Look& look, std::uint64_t seed) {
    const bool deepfake = look.camera == CameraKind::virtual_device;
    if (deepfake && look.face.quality >= 1) return std::nullopt;
    const auto named = people::species_named(look.face.species);
    if (named && *named != people::Species::bona_fide) {
        return people::make_instrument(*named, look.face.quality, seed);
    }
    if (deepfake) {
        return people::make_instrument(people::Species::injection, look.face.quality, seed);
    }
    if (look.face.presentation == Presentation::artefact) {
        return people::make_instrument(people::Species::print_matte, look.face.quality, seed);
    }
    return std::nullopt;
}

void put_in_light(people::Shot& shot, Light light) {
    switch (light) {
        case Light::normal: return;
        case Light::glare: shot.lens.exposure *= 7; return;
        case Light::dark: shot.lens.exposure *= 0.05; return;
    }
}

}  // namespace

people::Head head_of(std::uint64_t identity) {
    return people::make_head(people::seed_in(people::Set::test, identity % people::people_in_set));
}

struct RenderCamera::Implementation {
    Implementation(const World& of, SiteId at, const VirtualClock& by, RenderCameraSetup with)
        : world(of),
          site(at),
          clock(by),
          setup(with),
          timer(with.interval),
          faults(Rng(with.seed).fork("faults")),
          renderer(4),
          attacks(renderer) {}

    // A frame that was shown: it can be made again, as whoever recorded it would give it again.
    struct Shown {
        std::shared_ptr<people::Sitting> sitting;
        double time = 0;
    };

    hal::Frame picture();
    hal::Frame recorded(std::uint64_t identity);
    void sit(const Look& look);
    void follow_gestures(const Scene& scene);
    hal::Frame nobody();
    // The World's own time: a restart of the terminal does not make people jump.
    [[nodiscard]] Instant now() const { return clock.to_scheduler(clock.now()); }

    const World& world;
    SiteId site;
    const VirtualClock& clock;
    RenderCameraSetup setup;
    FrameTimer timer;
    Rng faults;
    people::Renderer renderer;
    people::AttackRenderer attacks;
    bool lost = false;
    std::uint32_t losses = 0;  // of the camera, when it was started
    std::optional<Look> look;
    std::shared_ptr<people::Sitting> sitting;
    std::size_t gestures_seen = 0;
    Instant newest_gesture{};
    std::map<std::uint64_t, std::vector<Shown>> tape;  // by the identity that was shown
    std::size_t replayed = 0;
    std::optional<hal::Frame> before;
};

RenderCamera::RenderCamera(const World& world, SiteId site, const VirtualClock& clock,
                           RenderCameraSetup setup)
    : implementation_(std::make_unique<Implementation>(world, site, clock, setup)) {
    people::Shot shot;
    shot.lens.width = setup.width;
    shot.lens.height = setup.height;
    const std::vector<std::string> problems = people::check(shot);
    if (!problems.empty()) throw people::RenderError(problems.front());
}

RenderCamera::~RenderCamera() = default;

Result<void> RenderCamera::start() {
    Implementation& my = *implementation_;
    const Site& site = my.world.site(my.site);
    if (!site.connected(Cable::camera)) return fail(Errc::disconnected);
    my.lost = false;
    my.losses = site.camera_losses;
    my.timer.start(my.clock.now());
    return {};
}

void RenderCamera::stop() {
    implementation_->lost = false;
    implementation_->timer.stop();
}

const hal::CameraIdentity& RenderCamera::identity() const {
    return implementation_->world.camera_identity(implementation_->site);
}

Result<std::optional<hal::Frame>> RenderCamera::poll() {
    Implementation& my = *implementation_;
    if (my.timer.running() && my.world.site(my.site).camera_losses != my.losses) {
        my.timer.stop();
        my.lost = true;
    }
    if (my.lost) return fail(Errc::disconnected);
    if (!my.timer.running()) return fail(Errc::denied);
    const auto number = my.timer.take(my.clock.now());
    if (!number) return std::nullopt;
    if (my.faults.uniform() < my.setup.dropped) return std::nullopt;
    const bool stuck = my.faults.uniform() < my.setup.frozen && my.before;
    hal::Frame frame = stuck ? *my.before : my.picture();
    frame.captured = my.clock.now();
    frame.sequence = *number;
    my.before = frame;
    return frame;
}

hal::Frame RenderCamera::Implementation::picture() {
    const Scene scene = world.scene(site);
    if (!scene.presenter || scene.face.faces == 0) {
        look.reset();
        sitting.reset();
        return nobody();
    }
    if (scene.camera == CameraKind::recording) return recorded(scene.identity);
    replayed = 0;
    const Look seen(scene);
    if (!look || !look->same_as(seen)) sit(seen);
    follow_gestures(scene);
    const double time = seconds_of(now());
    if (scene.camera == CameraKind::own) tape[scene.identity].push_back({sitting, time});
    return to_frame(sitting->at(time));
}

// What was recorded of this face, from its beginning; nobody when nothing was.
hal::Frame RenderCamera::Implementation::recorded(std::uint64_t identity) {
    const std::vector<Shown>& shown = tape[identity];
    if (shown.empty()) return nobody();
    const Shown& one = shown[replayed++ % shown.size()];
    return to_frame(one.sitting->at(one.time));
}

hal::Frame RenderCamera::Implementation::nobody() {
    people::Shot shot;
    shot.lens.width = setup.width;
    shot.lens.height = setup.height;
    shot.lens.focal_length *= static_cast<double>(setup.width) / people::Lens{}.width;
    shot.background_seed = setup.seed;
    shot.time = seconds_of(now());
    shot.noise_seed = Rng(setup.seed ^ static_cast<std::uint64_t>(now().time_since_epoch().count()))
                          .fork("nobody")
                          .next();
    put_in_light(shot, world.scene(site).light);
    return to_frame(renderer.expose(renderer.render_background(shot), shot));
}

void RenderCamera::Implementation::sit(const Look& seen) {
    const Rng visit = Rng(setup.seed)
                          .fork("visit " + std::to_string(seen.presenter.value) + " " +
                                std::to_string(seen.continuity));
    people::SittingSetup with;
    with.face = head_of(seen.identity);
    if (seen.presenter) with.attacker = head_of(world.person(seen.presenter).identity);
    with.instrument = instrument_of(seen, visit.fork("instrument").next());
    with.seed = visit.fork("sitting").next();
    with.difficulty = setup.difficulty;
    with.width = setup.width;
    with.height = setup.height;
    with.asleep = seen.face.eyes_shut;
    with.turned_away = seen.face.turned_away;
    if (seen.face.faces > 1) with.company = head_of(seen.identity + 500'000);
    sitting = std::make_shared<people::Sitting>(renderer, attacks, std::move(with));
    people::Shot& base = sitting->base();
    put_in_light(base, seen.light);
    if (seen.face.blurred) base.lens.blur = 12;
    if (seen.face.far_away) base.place.distance = 3;
    look = seen;
    newest_gesture = {};
}

// The gestures that the World has seen since, in their order.
void RenderCamera::Implementation::follow_gestures(const Scene& scene) {
    for (const PerformedGesture& gesture : scene.gestures) {
        if (gesture.begins <= newest_gesture) continue;
        newest_gesture = gesture.begins;
        // Before a camera people move less: who turns away is not seen any more.
        const bool turn =
            gesture.gesture == Gesture::turn_left || gesture.gesture == Gesture::turn_right;
        const double share = gesture.gesture == Gesture::nod ? 0.5 : turn ? 0.75 : 1;
        sitting->perform({gesture.gesture, seconds_of(gesture.begins), seconds_of(gesture.duration),
                          gesture.strength * share});
    }
}

}  // namespace strongroom::sim
