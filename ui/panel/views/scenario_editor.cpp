// A scenario's file, edited.
#include <fstream>
#include <sstream>

#include <imgui.h>
#include <imgui_stdlib.h>

#include "panel/widgets.h"
#include "report/report.h"
#include "scenarios.h"
#include "scenarios/loader.h"

namespace strongroom::panel {

void ScenarioEditor::open(const std::filesystem::path& file) {
    if (file == file_) return;
    file_ = file;
    failure_.clear();
    std::ifstream in(file, std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    if (!in) failure_ = file.string() + " cannot be read";
    text_ = saved_ = content.str();
    checked_.clear();
    finding_.clear();
}

// What its reader says, at once: the same reader that the player uses.
void ScenarioEditor::check() {
    if (text_ == checked_) return;
    checked_ = text_;
    finding_.clear();
    try {
        static_cast<void>(scenarios::parse_scenario(text_, file_.filename().string()));
    } catch (const std::exception& problem) {
        finding_ = problem.what();
    }
}

void ScenarioEditor::save() {
    try {
        report::write_whole(file_, text_);
        saved_ = text_;
        failure_.clear();
    } catch (const std::exception& problem) {
        failure_ = problem.what();
    }
}

bool ScenarioEditor::draw() {
    check();
    bool saved = false;
    {
        const Disabled nothing(
            !changed() || !finding_.empty(),
            finding_.empty() ? "Nothing was changed." : "What is written here is no scenario yet.");
        if (button("Save", changed() && finding_.empty() ? Weight::primary : Weight::plain)) {
            save();
            saved = failure_.empty();
        }
    }
    flow_button("Undo all changes");
    {
        const Disabled nothing(!changed(), "Nothing was changed.");
        if (button("Undo all changes")) text_ = saved_;
    }
    flow(badge_width("not saved"));
    if (finding_.empty()) {
        badge(changed() ? "not saved" : "saved", changed() ? Meaning::warning : Meaning::good);
    } else {
        badge("refused", Meaning::bad);
    }
    if (!finding_.empty()) text(finding_, Meaning::bad);
    if (!failure_.empty() && error_box(failure_, "The text is kept here: try again.")) {
        failure_.clear();
    }
    offer_focus();
    const WithLetters figures(Letters::figures);
    ImGui::InputTextMultiline("##text", &text_, ImVec2(-1, -1), ImGuiInputTextFlags_AllowTabInput);
    record_item("Scenario text", "text");
    return saved;
}

}  // namespace strongroom::panel
