// Plays all arms of one scenario and says what they showed. Arguments: scenario, file of scores,
// directory of the mutants. Exit status 0 when it held.
#include <exception>
#include <iostream>

#include "rendered/render_source.h"
#include "scenarios/loader.h"
#include "scenarios/player.h"

using namespace strongroom;
using namespace strongroom::scenarios;

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    try {
        const Scenario one = load_scenario(argv[1]);
        // As `evaluate` does: rendered people where the scenario is made for them.
        const bool rendered = one.available(Level::render);
        const auto faces = rendered ? render_source() : score_source(argv[2]);
        Options options;
        options.faces = faces.get();
        options.score_file = argv[2];
        options.mutants = argv[3];
        const RunOutcome run = play({one}, options);
        for (const ScenarioOutcome& scenario : run.scenarios) {
            std::cout << scenario.id << ": " << to_string(scenario.verdict) << ", "
                      << scenario.reason << "\nreplay: " << scenario.replay << "\n";
            for (const ArmOutcome& arm : scenario.arms) {
                std::cout << "  " << arm.label() << ": " << arm.violations.size()
                          << " violations, trace " << sim::to_hex(arm.trace_hash) << "\n";
                for (const Violation& v : arm.violations) {
                    std::cout << "    " << short_name(v.invariant) << " at " << milliseconds(v.at)
                              << " ms: " << v.what << "\n";
                }
            }
        }
        return run.exit_code();
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 2;
    }
}
