// The program of a mutant: plays one arm with the mutated core that it is linked with, and writes
// the outcome as JSON. Arguments: scenario, arm, restored defence or "", seed, and the file of
// scores or `render`, for people as pixels.
#include <cstdio>
#include <exception>
#include <string>

#include "rendered/render_source.h"
#include "scenarios/loader.h"
#include "scenarios/player.h"

namespace {

using namespace strongroom::scenarios;

ArmChoice choice_of(const std::string& kind) {
    if (kind == "undefended") return ArmChoice::undefended;
    if (kind == "restored") return ArmChoice::restored;
    return ArmChoice::defended;
}

int play_one(const std::string& file, const std::string& kind, const std::string& restored,
             const std::string& seed, const std::string& faces_from) {
    const Scenario scenario = load_scenario(file);
    const auto faces = faces_from == "render" ? render_source() : score_source(faces_from);
    Options options;
    options.faces = faces.get();
    for (const ArmPlan& plan : plan_arms(scenario, choice_of(kind))) {
        if (plan.restored != restored) continue;
        const std::string json =
            to_json(play_arm(scenario, plan, std::stoull(seed), options, true));
        const bool written = std::fwrite(json.data(), 1, json.size(), stdout) == json.size();
        return written && std::fflush(stdout) == 0 ? 0 : 1;
    }
    std::fputs("no such arm\n", stderr);
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) {
        std::fputs("usage: mutant-NAME SCENARIO ARM RESTORED SEED SCORES|render\n", stderr);
        return 2;
    }
    try {
        return play_one(argv[1], argv[2], argv[3], argv[4], argv[5]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
