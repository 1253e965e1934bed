// World: people, keys, phones and the surroundings of terminals, with their physics and the ground
// truth about them. Devices (devices.h) are windows into it; it knows nothing of sessions.
//
// Physics, for each site:
// - The strike releases while its relay is energised: by a pulse, which the relay's own timer ends
//   even if the process that asked is dead; by a welded contact; by a glitch; or, where the relay
//   hangs on a pin, as long as the pin has the level that energises it. No power, no release.
// - The bolt is withdrawn when the strike is released and the site is keyless or a fitting key is
//   turned. It is thrown again once the strike holds and the door is closed.
// - A pulled door opens only if the bolt is withdrawn; a crowbar opens it regardless; from inside
//   it can always be pushed open.
// - A wire that is cut, or without power, reads as what cannot open anything.
//
// A person who acts at a site is there (she arrives first). Actions that cannot be done physically
// (a key that is not in her hand, contents behind a closed door) return false and change nothing.
// Identifiers that this world did not give out assert. One thread, the scheduler's.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/alarm.h"
#include "base/finger_observation.h"
#include "base/gesture.h"
#include "base/ids.h"
#include "base/prompt.h"
#include "hal/camera.h"
#include "hal/keypad.h"
#include "hal/strike.h"
#include "sim/facts.h"
#include "sim/scheduler.h"

