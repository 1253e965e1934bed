#include "visit.h"

#include <algorithm>
#include <cstdio>
#include <ostream>
#include <thread>
#include <utility>

#include "story.h"

namespace strongroom::cli {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration limit = std::chrono::minutes(10);  // of virtual time: a visit ends well before
constexpr Duration sms_patience = seconds(60);        // how long she waits for a code

std::string stamp(Instant at) {
    char text[32];
    const double value = static_cast<double>(strongroom::milliseconds(at)) / 1000;
    (void)std::snprintf(text, sizeof text, "%6.1f s  ", value);
    return text;
}

bool ends_visit(std::string_view prompt) {
    return prompt == "welcome" || prompt == "not_recognised" || prompt == "refused_until" ||
           prompt == "see_staff" || prompt == "out_of_service" || prompt == "cancelled" ||
           prompt == "timed_out";
}

}  // namespace

VisitStage::VisitStage(VisitSetup setup, store::Records& records, const sim::ScoreModel* scores,
                       MakeFace make_face)
    : setup_(std::move(setup)),
      scheduler_(setup_.seed),
      world_(scheduler_),
      network_(world_),
      clock_(setup_.real_time
                 ? std::unique_ptr<hal::Clock>(new PacedClock(setup_.start))
                 : std::make_unique<sim::VirtualClock>(scheduler_, Instant{}, setup_.start)) {
    const auto& factors = setup_.policy.factors;
    const bool keyless =
        std::find(factors.begin(), factors.end(), auth::Factor::key) == factors.end();
    const bool fingers = setup_.policy.asks_for(auth::Factor::fingerprint);
    const bool own = setup_.finger == ShownFinger::own;
    person_ = world_.add_person({"visitor", setup_.customer, setup_.face_identity, true,
                                 own ? setup_.customer.value : setup_.face_identity + 1});
    phone_ = world_.add_phone("phone", setup_.phone, person_);
    key_ = world_.add_key("key", setup_.locker, person_);
    site_ = world_.add_site({.name = "door",
                             .terminal = TerminalId{1},
                             .locker = setup_.locker,
                             .keyless = keyless,
                             .fingers = fingers});
    if (fingers) store_finger();
    network_.add_gateway({});
    if (setup_.no_sms) network_.outage("primary", sim::SmsOutage::refusing, Instant{}, never);
    if (setup_.authenticator) {
        world_.enrol_authenticator(phone_, [this](std::int64_t) {
            const auth::TimeStep step = auth::time_step(clock_->wall());
            return std::string(auth::authenticator_code(*setup_.authenticator, step, 6).reveal());
        });
    }
    sim::DeviceSet::Parts parts{.world = world_, .network = network_, .site = site_};
    parts.scores = scores;
    if (fingers) parts.finger.emplace();
    if (make_face) {
        face_ = make_face(world_, site_, person_, *clock_);
        parts.face = face_.get();
        parts.scores = nullptr;
    }
    devices_.emplace(parts);
    world_.on_change([this](sim::SiteId) { request_step(scheduler_.now()); });
    world_.facts().subscribe([this](const sim::Fact& fact) { tell(fact); });
    const hal::Devices d = devices_->devices();
    const hal::Devices mine{*clock_,  setup_.entropy != nullptr ? *setup_.entropy : d.entropy,
                            d.face,   d.strike,
                            d.key,    d.door,
                            d.tamper, d.exit_button,
                            d.keypad, d.display,
                            d.siren,  d.sms,
                            d.finger};
    terminal_.emplace(terminal::Setup{.terminal = TerminalId{1},
                                      .locker = setup_.locker,
                                      .policy = setup_.policy,
                                      .rules = {},
                                      .code_key = setup_.code_key,
                                      .sensor = fingers ? simulated_sensor : SensorId{}},
                      setup_.through ? setup_.through(mine) : mine, records, setup_.trace);
    request_step(scheduler_.now());
}

VisitStage::~VisitStage() = default;

// One step is scheduled at any time: the earliest that was asked for.
void VisitStage::request_step(Instant when) {
    if (scheduler_.pending(step_) && step_at_ <= when) return;
    scheduler_.cancel(step_);
    step_at_ = when;
    step_ = scheduler_.at(when, [this] {
        step_ = {};
        request_step(terminal_->step());
    });
}

bool VisitStage::run_next() {
    if (!setup_.real_time) return scheduler_.run_next();
    std::this_thread::sleep_for(
        std::min<Duration>(milliseconds(10), scheduler_.next() - clock_->now()));
    scheduler_.run_until(std::max(scheduler_.now(), clock_->now()));
    return true;
}

void VisitStage::run_for(Duration span) {
    const Instant until = scheduler_.now() + span;
    if (!setup_.real_time) scheduler_.run_until(until);
    while (scheduler_.now() < until) run_next();
}

