#include "panel/attachment.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "pi/text_display.h"

namespace strongroom::panel {

namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr std::size_t line_max = 4U << 20;  // bytes: a terminal's lines are far shorter

template <class Enum, std::size_t count>
Enum named(const Json& name, const char* what) {
    for (std::size_t i = 0; i < count; ++i) {
        if (to_string(static_cast<Enum>(i)) == name.get<std::string>()) {
            return static_cast<Enum>(i);
        }
    }
    throw std::runtime_error("it speaks of a " + std::string(what) +
                             " that this panel does not "
                             "know ('" +
                             name.get<std::string>() +
                             "'): both have to be of one "
                             "version");
}

Instant instant(const Json& value) {
    return value.is_null() ? never : Instant(Duration(value.get<std::int64_t>()));
}

// What the socket says of the session is enough for the steps.
std::vector<FactorStep> steps_from(const Json& line, Instant now) {
    using Status = FactorStep::Status;
    const Json& session = line.at("session");
    const auto state = session.at("state").get<std::string>();
    const bool idle = state == "idle";
    const auto stage = session.at("stage").get<std::size_t>();
    const bool releasing = state == "granting" || state == "released";
    std::vector<FactorStep> steps;
    std::size_t number = 0;
    for (const Json& factor : line.at("factors")) {
        auto name = factor.get<std::string>();
        Status status = Status::waiting;
        if (!idle && number < stage) status = Status::done;
        if (!idle && number == stage) status = Status::now;
        const bool gestures = name == "face" && line.at("challenge").get<bool>();
        const bool challenging = gestures && status == Status::now && state == "challenge";
        if (name == "fingerprint") name = "finger";
        steps.push_back({name, challenging ? Status::done : status, {}, {}});
        if (gestures) {
            const Status of_gestures =
                status == Status::now && !challenging ? Status::waiting : status;
            steps.push_back({"gestures", of_gestures, {}, {}});
        }
        ++number;
    }
    if (line.at("presence").get<bool>()) {
        steps.push_back({"same face",
                         state == "presence" ? Status::now
                         : releasing         ? Status::done
                                             : Status::waiting,
                         {},
                         {}});
    }
    steps.push_back({"open", releasing ? Status::now : Status::waiting, {}, {}});
    const Instant deadline = instant(session.at("stage_deadline"));
    for (FactorStep& step : steps) {
        if (step.status == Status::now && deadline != never) {
            step.remaining = std::max(Duration{}, deadline - now);
        }
    }
    return steps;
}

}  // namespace

Attachment::Attachment(std::filesystem::path socket, std::function<void()> published)
    : socket_(std::move(socket)), published_(std::move(published)) {
    thread_ = std::thread([this] { work(); });
}

Attachment::~Attachment() {
    ends_ = true;
    thread_.join();
}

std::shared_ptr<const Snapshot> Attachment::latest() const {
    const std::lock_guard guard(mutex_);
    return latest_;
}

std::string Attachment::failure() const {
    const std::lock_guard guard(mutex_);
    return failure_;
}

void Attachment::post(Order order) { refuse(describe(order)); }
void Attachment::post(TimeOrder) { refuse("time is the terminal's own"); }

void Attachment::refuse(const std::string& what) {
    {
        const std::lock_guard guard(mutex_);
        if (!latest_) return;
        auto next = std::make_shared<Snapshot>(*latest_);
        next->complaint =
            "This panel is attached to a terminal and only looks. Not done: " + what + ".";
        latest_ = std::move(next);
    }
    if (published_) published_();
}

void Attachment::lost(const std::string& why) {
    {
        const std::lock_guard guard(mutex_);
        failure_ = why;
        if (latest_ && latest_->terminal.running) {
            auto next = std::make_shared<Snapshot>(*latest_);
            next->serial = ++serial_;
            next->terminal.running = false;
            next->time.running = false;
            latest_ = std::move(next);
        }
    }
    if (published_) published_();
}

int Attachment::connect_to() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = socket_.string();
    if (path.size() >= sizeof(address.sun_path)) return -1;
    std::memcpy(address.sun_path, path.data(), path.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        return descriptor;
    }
    ::close(descriptor);
    return -1;
}

void Attachment::work() {
    while (!ends_) {
        const int descriptor = connect_to();
        if (descriptor < 0) {
            lost("no terminal serves " + socket_.string() +
                 ": start one with a status socket there, or look at its rights; it is looked for "
                 "again every second");
        } else {
            listen(descriptor);
            ::close(descriptor);
        }
        for (int i = 0; i < 10 && !ends_; ++i) std::this_thread::sleep_for(milliseconds(100));
    }
}

