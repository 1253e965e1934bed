// `strongroom emulate r307`: the simulated fingerprint sensor on a pseudo-terminal, in real time.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "emulate_pty.h"
#include "fingerprint/r307.h"
#include "fingerprint/serial_link.h"

namespace strongroom::cli {

struct R307Options {
    std::filesystem::path pty;
    std::uint64_t seed = 1;
    std::filesystem::path store;       // empty: the flash is forgotten at the end
    std::vector<std::string> fingers;  // NAME=PAGE: enrolled at the start
    std::vector<std::string> faults;   // NAME or NAME:COUNT
    std::string password;              // eight hexadecimal digits; empty: the factory's
    unsigned capacity = 1000;
    bool quiet = false;  // say nothing of each command
};

// The sensor and its line. One thread; nothing blocks but wait().
class R307Emulation {
public:
    // Throws EmulatorError for options that make no sense, a name that is taken, a store that is
    // damaged or cannot be written. `out` outlives it and is told of every command.
    R307Emulation(const R307Options& options, std::ostream& out);
    ~R307Emulation();

    // Carries bytes both ways as time has passed, and keeps the store. Throws EmulatorError when
    // the store cannot be written.
    void step();
    // Until there is something to do, at most `limit`; `input` is watched as well (-1: nothing is).
    // True when `input` can be read.
    bool wait(std::chrono::milliseconds limit, int input = -1);
    // What is typed: place NAME [MATERIAL], lift, fault NAME [COUNT], heal, power, status, help,
    // quit. Says what it did; false for quit.
    bool obey(const std::string& line);

    [[nodiscard]] const std::string& device() const { return terminal_.device(); }
    [[nodiscard]] fingerprint::R307& sensor() { return sensor_; }

private:
    [[nodiscard]] Instant now() const;
    [[nodiscard]] std::uint64_t person(const std::string& name) const;
    void load_store();
    void keep_store();
    void enrol_at_start();
    void place(std::istream& words);
    void add_fault(const std::string& name, const std::string& count);

    R307Options options_;
    std::ostream& out_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    fingerprint::R307 sensor_;
    PseudoTerminal terminal_;
    fingerprint::SerialLine line_;
    std::deque<std::byte> unsent_;
    std::uint64_t layings_ = 0;
    std::uint64_t kept_ = 0;  // flash writes that the store holds
};

// Adds the command to the group `emulate`; `exit_code` is 0 when it has run. Ctrl-C and SIGTERM end
// it like quit.
void add_emulate_r307(CLI::App& group, int& exit_code);

}  // namespace strongroom::cli
