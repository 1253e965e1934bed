// One HTTP exchange at a time with one provider's base address, begun now and answered later.
//
// It stands between what a driver says and the network, so that the same driver talks through
// libcurl at the door (CurlTransport) and through a modelled network in virtual time. Runner thread
// only. Never blocks. Neither a request nor an answer is ever logged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"

namespace strongroom::pi {

struct HttpRequest {
    enum class Method : std::uint8_t { get, post };
    Method method = Method::get;
    std::string path;             // below the base address, beginning with '/'; holds no secret
    std::vector<Secret> headers;  // "Name: value", each without line ends
    Secret body;                  // empty with get

    [[nodiscard]] HttpRequest clone() const;
};

struct HttpOutcome {
    enum class Kind : std::uint8_t {
        answered,   // a whole answer came; `status` and `body` are what it says
        not_sent,   // nobody was reached: no byte of the request has left
        untrusted,  // the server could not prove who it is: no byte of the request has left
        unsure,     // the request may have been acted upon, and no usable answer came
        oversize,   // as unsure: the answer was longer than any honest one, and was cut
    };
    Kind kind = Kind::unsure;
    int status = 0;
    std::string body;
    std::int32_t vendor_code = 0;  // libcurl's, when nothing was answered
};

struct HttpAnswer {
    std::uint64_t ticket = 0;
    HttpOutcome outcome;
};

// What whoever answers at the provider's address must prove before a byte of a request leaves.
// Constants, so that no setting can take them away: CurlTransport hands them to libcurl, and a
// modelled network asks them what TLS would have done.
struct ServerProof {
    bool certificate = true;  // its certificates lead to an authority that is trusted
    bool name = true;         // and are made out to the name that was called
};
inline constexpr ServerProof server_proof{};

class Transport {
public:
    virtual ~Transport() = default;  // what is under way is given up
    // `ticket` is the caller's, unique among those under way. Always answered, in bounded time.
    virtual void start(std::uint64_t ticket, HttpRequest request) = 0;
    // The next answer that has come, or none.
    [[nodiscard]] virtual std::optional<HttpAnswer> poll() = 0;
};

}  // namespace strongroom::pi
