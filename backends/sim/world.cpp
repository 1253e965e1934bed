// The cast, its actions before a terminal, and its phones. The physics of sites: world_site.cpp.
#include "sim/world.h"

#include <algorithm>

#include "base/assert.h"

namespace strongroom::sim {
namespace {

// The calendar when the scheduler began, as clocks show it that nobody has set otherwise.
constexpr Duration calendar_at_start = VirtualClock::default_start.time_since_epoch();

template <class Thing, class Identifier>
[[nodiscard]] auto& at_id(Thing& things, Identifier id) {
    STRONGROOM_ASSERT(id.value >= 1 && id.value <= things.size());
    return things[static_cast<std::size_t>(id.value - 1)];
}

template <class Things>
[[nodiscard]] auto named(const Things& things, std::string_view name) {
    using Identifier = decltype(things.front().id);
    const auto found =
        std::find_if(things.begin(), things.end(), [&](const auto& t) { return t.name == name; });
    return found == things.end() ? Identifier{} : found->id;
}

// A one-time code as people find it in a text: the first run of six to ten digits.
[[nodiscard]] std::string first_code(std::string_view text) {
    constexpr std::size_t shortest = 6;
    constexpr std::size_t longest = 10;
    std::size_t run = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] >= '0' && text[i] <= '9') {
            ++run;
            continue;
        }
        if (run >= shortest && run <= longest) return std::string(text.substr(i - run, run));
        run = 0;
    }
    return {};
}

}  // namespace

World::World(Scheduler& scheduler) : scheduler_(scheduler) {}

void World::changed(SiteId site) {
    if (on_change_ && site) on_change_(site);
}

void World::witness(FactKind kind, SiteId site, std::string_view who, std::string_view what,
                    std::int64_t number, double value) {
    facts_.append(Fact{scheduler_.now(), kind, static_cast<std::uint32_t>(site.value),
                       std::string(who), std::string(what), number, value});
}

// ---- the cast ------------------------------------------------------------------------------

PersonId World::add_person(PersonSetup setup) {
    STRONGROOM_ASSERT(!setup.name.empty() && !person_named(setup.name));
    const PersonId id{people_.size() + 1};
    if (setup.identity == 0) setup.identity = id.value;
    if (setup.finger == 0) setup.finger = setup.identity;
    people_.push_back({id,
                       std::move(setup.name),
                       setup.customer,
                       setup.identity,
                       setup.willing,
                       {},
                       setup.finger});
    const Person& person = people_.back();
    witness(FactKind::cast_person, {}, person.name, {},
            static_cast<std::int64_t>(person.customer.value), person.willing ? 1 : 0);
    return id;
}

KeyId World::add_key(std::string name, LockerId fits, PersonId holder) {
    STRONGROOM_ASSERT(!name.empty() && !key_named(name));
    const KeyId id{keys_.size() + 1};
    keys_.push_back({id, std::move(name), fits, holder});
    witness(FactKind::cast_key, {}, name_of(holder), keys_.back().name,
            static_cast<std::int64_t>(fits.value));
    return id;
}

PhoneId World::add_phone(std::string name, std::string number, PersonId owner) {
    STRONGROOM_ASSERT(!name.empty() && !phone_named(name) && !phone_numbered(number));
    const PhoneId id{phones_.size() + 1};
    phones_.push_back({id, std::move(name), std::move(number), owner, owner, {}});
    witness(FactKind::cast_phone, {}, name_of(owner), phones_.back().name);
    return id;
}

SiteId World::add_site(SiteSetup setup) {
    STRONGROOM_ASSERT(!setup.name.empty() && !site_named(setup.name));
    const SiteId id{sites_.size() + 1};
    Site& site = sites_.emplace_back();
    site.id = id;
    site.setup = std::move(setup);
    site.own_camera = {"strongroom-world", site.setup.name, "1"};
    site.key_rng = scheduler_.rng("key switch").fork(site.setup.name);
    witness(FactKind::cast_site, id, {}, site.setup.name,
            static_cast<std::int64_t>(site.setup.locker.value),
            site.setup.fingers   ? 2
            : site.setup.keyless ? 1
                                 : 0);
    return id;
}

