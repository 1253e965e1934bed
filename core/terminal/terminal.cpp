#include "terminal/terminal.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace strongroom::terminal {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

constexpr Duration retry_after = seconds(1);          // for outputs that were not taken
constexpr Duration reread_after = milliseconds(100);  // of a bolt monitor that did not answer
constexpr Duration restart_after = milliseconds(50);  // of a fingerprint reader that is busy
constexpr Duration keep_every = seconds(10);          // what remains of penalties is written down
constexpr Duration note_delay_max = milliseconds(500);
constexpr std::size_t notes_max = 512;    // waiting for a store that does not answer
constexpr std::size_t readings_max = 32;  // taken from one device in one step

// What the customer reads on her phone. The only place where a code becomes text.
Secret code_message(const auth::SendCode& effect) {
    std::string text;
    text.reserve(192);  // at once: a string that grows leaves pieces of itself behind
    text += "Your strongroom code is ";
    text += effect.digits.reveal();
    text += ". It opens locker " + std::to_string(effect.locker.value) + " once, within " +
            std::to_string(std::chrono::duration_cast<seconds>(effect.lifetime).count()) +
            " seconds. Never tell it to anyone.";
    Secret secret(text);
    wipe(std::as_writable_bytes(std::span(text)));
    return secret;
}

// Templates are personal data of a special category: not left lying about in freed memory.
void forget(std::vector<hal::FaceTemplate>& templates) {
    for (hal::FaceTemplate& face : templates) {
        wipe(std::as_writable_bytes(std::span(face.features)));
    }
    templates.clear();
}

// A contact that cannot be read counts as the state that opens nothing.
bool reading(const Result<bool>& result, bool when_unreadable) {
    return result ? *result : when_unreadable;
}

}  // namespace

Terminal::Terminal(Setup setup, hal::Devices devices, store::Records& records, TraceSink* sink)
    : setup_(std::move(setup)),
      devices_(devices),
      records_(records),
      trace_(sink),
      session_(
          {setup_.terminal, setup_.locker, setup_.policy, setup_.code_key, devices.face.model()}),
      watch_(setup_.rules),
      now_(devices.clock.now()),
      key_(false, setup_.contact_settle),
      door_(false, setup_.contact_settle),
      tamper_(true, setup_.contact_settle),
      exit_(false, setup_.contact_settle),
      kept_at_(now_) {
    if (setup_.policy.asks_for(auth::Factor::fingerprint) &&
        (devices_.finger == nullptr || !setup_.sensor)) {
        throw std::invalid_argument(
            "the policy '" + std::string(setup_.policy.name) +
            "' asks for a finger, and this terminal has no fingerprint reader, or one whose sensor "
            "was not commissioned: give it one, or choose another policy");
    }
    // Whatever the line was before: locked. A strike that does not answer is sensed in step().
    (void)devices_.strike.lock();
    note({auth::AuditKind::started, {}, setup_.terminal, {}, setup_.locker, 0});
    show({Prompt::Message::welcome});
}

Terminal::~Terminal() {
    devices_.face.stop();
    stop_reader();
    (void)devices_.strike.lock();  // the hardware bound holds if this fails
}

Instant Terminal::step() {
    now_ = std::max(now_, devices_.clock.now());
    session_.handle_deadline(now_);
    while (auto effect = session_.poll_effect()) carry_out(std::move(*effect));
    poll_contacts();
    poll_strike();
    poll_keypad();
    poll_face();
    doubt_observer();
    poll_finger();
    poll_sms();
    watch_.handle_deadline(now_);
    drain_watch();
    retry_outputs();
    keep_records();
    return next_step();
}

void Terminal::acknowledge(Alarm alarm) { tell(watch::Event(watch::Acknowledged{alarm})); }

Snapshot Terminal::snapshot() const {
    Snapshot snapshot;
    snapshot.session = session_.snapshot(now_);
    for (const Alarm alarm : all_alarms) {
        if (watch_.raised(alarm)) snapshot.alarms.push_back(alarm);
    }
    snapshot.out_of_service = watch_.out_of_service();
    snapshot.door_open = door_.settled();
    snapshot.bolt_released = bolt_released_;
    snapshot.prompt = prompt_shown_;
    snapshot.notes_waiting = notes_.size();
    snapshot.notes_lost = notes_lost_;
    return snapshot;
}

// ---- readings in ---------------------------------------------------------------------------

