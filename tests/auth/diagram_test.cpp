#include "diagram.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "catch.h"

using namespace strongroom::auth;
using namespace strongroom::auth::testing;

namespace {

const std::string begin_marker = "<!-- generated from core/auth/table.cpp: begin -->\n";
const std::string end_marker = "<!-- generated from core/auth/table.cpp: end -->\n";

}  // namespace

TEST_CASE("session: the document shows the table as it is") {
    const char* root = std::getenv("STRONGROOM_SOURCE_DIR");
    if (root == nullptr) {
        std::cout << "SKIPPED: STRONGROOM_SOURCE_DIR names no source tree\n";
        return;
    }
    const std::string path = std::string(root) + "/docs/session.md";
    std::stringstream buffer;
    buffer << std::ifstream(path).rdbuf();
    const std::string document = buffer.str();
    const std::size_t begin = document.find(begin_marker);
    const std::size_t end = document.find(end_marker);
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    const std::string expected =
        document.substr(0, begin + begin_marker.size()) + generated_part() + document.substr(end);
    if (std::getenv("STRONGROOM_UPDATE") != nullptr) std::ofstream(path) << expected;
    INFO(
        "docs/session.md is not what the table generates; renew it with: STRONGROOM_UPDATE=1 "
        "STRONGROOM_SOURCE_DIR=. build/test_auth \"session: the document shows*\"");
    CHECK((document == expected || std::getenv("STRONGROOM_UPDATE") != nullptr));
}

TEST_CASE("session: the keyless diagram knows no key") {
    const Policy policy = locker_keyless({0.5, 0.0001, 0.001});
    CHECK(mermaid(policy).find(" key") == std::string::npos);
    CHECK(mermaid(locker({0.5, 0.0001, 0.001})).find("key --> presence: key turned") !=
          std::string::npos);
}
