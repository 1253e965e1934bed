#include "pi/guard_client.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace strongroom::pi {
namespace {

constexpr auto answer_within = std::chrono::milliseconds(100);
// While a program is composed it may wait: the guard may have been started a moment before.
constexpr auto first_answer_within = std::chrono::seconds(3);

[[nodiscard]] std::string remedy_for(const Error& error) {
    switch (error.vendor_code) {
        case ENOENT:
        case ECONNREFUSED:
            return "is strongroom-guard running? (systemctl status strongroom-guard)";
        case EACCES:
            return "this user may not talk to the guard: add it to the group that owns the socket";
        default: break;
    }
    if (error.code == Errc::denied) return "start the guard with --client and this user's name";
    if (error.code == Errc::busy) return "another controller talks to the guard: end it first";
    if (error.code == Errc::disconnected) return "it hangs; restart strongroom-guard";
    return "guard and controller must be of the same version";
}

}  // namespace

GuardClient::GuardClient(const std::string& socket) : GuardClient(socket_link(socket), socket) {}

GuardClient::GuardClient(std::unique_ptr<GuardLink> link, const std::string& name)
    : link_(std::move(link)) {
    if (const auto connected = connect(first_answer_within); !connected) {
        const Error error = connected.error();
        std::string text = name + ": the guard of the strike does not answer";
        if (error.vendor_code != 0) {
            text += " (" + std::generic_category().message(error.vendor_code) + ")";
        }
        throw GuardError(text + ": " + remedy_for(error));
    }
}

GuardClient::~GuardClient() {
    // Asked, so that it is done before the next line of whoever destroys this; should that fail,
    // hanging up does it.
    if (link_->connected()) static_cast<void>(ask(GuardAsk::lock, {}, answer_within));
}

Result<void> GuardClient::connect(Duration patience) {
    if (link_->connected()) return {};
    if (const auto reached = link_->connect(); !reached) return reached;
    return ask(GuardAsk::hello, {}, patience);
}

Result<void> GuardClient::ask(GuardAsk what, Duration hold, Duration patience) {
    GuardQuestion question;
    question.ask = what;
    question.number = ++number_;
    question.hold = hold.count();
    const auto answer = link_->ask(question, patience);
    if (!answer) {
        // Whether it was done is unknown: hanging up makes the guard lock.
        link_->hang_up();
        return fail(answer.error().code, answer.error().vendor_code);
    }
    const bool mine = answer->number == question.number;
    if (mine && answer->done == 1) {
        max_hold_ = Duration(answer->max_hold);
        return {};
    }
    if (!mine) link_->hang_up();  // turned away
    if (answer->error > static_cast<std::uint32_t>(Errc::exhausted)) return fail(Errc::corrupt);
    return fail(static_cast<Errc>(answer->error), answer->vendor_code);
}

Result<void> GuardClient::pulse(Duration hold) {
    // What is wrong with the argument is wrong without a guard, too.
    if (hold <= Duration::zero() || hold > max_hold_) return fail(Errc::out_of_range);
    if (!connect(answer_within)) return fail(Errc::disconnected);
    return ask(GuardAsk::pulse, hold, answer_within);
}

Result<void> GuardClient::lock() {
    if (!connect(answer_within)) return fail(Errc::disconnected);
    return ask(GuardAsk::lock, {}, answer_within);
}

}  // namespace strongroom::pi
