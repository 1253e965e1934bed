// The rules themselves: each flags the samples that it exists for, and leaves good code alone.
#include "rules.h"

#include <string>

#include "catch.h"

using tidy::make_source;

namespace {

// How many findings a rule has on one file of this path and text.
template <class Rule>
std::size_t count(const Rule& rule, const std::string& path, const std::string& text) {
    return rule({make_source(path, text)}).size();
}

std::string repeated(const std::string& line, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += line;
    return text;
}

}  // namespace

TEST_CASE("tidy rules: comments and literals are blanked and nothing else") {
    const std::string code = tidy::blank_comments_and_literals(
        "int a = 1'000; // sleep(1)\n"
        "const char* s = \"rand()\"; /* time(0)\n*/ char c = '\"';\n"
        "auto r = R\"x(getenv(\")x\"; int b;\n"
        "#include \"base/time.h\"\n");
    CHECK(code.find("sleep") == std::string::npos);
    CHECK(code.find("rand") == std::string::npos);
    CHECK(code.find("time(0)") == std::string::npos);
    CHECK(code.find("getenv") == std::string::npos);
    CHECK(code.find("1'000") != std::string::npos);
    CHECK(code.find("int b;") != std::string::npos);
    CHECK(code.find("\"base/time.h\"") != std::string::npos);
    CHECK(tidy::lines_of(code).size() == 5);
}

TEST_CASE("tidy rules: a finding is written as compilers write it") {
    CHECK(tidy::to_string({"core/auth/code.cpp", 12, "too long"}) ==
          "core/auth/code.cpp:12: too long");
    const auto findings =
        tidy::banned_calls({make_source("core/auth/a.cpp", "int x;\n\nint y = rand();\n")});
    REQUIRE(findings.size() == 1);
    CHECK(findings.front().line == 3);
}

TEST_CASE("tidy rules: an include that points up is flagged") {
    const auto flagged = [](const std::string& path, const std::string& header) {
        return count(tidy::floors_point_down, path, "#include \"" + header + "\"\n") == 1;
    };
    CHECK(flagged("core/base/x.cpp", "hal/clock.h"));
    CHECK(flagged("core/hal/include/hal/x.h", "auth/session.h"));
    CHECK(flagged("core/auth/x.cpp", "hal/clock.h"));
    CHECK(flagged("core/auth/x.cpp", "store/store.h"));
    CHECK(flagged("core/auth/x.cpp", "bank/locker.h"));
    CHECK(flagged("core/watch/x.cpp", "auth/session.h"));
    CHECK(flagged("core/bank/x.cpp", "auth/policy.h"));
    CHECK(flagged("core/vision/x.cpp", "auth/policy.h"));
    CHECK(flagged("core/store/x.cpp", "terminal/terminal.h"));
    CHECK(flagged("core/terminal/x.cpp", "sim/world.h"));
    CHECK(flagged("backends/sim/x.cpp", "scenarios/player.h"));
    CHECK(flagged("backends/sim/x.cpp", "pi/gpio.h"));
    CHECK(flagged("backends/pi/x.cpp", "sim/world.h"));
    CHECK(flagged("scenarios/x.cpp", "cli/main.h"));
    CHECK(flagged("core/auth/x.cpp", "../store/private.h"));
    CHECK(flagged("core/auth/x.cpp", "backends/sim/include/sim/world.h"));
}

TEST_CASE("tidy rules: the angle form of an include is no way around the floors") {
    CHECK(count(tidy::floors_point_down, "core/auth/x.cpp", "#  include <sim/world.h>\n") == 1);
}

TEST_CASE("tidy rules: an include that points down is left alone") {
    const auto allowed = [](const std::string& path, const std::string& line) {
        return count(tidy::floors_point_down, path, line + "\n") == 0;
    };
    CHECK(allowed("core/auth/x.cpp", "#include \"base/time.h\""));
    CHECK(allowed("core/auth/x.cpp", "#include \"auth/session.h\""));
    CHECK(allowed("core/auth/x.cpp", "#include \"transitions.h\""));
    CHECK(allowed("core/auth/x.cpp", "#include <vector>"));
    CHECK(allowed("core/auth/x.cpp", "// #include \"sim/world.h\""));
    CHECK(allowed("core/store/x.cpp", "#include \"auth/records.h\""));
    CHECK(allowed("core/terminal/x.cpp", "#include \"store/store.h\""));
    CHECK(allowed("scenarios/x.cpp", "#include \"sim/world.h\""));
    CHECK(allowed("ui/cli/main.cpp", "#include \"scenarios/player.h\""));
    CHECK(allowed("bench/x.cpp", "#include \"sim/world.h\""));
    CHECK(allowed("core/hal/x.h", "#include <tl/expected.hpp>"));
}

