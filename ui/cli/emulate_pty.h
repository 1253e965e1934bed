// A pseudo-terminal that stands where a serial port would: one end for an emulator, the other under
// a name of its own for whatever opens it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>

namespace strongroom::cli {

// What cannot be set up: the text says what, where and what to do.
class EmulatorError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One thread. The name is a symbolic link to /dev/pts/N; it is removed on destruction, unless
// somebody has put something else there.
class PseudoTerminal {
public:
    // Raw, 8N1, at `baud` until a client sets something else. A dead link at `name` is replaced;
    // anything else there is left alone and refused. Throws EmulatorError.
    PseudoTerminal(const std::filesystem::path& name, unsigned baud);
    ~PseudoTerminal();
    PseudoTerminal(const PseudoTerminal&) = delete;
    PseudoTerminal& operator=(const PseudoTerminal&) = delete;

    [[nodiscard]] const std::string& device() const { return device_; }
    // For poll(2): readable when the client has written.
    [[nodiscard]] int descriptor() const { return near_; }
    // What has come, at most `buffer`; 0 when nothing has. Never blocks.
    [[nodiscard]] std::size_t read(std::span<std::byte> buffer);
    // How many were taken; what does not fit is the caller's. Never blocks.
    [[nodiscard]] std::size_t write(std::span<const std::byte> bytes);
    // Bits a second, as the client has set them; 0 for a speed that has no name.
    [[nodiscard]] unsigned baud() const;

private:
    void open_ends(unsigned baud);
    void make_link();

    std::filesystem::path name_;
    std::string device_;
    int near_ = -1;
    int far_ = -1;  // held open, so that settings outlive a client
};

}  // namespace strongroom::cli
