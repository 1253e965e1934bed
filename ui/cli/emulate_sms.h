// `strongroom emulate sms`: Twilio and Fast2SMS on the loopback address, in real time.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "sms_provider/server.h"

namespace strongroom::cli {

struct SmsOptions {
    int port = 0;
    bool tls = false;
    std::string host = "localhost";   // whom the certificate is for
    std::filesystem::path authority;  // where the certificate of the authority is written
    std::string behave = "honest";    // NAME or NAME:COUNT
    double deliver_after = 2.0;       // seconds
};

// The emulated providers and what is said about them. One thread.
class SmsEmulation {
public:
    // Throws EmulatorError for options that make no sense, a port that is taken, a file that
    // cannot be written. `out` outlives it.
    SmsEmulation(const SmsOptions& options, std::ostream& out);

    // Says which messages have been taken since the last time: it is the phone.
    void step();
    // What is typed: behave NAME [COUNT], forge NUMBER STATE, status, help, quit. False for quit.
    bool obey(const std::string& line);

    [[nodiscard]] const sms_provider::Server& server() const { return *server_; }

private:
    void forge(std::istream& words);

    std::ostream& out_;
    sms_provider::Authority authority_;
    std::unique_ptr<sms_provider::Server> server_;
    std::size_t shown_ = 0;
};

// Adds the command to the group `emulate`; `exit_code` is 0 when it has run. Ctrl-C and SIGTERM end
// it like quit.
void add_emulate_sms(CLI::App& group, int& exit_code);

}  // namespace strongroom::cli
