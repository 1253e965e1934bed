#include "sms_provider/server.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <httplib.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace strongroom::sms_provider {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using std::chrono::steady_clock;

constexpr std::size_t workers = 8;
constexpr int report_timeout_seconds = 2;

bool use_identity(SSL_CTX& context, const Identity& identity) {
    const std::unique_ptr<BIO, int (*)(BIO*)> certificate_text(
        BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size())),
        BIO_free);
    const std::unique_ptr<BIO, int (*)(BIO*)> key_text(
        BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size())), BIO_free);
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr), X509_free);
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
        PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    return certificate && key && SSL_CTX_use_certificate(&context, certificate.get()) == 1 &&
           SSL_CTX_use_PrivateKey(&context, key.get()) == 1;
}

bool use_old_versions(SSL_CTX& context) {
    SSL_CTX_set_security_level(&context, 0);
    return SSL_CTX_set_min_proto_version(&context, TLS1_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(&context, TLS1_1_VERSION) == 1;
}

std::unique_ptr<httplib::Server> make_server(const ServerSetup& setup) {
    if (!setup.identity) return std::make_unique<httplib::Server>();
    return std::make_unique<httplib::SSLServer>([&](SSL_CTX& context) {
        return use_identity(context, *setup.identity) &&
               (!setup.legacy_tls || use_old_versions(context));
    });
}

// What becomes of a message that was taken.
std::string_view state_after(Behaviour behaviour) {
    if (behaviour == Behaviour::undelivered) return "undelivered";
    return behaviour == Behaviour::unreported ? "sent" : "delivered";
}

}  // namespace

