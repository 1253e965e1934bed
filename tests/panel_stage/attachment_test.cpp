// A panel that looks at a terminal which serves.
#include "panel/attachment.h"

#include <cstdlib>
#include <cstring>
#include <fstream>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "catch.h"
#include "pi/status_socket.h"
#include "sim/temporary_folder.h"

namespace strongroom::panel {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

pi::StatusSetup setup_at(const fs::path& socket) {
    return {socket, TerminalId{4}, LockerId{101}, auth::locker({0.5, 0.001, 0.002})};
}

terminal::Snapshot at_the_code() {
    terminal::Snapshot snapshot;
    snapshot.session.state = auth::State::code;
    snapshot.session.stage = 1;
    snapshot.session.customer = CustomerId{7};
    snapshot.prompt = Prompt{Prompt::Message::enter_code, 90, 0};
    return snapshot;
}

// Publishes until it is so; gives up after a long time.
template <class Condition>
bool eventually(pi::StatusSocket& status, const terminal::Snapshot& snapshot,
                const Attachment& attachment, Condition condition) {
    for (int i = 0; i < 3000; ++i) {
        status.publish(snapshot, Instant(1s), WallTime(5s));
        const auto latest = attachment.latest();
        if (latest && condition(*latest)) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

TEST_CASE("an attached panel sees what the terminal does and can order nothing", "[panel]") {
    const sim::TemporaryFolder folder;
    pi::StatusSocket status(setup_at(folder.path() / "status"));
    struct stat mode {};
    REQUIRE(::stat((folder.path() / "status").c_str(), &mode) == 0);
    CHECK((mode.st_mode & 0777) == 0600);
    status.write({Instant(1s), "session", "claimed", 0});
    Attachment attachment(folder.path() / "status");
    terminal::Snapshot snapshot = at_the_code();
    REQUIRE(eventually(status, snapshot, attachment, [](const Snapshot& s) {
        return s.terminal.session.state == auth::State::code;
    }));
    const auto seen = attachment.latest();
    CHECK(seen->attached);
    CHECK(seen->terminal.session.customer == CustomerId{7});
    CHECK(seen->terminal.prompt.message == Prompt::Message::enter_code);
    REQUIRE(seen->events.size() == 1);
    CHECK(seen->events[0].words == "session claimed");
    REQUIRE(seen->terminal.steps.size() == 6);
    CHECK(seen->terminal.steps[0].status == FactorStep::Status::done);
    CHECK(seen->terminal.steps[2].status == FactorStep::Status::now);

    snapshot.alarms = {Alarm::tamper};
    CHECK(eventually(status, snapshot, attachment, [](const Snapshot& s) {
        return s.alarms.size() == 1 && s.alarms.front().alarm == Alarm::tamper;
    }));
    attachment.post(Order(SetPower{false}));
    CHECK(attachment.latest()->complaint.find("only looks") != std::string::npos);
}

TEST_CASE("a terminal that dies while a panel is attached is said and found again", "[panel]") {
    const sim::TemporaryFolder folder;
    const fs::path socket = folder.path() / "status";
    auto status = std::make_unique<pi::StatusSocket>(setup_at(socket));
    Attachment attachment(socket);
    REQUIRE(eventually(*status, at_the_code(), attachment,
                       [](const Snapshot& s) { return s.terminal.running; }));
    status.reset();
    for (int i = 0; i < 3000 && attachment.failure().empty(); ++i) {
        std::this_thread::sleep_for(10ms);
    }
    CHECK_FALSE(attachment.failure().empty());
    CHECK_FALSE(attachment.latest()->terminal.running);
    pi::StatusSocket again(setup_at(socket));
    CHECK(eventually(again, at_the_code(), attachment,
                     [](const Snapshot& s) { return s.terminal.running; }));
    CHECK(attachment.failure().empty());
}

std::string refusal(const fs::path& socket) {
    try {
        const pi::StatusSocket status(setup_at(socket));
    } catch (const std::runtime_error& problem) {
        return problem.what();
    }
    return {};
}

TEST_CASE("a status socket takes no place that is another's", "[pi]") {
    const sim::TemporaryFolder folder;
    const fs::path file = folder.path() / "file";
    std::ofstream(file) << "mine";
    CHECK(refusal(file).find("a file of that name") != std::string::npos);
    const fs::path socket = folder.path() / "status";
    pi::StatusSocket status(setup_at(socket));
    CHECK(refusal(socket).find("another terminal") != std::string::npos);
    CHECK(refusal(folder.path() / "no" / "such").find("directory") != std::string::npos);
    CHECK(refusal(folder.path() / std::string(120, 'x')).find("107 bytes") != std::string::npos);
}

TEST_CASE("who does not read the status is dropped, and who writes is not heard", "[pi]") {
    const sim::TemporaryFolder folder;
    const fs::path socket = folder.path() / "status";
    pi::StatusSocket status(setup_at(socket));
    const int client = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket.c_str(), socket.string().size());
    REQUIRE(::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::send(client, "open\n", 5, MSG_NOSIGNAL) == 5);
    terminal::Snapshot snapshot = at_the_code();
    status.publish(snapshot, Instant(1s), {});
    CHECK(status.clients() == 1);
    for (int i = 0; i < 20000 && status.clients() == 1; ++i) {
        status.write({Instant(1s), "session", "claimed", i});
        snapshot.session.stage = static_cast<std::size_t>(i % 2);
        status.publish(snapshot, Instant(1s), {});
    }
    CHECK(status.clients() == 0);
    ::close(client);
}

}  // namespace
}  // namespace strongroom::panel
