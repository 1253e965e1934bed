#include "visit.h"

#include <algorithm>

namespace strongroom::scenarios {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr double message_patience = 40;  // seconds until she asks for another code
constexpr int resends_max = 2;
constexpr int guesses_before_resend = 2;
constexpr int pulls_max = 12;

}  // namespace

Visit::Visit(Arena& arena, sim::PersonId self, VisitPlan plan, Rng rng, std::string memory,
             std::function<void()> over)
    : arena_(arena),
      world_(arena.world()),
      self_(self),
      name_(world_.person(self).name),
      plan_(plan),
      rng_(rng),
      memory_(std::move(memory)),
      over_(std::move(over)),
      site_number_(static_cast<std::uint32_t>(plan.site.value)),
      tries_left_(plan.tries),
      times_left_(plan.times) {}

void Visit::later(double seconds_min, double seconds_max, std::function<void()> action) {
    const double delay = rng_.uniform(seconds_min, seconds_max);
    arena_.scheduler().after(Duration(static_cast<std::int64_t>(delay * 1e9)),
                             [self = weak_from_this(), round = round_, action = std::move(action)] {
                                 const auto visit = self.lock();
                                 if (visit && !visit->finished_ && visit->round_ == round) action();
                             });
}

void Visit::begin() {
    world_.arrive(self_, plan_.site);
    if (plan_.claims) {
        later(1, 2, [this] { claim(); });
        return;
    }
    active_ = true;
    answered_ = true;
    fresh_message_ =
        std::any_of(world_.phones().begin(), world_.phones().end(),
                    [this](const sim::Phone& p) { return p.holder == self_ && !p.inbox.empty(); });
    later(0.5, 1.5, [this] {
        face();
        if (const auto& prompt = world_.site(plan_.site).prompt) read_screen(*prompt);
    });
}

void Visit::claim() {
    ++round_;
    active_ = true;
    answered_ = false;
    fresh_message_ = false;
    typing_ = false;
    by_authenticator_ = false;
    resends_ = 0;
    guesses_ = 0;
    world_.claim(self_, plan_.site, plan_.as, plan_.locker);
    // The screen may show what it showed before, which is no news but an answer nevertheless.
    later(3, 4, [this] {
        if (answered_) return;
        const auto& prompt = world_.site(plan_.site).prompt;
        prompt ? read_screen(*prompt) : end_try(20, 25);
    });
}

void Visit::see(const sim::Fact& fact) {
    if (finished_) return;
    if (fact.kind == sim::FactKind::prompt_shown && fact.site == site_number_ && active_) {
        answered_ = true;
        if (const auto message = prompt_named(fact.what)) {
            read_screen({*message, static_cast<std::int32_t>(fact.number), 0});
        }
    } else if (fact.kind == sim::FactKind::sms_delivered && fact.who == name_) {
        fresh_message_ = true;
        if (active_ && at_code() && plan_.code == VisitPlan::Code::phone) {
            later(1.5, 4, [this] { type_code(); });
        }
    } else if (fact.kind == sim::FactKind::sms_overheard && fact.who == name_ && active_ &&
               plan_.code == VisitPlan::Code::overheard) {
        later(1.5, 3, [this] { type_overheard(); });
    } else if (fact.kind == sim::FactKind::door_opened && fact.site == site_number_ &&
               fact.who == name_ && !opened_) {
        opened_ = true;
        inside();
    }
}

bool Visit::at_code() const {
    const auto& prompt = world_.site(plan_.site).prompt;
    return prompt && (prompt->message == Message::enter_code ||
                      prompt->message == Message::enter_authenticator_code ||
                      prompt->message == Message::code_not_accepted);
}

