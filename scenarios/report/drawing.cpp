#include "drawing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <vector>

#include "report/words.h"

namespace strongroom::report {

using namespace scenarios;
using sim::Fact;
using sim::FactKind;

namespace {

constexpr double character = 6.1;  // width of one at the drawings' font size
constexpr double plot_left = 96;
constexpr double plot_right = 948;
constexpr double drawing_width = 960;
constexpr double lane_height = 27;
constexpr double top = 26;
// A drawing is to be read, not to be complete: the list of facts beside it is.
constexpr std::size_t marks_max = 260;
constexpr std::size_t marks_after_violation = 60;
constexpr std::size_t sites_max = 3;
constexpr int violations_drawn = 6;

std::string px(double value) {
    std::ostringstream out;
    out << std::round(value * 10) / 10;
    return out.str();
}

std::size_t letters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    }));
}

std::string clock_text(Duration since_start) {
    const double seconds = std::chrono::duration<double>(since_start).count();
    std::array<char, 32> text{};
    if (seconds < 100) {
        std::snprintf(text.data(), text.size(), "%.1f s", seconds);
    } else {
        const auto whole = static_cast<long>(seconds + 0.5);
        if (whole < 3600) {
            std::snprintf(text.data(), text.size(), "%ld:%02ld", whole / 60, whole % 60);
        } else {
            std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", whole / 3600,
                          whole / 60 % 60, whole % 60);
        }
    }
    return text.data();
}

// Time to place: pauses are shortened, so that what happens stays readable.
class Axis {
public:
    explicit Axis(std::vector<Instant> times) {
        std::sort(times.begin(), times.end());
        times.erase(std::unique(times.begin(), times.end()), times.end());
        double at = 0;
        for (std::size_t i = 0; i < times.size(); ++i) {
            if (i > 0) at += length_of(times[i] - times[i - 1]);
            places_[times[i]] = at;
        }
        length_ = std::max(at, 1.0);
    }
    // Of an instant that the axis was made with, or of the last one before it.
    [[nodiscard]] double x(Instant at) const {
        auto found = places_.upper_bound(at);
        if (found != places_.begin()) --found;
        const double place = found == places_.end() ? 0 : found->second;
        return plot_left + 8 + place / length_ * (plot_right - plot_left - 16);
    }
    [[nodiscard]] const std::map<Instant, double>& places() const { return places_; }

private:
    static double length_of(Duration pause) {
        constexpr double straight = 4;  // seconds that are drawn as they are
        const double seconds = std::chrono::duration<double>(pause).count();
        if (seconds <= straight) return seconds + 0.25;
        return straight + 0.25 + 1.2 * std::log2(seconds / straight);
    }
    std::map<Instant, double> places_;
    double length_ = 1;
};

// A mark, or a bar when it lasts.
struct Item {
    Lane lane{};
    Instant from{};
    std::optional<Instant> until;
    std::string label;
    std::string words;
    std::string look;  // class of the style sheet
};

// Facts that begin something which lasts, and what ends it.
bool ends(const Fact& begin, const Fact& end) {
    switch (begin.kind) {
        case FactKind::prompt_shown:
            return end.kind == FactKind::prompt_shown || end.kind == FactKind::power_lost;
        case FactKind::strike_energised:
            return end.kind == FactKind::strike_released || end.kind == FactKind::strike_energised;
        case FactKind::bolt_withdrawn: return end.kind == FactKind::bolt_thrown;
        case FactKind::door_opened: return end.kind == FactKind::door_closed;
        case FactKind::alarm_raised:
            return end.kind == FactKind::alarm_cleared && end.what == begin.what;
        case FactKind::power_lost: return end.kind == FactKind::power_restored;
        case FactKind::cable_unplugged:
            return end.kind == FactKind::cable_plugged && end.what == begin.what;
        case FactKind::tamper_opened: return end.kind == FactKind::tamper_closed;
        case FactKind::key_turned:
            return end.kind == FactKind::key_returned && end.what == begin.what;
        default: return false;
    }
}

bool lasts(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::prompt_shown:
        case FactKind::strike_energised:
        case FactKind::bolt_withdrawn:
        case FactKind::door_opened:
        case FactKind::alarm_raised:
        case FactKind::power_lost:
        case FactKind::cable_unplugged:
        case FactKind::tamper_opened: return true;
        case FactKind::key_turned: return fact.number == 1;
        case FactKind::light_changed: return false;
        default: return false;
    }
}

