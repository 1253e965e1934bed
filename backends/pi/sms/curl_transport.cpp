#include "pi/sms/curl_transport.h"

#include <algorithm>
#include <deque>
#include <fstream>
#include <mutex>
#include <thread>

#include <curl/curl.h>

#include "base/assert.h"
#include "pi/sms/base_address.h"

namespace strongroom::pi {
namespace {

constexpr int wait_ms = 1000;

// Of one exchange. libcurl copies neither the body nor the buffer.
struct Exchange {
    std::uint64_t ticket = 0;
    std::string url;
    HttpRequest request;
    std::size_t answer_bytes_max = 0;
    std::string answer;
    bool oversize = false;
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers{nullptr, curl_slist_free_all};
    std::unique_ptr<CURL, void (*)(CURL*)> easy{nullptr, curl_easy_cleanup};
};

std::size_t on_bytes(char* data, std::size_t size, std::size_t count, void* context) {
    auto& exchange = *static_cast<Exchange*>(context);
    const std::size_t bytes = size * count;
    if (exchange.answer.size() + bytes > exchange.answer_bytes_max) {
        exchange.oversize = true;
        return 0;  // ends the transfer
    }
    exchange.answer.append(data, bytes);
    return bytes;
}

// Wipes a list of headers before it is freed: they hold credentials.
void free_headers(curl_slist* list) {
    for (curl_slist* at = list; at != nullptr; at = at->next) {
        wipe(std::as_writable_bytes(std::span(at->data, std::char_traits<char>::length(at->data))));
    }
    curl_slist_free_all(list);
}

void add_header(Exchange& exchange, std::string_view header) {
    std::string text(header);
    curl_slist* longer = curl_slist_append(exchange.headers.get(), text.c_str());
    wipe(std::as_writable_bytes(std::span(text)));
    STRONGROOM_ASSERT(longer != nullptr);  // fails only without memory
    (void)exchange.headers.release();
    exchange.headers.reset(longer);
}

bool failed_before_sending(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_CONNECT:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
        case CURLE_INTERFACE_FAILED: return true;
        default: return false;
    }
}

bool untrusted(CURLcode code) {
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: return true;
        default: return false;
    }
}

HttpOutcome outcome_of(const Exchange& exchange, CURLcode code) {
    using Kind = HttpOutcome::Kind;
    HttpOutcome outcome;
    outcome.vendor_code = static_cast<std::int32_t>(code);
    long status = 0;
    long request_bytes = 0;
    curl_off_t ready = 0;
    curl_easy_getinfo(exchange.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(exchange.easy.get(), CURLINFO_REQUEST_SIZE, &request_bytes);
    curl_easy_getinfo(exchange.easy.get(), CURLINFO_PRETRANSFER_TIME_T, &ready);
    if (code == CURLE_OK) {
        outcome.kind = Kind::answered;
        outcome.vendor_code = 0;
        outcome.status = static_cast<int>(status);
        outcome.body = exchange.answer;
    } else if (exchange.oversize) {
        outcome.kind = Kind::oversize;
    } else if (request_bytes > 0 || ready > 0) {
        outcome.kind = Kind::unsure;
    } else if (untrusted(code)) {
        outcome.kind = Kind::untrusted;
    } else if (failed_before_sending(code) || code == CURLE_OPERATION_TIMEDOUT) {
        // No byte of the request was written: the time ran out while connecting.
        outcome.kind = Kind::not_sent;
    } else {
        outcome.kind = Kind::unsure;
    }
    return outcome;
}

void require(bool good, const char* what) {
    if (!good) throw SmsSettingsError(what);
}

}  // namespace

class CurlTransport::Worker {
public:
    Worker(CurlSettings settings, BaseAddress base)
        : settings_(std::move(settings)),
          base_(std::move(base)),
          multi_(curl_multi_init(), curl_multi_cleanup),
          thread_([this] { run(); }) {}

    ~Worker() {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
        }
        curl_multi_wakeup(multi_.get());
        thread_.join();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void start(std::uint64_t ticket, HttpRequest request) {
        {
            const std::lock_guard lock(mutex_);
            waiting_.emplace_back(ticket, std::move(request));
        }
        curl_multi_wakeup(multi_.get());
    }

    std::optional<HttpAnswer> poll() {
        const std::lock_guard lock(mutex_);
        if (answers_.empty()) return std::nullopt;
        std::optional<HttpAnswer> answer(std::move(answers_.front()));
        answers_.pop_front();
        return answer;
    }

private:
    void run() {
        while (begin_waiting()) {
            int running = 0;
            curl_multi_perform(multi_.get(), &running);
            collect();
            curl_multi_poll(multi_.get(), nullptr, 0, wait_ms, nullptr);
        }
        for (const auto& exchange : under_way_) {
            curl_multi_remove_handle(multi_.get(), exchange->easy.get());
        }
        under_way_.clear();
    }

