// The schema is what an editor checks a scenario against; the reader must not know anything else.
#include <fstream>
#include <set>

#include "action_table.h"
#include "catch.h"
#include "config/settings.h"
#include "json_schema.h"
#include "parts/part_names.h"
#include "scenarios/loader.h"

using namespace strongroom;
using namespace strongroom::scenarios;

namespace {

const std::filesystem::path folder = STRONGROOM_SCENARIOS;

nlohmann::json schema_text() { return schema::load(folder / "scenario.schema.json"); }

bool valid(const nlohmann::json& document, std::string& why) {
    return schema::valid(schema_text(), document, why);
}

std::set<std::string> texts(const nlohmann::json& list) {
    return list.get<std::set<std::string>>();
}

std::set<std::string> keys(const nlohmann::json& object) {
    std::set<std::string> out;
    for (const auto& [key, value] : object.items()) out.insert(key);
    return out;
}

}  // namespace

TEST_CASE("scenarios: the whole catalogue is valid by the schema") {
    for (const auto& file : find_scenarios({folder / "catalogue"})) {
        std::string why;
        const bool good = valid(schema::to_json(YAML::LoadFile(file.string())), why);
        INFO(file << "\n" << why);
        CHECK(good);
    }
}

TEST_CASE("scenarios: the schema refuses what is wrong in shape") {
    for (const char* name : {"unknown-key", "unknown-key-in-step", "wrong-type", "wrong-shape",
                             "unknown-action", "time-without-unit", "unknown-class",
                             "unknown-setting", "unknown-part", "unknown-removal", "missing-title",
                             "at-and-on", "unknown-protocol", "unknown-key-in-gateway"}) {
        std::string why;
        const auto file = folder / "rejected" / std::string(name).append(".yaml");
        INFO(file);
        CHECK_FALSE(valid(schema::to_json(YAML::LoadFile(file.string())), why));
    }
}

TEST_CASE("scenarios: the schema knows the actions, arguments, settings and parts that there are") {
    const nlohmann::json schema = schema_text();
    const auto& definitions = schema.at("definitions");
    std::set<std::string> actions;
    std::set<std::string> arguments{"actor", "does", "at", "on", "after"};
    for (const ActionRule& action : action_table()) {
        actions.insert(action.name);
        for (const ArgumentRule& argument : action.arguments) arguments.insert(argument.name);
    }
    const auto& step = definitions.at("step").at("properties");
    CHECK(texts(step.at("does").at("enum")) == actions);
    CHECK(keys(step) == arguments);
    const auto& removal = definitions.at("defence").at("properties").at("removed_by");
    const auto& by = removal.at("properties");
    const auto& settings = config::setting_names();
    CHECK(keys(by.at("value").at("properties")) ==
          std::set<std::string>(settings.begin(), settings.end()));
    const auto& known_parts = parts::part_names();
    CHECK(texts(by.at("part").at("enum")) ==
          std::set<std::string>(known_parts.begin(), known_parts.end()));
}

TEST_CASE("scenarios: every mutant that the catalogue names has a patch, and none lies about") {
    std::set<std::string> used;
    for (const Scenario& scenario : load_scenarios({folder / "catalogue"})) {
        std::string all;
        for (const Defence& defence : scenario.defences) {
            if (defence.removed_by.mutant.empty()) continue;
            used.insert(defence.removed_by.mutant);
            if (!all.empty()) all += '+';
            all += defence.removed_by.mutant;
        }
        if (!all.empty()) used.insert(all);
    }
    std::set<std::string> there;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "mutants")) {
        there.insert(entry.path().stem().string());
    }
    CHECK(used == there);
}
