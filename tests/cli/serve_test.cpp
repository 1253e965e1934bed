// `strongroom serve`: a terminal from a configuration, as somebody who tries it out would.
#include <cstdlib>
#include <string>

#include "catch.h"
#include "program.h"

using namespace strongroom::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

// The laptop's example over the program's own home, with `what` replaced.
fs::path configure(const Program& program, const std::string& what = {},
                   const std::string& by = {}) {
    std::string text = read_file(fs::path(std::getenv("STRONGROOM_SOURCE_DIR")) /
                                 "backends/pi/examples/laptop.yaml");
    const std::string served = "../../../build/served";
    for (std::size_t at = 0; (at = text.find(served)) != std::string::npos;) {
        text.replace(at, served.size(), program.home().string());
    }
    if (!what.empty()) {
        const std::size_t at = text.find(what);
        REQUIRE(at != std::string::npos);
        text.replace(at, what.size(), by);
    }
    return program.write("terminal.yaml", text);
}

Answer enrol(const Program& program) {
    return program.run({"enroll", "--home", program.home().string(), "--name", "Ada", "--phone",
                        "+15550100142", "--locker", "101", "--simulated"});
}

}  // namespace

TEST_CASE("cli: a terminal is served as its configuration says, and ends locked") {
    const Program program;
    REQUIRE(enrol(program).status == 0);
    const fs::path config = configure(program);
    const Answer answer = program.run({"serve", "--config", config.string()},
                                      "help\narrive 9\nkey\narrive 1\nquit\n");
    INFO(answer.err);
    CHECK(answer.status == 0);
    CHECK_THAT(answer.out, Contains("strike: simulated") &&
                               Contains("locker 101 is held by customer 1") &&
                               Contains("arrive N") && Contains("nobody of that number") &&
                               Contains("nobody is here") && Contains("stopped, locked"));
}

TEST_CASE("cli: what cannot be served is refused by name") {
    const Program program;
    const auto refused = [&](const fs::path& config) {
        const Answer answer = program.run({"serve", "--config", config.string()}, "quit\n");
        CHECK(answer.status == 2);
        return answer.err;
    };
    CHECK_THAT(refused(configure(program)), Contains("there is no store"));
    REQUIRE(enrol(program).status == 0);
    CHECK_THAT(refused(program.folder() / "none.yaml"), Contains("cannot be read"));
    CHECK_THAT(refused(configure(program, "locker: 101", "locker: 102")),
               Contains("nobody in the store holds locker 102"));
    CHECK_THAT(refused(configure(program, "keypad: {kind: simulated}",
                                 "keypad: {kind: evdev, device: /dev/input/none}")),
               Contains("/dev/input/none"));
    CHECK_THAT(refused(configure(program, "siren: {kind: simulated}",
                                 "siren: {kind: gpio, line: {chip: no-such-chip, offset: 1}}")),
               Contains("no-such-chip"));
}