TEST_CASE("tidy rules: a link that points up is flagged") {
    CHECK(
        count(tidy::floors_point_down, "core/auth/CMakeLists.txt",
              "strongroom_library(auth SOURCES a.cpp PUBLIC strongroom::base strongroom::hal)\n") ==
        1);
    CHECK(count(tidy::floors_point_down, "core/store/CMakeLists.txt",
                "strongroom_library(store PUBLIC strongroom::auth PRIVATE PkgConfig::sqlite3)\n") ==
          0);
}

TEST_CASE("tidy rules: a decision that reaches a file, a thread or a database is flagged") {
    for (const std::string header : {"fstream", "iostream", "filesystem", "thread", "sqlite3.h",
                                     "sys/socket.h", "opencv2/core.hpp", "unistd.h", "cstdio"}) {
        CAPTURE(header);
        CHECK(count(tidy::rules_have_no_io, "core/auth/x.cpp", "#include <" + header + ">\n") == 1);
        CHECK(count(tidy::rules_have_no_io, "core/watch/x.h", "#include <" + header + ">\n") == 1);
        CHECK(count(tidy::rules_have_no_io, "core/bank/x.cpp", "#include <" + header + ">\n") == 1);
        CHECK(count(tidy::rules_have_no_io, "core/store/x.cpp", "#include <" + header + ">\n") ==
              0);
    }
    CHECK(count(tidy::rules_have_no_io, "core/auth/x.cpp", "#include <algorithm>\n") == 0);
}

TEST_CASE("tidy rules: every banned call is flagged in core") {
    for (const std::string call : {"auto t = std::chrono::system_clock::now();",
                                   "auto t = std::chrono::steady_clock::now();",
                                   "using Clock = std::chrono::high_resolution_clock;",
                                   "std::this_thread::sleep_for(1s);",
                                   "std::this_thread::sleep_until(t);",
                                   "sleep(1);",
                                   "::usleep (10);",
                                   "nanosleep(&t, 0);",
                                   "std::random_device device;",
                                   "int x = rand();",
                                   "std::srand(1);",
                                   "auto r = random();",
                                   "getrandom(buffer, 8, 0);",
                                   "auto t = time(nullptr);",
                                   "auto t = std::time(NULL);",
                                   "time(&now);",
                                   "time( 0);",
                                   "gettimeofday(&t, nullptr);",
                                   "clock_gettime(CLOCK, &t);",
                                   "const char* home = std::getenv(name);",
                                   "auto c = std::clock();"}) {
        CAPTURE(call);
        CHECK(count(tidy::banned_calls, "core/terminal/x.cpp", call + "\n") == 1);
        CHECK(count(tidy::banned_calls, "core/terminal/include/terminal/x.h", call + "\n") == 1);
        CHECK(count(tidy::banned_calls, "backends/pi/x.cpp", call + "\n") == 0);
    }
}

TEST_CASE("tidy rules: what must replay draws no unseeded number, but a backend may ask the time") {
    CHECK(count(tidy::banned_calls, "backends/sim/x.cpp", "std::random_device d;\n") == 1);
    CHECK(count(tidy::banned_calls, "scenarios/x.cpp", "int x = rand();\n") == 1);
    CHECK(count(tidy::banned_calls, "backends/sim/x.cpp", "steady_clock::now();\n") == 0);
}

TEST_CASE("tidy rules: words that only look like banned calls are left alone") {
    for (const std::string code :
         {"int operand(int x);", "Instant time(Event e);", "double uptime = time (event);",
          "// sleep(1)", "const char* text = \"rand()\";", "clock.sleep(now);", "int random = 3;",
          "bool sleeping = false;", "device->random();", "auto wall = clock.wall();"}) {
        CAPTURE(code);
        CHECK(count(tidy::banned_calls, "core/auth/x.cpp", code + "\n") == 0);
    }
}

