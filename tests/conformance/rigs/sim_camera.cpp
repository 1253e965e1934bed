// The simulator's cameras: at the level of images, with pictures made here, and at the level of
// rendered people, one of whom stands there.
#include "rigs/rigs.h"
#include "sim/faulty.h"
#include "sim_camera/image_camera.h"
#include "sim_camera/render_camera.h"

namespace strongroom::conformance {
namespace {

using namespace std::chrono_literals;

constexpr Duration interval = 100ms;

struct Surroundings {
    sim::Scheduler scheduler{2026};
    sim::World world{scheduler};
    sim::PersonId mallory = world.add_person({"mallory", {}});
    sim::SiteId site = world.add_site({"vault", TerminalId{1}, LockerId{3}});
    sim::FaultPlan plan{world, site};
    sim::VirtualClock clock{scheduler, Instant(17s)};
};

class ImageRig : public CameraRig {
public:
    hal::Camera& device() override { return camera_; }
    void advance(Duration span) override { s_.scheduler.run_for(span); }
    CameraObserved observed() override { return {}; }
    [[nodiscard]] Duration frame_interval() const override { return interval; }

private:
    Surroundings s_;
    sim::ImageCamera camera_{
        s_.clock, {sim::empty_picture(64, 48), sim::empty_picture(3, 5)}, interval};
};

// A camera at the world's site, bare or behind a decorator whose plan is empty.
class SiteRig final : public CameraRig {
public:
    using Make = std::unique_ptr<hal::Camera> (*)(Surroundings&);
    SiteRig(Make make, bool faulty) : camera_(make(s_)) {
        if (faulty) faulty_ = std::make_unique<sim::Faulty<hal::Camera>>(*camera_, s_.plan);
    }
    hal::Camera& device() override {
        return faulty_ ? static_cast<hal::Camera&>(*faulty_) : *camera_;
    }
    void advance(Duration span) override { s_.scheduler.run_for(span); }
    CameraObserved observed() override { return {}; }
    [[nodiscard]] bool can(Capability c) const override { return c == Capability::unplug; }
    void unplug() override { s_.world.unplug(s_.mallory, s_.site, sim::Cable::camera); }
    void plug() override { s_.world.plug(s_.mallory, s_.site, sim::Cable::camera); }
    [[nodiscard]] Duration frame_interval() const override { return interval; }

private:
    Surroundings s_;
    std::unique_ptr<hal::Camera> camera_;
    std::unique_ptr<sim::Faulty<hal::Camera>> faulty_;
};

std::unique_ptr<hal::Camera> people_camera(Surroundings& s) {
    static const sim::PeopleCamera::Pictures nobody;
    return std::make_unique<sim::PeopleCamera>(s.world, s.site, s.clock, nobody, interval);
}

// Small pictures, because the suite asks for many.
std::unique_ptr<hal::Camera> render_camera(Surroundings& s) {
    s.world.arrive(s.mallory, s.site);
    s.world.show_face(s.mallory, s.site);
    sim::RenderCameraSetup setup;
    setup.width = 96;
    setup.height = 72;
    setup.interval = interval;
    return std::make_unique<sim::RenderCamera>(s.world, s.site, s.clock, setup);
}

void add(Registry& registry, const std::string& name, SiteRig::Make make) {
    registry.cameras.push_back(
        {name, [make] { return std::make_unique<SiteRig>(make, false); }, ""});
    registry.cameras.push_back(
        {name + " behind Faulty", [make] { return std::make_unique<SiteRig>(make, true); }, ""});
}

}  // namespace

void add_sim_camera(Registry& registry) {
    registry.cameras.push_back({"sim images", [] { return std::make_unique<ImageRig>(); }, ""});
    add(registry, "sim people", people_camera);
    add(registry, "sim rendered", render_camera);
}

}  // namespace strongroom::conformance
