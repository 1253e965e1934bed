#include "recording.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <span>

namespace strongroom::test {

namespace {

std::string stamped(Instant at, const std::string& what) {
    std::array<char, 32> time{};
    const auto microseconds =
        std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
    static_cast<void>(std::snprintf(time.data(), time.size(), "%10.3f ms  ",
                                    static_cast<double>(microseconds) / 1000));
    return time.data() + what;
}

// What every device of either kind has: the time, and where lines go.
struct Context {
    const hal::Clock& clock;
    Lines& lines;
    void tell(const std::string& what) const { lines.push_back(stamped(clock.now(), what)); }
};

std::string words_for(const Prompt& prompt) {
    return "screen " + std::string(to_string(prompt.message)) + " " +
           std::to_string(prompt.seconds) + " " + std::to_string(prompt.attempts);
}

// One part with the virtual functions of every device but clock and entropy: what is read comes
// from `Source`, what is done goes to it.
template <class Source>
class Face final : public hal::FaceObserver {
public:
    explicit Face(Source& source) : source_(source) {}
    Result<void> start(std::span<const hal::FaceTemplate> templates) override {
        return source_.command("observe " + std::to_string(templates.size()), "start",
                               [&](const hal::Devices& d) { return d.face.start(templates); });
    }
    void stop() override {
        static_cast<void>(
            source_.command("observe no more", "stop", [](const hal::Devices& d) -> Result<void> {
                d.face.stop();
                return {};
            }));
    }
    Result<std::optional<hal::FaceObservation>> poll() override { return source_.face(); }
    Instant next_poll() const override { return source_.next_face(); }
    FaceModelId model() const override { return source_.model(); }

private:
    Source& source_;
};

template <class Source>
class Strike final : public hal::Strike {
public:
    explicit Strike(Source& source) : source_(source) {}
    Result<void> pulse(Duration hold) override {
        return source_.command("strike pulse " + std::to_string(milliseconds(hold)), "pulse",
                               [&](const hal::Devices& d) { return d.strike.pulse(hold); });
    }
    Result<void> lock() override {
        return source_.command("strike lock", "lock",
                               [](const hal::Devices& d) { return d.strike.lock(); });
    }
    Result<hal::BoltState> sense() override { return source_.bolt(); }
    Duration max_hold() const override { return source_.max_hold(); }

private:
    Source& source_;
};

template <class Source>
class Contacts final : public hal::KeySwitch,
                       public hal::DoorContact,
                       public hal::TamperLoop,
                       public hal::ExitButton {
public:
    explicit Contacts(Source& source) : source_(source) {}
    Result<bool> turned() override { return source_.key(); }
    Result<bool> open() override { return source_.door(); }
    Result<bool> intact() override { return source_.tamper(); }
    Result<bool> pressed() override { return source_.exit_button(); }

private:
    Source& source_;
};

template <class Source>
class Panel final : public hal::Keypad, public hal::Display, public hal::Siren {
public:
    explicit Panel(Source& source) : source_(source) {}
    Result<std::optional<hal::KeypadEntry>> poll() override { return source_.entry(); }
    Result<void> show(const Prompt& prompt) override {
        return source_.command(words_for(prompt), "show",
                               [&](const hal::Devices& d) { return d.display.show(prompt); });
    }
    Result<void> raise(Alarm alarm) override {
        return source_.command("alarm " + std::string(to_string(alarm)), "raise",
                               [&](const hal::Devices& d) { return d.siren.raise(alarm); });
    }
    Result<void> clear(Alarm alarm) override {
        return source_.command("alarm over " + std::string(to_string(alarm)), "clear",
                               [&](const hal::Devices& d) { return d.siren.clear(alarm); });
    }

private:
    Source& source_;
};

template <class Source>
class Sms final : public hal::SmsGateway {
public:
    explicit Sms(Source& source) : source_(source) {}
    Result<void> submit(const hal::SmsMessage& message) override {
        // The very code: the record stays in a test's memory.
        return source_.command("sms to " + std::string(message.to.reveal_text()) + ": " +
                                   std::string(message.text.reveal_text()),
                               "submit",
                               [&](const hal::Devices& d) { return d.sms.submit(message); });
    }
    Result<std::optional<hal::SmsDelivery>> poll_delivery() override { return source_.delivery(); }

private:
    Source& source_;
};

template <class Source>
class Entropy final : public hal::Entropy {
public:
    explicit Entropy(Source& source) : source_(source) {}
    Result<void> fill(std::span<std::byte> bytes) override { return source_.fill(bytes); }

private:
    Source& source_;
};

// All devices over one source.
template <class Source>
struct Set {
    explicit Set(Source& source)
        : entropy(source),
          face(source),
          strike(source),
          contacts(source),
          panel(source),
          sms(source) {}
    hal::Devices devices(hal::Clock& clock) {
        return {clock,    entropy,  face,  strike, contacts, contacts,
                contacts, contacts, panel, panel,  panel,    sms};
    }
    Entropy<Source> entropy;
    Face<Source> face;
    Strike<Source> strike;
    Contacts<Source> contacts;
    Panel<Source> panel;
    Sms<Source> sms;
};

template <class Value>
bool same(const Result<Value>& a, const Result<Value>& b) {
    if (a.has_value() != b.has_value()) return false;
    return a ? *a == *b : a.error().code == b.error().code;
}

}  // namespace

void TraceLines::write(const TraceLine& line) {
    lines_.push_back(stamped(line.at, std::string(line.source) + ": " + std::string(line.what) +
                                          " " + std::to_string(line.number)));
}

// ---- taking -------------------------------------------------------------------------------------

struct Recorder::Parts {
    Parts(const hal::Devices& devices, Recording& into)
        : inner(devices), record(into), context{devices.clock, into.lines}, set(*this) {
        record.model = inner.face.model();
        record.strike_max_hold = inner.strike.max_hold();
        record.start = inner.clock.wall() - inner.clock.now().time_since_epoch();
    }

