// Bad scenarios, pictures and models: status 2, the file and the remedy, and nothing done.
#include "catch.h"
#include "program.h"

using namespace strongroom::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

const fs::path scenarios = STRONGROOM_SCENARIOS;

std::vector<std::string> enrolling(const std::vector<fs::path>& pictures) {
    std::vector<std::string> words{"enroll",       "--name",   "Bo", "--phone",
                                   "+15550100143", "--locker", "14", "--images"};
    for (const fs::path& picture : pictures) words.push_back(picture.string());
    return words;
}

// A picture that cannot be used: to enrol from it is refused and leaves no store behind.
void expect_refused(const Program& program, const fs::path& picture, const std::string& why) {
    const Answer answer = program.run(enrolling({picture}));
    INFO(picture << ": " << answer.err);
    CHECK(answer.status == 2);
    CHECK(answer.out.empty());
    CHECK_THAT(answer.err, Contains("error: ") && Contains(picture.filename().string()));
    CHECK_THAT(answer.err, Contains(why));
    CHECK_FALSE(fs::exists(program.home()));
}

}  // namespace

TEST_CASE("cli: a wrong scenario is refused with file and line, and nothing is played") {
    const Program program;
    for (const char* name : {"unknown-key", "wrong-type", "unknown-actor", "time-backwards"}) {
        const fs::path file = scenarios / "rejected" / (std::string(name) + ".yaml");
        const fs::path json = program.folder() / "outcome.json";
        const Answer answer =
            program.run({"play", (scenarios / "catalogue/H1-locker.yaml").string(), file.string(),
                         "--json", json.string()});
        INFO(answer.err);
        CHECK(answer.status == 2);
        CHECK(answer.out.empty());
        CHECK_THAT(answer.err,
                   Catch::Matchers::Matches("[^]*" + std::string(name) + "\\.yaml:[0-9]+[^]*"));
        CHECK_FALSE(fs::exists(json));
    }
}

TEST_CASE("cli: a scenario that is not there, or an empty folder, is refused by name") {
    const Program program;
    const Answer absent = program.run({"play", "no-such.yaml"});
    CHECK(absent.status == 2);
    CHECK_THAT(absent.err, Contains("no-such.yaml"));
    fs::create_directory(program.folder() / "nothing");
    const Answer nothing = program.run({"play", (program.folder() / "nothing").string()});
    CHECK(nothing.status == 2);
    CHECK_THAT(nothing.err, Contains("nothing"));
}

TEST_CASE("cli: an unknown level, arm or number of workers is refused with what there is") {
    const Program program;
    const Answer level = program.run({"evaluate", "--level", "photos"});
    CHECK(level.status == 2);
    CHECK_THAT(level.err, Contains("'photos'") && Contains("scores") && Contains("images"));
    const Answer arm = program.run({"evaluate", "--arm", "left"});
    CHECK(arm.status == 2);
    CHECK_THAT(arm.err, Contains("'left'") && Contains("undefended"));
    CHECK(program.run({"evaluate", "--jobs", "0"}).status == 2);
    const Answer images = program.run({"evaluate", "--level", "images"});
    CHECK(images.status == 2);
    CHECK_THAT(images.err, Contains("--data"));
}

TEST_CASE("cli: a place that cannot be written is refused before anything is played") {
    const Program program;
    for (const char* option : {"--json", "--junit", "--html"}) {
        for (const fs::path& place :
             {program.folder() / "no" / "such" / "file", program.folder()}) {
            const Answer answer = program.run({"evaluate", option, place.string()});
            INFO(option << " " << place);
            CHECK(answer.status == 2);
            CHECK(answer.out.empty());
            CHECK_THAT(answer.err, Contains(place.string()));
        }
    }
}

TEST_CASE("cli: a picture that is none, empty, cut short or huge is refused by name") {
    const auto models = data("models");
    const auto people = data("images/att-faces");
    if (!models || !people) return;
    Program program;
    program.use_models(*models);
    expect_refused(program, program.folder() / "absent.pgm", "check the path");
    expect_refused(program, program.write("words.jpg", "no picture at all"), "give JPEG, PNG");
    expect_refused(program, program.write("empty.png", ""), "is empty");
    expect_refused(program, program.write("huge.pgm", "P5 100000 100000 255\nabc"), "too large");
    const std::string whole = read_file(*people / "s1" / "1.pgm");
    expect_refused(program, program.write("half.pgm", whole.substr(0, whole.size() / 2)),
                   "cut short");
}

TEST_CASE("cli: a picture without a face, or with three, enrols nobody") {
    const auto models = data("models");
    const auto people = data("images/att-faces");
    if (!models || !people) return;
    Program program;
    program.use_models(*models);
    expect_refused(
        program,
        program.write("grey.pgm", "P5 92 112 255\n" + std::string(std::size_t{92} * 112, 'x')),
        "face");
    const fs::path three = program.folder() / "three.pgm";
    write_side_by_side({*people / "s1/1.pgm", *people / "s2/1.pgm", *people / "s3/1.pgm"}, three);
    expect_refused(program, three, "more than one");
}

