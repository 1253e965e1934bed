// Visits as a user makes them.
#include <nlohmann/json.hpp>

#include "catch.h"
#include "program.h"

using namespace strongroom::test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

// Ada's own pictures: those she is enrolled from, and others that the camera sees at a visit.
struct Photographs {
    std::filesystem::path people;
    [[nodiscard]] std::vector<std::string> of(int person, std::initializer_list<int> which) const {
        std::vector<std::string> files;
        for (const int number : which) {
            files.push_back(
                (people / ("s" + std::to_string(person)) / (std::to_string(number) + ".pgm"))
                    .string());
        }
        return files;
    }
};

Answer enrol_from(const Program& program, const std::vector<std::string>& pictures) {
    std::vector<std::string> words{"enroll",   "--name", "Ada",        "--phone", "+15550100142",
                                   "--locker", "12",     "--customer", "1",       "--images"};
    words.insert(words.end(), pictures.begin(), pictures.end());
    return program.run(words);
}

Answer visit_seen(const Program& program, const std::vector<std::string>& pictures) {
    std::vector<std::string> words{"--yes", "--images"};
    words.insert(words.end(), pictures.begin(), pictures.end());
    return program.visit(words);
}

}  // namespace

TEST_CASE(
    "cli: a visit with real photographs as the camera opens for the enrolled person and "
    "refuses another") {
    const auto people = data("images/att-faces");
    const auto models = data("models");
    if (!people || !models) return;
    const Photographs photographs{*people};
    for (const int person : {1, 3, 4}) {
        INFO("person s" << person);
        Program program;
        program.use_models(*models);
        const Answer enrolled = enrol_from(program, photographs.of(person, {1, 2, 3, 4, 5}));
        INFO(enrolled.err);
        REQUIRE(enrolled.status == 0);

        const Answer she = visit_seen(program, photographs.of(person, {6, 7, 8, 9, 10}));
        CHECK(she.status == 0);
        CHECK_THAT(she.out, Contains("door    open") && Contains("The locker was opened."));
        CHECK_THAT(she.out, Contains("liveness: declared: NOT MEASURED"));
        CHECK_THAT(she.out, Contains("dlib-densenet") && Contains("threshold") && Contains("FMR"));

        const Answer he =
            visit_seen(program, photographs.of(person + 1, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
        CHECK(he.status == 1);
        CHECK_THAT(he.out, Contains("Not recognised") && Contains("NOT MEASURED"));
        CHECK_THAT(he.out, !Contains("a message has arrived") && !Contains("strike"));
        CHECK(program.run({"audit", "verify"}).status == 0);
    }
}

TEST_CASE("cli: a folder of pictures is read without what desktops hide in it") {
    const auto people = data("images/att-faces");
    const auto models = data("models");
    if (!people || !models) return;
    Program program;
    program.use_models(*models);
    const auto folder = program.folder() / "ada";
    std::filesystem::create_directory(folder);
    for (const char* name : {"1.pgm", "2.pgm"}) {
        std::filesystem::copy_file(*people / "s1" / name, folder / name);
    }
    program.write("ada/.DS_Store", "no picture");
    const Answer answer = enrol_from(program, {folder.string()});
    INFO(answer.err);
    CHECK(answer.status == 0);
    CHECK_THAT(answer.out, Contains("with 2 templates"));
}

TEST_CASE("cli: an honest visit opens, and says which model, threshold and rates it rests on") {
    const Program program;
    const Answer answer = program.run({"visit", "--yes"});
    CHECK(answer.status == 0);
    CHECK_THAT(answer.out, Contains("door    open") && EndsWith("The locker was opened.\n"));
    CHECK_THAT(answer.out, Contains("face threshold: distance") && Contains("false match rate:") &&
                               Contains("NOT MEASURED"));
    CHECK_THAT(answer.out, !Contains("\033"));
    CHECK(program.run({"visit", "--yes", "--policy", "locker-keyless"}).status == 0);
    CHECK_FALSE(std::filesystem::exists(program.home()));
}

TEST_CASE("cli: a stranger's face is refused before a code is sent") {
    const Program program;
    const Answer answer = program.run({"visit", "--yes", "--face", "stranger"});
    CHECK(answer.status == 1);
    CHECK_THAT(answer.out, Contains("Not recognised") && Contains("The locker stayed closed."));
    CHECK_THAT(answer.out, !Contains("a message has arrived") && !Contains("strike"));
}

TEST_CASE("cli: a visitor who types what her phone shows and turns her key opens") {
    const Program program;
    const Answer answer = program.run_as_phone_owner({"visit"});
    CHECK(answer.status == 0);
    CHECK_THAT(answer.out, Contains("turn your key?") && Contains("door    open"));
}

TEST_CASE("cli: a visitor who answers nothing is told, and nothing opens") {
    const Program program;
    const Answer answer = program.run({"visit"});
    CHECK(answer.status == 1);
    CHECK_THAT(answer.out, Contains("the input has ended") && !Contains("strike"));
    const Answer wrong = program.run({"visit"}, "what?\n111111\n");
    CHECK(wrong.status == 1);
    CHECK_THAT(wrong.out, !Contains("strike"));
}

TEST_CASE("cli: a visitor who asks for another code gets one, once the terminal may send it") {
    const Program program;
    const Answer answer = program.run({"visit"}, "r\n\n");
    CHECK(answer.status == 1);
    const std::string arrived = "a message has arrived";
    const auto first = answer.out.find(arrived);
    REQUIRE(first != std::string::npos);
    CHECK(answer.out.find(arrived, first + 1) != std::string::npos);
    CHECK_THAT(answer.out, Contains("One moment, please (") && Contains("Cancelled"));
}

TEST_CASE("cli: a policy that asks for a finger opens for hers, not for a cast or a stranger's") {
    const Program program;
    const Answer opened = program.run({"visit", "--policy", "atm-access", "--yes"});
    INFO(opened.out);
    CHECK(opened.status == 0);
    CHECK_THAT(opened.out, Contains("Put your finger on the sensor"));
    for (const char* other : {"cast", "stranger"}) {
        const Answer refused =
            program.run({"visit", "--policy", "atm-access", "--yes", "--finger", other});
        INFO(refused.out);
        CHECK(refused.status == 1);
        CHECK_THAT(refused.out, Contains("Finger not recognised"));
        CHECK_THAT(refused.out, !Contains("a message has arrived"));
    }
    CHECK(program.run({"visit", "--yes", "--finger", "cast"}).status == 2);
}

TEST_CASE("cli: an enrolled finger opens the store's own terminal, and its lack is told") {
    const Program program;
    const auto enrol = [&](const std::string& name, bool finger) {
        std::vector<std::string> words{"enroll",       "--name",   name, "--phone",
                                       "+15550100142", "--locker", "12", "--simulated"};
        if (finger) words.emplace_back("--finger");
        return program.run(words).status;
    };
    REQUIRE(enrol("Ada", true) == 0);
    REQUIRE(enrol("Bea", true) == 0);
    REQUIRE(enrol("Cyd", false) == 0);
    const auto visit = [&](const char* customer) {
        return program.run(
            {"visit", "--policy", "atm-access", "--yes", "--customer", customer, "--locker", "12"});
    };
    CHECK(visit("1").status == 0);
    CHECK(visit("2").status == 0);
    const Answer without = visit("3");
    CHECK(without.status == 1);
    CHECK_THAT(without.err, Contains("no finger in the simulated sensor"));
}

TEST_CASE("cli: no key, no opening") {
    const Program program;
    const Answer answer = program.run({"visit", "--no-key"});
    CHECK(answer.status == 1);
    CHECK_THAT(answer.out, Contains("Turn your key") && !Contains("strike"));
}

TEST_CASE("cli: a third wrong code in the store earns a penalty that outlives the program") {
    const Program program;
    program.enrol();
    for (int i = 0; i < 3; ++i) {
        const Answer guess = program.visit({"--code", "000000"});
        CHECK(guess.status == 1);
        CHECK_THAT(guess.out, Contains("a message has arrived") && !Contains("strike"));
    }
    const Answer tail = program.run({"audit", "tail", "-n", "100", "--json"});
    CHECK(tail.status == 0);
    std::istringstream rows(tail.out);
    int wrong = 0;
    std::int64_t penalty = 0;
    for (std::string line; std::getline(rows, line);) {
        const auto row = nlohmann::json::parse(line);
        wrong += row.at("kind") == "code_wrong" ? 1 : 0;
        if (row.at("kind") == "locked_out") penalty = row.at("detail").get<std::int64_t>();
    }
    CHECK(wrong == 3);
    CHECK(penalty == 300);
    const Answer herself = program.visit();
    CHECK(herself.status == 1);
    CHECK_THAT(herself.out, Contains("Please try again in") && !Contains("look at the camera"));
    CHECK(program.run({"audit", "verify"}).status == 0);
}

TEST_CASE("cli: JSON is all that a visit writes to the standard output") {
    const Program program;
    const auto opened = nlohmann::json::parse(program.run({"visit", "--yes", "--json"}).out);
    CHECK(opened.at("opened") == true);
    CHECK(opened.at("rests_on").at("liveness").get<std::string>().find("NOT MEASURED") !=
          std::string::npos);
    const Answer asked = program.run({"visit", "--json"});
    CHECK(asked.status == 1);
    CHECK(nlohmann::json::parse(asked.out).at("opened") == false);
    CHECK_THAT(asked.err, Contains("your phone"));
}

TEST_CASE("cli: who tries the program out is told why a door stayed closed") {
    const Program program;
    program.enrol();
    const Answer nobody = program.run({"visit", "--customer", "9", "--locker", "12", "--yes"});
    CHECK(nobody.status == 1);
    CHECK_THAT(nobody.err, Contains("no customer 9"));
    const Answer elsewhere = program.run({"visit", "--customer", "1", "--locker", "13", "--yes"});
    CHECK(elsewhere.status == 1);
    CHECK_THAT(elsewhere.err, Contains("does not hold locker 13"));
    // The terminal itself says the same to both.
    CHECK_THAT(nobody.out, Contains("Not recognised"));
    CHECK_THAT(elsewhere.out, Contains("Not recognised"));
}

TEST_CASE("cli: options of a visit that contradict each other are refused") {
    const Program program;
    for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
             {"--customer", "1"},
             {"--locker", "12"},
             {"--customer", "0", "--locker", "12"},
             {"--images", "x.pgm"},
             {"--customer", "1", "--locker", "1", "--images", "x.pgm", "--video", "y.mp4"},
             {"--customer", "1", "--locker", "1", "--images", "x.pgm", "--face", "stranger"},
             {"--policy", "none"}}) {
        std::vector<std::string> words{"visit", "--yes"};
        words.insert(words.end(), options.begin(), options.end());
        const Answer answer = program.run(words);
        CHECK(answer.status == 2);
        CHECK(answer.out.empty());
        CHECK_THAT(answer.err, Contains("--"));
    }
    CHECK_FALSE(std::filesystem::exists(program.home()));
}