namespace strongroom::sim {

// Given out in order from 1 by the World.
using PersonId = Id<struct PersonTag>;
using KeyId = Id<struct KeyTag>;
using PhoneId = Id<struct PhoneTag>;
using SiteId = Id<struct SiteTag>;

enum class Light : std::uint8_t { normal, glare, dark };
[[nodiscard]] std::string_view to_string(Light light);

// What can be unplugged or cut at a site.
enum class Cable : std::uint8_t {
    strike,  // drives the relay
    bolt_monitor,
    key_switch,
    door_contact,
    tamper_loop,
    exit_button,
    keypad,
    display,
    siren,
    camera,
    fingerprint,
};
inline constexpr std::size_t cables = 11;
[[nodiscard]] std::string_view to_string(Cable cable);

// The pin of the terminal's board on which the input of the strike's relay hangs.
struct RelayPin {
    bool active_low = false;  // the relay is energised by a low level
    bool pulled_up = false;   // by its own resistor while nothing drives it; else down
};

// Where the frames of a site's camera come from.
enum class CameraKind : std::uint8_t {
    own,             // the terminal's own camera
    virtual_device,  // another device in its place, which plays what a program makes
    recording,       // its own, and between it and the terminal somebody gives old frames instead
};
[[nodiscard]] std::string_view to_string(CameraKind kind);

enum class Presentation : std::uint8_t {
    bona_fide,    // a living face
    artefact,     // a print, a screen, a mask: an instrument that liveness detection should find
    compromised,  // an artefact that the attacker is taken to have made well enough: it looks live
};

// Presentation attack instruments by species, as the renderer of people names them.
inline constexpr std::array<std::string_view, 10> instrument_species{
    "print_matte", "print_glossy",  "phone_replay", "tablet_replay", "laptop_replay",
    "paper_mask",  "silicone_mask", "partial_mask", "photo_beside",  "injection",
};

// What is held before the camera.
struct ShownFace {
    PersonId whose;  // whose face the camera sees
    Presentation presentation = Presentation::bona_fide;
    std::uint16_t faces = 1;  // in the frame, hers included; who stands beside her comes to it
    bool turned_away = false;
    bool blurred = false;
    bool far_away = false;
    std::string species{};   // of the instrument; empty: none, or none in particular
    double quality = 0.5;    // of the instrument, 0 (made in a minute) to 1
    bool blinks = false;     // living eyes are seen through its holes
    bool eyes_shut = false;  // asleep, or unconscious: nothing is answered
};

// What is laid on the fingerprint sensor.
struct ShownFinger {
    PersonId whose;  // whose finger it is, or is cast from; none: of who lays it down
    Presentation presentation = Presentation::bona_fide;
    std::string species{};  // of the instrument; empty: none, or none in particular
    FingerQuality quality = FingerQuality::good;
};
struct LaidFinger {
    std::uint64_t serial = 0;  // rises by one a finger laid down
    PersonId who;
    ShownFinger shown;
};

// What she did before the camera when she was asked, or unasked.
struct PerformedGesture {
    Gesture gesture{};
    Instant begins{};     // the scheduler's time
    Duration duration{};  // there and back
    double strength = 1;  // 1: a clear one (25 degrees, eyes shut, a broad smile)
    // How far it has come at `at`: 0 not at all to 1, the middle.
    [[nodiscard]] double extent(Instant at) const;
};

// What a camera at a site would take a picture of, now.
struct Scene {
    CameraKind camera = CameraKind::own;
    bool camera_works = false;   // plugged in and powered
    PersonId presenter;          // who stands there; none when nobody shows a face
    std::uint64_t identity = 0;  // of the face that the camera sees
    ShownFace face;
    Light light = Light::normal;
    std::uint64_t continuity = 0;  // a new value whenever another face, or none, came between
    // Of the presenter since she came, oldest first; valid until the next change of the world.
    std::span<const PerformedGesture> gestures;
};

// Whether the camera sees the gesture when the presenter performs it: living faces and what is
// worn well enough do; what is printed or recorded does not, whatever its bearer does.
[[nodiscard]] bool answers(const Scene& scene, Gesture gesture);

struct PersonSetup {
    std::string name;            // unique; what facts call her
    CustomerId customer;         // none for a stranger
    std::uint64_t identity = 0;  // of her face, not 0; by default her PersonId: nobody's double
    bool willing = true;
    std::uint64_t finger = 0;  // identity of her finger; 0: the one of her face
};
struct Person {
    PersonId id;
    std::string name;
    CustomerId customer;
    std::uint64_t identity = 0;
    bool willing = true;
    SiteId where;  // none when away
    std::uint64_t finger = 0;
};

struct PhysicalKey {
    KeyId id;
    std::string name;
    LockerId fits;  // none: a blank
    PersonId holder;
};

struct Phone {
    PhoneId id;
    std::string name;
    std::string number;  // E.164; empty after it was ported away
    PersonId owner;
    PersonId holder;
    std::vector<std::uint64_t> inbox;  // message indices, oldest first
    // Its authenticator's digits at any half minute since 1970; none: it has no authenticator.
    std::function<std::string(std::int64_t half_minute)> authenticator{};
    // What it has shown to anybody, and when that is valid; the last few.
    std::deque<std::pair<std::string, std::int64_t>> shown{};
};

// A short message. Its number, text and digits are the phone owner's: never in a fact.
struct Message {
    std::uint64_t index = 0;
    SiteId site;  // whose terminal sent it; none for others
    std::string gateway;
    PhoneId phone;  // whose number it is; none: nobody's
    std::string number;
    std::string text;
    std::string
        digits;  // the first run of six or more digits in the text; empty when there is none
    Instant submitted{};
    std::optional<Instant> delivered;
};

struct SiteSetup {
    std::string name;
    TerminalId terminal;
    LockerId locker;
    bool keyless = false;
    bool fingers = false;  // the terminal's policy asks for a finger; keyless then
    Duration strike_max_hold = std::chrono::seconds(6);
    Duration key_bounce_max = std::chrono::milliseconds(4);  // 0: an ideal switch
};
// The state of a terminal's surroundings.
struct Site {
    SiteId id;
    SiteSetup setup;
    bool powered = true;
    bool contact_closed = false;  // of the relay
    bool energised = false;  // the contact is closed and there is power: the strike is released
    bool welded = false;     // the contact will not open once it is closed
    bool stuck = false;      // and it has been told to open since
    std::optional<RelayPin> relay_pin;  // none: the relay has a timer of its own
    std::optional<bool> pin_driven;     // high or low; none: nothing drives it
    bool bolt_withdrawn = false;
    bool door_open = false;
    bool enclosure_open = false;
    bool exit_pressed = false;
    bool magnet = false;       // on the reed contact, which reads closed
    std::optional<KeyId> key;  // in the switch and turned
    PersonId key_turner;
    Light light = Light::normal;
    std::uint32_t unplugged = 0;          // a bit for each Cable
    std::set<Alarm> alarms;               // raised at the siren line
    std::optional<Prompt> prompt;         // on the screen
    std::deque<hal::KeypadEntry> keypad;  // typed and not yet fetched
    PersonId presenter;
    ShownFace face;
    std::set<PersonId> company;              // who stands beside her, and is seen
    std::vector<PerformedGesture> gestures;  // of the presenter; the last few
    CameraKind camera = CameraKind::own;
    PersonId streamer;  // who has put something in the camera's place
    ShownFace stream;   // and what it shows
    hal::CameraIdentity own_camera;
    std::uint64_t continuity = 0;
    std::uint32_t camera_losses = 0;              // times the camera lost its cable or its power
    std::map<FingerSlot, std::uint64_t> library;  // of the fingerprint sensor: identities
    std::optional<LaidFinger> finger;             // on it, now
    std::uint64_t fingers_laid = 0;
    std::uint32_t sensor_losses = 0;  // times the sensor lost its cable or its power
    // Who laid a finger down when, oldest first; the last few.
    std::deque<std::pair<Instant, PersonId>> fingers;
    // Who stood before the camera since when, oldest first; the last few changes.
    std::deque<std::pair<Instant, PersonId>> presenters;

