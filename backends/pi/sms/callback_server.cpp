#include "pi/sms/callback_server.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>
#include <thread>

#include <httplib.h>

#include "pi/sms/base_address.h"
#include "pi/sms/form.h"

namespace strongroom::pi {
namespace {

constexpr std::size_t reports_kept = 256;
constexpr std::size_t workers = 2;
constexpr int seconds_for_a_request = 3;

enum Status {
    no_content = 204,
    bad_request = 400,
    forbidden = 403,
    not_found = 404,
    wrong_method = 405
};

bool is_loopback(const std::string& address) {
    return address == "127.0.0.1" || address == "::1" || address == "localhost";
}

std::unique_ptr<httplib::Server> make_server(const CallbackSettings& settings) {
    if (settings.certificate.empty()) return std::make_unique<httplib::Server>();
    // Nothing older than TLS 1.2, whatever the system's defaults are.
    const auto set_up = [&](SSL_CTX& context) {
        return SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) == 1 &&
               SSL_CTX_use_certificate_chain_file(&context, settings.certificate.c_str()) == 1 &&
               SSL_CTX_use_PrivateKey_file(&context, settings.key.c_str(), SSL_FILETYPE_PEM) == 1 &&
               SSL_CTX_check_private_key(&context) == 1;
    };
    return std::make_unique<httplib::SSLServer>(set_up);
}

}  // namespace

namespace {

// The reports of one account that wait. Any thread.
class Waiting final : public CallbackSource {
public:
    std::optional<Callback> next() override {
        const std::lock_guard lock(mutex_);
        if (reports_.empty()) return std::nullopt;
        std::optional<Callback> oldest(std::move(reports_.front()));
        reports_.pop_front();
        return oldest;
    }

    void keep(Callback callback) {
        using Verdict = Callback::Verdict;
        const std::lock_guard lock(mutex_);
        if (reports_.size() == reports_kept) {
            // Strangers must not be able to push the provider's reports out.
            const auto found =
                std::find_if(reports_.begin(), reports_.end(),
                             [](const Callback& c) { return c.verdict != Verdict::genuine; });
            if (found == reports_.end() && callback.verdict != Verdict::genuine) return;
            reports_.erase(found == reports_.end() ? reports_.begin() : found);
        }
        reports_.push_back(std::move(callback));
    }

private:
    std::mutex mutex_;
    std::deque<Callback> reports_;
};

}  // namespace

CallbackAddress callback_address(const std::string& public_url, std::size_t account) {
    const std::size_t host = public_url.find("://");
    const std::size_t path = host == std::string::npos ? host : public_url.find('/', host + 3);
    if (path == std::string::npos) {
        throw SmsSettingsError("callbacks: the public address '" + public_url +
                               "' must have a path, as https://door.example/sms/status");
    }
    const std::size_t query = std::min(public_url.find_first_of("?#", path), public_url.size());
    std::string before = public_url.substr(0, query);
    if (account > 0) {
        if (before.back() != '/') before += '/';
        before += std::to_string(account + 1);
    }
    return {before + public_url.substr(query), before.substr(path)};
}

