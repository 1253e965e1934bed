#include "watch/watch.h"

#include <algorithm>

#include "watch/alarm_table.h"

namespace strongroom::watch {

namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

std::vector<std::string> Rules::check() const {
    using std::chrono::minutes;
    using std::chrono::seconds;
    std::vector<std::string> problems;
    auto at_most = [&problems](std::string_view field, Duration value, Duration limit) {
        if (value >= Duration::zero() && value <= limit) return;
        problems.push_back(std::string(field) + " is " + std::to_string(milliseconds(value)) +
                           " ms; it must be from 0 to " + std::to_string(milliseconds(limit)) +
                           " ms");
    };
    at_most("watch.opening_grace", opening_grace, seconds(60));
    at_most("watch.held_open_after", held_open_after, minutes(15));
    // With the two seconds that an alarm may take (I6) and the time to notice.
    at_most("watch.stuck_after", stuck_after, std::chrono::milliseconds(1500));
    return problems;
}

void Watch::handle(Instant now, const Event& event) {
    handle_deadline(now);
    std::visit(Overloaded{
                   [&](const DoorSensed& e) { door(now, e.open); },
                   [&](const BoltSensed& e) { bolt(now, e.released); },
                   [&](const TamperSensed& e) {
                       intact_ = e.intact;
                       if (!intact_) raise(Alarm::tamper);
                   },
                   [&](const ExitPressed&) {
                       lawful_until_ =
                           std::max(lawful_until_, saturating_add(now, rules_.opening_grace));
                   },
                   [&](const StrikePulsed& e) {
                       pulse_until_ = std::max(pulse_until_, saturating_add(now, e.hold));
                       lawful_until_ = std::max(lawful_until_,
                                                saturating_add(pulse_until_, rules_.opening_grace));
                       if (bolt_released_)
                           stuck_at_ = saturating_add(pulse_until_, rules_.stuck_after);
                   },
                   [&](const Reported& e) { raise(e.alarm); },
                   [&](const Healed& e) {
                       if (row_of(e.alarm).ends == Ends::by_healing) clear(e.alarm);
                   },
                   [&](const Acknowledged& e) {
                       const bool lasts = (e.alarm == Alarm::tamper && !intact_) ||
                                          (e.alarm == Alarm::door_forced && door_open_) ||
                                          row_of(e.alarm).ends == Ends::by_healing;
                       if (!lasts) clear(e.alarm);
                   },
               },
               event);
}

void Watch::door(Instant now, bool open) {
    if (open == door_open_) return;
    door_open_ = open;
    if (!open) {
        held_at_ = never;
        clear(Alarm::door_held);
        return;
    }
    held_at_ = saturating_add(now, rules_.held_open_after);
    if (now > lawful_until_) raise(Alarm::door_forced);
}

void Watch::bolt(Instant now, bool released) {
    if (released == bolt_released_) return;
    bolt_released_ = released;
    if (!released) {
        stuck_at_ = never;
        clear(Alarm::strike_stuck);
        return;
    }
    stuck_at_ = saturating_add(std::max(now, pulse_until_), rules_.stuck_after);
}

void Watch::handle_deadline(Instant now) {
    if (stuck_at_ <= now) {
        stuck_at_ = never;
        raise(Alarm::strike_stuck);
    }
    if (held_at_ <= now) {
        held_at_ = never;
        raise(Alarm::door_held);
    }
}

Instant Watch::next_deadline() const { return std::min(stuck_at_, held_at_); }

std::optional<Effect> Watch::poll_effect() {
    if (effects_.empty()) return std::nullopt;
    const Effect effect = effects_.front();
    effects_.pop_front();
    return effect;
}

bool Watch::raised(Alarm alarm) const { return raised_.test(static_cast<std::size_t>(alarm)); }

bool Watch::out_of_service() const {
    return std::any_of(alarm_table.begin(), alarm_table.end(), [this](const AlarmRow& row) {
        return row.out_of_service && raised(row.alarm);
    });
}

void Watch::raise(Alarm alarm) {
    if (raised(alarm)) return;
    raised_.set(static_cast<std::size_t>(alarm));
    effects_.emplace_back(Raise{alarm});
}

void Watch::clear(Alarm alarm) {
    if (!raised(alarm)) return;
    raised_.reset(static_cast<std::size_t>(alarm));
    effects_.emplace_back(Clear{alarm});
}

}  // namespace strongroom::watch
