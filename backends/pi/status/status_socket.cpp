#include "pi/status_socket.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace strongroom::pi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t events_kept = 1000;
constexpr std::size_t clients_max = 4;
constexpr std::size_t waiting_max = 1U << 20;  // bytes that a client may be behind

[[noreturn]] void refuse(const std::filesystem::path& socket, const std::string& why) {
    throw std::runtime_error("status socket " + socket.string() + ": " + why);
}

std::string last_error() { return std::generic_category().message(errno); }

sockaddr_un address_of(const std::filesystem::path& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = socket.string();
    if (path.empty() || path.size() >= sizeof(address.sun_path)) {
        refuse(socket, "its path has to have 1 to 107 bytes: choose a shorter one");
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

int open_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

// A file that is left over from a process that died may go; one that is served may not, and what is
// no socket is somebody's file.
void clear_the_way(const std::filesystem::path& socket, const sockaddr_un& address) {
    struct stat found {};
    if (::lstat(socket.c_str(), &found) != 0) return;
    if (!S_ISSOCK(found.st_mode)) refuse(socket, "there is a file of that name: choose another");
    const int probe = open_socket();
    const bool served = probe >= 0 && ::connect(probe, reinterpret_cast<const sockaddr*>(&address),
                                                sizeof address) == 0;
    if (probe >= 0) ::close(probe);
    if (served) refuse(socket, "another terminal serves it: give each a socket of its own");
    ::unlink(socket.c_str());
}

Json factors_of(const auth::Policy& policy) {
    Json factors = Json::array();
    for (const auth::Factor factor : policy.factors) factors.push_back(to_string(factor));
    return factors;
}

Json deadline(Instant at) {
    return at == never ? Json(nullptr) : Json(at.time_since_epoch().count());
}

Json session_of(const auth::SessionSnapshot& session) {
    Json json{{"state", to_string(session.state)},
              {"stage", session.stage},
              {"customer", session.customer.value},
              {"locker", session.locker.value},
              {"face_tries", session.face_tries},
              {"finger_tries", session.finger_tries},
              {"code_tries", session.code_tries},
              {"presence_tries", session.presence_tries},
              {"gestures_performed", session.gestures_performed},
              {"stage_deadline", deadline(session.stage_deadline)},
              {"session_deadline", deadline(session.session_deadline)},
              {"gesture_deadline", deadline(session.gesture_deadline)}};
    json["gesture"] = session.gesture ? Json(to_string(*session.gesture)) : Json(nullptr);
    json["last"] = session.last ? Json(to_string(*session.last)) : Json(nullptr);
    return json;
}

}  // namespace

StatusSocket::StatusSocket(StatusSetup setup) : setup_(std::move(setup)) {
    const sockaddr_un address = address_of(setup_.socket);
    clear_the_way(setup_.socket, address);
    listener_ = open_socket();
    if (listener_ < 0) refuse(setup_.socket, last_error());
    // Never open to others, not even between bind and chmod.
    const mode_t before = ::umask(0177);
    const int bound =
        ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const int problem = errno;
    ::umask(before);
    if (bound != 0 || ::listen(listener_, static_cast<int>(clients_max)) != 0) {
        const std::string why = std::generic_category().message(bound != 0 ? problem : errno);
        ::close(listener_);
        refuse(setup_.socket, why + ": its directory has to exist and to be writable");
    }
}

StatusSocket::~StatusSocket() {
    for (const Client& client : clients_) ::close(client.descriptor);
    ::close(listener_);
    ::unlink(setup_.socket.c_str());
}

void StatusSocket::write(const TraceLine& line) {
    std::string words(line.source);
    words.append(" ").append(line.what);
    if (line.number != 0) words += " " + std::to_string(line.number);
    events_.push_back({++last_event_, line.at, std::move(words)});
    if (events_.size() > events_kept) events_.pop_front();
}

void StatusSocket::accept_clients() {
    while (true) {
        const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (descriptor < 0) return;
        if (clients_.size() == clients_max) {
            ::close(descriptor);
            continue;
        }
        clients_.push_back({descriptor, {}, 0});
        told_.clear();  // it has to be told at once
    }
}

std::string StatusSocket::events_after(std::uint64_t number) const {
    Json json = Json::array();
    for (const Event& event : events_) {
        if (event.number <= number) continue;
        json.push_back({event.number, event.at.time_since_epoch().count(), event.words});
    }
    return json.dump();
}

// What it writes is read so that it does not wait for an answer, and forgotten.
void StatusSocket::send(Client& client, const std::string& state) {
    std::array<char, 512> ignored{};
    const ssize_t read = ::recv(client.descriptor, ignored.data(), ignored.size(), MSG_DONTWAIT);
    bool gone = read == 0 || (read < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
    if (!state.empty()) {
        client.waiting += state + ",\"events\":" + events_after(client.told) + "}\n";
        client.told = last_event_;
    }
    while (!gone && !client.waiting.empty()) {
        const ssize_t sent = ::send(client.descriptor, client.waiting.data(), client.waiting.size(),
                                    MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            client.waiting.erase(0, static_cast<std::size_t>(sent));
            continue;
        }
        gone = errno != EAGAIN && errno != EWOULDBLOCK;
        break;
    }
    if (!gone && client.waiting.size() <= waiting_max) return;
    ::close(client.descriptor);
    client.descriptor = -1;
}

void StatusSocket::publish(const terminal::Snapshot& now, Instant time, WallTime wall) {
    accept_clients();
    if (clients_.empty()) return;
    Json json{{"format", 1},
              {"terminal", setup_.terminal.value},
              {"locker", setup_.locker.value},
              {"policy", setup_.policy.name},
              {"factors", factors_of(setup_.policy)},
              {"challenge", setup_.policy.challenge.required},
              {"presence", setup_.policy.presence.required},
              {"session", session_of(now.session)},
              {"out_of_service", now.out_of_service},
              {"door_open", now.door_open},
              {"bolt_released", now.bolt_released},
              {"notes_lost", now.notes_lost}};
    json["alarms"] = Json::array();
    for (const Alarm alarm : now.alarms) json["alarms"].push_back(to_string(alarm));
    json["prompt"] =
        now.prompt ? Json{to_string(now.prompt->message), now.prompt->seconds, now.prompt->attempts}
                   : Json(nullptr);
    std::string state = json.dump();
    const bool news = state != told_ || (!events_.empty() && clients_.front().told != last_event_);
    if (news || time - told_at_ >= std::chrono::seconds(1)) {
        told_ = state;
        told_at_ = time;
        state.pop_back();  // its brace: what changes with every line follows
        state += ",\"now\":" + std::to_string(time.time_since_epoch().count()) +
                 ",\"wall\":" + std::to_string(wall.time_since_epoch().count());
    } else {
        state.clear();
    }
    for (Client& client : clients_) send(client, state);
    std::erase_if(clients_, [](const Client& client) { return client.descriptor < 0; });
}

std::unique_ptr<StatusSocket> status_socket_of(const config::Configuration& configuration,
                                               const auth::Policy& policy) {
    if (configuration.status_socket.empty()) return nullptr;
    return std::make_unique<StatusSocket>(StatusSetup{
        configuration.status_socket, configuration.terminal, configuration.locker, policy});
}

}  // namespace strongroom::pi
