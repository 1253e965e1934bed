#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "sim/score_observer.h"

namespace strongroom::sim {
namespace {

[[noreturn]] void refuse(std::string_view place, const std::string& why) {
    throw std::runtime_error(std::string(place) + ": " + why);
}

[[nodiscard]] QuantileTable table(const nlohmann::json& json, const char* key,
                                  std::string_view place) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_array()) {
        refuse(place, std::string(key) + " is missing or not a list of [p, distance]");
    }
    std::vector<QuantileTable::Point> points;
    for (const auto& entry : *found) {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number() ||
            !entry[1].is_number()) {
            refuse(place, std::string(key) + ": entry " + std::to_string(points.size() + 1) +
                              " is not [p, distance]");
        }
        points.push_back({entry[0].get<double>(), entry[1].get<double>()});
    }
    try {
        return QuantileTable(std::move(points));
    } catch (const std::invalid_argument& error) {
        refuse(place, std::string(key) + ": " + error.what());
    }
}

// A number for a simulated pack; real packs derive theirs from their files.
[[nodiscard]] FaceModelId id_of(std::string_view model) { return {Rng(0).fork(model).next() | 1U}; }

}  // namespace

QuantileTable::QuantileTable(std::vector<Point> points) : points_(std::move(points)) {
    if (points_.size() < 2) throw std::invalid_argument("needs two points or more");
    for (std::size_t i = 0; i < points_.size(); ++i) {
        const Point& point = points_[i];
        const std::string name = "point " + std::to_string(i + 1);
        if (!(point.p >= 0 && point.p <= 1)) {
            throw std::invalid_argument(name + ": p is not within 0 to 1");
        }
        if (!std::isfinite(point.distance)) {
            throw std::invalid_argument(name + ": the distance is not finite");
        }
        if (i > 0 && !(point.p > points_[i - 1].p)) {
            throw std::invalid_argument(name + ": p does not rise");
        }
        if (i > 0 && point.distance < points_[i - 1].distance) {
            throw std::invalid_argument(name + ": the distance falls");
        }
    }
}

double QuantileTable::at(double p) const {
    const auto above = std::upper_bound(points_.begin(), points_.end(), p,
                                        [](double v, const Point& point) { return v < point.p; });
    if (above == points_.begin()) return points_.front().distance;
    if (above == points_.end()) return points_.back().distance;
    const Point& low = *(above - 1);
    return low.distance + (above->distance - low.distance) * (p - low.p) / (above->p - low.p);
}

ScoreModel ScoreModel::parse(std::string_view text, std::string_view place) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) refuse(place, "not a JSON object: a file of score quantiles is needed");
    const auto model = json.find("model");
    if (model == json.end() || !model->is_string()) refuse(place, "'model' is missing or no text");
    const auto templates = json.find("templates");
    if (templates == json.end() || !templates->is_number_integer() ||
        templates->get<std::int64_t>() < 1 || templates->get<std::int64_t>() > 100) {
        refuse(place, "'templates' is missing or not a number from 1 to 100");
    }
    const auto provenance = json.find("provenance");
    if (provenance == json.end() || !provenance->is_object()) {
        refuse(place, "'provenance' is missing: scores of unknown origin prove nothing");
    }
    return ScoreModel{model->get<std::string>(),
                      id_of(model->get<std::string>()),
                      templates->get<int>(),
                      table(json, "genuine_quantiles", place),
                      table(json, "impostor_quantiles", place),
                      provenance->dump()};
}

ScoreModel ScoreModel::load(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        refuse(file.string(),
               "cannot be read: give a file of score quantiles, or check its "
               "permissions");
    }
    std::ostringstream text;
    text << in.rdbuf();
    return parse(text.str(), file.string());
}

}  // namespace strongroom::sim