VisitResult VisitStage::play(Visitor& visitor) {
    run_for(seconds(1));  // she walks up to a terminal that has been running
    world_.arrive(person_, site_);
    world_.show_face(person_, site_);
    prompt_.reset();
    world_.claim(person_, site_, setup_.customer, setup_.locker);
    const Instant begin = scheduler_.now();
    while (scheduler_.now() - begin < limit) {
        if (prompt_) {
            const std::string prompt = *std::exchange(prompt_, std::nullopt);
            result_.last_prompt = prompt;
            if (!answer(prompt, visitor)) break;
        } else if (!run_next()) {
            break;
        }
    }
    world_.leave(person_);
    run_for(seconds(1));
    result_.played = scheduler_.now() - begin;
    return result_;
}

bool VisitStage::answer(const std::string& prompt, Visitor& visitor) {
    if (prompt == "enter_authenticator_code") by_authenticator_ = true;
    if (prompt == "enter_authenticator_code" ||
        (by_authenticator_ && prompt == "code_not_accepted")) {
        type_authenticator_code(visitor);
    } else if (prompt == "enter_code" || prompt == "code_not_accepted") {
        type_code(visitor);
    } else if (prompt == "turn_key") {
        turn_key(visitor);
    } else if (const auto message = prompt_named(prompt); message && gesture_of(*message)) {
        run_for(milliseconds(700));
        world_.perform(person_, site_, *gesture_of(*message));
    } else if (prompt == "please_wait" && prompt_seconds_ > 0) {
        // Another code was asked for too soon: she waits and asks again.
        run_for(seconds(prompt_seconds_ + 1));
        world_.press_resend(person_, site_);
    } else if (prompt == "place_finger" || prompt == "clean_finger" || prompt == "centre_finger" ||
               prompt == "finger_not_accepted") {
        lay_finger();
    } else if (prompt == "open_door") {
        open_door();
        return false;
    }
    return !ends_visit(prompt);
}

void VisitStage::type_code(Visitor& visitor) {
    // Wait for the phone, unless the terminal loses patience first.
    const Instant until = scheduler_.now() + sms_patience;
    const sim::Message* message = nullptr;
    while (!prompt_ && scheduler_.now() < until) {
        message = world_.read_newest(person_, phone_);
        if (message != nullptr && message->index > read_) break;
        if (!run_next()) break;
    }
    if (prompt_) return;
    const std::string text = message != nullptr ? message->text : "";
    const std::string code = visitor.code(text, message != nullptr ? message->digits : "");
    run_for(visitor.taken());
    if (code.empty()) {
        world_.press_cancel(person_, site_);
    } else if (code == "resend") {
        if (message != nullptr) read_ = message->index;
        world_.press_resend(person_, site_);
    } else {
        world_.type_code(person_, site_, code);
    }
}

void VisitStage::type_authenticator_code(Visitor& visitor) {
    const std::string code = visitor.authenticator_code(world_.read_authenticator(person_, phone_));
    run_for(visitor.taken());
    if (code.empty()) {
        world_.press_cancel(person_, site_);
    } else {
        world_.type_code(person_, site_, code);
    }
}

void VisitStage::turn_key(Visitor& visitor) {
    const bool turns = visitor.turn_key();
    run_for(visitor.taken());
    if (turns) {
        world_.turn_key(person_, site_, key_, seconds(10));
    } else {
        world_.press_cancel(person_, site_);
    }
}

void VisitStage::store_finger() {
    if (!setup_.finger_slot) return;
    owner_ = setup_.finger == ShownFinger::own
                 ? person_
                 : world_.add_person(
                       {"customer", {}, setup_.customer.value, true, setup_.customer.value});
    world_.store_finger(site_, *setup_.finger_slot, owner_);
}

// Not within the pause that a wrong finger costs.
void VisitStage::lay_finger() {
    run_for(milliseconds(1500));
    sim::ShownFinger shown;
    if (setup_.finger == ShownFinger::cast && owner_) {
        shown.whose = owner_;
        shown.presentation = sim::Presentation::artefact;
    }
    say(setup_.finger == ShownFinger::cast ? "finger  a cast is laid on the sensor"
                                           : "finger  laid on the sensor");
    world_.lay_finger(person_, site_, std::move(shown));
}

void VisitStage::open_door() {
    run_for(milliseconds(800));
    result_.opened = world_.pull_door(person_, site_);
    run_for(seconds(20));
    if (!result_.opened) return;
    world_.take_contents(person_, site_);
    world_.close_door(person_, site_);
    run_for(seconds(2));
}

// The story, from what the world shows.
void VisitStage::tell(const sim::Fact& fact) {
    if (fact.kind == sim::FactKind::prompt_shown) {
        prompt_ = fact.what;
        prompt_seconds_ = static_cast<std::int64_t>(fact.number);
    }
    if (const std::string line = story_line(fact); !line.empty()) say(line);
}

void VisitStage::say(const std::string& line) {
    result_.story.push_back(stamp(scheduler_.now()) + line);
    if (setup_.out != nullptr) *setup_.out << result_.story.back() << "\n" << std::flush;
}

}  // namespace strongroom::cli
