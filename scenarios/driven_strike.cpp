#include "driven_strike.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "pi/gpio_strike.h"
#include "pi/guarded_output.h"
#include "pi/guarded_strike.h"
#include "pi/pulsed_line.h"
#include "scenarios/player.h"

namespace strongroom::scenarios {
namespace {

// Of the header: any that is not the relay's.
constexpr unsigned monitor_pin = 24;

// A pin of the header whose pull energises such a relay before any program has asked for it.
[[nodiscard]] unsigned wrong_pin(const pi::BoardProfile& board, bool active_low) {
    for (unsigned pin = board.first; pin <= board.last; ++pin) {
        const pi::GpioLineConfig line{
            std::string(board.header_chip), pin, {}, active_low, pi::Bias::as_is};
        if (pin != monitor_pin && pi::active_at_reset(board, line)) return pin;
    }
    throw PlayError("no pin of the board is pulled the wrong way");
}

}  // namespace

// ---- strongroom-guard ----------------------------------------------------------------------

// Woken by the scheduler where the program is woken by its timer.
class DrivenStrike::GuardProcess final : private pi::GuardDuties {
public:
    GuardProcess(sim::World& world, sim::SiteId site, PinBoard& board)
        : scheduler_(world.scheduler()),
          chips_(world, site, board),
          line_(board.relay_line(), chips_),
          rules_(world.site(site).setup.strike_max_hold, line_, *this) {
        wake();
    }
    GuardProcess(const GuardProcess&) = delete;
    GuardProcess& operator=(const GuardProcess&) = delete;
    ~GuardProcess() override {
        scheduler_.cancel(timer_);
        chips_.process_died();  // without an order to end
    }

    [[nodiscard]] pi::GuardAnswer answer(const pi::GuardQuestion& question) {
        const pi::GuardAnswer answer = rules_.answer(scheduler_.now(), question);
        wake();
        return answer;
    }
    void controller_gone() {
        rules_.controller_gone();
        wake();
    }

private:
    void before_release(Duration) noexcept override {}
    void released(Duration) noexcept override {}
    void locked(Why, bool) noexcept override {}
    void healthy() noexcept override {}

    void wake() {
        scheduler_.cancel(timer_);
        timer_ = scheduler_.at(rules_.next_deadline(), [this] {
            rules_.handle_deadline(scheduler_.now());
            if (!rules_.lost()) wake();
        });
    }

    sim::Scheduler& scheduler_;
    PinChips chips_;
    pi::GuardedOutput line_;
    pi::LineGuard rules_;
    sim::Scheduler::Handle timer_;
};

// The conversation, without a socket. The kernel closes a dead process's end of it.
class DrivenStrike::GuardCall final : public pi::GuardLink {
public:
    GuardCall(const std::unique_ptr<GuardProcess>& guard, const bool& caller_alive)
        : guard_(guard), caller_alive_(caller_alive) {}
    GuardCall(const GuardCall&) = delete;
    GuardCall& operator=(const GuardCall&) = delete;
    ~GuardCall() override { close(); }

    bool connected() override { return peer_ != nullptr && peer_ == guard_.get(); }
    Result<void> connect() override {
        if (guard_ == nullptr) return fail(Errc::disconnected, ECONNREFUSED);
        peer_ = guard_.get();
        return {};
    }
    Result<pi::GuardAnswer> ask(const pi::GuardQuestion& question, Duration) override {
        if (!caller_alive_ || !connected()) return fail(Errc::disconnected);
        return guard_->answer(question);
    }
    void hang_up() override {
        if (caller_alive_) close();
    }

private:
    void close() {
        if (GuardCall::connected()) guard_->controller_gone();
        peer_ = nullptr;
    }

