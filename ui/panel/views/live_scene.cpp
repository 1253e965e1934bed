#include "live_scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "parts.h"
#include "words.h"

namespace strongroom::panel {
namespace {

constexpr float label_letters = 7.4F;
constexpr float moves_a_second = 7;

// One thing in the scene: where its label's line ends, and what is said of it.
struct Label {
    std::string_view name;
    std::string state;
    Meaning meaning = Meaning::good;
    ImVec2 target;
};

// The scene's own measures: everything is placed within the box from `from` to `to`.
struct Stage {
    ImDrawList& list;
    ImVec2 from;
    ImVec2 to;
    [[nodiscard]] ImVec2 at(float x, float y) const {
        return {from.x + x * (to.x - from.x), from.y + y * (to.y - from.y)};
    }
};

bool sounds(const DoorSnapshot& door, Alarm alarm) {
    return std::find(door.sounding.begin(), door.sounding.end(), alarm) != door.sounding.end();
}

Meaning door_meaning(const DoorSnapshot& door) {
    if (sounds(door, Alarm::door_forced)) return Meaning::bad;
    return door.door_open ? Meaning::warning : Meaning::good;
}

ImU32 ink_between(Meaning from, Meaning to, float amount) {
    const Colour mixed = mix(theme().colour(from), theme().colour(to), amount);
    return ImGui::ColorConvertFloat4ToU32(vector_of(mixed));
}

void draw_lamp(const Stage& stage, sim::Light light, ImVec2 middle) {
    const float radius = em(0.45F);
    const bool lit = light != sim::Light::dark;
    const float rays = light == sim::Light::glare ? 1.1F : 0.6F;
    stage.list.AddCircleFilled(middle, radius,
                               theme().ink(lit ? Meaning::warning : Meaning::border), 24);
    if (!lit) return;
    for (int i = 0; i < 8; ++i) {
        const float angle = static_cast<float>(i) * 0.7854F;
        const float near = radius + em(0.22F);
        const float far = near + em(rays) * 0.6F;
        stage.list.AddLine({middle.x + near * std::cos(angle), middle.y + near * std::sin(angle)},
                           {middle.x + far * std::cos(angle), middle.y + far * std::sin(angle)},
                           theme().ink(Meaning::warning, 0.8F), em(0.1F));
    }
}

void draw_siren(const Stage& stage, bool sounding, ImVec2 foot) {
    const float width = em(0.9F);
    const ImU32 ink = theme().ink(sounding ? Meaning::bad : Meaning::border);
    stage.list.PathArcTo({foot.x, foot.y - em(0.2F)}, width / 2, 3.1416F, 6.2832F, 16);
    stage.list.PathFillConvex(ink);
    stage.list.AddRectFilled({foot.x - width * 0.7F, foot.y - em(0.2F)},
                             {foot.x + width * 0.7F, foot.y}, ink);
    if (!sounding) return;
    const double beat = std::fmod(ImGui::GetTime() * 1.5, 1.0);
    for (int ring = 0; ring < 2; ++ring) {
        const float grown = static_cast<float>(std::fmod(beat + 0.5 * ring, 1.0));
        stage.list.PathArcTo({foot.x, foot.y - em(0.3F)}, em(0.7F + 0.8F * grown), 3.6F, 5.83F, 16);
        stage.list.PathStroke(theme().ink(Meaning::bad, 1 - grown), 0, em(0.12F));
    }
}

// The terminal beside the door: camera, screen and keys behind a lid.
void draw_terminal(const Stage& stage, const DoorSnapshot& door, float lid, ImVec2 from,
                   ImVec2 to) {
    ImDrawList& list = stage.list;
    const float width = to.x - from.x;
    list.AddRectFilled(from, to, theme().ink(Meaning::raised), em(0.2F));
    list.AddRect(from, to, theme().ink(lid > 0.5F ? Meaning::bad : Meaning::border), em(0.2F), 0,
                 em(0.1F));
    const bool alive = door.powered;
    list.AddCircleFilled({from.x + width / 2, from.y + em(0.55F)}, em(0.28F),
                         theme().ink(alive ? Meaning::accent : Meaning::border), 20);
    const float screen_top = from.y + em(1.1F);
    list.AddRectFilled({from.x + em(0.25F), screen_top}, {to.x - em(0.25F), screen_top + em(0.9F)},
                       theme().ink(alive ? Meaning::accent : Meaning::border, alive ? 0.5F : 1),
                       em(0.1F));
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 3; ++column) {
            list.AddCircleFilled({from.x + width * (0.25F + 0.25F * static_cast<float>(column)),
                                  screen_top + em(1.45F + 0.5F * static_cast<float>(row))},
                                 em(0.12F), theme().ink(Meaning::border), 10);
        }
    }
    if (lid < 0.02F) return;
    // The lid hangs open to the left.
    const float out = em(0.9F) * lid;
    const std::array<ImVec2, 4> flap{{{from.x, from.y},
                                      {from.x - out, from.y + em(0.5F) * lid},
                                      {from.x - out, to.y + em(0.5F) * lid},
                                      {from.x, to.y}}};
    list.AddConvexPolyFilled(flap.data(), 4, theme().tint_ink(Meaning::bad));
    list.AddPolyline(flap.data(), 4, theme().ink(Meaning::bad), ImDrawFlags_Closed, em(0.1F));
}

