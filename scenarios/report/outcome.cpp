#include "scenarios/outcome.h"

#include <algorithm>
#include <array>

namespace strongroom::scenarios {
namespace {

struct Words {
    std::string_view short_name;
    std::string_view name;
    std::string_view sentence;
};

// In the order of Invariant.
constexpr std::array<Words, 12> invariants{{
    {"I1", "no-open",
     "Whenever the bolt can move, the entitled customer is there, willing, at every factor, and "
     "every step of the policy was met."},
    {"I2", "balance", "After recovery from any cut, cash moved equals the ledger."},
    {"I3", "audit",
     "The record of a grant is durable before anything moves, and removed, altered or reordered "
     "records are found."},
    {"I4", "secret",
     "No code, template, password, key or full phone number is in a log, a trace, a report or the "
     "store in clear."},
    {"I5", "service",
     "Once faults have healed, the rightful customer opens within 180 s of her first good frame, "
     "and a stranger cannot prevent it."},
    {"I6", "alarm", "What the alarm table lists raises its alarm within two seconds."},
    {"I7", "locked",
     "A fault, a crash, a power loss or a restart ends locked, and every pulse is bounded."},
    {"I8", "once",
     "A code opens at most once: for the visit, the terminal, the customer and the locker that it "
     "was issued for."},
    {"I9", "count",
     "No resend, restart, parallel try, waiting, clock change or restored database lowers a "
     "customer's count of failures."},
    {"I10", "two", "No member of staff opens, enrols or lowers a security setting alone."},
    {"I11", "total",
     "Unknown, late, repeated or forged input never adds a satisfied factor nor extends a window."},
    {"I12", "replay", "The same build, seed and scenario give the same trace."},
}};

const Words& words(Invariant invariant) {
    const auto index = static_cast<std::size_t>(invariant) - 1;
    static constexpr Words invalid{"invalid", "invalid", "invalid"};
    return index < invariants.size() ? invariants[index] : invalid;
}

}  // namespace

std::string_view short_name(Invariant invariant) { return words(invariant).short_name; }
std::string_view name(Invariant invariant) { return words(invariant).name; }
std::string_view sentence(Invariant invariant) { return words(invariant).sentence; }

std::string_view to_string(Level level) {
    switch (level) {
        case Level::scores: return "scores";
        case Level::images: return "images";
        case Level::render: return "render";
    }
    return "invalid";
}

std::string_view to_string(ArmKind kind) {
    switch (kind) {
        case ArmKind::defended: return "defended";
        case ArmKind::undefended: return "undefended";
        case ArmKind::restored: return "restored";
    }
    return "invalid";
}

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::held: return "held";
        case Verdict::breached: return "breached";
        case Verdict::toothless: return "toothless";
        case Verdict::inconclusive: return "inconclusive";
    }
    return "invalid";
}

std::string ArmOutcome::label() const {
    std::string text(to_string(kind));
    if (kind == ArmKind::restored) text += ": " + restored;
    return text;
}

Summary RunOutcome::summary() const {
    Summary summary;
    for (const ScenarioOutcome& scenario : scenarios) {
        ++summary.scenarios;
        switch (scenario.verdict) {
            case Verdict::held: ++summary.held; break;
            case Verdict::breached: ++summary.breached; break;
            case Verdict::toothless: ++summary.toothless; break;
            case Verdict::inconclusive: ++summary.inconclusive; break;
        }
    }
    return summary;
}

int RunOutcome::exit_code() const {
    const bool all_held = std::all_of(scenarios.begin(), scenarios.end(), [](const auto& scenario) {
        return scenario.verdict == Verdict::held;
    });
    return all_held ? 0 : 1;
}

}  // namespace strongroom::scenarios
