// Ctrl-C while a long evaluation is under way.
#include "catch.h"
#include "program.h"

using namespace strongroom::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

// An evaluation that would take hours, and is to write three files.
void check_interrupted(std::vector<std::string> arguments) {
    const Program program;
    const fs::path results = program.folder() / "results";
    fs::create_directory(results);
    for (const char* option : {"--json", "--scores", "--html"}) {
        arguments.insert(arguments.end(), {option, (results / (option + 2)).string()});
    }
    const Answer answer = program.run_interrupted(arguments);
    INFO(answer.err);
    CHECK(answer.status == 1);
    CHECK_THAT(answer.err, Contains("interrupted: nothing was written"));
    CHECK(fs::is_empty(results));
}

}  // namespace

TEST_CASE("cli: an evaluation of simulated faces that is interrupted ends with 1 and no file") {
    check_interrupted({"face", "evaluate", "--simulated", "100000"});
}

TEST_CASE("cli: an evaluation of liveness that is interrupted ends with 1 and no file") {
    check_interrupted(
        {"face", "evaluate", "--liveness", "--simulated", "100000", "--passive-only"});
}