const Person& World::person(PersonId id) const { return at_id(people_, id); }
const PhysicalKey& World::key(KeyId id) const { return at_id(keys_, id); }
const Phone& World::phone(PhoneId id) const { return at_id(phones_, id); }
const Site& World::site(SiteId id) const { return at_id(sites_, id); }
Person& World::person_ref(PersonId id) { return at_id(people_, id); }
Phone& World::phone_ref(PhoneId id) { return at_id(phones_, id); }
Site& World::site_ref(SiteId id) { return at_id(sites_, id); }

const std::string& World::name_of(PersonId id) const {
    static const std::string nobody;
    return id ? person(id).name : nobody;
}

PersonId World::person_named(std::string_view name) const { return named(people_, name); }
KeyId World::key_named(std::string_view name) const { return named(keys_, name); }
PhoneId World::phone_named(std::string_view name) const { return named(phones_, name); }

SiteId World::site_named(std::string_view name) const {
    const auto found = std::find_if(sites_.begin(), sites_.end(),
                                    [&](const Site& s) { return s.setup.name == name; });
    return found == sites_.end() ? SiteId{} : found->id;
}

PhoneId World::phone_numbered(std::string_view number) const {
    if (number.empty()) return {};
    const auto found = std::find_if(phones_.begin(), phones_.end(),
                                    [&](const Phone& p) { return p.number == number; });
    return found == phones_.end() ? PhoneId{} : found->id;
}

PhoneId World::phone_of(PersonId owner) const {
    const auto owned = std::find_if(phones_.begin(), phones_.end(),
                                    [&](const Phone& p) { return p.owner == owner; });
    if (owned != phones_.end()) return owned->id;
    const auto held = std::find_if(phones_.begin(), phones_.end(),
                                   [&](const Phone& p) { return p.holder == owner; });
    return held == phones_.end() ? PhoneId{} : held->id;
}

Scene World::scene(SiteId id) const {
    const Site& s = site(id);
    Scene scene;
    scene.camera_works = s.connected(Cable::camera);
    scene.light = s.light;
    scene.continuity = s.continuity;
    scene.camera = s.camera;
    scene.presenter = s.presenter;
    if (s.camera != CameraKind::own) {
        if (!scene.presenter) scene.presenter = s.streamer;
        scene.face = s.stream;
    } else if (s.presenter) {
        scene.face = s.face;
    }
    if (scene.presenter) {
        scene.face.faces = faces_in(s);
        scene.identity = person(scene.face.whose).identity;
        scene.gestures = s.gestures;
    }
    return scene;
}

const hal::CameraIdentity& World::camera_identity(SiteId id) const {
    static const hal::CameraIdentity loopback{"v4l2loopback", "platform:v4l2loopback-000", {}};
    const Site& s = site(id);
    return s.camera == CameraKind::virtual_device ? loopback : s.own_camera;
}

// ---- people before a terminal --------------------------------------------------------------

void World::arrive(PersonId who, SiteId site) {
    Person& person = person_ref(who);
    if (person.where == site) return;
    if (person.where) leave(who);
    person.where = site;
    witness(FactKind::person_arrived, site, person.name);
}

void World::leave(PersonId who) {
    Person& person = person_ref(who);
    if (!person.where) return;
    Site& site = site_ref(person.where);
    if (site.presenter == who) hide(site);
    if (site.company.erase(who) > 0 && site.presenter) tell_face(site);
    if (site.key_turner == who) return_key(site);
    if (site.puller == who) site.puller = {};
    person.where = {};
    witness(FactKind::person_left, site.id, person.name);
}

void World::be_at(PersonId who, SiteId site) { arrive(who, site); }

