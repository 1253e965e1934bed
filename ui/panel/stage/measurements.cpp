#include "panel/measurements.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "face_model/embedded_pack.h"
#include "liveness_model/liveness_model.h"
#include "people/sitting.h"
#include "scenarios/loader.h"
#include "scenarios/player.h"
#include "sim/score_observer.h"
#include "sim_camera/picture_files.h"
#include "sim_camera/render_camera.h"
#include "vision/threads.h"

namespace strongroom::panel {

namespace {

using Wall = std::chrono::steady_clock;
using Points = std::vector<sim::QuantileTable::Point>;

constexpr int bars = 40;

// The share of comparisons at or below a distance, from quantiles.
double share_below(const Points& points, double distance) {
    if (distance < points.front().distance) return 0;
    if (distance >= points.back().distance) return 1;
    const auto above = std::find_if(points.begin(), points.end(),
                                    [&](const auto& point) { return point.distance > distance; });
    const auto& high = *above;
    const auto& low = *std::prev(above);
    const double way = (distance - low.distance) / (high.distance - low.distance);
    return low.p + way * (high.p - low.p);
}

Histogram histogram(const Points& points, double begin, double width) {
    Histogram out{begin, width, {}};
    for (int i = 0; i < bars; ++i) {
        const double from = begin + width * i;
        out.share.push_back(share_below(points, from + width) - share_below(points, from));
    }
    return out;
}

// One point for each distance that either table knows.
std::vector<DetPoint> trade_off(const Points& genuine, const Points& impostor) {
    std::set<double> thresholds;
    for (const auto& point : genuine) thresholds.insert(point.distance);
    for (const auto& point : impostor) thresholds.insert(point.distance);
    std::vector<DetPoint> det;
    for (const double threshold : thresholds) {
        det.push_back(
            {threshold, share_below(impostor, threshold), 1 - share_below(genuine, threshold)});
    }
    return det;
}

class Stopwatch {
public:
    template <class Work>
    void time(Work&& work) {
        const auto begin = Wall::now();
        work();
        spent_.push_back(std::chrono::duration<double, std::milli>(Wall::now() - begin).count());
    }
    [[nodiscard]] StageTime result(std::string stage) {
        std::sort(spent_.begin(), spent_.end());
        StageTime out;
        out.stage = std::move(stage);
        out.frames = static_cast<int>(spent_.size());
        if (spent_.empty()) return out;
        out.median_ms = spent_[spent_.size() / 2];
        out.slow_ms = spent_[spent_.size() * 19 / 20];
        return out;
    }

private:
    std::vector<double> spent_;
};

}  // namespace

Measurements::Measurements(MeasurementsSetup setup, std::function<void()> published)
    : setup_(std::move(setup)),
      published_(std::move(published)),
      latest_(std::make_shared<const MeasurementsSnapshot>()) {
    thread_ = std::thread([this] { work(); });
}

Measurements::~Measurements() {
    {
        const std::lock_guard guard(mutex_);
        ends_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

std::shared_ptr<const MeasurementsSnapshot> Measurements::latest() const {
    const std::lock_guard guard(mutex_);
    return latest_;
}

void Measurements::measure() {
    {
        const std::lock_guard guard(mutex_);
        measure_ = true;
    }
    wake_.notify_all();
}

void Measurements::open(std::filesystem::path file) {
    {
        const std::lock_guard guard(mutex_);
        file_ = std::move(file);
    }
    wake_.notify_all();
}

void Measurements::change(const std::function<void(MeasurementsSnapshot&)>& how) {
    {
        const std::lock_guard guard(mutex_);
        auto next = std::make_shared<MeasurementsSnapshot>(*latest_);
        ++next->serial;
        how(*next);
        latest_ = std::move(next);
    }
    if (published_) published_();
}

void Measurements::work() {
    read_scores();
    while (true) {
        bool measures = false;
        std::optional<std::filesystem::path> file;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return ends_ || measure_ || file_; });
            if (ends_) return;
            std::swap(measures, measure_);
            std::swap(file, file_);
        }
        try {
            if (file) read_species(*file);
            if (!measures) continue;
            change([](auto& all) {
                all.measuring = true;
                all.complaint.clear();
            });
            time_visits();
            time_stages();
        } catch (const std::exception& problem) {
            change([&](auto& all) { all.complaint = problem.what(); });
        }
        change([](auto& all) { all.measuring = false; });
    }
}

