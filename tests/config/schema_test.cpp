// The schema of the configuration: the reader must not know anything else, nor its page.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "catch.h"
#include "json_schema.h"

namespace fs = std::filesystem;

namespace {

fs::path source() { return std::getenv("STRONGROOM_SOURCE_DIR"); }

nlohmann::json schema_text() {
    return schema::load(source() / "core/config/configuration.schema.json");
}

bool accepted(const fs::path& file, std::string& why) {
    return schema::valid(schema_text(), schema::to_json(YAML::LoadFile(file.string())), why);
}

}  // namespace

TEST_CASE("config: the schema accepts the examples") {
    for (const auto& file : fs::directory_iterator(source() / "backends/pi/examples")) {
        std::string why;
        const bool good = accepted(file.path(), why);
        INFO(file.path() << "\n" << why);
        CHECK(good);
    }
}

TEST_CASE("config: the schema refuses what is wrong in shape") {
    // What follows from two sections together is the reader's alone to say.
    const std::set<std::string> reader_alone{"camera-with-scores", "locker-without-key",
                                             "finger-without-sensor", "endless-pulse", "odd-baud"};
    for (const auto& file : fs::directory_iterator(source() / "core/config/rejected")) {
        if (reader_alone.contains(file.path().stem().string())) continue;
        INFO(file.path());
        std::string why;
        CHECK_FALSE(accepted(file.path(), why));
    }
}

TEST_CASE("config: each key has a description, in the schema and on its page") {
    std::ifstream in(source() / "docs/configuration.md");
    std::ostringstream text;
    text << in.rdbuf();
    const std::string page = text.str();
    std::set<std::string> keys;
    const std::function<void(const nlohmann::json&)> walk = [&](const nlohmann::json& node) {
        if (node.contains("properties")) {
            for (const auto& [key, value] : node.at("properties").items()) {
                INFO(key);
                keys.insert(key);
                CHECK(value.value("description", "").size() > 4);
                walk(value);
            }
        }
    };
    const nlohmann::json schema = schema_text();
    walk(schema);
    for (const auto& [name, definition] : schema.at("definitions").items()) walk(definition);
    CHECK(keys.size() > 50);
    for (const std::string& key : keys) {
        INFO(key);
        CHECK(page.find("`" + key + "`") != std::string::npos);
    }
}
