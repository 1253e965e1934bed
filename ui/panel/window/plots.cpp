// Plots of widgets.h, drawn with an ImDrawList. Names stand in words beside what they name; the
// colours come from the theme.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "drawing.h"
#include "panel/widgets.h"

namespace strongroom::panel {

namespace {

std::string number(double value) {
    std::array<char, 32> words{};
    const double size = std::abs(value);
    const bool long_one = size != 0 && (size < 0.001 || size >= 100000);
    std::snprintf(words.data(), words.size(), long_one ? "%.0e" : "%.4g", value);
    return words.data();
}

// Round values of an axis, about `wanted` of them.
std::vector<double> ticks(const Axis& axis, int wanted) {
    std::vector<double> values;
    if (axis.logarithmic) {
        for (double decade = std::pow(10.0, std::ceil(std::log10(axis.least) - 1e-9));
             decade <= axis.most * 1.000001; decade *= 10) {
            values.push_back(decade);
        }
        return values;
    }
    const double span = axis.most - axis.least;
    if (!(span > 0) || wanted < 1) return values;
    const double raw = span / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double part = raw / power;
    const double step = power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
    for (double value = std::ceil(axis.least / step - 1e-9) * step;
         value <= axis.most + step * 1e-6; value += step) {
        values.push_back(std::abs(value) < step * 1e-6 ? 0 : value);
    }
    return values;
}

// Where a value lies on its axis, 0 to 1 within.
double place(const Axis& axis, double value) {
    if (axis.logarithmic) {
        const double least = std::log10(axis.least);
        return (std::log10(std::max(value, axis.least * 1e-3)) - least) /
               (std::log10(axis.most) - least);
    }
    return (value - axis.least) / (axis.most - axis.least);
}

double value_at(const Axis& axis, double part) {
    if (axis.logarithmic) {
        const double least = std::log10(axis.least);
        return std::pow(10.0, least + part * (std::log10(axis.most) - least));
    }
    return axis.least + part * (axis.most - axis.least);
}

class Field {
public:
    Field(const Plot& plot, ImVec2 begin, ImVec2 end)
        : plot_(plot), begin_(begin), end_(end), list_(*ImGui::GetWindowDrawList()) {}

    void grid() const;
    void bars(const Bars& bars) const;
    void curve(const Curve& curve) const;
    void limit(const Limit& limit) const;
    void pointer() const;

private:
    [[nodiscard]] float x(double value) const {
        return begin_.x + static_cast<float>(place(plot_.x, value)) * (end_.x - begin_.x);
    }
    [[nodiscard]] float y(double value) const {
        return end_.y - static_cast<float>(place(plot_.y, value)) * (end_.y - begin_.y);
    }
    void stroke(ImVec2 from, ImVec2 to, std::uint32_t ink, bool dashed) const;