TEST_CASE("tidy rules: a choice by the preprocessor is flagged in core") {
    for (const std::string line :
         {"#ifdef STRONGROOM_SIMULATION", "#if defined(__arm__)", "#ifndef NDEBUG",
          "#  if STRONGROOM_BACKEND == 2", "#elif TESTING"}) {
        CAPTURE(line);
        CHECK(count(tidy::no_preprocessor_choices, "core/auth/x.cpp", line + "\n") == 1);
        CHECK(count(tidy::no_preprocessor_choices, "backends/pi/x.cpp", line + "\n") == 0);
    }
    CHECK(count(tidy::no_preprocessor_choices, "core/vision/x.cpp", "#if CV_VERSION_MAJOR > 4\n") ==
          0);
    CHECK(count(tidy::no_preprocessor_choices, "core/auth/x.h", "#pragma once\n#include <map>\n") ==
          0);
}

TEST_CASE("tidy rules: walking an unordered container is flagged") {
    const std::string map = "std::unordered_map<int, std::vector<int>> open_;\n";
    const auto flagged = [&](const std::string& use) {
        return count(tidy::no_unstable_order, "core/store/x.cpp", map + use) == 1;
    };
    CHECK(flagged("void f() { for (auto& [k, v] : open_) g(k); }\n"));
    CHECK(flagged("auto first = open_.begin();\n"));
    CHECK_FALSE(flagged("auto found = open_.find(3);\n"));
    CHECK_FALSE(flagged("for (auto& v : open_.at(3)) g(v);\n"));
    CHECK_FALSE(flagged("for (auto& v : opened) g(v);\n"));
}

TEST_CASE("tidy rules: a member declared in a header and walked in a source is flagged") {
    const tidy::Files files{
        make_source("core/store/include/store/x.h", "std::unordered_set<int> rows_;\n"),
        make_source("core/store/x.cpp", "for (int row : rows_) use(row);\n")};
    REQUIRE(tidy::no_unstable_order(files).size() == 1);
    CHECK(tidy::no_unstable_order(files).front().path == "core/store/x.cpp");
}

TEST_CASE("tidy rules: containers keyed by pointers are flagged") {
    const auto flagged = [](const std::string& code) {
        return count(tidy::no_unstable_order, "core/terminal/x.cpp", code + "\n") == 1;
    };
    CHECK(flagged("std::map<Device*, int> devices_;"));
    CHECK(flagged("std::set<const hal::Strike *> strikes_;"));
    CHECK(flagged("std::unordered_map<std::shared_ptr<Device>, int> x;"));
    CHECK_FALSE(flagged("std::map<int, Device*> devices_;"));
    CHECK_FALSE(flagged("std::map<std::pair<int, int>, Device*> devices_;"));
    CHECK_FALSE(flagged("bool smaller = set < limit * 2;"));
}

TEST_CASE("tidy rules: OpenCV or dlib in a header is flagged and in a source is not") {
    for (const std::string line : {"#include <opencv2/core.hpp>\n", "#include <dlib/matrix.h>\n",
                                   "#include \"opencv2/core.hpp\"\n"}) {
        CAPTURE(line);
        CHECK(count(tidy::vision_libraries_stay_in_sources, "core/vision/x.h", line) == 1);
        CHECK(count(tidy::vision_libraries_stay_in_sources, "ui/panel/x.hpp", line) == 1);
        CHECK(count(tidy::vision_libraries_stay_in_sources, "core/vision/x.cpp", line) == 0);
    }
}

TEST_CASE("tidy rules: a file of 701 lines is flagged and one of 700 is not") {
    CHECK(count(tidy::files_are_short, "core/a.cpp", repeated("int x;\n", 701)) == 1);
    CHECK(count(tidy::files_are_short, "core/a.cpp", repeated("int x;\n", 700)) == 0);
    CHECK(count(tidy::files_are_short, "docs/a.md", repeated("text\n", 701)) == 0);
}

TEST_CASE("tidy rules: a function of 71 lines is flagged wherever it stands") {
    const std::string body = repeated("    f();\n", 70);
    const auto flagged = [](const std::string& code) {
        return count(tidy::functions_are_short, "core/auth/x.cpp", code) == 1;
    };
    CHECK(flagged("void long_one() {\n" + body + "}\n"));
    CHECK(flagged("namespace a {\nclass B {\n  int c() const {\n" + body + "  }\n};\n}\n"));
    CHECK(flagged("template <class T>\nvoid long_one(T t) {\n" + body + "}\n"));
    CHECK(flagged("A::A() : b_{1}, c_{2} {\n" + body + "}\n"));
    CHECK(flagged("#define X \\\n  {\nvoid long_one() noexcept {\n if (a) {\n" + body + "}}\n"));
}

