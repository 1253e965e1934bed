#include "live_terminal.h"

#include <algorithm>
#include <array>

#include "parts.h"
#include "words.h"

namespace strongroom::panel {
namespace {

constexpr float key_width = 3.0F;  // letters
constexpr float keypad_width = 3 * key_width + 1.4F;
constexpr std::size_t digits_most = 12;

Meaning meaning_of(FactorStep::Status status) {
    switch (status) {
        case FactorStep::Status::waiting: return Meaning::quiet;
        case FactorStep::Status::now: return Meaning::accent;
        case FactorStep::Status::done: return Meaning::good;
        case FactorStep::Status::failed: return Meaning::bad;
    }
    return Meaning::neutral;
}

void draw_mark(ImDrawList& list, ImVec2 middle, const FactorStep& step, std::size_t number) {
    const Meaning meaning = meaning_of(step.status);
    const float radius = em(0.85F);
    const bool strong = step.status != FactorStep::Status::waiting;
    if (strong) {
        list.AddCircleFilled(middle, radius, theme().ink(meaning), 32);
    } else {
        list.AddCircleFilled(middle, radius, theme().ink(Meaning::surface), 32);
        list.AddCircle(middle, radius, theme().ink(Meaning::border), 32, em(0.1F));
    }
    const std::string word = step.status == FactorStep::Status::done     ? "\u2713"
                             : step.status == FactorStep::Status::failed ? "\u2717"
                                                                         : std::to_string(number);
    const ImVec2 size = size_of(word);
    draw_words(list, {middle.x - size.x / 2, middle.y - size.y / 2},
               strong ? theme().on_ink(meaning) : theme().ink(Meaning::quiet), word);
}

std::string status_words(const FactorStep& step) {
    if (step.status == FactorStep::Status::now && step.remaining) {
        return countdown(*step.remaining) + " left";
    }
    return std::string(step_words(step.status));
}

std::string under_way(const Snapshot& snapshot) {
    for (const FactorStep& step : snapshot.terminal.steps) {
        if (step.status != FactorStep::Status::now) continue;
        std::string words = "Under way: " + step.name;
        if (!step.note.empty()) words += ", " + step.note;
        return words;
    }
    return "Nobody is being served.";
}

// The key of a phone's pad at a place, row by row.
constexpr std::array<std::string_view, 12> keys{"1", "2", "3", "4",     "5", "6",
                                                "7", "8", "9", "Clear", "0", "Enter"};

std::string keypad_refusal(const Snapshot& snapshot, const PersonSnapshot* actor) {
    if (snapshot.attached) return "This terminal is watched, not steered.";
    if (actor == nullptr || !actor->here) return "Nobody stands at the terminal.";
    return {};
}

void draw_screen(const Snapshot& snapshot, ImVec2 size) {
    const TerminalSnapshot& terminal = snapshot.terminal;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const bool dark = !snapshot.door.powered || !terminal.running;
    list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, theme().ink(Meaning::background),
                       em(0.5F));
    list.AddRect(at, {at.x + size.x, at.y + size.y}, theme().ink(Meaning::border), em(0.5F), 0,
                 em(0.12F));
    const float width = size.x - em(1.6F);
    const ImVec2 inner{at.x + em(0.8F), at.y + em(0.5F)};
    draw_centred(list, inner, width, theme().ink(Meaning::quiet), "The terminal's screen");
    std::string words = terminal.prompt_words;
    if (!snapshot.door.powered) words = "(dark: no power)";
    if (snapshot.door.powered && dark) words = "(dark: the process is not running)";
    if (words.empty()) words = "(blank)";
    {
        const WithLetters letters(Letters::heading);
        const float lines = size_of(words, width).y;
        const float middle = inner.y + (size.y - em(0.5F)) / 2;
        draw_wrapped(list, {inner.x, middle - lines / 2}, width,
                     theme().ink(dark ? Meaning::quiet : Meaning::text), words);
    }
    if (terminal.visit_remaining) {
        const std::string left = "this visit ends in " + span_words(*terminal.visit_remaining);
        draw_centred(list, {inner.x, at.y + size.y - em(1.6F)}, width, theme().ink(Meaning::quiet),
                     left);
    }
    ImGui::Dummy(size);
    record_item("Screen", "picture", words);
}

}  // namespace