void World::show_face(PersonId who, SiteId at, ShownFace face) {
    be_at(who, at);
    Site& site = site_ref(at);
    if (!face.whose) face.whose = who;
    const bool same = site.presenter == who && site.face.whose == face.whose &&
                      site.face.presentation == face.presentation &&
                      site.face.species == face.species;
    // Another face, or an artefact lowered before the own: continuity is lost either way.
    if (!same) ++site.continuity;
    if (!same) site.gestures.clear();
    site.company.erase(who);
    site.presenter = who;
    site.face = std::move(face);
    remember_presenter(site);
    tell_face(site);
}

// A stream shows what it shows, whoever stands there.
std::uint16_t World::faces_in(const Site& site) {
    if (site.camera != CameraKind::own) return site.stream.faces;
    return static_cast<std::uint16_t>(site.face.faces + site.company.size());
}

void World::stand_beside(PersonId who, SiteId at) {
    be_at(who, at);
    Site& site = site_ref(at);
    if (site.presenter == who || !site.company.insert(who).second) return;
    if (site.presenter) tell_face(site);
}

// What the camera sees of whoever stands there, whatever stands in its place.
void World::tell_face(Site& site) {
    const ShownFace& seen = site.camera == CameraKind::own ? site.face : site.stream;
    witness(FactKind::face_shown, site.id, name_of(site.presenter), name_of(seen.whose),
            faces_in(site), seen.presentation == Presentation::bona_fide ? 1 : 0);
    if (seen.species.empty()) return;
    witness(FactKind::instrument_shown, site.id, name_of(site.presenter), seen.species, 0,
            seen.quality);
}

void World::perform(PersonId who, SiteId at, Gesture gesture, Duration duration, double strength) {
    STRONGROOM_ASSERT(duration > Duration::zero() && strength > 0);
    constexpr std::size_t gestures_kept = 8;
    Site& site = site_ref(at);
    if (!who || site.presenter != who) return;
    if (site.gestures.size() == gestures_kept) site.gestures.erase(site.gestures.begin());
    site.gestures.push_back({gesture, scheduler_.now(), duration, strength});
    witness(FactKind::gesture_performed, at, name_of(who), to_string(gesture),
            milliseconds(duration), strength);
}

void World::replace_camera(PersonId who, SiteId at, CameraKind kind, ShownFace shown) {
    STRONGROOM_ASSERT(who && (kind == CameraKind::own || shown.whose));
    be_at(who, at);
    Site& site = site_ref(at);
    // Another device takes the place of the one that was plugged in.
    const bool replugged =
        (kind == CameraKind::virtual_device) != (site.camera == CameraKind::virtual_device);
    if (replugged) ++site.camera_losses;
    site.camera = kind;
    site.streamer = kind == CameraKind::own ? PersonId{} : who;
    site.stream = std::move(shown);
    ++site.continuity;
    witness(FactKind::camera_replaced, at, name_of(who), to_string(kind));
    if (site.presenter) tell_face(site);
    changed(at);
}

double PerformedGesture::extent(Instant at) const {
    if (at < begins || at >= begins + duration) return 0;
    const double share = std::chrono::duration<double>(at - begins) / duration;
    const double rise = std::min(share, 1 - share) * 2;  // there and back
    return std::min(1.0, rise * 1.6) * strength;         // and held for a while
}

bool answers(const Scene& scene, Gesture gesture) {
    const ShownFace& face = scene.face;
    if (face.eyes_shut || scene.camera == CameraKind::recording) return false;
    if (scene.camera == CameraKind::virtual_device) return true;  // moves as who makes it moves
    if (face.presentation == Presentation::bona_fide) return true;
    if (face.species.empty()) return face.presentation == Presentation::compromised;
    if (gesture == Gesture::blink) return face.blinks;
    // Worn, these move with the head; a print with holes is flat, and no face when it is turned.
    const bool worn = face.species == "silicone_mask" || face.species == "partial_mask";
    return worn && gesture != Gesture::smile;
}

