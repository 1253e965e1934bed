// The victim: a real terminal over a real store on a real disk, whose devices are the witness's at
// the other end of a socket. It is killed, again and again, and must never know better than to stay
// locked. Run by the kill test alone: kill_victim DIRECTORY.
#include <cstdio>
#include <filesystem>

#include <sys/socket.h>
#include <unistd.h>

#include "auth/policy.h"
#include "store/file_anchor.h"
#include "store/sqlite_records.h"
#include "terminal/terminal.h"
#include "wire.h"

namespace strongroom::test {
namespace {

// Without a witness there is no world: the process ends as if it had been killed.
class Line {
public:
    // The answer's bytes stay valid until the next call.
    Reader ask(const Writer& question) {
        say(question);
        Reader answer = hear();
        STRONGROOM_ASSERT(answer.take<Message>() == Message::answer);
        return answer;
    }
    void say(const Writer& message) {
        const auto bytes = message.bytes();
        const ssize_t sent = send(victim_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent != static_cast<ssize_t>(bytes.size())) _exit(1);
    }
    Reader hear() {
        buffer_.resize(message_max);
        const ssize_t size = recv(victim_socket, buffer_.data(), buffer_.size(), 0);
        if (size <= 0) _exit(0);
        return Reader(std::span(buffer_).first(static_cast<std::size_t>(size)));
    }

private:
    std::vector<std::byte> buffer_;
};

class RemoteClock final : public hal::Clock {
public:
    explicit RemoteClock(Line& line) : line_(line) {}
    [[nodiscard]] Instant now() const override {
        return line_.ask(Writer(Message::now)).take<Instant>();
    }
    [[nodiscard]] WallTime wall() const override {
        return line_.ask(Writer(Message::wall)).take<WallTime>();
    }

private:
    Line& line_;
};

class RemoteEntropy final : public hal::Entropy {
public:
    explicit RemoteEntropy(Line& line) : line_(line) {}
    [[nodiscard]] Result<void> fill(std::span<std::byte> bytes) override {
        const auto size = static_cast<std::uint64_t>(bytes.size());
        Reader answer = line_.ask(Writer(Message::entropy).put(size));
        const auto random = answer.take_bytes();
        std::copy(random.begin(), random.end(), bytes.begin());
        return {};
    }

private:
    Line& line_;
};

class RemoteFace final : public hal::FaceObserver {
public:
    explicit RemoteFace(Line& line)
        : line_(line), model_(line.ask(Writer(Message::face_model)).take<FaceModelId>()) {}
    [[nodiscard]] Result<void> start(std::span<const hal::FaceTemplate> templates) override {
        Writer question(Message::face_start);
        question.put(static_cast<std::uint64_t>(templates.size()));
        for (const hal::FaceTemplate& face : templates) {
            question.put(face.model).put_bytes(std::as_bytes(std::span(face.features)));
        }
        return line_.ask(question).take_outcome();
    }
    void stop() override { line_.ask(Writer(Message::face_stop)); }
    [[nodiscard]] Result<std::optional<FaceObservation>> poll() override {
        Reader answer = line_.ask(Writer(Message::face_poll));
        if (auto outcome = answer.take_outcome(); !outcome) {
            return tl::unexpected(outcome.error());
        }
        if (!answer.take<bool>()) return std::nullopt;
        return answer.take<FaceObservation>();
    }
    [[nodiscard]] Instant next_poll() const override {
        return line_.ask(Writer(Message::face_next)).take<Instant>();
    }
    [[nodiscard]] FaceModelId model() const override { return model_; }

private:
    Line& line_;
    FaceModelId model_;
};

class RemoteStrike final : public hal::Strike {
public:
    explicit RemoteStrike(Line& line) : line_(line) {}
    [[nodiscard]] Result<void> pulse(Duration hold) override {
        return line_.ask(Writer(Message::strike_pulse).put(hold)).take_outcome();
    }
    [[nodiscard]] Result<void> lock() override {
        return line_.ask(Writer(Message::strike_lock)).take_outcome();
    }
    [[nodiscard]] Result<hal::BoltState> sense() override {
        Reader answer = line_.ask(Writer(Message::strike_sense));
        if (auto outcome = answer.take_outcome(); !outcome) {
            return tl::unexpected(outcome.error());
        }
        return answer.take<hal::BoltState>();
    }
    [[nodiscard]] Duration max_hold() const override {
        return line_.ask(Writer(Message::strike_max_hold)).take<Duration>();
    }

private:
    Line& line_;
};

Result<bool> ask_contact(Line& line, Message which) {
    Reader answer = line.ask(Writer(which));
    if (auto outcome = answer.take_outcome(); !outcome) return tl::unexpected(outcome.error());
    return answer.take<bool>();
}

class RemoteContacts final : public hal::KeySwitch,
                             public hal::DoorContact,
                             public hal::TamperLoop,
                             public hal::ExitButton {
public:
    explicit RemoteContacts(Line& line) : line_(line) {}
    [[nodiscard]] Result<bool> turned() override { return ask_contact(line_, Message::key_turned); }
    [[nodiscard]] Result<bool> open() override { return ask_contact(line_, Message::door_open); }
    [[nodiscard]] Result<bool> intact() override {
        return ask_contact(line_, Message::tamper_intact);
    }
    [[nodiscard]] Result<bool> pressed() override {
        return ask_contact(line_, Message::exit_pressed);
    }

private:
    Line& line_;
};

class RemotePanel final : public hal::Keypad, public hal::Display, public hal::Siren {
public:
    explicit RemotePanel(Line& line) : line_(line) {}
    [[nodiscard]] Result<std::optional<hal::KeypadEntry>> poll() override {
        Reader answer = line_.ask(Writer(Message::keypad_poll));
        if (auto outcome = answer.take_outcome(); !outcome) {
            return tl::unexpected(outcome.error());
        }
        if (!answer.take<bool>()) return std::nullopt;
        hal::KeypadEntry entry;
        entry.kind = answer.take<hal::KeypadEntry::Kind>();
        entry.customer = answer.take<CustomerId>();
        entry.locker = answer.take<LockerId>();
        entry.digits = CodeDigits(answer.take_text());
        return entry;
    }
    [[nodiscard]] Result<void> show(const Prompt& prompt) override {
        return line_.ask(Writer(Message::display_show).put(prompt)).take_outcome();
    }
    [[nodiscard]] Result<void> raise(Alarm alarm) override {
        return line_.ask(Writer(Message::siren_raise).put(alarm)).take_outcome();
    }
    [[nodiscard]] Result<void> clear(Alarm alarm) override {
        return line_.ask(Writer(Message::siren_clear).put(alarm)).take_outcome();
    }

private:
    Line& line_;
};

class RemoteSms final : public hal::SmsGateway {
public:
    explicit RemoteSms(Line& line) : line_(line) {}
    [[nodiscard]] Result<void> submit(const hal::SmsMessage& message) override {
        return line_
            .ask(Writer(Message::sms_submit)
                     .put(message.id)
                     .put_text(message.to.reveal_text())
                     .put_text(message.text.reveal_text()))
            .take_outcome();
    }
    [[nodiscard]] Result<std::optional<hal::SmsDelivery>> poll_delivery() override {
        Reader answer = line_.ask(Writer(Message::sms_poll));
        if (auto outcome = answer.take_outcome(); !outcome) {
            return tl::unexpected(outcome.error());
        }
        if (!answer.take<bool>()) return std::nullopt;
        return answer.take<hal::SmsDelivery>();
    }

private:
    Line& line_;
};

// The store, telling the witness when a commit begins and ends, and nothing else.
class ToldRecords final : public store::Records {
public:
    ToldRecords(Line& line, store::Records& inner) : line_(line), inner_(inner) {}
    [[nodiscard]] Result<store::CustomerRecord> load(store::Moment moment, CustomerId customer,
                                                     LockerId locker) override {
        return inner_.load(moment, customer, locker);
    }
    [[nodiscard]] Result<auth::CustomerCounts> commit(
        store::Moment moment, const auth::Record& record,
        std::span<const auth::AuditEntry> earlier) override {
        const auto what = static_cast<Commit>(record.body.index());
        line_.ask(Writer(Message::commit_begins).put(what));
        auto counts = inner_.commit(moment, record, earlier);
        line_.ask(Writer(Message::commit_ended).put(what).put(counts.has_value()));
        return counts;
    }
    [[nodiscard]] Result<void> note(store::Moment moment,
                                    std::span<const auth::AuditEntry> entries) override {
        return inner_.note(moment, entries);
    }
    [[nodiscard]] Result<void> keep_time(store::Moment moment) override {
        return inner_.keep_time(moment);
    }

private:
    Line& line_;
    store::Records& inner_;
};

int run(const std::filesystem::path& directory) {
    Line line;
    RemoteClock clock(line);
    RemoteEntropy entropy(line);
    const Key256 master = the_master_key();
    store::AeadSealer sealer(master);
    store::KeyedChain chain(master);
    store::FileAnchor anchor(directory / "anchor" / "mark", master);
    const auth::Policy policy = auth::locker({the_distance_max, 0.001, 0.002});
    line.ask(Writer(Message::opening));
    auto opened = store::SqliteRecords::open({(directory / "store.db").string(),
                                              {},
                                              master,
                                              sealer,
                                              chain,
                                              anchor,
                                              entropy,
                                              policy.lockout,
                                              policy.code.sends,
                                              TerminalId{the_terminal},
                                              {clock.now(), clock.wall()},
                                              store::SqliteRecords::Role::owner});
    if (!opened) {
        (void)std::fprintf(stderr, "kill_victim: %s\n", opened.error().message.c_str());
        return 1;
    }
    line.ask(Writer(Message::opened));
    ToldRecords records(line, **opened);
    RemoteFace face(line);
    RemoteStrike strike(line);
    RemoteContacts contacts(line);
    RemotePanel panel(line);
    RemoteSms sms(line);
    terminal::Terminal terminal({.terminal = TerminalId{the_terminal},
                                 .locker = LockerId{the_locker},
                                 .policy = policy,
                                 .rules = {},
                                 .code_key = master.derive("codes")},
                                hal::Devices{clock, entropy, face, strike, contacts, contacts,
                                             contacts, contacts, panel, panel, panel, sms},
                                records, nullptr);
    line.say(Writer(Message::stepped).put(Instant{}));
    while (true) {
        STRONGROOM_ASSERT(line.hear().take<Message>() == Message::step);
        line.say(Writer(Message::stepped).put(terminal.step()));
    }
}

}  // namespace
}  // namespace strongroom::test

int main(int argc, char** argv) {
    if (argc != 2) {
        (void)std::fputs("kill_victim is run by the kill test\n", stderr);
        return 2;
    }
    return strongroom::test::run(argv[1]);
}
