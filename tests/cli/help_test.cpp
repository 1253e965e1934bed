// What the program says of itself.
#include "catch.h"
#include "program.h"

using namespace strongroom::test;
using Catch::Matchers::Contains;

namespace {

const std::vector<std::vector<std::string>> commands{{"visit"},
                                                     {"enroll"},
                                                     {"authenticator"},
                                                     {"play"},
                                                     {"panel"},
                                                     {"evaluate"},
                                                     {"face", "compare"},
                                                     {"face", "evaluate"},
                                                     {"models", "list"},
                                                     {"models", "verify"},
                                                     {"models", "fetch"},
                                                     {"audit", "verify"},
                                                     {"audit", "tail"},
                                                     {"audit", "export"},
                                                     {"people", "render"},
                                                     {"serve"},
                                                     {"emulate", "r307"},
                                                     {"emulate", "sms"},
                                                     {"doctor"}};

}  // namespace

TEST_CASE("cli: help lists every command and says how to begin") {
    const Program program;
    const Answer answer = program.run({"--help"});
    CHECK(answer.status == 0);
    CHECK(answer.err.empty());
    for (const auto& command : commands) CHECK_THAT(answer.out, Contains("\n  " + command.front()));
    CHECK_THAT(answer.out, Contains("Start here") && Contains("Exit status"));
}

TEST_CASE("cli: every command's help has an example and its exit status") {
    const Program program;
    for (auto command : commands) {
        command.push_back("--help");
        INFO(command.front());
        const Answer answer = program.run(command);
        CHECK(answer.status == 0);
        CHECK_THAT(answer.out, Contains("Example") && Contains("Exit"));
        CHECK_THAT(answer.out, !Contains("\033"));
    }
}

TEST_CASE("cli: the version is a word and a number") {
    const Program program;
    const Answer answer = program.run({"--version"});
    CHECK(answer.status == 0);
    CHECK_THAT(answer.out, Catch::Matchers::StartsWith("strongroom 0."));
}

TEST_CASE("cli: without a command the help is shown and the status is 2") {
    const Program program;
    const Answer answer = program.run({});
    CHECK(answer.status == 2);
    CHECK_THAT(answer.err, Contains("Start here") && Contains("evaluate"));
}

TEST_CASE("cli: a wrong command line is answered with 2, what is wrong and where to read") {
    const Program program;
    const Answer unknown = program.run({"visitt"});
    CHECK(unknown.status == 2);
    CHECK_THAT(unknown.err, Contains("no command 'visitt'") && Contains("visit, enroll"));
    const Answer half = program.run({"audit"});
    CHECK(half.status == 2);
    CHECK_THAT(half.err, Contains("verify, tail, export") && Contains("strongroom audit --help"));
    const Answer option = program.run({"models", "list", "--colour"});
    CHECK(option.status == 2);
    CHECK_THAT(option.err, Contains("--colour") && Contains("strongroom models list --help"));
    for (const Answer& answer : {unknown, half, option}) CHECK(answer.out.empty());
}

TEST_CASE("cli: doctor tells what is missing and what for, without a store or models") {
    const Program program;
    const Answer answer = program.run({"doctor"});
    CHECK(answer.status == 0);
    CHECK_THAT(answer.out, Contains("no model pack is complete") && Contains("no store"));
    CHECK_THAT(answer.out, !Contains("\033"));
}
