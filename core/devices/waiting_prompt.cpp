#include "devices/waiting_prompt.h"

namespace strongroom::devices {

Result<void> WaitingPrompt::Screen::show(const Prompt& prompt) {
    waiting_ = false;
    wanted_ = prompt;
    return inner_.show(prompt);
}

void WaitingPrompt::Screen::wait() {
    if (waiting_) return;
    waiting_ = inner_.show({Prompt::Message::please_wait}).has_value();
}

void WaitingPrompt::Screen::restore() {
    if (!waiting_) return;
    waiting_ = wanted_ && !inner_.show(*wanted_);
}

void WaitingPrompt::Reader::stop() {
    inner_.stop();
    // Who stops the reader has something else to show.
    screen_.forget();
}

Result<std::optional<FingerObservation>> WaitingPrompt::Reader::poll() {
    auto seen = inner_.poll();
    if (inner_.comparing()) {
        screen_.wait();
    } else if (seen && !*seen) {
        // What was observed is answered first: usually by another prompt.
        screen_.restore();
    }
    return seen;
}

}  // namespace strongroom::devices
