// Facts: what an independent witness in the world sees.
//
// Bolt, door, people, phones and wires; never what a session believes. Checkers, traces and trace
// hashes are made of facts. No fact holds digits, a text message, a template or a phone number.
// One thread, as everything that runs under the scheduler.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/time.h"

namespace strongroom::sim {

// The names in JSON are the enumerators'. `who` is a person's name throughout.
enum class FactKind : std::uint8_t {
    // The cast, once each, so that a trace alone tells who is who.
    cast_person,  // who; number: customer id or 0; value: 1 willing, 0 not
    cast_key,     // who: its holder; what: key name; number: the locker it fits, 0 none
    cast_phone,   // who: its owner; what: phone name
    cast_site,    // what: site name; number: locker id; value: 0 with a key, 1 keyless, 2 keyless
                  // and its policy asks for a finger
    cast_holder,  // who: a person entitled to a locker; number: locker id. Appended by the harness

    // People before a terminal.
    person_arrived,  // who
    person_left,     // who
    face_shown,      // who stands there; what: whose face the camera sees; number: faces in frame;
                     // value: 1 bona fide, 0 artefact
    face_hidden,     // who
    will_changed,    // who; value: 1 willing, 0 not (asleep, coerced)
    stolen,          // who has it now; what: key or phone name
    number_ported,   // who has the number now; what: name of the phone that lost it

    // Wires between people and the terminal.
    face_observed,  // what the face observer handed to core. who stands there; what: good, no_face,
                    // several_faces, too_small, bad_light, blurred, turned_away, eyes_closed,
    // not_live or not_compared; number: track; value: distance (0 when not compared)
    claimed,         // who typed; what: locker id in digits; number: customer id
    code_typed,      // who; number: index of the message whose code was typed, 0 when of none. An
                     // authenticator's: what: its owner's name; number: the code's half minute;
                     // value: when that begins, in seconds of the scheduler's time
    resend_pressed,  // who
    cancel_pressed,  // who
    key_turned,      // who; what: key name; number: 1 when it fits
    key_returned,    // who; what: key name
    exit_pressed,    // who
    exit_released,   // who
    prompt_shown,    // what: message; number: seconds; value: attempts
    alarm_raised,    // what: alarm name; at the siren line
    alarm_cleared,   // what: alarm name

    // Strike, bolt and door.
    strike_energised,  // number: hold in ms (0 without bound); what: pulse, weld or glitch
    strike_released,
    bolt_withdrawn,
    bolt_thrown,
    door_opened,     // who; what: pulled, forced or pushed
    door_resisted,   // who pulled in vain
    door_closed,     // who
    contents_taken,  // who
    relay_welded,    // from now on its contact does not open
    relay_repaired,

    // The short message network. number: message index, 1 and rising.
    sms_submitted,  // what: gateway; who: the phone's owner
    sms_delivered,  // what: gateway; who: whoever holds the phone
    sms_lost,       // what: gateway; who: the phone's owner
    sms_read,       // who reads

    // Surroundings.
    power_lost,
    power_restored,
    terminal_started,
    terminal_died,    // the process was killed
    tamper_opened,    // who
    tamper_closed,    // who
    cable_unplugged,  // who; what: cable name
    cable_plugged,    // who; what: cable name
    light_changed,    // what: normal, glare or dark
    magnet_placed,    // who; value: 1 placed, 0 removed
    wall_jumped,      // number: seconds

    // Appended by the harness.
    fault_injected,  // what: device.method:kind; number: which call of that method
    grant_recorded,  // number: grants that an independent reading of the durable disk finds
    leak_found,      // what: kind and place
    audit_verified,  // number: entries
    audit_broken,    // number: first bad index
    record_missing,  // what: which

    // Before a camera, and in its place.
    instrument_shown,   // with face_shown. who; what: species; value: quality, 0 to 1
    gesture_performed,  // who; what: gesture; number: how long, in ms; value: strength
    camera_replaced,    // who; what: own, virtual_device or recording

    // At the enrolment desk. who is there; what: whose face is seen; number: customer id
    face_enrolled,
    enrolment_refused,  // what: why

    // Comparisons of different people. number: how many matched; value: upper bound of the false
    // match rate
    false_matches_measured,

    // Fingers.
    finger_enrolled,   // a cast fact. who: whose finger the sensor has; number: its slot
    finger_presented,  // who lays it down; what: whose it is, or is cast from; number: for how
                       // long,
                       // in ms; value: 1 bona fide, 0 artefact
    finger_observed,   // what the reader handed to core. who laid it down; what: good, messy,
                       // sparse,
                       // not_live or no_match; number: the matched slot, -1 none; value: score
    sensor_attacked,   // who; what: replaced, implanted, overwritten, emptied, or refused when
                       // the sensor did not let it be done; number: slot; value: how many
                       // templates its library holds after it