void Measurements::read_scores() try {
    const sim::ScoreModel scores = sim::ScoreModel::load(setup_.scores);
    const Points& genuine = scores.genuine.points();
    const Points& impostor = scores.impostor.points();
    const double begin = std::min(genuine.front().distance, impostor.front().distance);
    const double end = std::max(genuine.back().distance, impostor.back().distance);
    const double width = (end - begin) / bars;
    const double threshold = scenarios::score_source(setup_.scores)->threshold().distance_max;
    // The file's own words; a search in the text would also find them in a sentence.
    const nlohmann::json provenance = nlohmann::json::parse(scores.provenance);
    const auto said = provenance.find("simulated");
    const bool simulated =
        said != provenance.end() && said->is_boolean() && said->get<bool>();
    change([&](auto& all) {
        all.model = scores.model;
        all.simulated = simulated;
        all.genuine = histogram(genuine, begin, width);
        all.impostor = histogram(impostor, begin, width);
        all.det = trade_off(genuine, impostor);
        all.threshold = threshold;
    });
} catch (const std::exception& problem) {
    change([&](auto& all) { all.complaint = problem.what(); });
}

void Measurements::read_species(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error(file.string() + " cannot be read");
    const auto json = nlohmann::json::parse(in, nullptr, false);
    const auto listed = json.is_object() ? json.find("species") : json.end();
    if (!json.is_object() || listed == json.end() || !listed->is_array()) {
        throw std::runtime_error(
            file.string() + " is not what `strongroom face evaluate --liveness --json` writes");
    }
    std::vector<SpeciesRate> species;
    for (const auto& row : *listed) {
        const auto& apcer = row.at("apcer");
        species.push_back({row.at("species").get<std::string>(), apcer.at("rate").get<double>(),
                           apcer.at("bounds").at(0).get<double>(),
                           apcer.at("bounds").at(1).get<double>(),
                           apcer.at("trials").get<std::int64_t>()});
    }
    change([&](auto& all) {
        all.species = std::move(species);
        all.species_from = file.string();
        all.complaint.clear();
    });
}

// Whole visits, with a new seed each, for two seconds.
void Measurements::time_visits() {
    const scenarios::Scenario scenario = scenarios::load_scenario(setup_.honest);
    const auto faces = scenarios::score_source(setup_.scores);
    scenarios::Options options;
    options.faces = faces.get();
    const auto plans = scenarios::plan_arms(scenario, scenarios::ArmChoice::defended);
    const auto begin = Wall::now();
    std::size_t visits = 0;
    for (std::uint64_t seed = 1; Wall::now() - begin < std::chrono::seconds(2); ++seed) {
        const scenarios::ArmOutcome arm =
            scenarios::play_arm(scenario, plans.front(), seed, options);
        if (!arm.error.empty()) throw std::runtime_error(arm.error);
        visits += static_cast<std::size_t>(std::count_if(
            arm.facts.begin(), arm.facts.end(),
            [](const sim::Fact& fact) { return fact.kind == sim::FactKind::door_opened; }));
    }
    const double seconds = std::chrono::duration<double>(Wall::now() - begin).count();
    change([&](auto& all) { all.visits_per_second = static_cast<double>(visits) / seconds; });
}

// The stages of the face pipeline on frames of four people, one after another.
void Measurements::time_stages() {
    vision::use_one_thread();
    const vision::ModelPack pack = face_model::embedded_pack();
    const auto liveness = liveness_model::embedded_detector();
    people::Renderer renderer(2);
    people::AttackRenderer attacks(renderer);
    Stopwatch render;
    Stopwatch detect;
    Stopwatch align;
    Stopwatch embed;
    Stopwatch assess;
    for (std::uint64_t person = 0; person < 4; ++person) {
        people::SittingSetup setup;
        setup.face = sim::head_of(person);
        setup.seed = person;
        people::Sitting sitting(renderer, attacks, std::move(setup));
        liveness->begin_track();
        for (int i = 0; i < 12; ++i) {
            hal::Frame frame;
            render.time([&] { frame = sim::to_frame(sitting.at(1 + 0.1 * i)); });
            Result<std::vector<vision::Detection>> found;
            detect.time([&] { found = pack.detector().detect(frame); });
            if (!found || found->empty()) continue;
            const vision::Detection& face = found->front();
            const vision::FaceEmbedder& embedder = *pack.embedder();
            Result<vision::FaceChip> chip;
            align.time([&] {
                chip = vision::align(frame, face.landmarks, embedder.chip_template(),
                                     embedder.chip_size());
            });
            if (!chip) continue;
            embed.time([&] { static_cast<void>(pack.embedder()->embed(*chip)); });
            assess.time([&] { static_cast<void>(liveness->assess(frame, face)); });
        }
    }
    change([&](auto& all) {
        all.stages = {render.result("render (simulated camera)"), detect.result("detect"),
                      align.result("align"), embed.result("embed"), assess.result("liveness")};
    });
}

}  // namespace strongroom::panel
