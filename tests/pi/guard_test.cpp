// The guard with a line in memory: its rules, and its conversation over a real socket. What it does
// to a real line is tested in tests/hil.
#include "pi/guard.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "catch.h"
#include "pi/guard_client.h"

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

// Remembers what it was told and when.
class MemoryLine final : public GuardedLine {
public:
    struct Told {
        bool active;
        std::chrono::steady_clock::time_point at;
    };
    Result<void> set(bool active) override {
        const std::lock_guard held(mutex_);
        if (gone_) return fail(Errc::disconnected, ENODEV);
        told_.push_back({active, std::chrono::steady_clock::now()});
        active_ = active;
        return {};
    }
    Result<bool> driven() override {
        const std::lock_guard held(mutex_);
        if (gone_) return fail(Errc::disconnected, ENODEV);
        return stuck_ || active_;
    }
    void lose() {
        const std::lock_guard held(mutex_);
        gone_ = true;
    }
    void stick() {
        const std::lock_guard held(mutex_);
        stuck_ = true;
    }
    [[nodiscard]] std::vector<Told> told() const {
        const std::lock_guard held(mutex_);
        return told_;
    }
    [[nodiscard]] bool active() const {
        const std::lock_guard held(mutex_);
        return active_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<Told> told_;
    bool active_ = false;
    bool gone_ = false;
    bool stuck_ = false;
};

[[nodiscard]] std::string fresh_folder() {
    std::string name = "/tmp/strongroom-guard-XXXXXX";
    if (const char* place = ::getenv("TMPDIR"); place != nullptr) {
        name = std::string(place) + "/strongroom-guard-XXXXXX";
    }
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    return name;
}

// A guard on a thread, as its program has it in a process.
class Running {
public:
    explicit Running(Duration max_hold = 20s)
        : guard_({folder_ + "/guard.sock", max_hold, std::nullopt, {}}, line),
          thread_([this] { end_ = guard_.run(stop_); }) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() {
        if (thread_.joinable()) static_cast<void>(stop());
        ::close(stop_);
        ::rmdir(folder_.c_str());
    }
    [[nodiscard]] std::string socket() const { return folder_ + "/guard.sock"; }
    [[nodiscard]] Guard::End stop() {
        const std::uint64_t one = 1;
        REQUIRE(::write(stop_, &one, sizeof one) == sizeof one);
        return join();
    }
    [[nodiscard]] Guard::End join() {
        thread_.join();
        return end_;
    }
    MemoryLine line;

private:
    std::string folder_ = fresh_folder();
    int stop_ = ::eventfd(0, EFD_CLOEXEC);
    Guard guard_;
    std::atomic<Guard::End> end_{};
    std::thread thread_;
};

// For what takes microseconds; the limit is only for a guard that is broken.
template <class Condition>
[[nodiscard]] bool comes_true(Condition condition) {
    for (int i = 0; i < 10000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(1ms);
    }
    return false;
}

[[nodiscard]] int raw_connection(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int socket = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return socket;
}

TEST_CASE("guard: drives the line inactive before anybody can ask") {
    Running guard;
    REQUIRE(guard.line.told().size() == 1);
    CHECK_FALSE(guard.line.told()[0].active);
}

TEST_CASE("guard: ends a pulse by its own clock, not early") {
    Running guard;
    GuardClient client(guard.socket());
    CHECK(client.max_hold() == 20s);
    REQUIRE(client.pulse(40ms));
    REQUIRE(comes_true([&] { return guard.line.told().size() == 3; }));
    const auto told = guard.line.told();
    CHECK(told[1].active);
    CHECK_FALSE(told[2].active);
    CHECK(told[2].at - told[1].at >= 39ms);  // armed a moment before the line is driven
    REQUIRE(client.pulse(1ms));
}

TEST_CASE("guard: refuses holds out of range and a pulse during a pulse") {
    Running guard;
    GuardClient client(guard.socket());
    for (const Duration hold : {Duration(0ns), Duration(-1ns), Duration(20s + 1ns)}) {
        CHECK(client.pulse(hold).error().code == Errc::out_of_range);
    }
    CHECK(guard.line.told().size() == 1);
    REQUIRE(client.pulse(20s));
    CHECK(client.pulse(1s).error().code == Errc::busy);
    CHECK(guard.line.active());
    REQUIRE(client.lock());
    CHECK_FALSE(guard.line.active());
    REQUIRE(client.lock());
}

TEST_CASE("guard: trusts no controller about the longest hold") {
    Running guard(1s);
    const int socket = raw_connection(guard.socket());
    // The packet of a pulse of an hour, by a client that does not check.
    struct Packet {
        std::uint32_t magic = 0x53475231;
        std::uint32_t ask = 2;
        std::uint64_t number = 7;
        std::int64_t hold = 3600LL * 1000000000;
    } packet;
    REQUIRE(::send(socket, &packet, sizeof packet, 0) == sizeof packet);
    std::array<std::uint32_t, 8> answer{};
    REQUIRE(::recv(socket, answer.data(), sizeof answer, 0) == sizeof answer);
    CHECK(answer[1] == 0);
    CHECK(answer[6] == static_cast<std::uint32_t>(Errc::out_of_range));
    CHECK(guard.line.told().size() == 1);
    ::close(socket);
}

TEST_CASE("guard: locks at once when the controller goes away") {
    Running guard;
    const int socket = raw_connection(guard.socket());
    const std::array<std::uint64_t, 3> pulse{0x0000000253475231, 1, 20000000000};
    REQUIRE(::send(socket, pulse.data(), sizeof pulse, 0) == sizeof pulse);
    REQUIRE(comes_true([&] { return guard.line.active(); }));
    ::close(socket);  // as the kernel does for a process that is killed
    CHECK(comes_true([&] { return !guard.line.active(); }));
}

TEST_CASE("guard: locks and hangs up on what is not its protocol") {
    for (const std::string_view garbage :
         {std::string_view("x"), std::string_view("GET / HTTP/1.1\r\n\r\n......."),
          std::string_view("\x31\x52\x47\x53", 4)}) {
        Running guard;
        const int socket = raw_connection(guard.socket());
        const std::array<std::uint64_t, 3> pulse{0x0000000253475231, 1, 20000000000};
        REQUIRE(::send(socket, pulse.data(), sizeof pulse, 0) == sizeof pulse);
        REQUIRE(comes_true([&] { return guard.line.active(); }));
        std::array<char, 64> buffer{};
        REQUIRE(::recv(socket, buffer.data(), buffer.size(), 0) == 32);
        REQUIRE(::send(socket, garbage.data(), garbage.size(), 0) ==
                static_cast<ssize_t>(garbage.size()));
        CHECK(::recv(socket, buffer.data(), buffer.size(), 0) == 0);
        CHECK(comes_true([&] { return !guard.line.active(); }));
        ::close(socket);
    }
}

TEST_CASE("guard: serves one controller, and another one does not disturb it") {
    Running guard;
    GuardClient first(guard.socket());
    REQUIRE(first.pulse(20s));
    CHECK_THROWS_WITH(GuardClient(guard.socket()), Contains("another controller"));
    CHECK(guard.line.active());
    REQUIRE(first.lock());
}

TEST_CASE("guard: ends when its line is gone, so that it is started anew") {
    Running guard;
    GuardClient client(guard.socket());
    REQUIRE(client.pulse(20s));
    guard.line.lose();
    CHECK(client.pulse(1s).error().code == Errc::disconnected);
    CHECK(guard.join() == Guard::End::line_lost);
}

TEST_CASE("guard: ends when its line reads other than it was told") {
    Running guard;
    guard.line.stick();
    CHECK(guard.join() == Guard::End::line_lost);
}

TEST_CASE("guard: stops locked") {
    Running guard;
    GuardClient client(guard.socket());
    REQUIRE(client.pulse(20s));
    CHECK(guard.stop() == Guard::End::asked);
    CHECK_FALSE(guard.line.active());
    CHECK(client.pulse(1s).error().code == Errc::disconnected);
    CHECK(client.lock().error().code == Errc::disconnected);
}

TEST_CASE("guard: a controller without a guard is told how to start it") {
    const std::string folder = fresh_folder();
    CHECK_THROWS_WITH(GuardClient(folder + "/guard.sock"),
                      Contains(folder + "/guard.sock") && Contains("is strongroom-guard running?"));
    ::rmdir(folder.c_str());
    MemoryLine line;
    CHECK_THROWS_WITH(Guard({folder + "/guard.sock", 1s, std::nullopt, {}}, line),
                      Contains("does its directory exist"));
    CHECK_THROWS_WITH(Guard({folder + "/guard.sock", 31s, std::nullopt, {}}, line),
                      Contains("30 s at most"));
    CHECK_THROWS_WITH(Guard({"/dev/null", 1s, std::nullopt, {}}, line), Contains("is no socket"));
}

TEST_CASE("guard: only its owner and group may connect") {
    Running guard;
    struct stat status {};
    REQUIRE(::stat(guard.socket().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0660);
}

}  // namespace
}  // namespace strongroom::pi
