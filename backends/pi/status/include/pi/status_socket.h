// StatusSocket: what a serving terminal tells whoever may look at it: a line of JSON each time that
// something has changed, to every program that is connected to a socket of the file system. Nothing
// can be asked for by it, and nothing ordered: what a client writes is thrown away.
//
// The socket is its owner's alone (mode 0600). No code, template, password, key or phone number is
// in a line (invariant I4). A client that does not read is dropped, so that nobody who looks can
// hold up a door. One thread, the terminal's; never blocks.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "auth/policy.h"
#include "base/ids.h"
#include "base/time.h"
#include "base/trace.h"
#include "config/configuration.h"
#include "terminal/terminal.h"

namespace strongroom::pi {

struct StatusSetup {
    std::filesystem::path socket;  // 1 to 107 bytes, in a directory that exists
    TerminalId terminal;
    LockerId locker;
    auth::Policy policy;
};

class StatusSocket final : public TraceSink {
public:
    // Replaces a socket that nobody serves any more. Throws std::runtime_error: a path that is too
    // long or no socket, another terminal that serves it, a directory that cannot be written.
    explicit StatusSocket(StatusSetup setup);
    StatusSocket(const StatusSocket&) = delete;
    StatusSocket& operator=(const StatusSocket&) = delete;
    ~StatusSocket() override;

    // Of the terminal; told with the next publish().
    void write(const TraceLine& line) override;
    // Takes new clients, and tells all of them if something changed since the last time, or if a
    // second has passed. A new client is told the last 1000 events as well.
    void publish(const terminal::Snapshot& now, Instant time, WallTime wall);

    [[nodiscard]] std::size_t clients() const { return clients_.size(); }

private:
    struct Event {
        std::uint64_t number = 0;  // 1, 2, 3, ... since the terminal started
        Instant at{};
        std::string words;  // "session claimed"
    };
    struct Client {
        int descriptor = -1;
        std::string waiting;     // not taken by the system yet
        std::uint64_t told = 0;  // number of the last event it was told
    };
    void accept_clients();
    void send(Client& client, const std::string& state);
    [[nodiscard]] std::string events_after(std::uint64_t number) const;

    StatusSetup setup_;
    int listener_ = -1;
    std::vector<Client> clients_;
    std::deque<Event> events_;
    std::uint64_t last_event_ = 0;
    std::string told_;  // the state that was told last
    Instant told_at_{};
};

// The one that the configuration names; null when it names none. Throws as the constructor.
[[nodiscard]] std::unique_ptr<StatusSocket> status_socket_of(
    const config::Configuration& configuration, const auth::Policy& policy);

}  // namespace strongroom::pi
