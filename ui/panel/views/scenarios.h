// The tab "Scenarios" and the parts of it that have files of their own. The window's thread.
#pragma once

#include <memory>
#include <string>

#include "panel/campaign.h"
#include "panel/view.h"

namespace strongroom::panel {

// Two arms of one scenario side by side, in step, and where they part. The person chooses which.
class ArmComparison {
public:
    void draw(const scenarios::ScenarioOutcome& outcome);

private:
    struct Line {
        Instant at{};
        std::string left;    // what happened in the one arm; empty: nothing then
        std::string right;   // and in the other
        bool parts = false;  // from here on they differ
    };
    void compare(const scenarios::ScenarioOutcome& outcome);
    void draw_lines();

    const scenarios::ScenarioOutcome* shown_ = nullptr;
    int left_ = 0;
    int right_ = 1;
    bool stale_ = true;
    std::vector<Line> lines_;
};

// A scenario's file, as text, with what its reader says of it at the line.
class ScenarioEditor {
public:
    // Reads the file unless it is the one that is open already.
    void open(const std::filesystem::path& file);
    // True when it was saved just now.
    bool draw();
    [[nodiscard]] bool changed() const { return text_ != saved_; }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

private:
    void check();
    void save();

    std::filesystem::path file_;
    std::string text_;
    std::string saved_;
    std::string checked_;  // the text that `finding_` speaks of
    std::string finding_;  // empty: it is a scenario
    std::string failure_;  // of reading or writing
};

}  // namespace strongroom::panel
