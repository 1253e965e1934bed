#include "arena.h"

#include <algorithm>

#include "base/assert.h"
#include "insider.h"

namespace strongroom::scenarios {
namespace {

using std::chrono::seconds;

constexpr Duration provider_patience = seconds(8);
// Of a board whose power is back: firmware and kernel, then the guard, then the rest.
constexpr Duration guard_starts_after = seconds(6);
constexpr Duration controller_starts_after = seconds(10);
// A terminal that asks to be called at once again and again makes no progress.
constexpr int steps_at_once_max = 10000;

[[nodiscard]] Key256 key_from(Rng rng) {
    std::array<std::byte, Key256::size> bytes{};
    rng.fill(bytes);
    return Key256(bytes);
}

// +91, ten digits, the first of them not 0; drawn, so that a number found somewhere is hers.
[[nodiscard]] std::string number_of(Rng rng) {
    std::string digits = "+91";
    digits += static_cast<char>('6' + rng.below(4));
    for (int i = 0; i < 9; ++i) digits += static_cast<char>('0' + rng.below(10));
    return digits;
}

[[nodiscard]] std::string bytes_of(const hal::FaceTemplate& face) {
    // A window of the numbers is as telling as all of them, wherever a page may cut.
    constexpr std::size_t telling = 16;
    const auto bytes =
        std::as_bytes(std::span(face.features).first(std::min(telling, face.features.size())));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[noreturn]] void cannot(const std::string& what) {
    throw PlayError("the store of the simulated world cannot be set up: " + what);
}

}  // namespace

void Arena::Trace::write(const TraceLine& line) {
    text += line.source;
    text += ' ';
    text += line.what;
    text += ' ';
    text += std::to_string(line.number);
    text += '\n';
}

Arena::Post::Post(Arena& arena, sim::SiteId at, std::uint64_t number)
    : site(at), terminal_number(number), clock(arena.scheduler_) {}

Arena::Arena(const Scenario& scenario, const FaceSource& faces, config::Settings settings,
             std::set<std::string, std::less<>> parts, std::uint64_t seed, bool faults_ready)
    : scenario_(scenario),
      faces_(faces),
      settings_(std::move(settings)),
      parts_(std::move(parts)),
      scheduler_(seed),
      world_(scheduler_),
      network_(world_),
      disk_(scheduler_.rng("disk").next()),
      entropy_(scheduler_.rng("store entropy")),
      master_(key_from(scheduler_.rng("master key"))) {
    choose_parts();
    add_cast();
    add_faults(faults_ready);
    add_gateways();
    world_.on_change([this](sim::SiteId site) {
        Post& post = posts_[static_cast<std::size_t>(site.value - 1)];
        if (post.sensor) post.sensor->follow();
        wake(post, scheduler_.now());
    });
    open_records();
    enrol();
    records_.reset();
}

Arena::~Arena() {
    world_.on_change({});
    for (Post& post : posts_) post.terminal.reset();
    faulty_records_.reset();
    memory_counts_.reset();
    records_.reset();
    posts_.clear();
}

void Arena::choose_parts() {
    if (has_part("plain-sealer")) {
        sealer_ = std::make_unique<parts::PlainSealer>();
    } else if (has_part("unbound-sealer")) {
        sealer_ = std::make_unique<parts::UnboundSealer>(master_);
    } else {
        sealer_ = std::make_unique<store::AeadSealer>(master_);
    }
    if (has_part("unkeyed-chain")) {
        chain_ = std::make_unique<parts::UnkeyedChain>();
    } else {
        chain_ = std::make_unique<store::KeyedChain>(master_);
    }
    if (has_part("anchor-beside-store")) {
        anchor_ = std::make_unique<parts::AnchorBesideStore>(disk_);
    } else {
        anchor_ = std::make_unique<store::MemoryAnchor>();
    }
}

// ---- people and places ---------------------------------------------------------------------

void Arena::add_cast() {
    for (const SiteDeclaration& site : scenario_.sites) {
        sim::SiteSetup setup;
        setup.name = site.name;
        setup.terminal = TerminalId{site.terminal};
        setup.locker = LockerId{site.locker};
        setup.keyless = scenario_.policy != PolicyName::locker;
        setup.fingers = scenario_.policy == PolicyName::atm_access;
        posts_.emplace_back(*this, world_.add_site(setup), site.terminal);
    }
    for (const CastMember& m : scenario_.cast) {
        sim::PersonSetup setup;
        setup.name = m.name;
        setup.customer = CustomerId{m.customer.value_or(0)};
        setup.willing = m.willing;
        const sim::PersonId id = world_.add_person(setup);
        if (m.key) world_.add_key(m.name + "'s key", LockerId{m.locker.value_or(0)}, id);
        if (m.phone) {
            const std::string number = number_of(scheduler_.rng("phone of " + m.name));
            world_.add_phone(m.name + "'s phone", number, id);
            private_data_.push_back({"phone number", number.substr(1), true});
            private_data_.push_back({"phone number", number.substr(3), true});
        }
    }
    for (const CastMember& m : scenario_.cast) {
        if (m.locker) {
            world_.witness(sim::FactKind::cast_holder, {}, m.name, {},
                           static_cast<std::int64_t>(*m.locker));
        }
        const sim::PersonId holder = world_.person_named(m.name);
        for (const std::string& owner : m.keys) {
            const CastMember* of = scenario_.member(owner);
            world_.add_key(m.name + "'s copy of " + owner + "'s key",
                           LockerId{of->locker.value_or(0)}, holder);
        }
        for (const std::string& owner : m.phones) {
            const sim::PhoneId phone = world_.phone_named(owner + "'s phone");
            if (!phone) {
                throw PlayError(m.place.text() + ": '" + owner + "' has no phone to be held");
            }
            world_.steal_phone(holder, phone);
        }
    }
}

void Arena::add_gateways() {
    for (const GatewayDeclaration& gateway : scenario_.gateways) {
        sim::SmsGatewaySetup setup;
        setup.name = gateway.name;
        network_.add_gateway(setup);
        if (gateway.protocol == SmsProtocol::none) continue;
        const sms_provider::Accounts& accounts =
            wires_
                .emplace_back(network_, gateway,
                              [this](const std::string& who, const std::string& text,
                                     const std::string& code) { hear(who, text, code); })
                .accounts();
        for (const std::string& credentials :
             {accounts.twilio_token, twilio_authorization(accounts), accounts.fast2sms_key}) {
            private_data_.push_back({"credentials of an account", credentials, false});
        }
    }
    for (Post& post : posts_) {
        post.face = faces_.observer(world_, post.site, post.clock, scenario_, face_parts());
        add_providers(post);
        make_failover(post);
        hal::SmsGateway* sms = &*post.failover;
        if (has_part("single-gateway")) sms = post.providers.front();
        if (has_part("logging-gateway")) {
            post.logging = std::make_unique<parts::LoggingGateway>(*sms, log_);
            sms = post.logging.get();
        }
        sim::DeviceSet::Parts parts{.world = world_, .network = network_, .site = post.site};
        parts.face = post.face.get();
        parts.sms = sms;
        if (scenario_.emulated_sensor) {
            post.sensor = std::make_unique<EmulatedSensor>(
                world_, post.site, post.clock,
                SensorParts{.image_pad = !has_part("naive-finger-liveness"),
                            .provisioned = !has_part("factory-password-kept")});
            parts.reader = &post.sensor->reader();
        } else if (world_.site(post.site).setup.fingers) {
            parts.finger.emplace();
            parts.finger->detects_artefacts = !has_part("naive-finger-liveness");
        }
        add_strike(post);
        parts.strike = post.strike.get();
        if (&post == &posts_.front()) parts.faults = faults_.get();
        post.devices = std::make_unique<sim::DeviceSet>(parts);
    }
}

FaceParts Arena::face_parts() const {
    return {.liveness = !has_part("naive-liveness"),
            .enrolment_liveness = !has_part("naive-enrolment"),
            .camera_pin = !has_part("any-camera"),
            .freshness = !has_part("old-frames")};
}

void Arena::add_faults(bool ready) {
    std::vector<sim::FaultRule> rules;
    for (const FaultDeclaration& fault : scenario_.faults) rules.push_back(fault.rule);
    if (rules.empty() && !ready) return;
    faults_ = std::make_unique<sim::FaultPlan>(world_, posts_.front().site, std::move(rules));
}

void Arena::make_failover(Post& post) {
    post.failover.emplace(post.clock, post.providers, provider_patience);
}

void Arena::add_providers(Post& post) {
    SmsParts parts;
    if (has_part("unverified-tls")) parts.proof = {.certificate = false, .name = false};
    parts.reports_signed = !has_part("unsigned-reports");
    parts.answers_read = !has_part("status-only-answers");
    for (const GatewayDeclaration& gateway : scenario_.gateways) {
        if (gateway.protocol == SmsProtocol::none) {
            post.gateways.push_back(
                std::make_unique<sim::SmsGateway>(network_, post.site, gateway.name));
            post.providers.push_back(post.gateways.back().get());
        } else {
            post.drivers.push_back(std::make_unique<DriverGateway>(
                wire(gateway.name), post.site, static_cast<int>(post.providers.size()) + 1,
                post.clock, parts));
            post.providers.push_back(post.drivers.back().get());
        }
    }
}

ProviderWire& Arena::wire(std::string_view gateway) {
    const auto found = std::find_if(wires_.begin(), wires_.end(), [&](const ProviderWire& wire) {
        return wire.gateway().name == gateway;
    });
    STRONGROOM_ASSERT(found != wires_.end());
    return *found;
}

void Arena::hear(const std::string& who, const std::string& text, const std::string& code) {
    if (!code.empty()) overheard_[who] = code;
    for (const std::string& what : find_private_data(*this, text)) {
        world_.witness(sim::FactKind::leak_found, {}, {},
                       what + " in what " + who + " read on the way to a provider");
    }
}

const std::string& Arena::overheard(sim::PersonId who) {
    return overheard_[world_.person(who).name];
}

terminal::Terminal* Arena::terminal(sim::SiteId site) {
    return posts_[static_cast<std::size_t>(site.value - 1)].terminal.get();
}

void Arena::add_strike(Post& post) {
    if (!scenario_.strike) return;
    const bool naive = has_part("naive-relay-init");
    post.strike = std::make_unique<DrivenStrike>(
        world_, post.site, *scenario_.strike,
        StrikePartsChoice{.guard = !has_part("no-guard"),
                          .right_pin = !naive,
                          .value_in_request = !naive && !has_part("value-after-request"),
                          .driver_lets_go = !has_part("line-kept-by-driver")});
}

EmulatedSensor& Arena::sensor(sim::SiteId site) {
    Post& post = posts_[static_cast<std::size_t>(site.value - 1)];
    STRONGROOM_ASSERT(post.sensor != nullptr);
    return *post.sensor;
}

sim::SiteId Arena::site_of(const Arguments& with) const {
    const auto named = with.find("site");
    return named == with.end() ? posts_.front().site : world_.site_named(named->second);
}

sim::SiteId Arena::site_of_locker(std::uint64_t locker) const {
    for (const Post& post : posts_) {
        if (world_.site(post.site).setup.locker.value == locker) return post.site;
    }
    return posts_.front().site;
}

// ---- store ---------------------------------------------------------------------------------

store::Moment Arena::moment() const {
    return {posts_.front().clock.now(), posts_.front().clock.wall()};
}

void Arena::open_records() {
    store::SqliteRecords::Options options{
        .path = database,
        .vfs = disk_.vfs(),
        .master = master_,
        .sealer = *sealer_,
        .chain = *chain_,
        .anchor = *anchor_,
        .entropy = entropy_,
        .lockout = settings_.policy.lockout,
        .sends = settings_.policy.code.sends,
        .terminal = TerminalId{posts_.front().terminal_number},
        .opened = moment(),
    };
    auto opened = store::SqliteRecords::open(options);
    refused_.clear();
    if (opened) {
        records_ = std::move(*opened);
    } else {
        refused_ = opened.error().message;
    }
}

void Arena::enrol() {
    if (!records_) cannot(refused_);
    std::set<std::uint64_t> lockers;
    for (const SiteDeclaration& site : scenario_.sites) lockers.insert(site.locker);
    for (const CastMember& m : scenario_.cast) {
        if (m.locker) lockers.insert(*m.locker);
    }
    for (const std::uint64_t locker : lockers) {
        if (!records_->add_locker(moment(), LockerId{locker})) cannot("a locker");
    }
    for (const CastMember& m : scenario_.cast) {
        if (!m.customer) continue;
        const CustomerId customer{*m.customer};
        const std::string name = "Registered " + m.name + " Ravenscroft";
        private_data_.push_back({"name", name, false});
        const sim::PersonId person = world_.person_named(m.name);
        const sim::PhoneId phone = world_.phone_of(person);
        // Every customer has a number on record; without a phone nobody reads what is sent to it.
        const std::string number = phone ? world_.phone(phone).number : "+919000000000";
        if (!records_->add_customer(moment(), name, number, customer)) {
            cannot("a customer");
        }
        if (m.enrolled) {
            for (const auto& face : faces_.enrol(m, world_.person(person).identity)) {
                if (!records_->add_template(moment(), customer, face)) cannot("a template");
                private_data_.push_back({"face template", bytes_of(face), false});
            }
        }
        if (m.enrolled) enrol_finger(customer, person);
        if (m.authenticator) enrol_authenticator(customer, phone);
        if (m.locker && !records_->assign(moment(), LockerId{*m.locker}, customer)) {
            cannot("a holder");
        }
    }
}

void Arena::enrol_authenticator(CustomerId customer, sim::PhoneId phone) {
    std::array<std::byte, auth::AuthenticatorSeed::size> bytes{};
    Rng rng = scheduler_.rng("authenticator of " + std::to_string(customer.value));
    rng.fill(bytes);
    const auth::AuthenticatorSeed seed(bytes);
    if (!records_->set_authenticator(moment(), customer, {seed, {}})) cannot("an authenticator");
    world_.enrol_authenticator(phone, [seed](std::int64_t half_minute) {
        return std::string(auth::authenticator_code(seed, {half_minute}, 6).reveal());
    });
    private_data_.push_back(
        {"authenticator seed", {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, false});
    std::string typed(auth::seed_in_base32(seed).reveal_text());
    private_data_.push_back({"authenticator seed", typed, false});
    std::erase(typed, ' ');
    private_data_.push_back({"authenticator seed", typed, false});
}

// In the library of every terminal's sensor, at the customer's own number.
void Arena::enrol_finger(CustomerId customer, sim::PersonId person) {
    for (const Post& post : posts_) {
        if (!world_.site(post.site).setup.fingers) continue;
        const FingerSlot slot = slot_of(customer);
        world_.store_finger(post.site, slot, person);
        const store::FingerEnrolment finger{
            SensorId{post.terminal_number},
            post.sensor ? post.sensor->enrol(slot, person)
                        : sim::make_finger_reference(slot, world_.person(person).finger)};
        if (!records_->add_finger(moment(), customer, finger)) cannot("a finger");
    }
}

void Arena::enrol_shown(sim::PersonId who, CustomerId customer, const sim::ShownFace& face) {
    if (!running()) return;
    const sim::Person& presenter = world_.person(who);
    const std::string& whose = world_.person(face.whose).name;
    const auto number = static_cast<std::int64_t>(customer.value);
    const FaceSource::Enrolment enrolment = faces_.enrol_shown(
        face, world_.person(face.whose).identity, presenter.identity, face_parts());
    if (enrolment.templates.empty()) {
        world_.witness(sim::FactKind::enrolment_refused, {}, presenter.name, enrolment.refusal,
                       number);
        return;
    }
    for (const hal::FaceTemplate& one : enrolment.templates) {
        if (!records_->add_template(moment(), customer, one)) cannot("a template");
        private_data_.push_back({"face template", bytes_of(one), false});
    }
    world_.witness(sim::FactKind::face_enrolled, {}, presenter.name, whose, number);
}

// ---- the process ---------------------------------------------------------------------------

void Arena::boot() {
    if (running()) return;
    open_records();
    if (!records_) {
        log_ += "the store was refused\n";
        return;
    }
    store::Records* records = records_.get();
    if (has_part("memory-counts")) {
        memory_counts_ = std::make_unique<parts::MemoryCounts>(*records_, settings_.policy.lockout);
        records = memory_counts_.get();
    }
    if (faults_) {
        faulty_records_ = std::make_unique<sim::Faulty<store::Records>>(*records, *faults_);
        records = faulty_records_.get();
    }
    for (Post& post : posts_) {
        const sim::Site& site = world_.site(post.site);
        if (!site.powered) continue;
        if (post.strike) {
            post.strike->start_guard();  // systemd has it up before the controller
            post.strike->start_controller();
        }
        hal::Devices plain = post.devices->devices();
        if (has_part("echoing-strike")) {
            post.echoing = std::make_unique<parts::EchoingStrike>(plain.strike, post.clock);
        }
        const hal::Devices devices{
            plain.clock,  plain.entropy,
            plain.face,   post.echoing ? static_cast<hal::Strike&>(*post.echoing) : plain.strike,
            plain.key,    plain.door,
            plain.tamper, plain.exit_button,
            plain.keypad, plain.display,
            plain.siren,  plain.sms,
            plain.finger};
        terminal::Setup setup;
        setup.terminal = TerminalId{post.terminal_number};
        setup.locker = site.setup.locker;
        setup.policy = settings_.policy;
        setup.rules = settings_.rules;
        setup.code_key = master_.derive("codes");
        setup.sensor = SensorId{post.terminal_number};  // one sensor a terminal
        world_.witness(sim::FactKind::terminal_started, post.site);
        post.terminal =
            std::make_unique<terminal::Terminal>(std::move(setup), devices, *records, &trace_);
        wake(post, scheduler_.now());
    }
}

void Arena::power_up(sim::SiteId site) {
    world_.restore_power(site);
    Post& post = posts_[static_cast<std::size_t>(site.value - 1)];
    if (!post.strike) {
        boot();
        return;
    }
    const std::uint32_t losses = world_.site(site).camera_losses;
    const auto still_on = [this, site, losses] {
        return world_.site(site).powered && world_.site(site).camera_losses == losses;
    };
    scheduler_.after(guard_starts_after, [&post, still_on] {
        if (still_on()) post.strike->start_guard();
    });
    scheduler_.after(controller_starts_after, [this, still_on] {
        if (still_on()) boot();
    });
}

void Arena::die(bool power) {
    if (!running()) return;
    power ? disk_.power_cut() : disk_.process_death();
    // The next boot's clock starts anew, as the kernel's does when the power was away.
    const Instant origin = power ? Instant(seconds(20)) : posts_.front().clock.now();
    for (Post& post : posts_) {
        scheduler_.cancel(post.wake);
        if (post.strike) post.strike->controller_died();
        post.terminal.reset();
        post.echoing.reset();
        post.devices->process_died(origin);
        post.clock.reboot(origin);
        for (const auto& gateway : post.gateways) gateway->restart();
        for (const auto& driver : post.drivers) driver->restart();
        make_failover(post);
        world_.witness(sim::FactKind::terminal_died, post.site);
        if (!post.strike) continue;
        post.strike->controller_cleared();
        if (!world_.site(post.site).powered) post.strike->power_lost();
    }
    faulty_records_.reset();
    memory_counts_.reset();
    records_.reset();
}

void Arena::set_calendar(Duration forward) {
    for (Post& post : posts_) {
        post.clock.jump_wall(forward);
        post.devices->clock().jump_wall(forward);
        world_.witness(sim::FactKind::wall_jumped, post.site, {}, {},
                       std::chrono::duration_cast<seconds>(forward).count());
    }
}

void Arena::wake(Post& post, Instant when) {
    if (!post.terminal) return;
    scheduler_.cancel(post.wake);
    post.wake = scheduler_.at(when, [this, &post] { step(post); });
}

void Arena::step(Post& post) {
    if (!post.terminal) return;
    post.steps_at_once = post.stepped == scheduler_.now() ? post.steps_at_once + 1 : 0;
    post.stepped = scheduler_.now();
    if (post.steps_at_once > steps_at_once_max) {
        throw PlayError("the terminal asks to be called again and again at " +
                        std::to_string(milliseconds(scheduler_.now())) + " ms");
    }
    post.wake = {};
    const Instant next = post.clock.to_scheduler(post.terminal->step());
    // What the step itself changed has asked for another one already.
    if (!scheduler_.pending(post.wake)) wake(post, next);
}

}  // namespace strongroom::scenarios