void World::hide(Site& site) {
    const PersonId who = site.presenter;
    site.presenter = {};
    site.gestures.clear();
    ++site.continuity;
    remember_presenter(site);
    witness(FactKind::face_hidden, site.id, name_of(who));
}

void World::remember_presenter(Site& site) {
    constexpr std::size_t changes_kept = 16;
    site.presenters.emplace_back(scheduler_.now(), site.presenter);
    if (site.presenters.size() > changes_kept) site.presenters.pop_front();
}

PersonId World::presenter_at(SiteId id, Instant at) const {
    PersonId presenter;
    for (const auto& [since, who] : site(id).presenters) {
        if (since > at) break;
        presenter = who;
    }
    return presenter;
}

void World::hide_face(PersonId who, SiteId site) {
    if (Site& s = site_ref(site); who && s.presenter == who) hide(s);
}

void World::type(PersonId who, Site& site, hal::KeypadEntry entry) {
    STRONGROOM_ASSERT(who);
    if (!site.connected(Cable::keypad)) return;  // typed into the void
    site.keypad.push_back(std::move(entry));
    changed(site.id);
}

void World::claim(PersonId who, SiteId site, CustomerId customer, LockerId locker) {
    be_at(who, site);
    witness(FactKind::claimed, site, name_of(who), std::to_string(locker.value),
            static_cast<std::int64_t>(customer.value));
    type(who, site_ref(site), {hal::KeypadEntry::Kind::claim, customer, locker, {}});
}

void World::type_code(PersonId who, SiteId site, std::string_view digits) {
    be_at(who, site);
    const auto found = newest_with_digits_.find(std::string(digits));
    const std::uint64_t index = found == newest_with_digits_.end() ? 0 : found->second;
    const Phone* shown_by = nullptr;
    std::int64_t half_minute = 0;
    for (const Phone& phone : phones_) {
        for (const auto& [shown, at] : phone.shown) {
            if (index != 0 || shown != digits) continue;
            shown_by = &phone;
            half_minute = at;
        }
    }
    if (shown_by != nullptr) {
        const double begins = static_cast<double>(half_minute * 30) -
                              std::chrono::duration<double>(calendar_at_start).count();
        witness(FactKind::code_typed, site, name_of(who), name_of(shown_by->owner), half_minute,
                begins);
    } else {
        witness(FactKind::code_typed, site, name_of(who), {}, static_cast<std::int64_t>(index));
    }
    type(who, site_ref(site), {hal::KeypadEntry::Kind::code, {}, {}, CodeDigits(digits)});
}

void World::press_resend(PersonId who, SiteId site) {
    be_at(who, site);
    witness(FactKind::resend_pressed, site, name_of(who));
    type(who, site_ref(site), {hal::KeypadEntry::Kind::resend, {}, {}, {}});
}

void World::press_cancel(PersonId who, SiteId site) {
    be_at(who, site);
    witness(FactKind::cancel_pressed, site, name_of(who));
    type(who, site_ref(site), {hal::KeypadEntry::Kind::cancel, {}, {}, {}});
}

std::optional<hal::KeypadEntry> World::take_keypad_entry(SiteId id) {
    Site& site = site_ref(id);
    if (site.keypad.empty()) return std::nullopt;
    hal::KeypadEntry entry = std::move(site.keypad.front());
    site.keypad.pop_front();
    return entry;
}

void World::set_willing(PersonId who, bool willing) {
    Person& person = person_ref(who);
    if (person.willing == willing) return;
    person.willing = willing;
    witness(FactKind::will_changed, person.where, person.name, {}, 0, willing ? 1 : 0);
}

void World::steal_key(PersonId thief, KeyId key) {
    PhysicalKey& taken = at_id(keys_, key);
    taken.holder = thief;
    witness(FactKind::stolen, person(thief).where, name_of(thief), taken.name);
}

void World::steal_phone(PersonId thief, PhoneId phone) {
    Phone& taken = phone_ref(phone);
    taken.holder = thief;
    witness(FactKind::stolen, person(thief).where, name_of(thief), taken.name);
}

