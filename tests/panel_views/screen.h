// A panel without a window: one view drawn into memory, and driven by pointer and keys. One at a
// time; one thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drawn.h"
#include "panel/registry.h"
#include "panel/theme.h"
#include "panel/view.h"

namespace strongroom::panel::test {

class Posted final : public Outbox {
public:
    void post(Order order) override { orders.push_back(std::move(order)); }
    void post(TimeOrder order) override { times.push_back(std::move(order)); }
    std::vector<Order> orders;
    std::vector<TimeOrder> times;
};

class Screen final : public Textures {
public:
    // Pixels; `scale` of the letters and of all measures.
    explicit Screen(int width = 1280, int height = 800, float scale = 1,
                    ThemeName theme = ThemeName::dark);
    ~Screen() override;
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    // Draws it so many times, a sixtieth of a second apart.
    void show(View& view, const Snapshot& snapshot, int frames = 3);
    // Of the last frame.
    [[nodiscard]] Picture picture() const;
    [[nodiscard]] std::vector<ImVec2> clipped() const;

    // The control with this label is pressed with the pointer, and drawn until it has answered.
    // Throws std::runtime_error when it is not there, greyed, or out of sight.
    void press(View& view, const Snapshot& snapshot, std::string_view label);
    // As press(), of the n-th control with that label, from 0.
    void press_nth(View& view, const Snapshot& snapshot, std::string_view label, int nth);
    // The label of the first control whose label begins so: counts may follow. Throws
    // std::runtime_error when there is none.
    [[nodiscard]] std::string begins_with(View& view, const Snapshot& snapshot,
                                          std::string_view beginning);
    void type(View& view, const Snapshot& snapshot, std::string_view words);
    // What is in the text field that has the keyboard is replaced by what is typed next.
    void select_all();
    // Of the last frame.
    [[nodiscard]] int vertices() const;
    [[nodiscard]] const Control* control(std::string_view label) const {
        return registry_.find({}, label);
    }
    [[nodiscard]] const Registry& registry() const { return registry_; }

    [[nodiscard]] void* upload(std::string_view slot, const hal::Frame& frame) override;

    Posted posted;

private:
    void frame(View& view, const Snapshot& snapshot);

    Registry registry_;
    float scale_;
    Picture letters_;
    std::map<std::string, Picture, std::less<>> textures_;
};

}  // namespace strongroom::panel::test
