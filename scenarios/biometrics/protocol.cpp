#include "biometrics/protocol.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <map>
#include <numeric>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/assert.h"

namespace strongroom::biometrics {

namespace {

namespace fs = std::filesystem;

struct Row {
    std::size_t a;
    std::size_t b;
    bool same;
};

std::vector<std::string> cells_of(std::string line) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return cells;
}

// Where the three columns are.
std::array<std::size_t, 3> read_header(const std::string& line, const std::string& place) {
    const auto cells = cells_of(line);
    std::array<std::size_t, 3> at{};
    const std::array<std::string_view, 3> names{"file_a", "file_b", "same"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto found = std::find(cells.begin(), cells.end(), names[i]);
        if (found == cells.end()) {
            throw ProtocolError(place + "column '" + std::string(names[i]) +
                                "' is missing: the first line must name file_a, file_b and same");
        }
        at[i] = static_cast<std::size_t>(found - cells.begin());
    }
    return at;
}

// "Ann/3.jpg" is Ann; so is "Ann_0003.jpg".
std::string person_by_name(const std::string& file) {
    const fs::path path(file);
    if (path.has_parent_path()) return path.parent_path().string();
    const std::string stem = path.stem().string();
    const auto last = stem.find_last_not_of("0123456789");
    if (last == std::string::npos || last + 1 == stem.size() || stem[last] != '_') return stem;
    return stem.substr(0, last);
}

std::uint32_t number_by_name(PairProtocol& protocol) {
    std::map<std::string, std::uint32_t> numbers;
    for (auto& picture : protocol.pictures) {
        const auto next = static_cast<std::uint32_t>(numbers.size());
        picture.person = numbers.try_emplace(person_by_name(picture.file), next).first->second;
    }
    return static_cast<std::uint32_t>(numbers.size());
}

// Pictures that a chain of `same` connects show one person.
std::uint32_t number_by_pairs(PairProtocol& protocol, const std::vector<Row>& rows) {
    std::vector<std::size_t> head(protocol.pictures.size());
    std::iota(head.begin(), head.end(), std::size_t{0});
    const auto root = [&](std::size_t i) {
        while (head[i] != i) i = head[i] = head[head[i]];
        return i;
    };
    for (const auto& row : rows) {
        if (row.same) head[root(row.b)] = root(row.a);
    }
    std::map<std::size_t, std::uint32_t> numbers;
    for (std::size_t i = 0; i < protocol.pictures.size(); ++i) {
        const auto next = static_cast<std::uint32_t>(numbers.size());
        protocol.pictures[i].person = numbers.try_emplace(root(i), next).first->second;
    }
    return static_cast<std::uint32_t>(numbers.size());
}

bool agrees(const PairProtocol& protocol, const Row& row) {
    return (protocol.pictures[row.a].person == protocol.pictures[row.b].person) == row.same;
}

// Digits compare as numbers, everything else as letters.
bool natural_less(const std::string& a, const std::string& b) {
    std::size_t i = 0;
    std::size_t j = 0;
    const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    while (i < a.size() && j < b.size()) {
        if (digit(a[i]) && digit(b[j])) {
            const auto end_a =
                std::find_if_not(a.begin() + static_cast<std::ptrdiff_t>(i), a.end(), digit) -
                a.begin();
            const auto end_b =
                std::find_if_not(b.begin() + static_cast<std::ptrdiff_t>(j), b.end(), digit) -
                b.begin();
            std::string x = a.substr(i, static_cast<std::size_t>(end_a) - i);
            std::string y = b.substr(j, static_cast<std::size_t>(end_b) - j);
            x.erase(0, std::min(x.find_first_not_of('0'), x.size() - 1));
            y.erase(0, std::min(y.find_first_not_of('0'), y.size() - 1));
            if (x.size() != y.size()) return x.size() < y.size();
            if (x != y) return x < y;
            i = static_cast<std::size_t>(end_a);
            j = static_cast<std::size_t>(end_b);
        } else {
            if (a[i] != b[j]) return a[i] < b[j];
            ++i;
            ++j;
        }
    }
    return a.size() - i < b.size() - j;
}

bool is_picture(const fs::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    static constexpr std::array<std::string_view, 8> known{".jpg", ".jpeg", ".png", ".bmp",
                                                           ".pgm", ".ppm",  ".pbm", ".pnm"};
    return std::find(known.begin(), known.end(), extension) != known.end();
}

std::vector<std::string> names_in(const fs::path& folder, bool folders) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const bool wanted = folders ? entry.is_directory(error)
                                    : entry.is_regular_file(error) && is_picture(entry.path());
        if (wanted) names.push_back(entry.path().filename().string());
    }
    if (error) throw ProtocolError(folder.string() + ": cannot be listed: " + error.message());
    std::sort(names.begin(), names.end(), natural_less);
    return names;
}

}  // namespace