    PersonId puller;  // who leans against the door

    // Relay and key switch; for the World and its devices.
    Scheduler::Handle relay_timer;
    Scheduler::Handle key_spring;
    std::vector<Instant> key_edges;  // of the switch, oldest first
    bool key_level = false;          // after the last edge
    Rng key_rng{0};

    [[nodiscard]] bool connected(Cable cable) const {
        return powered && (unplugged >> static_cast<unsigned>(cable) & 1U) == 0;
    }
    // The level of the pin; asserts that there is one.
    [[nodiscard]] bool pin_high() const;
};

class World {
public:
    explicit World(Scheduler& scheduler);
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    [[nodiscard]] Scheduler& scheduler() { return scheduler_; }
    [[nodiscard]] FactLog& facts() { return facts_; }
    [[nodiscard]] const FactLog& facts() const { return facts_; }

    // Called after every change that a device at the site could show, in the same virtual instant,
    // possibly from within a device's method: note that the terminal is to be stepped, and step it
    // when the present action is over.
    void on_change(std::function<void(SiteId)> callback) { on_change_ = std::move(callback); }
    void changed(SiteId site);

    // Appends a fact at the present time: for devices and the harness.
    void witness(FactKind kind, SiteId site, std::string_view who = {}, std::string_view what = {},
                 std::int64_t number = 0, double value = 0);

    // ---- the cast --------------------------------------------------------------------------
    PersonId add_person(PersonSetup setup);
    KeyId add_key(std::string name, LockerId fits, PersonId holder);
    // `number` is E.164 and no other phone's.
    PhoneId add_phone(std::string name, std::string number, PersonId owner);
    SiteId add_site(SiteSetup setup);

    [[nodiscard]] const Person& person(PersonId id) const;
    [[nodiscard]] const PhysicalKey& key(KeyId id) const;
    [[nodiscard]] const Phone& phone(PhoneId id) const;
    [[nodiscard]] const Site& site(SiteId id) const;
    [[nodiscard]] const std::deque<Person>& people() const { return people_; }
    [[nodiscard]] const std::deque<PhysicalKey>& keys() const { return keys_; }
    [[nodiscard]] const std::deque<Phone>& phones() const { return phones_; }
    [[nodiscard]] const std::deque<Site>& sites() const { return sites_; }
    // By name; none when there is no such one.
    [[nodiscard]] PersonId person_named(std::string_view name) const;
    [[nodiscard]] KeyId key_named(std::string_view name) const;
    [[nodiscard]] PhoneId phone_named(std::string_view name) const;
    [[nodiscard]] PhoneId phone_numbered(std::string_view number) const;
    [[nodiscard]] SiteId site_named(std::string_view name) const;
    // The first phone whose owner she is, or that she holds.
    [[nodiscard]] PhoneId phone_of(PersonId owner) const;
    [[nodiscard]] Scene scene(SiteId site) const;
    // Of what stands in the camera's place; as hal::Camera::identity().
    [[nodiscard]] const hal::CameraIdentity& camera_identity(SiteId site) const;
    // Who stood before the camera at `at` (the scheduler's time), as far back as remembered.
    [[nodiscard]] PersonId presenter_at(SiteId site, Instant at) const;

