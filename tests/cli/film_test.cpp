// Films: written by the program, read back by OpenCV, and evaluated as an evaluator's own.
#include <iostream>
#include <optional>

#include <nlohmann/json.hpp>
#include <opencv2/videoio.hpp>

#include "catch.h"
#include "program.h"

using namespace strongroom::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

struct Film {
    int frames = 0;
    int width = 0;
    int height = 0;
    double rate = 0;
};

// None: said, so that the test counts as skipped.
std::optional<Film> read_film(const fs::path& file) {
    cv::VideoCapture capture(file.string(), cv::CAP_FFMPEG);
    if (!capture.isOpened()) {
        std::cout << "SKIPPED: this OpenCV cannot decode a film\n";
        return std::nullopt;
    }
    Film film;
    film.rate = capture.get(cv::CAP_PROP_FPS);
    for (cv::Mat frame; capture.read(frame); ++film.frames) {
        film.width = frame.cols;
        film.height = frame.rows;
    }
    return film;
}

Answer render(const Program& program, const std::string& species, const fs::path& film) {
    fs::create_directories(film.parent_path());
    return program.run({"people", "render", "--people", "1", "--species", species, "--seconds",
                        "0.8", "--rate", "10", "--film", film.string()});
}

}  // namespace

TEST_CASE("cli: a film of people has all the frames, of the size and at the rate asked for") {
    const Program program;
    const fs::path file = program.folder() / "film.avi";
    const Answer answer =
        program.run({"people", "render", "--people", "2", "--seconds", "0.5", "--rate", "12",
                     "--width", "160", "--height", "128", "--film", file.string()});
    INFO(answer.err);
    REQUIRE(answer.status == 0);
    CHECK_THAT(answer.out, Contains("12 frames at 12 a second"));
    const auto film = read_film(file);
    if (!film) return;
    CHECK(film->frames == 12);
    CHECK(film->width == 160);
    CHECK(film->height == 128);
    CHECK(film->rate == Approx(12).margin(0.01));
}

TEST_CASE("cli: an evaluator's own films are evaluated, one score a film") {
    const Program program;
    const fs::path films = program.folder() / "films";
    const fs::path living = films / "bona_fide/living.avi";
    REQUIRE(render(program, "bona_fide", living).status == 0);
    REQUIRE(render(program, "tablet_replay", films / "tablet/shown.avi").status == 0);
    if (!read_film(living)) return;
    const fs::path json = program.folder() / "r.json";
    const fs::path csv = program.folder() / "r.csv";
    const Answer answer = program.run({"face", "evaluate", "--attacks", films.string(), "--rounds",
                                       "20", "--json", json.string(), "--scores", csv.string()});
    INFO(answer.err);
    REQUIRE(answer.status == 0);
    const auto result = nlohmann::json::parse(read_file(json));
    CHECK(result.at("simulated") == false);
    CHECK(result.at("presentations") == 2);
    REQUIRE(result.at("species").size() == 1);
    CHECK(result.at("species")[0].at("species") == "tablet");
    // A face was found in both: each was classified.
    CHECK(result.at("species")[0].at("apcer").at("trials") == 1);
    CHECK(result.at("species")[0].at("nonresponse").at("errors") == 0);
    CHECK(result.at("bpcer").at("trials") == 1);
    const std::string scores = read_file(csv);
    CHECK_THAT(scores, Contains("measured,tablet,") && Contains("shown.avi"));
    CHECK_THAT(scores, Contains("measured,bona_fide,") && Contains("living.avi"));
}

TEST_CASE("cli: a film that is cut off before its first frame is refused by name") {
    const Program program;
    const fs::path films = program.folder() / "films";
    const fs::path broken = films / "tablet/broken.avi";
    REQUIRE(render(program, "tablet_replay", broken).status == 0);
    if (!read_film(broken)) return;
    const fs::path json = program.folder() / "r.json";
    for (const unsigned bytes : {4096U, 512U, 20U}) {
        fs::resize_file(broken, bytes);
        const Answer answer =
            program.run({"face", "evaluate", "--attacks", films.string(), "--json", json.string()});
        INFO(bytes << " bytes: " << answer.err);
        CHECK(answer.status == 2);
        CHECK_THAT(answer.err, Contains("error: ") && Contains("broken.avi") &&
                                   Contains("decoded") && Contains("convert it"));
        CHECK_FALSE(fs::exists(json));
    }
}