void Terminal::poll_contacts() {
    if (const auto turned = key_.update(now_, reading(devices_.key.turned(), false))) {
        if (*turned) tell(auth::Event(auth::KeyTurned{}));
    }
    if (const auto open = door_.update(now_, reading(devices_.door.open(), true))) {
        tell(watch::Event(watch::DoorSensed{*open}));
    }
    if (const auto intact = tamper_.update(now_, reading(devices_.tamper.intact(), false))) {
        tell(watch::Event(watch::TamperSensed{*intact}));
    }
    if (const auto pressed = exit_.update(now_, reading(devices_.exit_button.pressed(), false))) {
        if (*pressed) tell(watch::Event(watch::ExitPressed{}));
    }
}

void Terminal::poll_strike() {
    const Result<hal::BoltState> sensed = devices_.strike.sense();
    // A monitor that cannot be read cannot show a secured bolt.
    const bool released = !sensed || *sensed == hal::BoltState::released;
    bolt_read_ = sensed.has_value();
    if (released == bolt_released_) return;
    bolt_released_ = released;
    tell(watch::Event(watch::BoltSensed{released}));
}

void Terminal::poll_keypad() {
    for (std::size_t i = 0; i < readings_max; ++i) {
        auto entry = devices_.keypad.poll();
        if (!entry || !*entry) return;
        switch ((*entry)->kind) {
            case hal::KeypadEntry::Kind::claim: claim(**entry); break;
            case hal::KeypadEntry::Kind::code:
                tell(auth::Event(auth::CodeEntered{(*entry)->digits, calendar_step()}));
                break;
            case hal::KeypadEntry::Kind::resend: tell(auth::Event(auth::ResendRequested{})); break;
            case hal::KeypadEntry::Kind::cancel: tell(auth::Event(auth::Cancelled{})); break;
        }
    }
}

void Terminal::claim(const hal::KeypadEntry& entry) {
    if (watch_.out_of_service()) {
        show({Prompt::Message::out_of_service});
        return;
    }
    std::array<std::byte, Key256::size> seed{};
    if (!devices_.entropy.fill(seed)) {
        // Without randomness there is no code, and so no visit.
        show({Prompt::Message::out_of_service});
        return;
    }
    tell(auth::Event(auth::Claimed{entry.customer, entry.locker, Key256(seed)}));
    wipe(seed);
}

void Terminal::poll_face() {
    for (std::size_t i = 0; observing_ && i < readings_max; ++i) {
        const auto seen = devices_.face.poll();
        if (!seen) {
            if (seen.error().code == Errc::corrupt) continue;  // that frame was dropped
            tell(auth::Event(auth::ObserverFailed{seen.error()}));
            return;
        }
        if (!*seen) return;
        if (!camera_well_) {
            camera_well_ = true;
            tell(watch::Event(watch::Healed{Alarm::camera_lost}));
        }
        observer_due_ = now_ + setup_.observer_silence_max;
        tell(auth::Event(auth::FaceObserved{**seen}));
    }
}

// A camera that hangs, or gives nothing but damaged frames, reports no error.
void Terminal::doubt_observer() {
    if (!observing_ || now_ < observer_due_) return;
    tell(auth::Event(auth::ObserverFailed{{Errc::timeout}}));
}

void Terminal::poll_sms() {
    // Polling also lets a gateway do its work. Of deliveries only their failure changes a visit.
    for (std::size_t i = 0; i < readings_max; ++i) {
        const auto delivery = devices_.sms.poll_delivery();
        if (!delivery || !*delivery) return;
        trace("terminal", "sms", static_cast<std::int64_t>((*delivery)->state));
        if ((*delivery)->state != hal::SmsDelivery::State::undelivered) continue;
        if ((*delivery)->id == message_) {
            tell(auth::Event(auth::CodeUndelivered{sending_}));
        }
    }
}

// The step of now, as far as the calendar can be believed: it is set, and not before what was
// recorded already (a step back of less than half a minute is a clock being kept right). A clock
// that was set back must not make codes of then valid again.
std::optional<auth::TimeStep> Terminal::calendar_step() const {
    const WallTime wall = devices_.clock.wall();
    if (!devices_.clock.wall_is_set() || wall + auth::TimeStep::length < latest_) {
        return std::nullopt;
    }
    return auth::time_step(wall);
}

// ---- machines ------------------------------------------------------------------------------

void Terminal::tell(const auth::Event& event) {
    trace("session", to_string(static_cast<auth::EventKind>(event.index())));
    session_.handle(now_, event);
    while (auto effect = session_.poll_effect()) carry_out(std::move(*effect));
}

void Terminal::tell(const watch::Event& event) {
    watch_.handle(now_, event);
    drain_watch();
}

