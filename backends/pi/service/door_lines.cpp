#include "door_lines.h"

#include "pi/board_profile.h"
#include "pi/service/door_devices.h"

namespace strongroom::pi {

GpioLineConfig line_of(const config::Line& line) {
    GpioLineConfig out;
    out.chip = line.chip;
    if (line.name.empty()) out.offset = line.offset;
    out.name = line.name;
    out.active_low = line.active_low;
    switch (line.bias) {
        case config::Line::Bias::as_is: out.bias = Bias::as_is; break;
        case config::Line::Bias::disabled: out.bias = Bias::disabled; break;
        case config::Line::Bias::pull_up: out.bias = Bias::pull_up; break;
        case config::Line::Bias::pull_down: out.bias = Bias::pull_down; break;
    }
    return out;
}

std::vector<AlarmOutput> alarm_outputs(const config::Siren& siren) {
    std::vector<AlarmOutput> outputs;
    for (const config::Siren::Output& output : siren.outputs) {
        outputs.push_back({line_of(output.line), {output.alarms.begin(), output.alarms.end()}});
    }
    return outputs;
}

std::vector<std::string> active_at_reset(const config::Configuration& configuration) {
    std::vector<std::string> warnings;
    const auto look = [&](const char* part, const config::Line& line) {
        const GpioLineConfig output = line_of(line);
        const BoardProfile* board = configuration.board.empty() ? board_with_chip(output.chip)
                                                                : board_named(configuration.board);
        if (board == nullptr) return;
        if (const auto why = active_at_reset(*board, output)) {
            warnings.push_back(std::string(part) + ": " + *why);
        }
    };
    if (configuration.strike.line) look("strike", *configuration.strike.line);
    for (const config::Siren::Output& output : configuration.siren.outputs) {
        look("siren", output.line);
    }
    return warnings;
}

void check_hold(const config::Strike& strike, Duration limit) {
    if (!strike.hold_max_said || strike.hold_max == limit) return;
    const std::string said = std::to_string(milliseconds(strike.hold_max));
    throw CompositionError(strike.hold_max_said->text() + ": strike.hold_max says " + said +
                           " ms, and the guard ends every pulse after " +
                           std::to_string(milliseconds(limit)) +
                           " ms: start it with --max-hold-ms " + said +
                           ", or leave hold_max away, which means nothing beside a guard");
}

}  // namespace strongroom::pi