    // ---- what people do --------------------------------------------------------------------
    void arrive(PersonId who, SiteId site);
    // Takes her face and her key with her.
    void leave(PersonId who);
    // `face.whose` none: her own. Whoever showed a face before is pushed aside.
    void show_face(PersonId who, SiteId site, ShownFace face = {});
    void hide_face(PersonId who, SiteId site);
    // Beside whoever shows her face, now or later: one face more in the frame, until she leaves.
    void stand_beside(PersonId who, SiteId site);
    // Begins now. Who shows no face does it unseen: nothing is recorded then.
    void perform(PersonId who, SiteId site, Gesture gesture,
                 Duration duration = std::chrono::milliseconds(1200), double strength = 1);
    // The finger of `whose` is what the sensor of the site has stored at `slot` from now on.
    void store_finger(SiteId site, FingerSlot slot, PersonId whose);
    void erase_finger(SiteId site, FingerSlot slot);
    // Lies there for `held_for`. Whatever lay there before is pushed aside.
    void lay_finger(PersonId who, SiteId site, ShownFinger shown = {},
                    Duration held_for = std::chrono::milliseconds(1500));
    // Who laid down what the sensor saw at `at` (the scheduler's time), as far back as remembered.
    [[nodiscard]] PersonId finger_at(SiteId site, Instant at) const;
    // From now on the frames are not the terminal's own camera's: they show `shown`, whoever stands
    // there. CameraKind::own puts things right again. Asserts shown.whose unless it is own.
    void replace_camera(PersonId who, SiteId site, CameraKind kind, ShownFace shown = {});
    void claim(PersonId who, SiteId site, CustomerId customer, LockerId locker);
    void type_code(PersonId who, SiteId site, std::string_view digits);
    void press_resend(PersonId who, SiteId site);
    void press_cancel(PersonId who, SiteId site);
    // Turns the key against its spring for `held_for`. A key that does not fit does not turn. False
    // when she does not hold it, or the switch is taken.
    bool turn_key(PersonId who, SiteId site, KeyId key, Duration held_for);
    bool pull_door(PersonId who, SiteId site);  // true when the door is open afterwards
    // The same, and goes on pulling: the door opens as soon as its bolt is withdrawn.
    void lean_on_door(PersonId who, SiteId site, Duration span);
    bool push_door(PersonId who, SiteId site);  // from inside
    bool force_door(PersonId who, SiteId site);
    bool close_door(PersonId who, SiteId site);  // false when it was closed
    bool take_contents(PersonId who, SiteId site);
    void press_exit(PersonId who, SiteId site, Duration held_for);
    void open_enclosure(PersonId who, SiteId site);
    void close_enclosure(PersonId who, SiteId site);
    void place_magnet(PersonId who, SiteId site, bool placed);
    void unplug(PersonId who, SiteId site, Cable cable);
    void plug(PersonId who, SiteId site, Cable cable);
    void set_willing(PersonId who, bool willing);
    void steal_key(PersonId thief, KeyId key);
    void steal_phone(PersonId thief, PhoneId phone);
    // The carrier moves the number of `from` to the phone `to`.
    void port_number(PhoneId from, PhoneId to);
    // The newest message on a phone; none when there is none or she does not hold the phone. The
    // pointer is valid until forget_messages().
    const Message* read_newest(PersonId who, PhoneId phone);
    // From now on the phone has an authenticator that shows these digits.
    void enrol_authenticator(PhoneId phone, std::function<std::string(std::int64_t)> digits);
    // What it shows now to `who`, who holds the phone or looks over a shoulder; empty: nothing. The
    // phone's own clock is right, whatever becomes of a terminal's.
    std::string read_authenticator(PersonId who, PhoneId phone);

