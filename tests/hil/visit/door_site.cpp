#include "door_site.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <linux/input-event-codes.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pack.h"
#include "vision/model_pack.h"

namespace strongroom::test {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

enum Line : unsigned { relay, monitor, key, door, tamper, siren };

std::string made_folder() {
    const char* place = std::getenv("TMPDIR");
    std::string name = std::string(place != nullptr ? place : "/tmp") + "/strongroom-visit-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder");
    return name;
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file) << text;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

fs::path beside(const char* program) {
    return fs::read_symlink("/proc/self/exe").parent_path() / program;
}

std::string read_all(int descriptor) {
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(descriptor, part.data(), part.size())) > 0;) {
        text.append(part.data(), static_cast<std::size_t>(got));
        // Said at once: what a machine this slow is busy with is worth knowing.
        std::cout << std::string_view(part.data(), static_cast<std::size_t>(got)) << std::flush;
    }
    return text;
}

std::int64_t status_kib(pid_t process, const std::string& field) {
    std::ifstream in("/proc/" + std::to_string(process) + "/status");
    for (std::string word; in >> word;) {
        std::int64_t value = 0;
        if (word == field + ":" && in >> value) return value;
    }
    return 0;
}

int status_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status); }

}  // namespace

std::string DoorSite::absent() {
    for (const std::string& why :
         {GpioSim::absent(), VirtualKeypad::absent(), CameraFeed::absent()}) {
        if (!why.empty()) return why;
    }
    return {};
}

Instant DoorSite::now() { return Instant(std::chrono::steady_clock::now().time_since_epoch()); }

DoorSite::DoorSite(const fs::path& material)
    : folder_(made_folder()),
      lines_({"RELAY", "MONITOR", "KEY", "DOOR", "TAMPER", "SIREN"}),
      camera_(material) {
    // Contacts to ground: the bolt is secured, the door shut, the enclosure whole, no key turned.
    for (const unsigned line : {monitor, door, tamper}) lines_.pull(line, false);
    lines_.pull(key, true);
    guard_ = std::make_unique<GuardProcess>(
        pi::GpioLineConfig{lines_.label(), relay, {}, false, pi::Bias::as_is}, 6s);

    sms_provider::ServerSetup provider;
    provider.identity = authority_.issue("localhost");
    provider_ = std::make_unique<sms_provider::Server>(provider);

    screen_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    std::array<char, 128> name{};
    if (screen_ < 0 || ::grantpt(screen_) != 0 || ::unlockpt(screen_) != 0 ||
        ::ptsname_r(screen_, name.data(), name.size()) != 0) {
        throw std::runtime_error("no pseudo-terminal");
    }
    screen_slave_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);

    manager_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (folder_ / "notify").string();
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(manager_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error("no socket for what the door reports");
    }
    configure(material);
    bolt_ = std::thread([this] { follow_bolt(); });
}

