#include "image_source.h"

#include <mutex>
#include <sstream>
#include <utility>

#include "home.h"
#include "picture_observer.h"
#include "sim_camera/image_camera.h"
#include "vision/enrolment.h"
#include "vision/threads.h"

namespace strongroom::cli {

namespace {

namespace fs = std::filesystem;
using namespace scenarios;

// Arms are played by several threads and the networks hold buffers: one picture at a time.
class SharedDetector final : public vision::FaceDetector {
public:
    SharedDetector(vision::FaceDetector& inner, std::mutex& mutex) : inner_(inner), mutex_(mutex) {}
    [[nodiscard]] Result<std::vector<vision::Detection>> detect(const hal::Frame& frame) override {
        const std::lock_guard guard(mutex_);
        return inner_.detect(frame);
    }

private:
    vision::FaceDetector& inner_;
    std::mutex& mutex_;
};

class SharedEmbedder final : public vision::FaceEmbedder {
public:
    SharedEmbedder(vision::FaceEmbedder& inner, std::mutex& mutex) : inner_(inner), mutex_(mutex) {}
    [[nodiscard]] vision::ChipTemplate chip_template() const override {
        return inner_.chip_template();
    }
    [[nodiscard]] int chip_size() const override { return inner_.chip_size(); }
    [[nodiscard]] Result<std::vector<float>> embed(const vision::FaceChip& chip) override {
        const std::lock_guard guard(mutex_);
        return inner_.embed(chip);
    }

private:
    vision::FaceEmbedder& inner_;
    std::mutex& mutex_;
};

// A camera that owns the pictures of the people it shows.
class PeopleCamera final : public hal::Camera {
public:
    PeopleCamera(const sim::World& world, sim::SiteId site, const hal::Clock& clock,
                 sim::PeopleCamera::Pictures pictures)
        : pictures_(std::move(pictures)), camera_(world, site, clock, pictures_) {}
    [[nodiscard]] Result<void> start() override { return camera_.start(); }
    void stop() override { camera_.stop(); }
    [[nodiscard]] Result<std::optional<hal::Frame>> poll() override { return camera_.poll(); }
    [[nodiscard]] const hal::CameraIdentity& identity() const override {
        return camera_.identity();
    }

private:
    sim::PeopleCamera::Pictures pictures_;
    sim::PeopleCamera camera_;
};

class ImageSource final : public FaceSource {
public:
    ImageSource(vision::ModelPack pack, fs::path data)
        : pack_(std::move(pack)),
          threshold_(threshold_of(pack_)),
          shared_(pack_.manifest(), std::make_unique<SharedDetector>(pack_.detector(), mutex_),
                  std::make_unique<SharedEmbedder>(*pack_.embedder(), mutex_)),
          data_(std::move(data)) {}

    [[nodiscard]] Level level() const override { return Level::images; }

    [[nodiscard]] std::unique_ptr<hal::FaceObserver> observer(sim::World& world, sim::SiteId site,
                                                              const sim::VirtualClock& clock,
                                                              const Scenario& scenario,
                                                              const FaceParts&) const override {
        sim::PeopleCamera::Pictures pictures;
        for (const CastMember& member : scenario.cast) {
            const sim::PersonId person = world.person_named(member.name);
            if (!person || member.photographs.empty()) continue;
            pictures[person] = load(member, member.photographs);
        }
        return std::make_unique<PictureObserver>(
            std::make_unique<PeopleCamera>(world, site, clock, std::move(pictures)), clock, shared_,
            sim::DeclaredLiveness(world, site), PictureObserver::Repeats::allowed);
    }

    [[nodiscard]] std::vector<hal::FaceTemplate> enrol(const CastMember& member,
                                                       std::uint64_t) const override {
        if (member.enrolment.empty()) {
            throw PlayError(member.place.text() + ": " + member.name +
                            " is enrolled, which at level images needs 'enrolment' pictures");
        }
        vision::FaceAnalyser analyser(shared_, nullptr);
        std::vector<hal::FaceTemplate> templates;
        const std::vector<hal::Frame> frames = load(member, member.enrolment);
        for (std::size_t i = 0; i < frames.size(); ++i) {
            auto enrolled = vision::make_template(analyser, frames[i]);
            if (!enrolled) {
                throw PlayError(member.place.text() + ": " + member.enrolment[i] +
                                " cannot be enrolled: " +
                                std::string(vision::describe(enrolled.error().reason)));
            }
            templates.push_back(std::move(enrolled->face));
        }
        return templates;
    }

    [[nodiscard]] Enrolment enrol_shown(const sim::ShownFace&, std::uint64_t, std::uint64_t,
                                        const FaceParts&) const override {
        throw PlayError(
            "whether a picture shown at the desk is alive cannot be told at level "
            "images: play the scenario at level render");
    }

    [[nodiscard]] auth::FaceThreshold threshold() const override { return threshold_; }

    [[nodiscard]] std::vector<std::pair<std::string, std::string>> facts() const override {
        const vision::Evidence& evidence = pack_.threshold().evidence;
        std::ostringstream threshold;
        threshold << "distance " << threshold_.distance_max;
        std::ostringstream rate;
        rate << threshold_.fmr << " measured, upper bound " << threshold_.fmr_upper_bound;
        return {
            {"vision", "photographs through the real pipeline"},
            {"face model", pack_.manifest().name + (pack_.pinned() ? ", pinned" : ", NOT PINNED")},
            {"face threshold", threshold.str()},
            {"false match rate", rate.str()},
            {"liveness", "declared by the scenario: NOT MEASURED"},
            {"challenge", "NOT DEMANDED: photographs answer nothing"},
            {"freshness", "repeated pictures are allowed: photographs repeat"},
            {"evidence", evidence.data_set + ", " + evidence.protocol},
        };
    }

private:
    [[nodiscard]] std::vector<hal::Frame> load(const CastMember& member,
                                               const std::vector<std::string>& names) const {
        std::vector<fs::path> files;
        for (const std::string& name : names) files.push_back(data_ / name);
        try {
            return sim::load_images(files);
        } catch (const sim::ImageError& problem) {
            throw PlayError(member.place.text() + ": " + problem.what());
        }
    }

    mutable std::mutex mutex_;
    vision::ModelPack pack_;
    auth::FaceThreshold threshold_;
    vision::ModelPack shared_;  // the same networks, one picture at a time
    fs::path data_;
};

}  // namespace

std::unique_ptr<FaceSource> image_source(const PackChoice& choice, const fs::path& data) {
    std::error_code error;
    if (data.empty()) {
        throw InputError(
            "level images needs the pictures that scenarios name: give their directory with --data "
            "or STRONGROOM_DATA");
    }
    if (!fs::is_directory(data, error)) {
        throw InputError(data.string() + ": no such directory of pictures (--data)");
    }
    vision::use_one_thread();
    vision::ModelPack pack = load_comparing_pack(choice);
    const fs::path images = data / "images";
    return std::make_unique<ImageSource>(std::move(pack),
                                         fs::is_directory(images, error) ? images : data);
}

}  // namespace strongroom::cli
