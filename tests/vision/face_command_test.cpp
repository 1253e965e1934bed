// `strongroom face` and `strongroom models` as a user calls them.
#include "face_command.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.h"
#include "models_command.h"
#include "support.h"

using namespace strongroom;
namespace fs = std::filesystem;

namespace {

// Exit code of the command; 2 for a wrong command line, as in the program.
int run(std::vector<std::string> arguments) {
    CLI::App app("strongroom");
    int code = -1;
    cli::add_face_command(app, code);
    cli::add_models_command(app, code);
    app.require_subcommand(1);
    std::reverse(arguments.begin(), arguments.end());
    try {
        app.parse(arguments);
    } catch (const std::exception&) {
        return 2;  // as main() answers a wrong command line and invalid input
    }
    return code;
}

struct Data {
    fs::path models;
    fs::path faces;
};

std::optional<Data> data() {
    const auto models = test::shared_data("models");
    const auto faces = test::shared_data("images/att-faces");
    if (!models || !faces) return std::nullopt;
    return Data{*models, *faces};
}

// The manifests lie beside the program in the build folder, as they do beside this test.
std::vector<std::string> evaluate(const Data& data, std::vector<std::string> more) {
    std::vector<std::string> arguments{"face",     "evaluate",
                                       "--pack",   "dlib-densenet",
                                       "--models", data.models.string(),
                                       "--images", data.faces.string(),
                                       "--rounds", "30"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

const std::string pairs =
    "file_a,file_b,same\n"
    "s1/1.pgm,s1/2.pgm,1\ns1/1.pgm,s1/5.pgm,1\ns2/1.pgm,s2/2.pgm,1\ns3/1.pgm,s3/2.pgm,1\n"
    "s1/1.pgm,s2/1.pgm,0\ns1/2.pgm,s3/1.pgm,0\ns2/2.pgm,s3/2.pgm,0\ns1/5.pgm,s2/2.pgm,0\n";

}  // namespace

TEST_CASE("face command: evaluating pairs writes every result with its bounds") {
    const auto shared = data();
    if (!shared) return;
    const test::TemporaryFolder folder;
    const auto csv = folder.write("pairs.csv", pairs);
    const auto out = folder.path() / "out.json";
    const auto scores = folder.path() / "scores.csv";
    REQUIRE(run(evaluate(*shared, {"--pairs", csv.string(), "--json", out.string(), "--scores",
                                   scores.string(), "--data-set", "few"})) == 0);
    const auto json = nlohmann::json::parse(test::read_text(out));
    CHECK(json.at("genuine") == 4);
    CHECK(json.at("impostor") == 4);
    CHECK(json.at("failures_to_acquire") == 0);
    CHECK(json.at("eer").is_number());
    CHECK(json.at("fnmr_at").at("0.01").is_number());
    CHECK(json.at("fnmr_at").at("0.001").is_number());
    CHECK(json.at("threshold").is_number());
    CHECK(json.at("bounds").at("eer").size() == 2);
    CHECK(json.at("bounds").at("fnmr_at").at("0.001").size() == 2);
    CHECK(json.at("at_threshold").at("fmr_bounds").size() == 2);
    CHECK(json.at("pack").at("name") == "dlib-densenet");
    CHECK(json.at("pack").at("manifest_sha256").get<std::string>().size() == 64);
    CHECK(json.at("data_set").at("name") == "few");
    CHECK(json.at("command").get<std::string>().find("--pairs") != std::string::npos);
    const std::string table = test::read_text(scores);
    CHECK(std::count(table.begin(), table.end(), '\n') == 9);
    CHECK(table.rfind("file_a,file_b,same,distance\ns1/1.pgm,s1/2.pgm,1,0.", 0) == 0);
    // Again, to the letter.
    const auto again = folder.path() / "again.json";
    REQUIRE(run(evaluate(*shared, {"--pairs", csv.string(), "--json", again.string(), "--data-set",
                                   "few"})) == 0);
    CHECK(test::read_text(again) == test::read_text(out));
}

TEST_CASE("face command: a picture without a face is a failure to acquire and not an error rate") {
    const auto shared = data();
    if (!shared) return;
    const test::TemporaryFolder folder;
    for (const char* file : {"s1/1.pgm", "s1/2.pgm", "s2/1.pgm", "s2/2.pgm"}) {
        folder.write(file, test::read_text(shared->faces / file));
    }
    folder.write("s1/3.pgm", "P5 60 60 255\n" + std::string(3600, 'x'));
    folder.write("s2/3.pgm", "no picture");
    Data small = *shared;
    small.faces = folder.path();
    const auto out = folder.path() / "out.json";
    REQUIRE(run(evaluate(small, {"--all-pairs", "--json", out.string()})) == 0);
    const auto json = nlohmann::json::parse(test::read_text(out));
    CHECK(json.at("failures_to_acquire") == 2);
    CHECK(json.at("failures").size() == 2);
    CHECK(json.at("genuine") == 2);
    CHECK(json.at("impostor") == 4);
    CHECK(json.at("comparisons_lost") == 9);
}

TEST_CASE("face command: visits give the simulator its distances with their provenance") {
    const auto shared = data();
    if (!shared) return;
    const test::TemporaryFolder folder;
    for (const char* person : {"s1", "s2", "s3"}) {
        for (const char* file : {"1.pgm", "2.pgm", "4.pgm"}) {
            const std::string name = std::string(person) + "/" + file;
            folder.write(name, test::read_text(shared->faces / name));
        }
    }
    Data small = *shared;
    small.faces = folder.path();
    const auto out = folder.path() / "scores.json";
    REQUIRE(run(evaluate(small, {"--visits", "2", "--distribution", out.string()})) == 0);
    const auto json = nlohmann::json::parse(test::read_text(out));
    CHECK(json.at("model") == "dlib-densenet");
    CHECK(json.at("templates") == 2);
    CHECK(json.at("provenance").at("genuine") == 9);
    CHECK(json.at("provenance").at("impostor") == 54);
    const auto& quantiles = json.at("impostor_quantiles");
    CHECK(quantiles.front().at(0) == 0.0);
    CHECK(quantiles.back().at(0) == 1.0);
    CHECK(quantiles.front().at(1) < quantiles.back().at(1));
}

TEST_CASE("face command: comparing tells the same person from an unknown one") {
    const auto shared = data();
    if (!shared) return;
    const test::TemporaryFolder folder;
    const auto compare = [&](const char* a, const char* b) {
        return run({"face", "compare", (shared->faces / a).string(), (shared->faces / b).string(),
                    "--pack", "dlib-densenet", "--models", shared->models.string(), "--json",
                    (folder.path() / "out.json").string()});
    };
    CHECK(compare("s3/1.pgm", "s3/1.pgm") == 0);
    auto json = nlohmann::json::parse(test::read_text(folder.path() / "out.json"));
    CHECK(json.at("decision") == "same person");
    CHECK(json.at("distance") == 0.0);
    CHECK(compare("s3/1.pgm", "s4/1.pgm") == 1);
    json = nlohmann::json::parse(test::read_text(folder.path() / "out.json"));
    CHECK(json.at("decision") == "unknown");
    CHECK(compare("s3/1.pgm", "README") == 2);
    CHECK(compare("s3/1.pgm", "s3/99.pgm") == 2);
}

TEST_CASE("face command: wrong input exits with 2 and writes nothing") {
    const auto shared = data();
    if (!shared) return;
    const test::TemporaryFolder folder;
    const auto out = (folder.path() / "out.json").string();
    CHECK(run(evaluate(*shared, {"--json", out})) == 2);
    CHECK(run(evaluate(*shared, {"--json", out, "--all-pairs", "--visits", "3"})) == 2);
    CHECK(run(evaluate(*shared, {"--json", out, "--pairs", "/nonexistent.csv"})) == 2);
    CHECK(run(evaluate(*shared, {"--json", out, "--visits", "0"})) == 2);
    CHECK(run(evaluate(*shared, {"--json", out, "--all-pairs", "--pin", std::string(64, '0')})) ==
          2);
    CHECK(run(evaluate(*shared, {"--json", "/nonexistent/out.json", "--all-pairs"})) == 2);
    CHECK(run(evaluate(*shared, {"--json", out, "--all-pairs", "--colour", "red"})) == 2);
    const auto csv = folder.write("pairs.csv", "file_a,file_b,same\ns1/1.pgm,s1/99.pgm,1\n");
    CHECK(run(evaluate(*shared, {"--json", out, "--pairs", csv.string()})) == 2);
    const auto genuine = folder.write("genuine.csv", "file_a,file_b,same\ns1/1.pgm,s1/2.pgm,1\n");
    CHECK(run(evaluate(*shared, {"--json", out, "--pairs", genuine.string()})) == 2);
    CHECK_FALSE(fs::exists(out));
}

TEST_CASE("models command: verifying tells good files from altered ones") {
    const auto shared = data();
    if (!shared) return;
    const std::string yunet = "face_detection_yunet_2022mar.onnx";
    const test::TemporaryFolder folder;
    const auto verify = [&] {
        return run({"models", "verify", "yunet", "--models", folder.path().string()});
    };
    CHECK(verify() == 1);  // missing
    std::string bytes = test::read_text(shared->models / yunet);
    folder.write(yunet, bytes);
    CHECK(verify() == 0);
    bytes[1000] = static_cast<char>(bytes[1000] ^ 4);
    folder.write(yunet, bytes);
    CHECK(verify() == 1);
    CHECK(run({"models", "list", "--models", folder.path().string()}) == 0);
    CHECK(run({"models", "verify", "no-such-pack"}) == 2);
    folder.write("bad.pack.yaml", "pack: [");
    CHECK(run({"models", "list", "--models", folder.path().string()}) == 2);
}
