#include "emulate_r307.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <system_error>

#include <poll.h>
#include <unistd.h>

#include "base/rng.h"
#include "typed_lines.h"

namespace strongroom::cli {

namespace fs = std::filesystem;
using fingerprint::Material;
using fingerprint::R307;
using fingerprint::R307Fault;

namespace {

// More than that has not been read by anybody for a while: a wire keeps nothing.
constexpr std::size_t unsent_limit = 65536;

template <class Values>
std::string names_of(const Values& values) {
    std::string text;
    for (const auto value : values) {
        text += (text.empty() ? "" : ", ") + std::string(to_string(value));
    }
    return text;
}

std::optional<std::uint32_t> number_in(const std::string& text, int base, std::size_t digits) {
    if (text.empty() || text.size() > digits ||
        !std::all_of(text.begin(), text.end(), [&](unsigned char c) {
            return base == 16 ? std::isxdigit(c) != 0 : std::isdigit(c) != 0;
        })) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(std::stoul(text, nullptr, base));
}

fingerprint::R307Settings settings_of(const R307Options& options) {
    fingerprint::R307Settings settings;
    settings.capacity = static_cast<std::uint16_t>(options.capacity);
    if (!options.password.empty()) {
        const auto password = number_in(options.password, 16, 8);
        if (!password || options.password.size() != 8) {
            throw EmulatorError("--password " + options.password +
                                ": a password is eight hexadecimal digits, as 12ab34cd");
        }
        settings.password = *password;
    }
    return settings;
}

// The manual's names.
std::string_view instruction_name(std::uint8_t instruction) {
    constexpr std::array<std::string_view, 32> names{"data",        "GenImg",     "Img2Tz",
                                                     "Match",       "Search",     "RegModel",
                                                     "Store",       "LoadChar",   "UpChar",
                                                     "DownChar",    "UpImage",    "DownImage",
                                                     "DeletChar",   "Empty",      "SetSysPara",
                                                     "ReadSysPara", "10",         "11",
                                                     "SetPwd",      "VfyPwd",     "GetRandomCode",
                                                     "SetAdder",    "16",         "17",
                                                     "18",          "19",         "1A",
                                                     "FastSearch",  "1C",         "TempleteNum",
                                                     "1E",          "ReadConList"};
    return instruction < names.size() ? names[instruction] : "unknown";
}

}  // namespace

R307Emulation::R307Emulation(const R307Options& options, std::ostream& out)
    : options_(options),
      out_(out),
      sensor_(settings_of(options), options.seed),
      terminal_(options.pty, sensor_.baud()) {
    load_store();
    enrol_at_start();
    for (const std::string& fault : options.faults) {
        const auto colon = fault.find(':');
        add_fault(fault.substr(0, colon),
                  colon == std::string::npos ? std::string() : fault.substr(colon + 1));
    }
    keep_store();
    if (options.quiet) return;
    sensor_.on_exchange([this](const R307::Exchange& exchange) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        out_ << instruction_name(exchange.instruction) << " -> "
             << digits[exchange.confirmation >> 4U] << digits[exchange.confirmation & 15U];
        if (exchange.page) out_ << ", page " << *exchange.page;
        if (exchange.score > 0) out_ << ", score " << exchange.score;
        out_ << "\n" << std::flush;
    });
}

R307Emulation::~R307Emulation() = default;

Instant R307Emulation::now() const {
    return Instant(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start_));
}

// A name is a person: the same one with the same seed.
std::uint64_t R307Emulation::person(const std::string& name) const {
    return Rng(options_.seed).fork(name).next();
}

// ---- store ---------------------------------------------------------------------------------

