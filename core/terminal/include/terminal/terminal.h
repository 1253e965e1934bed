// Terminal: one door. Pumps readings into the session and the watch, carries their effects out to
// devices and store.
//
// Single-threaded: step() does what is due, never blocks on a device, and says when it wants to be
// called again: in virtual time by the simulator, from a poll loop at the door. It must also be
// called when a device has news. No exception leaves step(). On construction, on destruction, and
// whenever anything fails, the strike is locked.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "auth/session.h"
#include "base/trace.h"
#include "devices/debouncer.h"
#include "hal/devices.h"
#include "store/records.h"
#include "watch/watch.h"

namespace strongroom::terminal {

struct Setup {
    TerminalId terminal;
    LockerId locker;
    auth::Policy policy;  // composition has checked it, as it has the rules
    watch::Rules rules;
    Key256 code_key;
    Duration contact_settle = std::chrono::milliseconds(30);
    // An observer that shows nothing for so long, not even an empty frame, is lost: after it was
    // started (a camera takes a while to wake), and from then on.
    Duration observer_start_max = std::chrono::seconds(5);
    Duration observer_silence_max = std::chrono::seconds(2);
    // Which sensor the reader speaks to: the customers' fingers in this one's library are hers.
    SensorId sensor{};
    // A fingerprint reader that is busy for so long at the start, or whose answers are damaged for
    // so long, is lost. One to whom nobody lays a finger says nothing, and is not.
    Duration reader_start_max = std::chrono::seconds(5);
    Duration reader_silence_max = std::chrono::seconds(2);
};

// For screens and logs; no secrets.
struct Snapshot {
    auth::SessionSnapshot session;
    std::vector<Alarm> alarms;
    bool out_of_service = false;
    bool door_open = false;
    bool bolt_released = false;
    std::optional<Prompt> prompt;  // on the screen, as far as the screen has taken it
    std::size_t notes_waiting = 0;
    std::uint64_t notes_lost = 0;
};

class Terminal {
public:
    // Everything outlives the terminal; `trace` may be null. Throws std::invalid_argument when the
    // policy asks for a finger and there is no reader or no sensor: what to do stands in it.
    Terminal(Setup setup, hal::Devices devices, store::Records& records, TraceSink* trace);
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal();

    // Returns the latest instant at which it must be called again.
    Instant step();

    // A member of staff at the guard's desk has seen an alarm.
    void acknowledge(Alarm alarm);

    [[nodiscard]] Snapshot snapshot() const;

private:
    void poll_contacts();
    void poll_strike();
    void poll_keypad();
    void poll_face();
    void doubt_observer();
    void poll_finger();
    void observe_finger(const auth::ObserveFinger& effect);
    void start_reader();
    void stop_reader();
    void reader_failed(const Error& error);
    void poll_sms();
    [[nodiscard]] std::optional<auth::TimeStep> calendar_step() const;
    void claim(const hal::KeypadEntry& entry);

    void tell(const auth::Event& event);
    void tell(const watch::Event& event);
    void carry_out(auth::Effect effect);
    void drain_watch();

    void load(const auth::Load& effect);
    void observe(const auth::Observe& effect);
    void store(const auth::Store& effect);
    void send(const auth::SendCode& effect);
    void pulse(const auth::PulseStrike& effect);

    void note(const auth::AuditEntry& entry);
    void flush_notes();
    void keep_records();
    void show(const Prompt& prompt);
    void retry_outputs();
    [[nodiscard]] store::Moment moment() const { return {now_, devices_.clock.wall()}; }
    void records_answered(bool well);
    void trace(std::string_view source, std::string_view what, std::int64_t number = 0);
    [[nodiscard]] Instant next_step() const;

    Setup setup_;
    hal::Devices devices_;
    store::Records& records_;
    TraceSink* trace_;
    auth::Session session_;
    watch::Watch watch_;
    Instant now_{};

    // The visit.
    std::vector<hal::FaceTemplate> templates_;
    Secret phone_;
    hal::SmsId message_;  // the newest that was sent
    EffectId sending_;    // and its SendCode
    WallTime latest_{};   // the latest time that a record was written, as the visit began
    bool observing_ = false;
    Instant observer_due_ = never;  // when a silent observer counts as lost
    std::optional<hal::FingerReference> finger_;
    enum class Reader : std::uint8_t { stopped, starting, started };
    Reader reader_ = Reader::stopped;
    EffectId reader_effect_;      // the ObserveFinger in force
    Instant reader_due_ = never;  // when it counts as lost

    // Contacts.
    devices::Debouncer key_;
    devices::Debouncer door_;
    devices::Debouncer tamper_;
    devices::Debouncer exit_;
    bool bolt_released_ = false;
    bool bolt_read_ = true;

    // Outputs that have not been taken yet.
    std::optional<Prompt> prompt_waiting_;
    std::optional<Prompt> prompt_shown_;
    std::set<Alarm> raise_waiting_;
    std::set<Alarm> clear_waiting_;
    std::vector<auth::AuditEntry> notes_;
    std::uint64_t notes_lost_ = 0;
    Instant notes_since_ = never;
    Instant notes_retry_{};
    Instant kept_at_{};
    bool records_well_ = true;
    bool camera_well_ = true;
    bool reader_well_ = true;
};

}  // namespace strongroom::terminal
