// Keys into entries, and prompts into words.
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <fcntl.h>
#include <linux/input-event-codes.h>
#include <unistd.h>

#include "catch.h"
#include "pi/evdev_keypad.h"
#include "pi/text_display.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Kind = hal::KeypadEntry::Kind;

// Presses in a row; what the last of them made.
class Person {
public:
    Result<std::optional<hal::KeypadEntry>> types(std::initializer_list<std::uint16_t> keys) {
        Result<std::optional<hal::KeypadEntry>> made;
        for (const std::uint16_t key : keys) {
            now_ += 1s;
            made = assembler_.press(key, now_);
        }
        return made;
    }
    void waits(Duration span) { now_ += span; }

private:
    KeyAssembler assembler_{LockerId{101}};
    Duration now_ = 1h;
};

TEST_CASE("keypad: a number and an asterisk are a claim on this terminal's locker") {
    Person person;
    const auto made = person.types({KEY_KP1, KEY_KP2, KEY_KPASTERISK});
    REQUIRE(made.value());
    CHECK((*made)->kind == Kind::claim);
    CHECK((*made)->customer == CustomerId{12});
    CHECK((*made)->locker == LockerId{101});
    const auto other = person.types({KEY_7, KEY_KPSLASH, KEY_3, KEY_0, KEY_TAB});
    REQUIRE(other.value());
    CHECK((*other)->customer == CustomerId{7});
    CHECK((*other)->locker == LockerId{30});
}

TEST_CASE("keypad: digits and Enter are a code, its leading zeros with it") {
    Person person;
    const auto made = person.types({KEY_KP0, KEY_0, KEY_9, KEY_KP5, KEY_KPENTER});
    REQUIRE(made.value());
    CHECK((*made)->kind == Kind::code);
    CHECK((*made)->digits.reveal() == "0095");
    const auto corrected = person.types({KEY_1, KEY_2, KEY_BACKSPACE, KEY_3, KEY_ENTER});
    CHECK((*corrected)->digits.reveal() == "13");
}

TEST_CASE("keypad: cancelling and asking again drop what was begun") {
    Person person;
    CHECK((*person.types({KEY_1, KEY_2, KEY_ESC}))->kind == Kind::cancel);
    CHECK((*person.types({KEY_4, KEY_5, KEY_KPPLUS}))->kind == Kind::resend);
    CHECK((*person.types({KEY_6, KEY_ENTER}))->digits.reveal() == "6");
}

TEST_CASE("keypad: what cannot be an entry is dropped as corrupt") {
    Person person;
    CHECK(person.types({KEY_ENTER}).error().code == Errc::corrupt);
    CHECK(person.types({KEY_KPASTERISK}).error().code == Errc::corrupt);
    CHECK(person.types({KEY_0, KEY_KPASTERISK}).error().code == Errc::corrupt);
    CHECK(person.types({KEY_KPSLASH}).error().code == Errc::corrupt);
    CHECK(person.types({KEY_1, KEY_KPSLASH, KEY_KPASTERISK}).error().code == Errc::corrupt);
    CHECK(person.types({KEY_1, KEY_KPSLASH, KEY_2, KEY_ENTER}).error().code == Errc::corrupt);
    for (int i = 0; i < 17; ++i) CHECK_FALSE(person.types({KEY_9}).value());
    CHECK(person.types({KEY_ENTER}).error().code == Errc::corrupt);
    CHECK((*person.types({KEY_2, KEY_ENTER}))->digits.reveal() == "2");
    CHECK_FALSE(person.types({KEY_Q, KEY_LEFTSHIFT, KEY_F1}).value());
}

TEST_CASE("keypad: nobody completes what somebody else began half a minute before") {
    Person person;
    CHECK_FALSE(person.types({KEY_1, KEY_2, KEY_3}).value());
    person.waits(31s);
    CHECK((*person.types({KEY_4, KEY_ENTER}))->digits.reveal() == "4");
}

TEST_CASE("keypad: a device that is not there, or has no digits, says what to do") {
    CHECK_THROWS_WITH(EvdevKeypad("/dev/input/by-id/none-event-kbd", LockerId{1}),
                      Contains("plug the keypad in"));
    CHECK_THROWS_WITH(EvdevKeypad("/dev/null", LockerId{1}), Contains("no input device with keys"));
}

TEST_CASE("display: every prompt has words of its own, with what remains") {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < prompt_messages; ++i) {
        const Prompt prompt{static_cast<Prompt::Message>(i), 0, 0};
        INFO(to_string(prompt.message));
        CHECK(seen.insert(prompt_words(prompt)).second);
    }
    CHECK_THAT(prompt_words({Prompt::Message::enter_code, 90, 2}),
               Contains("Time left: 90 seconds. Tries left: 2."));
    CHECK_THAT(prompt_words({Prompt::Message::refused_until, 301, 0}), Contains("in 6 minutes"));
    CHECK_THAT(prompt_words({Prompt::Message::open_door, 1, 0}), Contains("1 second."));
    // The one that must not tell which factor failed.
    CHECK(prompt_words({Prompt::Message::not_recognised, 5, 5}) == "You were not recognised.");
}

TEST_CASE("display: a file holds the last words and nothing else") {
    std::string folder = "/tmp/strongroom-display-XXXXXX";
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    const std::string file = folder + "/screen";
    TextDisplay display(file);
    REQUIRE(display.show({Prompt::Message::enter_code, 90, 2}));
    REQUIRE(display.show({Prompt::Message::nod, 0, 0}));
    std::ifstream in(file);
    std::ostringstream shown;
    shown << in.rdbuf();
    CHECK(shown.str() == "Please nod.\n");
    CHECK_THROWS_WITH(TextDisplay(folder + "/none/screen"), Contains("is the display connected"));
    CHECK_THROWS_WITH(TextDisplay("/dev/strongroom-none"), Contains("is the display connected"));
    ::unlink(file.c_str());
    ::rmdir(folder.c_str());
}

}  // namespace
}  // namespace strongroom::pi
