// The rules, applied to the project as it stands.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "catch.h"
#include "rules.h"

namespace {

std::filesystem::path project_top() {
    const char* top = std::getenv("STRONGROOM_SOURCE_DIR");
    if (top == nullptr) FAIL("STRONGROOM_SOURCE_DIR is not set: run this through ctest");
    return top;
}

const tidy::Files& project() {
    static const tidy::Files files = tidy::read_tree(project_top());
    return files;
}

// Prints every finding, a line each as compilers do, then fails once.
void require_none(const tidy::Findings& findings) {
    for (const tidy::Finding& finding : findings) std::cout << tidy::to_string(finding) << "\n";
    REQUIRE(findings.empty());
}

std::vector<std::string> every_path() {
    std::vector<std::string> paths;
    const std::filesystem::path top = project_top();
    auto entry = std::filesystem::recursive_directory_iterator(top);
    for (; entry != std::filesystem::recursive_directory_iterator(); ++entry) {
        const std::string name = entry->path().filename().string();
        if (entry->is_directory() && (name == ".git" || name.starts_with("build"))) {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file()) {
            paths.push_back(entry->path().lexically_relative(top).generic_string());
        }
    }
    return paths;
}

}  // namespace

TEST_CASE("tidy: the whole project is read") {
    bool found_core = false;
    bool found_itself = false;
    for (const tidy::SourceFile& file : project()) {
        found_core = found_core || file.path == "core/base/include/base/result.h";
        found_itself = found_itself || file.path == "tests/tidy/tree_test.cpp";
        CHECK_FALSE(tidy::is_below(file.path, ".git"));
    }
    CHECK(found_core);
    CHECK(found_itself);
}

TEST_CASE("tidy: includes and links point down the floors") {
    require_none(tidy::floors_point_down(project()));
}

TEST_CASE("tidy: the deciding folders reach no file, thread or network") {
    require_none(tidy::rules_have_no_io(project()));
}

TEST_CASE("tidy: core asks no clock, sleeps nowhere and draws no unseeded number") {
    require_none(tidy::banned_calls(project()));
}

TEST_CASE("tidy: nothing in core is chosen by the preprocessor") {
    require_none(tidy::no_preprocessor_choices(project()));
}

TEST_CASE("tidy: nothing that must replay depends on an unstable order") {
    require_none(tidy::no_unstable_order(project()));
}

TEST_CASE("tidy: OpenCV and dlib stay out of headers") {
    require_none(tidy::vision_libraries_stay_in_sources(project()));
}

TEST_CASE("tidy: no source file is over 700 lines") {
    require_none(tidy::files_are_short(project()));
}

TEST_CASE("tidy: no function is over 70 lines") {
    require_none(tidy::functions_are_short(project()));
}

TEST_CASE("tidy: nothing is marked as unfinished") {
    require_none(tidy::nothing_is_unfinished(project()));
}

TEST_CASE("tidy: no file names a path of one machine") {
    require_none(tidy::no_machine_paths(project()));
}

TEST_CASE("tidy: every header says what it is for and is included once") {
    require_none(tidy::headers_introduce_themselves(project()));
}

TEST_CASE("tidy: test names are unique over the project") {
    require_none(tidy::test_names_are_unique(project()));
}

TEST_CASE("tidy: documents name only files that exist") {
    require_none(tidy::documents_name_what_exists(project(), every_path()));
}