PairProtocol read_pairs(const fs::path& csv) {
    std::ifstream in(csv);
    if (!in) throw ProtocolError(csv.string() + ":1: cannot be read: check the path");
    PairProtocol protocol;
    std::map<std::string, std::size_t> known;
    std::vector<Row> rows;
    std::optional<std::array<std::size_t, 3>> columns;
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
        const std::string place = csv.string() + ":" + std::to_string(++number) + ": ";
        if (line.empty() || line == "\r") continue;
        if (!columns) {
            columns = read_header(line, place);
            continue;
        }
        const auto cells = cells_of(line);
        if (cells.size() <= *std::max_element(columns->begin(), columns->end())) {
            throw ProtocolError(place + "has " + std::to_string(cells.size()) +
                                " cells: file_a, file_b and same are needed");
        }
        const std::string& same = cells[(*columns)[2]];
        if (same != "0" && same != "1") {
            throw ProtocolError(place + "same is '" + same + "': it must be 1 or 0");
        }
        const auto picture = [&](const std::string& file) {
            if (file.empty()) throw ProtocolError(place + "the name of a file is missing");
            const auto [at, added] = known.try_emplace(file, protocol.pictures.size());
            if (added) protocol.pictures.push_back({file, 0});
            return at->second;
        };
        const std::size_t a = picture(cells[(*columns)[0]]);
        rows.push_back({a, picture(cells[(*columns)[1]]), same == "1"});
    }
    if (rows.empty()) throw ProtocolError(csv.string() + ":1: holds no pairs");
    protocol.persons = number_by_name(protocol);
    const auto right = [&](const Row& row) { return agrees(protocol, row); };
    if (!std::all_of(rows.begin(), rows.end(), right)) {
        protocol.persons = number_by_pairs(protocol, rows);
        const auto wrong = std::find_if_not(rows.begin(), rows.end(), right);
        if (wrong != rows.end()) {
            throw ProtocolError(
                csv.string() + ": says that " + protocol.pictures[wrong->a].file + " and " +
                protocol.pictures[wrong->b].file +
                " show different people, and by other lines that they are the same");
        }
    }
    for (const auto& row : rows) protocol.pairs.push_back({row.a, row.b});
    return protocol;
}

PairProtocol read_people(const fs::path& folder) {
    PairProtocol people;
    for (const auto& name : names_in(folder, true)) {
        const auto files = names_in(folder / name, false);
        if (files.empty()) continue;
        for (const auto& file : files)
            people.pictures.push_back({name + "/" + file, people.persons});
        ++people.persons;
    }
    if (people.persons < 2) {
        throw ProtocolError(folder.string() +
                            ": needs folders of pictures, one a person, of two people or more");
    }
    return people;
}

std::vector<Pair> all_pairs(const PairProtocol& people) {
    std::vector<Pair> pairs;
    for (std::size_t a = 0; a < people.pictures.size(); ++a) {
        for (std::size_t b = a + 1; b < people.pictures.size(); ++b) pairs.push_back({a, b});
    }
    return pairs;
}

std::vector<Visits> plan_visits(const PairProtocol& people, std::size_t references,
                                std::size_t rotations) {
    STRONGROOM_ASSERT(references >= 1 && rotations >= 1);
    std::vector<std::vector<std::size_t>> of_person(people.persons);
    for (std::size_t i = 0; i < people.pictures.size(); ++i) {
        of_person[people.pictures[i].person].push_back(i);
    }
    std::vector<Visits> plan;
    for (std::uint32_t person = 0; person < people.persons; ++person) {
        const auto& own = of_person[person];
        if (own.size() <= references) continue;
        for (std::size_t first = 0; first < std::min(rotations, own.size()); ++first) {
            Visits visits;
            visits.person = person;
            for (std::size_t i = 0; i < own.size(); ++i) {
                auto& to = i < references ? visits.references : visits.genuine;
                to.push_back(own[(first + i) % own.size()]);
            }
            for (std::size_t i = 0; i < people.pictures.size(); ++i) {
                if (people.pictures[i].person != person) visits.impostor.push_back(i);
            }
            plan.push_back(std::move(visits));
        }
    }
    return plan;
}

}  // namespace strongroom::biometrics
