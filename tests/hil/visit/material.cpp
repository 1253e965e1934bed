// visit_material: makes what the visit in the virtual machine needs, on the host.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string_view>

#include "film.h"
#include "pack.h"
#include "vision/threads.h"

int main(int argc, char** argv) {
    const bool check = argc == 3 && std::string_view(argv[1]) == "--check";
    if (!check && (argc != 2 || std::string_view(argv[1]).starts_with("-"))) {
        std::puts(
            "Usage: visit_material [--check] FOLDER\n"
            "Writes a model pack for simulated people, and a film of some of them, for\n"
            "tests/hil/run --visit, and says what the pack sees in the film; --check says it of\n"
            "those that are there. Exit status: 0 done, 1 it could not be.");
        return argc == 2 ? 0 : 1;
    }
    try {
        strongroom::vision::use_one_thread();
        const std::filesystem::path folder(argv[argc - 1]);
        if (!check) {
            std::filesystem::create_directories(folder);
            strongroom::test::make_film(folder);
            strongroom::test::make_pack(folder);
        }
        strongroom::test::check_film(folder);
        return 0;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "visit_material: %s\n", problem.what());
        return 1;
    }
}
