// The bar at the top: what is played, and its time. The window's thread, within a frame.
#pragma once

#include <string>

#include "panel/view.h"
#include "settings.h"

namespace strongroom::panel {

// What a person asked of the window at the bar.
struct BarWishes {
    bool help = false;
    bool tour = false;
    bool quit = false;
};

class TopBar {
public:
    // `settings`: theme and scale may be changed.
    BarWishes draw(const Snapshot& snapshot, Outbox& outbox, Settings& settings);

    // As the keys do.
    static void run_or_pause(const Snapshot& snapshot, Outbox& outbox);
    static void step(Outbox& outbox);

private:
    void title(const Snapshot& snapshot);
    void transport(const Snapshot& snapshot, Outbox& outbox, bool wide);
    void speeds(const TimeSnapshot& time, Outbox& outbox, bool wide);
    void rewind(const TimeSnapshot& time, Outbox& outbox, float width);
    // Theme, size, help; in a row, or under each other in the list that opens on a narrow window.
    BarWishes appearance(Settings& settings, bool wide);

    float appearance_width_ = 0;  // in the last frame
    double dragged_ = 0;
    bool dragging_ = false;
};

// The next larger (`by` +1) or smaller (-1) of the sizes that letters are offered in.
[[nodiscard]] double resized(double scale, int by);

// "00:01:23.4"
[[nodiscard]] std::string clock_words(Duration time);

}  // namespace strongroom::panel
