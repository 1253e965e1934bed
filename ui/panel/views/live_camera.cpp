#include "live_camera.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "minute_strip.h"
#include "parts.h"

namespace strongroom::panel {
namespace {

constexpr float verdict_label = 4.6F;  // letters

struct Verdict {
    std::string words;
    Meaning meaning = Meaning::quiet;
};

// The gate before a comparison speaks through the screen: that is where its limits are known.
Verdict quality_verdict(const Snapshot& snapshot) {
    const auto& observation = snapshot.camera.observation;
    if (!observation) return {"nothing measured yet"};
    if (observation->faces == 0) return {"no face in the picture"};
    using enum Prompt::Message;
    switch (snapshot.terminal.prompt.message) {
        case move_closer: return {"too far away", Meaning::warning};
        case one_person_only: return {"more than one face", Meaning::warning};
        case more_light: return {"too dark or too bright", Meaning::warning};
        case hold_still: return {"blurred", Meaning::warning};
        case face_forward: return {"turned away", Meaning::warning};
        case open_eyes: return {"eyes shut", Meaning::warning};
        default: break;
    }
    std::array<char, 64> words{};
    std::snprintf(words.data(), words.size(), "good: eyes %.0f px apart",
                  static_cast<double>(observation->face_size));
    return {words.data(), Meaning::good};
}

Verdict liveness_verdict(const CameraSnapshot& camera) {
    if (!camera.observation || camera.observation->faces == 0) return {"not measured"};
    if (camera.observation->liveness == Liveness::declared) {
        return {"NOT MEASURED: declared", Meaning::simulated};
    }
    const double score = static_cast<double>(camera.observation->liveness_score);
    const bool live = score >= camera.liveness_min;
    return {live ? "live: " + two_digits(score) + " \u2265 " + two_digits(camera.liveness_min)
                 : "NOT live: " + two_digits(score) + " < " + two_digits(camera.liveness_min),
            live ? Meaning::good : Meaning::bad};
}

Verdict match_verdict(const CameraSnapshot& camera) {
    if (!camera.observation || !camera.observation->distance) return {"not compared"};
    const double distance = static_cast<double>(*camera.observation->distance);
    const bool match = distance <= camera.distance_max;
    const std::string limit = two_digits(camera.distance_max);
    return {match ? "match: " + two_digits(distance) + " \u2264 " + limit
                  : "NO match: " + two_digits(distance) + " > " + limit,
            match ? Meaning::good : Meaning::bad};
}

Meaning mark_meaning(const CameraSnapshot& camera) {
    const Meaning match = match_verdict(camera).meaning;
    const Meaning live = liveness_verdict(camera).meaning;
    if (match == Meaning::bad || live == Meaning::bad) return Meaning::bad;
    return match == Meaning::good ? Meaning::good : Meaning::accent;
}

void draw_mark(ImDrawList& list, ImVec2 origin, float zoom, const FaceMark& mark, Meaning meaning) {
    const auto place = [&](Point p) {
        return ImVec2{origin.x + p.x * zoom, origin.y + p.y * zoom};
    };
    const ImVec2 to = place({mark.corner.x + mark.width, mark.corner.y + mark.height});
    list.AddRect(place(mark.corner), to, theme().ink(Meaning::background, 0.7F), em(0.3F), 0,
                 em(0.26F));
    list.AddRect(place(mark.corner), to, theme().ink(meaning), em(0.3F), 0, em(0.13F));
    for (const Point& landmark : mark.landmarks) {
        list.AddCircleFilled(place(landmark), em(0.22F), theme().ink(Meaning::background, 0.7F));
        list.AddCircleFilled(place(landmark), em(0.15F), theme().ink(meaning));
    }
}

// Words on a ground of their own within the picture, so that they can be read on any.
void title_in_picture(ImDrawList& list, ImVec2 at, std::string_view words, Meaning meaning) {
    const ImVec2 size = size_of(words);
    list.AddRectFilled(at, {at.x + size.x + em(), at.y + size.y + em(0.4F)},
                       theme().ink(Meaning::background, 0.85F), em(0.3F));
    draw_words(list, {at.x + em(0.5F), at.y + em(0.2F)}, theme().ink(meaning), words);
}

// Where a face would be.
void draw_nobody(ImDrawList& list, ImVec2 middle, float size) {
    const ImU32 ink = theme().ink(Meaning::border, 0.6F);
    list.AddCircleFilled({middle.x, middle.y - 0.16F * size}, 0.17F * size, ink, 40);
    list.PathArcTo({middle.x, middle.y + 0.42F * size}, 0.32F * size, 3.1416F, 6.2832F, 30);
    list.PathFillConvex(ink);
}

struct Absence {
    std::string title;
    std::string advice;
};

Absence absence(const Snapshot& snapshot) {
    if (!snapshot.camera.trouble.empty()) return {"No picture", snapshot.camera.trouble};
    if (!snapshot.camera.pixels) {
        return {"No picture",
                "At this level faces are scores, without pixels: the curves show them."};
    }
    return {"Camera off", "It looks only while somebody is served."};
}

void draw_absence(ImDrawList& list, ImVec2 at, ImVec2 size, const Absence& said) {
    draw_nobody(list, {at.x + size.x / 2, at.y + size.y * 0.28F}, std::min(size.y * 0.5F, em(8)));
    const float top = at.y + size.y * 0.56F;
    const float width = size.x - em(2);
    draw_centred(list, {at.x + em(), top}, width, theme().ink(Meaning::text), said.title);
    draw_wrapped(list, {at.x + em(), top + em(1.4F)}, width, theme().ink(Meaning::quiet),
                 said.advice);
}

void draw_frame(const Snapshot& snapshot, void* texture, ImVec2 at, ImVec2 size, float aspect) {
    const CameraSnapshot& camera = snapshot.camera;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float shown = std::min(size.x, size.y * aspect);
    const ImVec2 corner{at.x + (size.x - shown) / 2, at.y};
    const ImVec2 end{corner.x + shown, corner.y + size.y};
    list.AddImage(texture, corner, end);
    if (!camera.face) return;
    ImGui::PushClipRect(corner, end, true);
    draw_mark(list, corner, shown / static_cast<float>(camera.frame.width), *camera.face,
              mark_meaning(camera));
    ImGui::PopClipRect();
}

void draw_picture(const Snapshot& snapshot, Context& context, float height_max) {
    const CameraSnapshot& camera = snapshot.camera;
    const bool has_frame = camera.trouble.empty() && camera.frame.pixels != nullptr;
    const float aspect =
        has_frame ? static_cast<float>(camera.frame.width) / static_cast<float>(camera.frame.height)
                  : 4.0F / 3.0F;
    const float width = ImGui::GetContentRegionAvail().x;
    const ImVec2 size{width, std::min(width / aspect, height_max)};
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, theme().ink(Meaning::background),
                       em(0.3F));
    void* texture = has_frame ? context.textures.upload("camera", camera.frame) : nullptr;
    if (texture != nullptr) {
        draw_frame(snapshot, texture, at, size, aspect);
    } else {
        draw_absence(list, at, size, absence(snapshot));
    }
    const ImVec2 foot{at.x + em(0.4F), at.y + size.y - em(1.9F)};
    if (texture != nullptr && camera.preview) {
        title_in_picture(list, foot, "Preview: camera off", Meaning::text);
    } else if (texture != nullptr && camera.observing) {
        title_in_picture(list, foot, "The terminal is looking", Meaning::accent);
    }
    ImGui::Dummy(size);
}

}  // namespace

