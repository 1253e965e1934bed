// The evaluator's own files: which there are, and what they are labelled as.
#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>

#include "face_attacks.h"
#include "home.h"

namespace strongroom::cli {

namespace fs = std::filesystem;

namespace {

// Labels of living people under other names would be counted as attacks that were let through.
constexpr std::array wrong_bona_fide{"live",   "real",  "genuine",   "bonafide", "bona-fide",
                                     "normal", "human", "bona fide", "true",     "1"};

void check_species(const std::string& species, const std::string& place) {
    if (species.empty()) {
        throw InputError(place + "the species is missing: bona_fide, or the name of the attack");
    }
    std::string lower = species;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool wrong =
        std::find(wrong_bona_fide.begin(), wrong_bona_fide.end(), lower) != wrong_bona_fide.end() ||
        (lower == "bona_fide" && species != "bona_fide");
    if (wrong) {
        throw InputError(place + "unknown species '" + species +
                         "': living people are called bona_fide");
    }
    const bool plain = std::all_of(lower.begin(), lower.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
    });
    if (!plain) {
        throw InputError(place + "unknown species '" + species +
                         "': a species is a word of letters, digits, '_', '-' and '.'");
    }
}

std::vector<std::string> cells_of(std::string line) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') {
            // Two of them within quotes are one.
            if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
                cells.back() += line[++i];
            } else {
                quoted = !quoted;
            }
        } else if (line[i] == ',' && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += line[i];
        }
    }
    return cells;
}

using Columns = std::map<std::string, std::size_t>;

Columns read_header(const std::string& line, const std::string& place) {
    Columns columns;
    const auto cells = cells_of(line);
    for (std::size_t i = 0; i < cells.size(); ++i) columns.try_emplace(cells[i], i);
    if (!columns.contains("file") && columns.contains("path")) columns["file"] = columns["path"];
    if (!columns.contains("species") && columns.contains("label")) {
        columns["species"] = columns["label"];
        columns.erase("label");
    }
    for (const char* needed : {"file", "species"}) {
        if (!columns.contains(needed)) {
            throw InputError(place + "column '" + needed +
                             "' is missing: the first line must name file and species, and may "
                             "name subject, artefact and label");
        }
    }
    return columns;
}

std::vector<LabelledFile> read_table(const fs::path& csv) {
    std::ifstream in(csv);
    if (!in) throw InputError(csv.string() + " cannot be read: check its permissions");
    std::vector<LabelledFile> files;
    std::optional<Columns> columns;
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
        const std::string place = csv.string() + ":" + std::to_string(++number) + ": ";
        if (line.empty() || line == "\r") continue;
        if (!columns) {
            columns = read_header(line, place);
            continue;
        }
        const auto cells = cells_of(line);
        const auto cell = [&](const char* name) -> std::string {
            const auto found = columns->find(name);
            if (found == columns->end() || found->second >= cells.size()) return {};
            return cells[found->second];
        };
        LabelledFile file{csv.parent_path() / cell("file"), cell("species"), cell("subject"),
                          cell("artefact"), cell("label")};
        if (cell("file").empty()) throw InputError(place + "the name of a file is missing");
        check_species(file.species, place);
        std::error_code error;
        if (!fs::is_regular_file(file.file, error)) {
            throw InputError(place + file.file.string() + " is not there: check the path");
        }
        files.push_back(std::move(file));
    }
    if (files.empty()) throw InputError(csv.string() + " lists no files: nothing to evaluate");
    return files;
}

std::vector<LabelledFile> read_folders(const fs::path& folder) {
    std::vector<LabelledFile> files;
    std::error_code error;
    bool loose = false;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (name.front() == '.') continue;
        if (!entry.is_directory(error)) {
            loose = true;
            continue;
        }
        check_species(name, folder.string() + ": ");
        for (const auto& inside : fs::directory_iterator(entry.path(), error)) {
            if (!inside.is_regular_file(error)) continue;
            if (inside.path().filename().string().front() == '.') continue;
            files.push_back({inside.path(), name, "", "", ""});
        }
    }
    if (error) throw InputError(folder.string() + " cannot be listed: " + error.message());
    if (files.empty()) {
        throw InputError(folder.string() +
                         (loose ? " holds files without labels: add labels.csv with the columns "
                                  "file and species, or put them into folders, one a species"
                                : " is empty: put files into folders, one a species, with "
                                  "bona_fide for living people"));
    }
    std::sort(files.begin(), files.end(),
              [](const LabelledFile& a, const LabelledFile& b) { return a.file < b.file; });
    return files;
}

}  // namespace

std::vector<LabelledFile> read_labels(const fs::path& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        throw InputError(folder.string() + " is no folder: give --attacks DIR");
    }
    const fs::path table = folder / "labels.csv";
    return fs::exists(table, error) ? read_table(table) : read_folders(folder);
}

}  // namespace strongroom::cli
