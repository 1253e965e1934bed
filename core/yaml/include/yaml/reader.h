// Strict reading of YAML: every complaint names file and line, what is wrong and what would be
// right. Used while composing, so it throws. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "base/time.h"
#include "yaml/place.h"

namespace strongroom::yaml {

// The whole of a file of at most `bytes_max` bytes. Throws ReadError: it cannot be read, is larger,
// or is empty.
[[nodiscard]] std::string read_file(const std::filesystem::path& file, std::size_t bytes_max);

// The document's root; `file` is what messages say. Throws ReadError where it is no YAML.
[[nodiscard]] YAML::Node parse(const std::string& text, const std::string& file);

// The name among `known` that is fewest edits away from `given`; empty when none is near.
[[nodiscard]] std::string nearest(std::string_view given, const std::vector<std::string>& known);

// " Did you mean 'x'?", or the list of what is known.
[[nodiscard]] std::string suggestion(std::string_view given, const std::vector<std::string>& known);

// "500ms", "20s", "2min", "1h", also with a fraction. Throws std::invalid_argument.
[[nodiscard]] Duration parse_duration(std::string_view text);

// A mapping that must be used up: finish() refuses the keys that nobody asked for.
class Mapping {
public:
    // `what` names the mapping in messages: "the scenario", "this step".
    Mapping(const YAML::Node& node, std::string file, std::string what);

    [[nodiscard]] Place place() const { return place_of(node_); }
    [[nodiscard]] bool has(const std::string& key);
    // The value of a key that must be there.
    [[nodiscard]] YAML::Node need(const std::string& key);
    // An undefined node when there is none.
    [[nodiscard]] YAML::Node find(const std::string& key);

    [[nodiscard]] std::string text(const std::string& key);
    [[nodiscard]] std::string text(const std::string& key, const std::string& otherwise);
    [[nodiscard]] std::uint64_t number(const std::string& key);  // 1 or more
    // A whole number; in hexadecimal too, as 0x1F.
    [[nodiscard]] std::int64_t whole(const std::string& key, std::int64_t low, std::int64_t high);
    // One of `names`, as its position among them.
    [[nodiscard]] std::size_t choice(const std::string& key, const std::vector<std::string>& names);
    [[nodiscard]] double fraction(const std::string& key);  // more than 0, at most 1
    [[nodiscard]] bool flag(const std::string& key, bool otherwise);
    [[nodiscard]] Duration duration(const std::string& key);
    // Texts in a list; empty when the key is not there.
    [[nodiscard]] std::vector<std::string> texts(const std::string& key);
    // Items of a list; empty when the key is not there.
    [[nodiscard]] std::vector<YAML::Node> items(const std::string& key);

    // Everything not yet asked for, in the order of the file.
    [[nodiscard]] std::vector<std::pair<std::string, YAML::Node>> rest();
    void finish();

    [[nodiscard]] Place place_of(const YAML::Node& node) const;
    [[nodiscard]] std::string scalar(const YAML::Node& node, const std::string& name,
                                     const char* wanted) const;
    [[noreturn]] void refuse(const YAML::Node& node, const std::string& what) const;

private:
    YAML::Node node_;
    std::string file_;
    std::string what_;
    std::vector<std::string> asked_;
};

}  // namespace strongroom::yaml
