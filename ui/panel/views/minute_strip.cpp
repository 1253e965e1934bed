#include "minute_strip.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "parts.h"

namespace strongroom::panel {
namespace {

using namespace std::chrono_literals;

constexpr Duration shown_span = 60s;
constexpr Duration gap_least = 1500ms;  // longer between two values, and the curve is broken

double seconds_of(Duration span) { return std::chrono::duration<double>(span).count(); }

struct Area {
    ImVec2 from;
    ImVec2 to;
    float top = 1;  // value at the upper edge; the lower edge is 0
    Instant now{};

    [[nodiscard]] float x(Instant at) const {
        return to.x -
               static_cast<float>(seconds_of(now - at) / seconds_of(shown_span)) * (to.x - from.x);
    }
    [[nodiscard]] float y(float value) const {
        return to.y - std::clamp(value / top, 0.0F, 1.0F) * (to.y - from.y);
    }
};

bool passes(const MinuteStrip& strip, float value) {
    const double v = static_cast<double>(value);
    return strip.pass_below ? v <= strip.threshold : v >= strip.threshold;
}

float upper_edge(const MinuteStrip& strip, const std::vector<Score>& scores) {
    float top = std::max(1.0F, static_cast<float>(strip.threshold) * 1.6F);
    for (const Score& score : scores) {
        if (const auto value = strip.value(score)) top = std::max(top, *value * 1.05F);
    }
    return top;
}

void draw_ground(ImDrawList& list, const Area& area, const MinuteStrip& strip) {
    list.AddRectFilled(area.from, area.to, theme().ink(Meaning::background), em(0.25F));
    for (int second = 10; second < 60; second += 10) {
        const float x = area.x(area.now - std::chrono::seconds(second));
        list.AddLine({x, area.from.y}, {x, area.to.y}, theme().ink(Meaning::border, 0.35F));
    }
    if (strip.threshold <= 0) return;
    const float y = area.y(static_cast<float>(strip.threshold));
    list.AddRectFilled({area.from.x, strip.pass_below ? y : area.from.y},
                       {area.to.x, strip.pass_below ? area.to.y : y},
                       theme().ink(Meaning::good, 0.10F), em(0.25F));
    for (float x = area.from.x; x < area.to.x; x += em(0.8F)) {
        list.AddLine({x, y}, {std::min(x + em(0.45F), area.to.x), y}, theme().ink(Meaning::warning),
                     1);
    }
}

void draw_curve(ImDrawList& list, const Area& area, const MinuteStrip& strip,
                const std::vector<Score>& scores) {
    std::optional<ImVec2> before;
    Instant before_at{};
    for (const Score& score : scores) {
        if (score.at < area.now - shown_span) continue;
        const auto value = strip.value(score);
        if (!value) {
            before.reset();
            continue;
        }
        const ImVec2 at{area.x(score.at), area.y(*value)};
        const ImU32 ink = theme().ink(passes(strip, *value) ? Meaning::good : Meaning::bad);
        if (before && score.at - before_at <= gap_least) {
            list.AddLine(*before, at, ink, std::max(1.5F, em(0.1F)));
        } else {
            list.AddCircleFilled(at, em(0.12F), ink);
        }
        before = at;
        before_at = score.at;
    }
}

// The threshold in words, on the side of its line where nothing passes and there is room.
void draw_threshold_words(ImDrawList& list, const Area& area, const MinuteStrip& strip) {
    if (strip.threshold <= 0) return;
    const std::string words =
        (strip.pass_below ? "at most " : "at least ") + two_digits(strip.threshold);
    const float y = area.y(static_cast<float>(strip.threshold));
    const float line = ImGui::GetTextLineHeight();
    const bool above =
        strip.pass_below ? y - area.from.y > line + em(0.2F) : area.to.y - y < line + em(0.2F);
    draw_words(list, {area.from.x + em(0.4F), above ? y - line - em(0.1F) : y + em(0.1F)},
               theme().ink(Meaning::warning), words);
}

void explain_point(const Area& area, const MinuteStrip& strip, const std::vector<Score>& scores) {
    if (!ImGui::IsItemHovered()) return;
    const float wanted = ImGui::GetIO().MousePos.x;
    const Score* nearest = nullptr;
    for (const Score& score : scores) {
        if (!strip.value(score)) continue;
        if (nearest == nullptr ||
            std::abs(area.x(score.at) - wanted) < std::abs(area.x(nearest->at) - wanted)) {
            nearest = &score;
        }
    }
    if (nearest == nullptr) return;
    const float value = *strip.value(*nearest);
    const auto ago = static_cast<int>(seconds_of(area.now - nearest->at));
    tooltip(two_digits(static_cast<double>(value)) + ", " + std::to_string(ago) +
            " s ago: " + (passes(strip, value) ? "passes" : "does not pass"));
}

}  // namespace

void draw_strip(const MinuteStrip& strip, const std::vector<Score>& scores, Instant now,
                float height) {
    const float width = ImGui::GetContentRegionAvail().x;
    const float left = ImGui::GetCursorPosX();
    text(strip.label);
    const float better = size_of(strip.better).x;
    if (size_of(strip.label).x + better + em() < width) {
        ImGui::SameLine(left + width - better);
        // Not wrapped: rounding must not break it.
        write_on_line(strip.better, Meaning::quiet);
    }
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const Area area{at, {at.x + width, at.y + height}, upper_edge(strip, scores), now};
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImGui::PushClipRect(area.from, area.to, true);
    draw_ground(list, area, strip);
    draw_curve(list, area, strip, scores);
    draw_threshold_words(list, area, strip);
    ImGui::PopClipRect();
    const bool any = std::any_of(scores.begin(), scores.end(), [&](const Score& score) {
        return strip.value(score).has_value();
    });
    if (!any) {
        const float line = ImGui::GetTextLineHeight();
        // Beside the words of the threshold.
        const float y = strip.pass_below ? area.to.y - line - em(0.2F) : area.from.y + em(0.2F);
        draw_words(list, {at.x + em(0.4F), y}, theme().ink(Meaning::quiet),
                   "not measured in the last minute");
    }
    ImGui::Dummy({width, height});
    if (any) explain_point(area, strip, scores);
}

}  // namespace strongroom::panel
