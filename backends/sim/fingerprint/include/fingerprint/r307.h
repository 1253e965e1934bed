// An R307 as its UART shows it, written from the vendor's user manual (version 1.20, with the R30x
// family's for what it leaves open): bytes in, bytes out, with times. It knows nothing of this
// project's driver, and answers any client.
//
// Sans-I/O: the owner tells it when each byte has arrived and collects what it has sent; SerialLink
// does so in virtual time, `strongroom emulate r307` in real time. Times never go back. One thread.
//
// Permitted liberties, where the manual is silent: an unknown instruction is answered 01 (packet);
// a reply is sent to nothing that is addressed to somebody else; bytes that arrive while the module
// works or answers are lost (the line is half duplex); a packet that stops for 200 ms is forgotten;
// storing from a buffer that holds nothing is answered 18.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "base/time.h"
#include "fingerprint/comparison.h"
#include "fingerprint/finger.h"

namespace strongroom::fingerprint {

// As sold; what SetPwd, SetAddr and SetSysPara change lies in the module's flash.
struct R307Settings {
    std::uint32_t address = 0xFFFFFFFF;
    std::uint32_t password = 0;  // 0: nobody has to verify it
    std::uint16_t system_id = 0x0009;
    std::uint16_t capacity = 1000;                             // templates, 1 to 1024
    std::uint8_t security_level = 3;                           // 1 to 5
    std::uint8_t packet_size_code = 2;                         // 0 to 3: 32, 64, 128, 256 bytes
    std::uint8_t baud_multiplier = 6;                          // 1 to 12, times 9600
    bool answers_wrong_address = false;                        // code 20 instead of silence
    Duration power_on_delay = std::chrono::milliseconds(500);  // deaf until then
};

// What goes wrong. Those of answers hit the next answers, as many as asked for.
enum class R307Fault : std::uint8_t {
    drop_byte,         // one byte of the answer is lost on the wire
    flip_bit,          // one bit of the answer is inverted
    split_packet,      // the answer pauses for `split_pause` in the middle of its first packet
    wrong_page,        // a search that finds answers another page
    slow_acknowledge,  // the answer comes `slow_delay` later
    no_acknowledge,    // the command is carried out and not answered
    command_lost,      // the module does not hear the command
    flash_error,       // what writes flash fails, and nothing is written
    image_fail,        // GenImg answers 03
    stuck_finger,      // until healed: the finger seen last stays on the window
    dead,              // until healed: hears nothing, says nothing
};
inline constexpr std::array r307_faults{R307Fault::drop_byte,
                                        R307Fault::flip_bit,
                                        R307Fault::split_packet,
                                        R307Fault::wrong_page,
                                        R307Fault::slow_acknowledge,
                                        R307Fault::no_acknowledge,
                                        R307Fault::command_lost,
                                        R307Fault::flash_error,
                                        R307Fault::image_fail,
                                        R307Fault::stuck_finger,
                                        R307Fault::dead};
[[nodiscard]] std::string_view to_string(R307Fault fault);
[[nodiscard]] std::optional<R307Fault> r307_fault_named(std::string_view name);

class R307 {
public:
    static constexpr Duration slow_delay = std::chrono::seconds(3);
    static constexpr Duration split_pause = std::chrono::milliseconds(400);
    static constexpr unsigned forever = 0xFFFFFFFF;

    // Powered at Instant{}, with the delay behind it. Asserts settings within their ranges.
    explicit R307(const R307Settings& settings = {}, std::uint64_t seed = 1);

    // ---- line ------------------------------------------------------------------------------
    // A byte whose stop bit ended at `at`, sent at `baud` bits a second. At another speed than the
    // module's it is heard as garbage.
    void receive(Instant at, std::byte byte, unsigned baud);
    // The same at the module's speed.
    void receive(Instant at, std::span<const std::byte> bytes);
    // When the next byte has left completely; `never` when there is none.
    [[nodiscard]] Instant next_output() const;
    // When the last byte known so far has left; `never` when there is none.
    [[nodiscard]] Instant last_output() const;
    struct Sent {
        Instant at{};
        std::byte byte{};
        unsigned baud = 0;
    };
    // The next byte that has left until `now`.
    [[nodiscard]] std::optional<Sent> take_output(Instant now);
    // Bits a second, now.
    [[nodiscard]] unsigned baud() const { return 9600U * flash_.baud_multiplier; }

    // ---- window ----------------------------------------------------------------------------
    void place(const FingerPresentation& presentation) { finger_ = presentation; }
    void lift() { finger_.reset(); }
    [[nodiscard]] const std::optional<FingerPresentation>& finger() const { return finger_; }

    // ---- power and faults ------------------------------------------------------------------
    // The supply dips at `now`: buffers, verification and what was being sent are lost; flash
    // stays.
    void brown_out(Instant now);
    // For the next `answers` answers (commands, for command_lost). Adds to what is pending.
    void inject(R307Fault fault, unsigned answers = 1);
    void heal();
    [[nodiscard]] unsigned pending(R307Fault fault) const;