void draw_steps(const Snapshot& snapshot) {
    const auto& steps = snapshot.terminal.steps;
    if (steps.empty()) {
        text("The policy has no steps to show.", Meaning::quiet);
        return;
    }
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float each = width / static_cast<float>(steps.size());
    const float middle = at.y + em(0.9F);
    const float text_height = ImGui::GetTextLineHeight();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const float x = at.x + each * (static_cast<float>(i) + 0.5F);
        if (i > 0) {
            const Meaning reached =
                steps[i - 1].status == FactorStep::Status::done ? Meaning::good : Meaning::border;
            list.AddLine({x - each + em(1.1F), middle}, {x - em(1.1F), middle},
                         theme().ink(reached, reached == Meaning::good ? 1 : 0.6F), em(0.12F));
        }
        draw_mark(list, {x, middle}, steps[i], i + 1);
        const float left = x - each / 2;
        draw_centred(list, {left, middle + em(1.05F)}, each, theme().ink(Meaning::text),
                     steps[i].name);
        draw_centred(list, {left, middle + em(1.05F) + text_height}, each,
                     theme().ink(meaning_of(steps[i].status)), status_words(steps[i]));
    }
    ImGui::Dummy({width, em(1.95F) + 2 * text_height});
    text(under_way(snapshot), Meaning::quiet);
}

void ScreenAndKeypad::draw(const Snapshot& snapshot, Context& context,
                           const PersonSnapshot* actor) {
    const float room = ImGui::GetContentRegionAvail().x;
    const float gap_between = ImGui::GetStyle().ItemSpacing.x * 1.5F;
    const float key_height = ImGui::GetFrameHeight();
    const float spacing = ImGui::GetStyle().ItemSpacing.y;
    const float height = 6 * key_height + 5 * spacing;
    const bool beside = room > em(keypad_width) + em(14);
    const float screen = beside ? room - em(keypad_width) - gap_between : room;
    draw_screen(snapshot, {screen, beside ? height : em(8)});
    if (beside) ImGui::SameLine(0, gap_between);
    ImGui::BeginGroup();
    draw_keypad(snapshot, context, actor);
    ImGui::EndGroup();
}

void ScreenAndKeypad::draw_keypad(const Snapshot& snapshot, Context& context,
                                  const PersonSnapshot* actor) {
    const Group group("Keypad");
    const Disabled disabled(actor == nullptr || !keypad_refusal(snapshot, actor).empty(),
                            keypad_refusal(snapshot, actor));
    const auto enter = [&] {
        if (actor != nullptr && !digits_.empty())
            context.outbox.post(TypeCode{actor->name, digits_});
        digits_.clear();
    };
    if (text_field_entered("##Code", digits_, "type a code", keypad_width)) enter();
    std::erase_if(digits_, [](char c) { return c < '0' || c > '9'; });
    if (digits_.size() > digits_most) digits_.resize(digits_most);
    const float spacing = em(0.4F);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                        ImVec2{em(0.1F), ImGui::GetStyle().FramePadding.y});
    const float width = (keypad_width - 0.8F) / 3;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (i % 3 != 0) ImGui::SameLine(0, spacing);
        if (!button(keys[i], Weight::plain, width)) continue;
        if (keys[i] == "Clear") {
            digits_.clear();
        } else if (keys[i] == "Enter") {
            enter();
        } else if (digits_.size() < digits_most) {
            digits_ += keys[i];
        }
    }
    const float half = (keypad_width - 0.4F) / 2;
    if (button("New code", Weight::plain, half) && actor != nullptr) {
        context.outbox.post(PressResend{actor->name});
    }
    tooltip("Asks the terminal to send another code.");
    ImGui::SameLine(0, spacing);
    if (button("Cancel", Weight::plain, half) && actor != nullptr) {
        context.outbox.post(PressCancel{actor->name});
    }
    ImGui::PopStyleVar();
}

}  // namespace strongroom::panel
