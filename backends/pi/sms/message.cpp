#include "pi/sms/message.h"

#include <algorithm>

#include "pi/sms/transport.h"

namespace strongroom::pi {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

HttpRequest HttpRequest::clone() const {
    HttpRequest copy;
    copy.method = method;
    copy.path = path;
    for (const Secret& header : headers) copy.headers.push_back(header.clone());
    copy.body = body.clone();
    return copy;
}

bool is_number(std::string_view number) {
    return number.size() >= 2 && number.size() <= 16 && number.front() == '+' &&
           std::all_of(number.begin() + 1, number.end(), is_digit);
}

bool is_text(std::string_view text) {
    constexpr std::size_t longest = 160;
    constexpr std::string_view missing = "`[]{}\\^~|";  // not in the alphabet, or counting twice
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return c == '\n' || (c >= ' ' && c <= '~' && missing.find(c) == missing.npos);
           });
}

std::vector<std::string_view> digit_runs(std::string_view text) {
    std::vector<std::string_view> runs;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t from = i;
        while (i < text.size() && is_digit(text[i])) ++i;
        if (i > from) runs.push_back(text.substr(from, i - from));
        if (i == from) ++i;
    }
    return runs;
}

}  // namespace strongroom::pi
