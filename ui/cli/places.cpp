#include "places.h"

#include <algorithm>
#include <vector>

#include "home.h"

namespace strongroom::cli {

namespace fs = std::filesystem;

namespace {

fs::path program_folder() {
    std::error_code error;
    return fs::read_symlink("/proc/self/exe", error).parent_path();
}

// The first of these folders that exists; else the first one, for the message that it is missing.
fs::path first_that_exists(const std::vector<fs::path>& places) {
    std::error_code error;
    const auto found = std::find_if(places.begin(), places.end(), [&](const fs::path& place) {
        return fs::exists(place, error);
    });
    return (found == places.end() ? places.front() : *found).lexically_normal();
}

fs::path from_here(const fs::path& path) {
    std::error_code error;
    const fs::path relative = fs::proximate(path, error);
    return error || relative.empty() || *relative.begin() == ".." ? path : relative;
}

}  // namespace

fs::path default_catalogue() {
    const fs::path folder = program_folder();
    const fs::path found = first_that_exists({
        folder / "catalogue",
        folder / "../share/strongroom/catalogue",
        folder / "../scenarios/catalogue",
#ifdef STRONGROOM_CATALOGUE
        STRONGROOM_CATALOGUE,
#endif
    });
    if (!fs::is_directory(found)) {
        throw InputError("the catalogue is not beside the program (" + found.string() +
                         "); build or install it as a whole");
    }
    return from_here(found);
}

fs::path default_mutants() {
    const fs::path folder = program_folder();
    return first_that_exists({folder / "mutants", folder / "../libexec/strongroom/mutants"});
}

}  // namespace strongroom::cli
