// The simulator's cameras at the level of images, with pictures made here.
#include "rigs/rigs.h"
#include "sim/faulty.h"
#include "sim_camera/image_camera.h"

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

class PeopleRig final : public CameraRig {
public:
    explicit PeopleRig(bool faulty) {
        if (faulty) faulty_ = std::make_unique<sim::Faulty<hal::Camera>>(camera_, s_.plan);
    }
    hal::Camera& device() override {
        return faulty_ ? static_cast<hal::Camera&>(*faulty_) : camera_;
    }
    void advance(Duration span) override { s_.scheduler.run_for(span); }
    CameraObserved observed() override { return {}; }
    [[nodiscard]] bool can(Capability c) const override { return c == Capability::unplug; }
    void unplug() override { s_.world.unplug(s_.mallory, s_.site, sim::Cable::camera); }
    void plug() override { s_.world.plug(s_.mallory, s_.site, sim::Cable::camera); }
    [[nodiscard]] Duration frame_interval() const override { return interval; }

private:
    Surroundings s_;
    sim::PeopleCamera::Pictures pictures_;
    sim::PeopleCamera camera_{s_.world, s_.site, s_.clock, pictures_, interval};
    std::unique_ptr<sim::Faulty<hal::Camera>> faulty_;
};

}  // namespace

void add_sim_camera(Registry& registry) {
    registry.cameras.push_back({"sim images", [] { return std::make_unique<ImageRig>(); }, ""});
    registry.cameras.push_back(
        {"sim people", [] { return std::make_unique<PeopleRig>(false); }, ""});
    registry.cameras.push_back(
        {"sim people behind Faulty", [] { return std::make_unique<PeopleRig>(true); }, ""});
}

}  // namespace strongroom::conformance