struct Doorway {
    ImVec2 from;
    ImVec2 to;
};

void draw_inside(const Stage& stage, const Doorway& way) {
    ImDrawList& list = stage.list;
    list.AddRectFilled(way.from, way.to, theme().ink(Meaning::background));
    const float step = (way.to.y - way.from.y) / 4;
    for (int shelf = 1; shelf < 4; ++shelf) {
        const float y = way.from.y + step * static_cast<float>(shelf);
        list.AddLine({way.from.x, y}, {way.to.x, y}, theme().ink(Meaning::border, 0.7F), em(0.1F));
        const float right = way.to.x - em(0.3F);
        list.AddRectFilled({right - em(1.1F), y - step * 0.55F}, {right, y},
                           theme().ink(Meaning::warning, 0.45F), em(0.1F));
    }
}

// Returns where the key is and where the bolt leaves the leaf.
struct Leaf {
    ImVec2 key;
    ImVec2 bolt;
};
Leaf draw_leaf(const Stage& stage, const DoorSnapshot& door, const Doorway& way, float open,
               float turned) {
    ImDrawList& list = stage.list;
    const float width = (way.to.x - way.from.x) * (1 - 0.62F * open);
    const float skew = em(0.9F) * open;
    const float right = way.from.x + width;
    const std::array<ImVec2, 4> corners{
        {way.from, {right, way.from.y + skew}, {right, way.to.y + skew}, {way.from.x, way.to.y}}};
    list.AddConvexPolyFilled(corners.data(), 4, theme().ink(Meaning::raised));
    list.AddPolyline(corners.data(), 4, theme().ink(door_meaning(door)), ImDrawFlags_Closed,
                     em(0.13F));
    const float middle = (way.from.y + way.to.y) / 2;
    const Leaf leaf{{way.from.x + width * 0.5F, middle + skew * 0.5F}, {right, middle + skew}};
    const float radius = em(0.8F) * (1 - 0.35F * open);
    list.AddCircleFilled(leaf.key, radius, theme().ink(Meaning::surface), 32);
    list.AddCircle(leaf.key, radius, theme().ink(Meaning::border), 32, em(0.1F));
    if (door.keyless) return leaf;
    const float angle = 1.5708F * (1 - turned);
    const ImVec2 slot{radius * 0.6F * std::cos(angle), radius * 0.6F * std::sin(angle)};
    list.AddLine({leaf.key.x - slot.x, leaf.key.y - slot.y},
                 {leaf.key.x + slot.x, leaf.key.y + slot.y},
                 ink_between(Meaning::border, Meaning::warning, turned), em(0.22F));
    return leaf;
}

