#include "visitor.h"

#include <algorithm>
#include <array>
#include <utility>

namespace strongroom::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration visit_limit = minutes(5);
constexpr Duration patience = seconds(50);  // without anything happening
constexpr Duration resend_patience = seconds(35);
constexpr int code_entries_max = 6;
constexpr int pulls_max = 8;
// A terminal whose clock stands still asks to be called at once, for ever. A poll loop has a tick.
constexpr Duration tick = milliseconds(10);

bool ends_visit(std::string_view prompt) {
    constexpr std::array<std::string_view, 7> endings{
        "welcome",        "not_recognised", "refused_until", "see_staff",
        "out_of_service", "cancelled",      "timed_out"};
    return std::find(endings.begin(), endings.end(), prompt) != endings.end();
}

bool asks_for_finger(std::string_view prompt) {
    return prompt == "place_finger" || prompt == "clean_finger" || prompt == "centre_finger" ||
           prompt == "finger_not_accepted";
}

// What she types by mistake: never the code.
std::string mistyped(std::string digits) {
    digits.back() = digits.back() == '9' ? '0' : static_cast<char>(digits.back() + 1);
    return digits;
}

}  // namespace

// ---- Pump ----------------------------------------------------------------------------------

void Pump::request(Instant when) {
    if (scheduler_.pending(handle_) && at_ <= when) return;
    scheduler_.cancel(handle_);
    at_ = when;
    handle_ = scheduler_.at(when, [this] { run(); });
}

void Pump::stop() {
    scheduler_.cancel(handle_);
    handle_ = {};
    at_ = never;
}

void Pump::run() {
    handle_ = {};
    ++steps_;
    const Instant wanted = step_();
    request(wanted > scheduler_.now() ? wanted : scheduler_.now() + tick);
}

// ---- Visitor -------------------------------------------------------------------------------

Visitor::Visitor(sim::World& world, Belongings belongings)
    : world_(world),
      mine_(belongings),
      subscription_(world.facts().subscribe([this](const sim::Fact& fact) { hear(fact); })) {}

Visitor::~Visitor() { world_.facts().unsubscribe(subscription_); }

void Visitor::hear(const sim::Fact& fact) {
    switch (fact.kind) {
        case sim::FactKind::prompt_shown: prompt_ = fact.what; break;
        case sim::FactKind::strike_energised: clicked_ = true; break;
        case sim::FactKind::sms_delivered: delivered_ = true; break;
        default: return;
    }
    stirred_ = fact.at;
}

Visitor::Outcome Visitor::visit(int typos, const std::function<void()>& between) {
    sim::Scheduler& scheduler = world_.scheduler();
    outcome_ = {};
    over_ = false;
    typos_left_ = typos;
    code_entries_ = pulls_ = 0;
    resend_pressed_ = clicked_ = delivered_ = false;
    prompt_.reset();
    const sim::Phone& phone = world_.phone(mine_.phone);
    old_message_ = used_message_ = phone.inbox.empty() ? 0 : phone.inbox.back();
    plan(Doing::waiting, {});
    world_.arrive(mine_.person, mine_.site);
    world_.show_face(mine_.person, mine_.site);
    world_.claim(mine_.person, mine_.site, mine_.customer, mine_.locker);
    const Instant begin = stirred_ = scheduler.now();
    while (!over_ && scheduler.now() - begin < visit_limit) {
        act();
        if (between) between();
        if (over_) break;
        const Instant wake = std::min(due_, stirred_ + patience);
        if (scheduler.next() > wake) {
            scheduler.run_until(std::max(wake, scheduler.now()));
        } else {
            scheduler.run_next();
        }
    }
    world_.leave(mine_.person);
    return outcome_;
}

void Visitor::plan(Doing doing, Duration after) {
    doing_ = doing;
    due_ = doing == Doing::waiting ? never : world_.scheduler().now() + after;
}