void Attachment::listen(int descriptor) {
    events_.clear();
    last_event_ = 0;
    alarms_.clear();
    std::string heard;
    std::array<char, 16384> piece{};
    while (!ends_) {
        pollfd waited{descriptor, POLLIN, 0};
        if (::poll(&waited, 1, 100) <= 0) continue;
        const ssize_t read = ::recv(descriptor, piece.data(), piece.size(), 0);
        if (read <= 0) {
            lost("the terminal has gone; it is looked for again every second");
            return;
        }
        heard.append(piece.data(), static_cast<std::size_t>(read));
        for (auto end = heard.find('\n'); end != std::string::npos; end = heard.find('\n')) {
            try {
                hear(std::string_view(heard).substr(0, end));
            } catch (const std::exception& problem) {
                lost("what the terminal says cannot be understood: " + std::string(problem.what()));
                return;
            }
            heard.erase(0, end + 1);
        }
        if (heard.size() > line_max) {
            lost("what the terminal says has no end: this is no terminal of ours");
            return;
        }
    }
}

namespace {

void read_terminal(const Json& line, Instant now, TerminalSnapshot& terminal) {
    terminal.running = true;
    terminal.policy = line.at("policy").get<std::string>();
    terminal.out_of_service = line.at("out_of_service").get<bool>();
    const Json& session = line.at("session");
    terminal.session.state = named<auth::State, auth::states>(session.at("state"), "state");
    terminal.session.stage = session.at("stage").get<std::size_t>();
    terminal.session.customer = CustomerId{session.at("customer").get<std::uint64_t>()};
    terminal.session.locker = LockerId{session.at("locker").get<std::uint64_t>()};
    terminal.steps = steps_from(line, now);
    if (const Instant deadline = instant(session.at("session_deadline"));
        deadline != never && terminal.session.state != auth::State::idle) {
        terminal.visit_remaining = std::max(Duration{}, deadline - now);
    }
    if (const Json& prompt = line.at("prompt"); !prompt.is_null()) {
        terminal.prompt.message = named<Prompt::Message, prompt_messages>(prompt.at(0), "prompt");
        terminal.prompt.seconds = prompt.at(1).get<std::int32_t>();
        terminal.prompt.attempts = prompt.at(2).get<std::int32_t>();
        terminal.prompt_words = pi::prompt_words(terminal.prompt);
    }
}

void read_door(const Json& line, DoorSnapshot& door) {
    door.locker = LockerId{line.at("locker").get<std::uint64_t>()};
    door.door_open = line.at("door_open").get<bool>();
    door.bolt_withdrawn = door.strike_released = line.at("bolt_released").get<bool>();
    for (const Json& name : line.at("alarms")) {
        door.sounding.push_back(named<Alarm, all_alarms.size()>(name, "alarm"));
    }
}

}  // namespace

// What sounds now, beside what sounded before.
void Attachment::follow_alarms(const std::vector<Alarm>& sounding, Instant now) {
    for (AlarmRow& row : alarms_) {
        const bool sounds =
            std::find(sounding.begin(), sounding.end(), row.alarm) != sounding.end();
        if (!sounds && !row.cleared) row.cleared = now;
    }
    for (const Alarm alarm : sounding) {
        const bool known = std::any_of(alarms_.begin(), alarms_.end(), [&](const AlarmRow& row) {
            return row.alarm == alarm && !row.cleared;
        });
        if (!known) alarms_.push_back({alarm, now, std::nullopt, false});
    }
}

void Attachment::hear(std::string_view text) {
    const Json line = Json::parse(text);
    if (line.at("format") != 1) throw std::runtime_error("its format is of another version");
    auto next = std::make_shared<Snapshot>();
    next->attached = true;
    next->serial = ++serial_;
    next->time.now = next->time.recorded = instant(line.at("now"));
    next->time.wall = WallTime(Duration(line.at("wall").get<std::int64_t>()));
    next->time.running = true;
    next->time.achieved = 1;
    next->time.scenario = "terminal " + std::to_string(line.at("terminal").get<std::uint64_t>());
    next->time.arm = "attached, read-only";
    next->camera.trouble = "A terminal that serves shows its pictures to nobody.";
    read_terminal(line, next->time.now, next->terminal);
    next->door.site = next->time.scenario;
    read_door(line, next->door);
    follow_alarms(next->door.sounding, next->time.now);
    next->alarms.assign(alarms_.rbegin(), alarms_.rend());
    for (const Json& event : line.at("events")) {
        const auto number = event.at(0).get<std::uint64_t>();
        if (number <= last_event_) continue;
        last_event_ = number;
        EventRow row;
        row.at = instant(event.at(1));
        row.source = EventRow::Source::terminal;
        row.words = event.at(2).get<std::string>();
        events_.append(std::move(row));
    }
    next->events = events_.publish();
    next->lockers = std::make_shared<const std::vector<LockerRow>>();
    next->customers = std::make_shared<const std::vector<CustomerRow>>();
    next->faults = std::make_shared<const std::vector<FaultRow>>();
    {
        const std::lock_guard guard(mutex_);
        latest_ = std::move(next);
        failure_.clear();
    }
    if (published_) published_();
}

}  // namespace strongroom::panel
