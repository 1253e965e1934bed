#include "source.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <utility>

namespace tidy {
namespace {

constexpr std::uintmax_t largest_file = 1U << 20U;

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Blanks [from, to) of `text`, leaving line ends.
void blank(std::string& text, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < std::min(to, text.size()); ++i) {
        if (text[i] != '\n') text[i] = ' ';
    }
}

// The end of the quoted literal whose opening quote is at `start`: one past its closing quote, or
// the end of the line when it is not closed.
std::size_t end_of_quoted(std::string_view text, std::size_t start) {
    const char quote = text[start];
    for (std::size_t i = start + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == quote) {
            return i + 1;
        } else if (text[i] == '\n') {
            return i;
        }
    }
    return text.size();
}

// The same for a raw string whose quote (the one after R) is at `start`.
std::size_t end_of_raw(std::string_view text, std::size_t start) {
    const std::size_t open = text.find('(', start);
    if (open == std::string_view::npos) return text.size();
    std::string close(1, ')');
    close.append(text.substr(start + 1, open - start - 1)).append(1, '"');
    const std::size_t end = text.find(close, open);
    return end == std::string_view::npos ? text.size() : end + close.size();
}

bool stands_after_include(std::string_view text, std::size_t position) {
    const std::size_t start = text.rfind('\n', position) + 1;  // npos + 1 is 0
    const std::string_view head = text.substr(start, position - start);
    const std::size_t hash = head.find_first_not_of(" \t");
    return hash != std::string_view::npos && head[hash] == '#' &&
           head.find("include") != std::string_view::npos;
}

bool is_text(std::string_view content) { return content.find('\0') == std::string_view::npos; }

bool is_skipped_folder(const std::filesystem::path& folder) {
    const std::string name = folder.filename().string();
    return name.starts_with("build") || (name.starts_with(".") && name != ".ci");
}

}  // namespace

std::string to_string(const Finding& finding) {
    return finding.path + ":" + std::to_string(finding.line) + ": " + finding.message;
}

SourceFile make_source(std::string path, std::string text) {
    SourceFile file{std::move(path), std::move(text), {}};
    if (is_cpp(file.path)) file.code = blank_comments_and_literals(file.text);
    return file;
}

std::vector<SourceFile> read_tree(const std::filesystem::path& top) {
    std::vector<SourceFile> files;
    auto entry = std::filesystem::recursive_directory_iterator(top);
    for (; entry != std::filesystem::recursive_directory_iterator(); ++entry) {
        if (entry->is_symlink()) continue;
        if (entry->is_directory()) {
            if (is_skipped_folder(entry->path())) entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file() || entry->file_size() > largest_file) continue;
        std::ifstream in(entry->path(), std::ios::binary);
        std::string text(static_cast<std::size_t>(entry->file_size()), ' ');
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
        if (!in || !is_text(text)) continue;
        files.push_back(
            make_source(entry->path().lexically_relative(top).generic_string(), std::move(text)));
    }
    std::sort(files.begin(), files.end(),
              [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    return files;
}

std::string blank_comments_and_literals(std::string_view text) {
    std::string code(text);
    std::size_t i = 0;
    while (i < text.size()) {
        const char c = text[i];
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        std::size_t end = i + 1;
        if (c == '/' && next == '/') {
            end = std::min(text.find('\n', i), text.size());
            blank(code, i, end);
        } else if (c == '/' && next == '*') {
            const std::size_t close = text.find("*/", i + 2);
            end = close == std::string_view::npos ? text.size() : close + 2;
            blank(code, i, end);
        } else if (c == '"' && i > 0 && text[i - 1] == 'R') {
            end = end_of_raw(text, i);
            blank(code, i + 1, end - 1);
        } else if (c == '"') {
            end = end_of_quoted(text, i);
            if (!stands_after_include(text, i)) blank(code, i + 1, end - 1);
        } else if (c == '\'' && (i == 0 || !is_word_character(text[i - 1]))) {
            end = end_of_quoted(text, i);  // a quote after a digit separates digits
            blank(code, i + 1, end - 1);
        }
        i = end;
    }
    return code;
}

bool is_header(std::string_view path) { return path.ends_with(".h") || path.ends_with(".hpp"); }

bool is_cpp(std::string_view path) {
    return is_header(path) || path.ends_with(".cpp") || path.ends_with(".cc");
}

bool is_below(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

std::size_t line_at(std::string_view text, std::size_t position) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(position, text.size()));
    return static_cast<std::size_t>(std::count(text.begin(), end, '\n')) + 1;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

std::vector<std::size_t> find_word(std::string_view text, std::string_view word) {
    std::vector<std::size_t> positions;
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool starts = at == 0 || !is_word_character(text[at - 1]);
        const bool ends = end == text.size() || !is_word_character(text[end]);
        if (starts && ends) positions.push_back(at);
    }
    return positions;
}

std::size_t skip_space(std::string_view text, std::size_t position) {
    return text.find_first_not_of(" \t\r\n", position);
}

}  // namespace tidy