// Their beginning shows it already.
bool is_shown_by_a_bar(FactKind kind) {
    return kind == FactKind::strike_released || kind == FactKind::bolt_thrown ||
           kind == FactKind::door_closed || kind == FactKind::alarm_cleared ||
           kind == FactKind::key_returned || kind == FactKind::face_hidden;
}

std::string look_of(const Fact& fact) {
    switch (lane_of(fact.kind)) {
        case Lane::alarms: return "alarm";
        case Lane::strike:
        case Lane::bolt:
        case Lane::door: return "open";
        case Lane::camera: return fact.what == "good" ? "frame" : "poor";
        case Lane::screen: return "screen";
        case Lane::surroundings: return "odd";
        default: break;
    }
    const bool bad = fact.kind == FactKind::leak_found || fact.kind == FactKind::audit_broken ||
                     fact.kind == FactKind::record_missing || fact.kind == FactKind::sms_lost ||
                     fact.kind == FactKind::stolen;
    return bad ? "odd" : "plain";
}

std::vector<Item> items_of(const std::vector<Happening>& all, Instant end) {
    std::vector<Item> items;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Fact& fact = all[i].fact;
        if (is_shown_by_a_bar(fact.kind)) continue;
        Item item{lane_of(fact.kind), fact.at,        std::nullopt,
                  in_short(fact),     in_words(fact), look_of(fact)};
        if (all[i].times > 1) {
            item.until = all[i].until;
            item.label += " ×" + std::to_string(all[i].times);
            item.words += ", " + std::to_string(all[i].times) + " times";
        } else if (lasts(fact)) {
            const auto finish =
                std::find_if(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end(),
                             [&](const Happening& later) {
                                 return later.fact.site == fact.site && ends(fact, later.fact);
                             });
            item.until = finish == all.end() ? end : finish->fact.at;
        }
        items.push_back(std::move(item));
    }
    return items;
}

// What happened at one site; of a long story the part around its first violation.
std::vector<Happening> part_of(const std::vector<Happening>& all, std::uint32_t site,
                               const ArmOutcome& arm) {
    std::vector<Happening> part;
    for (const Happening& happening : all) {
        const bool here = happening.fact.site == site || happening.fact.site == 0;
        if (here && !is_cast(happening.fact.kind)) part.push_back(happening);
    }
    if (part.size() <= marks_max) return part;
    std::size_t last = marks_max;
    if (!arm.violations.empty()) {
        const auto after = std::find_if(part.begin(), part.end(), [&](const Happening& happening) {
            return happening.fact.at > arm.violations.front().at;
        });
        last = static_cast<std::size_t>(after - part.begin()) + marks_after_violation;
    }
    last = std::clamp(last, marks_max, part.size());
    part.erase(part.begin() + static_cast<std::ptrdiff_t>(last), part.end());
    part.erase(part.begin(), part.end() - static_cast<std::ptrdiff_t>(marks_max));
    return part;
}

// Of the violations, only those within what is drawn.
std::vector<Instant> times_of(const std::vector<Happening>& part, const ArmOutcome& arm) {
    std::vector<Instant> times;
    for (const Happening& happening : part) {
        times.push_back(happening.fact.at);
        times.push_back(happening.until);
    }
    if (times.empty()) return {Instant{}};
    const auto [first, last] = std::minmax_element(times.begin(), times.end());
    const Instant begin = *first;
    const Instant end = part.size() < marks_max ? never : *last;
    for (const Violation& violation : arm.violations) {
        if (violation.at >= begin && violation.at <= end) times.push_back(violation.at);
    }
    return times;
}

void draw_item(std::ostream& out, const Item& item, const Axis& axis, double y, double next_x) {
    const double x = axis.x(item.from);
    const double end = item.until ? std::max(axis.x(*item.until), x + 4) : x;
    const double middle = y + lane_height / 2;
    out << "<g class=\"" << item.look << "\"><title>" << clock_text(item.from.time_since_epoch())
        << ": " << escape(item.words) << "</title>";
    if (item.until) {
        out << "<rect x=\"" << px(x) << "\" y=\"" << px(y + 5) << "\" width=\"" << px(end - x)
            << "\" height=\"" << px(lane_height - 10) << "\" rx=\"3\"/>";
    } else {
        out << "<circle cx=\"" << px(x) << "\" cy=\"" << px(middle) << "\" r=\"4\"/>";
    }
    const double width = static_cast<double>(letters(item.label)) * character;
    const bool inside = item.until && x + width + 8 <= std::min(end, next_x - 5);
    const double label_x = inside ? x + 5 : end + (item.until ? 4 : 7);
    if (inside || label_x + width + 3 <= std::min(next_x - 5, drawing_width)) {
        out << "<text" << (inside ? " class=\"in\"" : "") << " x=\"" << px(label_x) << "\" y=\""
            << px(middle + 4) << "\">" << escape(item.label) << "</text>";
    }
    out << "</g>\n";
}

