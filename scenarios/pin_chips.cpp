#include "pin_chips.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>

namespace strongroom::scenarios {
namespace {

// What a program does between asking for its lines and saying their values.
constexpr Duration late = std::chrono::milliseconds(400);

[[noreturn]] void refuse(int number) { throw std::system_error(number, std::generic_category()); }

}  // namespace

pi::GpioLineConfig PinBoard::relay_line() const {
    return {std::string(profile->header_chip), relay, {}, active_low, pi::Bias::as_is};
}

pi::GpioLineConfig PinBoard::monitor_line() const {
    return {std::string(profile->header_chip), monitor, {}, true, pi::Bias::pull_up};
}

class PinChips::Line final : public pi::RequestedLine {
public:
    Line(PinChips& chips, const pi::LineRequest& request)
        : chips_(chips), offset_(request.offset), active_low_(request.active_low) {}
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line() override {
        if (chips_.alive_) chips_.give_back(offset_);
    }

    int value() override {
        if (!there()) return -ENODEV;
        const sim::Site& site = chips_.world_.site(chips_.site_);
        bool high = true;  // by its bias, where the contact is open or its wire is cut
        if (offset_ == chips_.board_.relay) {
            high = site.pin_high();
        } else if (site.connected(sim::Cable::bolt_monitor)) {
            high = site.energised;
        }
        return high != active_low_ ? 1 : 0;
    }
    int set(bool active) override {
        if (!there()) return -ENODEV;
        // A program that is still busy with its start says no value yet.
        if (chips_.world_.scheduler().pending(chips_.late_value_) && !active) return 0;
        chips_.world_.drive_pin(chips_.site_, active != active_low_, active ? "pulse" : "glitch");
        return 0;
    }
    [[nodiscard]] int descriptor() const override { return -1; }
    void forget_edges() override {}

private:
    [[nodiscard]] bool there() const {
        return chips_.alive_ && chips_.world_.site(chips_.site_).powered;
    }

    PinChips& chips_;
    unsigned offset_;
    bool active_low_;
};

class PinChips::Chip final : public pi::GpioChip {
public:
    explicit Chip(PinChips& chips) : chips_(chips) {}
    [[nodiscard]] std::string name() const override { return "gpiochip0"; }
    [[nodiscard]] std::string label() const override {
        return std::string(chips_.board_.profile->header_chip);
    }
    [[nodiscard]] unsigned line_count() const override { return chips_.board_.profile->last + 1; }
    std::optional<unsigned> find(const std::string& line_name) override {
        pi::GpioLineConfig line;
        line.name = line_name;
        return pi::header_line(*chips_.board_.profile, line);
    }
    std::string user_of(unsigned offset) override {
        return chips_.board_.held.contains(offset) ? "another process" : "";
    }
    std::unique_ptr<pi::RequestedLine> request(const pi::LineRequest& request) override;

private:
    PinChips& chips_;
};

std::unique_ptr<pi::RequestedLine> PinChips::Chip::request(const pi::LineRequest& request) {
    PinBoard& board = chips_.board_;
    const unsigned wired = request.output ? board.relay : board.monitor;
    if (request.offset != wired) refuse(EINVAL);
    if (!chips_.alive_ || !chips_.world_.site(chips_.site_).powered) refuse(ENODEV);
    if (!board.held.insert(request.offset).second) refuse(EBUSY);
    chips_.mine_.insert(request.offset);
    auto line = std::make_unique<Line>(chips_, request);
    if (!request.output) return line;
    const bool inactive = request.active_low;
    const bool said = !board.value_after_request;
    chips_.world_.drive_pin(chips_.site_, said && inactive, "glitch");
    if (!said) {
        chips_.late_value_ = chips_.world_.scheduler().after(late, [chips = &chips_, inactive] {
            chips->world_.drive_pin(chips->site_, inactive, "glitch");
        });
    }
    return line;
}

PinChips::PinChips(sim::World& world, sim::SiteId site, PinBoard& board)
    : world_(world), site_(site), board_(board) {}

PinChips::~PinChips() {
    process_died();
    take_back();
}

std::vector<std::string> PinChips::devices() { return {"/dev/gpiochip0"}; }

std::unique_ptr<pi::GpioChip> PinChips::open(const std::string& device) {
    if (device != devices().front()) refuse(ENOENT);
    return std::make_unique<Chip>(*this);
}

void PinChips::process_died() {
    alive_ = false;
    world_.scheduler().cancel(late_value_);
}

void PinChips::take_back() {
    for (const unsigned offset : std::set<unsigned>(mine_)) give_back(offset);
}

void PinChips::give_back(unsigned offset) {
    mine_.erase(offset);
    board_.held.erase(offset);
    if (offset != board_.relay || board_.keeps_levels) return;
    world_.drive_pin(site_, std::nullopt, "glitch");
}

}  // namespace strongroom::scenarios
