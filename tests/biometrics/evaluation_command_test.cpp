// `strongroom face evaluate` on simulated people and on presentation attacks, as a user calls it.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "catch.h"
#include "face_attacks.h"
#include "face_command.h"
#include "home.h"
#include "lbph.h"
#include "sim/score_observer.h"
#include "simulated_faces.h"

using namespace strongroom;
namespace fs = std::filesystem;

namespace {

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "strongroom-test-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
    std::string write(const std::string& name, const std::string& text) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << text;
        return at(name);
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream in(path_ / name, std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        return text.str();
    }

private:
    fs::path path_;
};

struct Answer {
    int code = -1;
    std::string error;
};

Answer evaluate(std::vector<std::string> arguments) {
    CLI::App app("strongroom");
    Answer answer;
    cli::add_face_command(app, answer.code);
    app.require_subcommand(1);
    arguments.insert(arguments.begin(), {"face", "evaluate"});
    std::reverse(arguments.begin(), arguments.end());
    // What it prints is not what is tested here.
    std::ostringstream output;
    auto* before = std::cout.rdbuf(output.rdbuf());
    try {
        app.parse(arguments);
    } catch (const std::exception& error) {
        answer = {2, error.what()};  // as main() answers
    }
    std::cout.rdbuf(before);
    return answer;
}

