#include "support.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace strongroom::pi {
namespace {

using namespace std::chrono_literals;

constexpr auto limit = 20s;

}  // namespace

hal::SmsMessage a_message(std::uint64_t id, std::string_view text, std::string_view to) {
    return {hal::SmsId{id}, Secret(to), Secret(text)};
}

Instant RealClock::now() const {
    return Instant(std::chrono::steady_clock::now().time_since_epoch());
}

SmsEventSink SeenEvents::sink() {
    return [this](SmsEvent event, std::int32_t code) {
        ++counts[event];
        last_code = code;
    };
}

int SeenEvents::count(SmsEvent event) const {
    const auto found = counts.find(event);
    return found == counts.end() ? 0 : found->second;
}

twilio::Account twilio_account() {
    const sms_provider::Accounts accounts;
    twilio::Account account;
    account.sid = accounts.twilio_sid;
    account.secret = Secret(std::string_view(accounts.twilio_token));
    account.from = "+15005550006";
    return account;
}

fast2sms::Account fast2sms_account(fast2sms::Route route) {
    fast2sms::Account account;
    account.key = Secret(std::string_view(sms_provider::Accounts().fast2sms_key));
    account.route = route;
    account.sender = "STRONG";
    account.template_ = "111111";
    return account;
}

SmsTiming quick_timing() {
    SmsTiming timing;
    timing.retry_first = 20ms;
    timing.ask_first = 50ms;
    timing.ask_every = 50ms;
    timing.rest = 50ms;
    return timing;
}

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "strongroom-sms-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path Folder::file(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
}

Provider::Provider(std::function<void(sms_provider::ServerSetup&)> change)
    : trusted(folder.file("authority.pem", authority.certificate())) {
    sms_provider::ServerSetup setup;
    setup.identity = authority.issue("localhost");
    setup.deliver_after = 20ms;
    if (change) change(setup);
    server = std::make_unique<sms_provider::Server>(std::move(setup));
}

CurlSettings Provider::curl() const {
    CurlSettings settings;
    settings.base_url = server->base_url();
    settings.authorities = trusted;
    settings.connect_timeout = 5s;
    settings.total_timeout = 10s;
    return settings;
}

std::vector<DeliveryState> states_of(hal::SmsGateway& gateway, std::uint64_t id) {
    std::vector<DeliveryState> states;
    const auto until = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < until) {
        const auto delivery = gateway.poll_delivery();
        if (!delivery || !*delivery) {
            std::this_thread::sleep_for(1ms);
            continue;
        }
        if ((*delivery)->id.value != id) continue;
        states.push_back((*delivery)->state);
        if (states.back() != DeliveryState::accepted) break;
    }
    return states;
}

bool poll_until(hal::SmsGateway& gateway, const std::function<bool()>& done) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!done()) {
        if (std::chrono::steady_clock::now() > until) return false;
        if (const auto delivery = gateway.poll_delivery(); !delivery || !*delivery) {
            std::this_thread::sleep_for(1ms);
        }
    }
    return true;
}

struct Recorder::Shared {
    std::mutex mutex;
    std::string heard;
    std::atomic<int> connections{0};
    std::atomic<bool> stop{false};
};

Recorder::Recorder(std::string answer)
    : answer_(std::move(answer)),
      socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      shared_(std::make_unique<Shared>()) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, generic, size) != 0 || ::listen(socket_, 16) != 0 ||
        ::getsockname(socket_, generic, &size) != 0) {
        throw std::runtime_error("cannot listen on loopback");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { listen(); });
}

Recorder::~Recorder() {
    shared_->stop = true;
    thread_.join();
    ::close(socket_);
}

std::string Recorder::heard() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->heard;
}

int Recorder::connections() const { return shared_->connections; }

void Recorder::listen() {
    constexpr int tick_ms = 10;
    const auto readable = [&](int socket) {
        pollfd wanted{socket, POLLIN, 0};
        return ::poll(&wanted, 1, tick_ms) > 0;
    };
    while (!shared_->stop) {
        if (!readable(socket_)) continue;
        const int connection = ::accept(socket_, nullptr, nullptr);
        if (connection < 0) continue;
        ++shared_->connections;
        std::array<char, 4096> buffer{};
        while (!shared_->stop) {
            if (!readable(connection)) continue;
            const ssize_t got = ::recv(connection, buffer.data(), buffer.size(), 0);
            if (got <= 0) break;
            {
                const std::lock_guard lock(shared_->mutex);
                shared_->heard.append(buffer.data(), static_cast<std::size_t>(got));
            }
            if (answer_.empty()) continue;
            static_cast<void>(::send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL));
            break;
        }
        ::close(connection);
    }
}

}  // namespace strongroom::pi