    const std::unique_ptr<GuardProcess>& guard_;
    const bool& caller_alive_;
    GuardProcess* peer_ = nullptr;
};

// ---- a controller that holds the line itself -----------------------------------------------

// pi::GpioStrike, whose thread is the scheduler's here.
class DrivenStrike::OwnStrike final : public hal::Strike {
public:
    OwnStrike(sim::Scheduler& scheduler, const PinBoard& board, Duration max_hold, PinChips& chips)
        : scheduler_(scheduler),
          line_(board.relay_line(), max_hold, chips),
          monitor_(board.monitor_line(), "strongroom bolt", chips) {}
    OwnStrike(const OwnStrike&) = delete;
    OwnStrike& operator=(const OwnStrike&) = delete;
    ~OwnStrike() override { scheduler_.cancel(timer_); }

    [[nodiscard]] Result<void> pulse(Duration hold) override {
        const auto taken = line_.pulse(scheduler_.now(), hold);
        wake();
        return taken;
    }
    [[nodiscard]] Result<void> lock() override {
        const auto done = line_.lock();
        wake();
        return done;
    }
    [[nodiscard]] Result<hal::BoltState> sense() override { return pi::bolt_state(monitor_); }
    [[nodiscard]] Duration max_hold() const override { return line_.max_hold(); }

private:
    void wake() {
        scheduler_.cancel(timer_);
        timer_ = scheduler_.at(line_.next_deadline(), [this] {
            line_.handle_deadline(scheduler_.now());
            wake();
        });
    }

    sim::Scheduler& scheduler_;
    pi::PulsedLine line_;
    pi::GpioInput monitor_;
    sim::Scheduler::Handle timer_;
};

// ---- both ----------------------------------------------------------------------------------

DrivenStrike::DrivenStrike(sim::World& world, sim::SiteId site, const StrikeDeclaration& wanted,
                           const StrikePartsChoice& parts)
    : world_(world),
      site_(site),
      guarded_(wanted.driver == StrikeDeclaration::Driver::guard && parts.guard) {
    board_.profile = pi::board_named(wanted.board);
    if (board_.profile == nullptr) throw PlayError("no board is called '" + wanted.board + "'");
    board_.active_low = wanted.active_low;
    board_.relay = parts.right_pin ? wanted.line : wrong_pin(*board_.profile, wanted.active_low);
    board_.monitor = wanted.line == monitor_pin ? monitor_pin + 1 : monitor_pin;
    board_.keeps_levels = !parts.driver_lets_go;
    board_.value_after_request = !parts.value_in_request;
    const bool up = pi::pull_at_reset(board_.relay) == pi::Bias::pull_up;
    world_.wire_relay(site_, {board_.active_low, up});
}

DrivenStrike::~DrivenStrike() { power_lost(); }

void DrivenStrike::start_guard() {
    if (guarded_ && !guard_) guard_ = std::make_unique<GuardProcess>(world_, site_, board_);
}

void DrivenStrike::start_controller() {
    if (strike_) return;
    controller_alive_ = true;
    chips_ = std::make_unique<PinChips>(world_, site_, board_);
    if (guarded_) {
        strike_ = std::make_unique<pi::GuardedStrike>(
            std::make_unique<GuardCall>(guard_, controller_alive_), board_.monitor_line(), *chips_);
    } else {
        strike_ = std::make_unique<OwnStrike>(world_.scheduler(), board_,
                                              world_.site(site_).setup.strike_max_hold, *chips_);
    }
}

void DrivenStrike::controller_died() {
    controller_alive_ = false;
    if (chips_) chips_->process_died();
}

void DrivenStrike::controller_cleared() {
    strike_.reset();
    chips_.reset();
}

void DrivenStrike::power_lost() {
    controller_died();
    controller_cleared();
    guard_.reset();
}

Result<void> DrivenStrike::pulse(Duration hold) {
    return strike_ ? strike_->pulse(hold) : fail(Errc::disconnected);
}

Result<void> DrivenStrike::lock() { return strike_ ? strike_->lock() : fail(Errc::disconnected); }

Result<hal::BoltState> DrivenStrike::sense() {
    if (!strike_) return fail(Errc::disconnected);
    return strike_->sense();
}

Duration DrivenStrike::max_hold() const {
    return strike_ ? strike_->max_hold() : world_.site(site_).setup.strike_max_hold;
}

}  // namespace strongroom::scenarios
