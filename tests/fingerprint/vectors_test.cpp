// Bytes written out by hand from the vendor's user manual: command, answer, check sums and all.
#include "catch.h"
#include "support.h"

namespace strongroom::fingerprint::test {
namespace {

struct Vector {
    const char* what;
    const char* command;
    const char* answer;
};

TEST_CASE("fingerprint: a fresh sensor answers the manual's packets byte for byte") {
    const Vector vectors[] = {
        {"VfyPwd with the factory's password", "EF 01 FF FF FF FF 01 00 07 13 00 00 00 00 00 1B",
         "EF 01 FF FF FF FF 07 00 03 00 00 0A"},
        // As a real module was seen to answer (R30X-Fingerprint-Sensor-Library, issue 3).
        {"VfyPwd with another", "EF 01 FF FF FF FF 01 00 07 13 FF FF FF FF 04 17",
         "EF 01 FF FF FF FF 07 00 03 13 00 1D"},
        {"GenImg, nobody there", "EF 01 FF FF FF FF 01 00 03 01 00 05",
         "EF 01 FF FF FF FF 07 00 03 02 00 0C"},
        {"Img2Tz without an image", "EF 01 FF FF FF FF 01 00 04 02 01 00 08",
         "EF 01 FF FF FF FF 07 00 03 15 00 1F"},
        {"Match of nothing", "EF 01 FF FF FF FF 01 00 03 03 00 07",
         "EF 01 FF FF FF FF 07 00 05 08 00 00 00 14"},
        {"Search of an empty library", "EF 01 FF FF FF FF 01 00 08 04 01 00 00 03 E8 00 F9",
         "EF 01 FF FF FF FF 07 00 07 09 00 00 00 00 00 17"},
        {"RegModel of nothing", "EF 01 FF FF FF FF 01 00 03 05 00 09",
         "EF 01 FF FF FF FF 07 00 03 0A 00 14"},
        {"Store beyond the library", "EF 01 FF FF FF FF 01 00 06 06 01 03 E8 00 F9",
         "EF 01 FF FF FF FF 07 00 03 0B 00 15"},
        {"Store of nothing", "EF 01 FF FF FF FF 01 00 06 06 01 00 01 00 0F",
         "EF 01 FF FF FF FF 07 00 03 18 00 22"},
        {"LoadChar of an empty page", "EF 01 FF FF FF FF 01 00 06 07 01 00 00 00 0F",
         "EF 01 FF FF FF FF 07 00 03 0C 00 16"},
        {"LoadChar beyond the library", "EF 01 FF FF FF FF 01 00 06 07 01 03 E8 00 FA",
         "EF 01 FF FF FF FF 07 00 03 0B 00 15"},
        {"UpChar of nothing", "EF 01 FF FF FF FF 01 00 04 08 01 00 0E",
         "EF 01 FF FF FF FF 07 00 03 0D 00 17"},
        {"DownChar", "EF 01 FF FF FF FF 01 00 04 09 01 00 0F",
         "EF 01 FF FF FF FF 07 00 03 00 00 0A"},
        {"UpImage without an image", "EF 01 FF FF FF FF 01 00 03 0A 00 0E",
         "EF 01 FF FF FF FF 07 00 03 0F 00 19"},
        {"DownImage", "EF 01 FF FF FF FF 01 00 03 0B 00 0F", "EF 01 FF FF FF FF 07 00 03 00 00 0A"},
        {"DeletChar", "EF 01 FF FF FF FF 01 00 07 0C 00 00 00 01 00 15",
         "EF 01 FF FF FF FF 07 00 03 00 00 0A"},
        {"DeletChar beyond the library", "EF 01 FF FF FF FF 01 00 07 0C 03 E7 00 02 01 00",
         "EF 01 FF FF FF FF 07 00 03 10 00 1A"},
        {"Empty", "EF 01 FF FF FF FF 01 00 03 0D 00 11", "EF 01 FF FF FF FF 07 00 03 00 00 0A"},
        {"SetSysPara of a wrong register", "EF 01 FF FF FF FF 01 00 05 0E 07 01 00 1C",
         "EF 01 FF FF FF FF 07 00 03 1A 00 24"},
        {"SetSysPara of a wrong level", "EF 01 FF FF FF FF 01 00 05 0E 05 06 00 1F",
         "EF 01 FF FF FF FF 07 00 03 1B 00 25"},
        {"ReadSysPara", "EF 01 FF FF FF FF 01 00 03 0F 00 13",
         "EF 01 FF FF FF FF 07 00 13 00 00 00 00 09 03 E8 00 03 FF FF FF FF 00 02 00 06 05 15"},
        {"fast search of an empty library", "EF 01 FF FF FF FF 01 00 08 1B 01 00 00 00 A3 00 C8",
         "EF 01 FF FF FF FF 07 00 07 09 00 00 00 00 00 17"},
        {"TempleteNum", "EF 01 FF FF FF FF 01 00 03 1D 00 21",
         "EF 01 FF FF FF FF 07 00 05 00 00 00 00 0C"},
        {"ReadConList", "EF 01 FF FF FF FF 01 00 04 1F 00 00 24",
         "EF 01 FF FF FF FF 07 00 23 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
         "00 00 00 00 00 00 00 00 00 00 00 00 00 00 2A"},
        {"an instruction that there is not", "EF 01 FF FF FF FF 01 00 03 40 00 44",
         "EF 01 FF FF FF FF 07 00 03 01 00 0B"},
        {"a wrong check sum", "EF 01 FF FF FF FF 01 00 03 01 00 06",
         "EF 01 FF FF FF FF 07 00 03 01 00 0B"},
        {"an argument too many", "EF 01 FF FF FF FF 01 00 04 01 01 00 07",
         "EF 01 FF FF FF FF 07 00 03 01 00 0B"},
    };
    for (const Vector& vector : vectors) {
        R307 sensor;
        Wire wire(sensor);
        INFO(vector.what);
        CHECK(wire.ask(vector.command) == vector.answer);
    }
}

TEST_CASE("fingerprint: a sensor reads on after bytes that are no packet") {
    R307 sensor;
    Wire wire(sensor);
    const std::string ok = "EF 01 FF FF FF FF 07 00 03 00 00 0A";
    CHECK(wire.ask("00 EF EF EF 01 FF FF FF FF 01 00 07 13 00 00 00 00 00 1B") == ok);
    // A length that no packet has.
    CHECK(wire.ask("EF 01 FF FF FF FF 01 FF FF") == "");
    CHECK(wire.ask("EF 01 FF FF FF FF 01 00 07 13 00 00 00 00 00 1B") == ok);
    // A packet that stops in the middle is forgotten.
    CHECK(wire.ask("EF 01 FF FF FF FF 01 00 07 13 00") == "");
    wire.wait(std::chrono::milliseconds(300));
    CHECK(wire.ask("EF 01 FF FF FF FF 01 00 07 13 00 00 00 00 00 1B") == ok);
}

TEST_CASE("fingerprint: a sensor is silent to another address, or says so where it is set to") {
    const std::string_view command = "EF 01 00 00 00 01 01 00 03 1D 00 21";
    R307 silent;
    CHECK(Wire(silent).ask(command) == "");
    R307Settings settings;
    settings.answers_wrong_address = true;
    R307 talking(settings);
    CHECK(Wire(talking).ask(command) == "EF 01 FF FF FF FF 07 00 03 20 00 2A");
}

TEST_CASE("fingerprint: a new address is in the acknowledgement already") {
    R307 sensor;
    Wire wire(sensor);
    CHECK(wire.ask("EF 01 FF FF FF FF 01 00 07 15 00 01 02 03 00 23") ==
          "EF 01 00 01 02 03 07 00 03 00 00 0A");
    CHECK(wire.ask("EF 01 FF FF FF FF 01 00 03 1D 00 21") == "");
    CHECK(wire.ask("EF 01 00 01 02 03 01 00 03 1D 00 21") ==
          "EF 01 00 01 02 03 07 00 05 00 00 00 00 0C");
}

TEST_CASE("fingerprint: where a password is set, nothing else is answered before it") {
    R307 sensor;
    Wire wire(sensor);
    CHECK(wire.ask("EF 01 FF FF FF FF 01 00 07 12 12 34 56 78 01 2E") ==
          "EF 01 FF FF FF FF 07 00 03 00 00 0A");
    CHECK(wire.command("1D") == "00 00 00");  // who has set it has verified it
    sensor.brown_out(wire.now());
    wire.wait(std::chrono::seconds(1));
    for (const char* command : {"01", "0201", "04010000000A", "0D", "0F", "1200000000", "1D"}) {
        INFO(command);
        CHECK(wire.command(command) == "21");
    }
    CHECK(wire.command("1300000000") == "13");
    CHECK(wire.command("1D") == "21");
    CHECK(wire.command("1312345678") == "00");
    CHECK(wire.command("1D") == "00 00 00");
    CHECK(wire.command("1312345679") == "13");
    CHECK(wire.command("1D") == "21");
}

TEST_CASE("fingerprint: the status register tells of the password, the image and the match") {
    R307 sensor;
    Wire wire(sensor);
    const auto status = [&] { return wire.command("0F").substr(3, 5); };
    CHECK(status() == "00 00");
    CHECK(wire.command("1300000000") == "00");
    CHECK(status() == "00 04");
    sensor.place(laid_down(7, 1));
    CHECK(wire.command("01") == "00");
    CHECK(status() == "00 0C");
    CHECK(wire.command("0201") == "00");
    CHECK(wire.command("0202") == "00");
    CHECK(wire.command("03").substr(0, 2) == "00");
    CHECK(status() == "00 0E");
    sensor.brown_out(wire.now());
    wire.wait(std::chrono::seconds(1));
    CHECK(status() == "00 00");
}

TEST_CASE("fingerprint: random numbers are four bytes, and differ") {
    R307 sensor;
    Wire wire(sensor);
    const std::string first = wire.command("14");
    CHECK(first.size() == 14);
    CHECK(first.substr(0, 2) == "00");
    CHECK(wire.command("14") != first);
}

}  // namespace
}  // namespace strongroom::fingerprint::test
