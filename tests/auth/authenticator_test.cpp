// Authenticator codes against the RFCs' own numbers, and how far from now they are taken.
#include "auth/authenticator.h"

#include <array>
#include <string>

#include "catch.h"

using namespace strongroom;
using namespace strongroom::auth;

namespace {

// The secret of both RFCs: "12345678901234567890".
AuthenticatorSeed of_the_rfc() {
    std::array<std::byte, AuthenticatorSeed::size> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes.at(i) = static_cast<std::byte>('0' + (i + 1) % 10);
    }
    return AuthenticatorSeed(bytes);
}

std::string code_at(TimeStep step, int digits) {
    return std::string(authenticator_code(of_the_rfc(), step, digits).reveal());
}

WallTime seconds_since_1970(std::int64_t seconds) {
    return WallTime(std::chrono::seconds(seconds));
}

constexpr TimeStep now{60'000'000};

}  // namespace

TEST_CASE("authenticator: the codes of RFC 4226, appendix D") {
    const std::array<const char*, 10> codes{"755224", "287082", "359152", "969429", "338314",
                                            "254676", "287922", "162583", "399871", "520489"};
    for (std::size_t i = 0; i < codes.size(); ++i) {
        CHECK(code_at(TimeStep{static_cast<std::int64_t>(i)}, 6) == codes.at(i));
    }
}

TEST_CASE("authenticator: the codes of RFC 6238, appendix B") {
    struct Vector {
        std::int64_t seconds;
        std::int64_t step;
        const char* code;
    };
    const std::array<Vector, 6> vectors{{{59, 0x1, "94287082"},
                                         {1111111109, 0x23523EC, "07081804"},
                                         {1111111111, 0x23523ED, "14050471"},
                                         {1234567890, 0x273EF07, "89005924"},
                                         {2000000000, 0x3F940AA, "69279037"},
                                         {20000000000, 0x27BC86AA, "65353130"}}};
    for (const Vector& vector : vectors) {
        const TimeStep step{vector.step};
        CHECK(vector.seconds / 30 == vector.step);
        // The last one is later than nanoseconds since 1970 can say.
        if (vector.seconds < 9'000'000'000) {
            CHECK(time_step(seconds_since_1970(vector.seconds)) == step);
        }
        CHECK(code_at(step, 8) == vector.code);
        // The last six of the eight.
        CHECK(code_at(step, 6) == std::string(vector.code).substr(2));
    }
}

TEST_CASE("authenticator: a step begins every half minute, before 1970 too") {
    CHECK(time_step(seconds_since_1970(0)).number == 0);
    CHECK(time_step(seconds_since_1970(29)).number == 0);
    CHECK(time_step(seconds_since_1970(30)).number == 1);
    CHECK(time_step(seconds_since_1970(30) - Duration(1)).number == 0);
    CHECK(time_step(seconds_since_1970(-1)).number == -1);
}

TEST_CASE("authenticator: a code is found one step away and no further") {
    for (std::int64_t apart = -3; apart <= 3; ++apart) {
        const TimeStep of{now.number + apart};
        const CodeDigits code = authenticator_code(of_the_rfc(), of, 6);
        const auto found = step_of_code(of_the_rfc(), code, now, 1, 6);
        INFO(apart);
        CHECK(found.has_value() == (apart >= -1 && apart <= 1));
        if (found) CHECK(found->number == of.number);
        CHECK(step_of_code(of_the_rfc(), code, now, 0, 6).has_value() == (apart == 0));
    }
}

TEST_CASE("authenticator: other digits, another length and another seed are of no step") {
    const std::string right = code_at(now, 6);
    std::string wrong = right;
    wrong.back() = wrong.back() == '9' ? '0' : static_cast<char>(wrong.back() + 1);
    CHECK_FALSE(step_of_code(of_the_rfc(), CodeDigits(wrong), now, 1, 6));
    CHECK_FALSE(step_of_code(of_the_rfc(), CodeDigits(right.substr(1)), now, 1, 6));
    CHECK_FALSE(step_of_code(of_the_rfc(), CodeDigits(right + "0"), now, 1, 6));
    CHECK_FALSE(step_of_code(of_the_rfc(), CodeDigits(), now, 1, 6));
    CHECK_FALSE(step_of_code(AuthenticatorSeed(), CodeDigits(right), now, 1, 6));
    CHECK(step_of_code(of_the_rfc(), CodeDigits(right), now, 1, 6) == now);
}

TEST_CASE("authenticator: the seed is shown as phones read it") {
    CHECK(seed_in_base32(of_the_rfc()).reveal_text() == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    CHECK(provisioning_uri(of_the_rfc(), "Bank & Sons", "customer 7", 6).reveal_text() ==
          "otpauth://totp/Bank%20%26%20Sons:customer%207?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
          "&issuer=Bank%20%26%20Sons&algorithm=SHA1&digits=6&period=30");
}