TEST_CASE("cli: with no provider to be reached her authenticator opens, a wrong code does not") {
    const Program program;
    const Answer opened = program.run({"visit", "--yes", "--no-sms"});
    INFO(opened.out << opened.err);
    CHECK(opened.status == 0);
    CHECK_THAT(opened.out, Contains("No message can be sent"));
    CHECK_THAT(opened.out, !Contains("a message has arrived"));
    const Answer wrong = program.run({"visit", "--code", "12", "--no-sms"});
    CHECK(wrong.status == 1);
}

TEST_CASE("cli: an authenticator is a customer's, and its key is confirmed by a code") {
    const Program program;
    program.enrol();
    const Answer nobody = program.run(
        {"authenticator", "--customer", "9", "--home", program.home().string()}, "123456\n");
    CHECK(nobody.status == 2);
    CHECK_THAT(nobody.err, Contains("there is no customer 9"));
    const Answer guessed = program.run(
        {"authenticator", "--customer", "1", "--home", program.home().string()}, "abc\n\n12\n");
    CHECK(guessed.status == 2);
    CHECK_THAT(guessed.out, Contains("otpauth://totp/strongroom:customer%201?secret="));
    CHECK_THAT(guessed.err, Contains("nothing was enrolled"));
    const Answer none = program.run(
        {"authenticator", "--customer", "1", "--remove", "--home", program.home().string()});
    CHECK(none.status == 2);
    CHECK_THAT(none.err, Contains("she has no authenticator"));
}
