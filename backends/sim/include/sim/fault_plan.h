// FaultPlan: which calls of which device go wrong, and how. Faulty<X> (faulty.h) asks it at every
// call.
//
// A fault that a device cannot show is refused when the plan is made, not ignored: what each call
// can show is in the table that possible_faults() prints. Every fault that is injected appends a
// fault_injected fact. One thread, the runner's.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "sim/world.h"

namespace strongroom::sim {

// The calls that can go wrong. Names in plans and facts: "strike.pulse", and so on.
enum class Call : std::uint8_t {
    strike_pulse,
    strike_lock,
    strike_sense,
    key_switch_turned,
    door_contact_open,
    tamper_loop_intact,
    exit_button_pressed,
    keypad_poll,
    display_show,
    siren_raise,
    siren_clear,
    byte_link_write,
    byte_link_read,
    sms_submit,
    sms_poll_delivery,
    face_start,
    face_poll,
    camera_start,
    camera_poll,
    entropy_fill,
    clock_now,
    clock_wall,
    records_load,
    records_commit,
    records_note,
    records_keep_time,
    finger_start,
    finger_poll,
};
inline constexpr std::size_t calls = static_cast<std::size_t>(Call::finger_poll) + 1;
[[nodiscard]] std::string_view to_string(Call call);
[[nodiscard]] std::optional<Call> call_named(std::string_view name);

enum class FaultKind : std::uint8_t {
    fail,       // answers with an error; nothing is done
    delay,      // what arrives is held back
    drop,       // answers well; nothing is done, or what had arrived is lost
    duplicate,  // what arrives, or is sent, comes twice
    corrupt,    // what arrives, or is sent, is altered without notice
    stick,      // the last answer for ever, or nothing new for ever
};
[[nodiscard]] std::string_view to_string(FaultKind kind);
[[nodiscard]] std::optional<FaultKind> fault_kind_named(std::string_view name);
// "timeout", "disconnected", ... as to_string(Errc) writes them.
[[nodiscard]] std::optional<Errc> errc_named(std::string_view name);

struct FaultRule {
    std::string call = "*";  // a name, or "*" for every call that can fail (kind `fail` only)
    FaultKind kind = FaultKind::fail;
    // Of `fail`. With "*", a call that cannot give this error gives its first possible one.
    Errc error = Errc::disconnected;
    Duration delay = std::chrono::seconds(1);  // of `delay`, > 0
    // Either the n-th call, counted from 1 since the plan was made (over all calls for "*") ...
    std::uint64_t nth = 0;
    bool from_then_on = false;  // ... and all that follow
    // ... or each call with this probability, 0 < p <= 1.
    double probability = 0;
};

// Says which rule was refused and why, and what the call can show instead.
class FaultRefused : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

class FaultPlan {
public:
    struct Fault {
        FaultKind kind{};
        Errc error{};
        Duration delay{};
    };

    // Without rules nothing goes wrong and calls are counted. `world` outlives the plan; `site` is
    // what facts are told of, and is woken when something held back arrives. Throws FaultRefused.
    FaultPlan(World& world, SiteId site, std::vector<FaultRule> rules = {});
    FaultPlan(const FaultPlan&) = delete;
    FaultPlan& operator=(const FaultPlan&) = delete;

    // Counts the call and says what goes wrong with it, if anything. The first rule that applies.
    [[nodiscard]] std::optional<Fault> ask(Call call) {
        ++counts_[static_cast<std::size_t>(call)];
        if (can_fail_[static_cast<std::size_t>(call)]) ++total_;
        if (rules_.empty()) return std::nullopt;
        return decide(call);
    }

    // These rules from now on, in place of the others; calls go on being counted. Throws
    // FaultRefused and changes nothing.
    void replace(std::vector<FaultRule> rules);
    // From now on nothing goes wrong any more; calls are still counted.
    void heal() { rules_.clear(); }

    [[nodiscard]] std::uint64_t count(Call call) const {
        return counts_[static_cast<std::size_t>(call)];
    }
    // Of all calls that can fail: what "*" counts.
    [[nodiscard]] std::uint64_t total() const { return total_; }
    [[nodiscard]] std::uint64_t injected() const { return injected_; }

    // For decorators: the present time, numbers to alter data with, and a wake-up of the terminal
    // once something held back arrives.
    [[nodiscard]] Instant now() const { return world_.scheduler().now(); }
    [[nodiscard]] Rng& rng() { return rng_; }
    void wake_after(Duration delay);

private:
    struct Prepared {
        FaultRule rule;
        std::optional<Call> call;  // none: "*"
    };
    [[nodiscard]] std::optional<Fault> decide(Call call);
    [[nodiscard]] bool applies(const Prepared& prepared, Call call);

    World& world_;
    SiteId site_;
    std::vector<Prepared> rules_;
    Rng rng_;
    std::array<std::uint64_t, calls> counts_{};
    std::array<bool, calls> can_fail_{};
    std::uint64_t total_ = 0;
    std::uint64_t injected_ = 0;
};

// The table of what each call can show, one line a call: for documentation and error messages.
[[nodiscard]] std::string possible_faults();
[[nodiscard]] bool can_show(Call call, FaultKind kind);
[[nodiscard]] bool can_fail_with(Call call, Errc error);
[[nodiscard]] bool can_fail(Call call);

}  // namespace strongroom::sim
