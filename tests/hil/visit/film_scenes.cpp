#include <fstream>
#include <stdexcept>

#include "film.h"

namespace strongroom::test {

Scenes read_scenes(const std::filesystem::path& folder) {
    std::ifstream in(folder / "film.txt");
    Scenes scenes;
    std::string name;
    for (Scene scene; in >> name >> scene.first >> scene.count;) scenes[name] = scene;
    if (scenes.empty()) {
        throw std::runtime_error((folder / "film.txt").string() + " lists no scenes");
    }
    return scenes;
}

}  // namespace strongroom::test