void draw_axis(std::ostream& out, const Axis& axis, double bottom) {
    constexpr double tick_gap = 62;
    double last = -tick_gap;
    for (const auto& [at, place] : axis.places()) {
        const double x = axis.x(at);
        if (x - last < tick_gap) continue;
        last = x;
        out << "<line class=\"tick\" x1=\"" << px(x) << "\" y1=\"" << px(top) << "\" x2=\"" << px(x)
            << "\" y2=\"" << px(bottom) << "\"/><text class=\"time\" x=\"" << px(x) << "\" y=\""
            << px(bottom + 15) << "\">" << clock_text(at.time_since_epoch()) << "</text>\n";
    }
    // Where a minute or more is drawn as a finger's width.
    Instant before = axis.places().begin()->first;
    for (const auto& [at, place] : axis.places()) {
        if (at - before >= std::chrono::minutes(1)) {
            const double x = (axis.x(before) + axis.x(at)) / 2;
            out << "<text class=\"gap\" x=\"" << px(x) << "\" y=\"" << px(top - 4) << "\">⟨ "
                << clock_text(at - before) << " ⟩</text>\n";
        }
        before = at;
    }
}

void draw_violations(std::ostream& out, const ArmOutcome& arm, const Axis& axis, double bottom) {
    int number = 0;
    double last = -100;
    double lift = 0;
    for (const Violation& violation : arm.violations) {
        if (++number > violations_drawn) break;
        if (!axis.places().contains(violation.at)) continue;
        const double x = axis.x(violation.at);
        lift = x - last < 18 ? lift + 18 : 0;
        last = x;
        out << "<g class=\"breach\"><title>" << clock_text(violation.at.time_since_epoch()) << ": "
            << short_name(violation.invariant) << " broken: " << escape(violation.what)
            << "</title><line x1=\"" << px(x) << "\" y1=\"" << px(top - 8) << "\" x2=\"" << px(x)
            << "\" y2=\"" << px(bottom) << "\"/><circle cx=\"" << px(x) << "\" cy=\""
            << px(bottom - 9 - lift) << "\" r=\"8\"/><text x=\"" << px(x) << "\" y=\""
            << px(bottom - 5 - lift) << "\">" << number << "</text></g>\n";
    }
}

void draw_site(std::ostream& out, const ArmOutcome& arm, const std::vector<Happening>& all,
               std::uint32_t site, const std::string& name) {
    const std::vector<Happening> part = part_of(all, site, arm);
    const Axis axis(times_of(part, arm));
    const Instant end = axis.places().empty() ? Instant{} : axis.places().rbegin()->first;
    const std::vector<Item> items = items_of(part, end);
    std::map<Lane, std::vector<const Item*>> by_lane;
    for (const Item& item : items) by_lane[item.lane].push_back(&item);
    const double bottom = top + lane_height * static_cast<double>(by_lane.size());
    out << "<div class=\"scroll\"><svg class=\"timeline\" viewBox=\"0 0 " << px(drawing_width)
        << " " << px(bottom + 24) << "\" role=\"img\" aria-label=\"" << escape(arm.label())
        << " at " << escape(name) << ": " << escape(result_of(arm)) << ", " << items.size()
        << " events in time\">\n";
    draw_axis(out, axis, bottom);
    double y = top;
    for (const auto& [lane, marks] : by_lane) {
        out << "<line class=\"lane\" x1=\"0\" y1=\"" << px(y + lane_height) << "\" x2=\""
            << px(drawing_width) << "\" y2=\"" << px(y + lane_height)
            << "\"/><text class=\"lane\" x=\"0\" y=\"" << px(y + lane_height / 2 + 4) << "\">"
            << title_of(lane) << "</text>\n";
        for (std::size_t i = 0; i < marks.size(); ++i) {
            const double next =
                i + 1 < marks.size() ? axis.x(marks[i + 1]->from) : drawing_width + 20;
            draw_item(out, *marks[i], axis, y, next);
        }
        y += lane_height;
    }
    draw_violations(out, arm, axis, bottom);
    out << "</svg></div>\n";
}

