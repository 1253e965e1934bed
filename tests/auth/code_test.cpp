#include "auth/code.h"

#include <array>
#include <set>
#include <string>
#include <vector>

#include "base/rng.h"
#include "catch.h"

using namespace strongroom;
using namespace strongroom::auth;

namespace {

Key256 random_key(Rng& rng) {
    std::array<std::byte, Key256::size> bytes{};
    rng.fill(bytes);
    return Key256(bytes);
}

}  // namespace

TEST_CASE("code: six to ten digits, nothing else") {
    Rng rng(1);
    for (int digits = 6; digits <= 10; ++digits) {
        for (int i = 0; i < 200; ++i) {
            const CodeDigits code = make_code(random_key(rng), 1, digits);
            CHECK(code.valid());
            CHECK(code.size() == static_cast<std::size_t>(digits));
        }
    }
}

TEST_CASE("code: every digit is equally likely at every place") {
    // Chi-square with 9 degrees of freedom: above 33.7 in one of 10 000 cases. The seed is fixed.
    constexpr int draws = 20'000;
    for (const int digits : {6, 10}) {
        std::vector<std::array<int, 10>> seen(static_cast<std::size_t>(digits));
        Rng rng(20261120);
        for (int i = 0; i < draws; ++i) {
            const CodeDigits code = make_code(random_key(rng), 1, digits);
            for (std::size_t place = 0; place < seen.size(); ++place) {
                ++seen[place].at(static_cast<std::size_t>(code.reveal()[place] - '0'));
            }
        }
        for (const auto& place : seen) {
            double chi_square = 0;
            for (const int count : place) {
                const double expected = draws / 10.0;
                chi_square += (count - expected) * (count - expected) / expected;
            }
            CHECK(chi_square < 33.7);
            CHECK(chi_square > 0.5);  // nor suspiciously even
        }
    }
}

TEST_CASE("code: pairs of neighbouring digits are independent") {
    // 99 degrees of freedom: above 161 in one of 10 000 cases.
    constexpr int draws = 50'000;
    std::array<int, 100> seen{};
    Rng rng(5);
    for (int i = 0; i < draws; ++i) {
        const CodeDigits code = make_code(random_key(rng), 1, 6);
        const int pair = (code.reveal()[2] - '0') * 10 + (code.reveal()[3] - '0');
        ++seen.at(static_cast<std::size_t>(pair));
    }
    double chi_square = 0;
    for (const int count : seen) {
        chi_square += (count - draws / 100.0) * (count - draws / 100.0) / (draws / 100.0);
    }
    CHECK(chi_square < 161);
}

TEST_CASE("code: another seed or another issue gives another code") {
    Rng rng(3);
    const Key256 seed = random_key(rng);
    std::set<std::string> codes;
    for (std::uint32_t issue = 1; issue <= 20; ++issue) {
        codes.emplace(make_code(seed, issue, 10).reveal());
        codes.emplace(make_code(random_key(rng), 1, 10).reveal());
    }
    CHECK(codes.size() == 40);
    CHECK(make_code(seed, 4, 6).reveal() == make_code(seed, 4, 6).reveal());
}

TEST_CASE("code: its hash is bound to session, terminal, customer, locker, issue and key") {
    Rng rng(9);
    const Key256 key = random_key(rng);
    const CodeDigits digits("123456");
    const CodeBinding binding{SessionId{1}, TerminalId{2},        CustomerId{3},
                              LockerId{4},  Purpose::open_locker, 1};
    std::set<Digest> hashes{hash_code(key, binding, digits)};
    std::vector<CodeBinding> others(6, binding);
    others[0].session = SessionId{2};
    others[1].terminal = TerminalId{1};
    others[2].customer = CustomerId{4};
    others[3].locker = LockerId{3};
    others[4].issue = 2;
    others[5].purpose = static_cast<Purpose>(1);  // a purpose that may come
    for (const CodeBinding& other : others) hashes.insert(hash_code(key, other, digits));
    hashes.insert(hash_code(random_key(rng), binding, digits));
    hashes.insert(hash_code(key, binding, CodeDigits("123457")));
    hashes.insert(hash_code(key, binding, CodeDigits("0123456")));
    CHECK(hashes.size() == 10);
    CHECK(hashes.contains(hash_code(key, binding, digits)));  // and to nothing else
}