void draw_label(const Stage& stage, const Label& label, ImVec2 at, bool left) {
    ImDrawList& list = stage.list;
    const float width = em(label_letters);
    const std::string name = fitted(label.name, width);
    const std::string state = fitted(label.state, width);
    const float line = ImGui::GetTextLineHeight();
    const float name_x = left ? at.x : at.x + width - size_of(name).x;
    const float state_x = left ? at.x : at.x + width - size_of(state).x;
    draw_words(list, {name_x, at.y}, theme().ink(Meaning::quiet), name);
    draw_words(list, {state_x, at.y + line}, theme().ink(label.meaning), state);
    // Under the words, and from there to what they speak of.
    const float y = at.y + 2 * line + em(0.1F);
    const ImVec2 near{left ? at.x + width : at.x, y};
    const ImU32 ink = theme().ink(Meaning::border, 0.55F);
    list.AddLine({at.x, y}, {at.x + width, y}, ink, 1);
    list.AddLine(near, label.target, ink, 1);
    list.AddCircleFilled(label.target, em(0.14F), theme().ink(label.meaning), 12);
}

std::string siren_words(const DoorSnapshot& door) {
    if (door.sounding.empty()) return "quiet";
    if (door.sounding.size() == 1) return std::string(alarm_words(door.sounding.front()));
    return std::to_string(door.sounding.size()) + " alarms";
}

struct Places {
    ImVec2 lamp;
    ImVec2 siren;  // its foot
    ImVec2 strike;
    ImVec2 box_from;  // of the terminal
    ImVec2 box_to;
    Doorway way;
    Leaf leaf;
};

// Wall, doorway, lamp and siren.
Places draw_wall(const Stage& stage, const DoorSnapshot& door) {
    ImDrawList& list = stage.list;
    list.AddRectFilled(stage.from, stage.to, theme().ink(Meaning::background, 0.5F), em(0.3F));
    Places places;
    places.lamp = stage.at(0.2F, 0.14F);
    places.siren = {stage.at(0.9F, 0).x, stage.at(0, 0.2F).y};
    places.way = {stage.at(0.38F, 0.26F), stage.at(0.8F, 0.92F)};
    places.box_from = stage.at(0.1F, 0.36F);
    places.box_to = {places.box_from.x + em(2.1F), places.box_from.y + em(3.4F)};
    const float frame = em(0.3F);
    list.AddRectFilled({places.way.from.x - frame, places.way.from.y - frame},
                       {places.way.to.x + frame, places.way.to.y},
                       theme().ink(Meaning::border, 0.5F));
    draw_inside(stage, places.way);
    draw_lamp(stage, door.light, places.lamp);
    draw_siren(stage, !door.sounding.empty(), places.siren);
    return places;
}

Meaning strike_meaning(const DoorSnapshot& door) {
    if (door.strike_welded) return Meaning::bad;
    return door.strike_released ? Meaning::warning : Meaning::good;
}

// It sits in the frame and holds the bolt's end; it swings out when it is released.
void draw_strike(const Stage& stage, const DoorSnapshot& door, float released, Places& places) {
    const float middle = (places.way.from.y + places.way.to.y) / 2;
    places.strike = {places.way.to.x + em(0.4F + 0.5F * released), middle - em(0.55F)};
    stage.list.AddRectFilled(places.strike,
                             {places.strike.x + em(0.75F), places.strike.y + em(1.1F)},
                             theme().ink(strike_meaning(door)), em(0.12F));
}