void Visitor::act() {
    const Instant now = world_.scheduler().now();
    if (prompt_) react(*std::exchange(prompt_, std::nullopt));
    if (std::exchange(clicked_, false) && doing_ != Doing::leaving) {
        plan(Doing::pulling, milliseconds(800));
    }
    if (std::exchange(delivered_, false)) look_at_phone();
    if (over_) return;
    if (due_ <= now) {
        switch (std::exchange(doing_, Doing::waiting)) {
            case Doing::gesturing:
                plan(Doing::waiting, {});
                if (gesture_) world_.perform(mine_.person, mine_.site, *gesture_);
                break;
            case Doing::typing: type(); break;
            case Doing::pressing:
                plan(Doing::waiting, {});
                world_.lay_finger(mine_.person, mine_.site);
                break;
            case Doing::turning:
                plan(Doing::waiting, {});
                world_.turn_key(mine_.person, mine_.site, mine_.key, seconds(10));
                break;
            case Doing::pulling: pull(); break;
            case Doing::leaving:
                world_.take_contents(mine_.person, mine_.site);
                world_.close_door(mine_.person, mine_.site);
                over_ = true;
                break;
            case Doing::waiting: break;
        }
        stirred_ = now;
    }
    if (now - stirred_ < patience) return;
    world_.press_cancel(mine_.person, mine_.site);
    over_ = true;
}

void Visitor::react(const std::string& prompt) {
    outcome_.last_prompt = prompt;
    if (doing_ == Doing::leaving || doing_ == Doing::pulling) return;  // too busy to read
    if (const auto message = prompt_named(prompt)) gesture_ = gesture_of(*message);
    if (gesture_) {
        plan(Doing::gesturing, milliseconds(700));
        return;
    }
    if (prompt == "enter_code" || prompt == "code_not_accepted") {
        if (prompt == "code_not_accepted") {
            ++outcome_.refused_codes;
            used_message_ = old_message_;  // the same code again, with care
        }
        look_at_phone();
        if (doing_ == Doing::waiting && !resend_pressed_) plan(Doing::typing, resend_patience);
    } else if (asks_for_finger(prompt)) {
        plan(Doing::pressing, milliseconds(1500));
    } else if (prompt == "turn_key") {
        plan(Doing::turning, seconds(1));
    } else if (ends_visit(prompt)) {
        over_ = true;
    }
}

// A message that she has not used yet is what she will type.
void Visitor::look_at_phone() {
    const sim::Phone& phone = world_.phone(mine_.phone);
    const bool fresh = !phone.inbox.empty() && phone.inbox.back() != used_message_;
    if (fresh && (doing_ == Doing::waiting || doing_ == Doing::typing)) {
        plan(Doing::typing, milliseconds(1500));
    }
}

void Visitor::type() {
    plan(Doing::waiting, {});
    const sim::Message* message = world_.read_newest(mine_.person, mine_.phone);
    if (message == nullptr || message->index == used_message_ || message->digits.empty()) {
        resend_pressed_ = true;
        world_.press_resend(mine_.person, mine_.site);
        return;
    }
    if (++code_entries_ > code_entries_max) {
        world_.press_cancel(mine_.person, mine_.site);
        return;
    }
    used_message_ = message->index;
    const bool careless = typos_left_ > 0;
    if (careless) --typos_left_;
    world_.type_code(mine_.person, mine_.site,
                     careless ? mistyped(message->digits) : message->digits);
}

void Visitor::pull() {
    plan(Doing::waiting, {});
    if (world_.pull_door(mine_.person, mine_.site)) {
        outcome_.opened = true;
        plan(Doing::leaving, seconds(4));
    } else if (++pulls_ < pulls_max && world_.site(mine_.site).energised) {
        // The key has gone back, or was never turned far enough: once more.
        world_.turn_key(mine_.person, mine_.site, mine_.key, seconds(10));
        plan(Doing::pulling, milliseconds(400));
    }
}

}  // namespace strongroom::test
