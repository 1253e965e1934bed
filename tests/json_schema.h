// YAML against a JSON Schema, as an editor would check it. Include it in one file of a test: it
// brings valijson along.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#include <yaml-cpp/yaml.h>

namespace schema {

inline nlohmann::json load(const std::filesystem::path& file) {
    std::ifstream in(file);
    return nlohmann::json::parse(in);
}

// As YAML 1.2's core schema types plain scalars.
inline nlohmann::json to_json(const YAML::Node& node) {
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

// `why` takes what the schema objects to.
inline bool valid(const nlohmann::json& schema_text, const nlohmann::json& document,
                  std::string& why) {
    valijson::Schema schema;
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_text), schema);
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

}  // namespace schema