void R307Emulation::load_store() {
    std::error_code error;
    if (options_.store.empty() || !fs::exists(options_.store, error)) return;
    std::ifstream file(options_.store, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    const std::string text = content.str();
    const std::span<const char> chars(text);
    if (!file.is_open() || file.bad()) {
        throw EmulatorError("--store " + options_.store.string() + ": it cannot be read");
    }
    if (!sensor_.restore_flash(std::as_bytes(chars))) {
        throw EmulatorError("--store " + options_.store.string() +
                            ": this is no flash of an emulated R307 with a capacity of " +
                            std::to_string(options_.capacity) +
                            "; name another file, or the --capacity that it was made with");
    }
    kept_ = sensor_.flash_writes();
}

void R307Emulation::keep_store() {
    std::error_code error;
    const bool there = !options_.store.empty() && fs::exists(options_.store, error);
    if (options_.store.empty() || (there && kept_ == sensor_.flash_writes())) return;
    const std::vector<std::byte> image = sensor_.flash_image();
    const fs::path beside = options_.store.string() + ".new";
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    for (const std::byte byte : image) file.put(static_cast<char>(byte));
    file.close();
    if (file.good()) fs::rename(beside, options_.store, error);
    if (!file.good() || error) {
        throw EmulatorError("--store " + options_.store.string() +
                            ": it cannot be written; check the directory and the room on the disk");
    }
    kept_ = sensor_.flash_writes();
}

void R307Emulation::enrol_at_start() {
    for (const std::string& finger : options_.fingers) {
        const auto equals = finger.find('=');
        const std::string name = finger.substr(0, equals);
        const auto page = equals == std::string::npos ? std::nullopt
                                                      : number_in(finger.substr(equals + 1), 10, 4);
        if (name.empty() || !page || *page >= options_.capacity) {
            throw EmulatorError("--fingers " + finger + ": say NAME=PAGE, with a page from 0 to " +
                                std::to_string(options_.capacity - 1));
        }
        if (!sensor_.enrol(static_cast<std::uint16_t>(*page), person(name))) {
            throw EmulatorError("--fingers " + finger + ": that finger is too poor to be enrolled");
        }
    }
}

// ---- wire ----------------------------------------------------------------------------------

void R307Emulation::step() {
    std::array<std::byte, 512> buffer{};
    while (const std::size_t count = terminal_.read(buffer)) {
        // A speed without a name is none that the sensor has; any wrong one will do.
        const unsigned baud = terminal_.baud();
        line_.push(now(), std::span(buffer).first(count), baud == 0 ? 110 : baud);
    }
    line_.deliver(now(), sensor_);
    const unsigned client = terminal_.baud();
    while (const auto sent = sensor_.take_output(now())) {
        unsent_.push_back(sent->baud == client ? sent->byte : ~sent->byte >> 1U);
        if (unsent_.size() > unsent_limit) unsent_.pop_front();
    }
    while (!unsent_.empty()) {
        const std::size_t count = std::min(unsent_.size(), buffer.size());
        std::copy_n(unsent_.begin(), count, buffer.begin());
        const std::size_t taken = terminal_.write(std::span(buffer).first(count));
        unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(taken));
        if (taken < count) break;
    }
    if (kept_ != sensor_.flash_writes()) keep_store();
}