    // Between the drivers for short messages and the providers. number: message index, 0 none.
    sms_event,          // what a driver told the log: sms.tls_fail and the like; number: the
                        // provider's, libcurl's or HTTP's; value: which gateway, 1 the preferred
    sms_failed_over,    // who: the phone's owner; what: the gateway that takes over
    sms_intercepted,    // who stands between; what: gateway; value: 1 from now on, 0 no more
    sms_overheard,      // who read it on the way; what: gateway
    sms_report_forged,  // who; what: gateway whose report of delivery it is made to look like

    // Where the strike stands on a board's pins.
    no_pulse,   // the terminal serves after its power came back, and its strike was not energised
                // meanwhile; number: how long that took, in ms
    pulse_cut,  // a pulse ended although the process that had asked for it was dead; number: how
                // long it was, in ms

    // Authenticators. number: the half minute, since 1970, of the code.
    authenticator_enrolled,  // a cast fact. who: the owner of the phone; what: its name
    authenticator_read,      // who reads it; what: the owner's name
};
inline constexpr std::size_t fact_kinds =
    static_cast<std::size_t>(FactKind::authenticator_read) + 1;

[[nodiscard]] std::string_view to_string(FactKind kind);
// None when there is no such kind.
[[nodiscard]] std::optional<FactKind> fact_kind_named(std::string_view name);

struct Fact {
    Instant at{};  // the scheduler's time, which no restart and no jump of a clock changes
    FactKind kind{};
    std::uint32_t site = 0;  // SiteId's value; 0 for what is at no terminal
    std::string who;
    std::string what;
    std::int64_t number = 0;
    double value = 0;
    friend bool operator==(const Fact&, const Fact&) = default;
};

// One line of JSON without the newline; fields with their default values are left out, except `at`
// and `kind`. from_json_line(to_json_line(f)) == f (a NaN `value` comes back as a NaN).
[[nodiscard]] std::string to_json_line(const Fact& fact);
// Throws std::runtime_error with `place` when the line is not a fact or has an unknown field.
[[nodiscard]] Fact from_json_line(std::string_view line, std::string_view place);

// The facts of a run, in order. References to facts stay valid until clear().
class FactLog {
public:
    using Observer = std::function<void(const Fact&)>;
    using Subscription = std::uint32_t;

    FactLog() = default;
    FactLog(const FactLog&) = delete;
    FactLog& operator=(const FactLog&) = delete;

    // Every observer sees every fact once and in order: what an observer appends is delivered after
    // the fact that it is looking at has been delivered to all.
    void append(Fact fact);
    // Neither from within an observer.
    Subscription subscribe(Observer observer);
    void unsubscribe(Subscription subscription);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] const Fact& operator[](std::size_t index) const {
        return (*chunks_[index / chunk_size])[index % chunk_size];
    }
    class Iterator {
    public:
        using value_type = Fact;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        Iterator(const FactLog* log, std::size_t index) : log_(log), index_(index) {}
        const Fact& operator*() const { return (*log_)[index_]; }
        const Fact* operator->() const { return &(*log_)[index_]; }
        Iterator& operator++() {
            ++index_;
            return *this;
        }
        Iterator operator++(int) {
            Iterator before = *this;
            ++index_;
            return before;
        }
        friend bool operator==(const Iterator&, const Iterator&) = default;

    private:
        const FactLog* log_ = nullptr;
        std::size_t index_ = 0;
    };
    [[nodiscard]] Iterator begin() const { return {this, 0}; }
    [[nodiscard]] Iterator end() const { return {this, size_}; }

    // BLAKE2b over the canonical bytes of all facts ever appended, those that clear() dropped
    // included: the trace hash. Cheap to ask again.
    [[nodiscard]] Digest hash() const;

    // Drops the facts and keeps observers and memory: campaigns look at one visit at a time. Not
    // from within an observer.
    void clear();

    void write_json_lines(std::ostream& out) const;

private:
    static constexpr std::size_t chunk_size = 256;
    static constexpr std::size_t block_size = 8192;
    using Chunk = std::array<Fact, chunk_size>;

    void absorb() const;

    std::vector<std::unique_ptr<Chunk>> chunks_;  // so that references survive growth
    std::size_t size_ = 0;
    std::size_t delivered_ = 0;
    bool delivering_ = false;
    std::vector<std::pair<Subscription, Observer>> observers_;
    Subscription last_subscription_ = 0;

    // The hash: full blocks are chained into chain_, the rest waits in block_.
    mutable std::size_t absorbed_ = 0;
    mutable Digest chain_{};
    mutable std::vector<std::byte> block_;
};

// Reads a whole file of lines into `log`. Throws std::runtime_error naming file and line.
void read_json_lines(std::istream& in, std::string_view file, FactLog& log);

// 64 hexadecimal digits.
[[nodiscard]] std::string to_hex(const Digest& digest);

}  // namespace strongroom::sim