void Terminal::drain_watch() {
    while (const auto effect = watch_.poll_effect()) {
        std::visit(Overloaded{
                       [this](const watch::Raise& e) {
                           trace("watch", to_string(e.alarm), 1);
                           note({auth::AuditKind::alarm_raised,
                                 {},
                                 setup_.terminal,
                                 {},
                                 setup_.locker,
                                 static_cast<std::int64_t>(e.alarm)});
                           clear_waiting_.erase(e.alarm);
                           if (!devices_.siren.raise(e.alarm)) raise_waiting_.insert(e.alarm);
                       },
                       [this](const watch::Clear& e) {
                           trace("watch", to_string(e.alarm), 0);
                           note({auth::AuditKind::alarm_cleared,
                                 {},
                                 setup_.terminal,
                                 {},
                                 setup_.locker,
                                 static_cast<std::int64_t>(e.alarm)});
                           raise_waiting_.erase(e.alarm);
                           if (!devices_.siren.clear(e.alarm)) clear_waiting_.insert(e.alarm);
                       },
                   },
                   *effect);
    }
}

// ---- effects out ---------------------------------------------------------------------------

// Answers come back through session_.handle(); the effects that they cause join the queue that the
// caller is draining.
void Terminal::carry_out(auth::Effect effect) {
    std::visit(Overloaded{
                   [this](const auth::Load& e) { load(e); },
                   [this](const auth::Observe& e) {
                       observer_due_ = now_ + setup_.observer_start_max;
                       observe(e);
                   },
                   [this](const auth::StopObserving&) {
                       devices_.face.stop();
                       observing_ = false;
                   },
                   [this](const auth::ObserveFinger& e) { observe_finger(e); },
                   [this](const auth::StopFinger&) { stop_reader(); },
                   [this](const auth::Store& e) { store(e); },
                   [this](const auth::SendCode& e) { send(e); },
                   [this](const auth::PulseStrike& e) { pulse(e); },
                   [this](const auth::ShowPrompt& e) { show(e.prompt); },
                   [this](const auth::Note& e) {
                       if (e.entry.kind == auth::AuditKind::ended) {
                           forget(templates_);
                           phone_ = Secret();
                           finger_.reset();
                       }
                       note(e.entry);
                   },
                   [this](const auth::Report& e) {
                       // Reported by the visit, healed by the device: by what it does next.
                       if (e.alarm == Alarm::camera_lost) camera_well_ = false;
                       if (e.alarm == Alarm::finger_reader_lost) reader_well_ = false;
                       if (e.alarm == Alarm::records_unavailable) records_well_ = false;
                       tell(watch::Event(watch::Reported{e.alarm}));
                   },
               },
               effect);
}

void Terminal::load(const auth::Load& effect) {
    Result<store::CustomerRecord> record = records_.load(moment(), effect.customer, effect.locker);
    records_answered(record.has_value());
    if (!record) {
        session_.handle(now_, auth::EffectFailed{effect.effect, record.error()});
        return;
    }
    // Templates of another model say nothing to this observer.
    const FaceModelId model = devices_.face.model();
    templates_ = std::move(record->templates);
    std::erase_if(templates_, [model](const hal::FaceTemplate& t) { return !(t.model == model); });
    phone_ = std::move(record->phone);
    message_ = {};
    sending_ = {};
    latest_ = record->latest;
    // A finger in another sensor's library is none in this one's.
    finger_.reset();
    std::optional<FingerSlot> slot;
    for (const store::FingerEnrolment& finger : record->fingers) {
        if (!(finger.sensor == setup_.sensor)) continue;
        finger_ = finger.reference;
        slot = finger.reference.slot;
    }
    session_.handle(now_, auth::CustomerLoaded{effect.effect, record->known, record->entitled,
                                               !templates_.empty(), record->counts, slot,
                                               record->authenticator, calendar_step().has_value()});
}

void Terminal::observe(const auth::Observe& effect) {
    const Result<void> started = devices_.face.start(templates_);
    observing_ = started.has_value();
    if (!started) session_.handle(now_, auth::EffectFailed{effect.effect, started.error()});
}

void Terminal::store(const auth::Store& effect) {
    const auto counts = records_.commit(moment(), effect.record, notes_);
    // A medium may take its time: what it answers counts from now on, so that a grant which comes
    // after the visit's end is withdrawn.
    now_ = std::max(now_, devices_.clock.now());
    trace("terminal", to_string(effect.record.audit.kind), counts ? 1 : 0);
    if (counts) {
        notes_.clear();
        notes_since_ = never;
        records_answered(true);
        session_.handle(now_, auth::Stored{effect.effect, *counts});
    } else {
        // A refusal by the counting rules is an answer; anything else is a store that is not well.
        records_answered(counts.error().code == Errc::denied);
        session_.handle(now_, auth::StoreFailed{effect.effect, counts.error()});
    }
}

