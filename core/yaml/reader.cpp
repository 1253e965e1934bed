#include "yaml/reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <numeric>
#include <set>

namespace strongroom::yaml {
namespace {

// Edits that turn one into the other (Levenshtein), row by row.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

std::string read_file(const std::filesystem::path& file, std::size_t bytes_max) {
    const Place start{file.string(), 1};
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) throw ReadError(start, "cannot be read: " + error.message());
    if (size > bytes_max) {
        throw ReadError(start, "has more than " + std::to_string(bytes_max / 1024) +
                                   " KiB: is it the right file?");
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in) throw ReadError(start, "cannot be read");
    if (text.empty()) throw ReadError(start, "is empty");
    return text;
}

YAML::Node parse(const std::string& text, const std::string& file) {
    try {
        return YAML::Load(text);
    } catch (const YAML::Exception& error) {
        throw ReadError({file, error.mark.line + 1}, "not YAML: " + error.msg);
    }
}

std::string nearest(std::string_view given, const std::vector<std::string>& known) {
    std::string best;
    std::size_t least = std::max<std::size_t>(2, given.size() / 2) + 1;
    for (const std::string& name : known) {
        if (const std::size_t edits = distance(given, name); edits < least) {
            least = edits;
            best = name;
        }
    }
    return best;
}

std::string suggestion(std::string_view given, const std::vector<std::string>& known) {
    if (const std::string near = nearest(given, known); !near.empty()) {
        return "did you mean '" + near + "'?";
    }
    std::string all;
    for (const std::string& name : known) all.append(all.empty() ? "" : ", ").append(name);
    return known.empty() ? "there is none" : "known are: " + all;
}

Duration parse_duration(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    double nanoseconds = 0;
    if (unit == "ms") nanoseconds = 1e6;
    if (unit == "s") nanoseconds = 1e9;
    if (unit == "min") nanoseconds = 60e9;
    if (unit == "h") nanoseconds = 3600e9;
    constexpr double longest = 400.0 * 24 * 3600e9;
    if (error != std::errc{} || nanoseconds == 0 || !(value >= 0) ||
        value * nanoseconds > longest) {
        throw std::invalid_argument("'" + std::string(text) +
                                    "' is not a time: write 500ms, 20s, 2min or 1h");
    }
    return Duration(std::llround(value * nanoseconds));
}

Mapping::Mapping(const YAML::Node& node, std::string file, std::string what)
    : node_(node), file_(std::move(file)), what_(std::move(what)) {
    if (!node_.IsMap()) {
        refuse(node_, what_ + " must be a mapping of names to values (name: value)");
    }
    std::set<std::string> seen;
    for (const auto& entry : node_) {
        const std::string key = entry.first.as<std::string>("");
        if (!seen.insert(key).second) refuse(entry.first, "'" + key + "' stands there twice");
    }
}

Place Mapping::place_of(const YAML::Node& node) const {
    return {file_, node.Mark().is_null() ? 1 : node.Mark().line + 1};
}

void Mapping::refuse(const YAML::Node& node, const std::string& what) const {
    throw ReadError(place_of(node), what);
}

bool Mapping::has(const std::string& key) { return find(key).IsDefined(); }

YAML::Node Mapping::find(const std::string& key) {
    asked_.push_back(key);
    for (const auto& entry : node_) {
        if (entry.first.as<std::string>("") == key) return entry.second;
    }
    return YAML::Node(YAML::NodeType::Undefined);
}

YAML::Node Mapping::need(const std::string& key) {
    const YAML::Node found = find(key);
    if (found.IsDefined()) return found;
    // A misspelt key is a likelier story than a missing one.
    for (const auto& entry : node_) {
        const std::string present = entry.first.as<std::string>("");
        const bool asked = std::find(asked_.begin(), asked_.end(), present) != asked_.end();
        if (!asked && distance(present, key) <= 2) {
            refuse(entry.first,
                   "unknown key '" + present + "' in " + what_ + ": did you mean '" + key + "'?");
        }
    }
    refuse(node_, what_ + " needs '" + key + "'");
}

std::string Mapping::scalar(const YAML::Node& node, const std::string& name,
                            const char* wanted) const {
    if (!node.IsScalar()) refuse(node, "'" + name + "' must be " + wanted);
    return node.Scalar();
}

std::string Mapping::text(const std::string& key) {
    const YAML::Node node = need(key);
    const std::string value = scalar(node, key, "a text");
    if (value.empty()) refuse(node, "'" + key + "' is empty: write a text");
    return value;
}

std::string Mapping::text(const std::string& key, const std::string& otherwise) {
    return has(key) ? text(key) : otherwise;
}

std::uint64_t Mapping::number(const std::string& key) {
    const YAML::Node node = need(key);
    const std::string value = scalar(node, key, "a whole number of 1 or more");
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size() || number == 0) {
        refuse(node, "'" + key + "' must be a whole number of 1 or more, not '" + value + "'");
    }
    return number;
}