    template <class Value>
    Result<Value> level(Result<Value> read, std::vector<Timed<Value>>& to) {
        const Instant now = inner.clock.now();
        record.looks.insert(now);
        if (to.empty() || !same(to.back().value, read)) to.push_back({now, read});
        return read;
    }
    template <class Value>
    Result<std::optional<Value>> event(Result<std::optional<Value>> read,
                                       std::vector<Timed<std::optional<Value>>>& to) {
        record.looks.insert(inner.clock.now());
        if (!read || *read) to.push_back({inner.clock.now(), read});
        return read;
    }
    template <class Act>
    Result<void> command(const std::string& words, const char* kind, Act act) {
        context.tell(words);
        record.end = inner.clock.now();
        const Result<void> answer = act(inner);
        record.answers[kind].push_back(answer);
        return answer;
    }

    auto face() { return event(inner.face.poll(), record.faces); }
    Instant next_face() const { return inner.face.next_poll(); }
    FaceModelId model() const { return inner.face.model(); }
    auto bolt() { return level(inner.strike.sense(), record.bolt); }
    Duration max_hold() const { return inner.strike.max_hold(); }
    auto key() { return level(inner.key.turned(), record.key); }
    auto door() { return level(inner.door.open(), record.door); }
    auto tamper() { return level(inner.tamper.intact(), record.tamper); }
    auto exit_button() { return level(inner.exit_button.pressed(), record.exit_button); }
    auto entry() { return event(inner.keypad.poll(), record.entries); }
    auto delivery() { return event(inner.sms.poll_delivery(), record.deliveries); }
    Result<void> fill(std::span<std::byte> bytes) {
        const auto filled = inner.entropy.fill(bytes);
        if (filled) record.entropy.emplace_back(bytes.begin(), bytes.end());
        return filled;
    }

    hal::Devices inner;
    Recording& record;
    Context context;
    Set<Parts> set;
};

Recorder::Recorder(const hal::Devices& devices, Recording& record)
    : parts_(std::make_unique<Parts>(devices, record)) {}
Recorder::~Recorder() = default;
hal::Devices Recorder::devices() { return parts_->set.devices(parts_->inner.clock); }

// ---- giving again -------------------------------------------------------------------------------

struct Replay::Parts {
    Parts(const Recording& from, hal::Clock& c, Lines& to, const hal::Devices* outer)
        : record(from), clock(c), context{c, to}, set(*this) {
        if (outer != nullptr) world = std::make_unique<hal::Devices>(*outer);
    }

    // What it was at the last change up to now.
    template <class Value>
    Result<Value> level(const std::vector<Timed<Value>>& from) const {
        const auto after = std::upper_bound(
            from.begin(), from.end(), clock.now(),
            [](Instant now, const Timed<Value>& reading) { return now < reading.at; });
        if (after == from.begin()) return fail(Errc::disconnected);
        return std::prev(after)->value;
    }
    // The next, once its time has come.
    template <class Value>
    Result<std::optional<Value>> event(const std::vector<Timed<std::optional<Value>>>& from,
                                       std::size_t& next) const {
        if (next == from.size() || from[next].at > clock.now()) return std::nullopt;
        return from[next++].value;
    }
    template <class Act>
    Result<void> command(const std::string& words, const char* kind, Act act) {
        context.tell(words);
        if (world) static_cast<void>(act(*world));
        const auto known = record.answers.find(kind);
        std::size_t& next = answered[kind];
        if (known == record.answers.end() || next == known->second.size()) return {};
        return known->second[next++];
    }

    auto face() { return event(record.faces, next_face_); }
    Instant next_face() const {
        return next_face_ == record.faces.size() ? never : record.faces[next_face_].at;
    }
    FaceModelId model() const { return record.model; }
    auto bolt() { return level(record.bolt); }
    Duration max_hold() const { return record.strike_max_hold; }
    auto key() { return level(record.key); }
    auto door() { return level(record.door); }
    auto tamper() { return level(record.tamper); }
    auto exit_button() { return level(record.exit_button); }
    auto entry() { return event(record.entries, next_entry); }
    auto delivery() { return event(record.deliveries, next_delivery); }
    // Other questions than were recorded have no answer.
    Result<void> fill(std::span<std::byte> bytes) {
        if (next_entropy == record.entropy.size() ||
            record.entropy[next_entropy].size() != bytes.size()) {
            return fail(Errc::disconnected);
        }
        std::ranges::copy(record.entropy[next_entropy++], bytes.begin());
        return {};
    }

    const Recording& record;
    hal::Clock& clock;
    Context context;
    std::unique_ptr<hal::Devices> world;
    std::size_t next_face_ = 0;
    std::size_t next_entry = 0;
    std::size_t next_delivery = 0;
    std::size_t next_entropy = 0;
    std::map<std::string, std::size_t, std::less<>> answered;
    Set<Parts> set;
};

Replay::Replay(const Recording& record, hal::Clock& clock, Lines& lines, const hal::Devices* world)
    : parts_(std::make_unique<Parts>(record, clock, lines, world)) {}
Replay::~Replay() = default;
hal::Devices Replay::devices() { return parts_->set.devices(parts_->clock); }

}  // namespace strongroom::test
