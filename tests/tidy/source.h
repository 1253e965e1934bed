// Source files as the tidy rules see them: the text, and the text without comments and literals.
// Values only; any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

struct SourceFile {
    std::string path;  // from the project's top, with '/'
    std::string text;  // as it is
    std::string code;  // C++ only: comments, and what stands in quotes, blanked; same positions
};

// What breaks a rule, and where. `line` counts from 1; 0 means the file as a whole.
struct Finding {
    std::string path;
    std::size_t line = 0;
    std::string message;
};

// "path:line: message", as compilers write it.
[[nodiscard]] std::string to_string(const Finding& finding);

// Makes a SourceFile of a path and a text; what the bad samples of the tests are made with.
[[nodiscard]] SourceFile make_source(std::string path, std::string text);

// Every text file of the project below `top`, in the order of their paths. Left out: what a build
// makes (build*/), hidden folders other than .ci, and files over a mebibyte.
[[nodiscard]] std::vector<SourceFile> read_tree(const std::filesystem::path& top);

// Comments, string and character literals replaced by blanks; line ends stay. Raw strings and digit
// separators are understood. The quotes of an #include stay readable.
[[nodiscard]] std::string blank_comments_and_literals(std::string_view text);

[[nodiscard]] bool is_header(std::string_view path);  // .h, .hpp
[[nodiscard]] bool is_cpp(std::string_view path);     // a header, .cpp or .cc
[[nodiscard]] bool is_below(std::string_view path, std::string_view folder);

[[nodiscard]] std::size_t line_at(std::string_view text, std::size_t position);
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

// Positions at which `word` stands alone, no letter, digit or underscore on either side.
[[nodiscard]] std::vector<std::size_t> find_word(std::string_view text, std::string_view word);

// The position of the first character at or after `position` that is no white space; npos if none.
[[nodiscard]] std::size_t skip_space(std::string_view text, std::size_t position);

}  // namespace tidy
