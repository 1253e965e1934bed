// strongroom-guard: holds the strike's line for the controller, and lets go of it in time.
#include <csignal>
#include <cstdlib>
#include <iostream>

#include <CLI/CLI.hpp>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "pi/board_profile.h"
#include "pi/gpio_line.h"
#include "pi/guard.h"
#include "pi/guarded_output.h"

namespace {

using namespace std::chrono_literals;
namespace pi = strongroom::pi;

struct Options {
    std::string socket = "/run/strongroom/guard.sock";
    std::string chip;
    std::string line;
    bool active_low = false;
    int max_hold_ms = 6000;
    std::string client;
    std::string watchdog;
    int watchdog_timeout_s = 15;
    bool lock_only = false;
};

[[nodiscard]] pi::GpioLineConfig line_of(const Options& options) {
    pi::GpioLineConfig line;
    line.chip = options.chip;
    line.active_low = options.active_low;
    const bool number = !options.line.empty() && options.line.size() <= 4 &&
                        options.line.find_first_not_of("0123456789") == std::string::npos;
    if (number) {
        line.offset = static_cast<unsigned>(std::stoul(options.line));
    } else {
        line.name = options.line;
    }
    return line;
}

[[nodiscard]] uid_t user_named(const std::string& name) {
    const passwd* user = ::getpwnam(name.c_str());
    if (user == nullptr) {
        throw pi::GuardError("--client " + name + ": there is no such user on this system");
    }
    return user->pw_uid;
}

[[nodiscard]] int signals_that_stop() {
    sigset_t stop;
    sigemptyset(&stop);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&stop, number);
    if (::sigprocmask(SIG_BLOCK, &stop, nullptr) != 0) throw pi::GuardError("no signal mask");
    const int descriptor = ::signalfd(-1, &stop, SFD_CLOEXEC);
    if (descriptor < 0) throw pi::GuardError("no signalfd");
    return descriptor;
}

[[nodiscard]] int guard(const Options& options) {
    // First of all, and whatever the rest says: the line inactive.
    pi::GuardedOutput relay(line_of(options));
    if (options.lock_only) return EXIT_SUCCESS;
    if (const pi::BoardProfile* board = pi::board_with_chip(options.chip)) {
        const auto why = pi::active_at_reset(*board, line_of(options));
        if (why) std::cerr << "strongroom-guard: WARNING: " << *why << std::endl;
    }
    if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) throw pi::GuardError("no signal handling");
    pi::GuardConfig config;
    config.socket = options.socket;
    config.max_hold = std::chrono::milliseconds(options.max_hold_ms);
    if (!options.client.empty()) config.client = user_named(options.client);
    config.watchdog = options.watchdog;
    config.watchdog_timeout = std::chrono::seconds(options.watchdog_timeout_s);
    const int stop = signals_that_stop();
    // A page fault must not delay a lock. Without the right to it the guard works all the same.
    static_cast<void>(::mlockall(MCL_CURRENT));
    pi::Guard guard(config, relay);
    return guard.run(stop) == pi::Guard::End::asked ? EXIT_SUCCESS : EXIT_FAILURE;
}

void describe(CLI::App& app, Options& options) {
    app.set_version_flag("--version", std::string("strongroom-guard ") + STRONGROOM_VERSION);
    app.add_option("--line", options.line,
                   "the line that energises the strike: an offset on --chip, or its own name")
        ->required();
    app.add_option("--chip", options.chip,
                   "the chip's label (pinctrl-rp1 on a Pi 5, pinctrl-bcm2711 on a Pi 4), name or "
                   "device; needed with an offset");
    app.add_flag("--active-low", options.active_low, "the strike is energised by a low level");
    app.add_option("--max-hold-ms", options.max_hold_ms, "no pulse is longer")
        ->check(CLI::Range(100, 30000))
        ->capture_default_str();
    app.add_option("--socket", options.socket, "where the controller asks")->capture_default_str();
    app.add_option("--client", options.client,
                   "a user whose processes may ask, besides root and the guard's own user");
    app.add_option("--watchdog", options.watchdog,
                   "feed this hardware watchdog (/dev/watchdog) as long as the line obeys");
    app.add_option("--watchdog-timeout-s", options.watchdog_timeout_s,
                   "the board is reset after that time without food")
        ->check(CLI::Range(2, 600))
        ->capture_default_str();
    app.add_flag("--lock", options.lock_only,
                 "drive the line inactive and end (systemd: ExecStopPost=)");
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Holds the line of the electric strike. The controller asks for pulses over a local "
        "socket; "
        "the guard ends each one itself, at the latest after --max-hold-ms, and at once when the "
        "controller dies. Stopped by SIGTERM, locked.");
    Options options;
    describe(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? EXIT_SUCCESS : 2;
    }
    try {
        return guard(options);
    } catch (const std::exception& problem) {
        std::cerr << "strongroom-guard: " << problem.what() << '\n';
        return EXIT_FAILURE;
    }
}
