#include "pi/text_display.h"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace strongroom::pi {
namespace {

[[nodiscard]] std::string remedy_for(int number) {
    switch (number) {
        case ENOENT:
        case ENODEV:
        case ENXIO: return "is the display connected, and its name right?";
        case EACCES:
        case EPERM:
            return "add the user to the group tty (a console) or dialout (a serial display)";
        default: return "look at what the kernel says of it (dmesg)";
    }
}

// Lines of at most `width` characters, broken between words.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view words, std::size_t width) {
    std::vector<std::string> lines(1);
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        const std::string_view word = words.substr(0, end);
        if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) {
            lines.emplace_back();
        }
        if (!lines.back().empty()) lines.back() += ' ';
        lines.back() += word;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return lines;
}

[[nodiscard]] std::string screen_of(std::string_view words, int descriptor) {
    winsize size{};
    const bool told = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 8;
    const std::size_t width = told ? size.ws_col : 80;
    const std::size_t height = told && size.ws_row > 0 ? size.ws_row : 24;
    const auto lines = lines_of(words, width);
    // Clear, no cursor, then each line where it belongs.
    std::string text = "\033[2J\033[?25l";
    std::size_t row = lines.size() < height ? (height - lines.size()) / 2 + 1 : 1;
    for (const std::string& line : lines) {
        const std::size_t column = line.size() < width ? (width - line.size()) / 2 + 1 : 1;
        text += "\033[" + std::to_string(row) + ";" + std::to_string(column) + "H" + line;
        ++row;
    }
    return text;
}

}  // namespace

TextDisplay::TextDisplay(std::filesystem::path device) : device_(std::move(device)) {
    if (const int number = open(); number != 0) {
        throw DisplayError(device_.string() + ": " + std::generic_category().message(number) +
                           ": " + remedy_for(number));
    }
}

TextDisplay::~TextDisplay() { close(); }

int TextDisplay::open() {
    // A device that is gone must not be replaced by a file of its name.
    const bool device = device_.string().starts_with("/dev/");
    const int create = device ? 0 : O_CREAT;
    descriptor_ =
        ::open(device_.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | create, 0644);
    if (descriptor_ < 0) return errno;
    terminal_ = ::isatty(descriptor_) == 1;
    return 0;
}

void TextDisplay::close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
}

Result<void> TextDisplay::show(const Prompt& prompt) {
    if (descriptor_ < 0) {
        if (const int number = open(); number != 0) return fail(Errc::disconnected, number);
    }
    const std::string words = prompt_words(prompt);
    const std::string text = terminal_ ? screen_of(words, descriptor_) : words + "\n";
    ssize_t written = -1;
    if (terminal_) {
        written = ::write(descriptor_, text.data(), text.size());
    } else if (::ftruncate(descriptor_, 0) == 0) {
        written = ::pwrite(descriptor_, text.data(), text.size(), 0);
    }
    if (written == static_cast<ssize_t>(text.size())) return {};
    // A part of a screen is none: the next show() begins with clearing it.
    if (written >= 0 || errno == EAGAIN) return fail(Errc::busy);
    const int number = errno;
    close();
    return fail(Errc::disconnected, number);
}

}  // namespace strongroom::pi
