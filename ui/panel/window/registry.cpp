#include "panel/registry.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

#include "base/assert.h"

namespace strongroom::panel {

namespace {

Registry* newest = nullptr;

}  // namespace

Registry& Registry::current() {
    STRONGROOM_ASSERT(newest != nullptr);
    return *newest;
}

Registry::Registry() : before_(newest) { newest = this; }
Registry::~Registry() { newest = before_; }

void Registry::begin_frame() {
    drawn_.clear();
    groups_.clear();
    view_.clear();
    layer_ = 0;
    next_ = 0;
    focus_wanted_ = focus_next_;
    focus_next_ = none;
}

void Registry::end_frame() {
    last_.swap(drawn_);
    next_ = 0;
    focus_wanted_ = none;
}

void Registry::push_group(std::string_view name) { groups_.emplace_back(name); }

void Registry::pop_group() {
    STRONGROOM_ASSERT(!groups_.empty());
    groups_.pop_back();
}

void Registry::record(Control control) {
    control.view = view_;
    for (const std::string& group : groups_) {
        control.group += (control.group.empty() ? "" : " / ") + group;
    }
    control.layer = layer_;
    drawn_.push_back(std::move(control));
    ++next_;
}

void Registry::move_focus(int by) {
    const auto count = static_cast<int>(last_.size());
    int layer = 0;
    int from = by > 0 ? none : count;
    for (int i = 0; i < count; ++i) {
        const Control& control = last_[static_cast<std::size_t>(i)];
        layer = std::max(layer, control.layer);
        if (control.focused) from = i;
    }
    for (int step = 1; step <= count; ++step) {
        const int at = ((from + by * step) % count + count) % count;
        const Control& control = last_[static_cast<std::size_t>(at)];
        const bool still = control.kind == "picture" || control.kind == "heading";
        if (!control.enabled || control.layer != layer || still) continue;
        focus_next_ = at;
        return;
    }
}

const Control* Registry::find(std::string_view view, std::string_view label) const {
    const auto found = std::find_if(last_.begin(), last_.end(), [&](const Control& control) {
        return control.label == label && (view.empty() || control.view == view);
    });
    return found == last_.end() ? nullptr : &*found;
}

bool LabelFile::write(const Registry& registry, std::string_view view, int width, int height,
                      std::uint64_t serial, double now) {
    pending_ = last_ >= 0 && now - last_ < 0.05;
    if (pending_) return true;
    nlohmann::ordered_json controls = nlohmann::ordered_json::array();
    for (const Control& control : registry.controls()) {
        controls.push_back({{"view", control.view},
                            {"group", control.group},
                            {"label", control.label},
                            {"kind", control.kind},
                            {"value", control.value},
                            {"x", std::lround(control.x)},
                            {"y", std::lround(control.y)},
                            {"width", std::lround(control.width)},
                            {"height", std::lround(control.height)},
                            {"enabled", control.enabled},
                            {"visible", control.visible},
                            {"focused", control.focused},
                            {"layer", control.layer}});
    }
    // Names may be cut within a letter: better a replaced letter than no file.
    const auto text = [](const nlohmann::ordered_json& json) {
        return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    };
    const std::string content = std::string(view) + text(controls);
    if (content == written_) return true;
    last_ = now;
    const std::filesystem::path beside = file_.string() + ".new";
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << text({{"view", view},
                 {"serial", serial},
                 {"window", {{"width", width}, {"height", height}}},
                 {"controls", controls}})
        << "\n";
    out.close();
    std::error_code error;
    if (out) std::filesystem::rename(beside, file_, error);
    if (!out || error) return false;
    written_ = content;
    return true;
}

}  // namespace strongroom::panel
