#include "emulate_sms.h"

#include <array>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>

#include <poll.h>
#include <unistd.h>

#include "emulate_pty.h"
#include "typed_lines.h"

namespace strongroom::cli {
namespace {

using sms_provider::Behaviour;

std::string behaviour_names() {
    std::string all;
    for (int i = 0; i < sms_provider::behaviours; ++i) {
        if (i > 0) all += ", ";
        all += sms_provider::to_string(static_cast<Behaviour>(i));
    }
    return all;
}

// 1 and more; anything else is none.
std::optional<int> count_in(const std::string& text) {
    int value = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stopped != end || value < 1) return std::nullopt;
    return value;
}

void behave(sms_provider::Server& server, const std::string& name, const std::string& count) {
    const auto behaviour = sms_provider::behaviour_named(name);
    if (!behaviour) {
        throw EmulatorError("behaviour " + name + ": there is none of that name; known are " +
                            behaviour_names());
    }
    const auto times = count_in(count);
    if (!count.empty() && !times) {
        throw EmulatorError("behaviour " + name + ": " + count + " is no count of requests");
    }
    server.behave(*behaviour, times.value_or(-1));
}

}  // namespace

SmsEmulation::SmsEmulation(const SmsOptions& options, std::ostream& out) : out_(out) {
    if (options.tls == options.authority.empty()) {
        throw EmulatorError(
            "--tls and --authority FILE belong together: clients must be given the authority's "
            "certificate");
    }
    if (options.tls) {
        std::ofstream file(options.authority);
        file << authority_.certificate() << std::flush;
        if (!file.good()) {
            throw EmulatorError("--authority " + options.authority.string() +
                                ": it cannot be written; check the directory");
        }
    }
    sms_provider::ServerSetup setup;
    setup.port = options.port;
    if (options.tls) setup.identity = authority_.issue(options.host);
    setup.deliver_after =
        std::chrono::milliseconds(static_cast<std::int64_t>(options.deliver_after * 1000.0));
    try {
        server_ = std::make_unique<sms_provider::Server>(std::move(setup));
    } catch (const std::runtime_error& error) {
        throw EmulatorError(std::string("--port: ") + error.what());
    }
    const std::size_t colon = options.behave.find(':');
    behave(*server_, options.behave.substr(0, colon),
           colon == std::string::npos ? std::string() : options.behave.substr(colon + 1));
    out_ << "Twilio and Fast2SMS at " << server_->base_url(options.tls ? options.host : "127.0.0.1")
         << ", Twilio account " << sms_provider::Accounts().twilio_sid
         << ". `help` says what to type.\n"
         << std::flush;
}

void SmsEmulation::step() {
    const auto taken = server_->taken();
    for (; shown_ < taken.size(); ++shown_) {
        const sms_provider::Taken& message = taken[shown_];
        out_ << "message " << shown_ + 1 << " by " << message.provider << " to " << message.to
             << ": " << message.text << "\n"
             << std::flush;
    }
}

void SmsEmulation::forge(std::istream& words) {
    std::string number;
    std::string state;
    words >> number >> state;
    const auto index = count_in(number);
    if (!index || static_cast<std::size_t>(*index) > server_->taken().size() || state.empty()) {
        out_ << "say: forge NUMBER STATE, with the number of a message that was taken\n";
        return;
    }
    const bool believed = server_->post_forged(static_cast<std::size_t>(*index - 1), state);
    out_ << (believed ? "the forged report was taken" : "the forged report was refused") << "\n";
}

bool SmsEmulation::obey(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb.empty()) return true;
    if (verb == "quit" || verb == "exit") return false;
    if (verb == "behave") {
        std::string name;
        std::string count;
        words >> name >> count;
        try {
            behave(*server_, name, count);
            out_ << "behaves " << name << "\n";
        } catch (const EmulatorError& error) {
            out_ << error.what() << "\n";
        }
    } else if (verb == "forge") {
        forge(words);
    } else if (verb == "status") {
        out_ << server_->requests() << " requests, " << server_->taken().size()
             << " messages taken, " << server_->delivered() << " delivered, "
             << server_->reports_taken() << " reports taken, " << server_->reports_refused()
             << " refused\n";
    } else {
        if (verb != "help") out_ << verb << ": there is no such command\n";
        out_ << "behave NAME [COUNT]   for the next COUNT requests, or all: " << behaviour_names()
             << "\nforge NUMBER STATE    post a report on that message that nobody has signed\n"
                "status, help, quit\n";
    }
    out_ << std::flush;
    return true;
}

// ---- command -------------------------------------------------------------------------------

namespace {

volatile std::sig_atomic_t stopped = 0;

int run(const SmsOptions& options) {
    SmsEmulation emulation(options, std::cout);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        std::signal(signal, [](int) { stopped = 1; });
    }
    constexpr int tick_ms = 100;  // a signal that comes just before a wait is seen after it
    TypedLines typed;
    while (stopped == 0) {
        pollfd waited{typed.descriptor(), POLLIN, 0};
        (void)::poll(&waited, 1, tick_ms);
        if (!typed.take([&](const std::string& line) { return emulation.obey(line); })) return 0;
        emulation.step();
    }
    return 0;
}

}  // namespace

void add_emulate_sms(CLI::App& group, int& exit_code) {
    auto options = std::make_shared<SmsOptions>();
    CLI::App* sub = group.add_subcommand("sms", "Twilio and Fast2SMS on the loopback address");
    sub->add_option("--port", options->port, "Where to listen on 127.0.0.1 (default: any)")
        ->check(CLI::Range(0, 65535));
    sub->add_flag("--tls", options->tls, "By TLS, with a certificate made for this run");
    sub->add_option("--authority", options->authority,
                    "Where to write the certificate that clients must trust; with --tls")
        ->type_name("FILE");
    sub->add_option("--host", options->host,
                    "Whom the certificate is for (default: localhost); another name plays an "
                    "impostor")
        ->type_name("NAME");
    sub->add_option("--behave", options->behave,
                    "From the start: NAME or NAME:COUNT (default: honest); " + behaviour_names())
        ->type_name("NAME");
    sub->add_option("--deliver-after", options->deliver_after,
                    "Seconds from taking a message to its delivery (default: 2)")
        ->check(CLI::Range(0.0, 3600.0));
    sub->footer(
        "It answers as the providers' documents say, and prints every message: it is the phone.\n"
        "No message leaves this machine. Twilio's token is `emulated-token`, Fast2SMS's key\n"
        "`emulated-key`. Type `behave throttled 2`, `forge 1 delivered`,\n"
        "`status`, `quit`; Ctrl-C ends it too.\n"
        "Examples:\n"
        "  strongroom emulate sms --port 8025\n"
        "  strongroom emulate sms --port 8443 --tls --authority authority.pem\n"
        "  strongroom emulate sms --port 8025 --behave refused-in-200:1\n"
        "Exit status: 0 it was ended, 2 invalid input.");
    sub->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace strongroom::cli