void Terminal::send(const auth::SendCode& effect) {
    // Session ids are random, so that terminals which share a gateway never share a message id.
    const auth::SessionSnapshot visit = session_.snapshot(now_);
    const hal::SmsMessage message{hal::SmsId{visit.session.value + visit.issue}, phone_.clone(),
                                  code_message(effect)};
    const Result<void> taken = devices_.sms.submit(message);
    message_ = message.id;
    sending_ = effect.effect;
    trace("terminal", "send_code", taken ? 1 : 0);
    if (!taken) session_.handle(now_, auth::EffectFailed{effect.effect, taken.error()});
}

void Terminal::pulse(const auth::PulseStrike& effect) {
    // Whatever was decided: a terminal whose box was opened or whose strike is stuck releases
    // nothing.
    const Duration hold = std::min(effect.hold, devices_.strike.max_hold());
    const Result<void> taken =
        watch_.out_of_service() ? fail(Errc::denied) : devices_.strike.pulse(hold);
    trace("terminal", "pulse_strike", taken ? 1 : 0);
    if (!taken) {
        session_.handle(now_, auth::EffectFailed{effect.effect, taken.error()});
        return;
    }
    tell(watch::Event(watch::StrikePulsed{hold}));
    session_.handle(now_, auth::StrikeReleased{effect.effect});
}

// ---- records and outputs -------------------------------------------------------------------

void Terminal::note(const auth::AuditEntry& entry) {
    if (notes_.size() >= notes_max) {
        // The store has not answered for a long time. What is kept is the beginning: how it began
        // explains more than its repetition.
        ++notes_lost_;
        return;
    }
    if (notes_.empty()) notes_since_ = now_;
    notes_.push_back(entry);
    trace("audit", to_string(entry.kind), entry.detail);
}

void Terminal::flush_notes() {
    if (notes_.empty() || now_ < notes_retry_) return;
    const Result<void> written = records_.note(moment(), notes_);
    records_answered(written.has_value());
    if (written) {
        notes_.clear();
        notes_since_ = never;
    } else {
        notes_retry_ = now_ + retry_after;
    }
}

void Terminal::keep_records() {
    const bool idle = session_.snapshot(now_).state == auth::State::idle;
    if (!notes_.empty() && (idle || now_ - notes_since_ >= note_delay_max)) flush_notes();
    if (now_ - kept_at_ >= keep_every) {
        kept_at_ = now_;
        records_answered(records_.keep_time(moment()).has_value());
    }
}

void Terminal::records_answered(bool well) {
    if (well == records_well_) return;
    records_well_ = well;
    if (well) {
        tell(watch::Event(watch::Healed{Alarm::records_unavailable}));
    } else {
        tell(watch::Event(watch::Reported{Alarm::records_unavailable}));
    }
}

void Terminal::show(const Prompt& prompt) {
    if (!prompt_waiting_ && prompt == prompt_shown_) return;
    if (devices_.display.show(prompt)) {
        prompt_shown_ = prompt;
        prompt_waiting_.reset();
    } else {
        prompt_waiting_ = prompt;
    }
}

void Terminal::retry_outputs() {
    if (prompt_waiting_) show(*prompt_waiting_);
    std::erase_if(raise_waiting_,
                  [this](Alarm alarm) { return devices_.siren.raise(alarm).has_value(); });
    std::erase_if(clear_waiting_,
                  [this](Alarm alarm) { return devices_.siren.clear(alarm).has_value(); });
}

void Terminal::trace(std::string_view source, std::string_view what, std::int64_t number) {
    if (trace_ != nullptr) trace_->write({now_, source, what, number});
}

Instant Terminal::next_step() const {
    Instant next = std::min({session_.next_deadline(), watch_.next_deadline(), key_.next_deadline(),
                             door_.next_deadline(), tamper_.next_deadline(), exit_.next_deadline(),
                             kept_at_ + keep_every});
    if (observing_) next = std::min({next, devices_.face.next_poll(), observer_due_});
    if (reader_ == Reader::starting) next = std::min(next, now_ + restart_after);
    if (reader_ == Reader::started) {
        next = std::min({next, devices_.finger->next_poll(), reader_due_});
    }
    if (!notes_.empty())
        next = std::min(next, std::max(notes_since_ + note_delay_max, notes_retry_));
    if (!bolt_read_) next = std::min(next, now_ + reread_after);
    const bool waiting = prompt_waiting_ || !raise_waiting_.empty() || !clear_waiting_.empty();
    // While a code is under way the gateway may have to move it to another provider.
    const bool code_under_way = session_.snapshot(now_).state == auth::State::code;
    if (waiting || code_under_way) next = std::min(next, now_ + retry_after);
    return std::max(next, now_);
}

}  // namespace strongroom::terminal