std::int64_t Mapping::whole(const std::string& key, std::int64_t low, std::int64_t high) {
    const YAML::Node node = need(key);
    const std::string value = scalar(node, key, "a whole number");
    const bool hexadecimal = value.starts_with("0x") || value.starts_with("0X");
    const char* begin = value.data() + (hexadecimal ? 2 : 0);
    const char* end = value.data() + value.size();
    std::int64_t number = 0;
    const auto [stopped, error] = std::from_chars(begin, end, number, hexadecimal ? 16 : 10);
    if (error != std::errc{} || stopped != end || number < low || number > high) {
        refuse(node, "'" + key + "' must be a whole number from " + std::to_string(low) + " to " +
                         std::to_string(high) + ", not '" + value + "'");
    }
    return number;
}

std::size_t Mapping::choice(const std::string& key, const std::vector<std::string>& names) {
    const YAML::Node node = need(key);
    const std::string value = scalar(node, key, "a name");
    const auto found = std::find(names.begin(), names.end(), value);
    if (found == names.end()) {
        refuse(node, "'" + key + "' cannot be '" + value + "': " + suggestion(value, names));
    }
    return static_cast<std::size_t>(found - names.begin());
}

double Mapping::fraction(const std::string& key) {
    const YAML::Node node = need(key);
    const std::string value = scalar(node, key, "a number from 0 to 1");
    double number = 0;
    const char* end = value.data() + value.size();
    const auto [stopped, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc{} || stopped != end || !(number > 0 && number <= 1)) {
        refuse(node, "'" + key + "' must be a number above 0 and at most 1, not '" + value + "'");
    }
    return number;
}

bool Mapping::flag(const std::string& key, bool otherwise) {
    const YAML::Node node = find(key);
    if (!node.IsDefined()) return otherwise;
    const std::string value = scalar(node, key, "true or false");
    if (value != "true" && value != "false") {
        refuse(node, "'" + key + "' must be true or false, not '" + value + "'");
    }
    return value == "true";
}

Duration Mapping::duration(const std::string& key) {
    const YAML::Node node = need(key);
    try {
        return parse_duration(scalar(node, key, "a time, as 500ms, 20s, 2min or 1h"));
    } catch (const std::invalid_argument& error) {
        refuse(node, "'" + key + "': " + error.what());
    }
}

std::vector<YAML::Node> Mapping::items(const std::string& key) {
    const YAML::Node node = find(key);
    if (!node.IsDefined()) return {};
    if (!node.IsSequence()) refuse(node, "'" + key + "' must be a list");
    return {node.begin(), node.end()};
}

std::vector<std::string> Mapping::texts(const std::string& key) {
    std::vector<std::string> out;
    for (const YAML::Node& item : items(key)) out.push_back(scalar(item, key, "a list of texts"));
    return out;
}

std::vector<std::pair<std::string, YAML::Node>> Mapping::rest() {
    std::vector<std::pair<std::string, YAML::Node>> out;
    for (const auto& entry : node_) {
        const std::string key = entry.first.as<std::string>("");
        if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
            out.emplace_back(key, entry.second);
        }
    }
    for (const auto& [key, value] : out) asked_.push_back(key);
    return out;
}

void Mapping::finish() {
    std::vector<std::string> known = asked_;
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    for (const auto& entry : node_) {
        const std::string key = entry.first.as<std::string>("");
        if (std::binary_search(known.begin(), known.end(), key)) continue;
        refuse(entry.first,
               "unknown key '" + key + "' in " + what_ + ": " + suggestion(key, known));
    }
}

}  // namespace strongroom::yaml
