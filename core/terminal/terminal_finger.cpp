// The fingerprint reader's side of the pump.
#include "terminal/terminal.h"

namespace strongroom::terminal {

namespace {

constexpr std::size_t fingers_max = 4;  // taken in one step

}  // namespace

void Terminal::observe_finger(const auth::ObserveFinger& effect) {
    reader_ = Reader::starting;  // at the next poll, which is due at once
    reader_effect_ = effect.effect;
    reader_due_ = saturating_add(now_, setup_.reader_start_max);
}

void Terminal::poll_finger() {
    if (reader_ == Reader::starting) start_reader();
    for (std::size_t i = 0; reader_ == Reader::started && i < fingers_max; ++i) {
        const auto seen = devices_.finger->poll();
        if (!seen) {
            // A damaged answer is asked for again; one after the other is no reader.
            const bool again = seen.error().code == Errc::corrupt && now_ < reader_due_;
            if (!again) reader_failed(seen.error());
            return;
        }
        reader_due_ = saturating_add(now_, setup_.reader_silence_max);
        if (!*seen) return;
        if (!reader_well_) {
            reader_well_ = true;
            tell(watch::Event(watch::Healed{Alarm::finger_reader_lost}));
        }
        tell(auth::Event(auth::FingerObserved{**seen}));
    }
}

// Again at each step while the reader gives up a comparison of the visit before.
void Terminal::start_reader() {
    const Result<void> started =
        finger_ ? devices_.finger->start(*finger_) : fail(Errc::unsupported);
    if (started) {
        reader_ = Reader::started;
        reader_due_ = saturating_add(now_, setup_.reader_silence_max);
    } else if (started.error().code != Errc::busy || now_ >= reader_due_) {
        reader_ = Reader::stopped;
        tell(auth::Event(auth::EffectFailed{reader_effect_, started.error()}));
    }
}

void Terminal::stop_reader() {
    reader_ = Reader::stopped;
    if (devices_.finger != nullptr) devices_.finger->stop();
}

void Terminal::reader_failed(const Error& error) {
    stop_reader();
    tell(auth::Event(auth::FingerReaderFailed{error}));
}

}  // namespace strongroom::terminal
