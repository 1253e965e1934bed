// ZfmAdmin: what staff do with a ZFM or R30x sensor: provision it, enrol fingers, keep its library.
//
// One job at a time, moved on by poll(); prompt() says what the person before the sensor has to do.
// Runner thread only; never blocks. Who may ask for a job, and which slot belongs to whom, is
// decided elsewhere. A job that fails may have stored or deleted by then: list() tells.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/secret.h"
#include "devices/finger_image.h"
#include "devices/zfm_exchange.h"
#include "devices/zfm_handshake.h"

namespace strongroom::devices {

struct ZfmAdminSettings {
    // With capacity 0 for a sensor that has not been provisioned: its address and baud rate are
    // then used as they are, its security level and packet size are what provision() sets.
    ZfmPin pin;
    Secret password;    // four bytes, as they go over the wire; none that sensors are sold with
    Key256 digest_key;  // of the templates' digests
    // Judges both images of an enrolment, and outlives the desk; null: none is fetched.
    FingerImageCheck* check = nullptr;
    float liveness_min = 0.5F;  // below it nothing is enrolled
};

// What the person before the sensor has to do now; wait: an image is fetched, which takes seconds,
// and the finger may be lifted.
enum class ZfmAdminPrompt : std::uint8_t { none, place, lift, place_again, wait };

// What becomes of templates that a sensor holds when it is provisioned.
enum class ZfmLibrary : std::uint8_t { empty, keep };

// Why a job was refused: Error::vendor_code beside Errc::denied, where a SensorRefusal may stand
// too.
enum class ZfmAdminRefusal : std::int32_t {
    password_unknown = 16,  // it takes neither the new password nor one that it is sold with
    slot_taken = 17,        // delete what is there first
    finger_known = 18,      // the same finger is in the library already
    fingers_differ = 19,    // the two images are not of one finger
    poor_image = 20,        // no image of enough quality after several tries
    not_written = 21,       // what was read back is not what was written
    flash_failed = 22,      // the sensor's memory is worn out or defective
    slot_empty = 23,        // there is nothing to read
    artefact = 24,          // an image is not that of a living finger
    unknown_model = 25,     // its parameters are none that such sensors have
};

struct ZfmJobResult {
    std::optional<ZfmPin> pin;              // examine, provision: for the configuration
    bool factory_password = false;          // examine: it takes one that it is sold with
    std::optional<Digest> template_digest;  // enrol, write_template: for the FingerReference
    std::vector<FingerSlot> slots;          // examine, list: those that hold a template, ascending
    Secret template_bytes;                  // enrol, read_template: for a sealed copy
};

class ZfmAdmin {
public:
    // Everything outlives this. Throws std::invalid_argument, naming what is wrong, for settings
    // that ZfmHandshake refuses, and for a baud rate or packet size that no sensor has.
    ZfmAdmin(hal::ByteLink& link, hal::Clock& clock, ZfmAdminSettings settings);

    // All begin a job. Errors: busy (another one runs), out_of_range (no such slot; a template of a
    // size that none has), unsupported (capacity 0: provision first, and compose again).
    //
    // Which password it takes, what it says of itself, and what it holds; changes nothing. Also
    // with capacity 0.
    [[nodiscard]] Result<void> examine();
    // Sets password, security level and packet size of a sensor as it is sold, and empties its
    // library unless that is to be kept; may be asked again of a sensor on which it was
    // interrupted. Also with capacity 0.
    [[nodiscard]] Result<void> provision(ZfmLibrary library = ZfmLibrary::empty);
    // Sets its speed: after its answer it is heard at that speed alone, by another ZfmAdmin over a
    // line of that speed. Also with capacity 0. Errors also: out_of_range (none that it has).
    [[nodiscard]] Result<void> set_speed(std::uint32_t baud_rate);
    // Two images of one finger, merged and stored in an empty slot. `replaces`: a slot that may
    // hold the same finger from before.
    [[nodiscard]] Result<void> enrol(FingerSlot slot,
                                     std::optional<FingerSlot> replaces = std::nullopt);
    [[nodiscard]] Result<void> remove(FingerSlot slot);
    [[nodiscard]] Result<void> clear();
    [[nodiscard]] Result<void> list();
    [[nodiscard]] Result<void> read_template(FingerSlot slot);
    // Overwrites the slot: to restore a library from its sealed copy.
    [[nodiscard]] Result<void> write_template(FingerSlot slot, std::span<const std::byte> bytes);

    [[nodiscard]] bool busy() const { return !script_.empty(); }
    [[nodiscard]] ZfmAdminPrompt prompt() const;
    // Gives the job up; idempotent. What had been stored stays.
    void stop();
    // Moves on; the result, once, when the job is done. Errors: denied with a ZfmAdminRefusal or
    // SensorRefusal; denied without (no job); disconnected, timeout (vendor code: the sensor's
    // confirmation code, if it gave one): the job is over. corrupt: an answer was damaged and is
    // asked again.
    [[nodiscard]] Result<std::optional<ZfmJobResult>> poll();
    // `never` when no job runs.
    [[nodiscard]] Instant next_poll() const;

private:
    enum class Step : std::uint8_t {
        handshake,
        // Examining and provisioning.
        try_own,  // the password may have been set before an interruption
        try_factory_first,
        try_factory_second,
        set_level,
        set_packet_size,
        clear,
        expect_none,  // templates in the library
        set_password,
        verify_own,
        read_parameters,
        find_parameters,  // whatever they are
        set_baud,
        // The library.
        expect_free,   // the slot's bit in the index
        expect_taken,  // for read_template
        read_index,    // page after page
        remove,
        lift,
        place,
        place_again,
        fetch_first,  // the image, to be judged
        fetch_second,
        extract_first,
        extract_second,
        expect_unknown,  // a search over the whole library
        combine,
        write,
        store,
        load,
        read,
        read_again,  // and compared: a lost packet does not show otherwise
    };
    using Outcome = Result<std::optional<ZfmJobResult>>;
    [[nodiscard]] Result<void> begin(std::optional<FingerSlot> slot, std::vector<Step> script);
    [[nodiscard]] ZfmQuestion question() const;
    [[nodiscard]] ZfmQuestion question_of_library() const;
    [[nodiscard]] Outcome take(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_handshake(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_password(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_parameters(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_index(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_glance(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_image(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_features(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_search(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_template(const ZfmAnswer& answer);
    [[nodiscard]] Outcome take_plain(const ZfmAnswer& answer);
    [[nodiscard]] Outcome advance();
    [[nodiscard]] Outcome back_to(Step step);
    [[nodiscard]] Outcome past(Step step);
    [[nodiscard]] Outcome lay_again();
    [[nodiscard]] Outcome refuse(ZfmAdminRefusal why);
    [[nodiscard]] Outcome halt(Error error);
    [[nodiscard]] Step step() const { return script_[position_]; }

    hal::Clock& clock_;
    ZfmAdminSettings settings_;
    ZfmExchange exchange_;
    ZfmHandshake handshake_;
    std::vector<Step> script_;  // of the job that runs; empty when none does
    std::size_t position_ = 0;
    FingerSlot slot_ = 0;
    std::optional<FingerSlot> replaces_;
    std::uint32_t speed_ = 0;       // that set_baud sets
    std::uint8_t page_ = 0;         // of the index
    std::vector<std::byte> bytes_;  // of the template
    ZfmJobResult result_;
    int poor_images_ = 0;
    int differences_ = 0;
    Instant ask_at_{};
};

}  // namespace strongroom::devices