void draw_camera(const Snapshot& snapshot, Context& context, float picture_height) {
    draw_picture(snapshot, context, picture_height);
    const auto row = [](std::string_view what, const Verdict& verdict) {
        labelled(what, verdict.words, verdict.meaning, verdict_label);
    };
    row("Picture", quality_verdict(snapshot));
    row("Liveness", liveness_verdict(snapshot.camera));
    row("Face", match_verdict(snapshot.camera));
}

void draw_last_minute(const Snapshot& snapshot, float height) {
    const CameraSnapshot& camera = snapshot.camera;
    const float lines = 2 * (ImGui::GetTextLineHeight() + 2 * ImGui::GetStyle().ItemSpacing.y);
    const float each = std::max(em(2.5F), (height - lines) / 2);
    draw_strip({.label = "Distance",
                .better = "lower: more alike",
                .threshold = camera.distance_max,
                .pass_below = true,
                .value = [](const Score& score) { return score.distance; }},
               camera.scores, snapshot.time.now, each);
    draw_strip({.label = "Liveness",
                .better = "higher: more alive",
                .threshold = camera.liveness_min,
                .pass_below = false,
                .value = [](const Score& score) -> std::optional<float> {
                    if (score.faces == 0) return std::nullopt;
                    return score.liveness;
                }},
               camera.scores, snapshot.time.now, each);
}

}  // namespace strongroom::panel
