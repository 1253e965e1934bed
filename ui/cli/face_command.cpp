#include "face_command.h"

#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "face_evaluate_command.h"
#include "faces.h"
#include "home.h"
#include "report/report.h"
#include "vision/enrolment.h"
#include "vision/image.h"
#include "vision/model_pack.h"
#include "vision/threads.h"

namespace strongroom::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using namespace strongroom::vision;

struct CompareOptions {
    PackChoice pack;
    fs::path a;
    fs::path b;
    fs::path json;
};

Json describe_quality(const Quality& quality) {
    return {{"eye_distance", quality.eye_distance},
            {"sharpness", quality.sharpness},
            {"brightness", quality.brightness},
            {"contrast", quality.contrast},
            {"yaw", quality.pose.yaw},
            {"pitch", quality.pose.pitch},
            {"roll", quality.pose.roll}};
}

struct Portrait {
    FaceMeasurement measurement;
    std::string problem;  // why it cannot be compared; else empty
};

Portrait portrait_of(FaceAnalyser& analyser, const fs::path& file) {
    const auto frame = read_image(file);
    if (!frame) {
        throw InputError(file.string() + " " + std::string(vision::describe(frame.error())));
    }
    Portrait portrait;
    auto measurement = analyser.analyse(*frame);
    if (!measurement) throw InputError(file.string() + " could not be searched for faces");
    portrait.measurement = std::move(*measurement);
    if (portrait.measurement.faces == 0) {
        portrait.problem = vision::describe(EnrolmentRefusal::no_face);
    } else if (portrait.measurement.features.empty()) {
        portrait.problem = vision::describe(EnrolmentRefusal::model_failed);
    }
    return portrait;
}

void print_portrait(const fs::path& file, const Portrait& portrait) {
    const Quality& quality = portrait.measurement.quality;
    std::cout << file.string() << ": ";
    if (!portrait.problem.empty()) {
        std::cout << portrait.problem << "\n";
        return;
    }
    std::cout << std::fixed << std::setprecision(0) << portrait.measurement.faces
              << (portrait.measurement.faces == 1 ? " face" : " faces, the largest is taken")
              << ", eyes " << quality.eye_distance << " px apart, sharpness " << quality.sharpness
              << ", brightness " << quality.brightness << ", contrast " << quality.contrast
              << ", yaw " << quality.pose.yaw << ", pitch " << quality.pose.pitch << ", roll "
              << quality.pose.roll << std::defaultfloat << "\n";
    const auto refusal = refusal_of(portrait.measurement, EnrolmentLimits{});
    std::cout << "  as a reference: "
              << (refusal ? "refused, " + std::string(vision::describe(*refusal)) : "good") << "\n";
}

int compare(const CompareOptions& options) {
    use_one_thread();
    if (!options.json.empty()) report::expect_writable(options.json);
    const ModelPack pack = load_comparing_pack(options.pack);
    const Threshold& threshold = pack.threshold();
    std::cout << pack.summary() << "\n";
    FaceAnalyser analyser(pack, nullptr);
    const Portrait a = portrait_of(analyser, options.a);
    const Portrait b = portrait_of(analyser, options.b);
    print_portrait(options.a, a);
    print_portrait(options.b, b);
    Json json{{"pack", describe_pack(pack)},
              {"threshold", threshold.distance},
              {"quality",
               {describe_quality(a.measurement.quality), describe_quality(b.measurement.quality)}},
              {"distance", nullptr},
              {"decision", "not compared"}};
    bool same = false;
    if (a.problem.empty() && b.problem.empty()) {
        const float apart =
            distance(pack.manifest().metric, a.measurement.features, b.measurement.features);
        same = static_cast<double>(apart) <= threshold.distance;
        json["distance"] = apart;
        json["decision"] = same ? "same person" : "unknown";
        std::cout << std::setprecision(4) << "distance " << apart
                  << (same ? " is within " : " is beyond ") << threshold.distance << ": "
                  << (same ? "the same person" : "unknown") << "\n";
    } else {
        std::cout << "not compared\n";
    }
    std::cout << "liveness: NOT MEASURED\n";
    if (!options.json.empty()) report::write_whole(options.json, json.dump(2) + "\n");
    return same ? 0 : 1;
}

void add_compare(CLI::App& face, int& exit_code) {
    auto options = std::make_shared<CompareOptions>();
    CLI::App* app = face.add_subcommand(
        "compare", "Compare the faces on two pictures by the pack's own threshold");
    app->add_option("A", options->a, "Picture: JPEG, PNG, BMP or PNM")->required();
    app->add_option("B", options->b, "Picture")->required();
    add_pack_options(*app, options->pack);
    app->add_option("--json", options->json, "Write distance, decision and quality to this file");
    app->footer(
        "Example: strongroom face compare ann1.jpg ann2.jpg --pack dlib-densenet\n"
        "Exit: 0 the same person, 1 unknown or no comparable face, 2 invalid input.");
    app->callback([options, &exit_code] { exit_code = compare(*options); });
}

}  // namespace

void add_face_command(CLI::App& app, int& exit_code) {
    CLI::App* face =
        app.add_subcommand("face", "Compare faces on pictures, or measure how well a pack does");
    face->require_subcommand(1);
    add_compare(*face, exit_code);
    add_face_evaluate_command(*face, exit_code);
}

}  // namespace strongroom::cli
