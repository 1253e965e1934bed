// What the tests of the drivers for short messages share. They talk to the emulator over loopback;
// times are limits after which a test gives up, never what it asserts.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "hal/clock.h"
#include "pi/sms/curl_transport.h"
#include "pi/sms/gateways.h"
#include "sms_provider/server.h"

namespace strongroom::pi {

using DeliveryState = hal::SmsDelivery::State;

inline constexpr const char* a_number = "+919812345678";
inline constexpr const char* a_code = "271828";
inline constexpr const char* a_text =
    "Your strongroom code is 271828. It opens locker 7 once, within 120 seconds. Never tell it to "
    "anyone.";

[[nodiscard]] hal::SmsMessage a_message(std::uint64_t id, std::string_view text = a_text,
                                        std::string_view to = a_number);

// Real time, as at the door.
class RealClock final : public hal::Clock {
public:
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] WallTime wall() const override { return {}; }
};

// Time that stands still until it is moved.
class ManualClock final : public hal::Clock {
public:
    [[nodiscard]] Instant now() const override { return now_; }
    [[nodiscard]] WallTime wall() const override { return {}; }
    void advance(Duration by) { now_ += by; }

private:
    Instant now_{std::chrono::hours(1)};
};

struct SeenEvents {
    std::map<SmsEvent, int> counts;
    std::int32_t last_code = 0;
    [[nodiscard]] SmsEventSink sink();
    [[nodiscard]] int count(SmsEvent event) const;
};

[[nodiscard]] twilio::Account twilio_account();
[[nodiscard]] fast2sms::Account fast2sms_account(fast2sms::Route route = fast2sms::Route::otp);
// Quick enough for a test, slow enough for a busy machine.
[[nodiscard]] SmsTiming quick_timing();

// A folder that goes with the object.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    // Writes `text` into a file of that name.
    [[nodiscard]] std::filesystem::path file(const std::string& name,
                                             const std::string& text) const;

private:
    std::filesystem::path path_;
};

// The emulator behind TLS that a test authority vouches for, and how to reach it.
struct Provider {
    explicit Provider(std::function<void(sms_provider::ServerSetup&)> change = {});
    sms_provider::Authority authority;
    Folder folder;
    std::filesystem::path trusted;  // the authority's certificate
    std::unique_ptr<sms_provider::Server> server;
    [[nodiscard]] CurlSettings curl() const;
};

// Polls until message `id` is delivered or undelivered, or the limit has passed. All states of it.
[[nodiscard]] std::vector<DeliveryState> states_of(hal::SmsGateway& gateway, std::uint64_t id);
// Polls until `done`; false when the limit has passed.
bool poll_until(hal::SmsGateway& gateway, const std::function<bool()>& done);

// A TCP server that keeps every byte that it hears, and says `answer` to each connection once it
// has heard something (nothing: it stays silent until the other side goes).
class Recorder {
public:
    explicit Recorder(std::string answer);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::string heard() const;
    [[nodiscard]] int connections() const;

private:
    struct Shared;
    void listen();
    std::string answer_;
    int socket_ = -1;
    int port_ = 0;
    std::unique_ptr<Shared> shared_;
    std::thread thread_;
};

}  // namespace strongroom::pi