class CallbackServer::Listener {
public:
    explicit Listener(CallbackSettings settings)
        : settings_(std::move(settings)),
          server_(make_server(settings_)),
          waiting_(settings_.accounts.size()) {
        // The port is this process's alone: the library's own options would let another one of the
        // same user listen beside it, and take its reports.
        server_->set_socket_options([](socket_t socket) {
            const int yes = 1;
            static_cast<void>(::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes));
        });
        if (!server_->is_valid()) {
            throw SmsSettingsError("callbacks: certificate '" + settings_.certificate.string() +
                                   "' and key '" + settings_.key.string() +
                                   "' cannot be used; both must be PEM and belong together");
        }
        set_up();
        bind();
        thread_ = std::thread([this] { server_->listen_after_bind(); });
        // stop() before it runs would be lost.
        while (!server_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

    ~Listener() {
        server_->stop();
        thread_.join();
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    CallbackSource& source(std::size_t account) { return waiting_.at(account); }
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    void set_up() {
        server_->new_task_queue = [] { return new httplib::ThreadPool(workers); };
        server_->set_payload_max_length(form_bytes_max);
        server_->set_read_timeout(seconds_for_a_request, 0);
        server_->set_write_timeout(seconds_for_a_request, 0);
        server_->set_keep_alive_max_count(1);
        // Before routing: a path or a method of another kind is not even looked up.
        server_->set_pre_routing_handler(
            [this](const httplib::Request& request, httplib::Response& response) {
                const auto account = account_at(request.path);
                if (account && request.method == "POST") {
                    return httplib::Server::HandlerResponse::Unhandled;
                }
                response.status = account ? wrong_method : not_found;
                keep(account.value_or(0), {});
                return httplib::Server::HandlerResponse::Handled;
            });
        server_->Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
            response.status = judge(request);
        });
        server_->set_exception_handler([](const httplib::Request&, httplib::Response& response,
                                          std::exception_ptr) { response.status = bad_request; });
    }

    [[nodiscard]] std::optional<std::size_t> account_at(const std::string& path) const {
        for (std::size_t i = 0; i < settings_.accounts.size(); ++i) {
            if (settings_.accounts[i].path == path) return i;
        }
        return std::nullopt;
    }

    int judge(const httplib::Request& request) {
        const std::size_t account = account_at(request.path).value_or(0);
        Callback callback =
            judge_callback(settings_.accounts[account].rules,
                           request.get_header_value("X-Twilio-Signature"), request.body);
        const auto verdict = callback.verdict;
        keep(account, std::move(callback));
        switch (verdict) {
            case Callback::Verdict::genuine: return no_content;
            case Callback::Verdict::bad_signature: return forbidden;
            case Callback::Verdict::foreign: return forbidden;
            case Callback::Verdict::malformed: return bad_request;
        }
        return bad_request;
    }

    void bind() {
        port_ =
            settings_.port == 0
                ? server_->bind_to_any_port(settings_.listen)
                : (server_->bind_to_port(settings_.listen, settings_.port) ? settings_.port : -1);
        if (port_ > 0) return;
        throw SmsSettingsError("callbacks: cannot listen on " + settings_.listen + " port " +
                               std::to_string(settings_.port) +
                               "; is it in use, or is the address not this machine's?");
    }

    void keep(std::size_t account, Callback callback) {
        if (callback.verdict != Callback::Verdict::genuine) ++refused_;
        waiting_[account].keep(std::move(callback));
    }

    const CallbackSettings settings_;
    std::unique_ptr<httplib::Server> server_;
    int port_ = 0;
    std::atomic<std::uint64_t> refused_{0};
    std::deque<Waiting> waiting_;  // one an account; a deque, because none can be moved
    std::thread thread_;
};

CallbackServer::CallbackServer(CallbackSettings settings) {
    if (settings.accounts.empty()) throw SmsSettingsError("callbacks: there is no account");
    for (const CallbackAccount& account : settings.accounts) {
        static_cast<void>(parse_base_address("callbacks: public address", account.rules.public_url,
                                             is_loopback(settings.listen)));
    }
    if (settings.certificate.empty() && !is_loopback(settings.listen)) {
        throw SmsSettingsError("callbacks: '" + settings.listen +
                               "' can be reached from outside: give a certificate and a key, or "
                               "listen on 127.0.0.1 behind a reverse proxy that has them");
    }
    listener_ = std::make_unique<Listener>(std::move(settings));
}

CallbackServer::~CallbackServer() = default;

CallbackSource& CallbackServer::source(std::size_t account) { return listener_->source(account); }
int CallbackServer::port() const { return listener_->port(); }
std::uint64_t CallbackServer::refused() const { return listener_->refused(); }

}  // namespace strongroom::pi