// "3 held, 1 breached".
std::string verdict_counts(const std::array<int, 4>& counts) {
    std::string words;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts.at(i) == 0) continue;
        words += (words.empty() ? "" : ", ") + std::to_string(counts.at(i)) + " " +
                 std::string(to_string(static_cast<Verdict>(i)));
    }
    return words;
}

// Sites at which something happened in the instant of a violation come first.
std::vector<std::uint32_t> in_order_of_interest(const std::map<std::uint32_t, std::string>& sites,
                                                const ArmOutcome& arm) {
    std::set<Instant> violated;
    for (const Violation& violation : arm.violations) violated.insert(violation.at);
    std::set<std::uint32_t> interesting;
    for (const Fact& fact : arm.facts) {
        if (violated.contains(fact.at)) interesting.insert(fact.site);
    }
    std::vector<std::uint32_t> order;
    for (const auto& [site, name] : sites) {
        if (interesting.contains(site)) order.push_back(site);
    }
    for (const auto& [site, name] : sites) {
        if (!interesting.contains(site)) order.push_back(site);
    }
    return order;
}

}  // namespace

std::string draw_timeline(const ArmOutcome& arm) {
    std::map<std::uint32_t, std::string> sites;
    for (const Fact& fact : arm.facts) {
        if (fact.kind == FactKind::cast_site) {
            sites[fact.site] = fact.what;
        } else if (fact.site != 0) {
            sites.try_emplace(fact.site, "site " + std::to_string(fact.site));
        }
    }
    if (sites.empty()) return {};
    const std::vector<Happening> all = happenings(arm.facts);
    std::ostringstream out;
    std::size_t drawn = 0;
    for (const std::uint32_t site : in_order_of_interest(sites, arm)) {
        if (drawn == sites_max) break;
        ++drawn;
        if (sites.size() > 1) out << "<p class=\"site\">" << escape(sites.at(site)) << "</p>\n";
        draw_site(out, arm, all, site, sites.at(site));
    }
    if (sites.size() > drawn) {
        out << "<p class=\"fine\">" << sites.size() - drawn << " more sites are not drawn.</p>\n";
    }
    return out.str();
}

std::string draw_classes(const RunOutcome& outcome) {
    struct Row {
        std::string name;
        std::array<int, 4> counts{};
        int total = 0;
    };
    std::map<int, Row> rows;  // by invariant; honest visits first
    int longest = 1;
    for (const ScenarioOutcome& scenario : outcome.scenarios) {
        Row& row = rows[scenario.honest ? 0 : static_cast<int>(scenario.attacks)];
        row.name = scenario.honest ? "honest visits" : class_of(scenario);
        ++row.counts.at(static_cast<std::size_t>(scenario.verdict));
        longest = std::max(longest, ++row.total);
    }
    constexpr double row_height = 34;
    constexpr double left = 108;
    constexpr double bars = 240;
    constexpr double count_character = 7;
    double width = left + bars;
    for (const auto& [order, row] : rows) {
        const double label = static_cast<double>(verdict_counts(row.counts).size());
        width = std::max(width, left + bars * row.total / longest + 10 + label * count_character);
    }
    std::ostringstream out;
    const double height = row_height * static_cast<double>(rows.size()) + 6;
    out << "<svg class=\"classes\" style=\"max-width:" << px(width * 1.25) << "px\" viewBox=\"0 0 "
        << px(width) << " " << px(height)
        << "\" role=\"img\" aria-label=\"Number of scenarios of each class by verdict\">\n";
    double y = 4;
    for (const auto& [order, row] : rows) {
        out << "<text class=\"name\" x=\"0\" y=\"" << px(y + 18) << "\">" << escape(row.name)
            << "</text>";
        double x = left;
        for (std::size_t i = 0; i < row.counts.size(); ++i) {
            if (row.counts.at(i) == 0) continue;
            const auto verdict = static_cast<Verdict>(i);
            const double length = bars * row.counts.at(i) / longest;
            const std::string count =
                std::to_string(row.counts.at(i)) + " " + std::string(to_string(verdict));
            out << "<rect class=\"" << to_string(verdict) << "\" x=\"" << px(x) << "\" y=\""
                << px(y + 4) << "\" width=\"" << px(std::max(length - 2, 2.0))
                << "\" height=\"20\" rx=\"3\"><title>" << escape(row.name) << ": " << count
                << "</title></rect>";
            x += length;
        }
        out << "<text class=\"count\" x=\"" << px(x + 6) << "\" y=\"" << px(y + 18) << "\">"
            << verdict_counts(row.counts) << "</text>\n";
        y += row_height;
    }
    out << "</svg>\n";
    return out.str();
}

}  // namespace strongroom::report
