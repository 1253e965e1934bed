// The schema is what an editor checks a scenario against; the reader must not know anything else.
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#include <yaml-cpp/yaml.h>

#include "action_table.h"
#include "catch.h"
#include "config/settings.h"
#include "parts/part_names.h"
#include "scenarios/loader.h"

using namespace strongroom;
using namespace strongroom::scenarios;

namespace {

const std::filesystem::path folder = STRONGROOM_SCENARIOS;

nlohmann::json schema_text() {
    std::ifstream in(folder / "scenario.schema.json");
    return nlohmann::json::parse(in);
}

// As YAML 1.2's core schema types plain scalars.
nlohmann::json to_json(const YAML::Node& node) {
    if (node.IsMap()) {
        nlohmann::json out = nlohmann::json::object();
        for (const auto& entry : node) out[entry.first.Scalar()] = to_json(entry.second);
        return out;
    }
    if (node.IsSequence()) {
        nlohmann::json out = nlohmann::json::array();
        for (const auto& item : node) out.push_back(to_json(item));
        return out;
    }
    if (node.IsNull()) return nullptr;
    const std::string& text = node.Scalar();
    const bool quoted = node.Tag() == "!";
    if (!quoted && (text == "true" || text == "false")) return text == "true";
    const bool numeric = !text.empty() && text.find_first_not_of("0123456789.") == text.npos;
    if (quoted || !numeric) return text;
    if (text.find('.') != text.npos) return std::stod(text);
    return std::stoll(text);
}

bool valid(const nlohmann::json& document, std::string& why) {
    const nlohmann::json text = schema_text();
    valijson::Schema schema;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema);
    valijson::Validator validator;
    valijson::ValidationResults results;
    const bool good =
        validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results);
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
        for (const std::string& part : error.context) why += part;
        why.append(": ").append(error.description).append("\n");
    }
    return good;
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
        const bool good = valid(to_json(YAML::LoadFile(file.string())), why);
        INFO(file << "\n" << why);
        CHECK(good);
    }
}

TEST_CASE("scenarios: the schema refuses what is wrong in shape") {
    for (const char* name :
         {"unknown-key", "unknown-key-in-step", "wrong-type", "wrong-shape", "unknown-action",
          "time-without-unit", "unknown-class", "unknown-setting", "unknown-part",
          "unknown-removal", "missing-title", "at-and-on"}) {
        std::string why;
        const auto file = folder / "rejected" / std::string(name).append(".yaml");
        INFO(file);
        CHECK_FALSE(valid(to_json(YAML::LoadFile(file.string())), why));
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