bool R307Emulation::wait(std::chrono::milliseconds limit, int input) {
    const Instant next = std::min(line_.next(), sensor_.next_output());
    Duration span = limit;
    if (next != never) span = std::clamp(next - now(), Duration{}, span);
    std::array<pollfd, 2> watched{pollfd{terminal_.descriptor(), POLLIN, 0},
                                  pollfd{input, POLLIN, 0}};
    const timespec time{static_cast<std::time_t>(span.count() / 1'000'000'000),
                        static_cast<long>(span.count() % 1'000'000'000)};
    const int ready = ::ppoll(watched.data(), watched.size(), &time, nullptr);
    return ready > 0 && (watched[1].revents & (POLLIN | POLLHUP)) != 0;
}

// ---- what is typed -------------------------------------------------------------------------

void R307Emulation::place(std::istream& words) {
    std::string name;
    std::string what = "skin";
    words >> name >> what;
    const auto material = fingerprint::material_named(what);
    if (name.empty() || !material) {
        out_ << "say: place NAME [MATERIAL], with one of " << names_of(fingerprint::materials)
             << "\n";
        return;
    }
    sensor_.place(fingerprint::laid_down(person(name), ++layings_, *material));
    out_ << (*material == Material::skin ? "a finger of " : "a cast of ") << name
         << " lies on the window\n";
}

void R307Emulation::add_fault(const std::string& name, const std::string& count) {
    const auto fault = fingerprint::r307_fault_named(name);
    if (!fault) {
        throw EmulatorError("fault " + name + ": there is none of that name; known are " +
                            names_of(fingerprint::r307_faults));
    }
    const bool lasts = *fault == R307Fault::stuck_finger || *fault == R307Fault::dead;
    unsigned answers = lasts || count == "forever" ? R307::forever : 1;
    if (!count.empty() && count != "forever") {
        const auto number = number_in(count, 10, 6);
        if (!number || *number == 0) {
            throw EmulatorError("fault " + name + ": " + count +
                                " is no count; say 1 to 999999, or forever");
        }
        answers = *number;
    }
    sensor_.inject(*fault, answers);
}

bool R307Emulation::obey(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb.empty()) return true;
    if (verb == "quit" || verb == "exit") return false;
    if (verb == "place") {
        place(words);
    } else if (verb == "lift") {
        sensor_.lift();
        out_ << "the window is bare\n";
    } else if (verb == "fault") {
        std::string name;
        std::string count;
        words >> name >> count;
        try {
            add_fault(name, count);
            out_ << "fault " << name << " is set\n";
        } catch (const EmulatorError& error) {
            out_ << error.what() << "\n";
        }
    } else if (verb == "heal") {
        sensor_.heal();
        out_ << "no faults\n";
    } else if (verb == "power") {
        sensor_.brown_out(now());
        out_ << "the supply dipped: buffers and verification are lost\n";
    } else if (verb == "status") {
        out_ << sensor_.library().size() << " templates, " << sensor_.baud() << " baud, "
             << (sensor_.password() == 0 ? "factory password" : "password set") << ", "
             << sensor_.commands() << " commands, "
             << (sensor_.finger() ? "a finger on the window" : "no finger") << "\n";
    } else {
        if (verb != "help") out_ << verb << ": there is no such command\n";
        out_ << "place NAME [MATERIAL]   lay down a finger, or a cast of it: "
             << names_of(fingerprint::materials)
             << "\nlift                    take it away\n"
                "fault NAME [COUNT]      for the next answers (or `forever`): "
             << names_of(fingerprint::r307_faults)
             << "\nheal                    no faults any more\n"
                "power                   a brown-out\n"
                "status, help, quit\n";
    }
    out_ << std::flush;
    return true;
}

// ---- command -------------------------------------------------------------------------------

namespace {

volatile std::sig_atomic_t stopped = 0;

int run(const R307Options& options) {
    R307Emulation emulation(options, std::cout);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        std::signal(signal, [](int) { stopped = 1; });
    }
    std::cout << "R307 at " << options.pty.string() << " (" << emulation.device() << "), "
              << emulation.sensor().baud() << " baud, " << emulation.sensor().library().size()
              << " of " << options.capacity << " templates. `help` says what to type.\n"
              << std::flush;
    TypedLines typed;
    // Short waits: a signal that comes just before one is seen after it.
    while (stopped == 0) {
        (void)emulation.wait(std::chrono::milliseconds(100), typed.descriptor());
        if (!typed.take([&](const std::string& line) { return emulation.obey(line); })) return 0;
        emulation.step();
    }
    return 0;
}

}  // namespace

void add_emulate_r307(CLI::App& group, int& exit_code) {
    auto options = std::make_shared<R307Options>();
    CLI::App* sub = group.add_subcommand("r307", "An R307 fingerprint sensor on a pseudo-terminal");
    sub->add_option("--pty", options->pty, "Where clients find it: a link to its pseudo-terminal")
        ->required()
        ->type_name("PATH");
    sub->add_option("--seed", options->seed, "Of the people and of the noise (default: 1)");
    sub->add_option("--store", options->store,
                    "Keep the sensor's flash there: templates, password, parameters")
        ->type_name("FILE");
    sub->add_option("--fingers", options->fingers,
                    "Enrolled at the start: NAME=PAGE, several by commas")
        ->delimiter(',')
        ->type_name("NAME=PAGE");
    sub->add_option("--fault", options->faults,
                    "From the start: NAME, NAME:COUNT or NAME:forever, several by commas; " +
                        names_of(fingerprint::r307_faults))
        ->delimiter(',')
        ->type_name("NAME");
    sub->add_option("--password", options->password,
                    "As provisioned, eight hexadecimal digits (default: the factory's, 00000000)")
        ->type_name("HEX");
    sub->add_option("--capacity", options->capacity, "Templates (default: 1000)")
        ->check(CLI::Range(1, 1024));
    sub->add_flag("--quiet", options->quiet, "Do not print each command and its answer");
    sub->footer(
        "It speaks as the vendor's manual says, at the speed that the wire has, and answers any\n"
        "client: open the link like a serial port, 57600 8N1. Fingers are simulated; a NAME is\n"
        "somebody, and the same somebody with the same seed. Type `place alice`, `lift`,\n"
        "`fault drop`, `quit`; Ctrl-C ends it too.\n"
        "Examples:\n"
        "  strongroom emulate r307 --pty /tmp/r307 --fingers alice=1,bob=2\n"
        "  strongroom emulate r307 --pty /tmp/r307 --store flash.bin --fault slow:3\n"
        "Exit status: 0 it was ended, 2 invalid input.");
    sub->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace strongroom::cli