// ---- messages ------------------------------------------------------------------------------

void World::port_number(PhoneId from, PhoneId to) {
    STRONGROOM_ASSERT(from != to);
    Phone& loser = phone_ref(from);
    Phone& winner = phone_ref(to);
    winner.number = std::move(loser.number);
    loser.number.clear();
    witness(FactKind::number_ported, {}, name_of(winner.holder), loser.name);
}

std::uint64_t World::message_submitted(SiteId from, std::string_view gateway,
                                       std::string_view number, std::string_view text) {
    const std::uint64_t index = first_message_ + messages_.size();
    const PhoneId phone = phone_numbered(number);
    messages_.push_back({index, from, std::string(gateway), phone, std::string(number),
                         std::string(text), first_code(text), scheduler_.now(), std::nullopt});
    const Message& sent = messages_.back();
    if (!sent.digits.empty()) newest_with_digits_[sent.digits] = index;
    witness(FactKind::sms_submitted, from, phone ? name_of(phones_[phone.value - 1].owner) : "",
            gateway, static_cast<std::int64_t>(index));
    return index;
}

const Message* World::message(std::uint64_t index) const {
    if (index < first_message_ || index - first_message_ >= messages_.size()) return nullptr;
    return &messages_[static_cast<std::size_t>(index - first_message_)];
}

bool World::message_delivered(std::uint64_t index) {
    if (message(index) == nullptr) return false;
    Message& arrived = messages_[static_cast<std::size_t>(index - first_message_)];
    // Where the number rings now: it may have been ported since.
    arrived.phone = phone_numbered(arrived.number);
    if (!arrived.phone) {
        message_lost(index);
        return false;
    }
    Phone& to = phone_ref(arrived.phone);
    arrived.delivered = scheduler_.now();
    to.inbox.push_back(index);
    witness(FactKind::sms_delivered, arrived.site, name_of(to.holder), arrived.gateway,
            static_cast<std::int64_t>(index));
    return true;
}

void World::message_lost(std::uint64_t index) {
    const Message* lost = message(index);
    if (lost == nullptr) return;
    witness(FactKind::sms_lost, lost->site, lost->phone ? name_of(phone(lost->phone).owner) : "",
            lost->gateway, static_cast<std::int64_t>(index));
}

const Message* World::read_newest(PersonId who, PhoneId id) {
    const Phone& read = phone(id);
    if (read.holder != who || read.inbox.empty()) return nullptr;
    const Message* newest = message(read.inbox.back());
    if (newest == nullptr) return nullptr;
    witness(FactKind::sms_read, person(who).where, name_of(who), {},
            static_cast<std::int64_t>(newest->index));
    return newest;
}

void World::enrol_authenticator(PhoneId id, std::function<std::string(std::int64_t)> digits) {
    Phone& phone = phone_ref(id);
    phone.authenticator = std::move(digits);
    witness(FactKind::authenticator_enrolled, {}, name_of(phone.owner), phone.name);
}

std::string World::read_authenticator(PersonId who, PhoneId id) {
    constexpr std::size_t shown_max = 16;
    Phone& phone = phone_ref(id);
    if (!phone.authenticator) return {};
    const Duration calendar = calendar_at_start + scheduler_.now().time_since_epoch();
    const std::int64_t half_minute =
        std::chrono::duration_cast<std::chrono::seconds>(calendar).count() / 30;
    std::string digits = phone.authenticator(half_minute);
    phone.shown.emplace_back(digits, half_minute);
    if (phone.shown.size() > shown_max) phone.shown.pop_front();
    witness(FactKind::authenticator_read, person(who).where, name_of(who), name_of(phone.owner),
            half_minute);
    return digits;
}

void World::forget_messages() {
    first_message_ += messages_.size();
    messages_.clear();
    newest_with_digits_.clear();
    for (Phone& phone : phones_) phone.inbox.clear();
}

}  // namespace strongroom::sim
