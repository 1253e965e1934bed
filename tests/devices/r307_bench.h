// The production driver and an emulated R307 of another hand at the two ends of a cable, in virtual
// time.
#pragma once

#include <optional>
#include <vector>

#include "devices/zfm_admin.h"
#include "devices/zfm_reader.h"
#include "fingerprint/r307.h"
#include "fingerprint/serial_link.h"
#include "sim/scheduler.h"

namespace strongroom::devices::test {

inline constexpr FingerSlot alices = 5;
inline constexpr FingerSlot bobs = 9;
inline constexpr std::uint64_t alice = 11;
inline constexpr std::uint64_t bob = 12;
inline constexpr std::uint64_t mallory = 13;

// Every image is a living finger's: what is tested is the wire.
class Credulous final : public FingerImageCheck {
public:
    std::size_t images = 0;
    [[nodiscard]] FingerImageResult check(const FingerImage&) override {
        ++images;
        return {1, FingerQuality::good};
    }
};

[[nodiscard]] inline Secret bench_password() {
    constexpr std::array bytes{std::byte{0x12}, std::byte{0x34}, std::byte{0x56}, std::byte{0x78}};
    return Secret(std::span<const std::byte>(bytes));
}

[[nodiscard]] inline ZfmPin bench_pin() {
    return {.address = 0xFFFFFFFF,
            .system_id = 9,
            .capacity = 1000,
            .security_level = 3,
            .packet_size = 128,
            .baud_rate = 57600};
}

// A sensor that was provisioned, with Alice and Bob in its library.
[[nodiscard]] inline fingerprint::R307Settings provisioned() {
    fingerprint::R307Settings settings;
    settings.password = 0x12345678;
    return settings;
}

class Bench {
public:
    explicit Bench(const fingerprint::R307Settings& settings = provisioned())
        : module(settings),
          link(scheduler, &module),
          reader(link, clock, check,
                 {.pin = bench_pin(),
                  .password = bench_password(),
                  .digest_key = {},
                  .canary_first = 990,
                  .canary_count = 10}),
          admin(link, clock, {.pin = bench_pin(), .password = bench_password(), .digest_key = {}}) {
        if (settings.password == 0) return;
        module.enrol(alices, alice);
        module.enrol(bobs, bob);
        reference = {alices, finger_template_digest({}, module.library().at(alices))};
    }

    using Seen = Result<std::optional<FingerObservation>>;
    // Polls the reader until it has something to tell, or the time is over. Damage is counted.
    Seen run(ZfmReader& which, Duration span) {
        const Instant end = clock.now() + span;
        while (clock.now() < end) {
            const Seen seen = which.poll();
            if (!seen && seen.error().code == Errc::corrupt) {
                ++damaged;
                continue;
            }
            if (!seen || *seen) return seen;
            const Instant next = std::max(which.next_poll(), clock.now() + soon);
            scheduler.run_until(clock.to_scheduler(std::min(end, next)));
        }
        return std::nullopt;
    }
    Seen run(Duration span) { return run(reader, span); }
    // Does what the job's prompts say, with this finger.
    Result<ZfmJobResult> run_job(ZfmAdmin& desk, std::uint64_t person) {
        const Instant end = clock.now() + std::chrono::minutes(3);
        while (clock.now() < end) {
            const ZfmAdminPrompt prompt = desk.prompt();
            if (prompt == ZfmAdminPrompt::lift) module.lift();
            if (prompt == ZfmAdminPrompt::place || prompt == ZfmAdminPrompt::place_again) {
                if (!module.finger()) place(person, 0.2);
            }
            auto done = desk.poll();
            if (!done && done.error().code == Errc::corrupt) continue;
            if (!done || *done) module.lift();
            if (!done) return tl::unexpected(done.error());
            if (*done) return std::move(**done);
            const Instant next = std::max(desk.next_poll(), clock.now() + soon);
            scheduler.run_until(clock.to_scheduler(next));
        }
        return fail(Errc::timeout, -1);
    }
    void place(std::uint64_t person, double spread = 0.3) {
        module.place(
            fingerprint::laid_down(person, ++layings, fingerprint::Material::skin, spread));
    }
    // Starts, waits until the sensor has proven itself, lays the finger down, and lifts it again.
    Seen present(std::uint64_t person) {
        const Result<void> started = reader.start(reference);
        if (!started) return tl::unexpected(started.error());
        const Seen before = run(std::chrono::seconds(6));
        if (!before || *before) return before;
        place(person);
        const Seen seen = run(std::chrono::seconds(40));
        module.lift();
        return seen;
    }

    sim::Scheduler scheduler{1};
    sim::VirtualClock clock{scheduler};
    fingerprint::R307 module;
    fingerprint::SerialLink link;
    Credulous check;
    ZfmReader reader;
    ZfmAdmin admin;
    hal::FingerReference reference;
    std::uint64_t layings = 0;
    int damaged = 0;

private:
    static constexpr Duration soon = std::chrono::microseconds(100);
};

}  // namespace strongroom::devices::test
