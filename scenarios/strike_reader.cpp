#include "strike_reader.h"

#include <vector>

#include "pi/board_profile.h"

namespace strongroom::scenarios {

StrikeDeclaration read_strike(const YAML::Node& node, const std::string& file) {
    yaml::Mapping m(node, file, "'strike'");
    StrikeDeclaration out;
    const std::string driver = m.text("driver");
    if (driver != "guard" && driver != "gpio") {
        m.refuse(m.need("driver"),
                 "unknown driver '" + driver + "': " + yaml::suggestion(driver, {"guard", "gpio"}));
    }
    out.driver =
        driver == "guard" ? StrikeDeclaration::Driver::guard : StrikeDeclaration::Driver::gpio;
    out.board = m.text("board");
    const pi::BoardProfile* board = pi::board_named(out.board);
    if (board == nullptr) {
        std::vector<std::string> known;
        for (const pi::BoardProfile& one : pi::board_profiles()) known.emplace_back(one.name);
        m.refuse(m.need("board"),
                 "unknown board '" + out.board + "': " + yaml::suggestion(out.board, known));
    }
    const std::uint64_t line = m.number("line");
    out.active_low = m.flag("active_low", false);
    if (line < board->first || line > board->last) {
        m.refuse(m.need("line"), "'line' must be one of the header's, " +
                                     std::to_string(board->first) + " to " +
                                     std::to_string(board->last));
    }
    out.line = static_cast<unsigned>(line);
    const pi::GpioLineConfig relay{
        std::string(board->header_chip), out.line, {}, out.active_low, pi::Bias::as_is};
    if (const auto why = pi::active_at_reset(*board, relay)) m.refuse(m.need("line"), *why);
    m.finish();
    return out;
}

void check_strike_parts(const Scenario& scenario) {
    if (scenario.strike) return;
    for (const Defence& defence : scenario.defences) {
        for (const std::string& part : defence.removed_by.parts) {
            const bool on_pin = part == "naive-relay-init" || part == "value-after-request" ||
                                part == "no-guard" || part == "line-kept-by-driver";
            if (!on_pin) continue;
            throw yaml::ReadError(defence.place, "the part '" + part +
                                                     "' needs 'strike', which stands on a board's "
                                                     "pins");
        }
    }
}

}  // namespace strongroom::scenarios