std::array<Label, 4> left_labels(const DoorSnapshot& door, const Places& places) {
    return {{
        {"Light", std::string(light_words(door.light)),
         door.light == sim::Light::normal ? Meaning::good : Meaning::warning, places.lamp},
        {"Power",
         door.powered ? "on" : "OFF",
         door.powered ? Meaning::good : Meaning::bad,
         {places.box_from.x + em(0.5F), places.box_from.y + em(0.4F)}},
        {"Enclosure",
         door.enclosure_open ? "OPEN" : "shut",
         door.enclosure_open ? Meaning::bad : Meaning::good,
         {places.box_from.x + em(0.4F), places.box_to.y - em(0.3F)}},
        {"Door",
         door.door_open ? "OPEN" : "shut",
         door_meaning(door),
         {places.way.from.x + em(0.5F), places.way.to.y - em(0.5F)}},
    }};
}

std::array<Label, 4> right_labels(const DoorSnapshot& door, const Places& places) {
    const std::string_view strike = door.strike_welded     ? "WELDED open"
                                    : door.strike_released ? "released"
                                                           : "holds";
    const std::string_view key = door.keyless      ? "has no key"
                                 : door.key_turned ? "turned"
                                                   : "not turned";
    return {{
        {"Siren",
         siren_words(door),
         door.sounding.empty() ? Meaning::good : Meaning::bad,
         {places.siren.x + em(0.3F), places.siren.y - em(0.3F)}},
        {"Strike",
         std::string(strike),
         strike_meaning(door),
         {places.strike.x + em(0.55F), places.strike.y + em(0.25F)}},
        {"Bolt",
         door.bolt_withdrawn ? "withdrawn" : "thrown",
         door.bolt_withdrawn ? Meaning::warning : Meaning::good,
         {places.leaf.bolt.x - em(0.2F), places.leaf.bolt.y + em(0.1F)}},
        {"Key",
         std::string(key),
         door.key_turned ? Meaning::warning : Meaning::neutral,
         {places.leaf.key.x, places.leaf.key.y + em(0.3F)}},
    }};
}

}  // namespace

void DoorScene::move(const DoorSnapshot& door) {
    const float share = placed_ ? std::min(1.0F, ImGui::GetIO().DeltaTime * moves_a_second) : 1.0F;
    placed_ = true;
    const auto towards = [share](float& value, bool there) {
        value += ((there ? 1.0F : 0.0F) - value) * share;
    };
    towards(pose_.door, door.door_open);
    towards(pose_.bolt, door.bolt_withdrawn);
    towards(pose_.strike, door.strike_released);
    towards(pose_.key, door.key_turned);
    towards(pose_.lid, door.enclosure_open);
}

void DoorScene::draw(const DoorSnapshot& door, float height) {
    move(door);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float side = em(label_letters + 0.8F);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Stage stage{list, {at.x + side, at.y}, {at.x + width - side, at.y + height}};
    ImGui::PushClipRect(at, {at.x + width, at.y + height}, true);
    Places places = draw_wall(stage, door);
    draw_strike(stage, door, pose_.strike, places);
    places.leaf = draw_leaf(stage, door, places.way, pose_.door, pose_.key);
    const float reach = em(0.95F) * (1 - pose_.bolt) * (1 - pose_.door);
    list.AddRectFilled({places.leaf.bolt.x - em(0.5F), places.leaf.bolt.y - em(0.22F)},
                       {places.leaf.bolt.x + reach + em(0.05F), places.leaf.bolt.y + em(0.22F)},
                       ink_between(Meaning::good, Meaning::warning, pose_.bolt), em(0.08F));
    draw_terminal(stage, door, pose_.lid, places.box_from, places.box_to);

    const std::array<Label, 4> left = left_labels(door, places);
    const std::array<Label, 4> right = right_labels(door, places);
    const float each = height / 4;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const float y = at.y + each * static_cast<float>(i);
        draw_label(stage, left[i], {at.x, y}, true);
        draw_label(stage, right[i], {at.x + width - em(label_letters), y}, false);
    }
    ImGui::PopClipRect();
    ImGui::Dummy({width, height});
    record_item("Door", "picture", door.door_open ? "open" : "shut");
}

}  // namespace strongroom::panel
