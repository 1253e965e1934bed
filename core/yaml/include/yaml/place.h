// Where something stands in a file, and what is wrong with it there.
#pragma once

#include <stdexcept>
#include <string>

namespace strongroom::yaml {

// Where something stands, for messages: "catalogue/x.yaml:12".
struct Place {
    std::string file;
    int line = 0;
    [[nodiscard]] std::string text() const { return file + ":" + std::to_string(line); }
};

// What cannot be read, or means nothing. Always begins with "file:line: ".
class ReadError : public std::runtime_error {
public:
    ReadError(const Place& place, const std::string& what)
        : std::runtime_error(place.text() + ": " + what) {}
};

}  // namespace strongroom::yaml