std::vector<std::string> few_people(std::vector<std::string> more) {
    std::vector<std::string> arguments{"--simulated",   "5",   "--renders",         "3",
                                       "--development", "4",   "--rounds",          "20",
                                       "--difficulty",  "0.1", "--impostor-probes", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

std::string complaint(const fs::path& folder) {
    try {
        (void)cli::read_labels(folder);
        return {};
    } catch (const cli::InputError& error) {
        return error.what();
    }
}

// A grey picture that vision can decode and in which nobody is.
const std::string nobody = "P5 64 64 255\n" + std::string(4096, 'x');

}  // namespace

TEST_CASE("simulated evaluation: every output says that its rates are simulated") {
    const Folder folder;
    REQUIRE(evaluate(few_people({"--json", folder.at("r.json"), "--scores", folder.at("r.csv"),
                                 "--html", folder.at("r.html"), "--distribution",
                                 folder.at("d.json"), "--baseline", "lbph", "--pack", "embedded"}))
                .code == 0);
    const auto json = nlohmann::json::parse(folder.read("r.json"));
    CHECK(json.at("simulated") == true);
    CHECK(json.at("label").get<std::string>().starts_with("SIMULATED"));
    CHECK(json.at("identities") == nlohmann::json({3'000'001, 3'000'005}));
    CHECK(json.at("development") == nlohmann::json({2'000'001, 2'000'004}));
    REQUIRE(json.at("models").size() == 2);
    for (const auto& model : json.at("models")) {
        CHECK(model.at("simulated") == true);
        const int enrolled = 5 - model.at("failure_to_enrol").at("errors").get<int>();
        CHECK(enrolled >= 4);
        CHECK(model.at("genuine").get<int>() + model.at("comparisons_lost").get<int>() == 15);
        CHECK(model.at("impostor").get<int>() <= enrolled * 4 * 2);
        CHECK(model.at("failure_to_acquire").at("trials") == 15);
        CHECK(model.at("bounds").at("eer").size() == 2);
        // Twenty-four impostor comparisons of the development set cannot set FMR 1 %.
        CHECK(model.at("thresholds").empty());
    }
    CHECK(json.at("models")[0].at("name") == "embedded");
    CHECK(json.at("models")[1].at("name") == "lbph");
    CHECK(json.at("models")[0].at("eer") <= json.at("models")[1].at("eer"));
    std::istringstream lines(folder.read("r.csv"));
    std::string line;
    std::getline(lines, line);
    CHECK(line.starts_with(
        "source,model,set,claimed,subject,visit,same,distance,threshold,decision,yaw"));
    std::size_t trials = 0;
    while (std::getline(lines, line)) {
        ++trials;
        CHECK(line.starts_with("SIMULATED,"));
    }
    CHECK(trials == json.at("models")[0].at("genuine").get<std::size_t>() +
                        json.at("models")[0].at("impostor").get<std::size_t>() +
                        json.at("models")[1].at("genuine").get<std::size_t>() +
                        json.at("models")[1].at("impostor").get<std::size_t>());
    CHECK(folder.read("r.html").find("SIMULATED") != std::string::npos);
    const auto scores = sim::ScoreModel::load(folder.at("d.json"));
    CHECK(scores.model == "embedded");
    CHECK(scores.provenance.find("SIMULATED") != std::string::npos);
}

TEST_CASE("simulated evaluation: the result depends on the seed and not on the threads") {
    const Folder folder;
    const auto csv = [&](const char* jobs, const char* seed) {
        REQUIRE(evaluate(few_people({"--scores", folder.at("r.csv"), "--jobs", jobs, "--seed", seed,
                                     "--baseline", "lbph"}))
                    .code == 0);
        return folder.read("r.csv");
    };
    const std::string first = csv("1", "1");
    CHECK(csv("2", "1") == first);
    CHECK(csv("2", "2") != first);
}

TEST_CASE("simulated evaluation: thresholds must be of other people and say where they come from") {
    const Folder folder;
    const auto run = [&](const std::string& provenance) {
        folder.write("t.json", R"({"models":[{"name":"lbph","thresholds":[{"target_fmr":0.01,)"
                               R"("distance":20,"provenance":)" +
                                   provenance + "}]}]}");
        return evaluate(few_people({"--baseline", "lbph", "--thresholds", folder.at("t.json"),
                                    "--json", folder.at("out.json")}));
    };
    const std::string counts =
        R"("data_set":"d","model":"m","false_matches":1,"impostor":100,"genuine":10,)";
    const auto overlap = run("{" + counts + R"("identities":[3000004,3000009]})");
    CHECK(overlap.code == 2);
    CHECK(overlap.error.find("of the development set (3000004 to 3000009)") != std::string::npos);
    const auto bare = run("{}");
    CHECK(bare.code == 2);
    CHECK(bare.error.find("does not say where it comes from") != std::string::npos);
    CHECK_FALSE(fs::exists(folder.at("out.json")));
    CHECK(run("{" + counts + R"("identities":[2000001,2000100]})").code == 0);
    const auto json = nlohmann::json::parse(folder.read("out.json"));
    CHECK(json.at("models")[0].at("thresholds")[0].at("test").at("fmr").is_number());
    folder.write("t.json", "{}");
    CHECK(evaluate(few_people({"--baseline", "lbph", "--thresholds", folder.at("t.json")})).code ==
          2);
}

TEST_CASE("simulated evaluation: what cannot be asked together is refused") {
    CHECK(evaluate({}).error.find("--images DIR") != std::string::npos);
    CHECK(evaluate({"--simulated", "1"}).code == 2);
    CHECK(evaluate({"--simulated", "5", "--images", "."}).error.find("--images needs") == 0);
    CHECK(evaluate({"--simulated", "5", "--set", "training"}).code == 2);
    CHECK(evaluate({"--simulated", "5", "--packs", "a,b"}).code == 2);
    CHECK(evaluate({"--simulated", "5", "--baseline", "eigenfaces"}).code == 2);
    CHECK(evaluate({"--simulated", "5", "--pack", "no-such-pack"}).code == 2);
    CHECK(evaluate({"--simulated", "5", "--attacks", "."}).code == 2);
    CHECK(evaluate({"--simulated", "5", "--bona-fide", "3"}).code == 2);
    CHECK(evaluate({"--images", ".", "--renders", "3"}).error.find("--renders needs") == 0);
    CHECK(evaluate({"--liveness", "--species", "hologram"}).error.find("unknown species") == 0);
    CHECK(evaluate({"--liveness", "--protocol", "own"}).code == 2);
    CHECK(evaluate({"--simulated", "5", "--json", "/nonexistent/r.json"}).code == 2);
}

TEST_CASE("simulated evaluation: shots of a visit repeat and those of other visits differ") {
    cli::SimulatedFaces options;
    const auto numbers = [&](std::uint64_t person, std::size_t visit) {
        return cli::shot_numbers(cli::visit_shot(person, visit, options));
    };
    CHECK(numbers(7, 1) == numbers(7, 1));
    CHECK(numbers(7, 1) != numbers(7, 2));
    CHECK(numbers(7, 1) != numbers(8, 1));
    CHECK(numbers(7, 1).size() == cli::shot_names().size());
    // References are of one sitting: the same light, another moment.
    const auto first = cli::reference_shot(7, 0, options);
    const auto second = cli::reference_shot(7, 1, options);
    CHECK(first.lighting.key == second.lighting.key);
    CHECK(first.noise_seed != second.noise_seed);
}

TEST_CASE("baseline: an even face has the pattern of equality alone") {
    vision::FaceChip chip{112, std::vector<std::uint8_t>(112 * 112 * 3, 90)};
    const auto even = cli::lbph(chip);
    REQUIRE(even.size() == 64 * 256);
    for (std::size_t cell = 0; cell < 64; ++cell) CHECK(even[cell * 256 + 255] == 169);
    CHECK(cli::chi_square(even, even, cli::lbph_cell_pixels(112)) == 0);
    // Nothing in common: 2 (1 + 1) a cell.
    std::vector<std::uint8_t> other(even.size(), 0);
    for (std::size_t cell = 0; cell < 64; ++cell) other[cell * 256 + 3] = 169;
    CHECK(cli::chi_square(even, other, cli::lbph_cell_pixels(112)) == Approx(4 * 64));
}

TEST_CASE("baseline: a step in brightness is seen by its pattern and not by its size") {
    const auto chip = [](int dark, int light) {
        vision::FaceChip made{112, {}};
        for (int y = 0; y < 112; ++y) {
            for (int x = 0; x < 112; ++x) {
                const auto value = static_cast<std::uint8_t>(x < 60 ? dark : light);
                made.pixels.insert(made.pixels.end(), 3, value);
            }
        }
        return cli::lbph(made);
    };
    CHECK(chip(40, 90) == chip(10, 200));
    CHECK(chip(40, 90) != chip(90, 40));
}

TEST_CASE("attack files: labels come from the table, or from the folders' names") {
    const Folder folder;
    folder.write("a/bona_fide/1.pgm", nobody);
    folder.write("a/print_a4/2.pgm", nobody);
    folder.write("a/print_a4/1.mp4", "x");
    const auto by_folder = cli::read_labels(folder.at("a"));
    REQUIRE(by_folder.size() == 3);
    CHECK(by_folder[0].species == "bona_fide");
    CHECK(by_folder[1].species == "print_a4");
    folder.write("b/x.pgm", nobody);
    folder.write("b/labels.csv",
                 "subject,file,species,artefact,label\nann,x.pgm,print,sheet 1,\"a, \"\"b\"\"\"\n");
    const auto by_table = cli::read_labels(folder.at("b"));
    REQUIRE(by_table.size() == 1);
    CHECK(by_table[0].subject == "ann");
    CHECK(by_table[0].artefact == "sheet 1");
    CHECK(by_table[0].label == "a, \"b\"");
    folder.write("b/labels.csv", "path,label,basis\r\nx.pgm,bona_fide,seen\r\n");
    CHECK(cli::read_labels(folder.at("b"))[0].species == "bona_fide");
}

TEST_CASE("attack files: missing labels, unknown species and missing files are refused") {
    const Folder folder;
    CHECK(complaint(folder.at("none")).find("is no folder") != std::string::npos);
    fs::create_directories(folder.at("empty"));
    CHECK(complaint(folder.at("empty")).find("is empty") != std::string::npos);
    folder.write("loose/1.pgm", nobody);
    CHECK(complaint(folder.at("loose")).find("files without labels") != std::string::npos);
    folder.write("live/live/1.pgm", nobody);
    CHECK(complaint(folder.at("live")).find("living people are called bona_fide") !=
          std::string::npos);
    const auto table = [&](const std::string& text) {
        folder.write("t/x.pgm", nobody);
        folder.write("t/labels.csv", text);
        return complaint(folder.at("t"));
    };
    CHECK(table("file,kind\nx.pgm,print\n").find("labels.csv:1: column 'species' is missing") !=
          std::string::npos);
    CHECK(table("file,species\nx.pgm\n").find("labels.csv:2: the species is missing") !=
          std::string::npos);
    CHECK(table("file,species\nx.pgm,Real\n").find("unknown species 'Real'") != std::string::npos);
    CHECK(table("file,species\nx.pgm,a print!\n").find("unknown species") != std::string::npos);
    CHECK(table("file,species\ny.pgm,print\n").find("labels.csv:2: ") != std::string::npos);
    CHECK(table("file,species\n").find("lists no files") != std::string::npos);
}

TEST_CASE("attack evaluation: a picture without a face is a presentation without a response") {
    const Folder folder;
    folder.write("a/bona_fide/1.pgm", nobody);
    folder.write("a/print/2.pgm", nobody);
    REQUIRE(evaluate({"--attacks", folder.at("a"), "--json", folder.at("r.json"), "--scores",
                      folder.at("r.csv"), "--rounds", "20"})
                .code == 0);
    const auto json = nlohmann::json::parse(folder.read("r.json"));
    CHECK(json.at("simulated") == false);
    CHECK(json.at("species")[0].at("species") == "print");
    CHECK(json.at("species")[0].at("apcer").at("trials") == 0);
    CHECK(json.at("species")[0].at("nonresponse").at("errors") == 1);
    CHECK(json.at("worst_apcer").is_null());
    const std::string csv = folder.read("r.csv");
    CHECK(csv.find("measured,print,2,1,,2.pgm,,no_response,,") != std::string::npos);
    CHECK(csv.find("SIMULATED") == std::string::npos);
}

TEST_CASE("attack evaluation: files that cannot be read end it with their name") {
    const Folder folder;
    folder.write("a/print/1.pgm", "P5 64");
    CHECK(evaluate({"--attacks", folder.at("a")}).error.find("1.pgm") != std::string::npos);
    folder.write("b/print/film.mp4", "no film");
    const auto film = evaluate({"--attacks", folder.at("b"), "--json", folder.at("r.json")});
    CHECK(film.code == 2);
    CHECK(film.error.find("film.mp4") != std::string::npos);
    CHECK_FALSE(fs::exists(folder.at("r.json")));
}

TEST_CASE("attack campaign: living people and attacks are presented to the whole system") {
    const Folder folder;
    folder.write("t.json", R"({"models":[{"name":"embedded","thresholds":[{"target_fmr":0.001,)"
                           R"("distance":0.4,"provenance":{"data_set":"d","model":"m",)"
                           R"("false_matches":1,"impostor":1000,"genuine":10,)"
                           R"("identities":[2000001,2000100]}}]}]})");
    REQUIRE(evaluate({"--liveness",
                      "--simulated",
                      "2",
                      "--bona-fide",
                      "1",
                      "--presentations",
                      "1",
                      "--species",
                      "print_matte",
                      "--seconds",
                      "2",
                      "--rounds",
                      "20",
                      "--thresholds",
                      folder.at("t.json"),
                      "--json",
                      folder.at("r.json"),
                      "--html",
                      folder.at("r.html"),
                      "--scores",
                      folder.at("r.csv")})
                .code == 0);
    const auto json = nlohmann::json::parse(folder.read("r.json"));
    CHECK(json.at("simulated") == true);
    CHECK(json.at("presentations") == 4);
    REQUIRE(json.at("species").size() == 1);
    CHECK(json.at("species")[0].at("iapar").at("trials") == 2);
    CHECK(json.at("facts").at("whole system").get<std::string>().find("2 gestures demanded") !=
          std::string::npos);
    CHECK(folder.read("r.csv").find("SIMULATED,print_matte,3000001,") != std::string::npos);
    CHECK(folder.read("r.html").find("IAPAR") != std::string::npos);
}

TEST_CASE("attack campaign: the protocol of the Common Criteria needs the whole system") {
    const auto answer = evaluate({"--liveness", "--protocol", "common-criteria", "--passive-only"});
    CHECK(answer.code == 2);
    CHECK(answer.error.find("judges the whole system") != std::string::npos);
}