    const Plot& plot_;
    ImVec2 begin_;
    ImVec2 end_;
    ImDrawList& list_;
};

void Field::grid() const {
    const std::uint32_t line = theme().ink(Meaning::border, 0.3F);
    const std::uint32_t words = theme().ink(Meaning::quiet);
    list_.AddRectFilled(begin_, end_, theme().ink(Meaning::background));
    const int across = std::max(2, static_cast<int>((end_.x - begin_.x) / em(5)));
    const int up = std::max(2, static_cast<int>((end_.y - begin_.y) / em(2.2F)));
    float free_from = begin_.x - em(2);
    for (const double value : ticks(plot_.x, across)) {
        const float at = x(value);
        list_.AddLine({at, begin_.y}, {at, end_.y}, line);
        const std::string label = number(value);
        const float width = size_of(label).x;
        const float left = std::clamp(at - width / 2, begin_.x, end_.x - width);
        if (left < free_from) continue;
        draw_words(list_, {left, end_.y + em(0.15F)}, words, label);
        free_from = left + width + em(0.5F);
    }
    for (const double value : ticks(plot_.y, up)) {
        const float at = y(value);
        list_.AddLine({begin_.x, at}, {end_.x, at}, line);
        const std::string label = number(value);
        const float top = std::clamp(at - em(0.5F), begin_.y - em(0.3F), end_.y - em(0.8F));
        draw_words(list_, {begin_.x - size_of(label).x - em(0.35F), top}, words, label);
    }
    list_.AddRect(begin_, end_, theme().ink(Meaning::border, 0.7F));
}

void Field::bars(const Bars& bars) const {
    for (std::size_t i = 0; i < bars.heights.size(); ++i) {
        if (!(bars.heights[i] > 0)) continue;
        const double from = bars.begin + bars.width * static_cast<double>(i);
        const ImVec2 corner{x(from), y(bars.heights[i])};
        const ImVec2 end{std::max(x(from + bars.width) - 1, corner.x + 1), end_.y};
        list_.AddRectFilled(corner, end, theme().ink(bars.meaning, 0.45F));
        list_.AddLine(corner, {end.x, corner.y}, theme().ink(bars.meaning), em(0.09F));
    }
}

void Field::stroke(ImVec2 from, ImVec2 to, std::uint32_t ink, bool dashed) const {
    const float thick = em(0.11F);
    if (!dashed) {
        list_.AddLine(from, to, ink, thick);
        return;
    }
    const float length = std::hypot(to.x - from.x, to.y - from.y);
    const float dash = em(0.45F);
    for (float at = 0; at < length; at += 2 * dash) {
        const float stop = std::min(at + dash, length);
        const ImVec2 one{from.x + (to.x - from.x) * at / length,
                         from.y + (to.y - from.y) * at / length};
        const ImVec2 other{from.x + (to.x - from.x) * stop / length,
                           from.y + (to.y - from.y) * stop / length};
        list_.AddLine(one, other, ink, thick);
    }
}

void Field::curve(const Curve& curve) const {
    const std::uint32_t ink = theme().ink(curve.meaning);
    const PlotPoint* before = nullptr;
    for (const PlotPoint& point : curve.points) {
        if (!std::isfinite(point.y)) {
            before = nullptr;
            continue;
        }
        const ImVec2 at{x(point.x), y(point.y)};
        if (curve.dots) {
            list_.AddCircleFilled(at, em(0.16F), ink);
        } else if (before != nullptr) {
            stroke({x(before->x), y(before->y)}, at, ink, curve.dashed);
        }
        before = &point;
    }
}

void Field::limit(const Limit& limit) const {
    const std::uint32_t ink = theme().ink(limit.meaning);
    const float width = size_of(limit.name).x;
    if (limit.vertical) {
        const float at = x(limit.value);
        stroke({at, begin_.y}, {at, end_.y}, ink, true);
        const bool right = at + width + em(0.6F) < end_.x;
        draw_words(list_, {right ? at + em(0.3F) : at - width - em(0.3F), begin_.y + em(0.15F)},
                   ink, limit.name);
        return;
    }
    const float at = y(limit.value);
    stroke({begin_.x, at}, {end_.x, at}, ink, true);
    const bool above = at - em(1.1F) > begin_.y;
    draw_words(list_, {end_.x - width - em(0.3F), above ? at - em(1.05F) : at + em(0.1F)}, ink,
               limit.name);
}

// The values under the mouse.
void Field::pointer() const {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const bool within =
        mouse.x >= begin_.x && mouse.x <= end_.x && mouse.y >= begin_.y && mouse.y <= end_.y;
    if (!ImGui::IsItemHovered() || !within) return;
    const double at =
        value_at(plot_.x, static_cast<double>((mouse.x - begin_.x) / (end_.x - begin_.x)));
    std::string words = (plot_.x.name.empty() ? "x" : plot_.x.name) + " " + number(at);
    for (const Curve& curve : plot_.curves) {
        const auto nearest = std::min_element(curve.points.begin(), curve.points.end(),
                                              [at](const PlotPoint& a, const PlotPoint& b) {
                                                  return std::abs(a.x - at) < std::abs(b.x - at);
                                              });
        if (nearest == curve.points.end() || !std::isfinite(nearest->y)) continue;
        words += "\n" + curve.name + " " + number(nearest->y);
    }
    for (const Bars& bars : plot_.bars) {
        const double index = std::floor((at - bars.begin) / bars.width);
        if (index < 0 || index >= static_cast<double>(bars.heights.size())) continue;
        words += "\n" + bars.name + " " + number(bars.heights[static_cast<std::size_t>(index)]);
    }
    list_.AddLine({mouse.x, begin_.y}, {mouse.x, end_.y}, theme().ink(Meaning::quiet, 0.6F));
    tooltip(words);
}

// What each colour is, in one line that wraps. Returns its height.
void legend(const Plot& plot) {
    bool first = true;
    const auto entry = [&](const std::string& name, Meaning meaning) {
        if (name.empty()) return;
        if (!first) flow(size_of(name).x + em(1.3F));
        first = false;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::Dummy({size_of(name).x + em(1.2F), em(1)});
        ImDrawList& list = *ImGui::GetWindowDrawList();
        list.AddRectFilled({at.x, at.y + em(0.35F)}, {at.x + em(0.8F), at.y + em(0.65F)},
                           theme().ink(meaning));
        draw_words(list, {at.x + em(1.1F), at.y}, theme().ink(Meaning::quiet), name);
    };
    for (const Curve& curve : plot.curves) entry(curve.name, curve.meaning);
    for (const Bars& bars : plot.bars) entry(bars.name, bars.meaning);
}

bool has_content(const Plot& plot) {
    return std::any_of(plot.curves.begin(), plot.curves.end(),
                       [](const Curve& curve) { return !curve.points.empty(); }) ||
           std::any_of(plot.bars.begin(), plot.bars.end(),
                       [](const Bars& bars) { return !bars.heights.empty(); });
}

}  // namespace

void draw(const Plot& plot, float height) {
    const std::string_view title = shown(plot.title);
    ImGui::PushID(plot.title.c_str());
    const float top = ImGui::GetCursorPosY();
    if (!title.empty()) text(title);
    legend(plot);
    const float used = ImGui::GetCursorPosY() - top;
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const float width = std::max(ImGui::GetContentRegionAvail().x, em(4));
    const float room = std::max(em(height) - used, em(3));
    ImGui::Dummy({width, room});
    float margin = em(1);
    for (const double value : ticks(plot.y, 4)) {
        margin = std::max(margin, size_of(number(value)).x);
    }
    const ImVec2 begin{corner.x + margin + em(0.6F), corner.y + em(0.35F)};
    const ImVec2 end{corner.x + width - em(0.3F), corner.y + room - em(2.3F)};
    if (end.x - begin.x > em(2) && end.y - begin.y > em(1)) {
        const Field field(plot, begin, end);
        ImDrawList& list = *ImGui::GetWindowDrawList();
        field.grid();
        list.PushClipRect(begin, end, true);
        for (const Bars& bars : plot.bars) field.bars(bars);
        for (const Curve& curve : plot.curves) field.curve(curve);
        for (const Limit& limit : plot.limits) field.limit(limit);
        list.PopClipRect();
        const float name_width = size_of(plot.x.name).x;
        draw_words(list, {(begin.x + end.x - name_width) / 2, end.y + em(1.15F)},
                   theme().ink(Meaning::quiet), plot.x.name);
        if (!has_content(plot)) {
            const ImVec2 size = size_of(plot.empty);
            draw_words(list, {(begin.x + end.x - size.x) / 2, (begin.y + end.y - size.y) / 2},
                       theme().ink(Meaning::quiet), plot.empty);
        }
        field.pointer();
    }
    record_item(title.empty() ? std::string_view(plot.title) : title, "picture",
                has_content(plot) ? "" : plot.empty);
    ImGui::PopID();
}

}  // namespace strongroom::panel
