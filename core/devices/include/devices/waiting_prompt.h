// While a sensor's image is fetched and compared, which takes seconds, the person is told to wait.
//
// The reader and the display as the terminal is given them: what the terminal shows goes through,
// and comes back on the screen when the comparison is over and nothing else was shown since. Runner
// thread only; a display that fails changes nothing in what the reader says.
#pragma once

#include <optional>

#include "base/prompt.h"
#include "devices/zfm_reader.h"
#include "hal/keypad.h"
#include "hal/fingerprint_reader.h"

namespace strongroom::devices {

class WaitingPrompt {
public:
    // Both outlive this.
    WaitingPrompt(ZfmReader& reader, hal::Display& display)
        : screen_(display), reader_(reader, screen_) {}
    WaitingPrompt(const WaitingPrompt&) = delete;
    WaitingPrompt& operator=(const WaitingPrompt&) = delete;
    [[nodiscard]] hal::FingerprintReader& reader() { return reader_; }
    [[nodiscard]] hal::Display& display() { return screen_; }

private:
    class Screen final : public hal::Display {
    public:
        explicit Screen(hal::Display& inner) : inner_(inner) {}
        [[nodiscard]] Result<void> show(const Prompt& prompt) override;
        // Puts the waiting in the place of what is shown; again at the next call if it fails.
        void wait();
        // Puts back what was shown, unless something else has been since.
        void restore();
        void forget() { waiting_ = false; }
        [[nodiscard]] bool waiting() const { return waiting_; }

    private:
        hal::Display& inner_;
        std::optional<Prompt> wanted_;
        bool waiting_ = false;
    };
    class Reader final : public hal::FingerprintReader {
    public:
        Reader(ZfmReader& inner, Screen& screen) : inner_(inner), screen_(screen) {}
        [[nodiscard]] Result<void> start(const hal::FingerReference& reference) override {
            return inner_.start(reference);
        }
        void stop() override;
        [[nodiscard]] Result<std::optional<FingerObservation>> poll() override;
        [[nodiscard]] Instant next_poll() const override { return inner_.next_poll(); }

    private:
        ZfmReader& inner_;
        Screen& screen_;
    };
    Screen screen_;
    Reader reader_;
};

}  // namespace strongroom::devices