    // False once the owner wants to stop.
    bool begin_waiting() {
        std::deque<std::pair<std::uint64_t, HttpRequest>> fresh;
        {
            const std::lock_guard lock(mutex_);
            if (stop_) return false;
            fresh.swap(waiting_);
        }
        for (auto& [ticket, request] : fresh) begin(ticket, std::move(request));
        return true;
    }

    void begin(std::uint64_t ticket, HttpRequest request) {
        auto exchange = std::make_unique<Exchange>();
        exchange->headers = {nullptr, free_headers};
        exchange->ticket = ticket;
        exchange->url = base_.text + request.path;
        exchange->request = std::move(request);
        exchange->answer_bytes_max = settings_.answer_bytes_max;
        exchange->easy = {curl_easy_init(), curl_easy_cleanup};
        STRONGROOM_ASSERT(exchange->easy != nullptr);  // fails only without memory
        set_up(*exchange);
        curl_multi_add_handle(multi_.get(), exchange->easy.get());
        under_way_.push_back(std::move(exchange));
    }

    void set_up(Exchange& exchange) const {
        CURL* easy = exchange.easy.get();
        curl_easy_setopt(easy, CURLOPT_URL, exchange.url.c_str());
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, base_.scheme.c_str());
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
        curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, server_proof.certificate ? 1L : 0L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, server_proof.name ? 2L : 0L);
        if (!settings_.authorities.empty()) {
            curl_easy_setopt(easy, CURLOPT_CAINFO, settings_.authorities.c_str());
            curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
        }
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                         static_cast<long>(milliseconds(settings_.connect_timeout)));
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                         static_cast<long>(milliseconds(settings_.total_timeout)));
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "strongroom");
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
        for (const Secret& header : exchange.request.headers) {
            add_header(exchange, header.reveal_text());
        }
        add_header(exchange, "Expect:");  // no answer before the body is wanted
        if (exchange.request.method == HttpRequest::Method::post) {
            const Secret& body = exchange.request.body;
            curl_easy_setopt(easy, CURLOPT_POST, 1L);
            curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                             static_cast<curl_off_t>(body.size()));
            curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.reveal_text().data());
        }
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange.headers.get());
    }

    void collect() {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            const CURLcode code = message->data.result;
            const auto found = std::find_if(
                under_way_.begin(), under_way_.end(),
                [&](const auto& exchange) { return exchange->easy.get() == message->easy_handle; });
            STRONGROOM_ASSERT(found != under_way_.end());
            HttpAnswer answer{(*found)->ticket, outcome_of(**found, code)};
            wipe(std::as_writable_bytes(std::span((*found)->answer)));
            curl_multi_remove_handle(multi_.get(), (*found)->easy.get());
            under_way_.erase(found);
            const std::lock_guard lock(mutex_);
            answers_.push_back(std::move(answer));
        }
    }

    const CurlSettings settings_;
    const BaseAddress base_;
    std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi_;
    std::vector<std::unique_ptr<Exchange>> under_way_;  // the thread's own
    std::mutex mutex_;                                  // over the rest
    std::deque<std::pair<std::uint64_t, HttpRequest>> waiting_;
    std::deque<HttpAnswer> answers_;
    bool stop_ = false;
    std::thread thread_;  // last: it begins when everything else is there
};

CurlTransport::CurlTransport(CurlSettings settings) {
    BaseAddress base =
        parse_base_address("base address", settings.base_url, settings.plain_loopback);
    require(settings.connect_timeout > Duration::zero() &&
                settings.total_timeout >= settings.connect_timeout,
            "the time-outs must be above zero, and the total one no shorter than that for "
            "connecting");
    require(settings.answer_bytes_max > 0, "the longest answer must be above zero");
    if (!settings.authorities.empty() && !std::ifstream(settings.authorities).good()) {
        throw SmsSettingsError("authorities '" + settings.authorities.string() +
                               "': the file cannot be read; name a PEM file of certificates");
    }
    require(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl cannot be started");
    const curl_version_info_data* version = curl_version_info(CURLVERSION_NOW);
    require((version->features & CURL_VERSION_SSL) != 0, "this libcurl has no TLS");
    require((version->features & CURL_VERSION_ASYNCHDNS) != 0,
            "this libcurl resolves names while everything waits");
    worker_ = std::make_unique<Worker>(std::move(settings), std::move(base));
}

CurlTransport::~CurlTransport() = default;

void CurlTransport::start(std::uint64_t ticket, HttpRequest request) {
    worker_->start(ticket, std::move(request));
}

std::optional<HttpAnswer> CurlTransport::poll() { return worker_->poll(); }

}  // namespace strongroom::pi