    // ---- what only an observer sees --------------------------------------------------------
    struct Exchange {
        Instant at{};  // when the command was complete
        std::uint8_t instruction = 0;
        std::uint8_t confirmation = 0;
        std::optional<std::uint16_t> page;  // of a search that matched
        std::uint16_t score = 0;
    };
    void on_exchange(std::function<void(const Exchange&)> observer) {
        observer_ = std::move(observer);
    }
    [[nodiscard]] const std::map<std::uint16_t, FingerTemplate>& library() const {
        return flash_.library;
    }
    [[nodiscard]] std::uint32_t address() const { return flash_.address; }
    [[nodiscard]] std::uint32_t password() const { return flash_.password; }
    [[nodiscard]] bool verified() const { return verified_; }
    [[nodiscard]] std::uint64_t commands() const { return commands_; }
    [[nodiscard]] std::uint64_t lost_bytes() const { return lost_bytes_; }
    // Rises with every write to flash.
    [[nodiscard]] std::uint64_t flash_writes() const { return flash_writes_; }
    [[nodiscard]] Fingers& fingers() { return fingers_; }

    // Puts a finger in the library as enrolment of two images does. False when the images are too
    // poor or `page` is beyond the capacity.
    bool enrol(std::uint16_t page, std::uint64_t person, std::uint8_t finger = 1);
    // The whole flash, to keep and to put back. Errors: corrupt (not such an image, or of another
    // capacity; nothing is changed).
    [[nodiscard]] std::vector<std::byte> flash_image() const;
    [[nodiscard]] Result<void> restore_flash(std::span<const std::byte> image);

private:
    struct Flash {
        std::uint32_t address = 0;
        std::uint32_t password = 0;
        std::uint8_t security_level = 0;
        std::uint8_t packet_size_code = 0;
        std::uint8_t baud_multiplier = 0;
        std::map<std::uint16_t, FingerTemplate> library;
    };
    struct CharBuffer {
        bool filled = false;
        FingerTemplate bytes{};
    };
    struct Answer {
        std::uint8_t code = 0;
        Duration working{};
        std::vector<std::byte> content;     // after the code
        std::vector<std::byte> stream;      // data packets after the acknowledgement
        std::optional<std::uint16_t> page;  // of a match
        std::uint16_t score = 0;
        std::optional<std::uint8_t> new_baud;  // once the acknowledgement is out
    };
    enum class Download : std::uint8_t { none, character_file, image };
    using Payload = std::span<const std::byte>;

    void forget_everything();
    void byte_in(Instant at, std::byte byte);
    void packet_in(Instant at);
    void command_in(Instant at, Payload payload);
    void data_in(Instant at, bool last, Payload payload);
    void reply(Instant at, std::uint8_t instruction, Answer answer);
    void put_packet(std::vector<std::byte>& out, std::uint8_t kind, Payload payload) const;
    void send(Instant start, std::span<const std::byte> bytes, bool first);
    [[nodiscard]] bool take_fault(R307Fault fault);

    [[nodiscard]] Answer execute(std::uint8_t instruction, Payload arguments);
    [[nodiscard]] Answer system_command(std::uint8_t instruction, Payload arguments);
    [[nodiscard]] Answer library_command(std::uint8_t instruction, Payload arguments);
    [[nodiscard]] Answer generate_image();
    [[nodiscard]] Answer image_to_features(Payload arguments);
    [[nodiscard]] Answer match_buffers();
    [[nodiscard]] Answer search(Payload arguments, bool fast);
    [[nodiscard]] Answer combine();
    [[nodiscard]] Answer store(Payload arguments);
    [[nodiscard]] Answer load(Payload arguments);
    [[nodiscard]] Answer upload_features(Payload arguments);
    [[nodiscard]] Answer upload_image();
    [[nodiscard]] Answer remove(Payload arguments);
    [[nodiscard]] Answer empty();
    [[nodiscard]] Answer set_parameter(Payload arguments);
    [[nodiscard]] Answer read_parameters() const;
    [[nodiscard]] Answer set_password(Payload arguments);
    [[nodiscard]] Answer verify_password(Payload arguments);
    [[nodiscard]] Answer set_address(Payload arguments);
    [[nodiscard]] Answer random_number();
    [[nodiscard]] Answer index_table(Payload arguments) const;
    [[nodiscard]] CharBuffer& buffer_of(std::byte number);
    [[nodiscard]] std::uint16_t status() const;

    R307Settings settings_;
    Flash flash_;
    Rng rng_;
    std::uint64_t shots_ = 0;
    Fingers fingers_;
    std::optional<FingerPresentation> finger_;
    std::optional<FingerPresentation> seen_;  // for a stuck window

    // RAM.
    std::optional<FingerImage> image_;
    std::array<CharBuffer, 2> buffers_;
    bool verified_ = false;
    bool matched_ = false;
    Download download_ = Download::none;
    std::uint8_t download_buffer_ = 0;
    std::vector<std::byte> downloaded_;
    std::vector<std::byte> incoming_;
    Instant last_in_{};
    Instant deaf_until_{};
    std::deque<Sent> output_;

    std::array<unsigned, r307_faults.size()> faults_{};
    std::uint64_t commands_ = 0;
    std::uint64_t lost_bytes_ = 0;
    std::uint64_t flash_writes_ = 0;
    std::function<void(const Exchange&)> observer_;
};

}  // namespace strongroom::fingerprint