void Visit::read_screen(const Prompt& prompt) {
    if (opened_) return;
    if (plan_.stops_at == prompt.message) {
        walk_away();
        return;
    }
    if (plan_.key_at == prompt.message && prompt.message != Message::turn_key) {
        later(1, 2, [this] { turn_key(milliseconds(700)); });
    }
    switch (prompt.message) {
        case Message::look_at_camera:
        case Message::move_closer:
        case Message::one_person_only:
        case Message::more_light:
        case Message::hold_still:
        case Message::face_forward:
        case Message::open_eyes: face(); return;
        case Message::turn_left:
        case Message::turn_right:
        case Message::nod:
        case Message::blink:
        case Message::smile: perform(*gesture_of(prompt.message)); return;
        case Message::enter_code: code_wanted(false); return;
        case Message::enter_authenticator_code: authenticator_wanted(false); return;
        case Message::code_not_accepted:
            by_authenticator_ ? authenticator_wanted(true) : code_wanted(true);
            return;
        case Message::turn_key: later(0.8, 2.5, [this] { turn_key(milliseconds(2000)); }); return;
        case Message::open_door: door_released(); return;
        case Message::place_finger:
        case Message::clean_finger:
        case Message::centre_finger:
        case Message::finger_not_accepted: lay_finger(); return;
        case Message::please_wait: return;
        case Message::welcome:
        case Message::not_recognised:
        case Message::refused_until:
        case Message::see_staff:
        case Message::out_of_service:
        case Message::cancelled:
        case Message::timed_out: refused(prompt.message, prompt.seconds); return;
    }
}

void Visit::face() {
    if (world_.site(plan_.site).presenter == self_) return;
    later(0.4, 1.2, [this] { world_.show_face(self_, plan_.site, plan_.face); });
}

void Visit::perform(Gesture gesture) {
    if (!plan_.answers) return;
    later(0.5, 0.9, [this, gesture] {
        const double duration = rng_.uniform(1.1, 1.5);
        world_.perform(self_, plan_.site, gesture,
                       Duration(static_cast<std::int64_t>(duration * 1e9)),
                       rng_.uniform(0.85, 1.15));
    });
}

// Not within the pause that a wrong finger costs.
void Visit::lay_finger() {
    later(1.2, 2.5, [this] { world_.lay_finger(self_, plan_.site, plan_.finger); });
}

// ---- code ----------------------------------------------------------------------------------

void Visit::code_wanted(bool again) {
    switch (plan_.code) {
        case VisitPlan::Code::phone:
            if (fresh_message_) {
                later(3, 6, [this] { type_code(); });
            } else if (again) {
                // What was typed was not it: the message is read once more.
                later(5, 9, [this] {
                    fresh_message_ = true;
                    type_code();
                });
            }
            later(message_patience, message_patience + 5, [this] {
                if (!at_code() || fresh_message_ || typing_ || by_authenticator_) return;
                if (resends_ >= resends_max) return;
                ++resends_;
                world_.press_resend(self_, plan_.site);
            });
            return;
        case VisitPlan::Code::memory:
            if (!again) {
                later(2, 3, [this] { world_.type_code(self_, plan_.site, memory_); });
            }
            return;
        case VisitPlan::Code::guess: guess(); return;
        case VisitPlan::Code::overheard: return;  // it is typed when it has been heard
    }
}

// Nothing can be sent: her phone shows the code all the same. One that was refused is not typed
// again: another one comes with the next half minute.
void Visit::authenticator_wanted(bool again) {
    by_authenticator_ = true;
    switch (plan_.code) {
        case VisitPlan::Code::phone:
            later(again ? 31 : 3, again ? 34 : 6, [this] { type_authenticator(); });
            return;
        case VisitPlan::Code::memory:
            if (!again) later(1, 2, [this] { world_.type_code(self_, plan_.site, memory_); });
            return;
        case VisitPlan::Code::guess: guess(); return;
        case VisitPlan::Code::overheard: return;
    }
}

void Visit::type_authenticator() {
    if (!at_code() || typing_) return;
    for (const sim::Phone& phone : world_.phones()) {
        if (phone.holder != self_ || !phone.authenticator) continue;
        typing_ = true;
        later(2, 5, [this, digits = world_.read_authenticator(self_, phone.id)] {
            typing_ = false;
            if (at_code()) world_.type_code(self_, plan_.site, digits);
        });
        return;
    }
}