TEST_CASE("tidy rules: long namespaces, classes and tables are no long functions") {
    const auto flagged = [](const std::string& code) {
        return count(tidy::functions_are_short, "core/auth/x.cpp", code) != 0;
    };
    CHECK_FALSE(flagged("void f() {\n" + repeated("    f();\n", 69) + "}\n"));
    CHECK_FALSE(flagged("namespace a {\n" + repeated("void f() { g(); }\n", 90) + "}\n"));
    CHECK_FALSE(
        flagged("struct A {\n" + repeated("    int f() const { return 1; }\n", 90) + "};\n"));
    CHECK_FALSE(flagged("constexpr std::array table{\n" + repeated("  Row{1, 2},\n", 90) + "};\n"));
    CHECK_FALSE(flagged("const auto table = std::to_array<Row>({\n" + repeated("  {1, 2},\n", 90) +
                        "});\n"));
    CHECK_FALSE(flagged("enum class E {\n" + repeated("  a,\n", 90) + "};\n"));
}

TEST_CASE("tidy rules: marks of unfinished work are flagged") {
    // Put together, so that this file passes the rule that it tests.
    for (const std::string& word : {std::string("TO") + "DO", std::string("FIX") + "ME"}) {
        CHECK(count(tidy::nothing_is_unfinished, "core/a.cpp", "// " + word + ": later\n") == 1);
        CHECK(count(tidy::nothing_is_unfinished, "docs/a.md", "* " + word + "\n") == 1);
        CHECK(count(tidy::nothing_is_unfinished, "core/a.cpp", "int " + word + "S;\n") == 0);
    }
    CHECK(count(tidy::nothing_is_unfinished, "core/a.cpp", std::string("// st") + "ub\n") == 1);
}

TEST_CASE("tidy rules: a path of one machine is flagged") {
    const std::string user_folder = std::string("/ho") + "me/alice/models";
    CHECK(count(tidy::no_machine_paths, "docs/a.md", "see " + user_folder + "\n") == 1);
    CHECK(count(tidy::no_machine_paths, "core/a.cpp", "open(\"" + user_folder + "\");\n") == 1);
    CHECK(count(tidy::no_machine_paths, "docs/a.md", "see ~" + user_folder + "\n") == 0);
    CHECK(count(tidy::no_machine_paths, "docs/a.md", "https://example.org" + user_folder) == 0);
    CHECK(count(tidy::no_machine_paths, "docs/a.md", "/etc/strongroom, /dev/ttyAMA0\n") == 0);
}

TEST_CASE("tidy rules: a header without a purpose or a guard is flagged") {
    CHECK(count(tidy::headers_introduce_themselves, "core/a.h", "// Why.\n#pragma once\n") == 0);
    CHECK(count(tidy::headers_introduce_themselves, "core/a.h", "#pragma once\nint x;\n") == 1);
    CHECK(count(tidy::headers_introduce_themselves, "core/a.h", "// Why.\nint x;\n") == 1);
    CHECK(count(tidy::headers_introduce_themselves, "core/a.cpp", "int x;\n") == 0);
}

TEST_CASE("tidy rules: a test name used twice is flagged") {
    const auto test = [](const std::string& path, const std::string& name) {
        return make_source(path, "TEST_CASE(\"" + name + "\") {}\n");
    };
    CHECK(tidy::test_names_are_unique({test("tests/a.cpp", "a: b"), test("tests/b.cpp", "a: b")})
              .size() == 1);
    CHECK(tidy::test_names_are_unique({test("tests/a.cpp", "a: b"), test("tests/b.cpp", "a: c")})
              .empty());
}

TEST_CASE("tidy rules: a document that names a missing file is flagged") {
    const std::vector<std::string> paths{"docs/a.md", "docs/b.md", "core/auth/code.cpp"};
    const auto findings = [&](const std::string& text) {
        return tidy::documents_name_what_exists({make_source("docs/a.md", text)}, paths).size();
    };
    CHECK(findings("[b](b.md) [c](../core/auth/code.cpp) [d](b.md#part) [e](#here)\n") == 0);
    CHECK(findings("[x](https://example.org/missing)\n") == 0);
    CHECK(findings("`core/auth/` and `core/auth/code.cpp` and `core/<folder>/x.h`\n") == 0);
    CHECK(findings("[c](c.md)\n") == 1);
    CHECK(findings("[c](../b.md)\n") == 1);
    CHECK(findings("`core/auth/missing.cpp`\n") == 1);
    CHECK(findings("```\nx\n```\n`core/auth/missing.cpp --help`\n") == 1);
}
