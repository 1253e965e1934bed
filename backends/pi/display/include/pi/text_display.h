// Prompts as words, on a terminal (a console, a serial display) or in a file.
//
// Runner thread only; never blocks.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "hal/keypad.h"

namespace strongroom::pi {

// What a person reads, in English: one sentence or two. Says nothing that a prompt does not.
[[nodiscard]] std::string prompt_words(const Prompt& prompt);

// Names the device, what is wrong, and what to do.
class DisplayError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class TextDisplay final : public hal::Display {
public:
    // A terminal ("/dev/tty1", "/dev/ttyUSB0") is cleared and shows the words in its middle; a file
    // holds the words and nothing else (made if it is not there). Throws DisplayError.
    explicit TextDisplay(std::filesystem::path device);
    TextDisplay(const TextDisplay&) = delete;
    TextDisplay& operator=(const TextDisplay&) = delete;
    ~TextDisplay() override;

    // A display that was unplugged is looked for again at each call. `busy`: it takes no more at
    // the moment (a serial one that is slow, a console that was stopped).
    [[nodiscard]] Result<void> show(const Prompt& prompt) override;

private:
    [[nodiscard]] int open();  // 0 or an errno
    void close();

    std::filesystem::path device_;
    int descriptor_ = -1;
    bool terminal_ = false;
};

}  // namespace strongroom::pi
