// ZfmReader: a ZFM or R30x sensor as the terminal's fingerprint reader.
//
// At every start() the sensor proves itself (ZfmHandshake), the customer's template is read back
// and its digest compared with the enrolled one, and the template is searched where nothing is
// stored, which must find nothing. Then, for each finger laid down: its image is fetched and
// judged, its features are searched where nothing is stored, the customer's template is loaded,
// read back again and compared with them one to one, and a match is asked for once more by a search
// over her slot alone. Never a search over more than her slot for a decision. docs/fingerprint.md
// says why.
#pragma once

#include <cstdint>
#include <optional>

#include "base/secret.h"
#include "devices/finger_image.h"
#include "devices/zfm_exchange.h"
#include "devices/zfm_handshake.h"
#include "hal/fingerprint_reader.h"

namespace strongroom::devices {

struct ZfmReaderSettings {
    ZfmPin pin;
    Secret password;    // four bytes, as they go over the wire
    Key256 digest_key;  // of the templates' digests
    // Slots in which nothing is ever stored: one or more, within the capacity.
    FingerSlot canary_first = 0;
    std::uint16_t canary_count = 0;
    // How long the sensor needs at least, beside the wire; an answer that comes sooner is forged.
    Duration soonest_comparison = std::chrono::milliseconds(1);  // match and search
    Duration soonest_image = std::chrono::milliseconds(5);       // exposure and read-out
};

// The digest that a FingerReference holds, of the bytes that the sensor gives for a stored
// template.
[[nodiscard]] Digest finger_template_digest(const Key256& key, std::span<const std::byte> bytes);

class ZfmReader final : public hal::FingerprintReader {
public:
    // Everything outlives the reader. Throws std::invalid_argument, naming what is wrong, for
    // settings that ZfmHandshake refuses or a canary range that is empty or beyond the capacity.
    ZfmReader(hal::ByteLink& link, hal::Clock& clock, FingerImageCheck& check,
              ZfmReaderSettings settings);

    [[nodiscard]] Result<void> start(const hal::FingerReference& reference) override;
    void stop() override;
    [[nodiscard]] Result<std::optional<FingerObservation>> poll() override;
    [[nodiscard]] Instant next_poll() const override;
    // A finger was seen, and its image is fetched or compared: it may be lifted, and takes seconds.
    [[nodiscard]] bool comparing() const { return started_ && step_ >= Step::fetch_image; }

private:
    enum class Step : std::uint8_t {
        handshake,
        load_enrolled,    // the customer's template to buffer 1,
        read_enrolled,    // and its digest
        canary_enrolled,  // searched where nothing is
        await_lift,
        await_finger,
        fetch_image,   // from here on: comparing()
        extract,       // the finger's features to buffer 1
        canary_live,   // searched where nothing is
        load_claimed,  // the customer's template to buffer 2,
        read_claimed,  // and its digest
        match,
        confirm,  // a search over the customer's slot alone
    };
    using Outcome = Result<std::optional<FingerObservation>>;
    [[nodiscard]] ZfmQuestion question() const;
    [[nodiscard]] Outcome take(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_handshake(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_glance(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_image(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_features(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_template(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_canary(const ZfmAnswer& answer, Step next);
    [[nodiscard]] Outcome take_match(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_confirmation(const ZfmAnswer& answer);
    [[nodiscard]] Outcome unexpected(const ZfmAnswer& answer);
    [[nodiscard]] Outcome go(Step next);
    [[nodiscard]] Outcome observe();
    [[nodiscard]] Outcome refuse(SensorRefusal why);
    [[nodiscard]] Outcome halt(Error error);
    [[nodiscard]] ZfmQuestion search(FingerSlot first, std::uint16_t count) const;

    hal::Clock& clock_;
    FingerImageCheck& check_;
    ZfmReaderSettings settings_;
    ZfmExchange exchange_;
    ZfmHandshake handshake_;
    bool started_ = false;
    Step step_ = Step::handshake;
    hal::FingerReference reference_;
    FingerObservation seen_;
    std::uint64_t sequence_ = 0;
    int surprises_ = 0;   // unexpected answers in a row
    int restarts_ = 0;    // of the sensor, since start()
    int mismatches_ = 0;  // of the template's digest, in a row
    Instant ask_at_{};
};

}  // namespace strongroom::devices
