// The victim as the witness sees it: a process at the other end of a socket, and when to kill it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include <sys/types.h>

#include "base/time.h"
#include "wire.h"

namespace strongroom::test {

// SIGKILL at the n-th message from arming on, or at the n-th of one kind.
struct KillPlan {
    std::uint64_t message = 0;  // 0: never
    std::optional<Message> kind;
    enum class When : std::uint8_t {
        unheard,     // the message has been sent and is never acted on
        unanswered,  // it has been acted on, and the victim does not learn it
        answered,    // the victim has its answer, and runs on for `delay`
    };
    When when = When::unheard;
    std::chrono::microseconds delay{};
};

class Remote {
public:
    // Acts on a message of the victim and returns the answer.
    using Serve = std::function<Writer(Message, Reader&)>;

    // Starts the victim on `directory` with `plan` armed, and serves it until it first waits.
    Remote(const std::filesystem::path& directory, Serve serve, const KillPlan& plan);
    Remote(const Remote&) = delete;
    Remote& operator=(const Remote&) = delete;
    ~Remote();  // kills it

    [[nodiscard]] bool alive() const { return process_ > 0; }
    // One step of the terminal: when it wants the next one. None when it was killed meanwhile.
    [[nodiscard]] std::optional<Instant> step();
    void arm(const KillPlan& plan);

    // Since arming.
    [[nodiscard]] std::uint64_t messages() const { return messages_; }
    // The process ended, and not by our hand.
    [[nodiscard]] bool ended_by_itself() const { return ended_by_itself_; }

private:
    void start(const std::filesystem::path& directory);
    std::optional<Instant> serve_until_stepped();
    [[nodiscard]] bool due(Message message);
    void kill_now();
    [[nodiscard]] bool say(const Writer& message) const;

    Serve serve_;
    KillPlan plan_;
    pid_t process_ = -1;
    int socket_ = -1;
    std::uint64_t messages_ = 0;
    std::uint64_t of_kind_ = 0;  // of the plan's kind
    bool ended_by_itself_ = false;
    std::vector<std::byte> buffer_;
};

}  // namespace strongroom::test