class Server::Impl {
public:
    explicit Impl(ServerSetup setup)
        : setup_(std::move(setup)), model_(setup_.accounts), server_(make_server(setup_)) {
        if (!server_->is_valid()) throw std::runtime_error("the emulator has no TLS identity");
        server_->new_task_queue = [] { return new httplib::ThreadPool(workers); };
        server_->set_keep_alive_max_count(1);
        const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
            serve(request, response);
        };
        server_->Get(".*", handler);
        server_->Post(".*", handler);
        port_ = setup_.port == 0
                    ? server_->bind_to_any_port(setup_.address)
                    : (server_->bind_to_port(setup_.address, setup_.port) ? setup_.port : -1);
        if (port_ <= 0) {
            throw std::runtime_error("cannot listen on " + setup_.address + " port " +
                                     std::to_string(setup_.port) + "; is it in use?");
        }
        listener_ = std::thread([this] { server_->listen_after_bind(); });
        deliverer_ = std::thread([this] { deliver(); });
        // stop() before it runs would be lost.
        while (!server_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

    ~Impl() {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
        }
        changed_.notify_all();
        server_->stop();
        listener_.join();
        deliverer_.join();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    // Reads under the lock.
    template <class Read>
    auto with_model(const Read& read) {
        const std::lock_guard lock(mutex_);
        return read(model_);
    }

    bool post(const Report& report) {
        const std::size_t scheme = report.url.find("://");
        if (scheme == std::string::npos) return false;
        const std::size_t path = std::min(report.url.find('/', scheme + 3), report.url.size());
        httplib::Client client(report.url.substr(0, path));
        client.set_connection_timeout(report_timeout_seconds);
        client.set_read_timeout(report_timeout_seconds);
        const auto answer = client.Post(path == report.url.size() ? "/" : report.url.substr(path),
                                        httplib::Headers{{"X-Twilio-Signature", report.signature}},
                                        report.form, "application/x-www-form-urlencoded");
        const bool good = answer && answer->status < 300;
        const std::lock_guard lock(mutex_);
        ++(good ? reports_taken_ : reports_refused_);
        return good;
    }

    std::uint64_t requests_ = 0;
    std::uint64_t body_bytes_ = 0;
    std::uint64_t reports_taken_ = 0;
    std::uint64_t reports_refused_ = 0;
    int port_ = 0;
    const ServerSetup setup_;

private:
    struct Delivery {
        SteadyTime at;
        std::size_t index;
        Behaviour behaviour;
    };

    void serve(const httplib::Request& request, httplib::Response& response) {
        Answer answer;
        {
            std::unique_lock lock(mutex_);
            ++requests_;
            body_bytes_ += request.body.size();
            const Behaviour behaviour = model_.behaviour();
            answer = model_.answer({request.method, request.target,
                                    request.get_header_value("Authorization"),
                                    request.get_header_value("Content-Type"), request.body});
            if (answer.taken) {
                deliveries_.push_back(
                    {steady_clock::now() + setup_.deliver_after, *answer.taken, behaviour});
                changed_.notify_all();
            }
            if (answer.late) changed_.wait_for(lock, setup_.late_by, [this] { return stop_; });
        }
        response.status = answer.status;
        if (!answer.retry_after.empty()) response.set_header("Retry-After", answer.retry_after);
        if (!answer.location.empty()) response.set_header("Location", answer.location);
        if (!answer.cut) {
            response.set_content(answer.body, answer.type.c_str());
            return;
        }
        response.set_content_provider(
            answer.body.size(), answer.type.c_str(),
            [body = answer.body](std::size_t, std::size_t, httplib::DataSink& sink) {
                sink.write(body.data(), body.size() / 2);
                return false;
            });
    }

    // Messages reach their phones, and reports their readers.
    void deliver() {
        std::unique_lock lock(mutex_);
        while (!stop_) {
            if (deliveries_.empty()) {
                changed_.wait(lock);
                continue;
            }
            const Delivery next = deliveries_.front();
            if (steady_clock::now() < next.at) {
                changed_.wait_until(lock, next.at);
                continue;
            }
            deliveries_.erase(deliveries_.begin());
            model_.set_state(next.index, state_after(next.behaviour));
            const Report report = model_.report(next.index);
            if (report.url.empty()) continue;
            lock.unlock();
            post(report);
            lock.lock();
        }
    }

    std::mutex mutex_;  // over everything that is not const
    std::condition_variable changed_;
    bool stop_ = false;
    Provider model_;
    std::vector<Delivery> deliveries_;  // in the order of their times
    std::unique_ptr<httplib::Server> server_;
    std::thread listener_;
    std::thread deliverer_;
};

Server::Server(ServerSetup setup) : impl_(std::make_unique<Impl>(std::move(setup))) {}
Server::~Server() = default;

int Server::port() const { return impl_->port_; }

std::string Server::base_url(const std::string& host) const {
    return (impl_->setup_.identity ? "https://" : "http://") + host + ":" +
           std::to_string(impl_->port_);
}

void Server::behave(Behaviour behaviour, int times) {
    impl_->with_model([&](Provider& model) { model.behave(behaviour, times); });
}

std::uint64_t Server::requests() const {
    return impl_->with_model([&](Provider&) { return impl_->requests_; });
}

std::uint64_t Server::body_bytes() const {
    return impl_->with_model([&](Provider&) { return impl_->body_bytes_; });
}

std::vector<Taken> Server::taken() const {
    return impl_->with_model([](Provider& model) { return model.taken(); });
}

std::size_t Server::delivered() const {
    return impl_->with_model([](Provider& model) {
        return static_cast<std::size_t>(
            std::count_if(model.taken().begin(), model.taken().end(),
                          [](const Taken& t) { return t.state == "delivered"; }));
    });
}

std::uint64_t Server::reports_taken() const {
    return impl_->with_model([&](Provider&) { return impl_->reports_taken_; });
}

std::uint64_t Server::reports_refused() const {
    return impl_->with_model([&](Provider&) { return impl_->reports_refused_; });
}

bool Server::post_forged(std::size_t index, std::string_view state) {
    return impl_->post(
        impl_->with_model([&](Provider& model) { return model.forged_report(index, state); }));
}

}  // namespace strongroom::sms_provider