    // ---- surroundings ----------------------------------------------------------------------
    void set_light(SiteId site, Light light);
    void cut_power(SiteId site);
    void restore_power(SiteId site);
    // The relay's contact will not open again once it is closed (at once, if it is closed).
    void weld_relay(SiteId site);
    void repair_relay(SiteId site);
    // The relay closes by itself for `span`, as an unsafe pin does while booting.
    void glitch_relay(SiteId site, Duration span);

    // ---- for devices -----------------------------------------------------------------------
    // Energises the relay until its own timer ends it. False when it has no power, its cable is
    // unplugged, or it is energised already.
    bool pulse_relay(SiteId site, Duration hold);
    // The same without a timer: for control arms whose relay has none. Nothing in devices.h uses
    // it.
    bool hold_relay(SiteId site);
    void release_relay(SiteId site);
    // From now on the relay follows this pin, which nothing drives yet.
    void wire_relay(SiteId site, RelayPin pin);
    // Drives the pin high or low, or (none) lets go of it. `why` is what the fact says should this
    // energise the strike: "pulse", or "glitch" where nobody decided it. Without power nothing is
    // driven. Asserts that the relay hangs on a pin.
    void drive_pin(SiteId site, std::optional<bool> high, std::string_view why);
    [[nodiscard]] bool key_switch_closed(SiteId site) const;
    std::optional<hal::KeypadEntry> take_keypad_entry(SiteId site);
    void show_prompt(SiteId site, const Prompt& prompt);
    void set_alarm(SiteId site, Alarm alarm, bool raised);

    // ---- for the network -------------------------------------------------------------------
    // Returns the message's index.
    std::uint64_t message_submitted(SiteId from, std::string_view gateway, std::string_view number,
                                    std::string_view text);
    // False when the number belongs to nobody (any more): the message is lost.
    bool message_delivered(std::uint64_t index);
    void message_lost(std::uint64_t index);
    [[nodiscard]] const Message* message(std::uint64_t index) const;
    // Forgets all messages (indices go on rising): between the visits of a campaign.
    void forget_messages();

private:
    [[nodiscard]] Person& person_ref(PersonId id);
    [[nodiscard]] Phone& phone_ref(PhoneId id);
    [[nodiscard]] Site& site_ref(SiteId id);
    [[nodiscard]] const std::string& name_of(PersonId id) const;
    void be_at(PersonId who, SiteId site);
    void type(PersonId who, Site& site, hal::KeypadEntry entry);
    void close_contact(Site& site, std::string_view what, Duration hold);
    void open_contact(Site& site);
    void update_strike(Site& site, std::string_view what, Duration hold);
    void move_bolt(Site& site);
    void follow_pin(Site& site, std::string_view why);
    void open_door(Site& site, PersonId who, std::string_view how);
    void return_key(Site& site);
    void hide(Site& site);
    void tell_face(Site& site);
    [[nodiscard]] static std::uint16_t faces_in(const Site& site);
    void remember_presenter(Site& site);
    void bounce(Site& site, bool level);

    Scheduler& scheduler_;
    FactLog facts_;
    std::function<void(SiteId)> on_change_;
    std::deque<Person> people_;
    std::deque<PhysicalKey> keys_;
    std::deque<Phone> phones_;
    std::deque<Site> sites_;
    std::deque<Message> messages_;
    std::uint64_t first_message_ = 1;  // index of messages_.front()
    std::unordered_map<std::string, std::uint64_t>
        newest_with_digits_;  // looked up, never iterated
};

}  // namespace strongroom::sim
