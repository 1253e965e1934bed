// A view: one page of the panel, in a file of its own. It draws a snapshot and posts orders; it
// holds no rule and no state of the strongroom, only what the person at the panel has typed or
// chosen. The window's thread only.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "panel/orders.h"
#include "panel/snapshot.h"

namespace strongroom::panel {

// Where views post what is to be done. Never blocks.
class Outbox {
public:
    virtual ~Outbox() = default;
    virtual void post(Order order) = 0;
    virtual void post(TimeOrder order) = 0;
};

// Where snapshots come from and orders go: a simulated strongroom, or a terminal that serves. Any
// thread.
class Feed : public Outbox {
public:
    // Null while there is nothing yet.
    [[nodiscard]] virtual std::shared_ptr<const Snapshot> latest() const = 0;
    // Why there is nothing, or nothing new; empty while all is well.
    [[nodiscard]] virtual std::string failure() const = 0;
};

// Pictures as textures, kept between frames by whoever owns the window.
class Textures {
public:
    virtual ~Textures() = default;
    // The frame as a texture that ImGui can draw; uploaded once a sequence number and slot. `slot`
    // names the place ("camera"). Null when there are no pixels.
    [[nodiscard]] virtual void* upload(std::string_view slot, const hal::Frame& frame) = 0;
};

class Campaign;
class Measurements;

// What every view is handed.
struct Context {
    Outbox& outbox;
    Textures& textures;
    float scale = 1;               // of the font and of everything that is measured in pixels
    Campaign* campaign = nullptr;  // null: there is none, attached to a terminal
    Measurements* measurements = nullptr;  // null: likewise
};

class View {
public:
    virtual ~View() = default;
    // Of its tab: "Live".
    [[nodiscard]] virtual std::string_view title() const = 0;
    // One sentence: what it is for.
    [[nodiscard]] virtual std::string_view purpose() const = 0;
    // Into the window that is begun: it fills what is left of it.
    virtual void draw(const Snapshot& snapshot, Context& context) = 0;
    // What would be lost if the panel were closed now, in one sentence; empty: nothing.
    [[nodiscard]] virtual std::string unsaved() const { return {}; }
};

// In the order of their tabs; one file each in ui/panel/views/.
[[nodiscard]] std::vector<std::unique_ptr<View>> all_views();

}  // namespace strongroom::panel
