// Keypad and display of a real terminal: a keypad that the kernel takes for one, and a
// pseudo-terminal.
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <linux/input-event-codes.h>
#include <unistd.h>

#include "pi/evdev_keypad.h"
#include "pi/support/virtual_keypad.h"
#include "pi/text_display.h"
#include "rigs/rigs.h"

namespace strongroom::conformance {
namespace {

using Kind = hal::KeypadEntry::Kind;

// Counts what is fetched.
class CountingKeypad final : public hal::Keypad {
public:
    explicit CountingKeypad(hal::Keypad& keypad) : keypad_(keypad) {}
    Result<std::optional<hal::KeypadEntry>> poll() override {
        auto entry = keypad_.poll();
        if (entry && *entry) ++fetched;
        return entry;
    }
    std::size_t fetched = 0;

private:
    hal::Keypad& keypad_;
};

class PiKeypadRig final : public KeypadRig {
public:
    hal::Keypad& device() override { return counting_; }
    void advance(Duration span) override { std::this_thread::sleep_for(span); }
    KeypadObserved observed() override { return {typed_ - counting_.fetched}; }
    void type(const hal::KeypadEntry& entry) override {
        ++typed_;
        if (fresh_) static_cast<void>(keypad_.poll());  // it opens what was plugged in
        fresh_ = false;
        world_.type(keys_of(entry));
    }
    [[nodiscard]] bool can(Capability c) const override { return c == Capability::unplug; }
    void unplug() override { world_.unplug(); }
    void plug() override {
        world_.plug();
        fresh_ = true;
    }

private:
    static void add_digits(std::vector<std::uint16_t>& keys, std::string_view digits) {
        for (const char digit : digits) {
            keys.push_back(digit == '0' ? KEY_0
                                        : static_cast<std::uint16_t>(KEY_1 + (digit - '1')));
        }
    }
    [[nodiscard]] static std::vector<std::uint16_t> keys_of(const hal::KeypadEntry& entry) {
        std::vector<std::uint16_t> keys;
        switch (entry.kind) {
            case Kind::claim:
                add_digits(keys, std::to_string(entry.customer.value));
                keys.push_back(KEY_KPSLASH);
                add_digits(keys, std::to_string(entry.locker.value));
                keys.push_back(KEY_KPASTERISK);
                break;
            case Kind::code:
                add_digits(keys, entry.digits.reveal());
                keys.push_back(KEY_KPENTER);
                break;
            case Kind::resend: keys.push_back(KEY_KPPLUS); break;
            case Kind::cancel: keys.push_back(KEY_ESC); break;
        }
        return keys;
    }

    test::VirtualKeypad world_;
    pi::EvdevKeypad keypad_{world_.device(), LockerId{1}};
    CountingKeypad counting_{keypad_};
    std::size_t typed_ = 0;
    bool fresh_ = false;
};

// A terminal whose other end is read here. Its name is a link that stays.
class PiDisplayRig final : public DisplayRig {
public:
    hal::Display& device() override { return display_; }
    void advance(Duration span) override { std::this_thread::sleep_for(span); }
    DisplayObserved observed() override {
        std::string bytes(65536, '\0');
        for (;;) {
            const ssize_t got = ::read(screen_.end, bytes.data(), bytes.size());
            if (got <= 0) break;
            shown_.append(bytes, 0, static_cast<std::size_t>(got));
        }
        return {prompt_on(shown_)};
    }
    [[nodiscard]] bool can(Capability c) const override { return c == Capability::unplug; }
    void unplug() override { screen_.unplug(); }
    void plug() override { screen_.plug(); }

private:
    struct Screen {
        Screen() {
            const char* place = std::getenv("TMPDIR");
            folder = std::string(place != nullptr ? place : "/tmp") + "/strongroom-screen-XXXXXX";
            if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder");
            plug();
        }
        Screen(const Screen&) = delete;
        Screen& operator=(const Screen&) = delete;
        ~Screen() {
            unplug();
            std::error_code ignored;
            std::filesystem::remove_all(folder, ignored);
        }
        void plug() {
            end = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
            if (end < 0 || ::grantpt(end) != 0 || ::unlockpt(end) != 0) {
                throw std::runtime_error("no pseudo-terminal");
            }
            std::filesystem::remove(link());
            std::filesystem::create_symlink(::ptsname(end), link());
        }
        void unplug() {
            if (end >= 0) ::close(end);
            end = -1;
            std::filesystem::remove(link());
        }
        [[nodiscard]] std::string link() const { return folder + "/screen"; }
        std::string folder;
        int end = -1;
    };

    // The words since the screen was cleared, without what places them.
    [[nodiscard]] static std::optional<Prompt> prompt_on(const std::string& shown) {
        const std::size_t cleared = shown.rfind("\033[2J");
        if (cleared == std::string::npos) return std::nullopt;
        std::string words;
        for (std::size_t i = cleared + 4; i < shown.size(); ++i) {
            if (shown[i] != '\033') {
                words += shown[i];
                continue;
            }
            const std::size_t end = shown.find_first_of("Hl", i);
            if (end == std::string::npos) return std::nullopt;
            if (!words.empty()) words += ' ';
            i = end;
        }
        for (std::size_t message = 0; message < prompt_messages; ++message) {
            for (const auto& [seconds, attempts] : {std::pair{120, 3}, {5, 0}, {0, 0}}) {
                const Prompt prompt{static_cast<Prompt::Message>(message), seconds, attempts};
                if (pi::prompt_words(prompt) == words) return prompt;
            }
        }
        return std::nullopt;
    }

    Screen screen_;
    pi::TextDisplay display_{screen_.link()};
    std::string shown_;
};

}  // namespace

void add_pi_panel(Registry& registry) {
    registry.keypads.push_back({"pi evdev", [] { return std::make_unique<PiKeypadRig>(); },
                                test::VirtualKeypad::absent()});
    registry.displays.push_back({"pi text", [] { return std::make_unique<PiDisplayRig>(); }, ""});
}

}  // namespace strongroom::conformance