void Visit::type_code() {
    if (!fresh_message_ || typing_ || !at_code()) return;
    const sim::Message* message = nullptr;
    for (const sim::Phone& phone : world_.phones()) {
        if (phone.holder != self_) continue;
        const sim::Message* newest = world_.read_newest(self_, phone.id);
        if (newest != nullptr && (message == nullptr || newest->index > message->index)) {
            message = newest;
        }
    }
    if (message == nullptr || message->digits.empty()) return;
    typing_ = true;
    later(3, 8, [this, digits = message->digits] {
        typing_ = false;
        fresh_message_ = false;
        if (at_code()) world_.type_code(self_, plan_.site, digits);
    });
}

void Visit::type_overheard() {
    const std::string& digits = arena_.overheard(self_);
    if (at_code() && !digits.empty()) world_.type_code(self_, plan_.site, digits);
}

void Visit::guess() {
    if (typing_) return;
    typing_ = true;
    if (plan_.guesses_by_resend && guesses_ == guesses_before_resend) {
        guesses_ = 0;
        later(30, 31, [this] {
            typing_ = false;
            world_.press_resend(self_, plan_.site);
        });
        return;
    }
    // As fast as fingers and the terminal's pause allow.
    later(1.2, 1.6, [this] {
        typing_ = false;
        if (!at_code()) return;
        ++guesses_;
        std::string digits;
        for (int i = 0; i < 6; ++i) digits += static_cast<char>('0' + rng_.below(10));
        world_.type_code(self_, plan_.site, digits);
        // The screen may not change from one wrong code to the next.
        later(2.5, 3, [this] {
            if (at_code()) guess();
        });
    });
}

// ---- key and door --------------------------------------------------------------------------

void Visit::turn_key(Duration hold) {
    const LockerId locker = world_.site(plan_.site).setup.locker;
    for (const sim::PhysicalKey& key : world_.keys()) {
        if (key.holder == self_ && key.fits == locker) {
            world_.turn_key(self_, plan_.site, key.id, hold);
            return;
        }
    }
}

void Visit::door_released() {
    later(0.3, 0.8, [this] {
        turn_key(seconds(4));
        later(0.3, 0.5, [this] { pull(pulls_max); });
    });
}

void Visit::pull(int attempts_left) {
    if (opened_ || world_.pull_door(self_, plan_.site) || attempts_left == 0) return;
    later(0.3, 0.4, [this, attempts_left] { pull(attempts_left - 1); });
}

void Visit::inside() {
    active_ = false;
    later(2, 4, [this] { world_.take_contents(self_, plan_.site); });
    const double stay = static_cast<double>(strongroom::milliseconds(plan_.stay)) / 1000;
    later(std::max(stay, 4.5), std::max(stay, 4.5) + 2, [this] {
        if (!plan_.leaves_door_open) world_.close_door(self_, plan_.site);
        later(1, 2, [this] { next_time(); });
    });
}

// ---- endings -------------------------------------------------------------------------------

void Visit::refused(Message message, std::int32_t wait) {
    switch (message) {
        case Message::refused_until:
            if (plan_.impatient) {
                end_try(10, 12);
            } else {
                end_try(static_cast<double>(wait) + 1, static_cast<double>(wait) + 3);
            }
            return;
        case Message::out_of_service: end_try(10, 15); return;
        case Message::see_staff:
            // Nobody is to be had at this hour.
            tries_left_ = 1;
            end_try(1, 2);
            return;
        default: end_try(3, 6); return;
    }
}

void Visit::end_try(double wait_min, double wait_max) {
    if (!active_) return;
    active_ = false;
    ++round_;
    world_.hide_face(self_, plan_.site);
    if (--tries_left_ <= 0) {
        later(1, 2, [this] { next_time(); });
        return;
    }
    later(wait_min, wait_max, [this] { claim(); });
}

void Visit::walk_away() {
    active_ = false;
    ++round_;
    later(0.5, 1, [this] {
        if (plan_.cancels) world_.press_cancel(self_, plan_.site);
        later(0.5, 1, [this] { next_time(); });
    });
}

void Visit::next_time() {
    if (--times_left_ <= 0) {
        finish();
        return;
    }
    ++round_;
    opened_ = false;
    tries_left_ = plan_.tries;
    world_.hide_face(self_, plan_.site);
    later(2, 4, [this] { claim(); });
}

void Visit::finish() {
    finished_ = true;
    if (!plan_.stays) world_.leave(self_);
    if (over_) over_();
}

}  // namespace strongroom::scenarios