TEST_CASE("cli: a bad picture at a visit opens nothing and leaves the store whole") {
    const auto models = data("models");
    const auto people = data("images/att-faces");
    if (!models || !people) return;
    Program program;
    program.use_models(*models);
    REQUIRE(program.run(enrolling({*people / "s1/1.pgm", *people / "s1/2.pgm"})).status == 0);
    const auto visit = [&](const fs::path& picture) {
        return program.run(
            {"visit", "--customer", "1", "--locker", "14", "--yes", "--images", picture.string()});
    };
    const Answer words = visit(program.write("words.png", "none"));
    CHECK(words.status == 2);
    CHECK_THAT(words.err, Contains("words.png"));
    const fs::path three = program.folder() / "three.pgm";
    write_side_by_side({*people / "s1/1.pgm", *people / "s2/1.pgm", *people / "s3/1.pgm"}, three);
    const Answer crowd = visit(three);
    CHECK(crowd.status == 1);
    CHECK_THAT(crowd.out, Contains("One person only") && !Contains("strike"));
    const Answer herself = visit(*people / "s1/1.pgm");
    CHECK(herself.status == 0);
    CHECK(program.run({"audit", "verify"}).status == 0);
}

TEST_CASE("cli: a missing or altered model file is named with its remedy") {
    Program program;
    program.use_models(program.folder());
    const Answer missing = program.run(enrolling({"ada.pgm"}));
    CHECK(missing.status == 2);
    CHECK_THAT(missing.err, Contains("face_detection_yunet_2022mar.onnx") && Contains("fetch"));
    program.write("face_detection_yunet_2022mar.onnx", "not what was published");
    program.write("face_recognition_densenet_model_v1.dat", "");
    const Answer altered = program.run(enrolling({"ada.pgm"}));
    CHECK(altered.status == 2);
    CHECK_THAT(altered.err, Contains("face_detection_yunet_2022mar.onnx") && Contains("SHA-256"));
    CHECK_FALSE(fs::exists(program.home()));
    const Answer verified = program.run({"models", "verify", "yunet"});
    CHECK(verified.status == 1);
    CHECK_THAT(verified.out + verified.err, Contains("ALTERED"));
    CHECK(program.run({"doctor"}).status == 1);
    const Answer unknown = program.run({"models", "verify", "dlib-densnet"});
    CHECK(unknown.status == 2);
    CHECK_THAT(unknown.err, Contains("dlib-densenet"));
}

TEST_CASE("cli: a model file that was cut short is refused") {
    const auto models = data("models");
    if (!models) return;
    Program program;
    program.use_models(program.folder());
    const std::string detector = "face_detection_yunet_2022mar.onnx";
    const std::string whole = read_file(*models / detector);
    program.write(detector, whole.substr(0, whole.size() - 1));
    const Answer answer = program.run({"models", "verify", "yunet"});
    CHECK(answer.status == 1);
    CHECK_THAT(answer.out + answer.err, Contains(detector) && Contains("cut short"));
    program.write(detector, whole);
    CHECK(program.run({"models", "verify", "yunet"}).status == 0);
}

TEST_CASE("cli: enrolment with a name, number or locker that cannot be is refused") {
    const Program program;
    const auto enrol = [&](const std::string& name, const std::string& phone,
                           const std::string& locker) {
        return program.run(
            {"enroll", "--name", name, "--phone", phone, "--locker", locker, "--simulated"});
    };
    CHECK(enrol("Bo", "12345", "1").status == 2);
    CHECK_THAT(enrol("Bo", "0049 151", "1").err, Contains("E.164") && Contains("+15550100142"));
    CHECK(enrol("", "+15550100142", "1").status == 2);
    CHECK(enrol("Bo", "+15550100142", "0").status == 2);
    CHECK(enrol("Bo", "+15550100142", "twelve").status == 2);
    const Answer neither =
        program.run({"enroll", "--name", "Bo", "--phone", "+15550100142", "--locker", "1"});
    CHECK(neither.status == 2);
    CHECK_THAT(neither.err, Contains("--images") && Contains("--simulated"));
    program.enrol();
    const Answer taken = program.run({"enroll", "--name", "Bo", "--phone", "+15550100143",
                                      "--locker", "13", "--customer", "1", "--simulated"});
    CHECK(taken.status == 2);
    CHECK_THAT(taken.err, Contains("customer 1 already"));
    CHECK(program.visit().status == 0);
}

TEST_CASE("cli: people are written as a sheet, and what cannot be shown is refused by name") {
    const Program program;
    const fs::path sheet = program.folder() / "sheet.png";
    const Answer good =
        program.run({"people", "render", "--people", "1", "--species", "bona_fide,print_matte",
                     "--tile", "32", "--sheet", sheet.string()});
    INFO(good.err);
    CHECK(good.status == 0);
    CHECK(fs::file_size(sheet) > 1000);

    const Answer unknown =
        program.run({"people", "render", "--species", "hologram", "--sheet", sheet.string()});
    CHECK(unknown.status == 2);
    CHECK_THAT(unknown.err, Contains("hologram") && Contains("print_matte"));
    const Answer nowhere = program.run({"people", "render"});
    CHECK(nowhere.status == 2);
    CHECK_THAT(nowhere.err, Contains("--sheet"));
    const Answer folder =
        program.run({"people", "render", "--sheet", (program.folder() / "none/x.png").string()});
    CHECK(folder.status == 2);
    CHECK_THAT(folder.err, Contains("none/x.png"));
}