DoorSite::~DoorSite() {
    if (door_ > 0) kill();
    stop_ = true;
    bolt_.join();
    guard_.reset();
    for (const int descriptor : {screen_, screen_slave_, manager_}) ::close(descriptor);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void DoorSite::configure(const fs::path& material) {
    fs::create_directories(folder_ / "secrets");
    fs::permissions(folder_ / "secrets", fs::perms::owner_all);
    write(folder_ / "secrets" / "twilio-token", "emulated-token\n");
    write(folder_ / "authority.pem", authority_.certificate());
    const vision::PackPlaces places{material, {}};
    const std::string pin = vision::find_pack(places, visit_pack).sha256;
    std::array<char, 128> screen{};
    static_cast<void>(::ptsname_r(screen_, screen.data(), screen.size()));
    // No bias is asked for: this chip would take it for what the world does to the line.
    const auto line = [&](unsigned offset, bool active_low) {
        return "{chip: " + lines_.label() + ", offset: " + std::to_string(offset) +
               (active_low ? ", active_low: true}" : "}");
    };
    std::ostringstream text;
    text << "terminal: 1\nlocker: 101\npolicy:\n  name: locker\n"
         // Three pictures a second are all that this processor manages.
         << "  set:\n    challenge.gesture_window: 8s\n    face.window: 60s\n    presence.window: "
            "30s\n    code.sends.interval_min: 10s\n"
         << "store:\n  database: " << (folder_ / "store" / "strongroom.db").string()
         << "\n  anchor: " << (folder_ / "anchor" / "strongroom.anchor").string()
         << "\n  key: {credential: master-key}\n"
         << "face:\n  kind: pack\n  pack: " << visit_pack << "\n  models: " << material.string()
         << "\n  manifest_sha256: \"" << pin << "\"\n"
         << "camera:\n  kind: v4l2\n  device: " << camera_.device() << "\n  width: " << film_width
         << "\n  height: " << film_height
         << "\n  pin: {driver: vivid, bus: \"platform:vivid-000\"}\n"
         << "strike:\n  kind: guard\n  socket: " << guard_->socket()
         << "\n  monitor: " << line(monitor, true) << "\n"
         << "key_switch: {kind: gpio, line: " << line(key, true) << "}\n"
         << "door_contact: {kind: gpio, line: " << line(door, true) << "}\n"
         << "tamper_loop: {kind: gpio, line: " << line(tamper, true) << "}\n"
         << "exit_button: {kind: absent}\n"
         << "siren: {kind: gpio, line: " << line(siren, false) << "}\n"
         << "keypad: {kind: evdev, device: " << keypad_.device() << "}\n"
         << "display: {kind: text, device: " << screen.data() << "}\n"
         << "sms:\n  providers:\n    - kind: twilio\n"
         << "      account: AC00000000000000000000000000000000\n      from: \"+15550100100\"\n"
         << "      token: {credential: twilio-token}\n      base_url: " << provider_->base_url()
         << "\n      authority: " << (folder_ / "authority.pem").string() << "\n";
    std::ofstream(folder_ / "strongroom.yaml") << text.str();
}

// The bolt: it moves when the relay does, and its monitor contact shows it. The same look at the
// relay's line is the witness.
void DoorSite::follow_bolt() {
    bool before = lines_.high(relay);
    while (!stop_) {
        const bool high = lines_.high(relay);
        if (high != before) {
            {
                const std::lock_guard lock(mutex_);
                edges_.push_back({now(), high});
            }
            lines_.pull(monitor, high);  // active (low) while secured
            before = high;
        }
        std::this_thread::sleep_for(1ms);
    }
}

pid_t DoorSite::start(const std::vector<std::string>& words, int input, int output) {
    std::vector<std::string> all{beside("strongroom-door").string()};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--config", (folder_ / "strongroom.yaml").string()});
    std::vector<char*> raw;
    for (std::string& word : all) raw.push_back(word.data());
    raw.push_back(nullptr);
    const std::string notify = (folder_ / "notify").string();
    const pid_t process = ::fork();
    if (process < 0) throw std::runtime_error("no process");
    if (process == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::setenv("NOTIFY_SOCKET", notify.c_str(), 1);
        if (input >= 0) ::dup2(input, STDIN_FILENO);
        if (output >= 0) {
            ::dup2(output, STDOUT_FILENO);
            ::dup2(output, STDERR_FILENO);
        }
        ::execv(raw[0], raw.data());
        ::_exit(127);
    }
    return process;
}

DoorSite::Answer DoorSite::run(const std::vector<std::string>& words, const std::string& typed) {
    write(folder_ / "typed", typed);
    const int input = ::open((folder_ / "typed").c_str(), O_RDONLY | O_CLOEXEC);
    std::array<int, 2> ends{};
    if (input < 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const pid_t process = start(words, input, ends[1]);
    ::close(ends[1]);
    Answer answer;
    answer.text = read_all(ends[0]);
    int status = 0;
    ::waitpid(process, &status, 0);
    answer.status = status_of(status);
    ::close(ends[0]);
    ::close(input);
    return answer;
}

DoorSite::Started DoorSite::serve() {
    while (::poll(std::array{pollfd{manager_, POLLIN, 0}}.data(), 1, 0) > 0) {
        std::array<char, 512> old{};  // what an earlier one said
        static_cast<void>(::recv(manager_, old.data(), old.size(), 0));
    }
    const Instant begun = now();
    door_ = start({"serve"}, -1, -1);
    while (now() - begun < 120s) {
        int status = 0;
        if (::waitpid(door_, &status, WNOHANG) == door_) {
            door_ = -1;
            throw std::runtime_error("strongroom-door serve ended with " +
                                     std::to_string(status_of(status)));
        }
        pollfd said{manager_, POLLIN, 0};
        if (::poll(&said, 1, 50) <= 0) continue;
        std::array<char, 512> text{};
        const ssize_t got = ::recv(manager_, text.data(), text.size() - 1, 0);
        if (got > 0 && std::string(text.data()).find("READY=1") != std::string::npos) {
            return {now() - begun, resident_kib()};
        }
    }
    throw std::runtime_error("strongroom-door is not ready after two minutes");
}

std::int64_t DoorSite::resident_kib() const { return status_kib(door_, "VmRSS"); }
std::int64_t DoorSite::peak_kib() const { return status_kib(door_, "VmHWM"); }

int DoorSite::wait_for_end() {
    int status = 0;
    ::waitpid(door_, &status, 0);
    door_ = -1;
    return status_of(status);
}

int DoorSite::stop() {
    ::kill(door_, SIGTERM);
    return wait_for_end();
}

int DoorSite::kill() {
    ::kill(door_, SIGKILL);
    return wait_for_end();
}

void DoorSite::type(const std::string& keys) {
    for (const char symbol : keys) {
        std::uint16_t code = 0;
        switch (symbol) {
            case '*': code = KEY_KPASTERISK; break;
            case '\n': code = KEY_KPENTER; break;
            case '-': code = KEY_KPMINUS; break;
            case '0': code = KEY_0; break;
            default: code = static_cast<std::uint16_t>(KEY_1 + (symbol - '1')); break;
        }
        keypad_.type({code});
        std::this_thread::sleep_for(50ms);
    }
}

void DoorSite::turn_key(bool turned) { lines_.pull(key, !turned); }
void DoorSite::open_door(bool open) { lines_.pull(door, open); }

std::string DoorSite::screen() {
    std::array<char, 1024> part{};
    for (ssize_t got = 0; (got = ::read(screen_, part.data(), part.size())) > 0;) {
        shown_.append(part.data(), static_cast<std::size_t>(got));
    }
    const std::size_t cleared = shown_.rfind("\033[2J");
    if (cleared != std::string::npos) shown_.erase(0, cleared);
    // Places on the screen are blanks between words.
    std::string words;
    for (std::size_t i = 0; i < shown_.size(); ++i) {
        if (shown_[i] != '\033') {
            words += shown_[i];
            continue;
        }
        while (i < shown_.size() && (std::isalpha(static_cast<unsigned char>(shown_[i])) == 0)) ++i;
        if (!words.empty() && words.back() != ' ') words += ' ';
    }
    return words;
}

std::string DoorSite::code_after(std::size_t messages) const {
    const auto taken = provider_->taken();
    if (taken.size() <= messages) return {};
    // The longest run of digits is the code.
    std::string best;
    std::string run;
    for (const char symbol : taken.back().text + " ") {
        if (symbol >= '0' && symbol <= '9') {
            run += symbol;
        } else {
            if (run.size() > best.size()) best = run;
            run.clear();
        }
    }
    return best;
}

pi::GpioLineConfig DoorSite::bolt_contact() const {
    return {lines_.label(), monitor, {}, true, pi::Bias::as_is};
}

bool DoorSite::released() const { return lines_.high(relay); }

std::vector<Edge> DoorSite::edges() const {
    const std::lock_guard lock(mutex_);
    return edges_;
}

}  // namespace strongroom::test
