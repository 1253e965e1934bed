#include "pi/gpio_line.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "kernel_chip.h"

namespace strongroom::pi {
namespace {

namespace fs = std::filesystem;

[[nodiscard]] Errc code_of(int number) {
    switch (number) {
        case EBUSY: return Errc::busy;
        case EACCES:
        case EPERM: return Errc::denied;
        case ENOMEM:
        case EMFILE:
        case ENFILE: return Errc::exhausted;
        case EINVAL:
        case ENOTSUP: return Errc::unsupported;
        default: return Errc::disconnected;
    }
}

[[noreturn]] void give_up(int number, const std::string& text) {
    throw GpioError(Error{code_of(number), number}, text);
}

class KernelChips final : public GpioChips {
public:
    // Not the links to them that Raspberry Pi OS makes under old numbers.
    std::vector<std::string> devices() override {
        std::vector<std::string> devices;
        std::error_code error;
        for (const auto& entry : fs::directory_iterator("/dev", error)) {
            const std::string name = entry.path().filename().string();
            if (name.starts_with("gpiochip") && !entry.is_symlink(error)) {
                devices.push_back(entry.path().string());
            }
        }
        std::sort(devices.begin(), devices.end());
        return devices;
    }
    std::unique_ptr<GpioChip> open(const std::string& device) override {
        return open_kernel_chip(device);
    }
};

struct Chips {
    std::vector<std::unique_ptr<GpioChip>> open;
    std::string refused;  // a device that may not be opened; empty when there is none
    int refusal = 0;      // its errno
};

[[nodiscard]] Chips open_all_chips(GpioChips& there) {
    Chips chips;
    for (const std::string& device : there.devices()) {
        try {
            chips.open.push_back(there.open(device));
        } catch (const std::system_error& error) {
            chips.refused = device;
            chips.refusal = error.code().value();
        }
    }
    return chips;
}

[[nodiscard]] std::string labels_of(const Chips& chips) {
    std::string all;
    for (const auto& chip : chips.open) {
        if (!all.empty()) all += ", ";
        all.append(chip->label()).append(" (").append(chip->name()).append(")");
    }
    return all;
}

[[noreturn]] void nothing_found(const GpioLineConfig& config, const Chips& chips) {
    const std::string what = to_string(config) + ": ";
    if (!chips.refused.empty() && (chips.refusal == EACCES || chips.refusal == EPERM)) {
        give_up(chips.refusal, what + chips.refused +
                                   " may not be opened by this user: add the user to the group "
                                   "gpio, or start the service with SupplementaryGroups=gpio");
    }
    if (chips.open.empty()) {
        give_up(ENODEV, what +
                            "this machine has no GPIO chip (no /dev/gpiochip*): is it a board "
                            "with GPIO, and is its kernel driver loaded?");
    }
    if (config.chip.empty()) {
        give_up(ENODEV, what + "no chip has a line of this name; gpioinfo lists the names of " +
                            labels_of(chips));
    }
    give_up(ENODEV, what + "no chip is called or labelled so; there are: " + labels_of(chips));
}

[[nodiscard]] bool is_called(const GpioChip& chip, const std::string& wanted) {
    return chip.label() == wanted || chip.name() == wanted || "/dev/" + chip.name() == wanted;
}

struct Place {
    std::unique_ptr<GpioChip> chip;
    unsigned offset = 0;
};

[[nodiscard]] Place find_line(const GpioLineConfig& config, GpioChips& there) {
    Chips chips = open_all_chips(there);
    Place found;
    bool chip_seen = false;
    for (auto& chip : chips.open) {
        if (!config.chip.empty() && !is_called(*chip, config.chip)) continue;
        chip_seen = true;
        const auto offset = config.offset ? config.offset : chip->find(config.name);
        if (!offset) continue;
        if (found.chip) {
            give_up(EINVAL, to_string(config) + ": both " + found.chip->name() + " and " +
                                chip->name() +
                                " answer to that; name the chip by its device, /dev/gpiochipN");
        }
        found = {std::move(chip), *offset};
    }
    if (found.chip) return found;
    if (chip_seen && !config.chip.empty()) {
        give_up(ENODEV,
                to_string(config) + ": the chip has no line of this name; gpioinfo lists them");
    }
    nothing_found(config, chips);
}

[[nodiscard]] std::string refusal_text(const GpioLineConfig& config, GpioChip& chip,
                                       unsigned offset, int number) {
    const std::string what =
        to_string(config) + " (" + chip.name() + ", offset " + std::to_string(offset) + "): ";
    switch (number) {
        case EBUSY: {
            const std::string user = chip.user_of(offset);
            return what + "in use" + (user.empty() ? "" : " by \"" + user + "\"") +
                   ": stop that program, or take it off this line in /boot/firmware/config.txt if "
                   "it is the kernel's";
        }
        case EACCES:
        case EPERM: return what + "this user may not use it: add the user to the group gpio";
        case EINVAL:
        case ENOTSUP:
            return what +
                   "the chip cannot do what is asked of this line: does it know bias (try bias: "
                   "as_is with a resistor of your own) and edges?";
        default: return what + std::generic_category().message(number);
    }
}

// Finds the chip and requests the line. Throws GpioError.
[[nodiscard]] std::unique_ptr<RequestedLine> request_line(const GpioLineConfig& config, bool output,
                                                          const std::string& consumer,
                                                          GpioChips& chips) {
    if (config.offset ? config.chip.empty() : config.name.empty()) {
        give_up(EINVAL, to_string(config) +
                            ": give a chip and an offset, or the name of a line (with or without "
                            "its chip)");
    }
    const Place place = find_line(config, chips);
    if (place.offset >= place.chip->line_count()) {
        give_up(EINVAL, to_string(config) + ": the chip has lines 0 to " +
                            std::to_string(place.chip->line_count() - 1));
    }
    try {
        return place.chip->request(
            {place.offset, output, config.active_low, config.bias, consumer});
    } catch (const std::system_error& error) {
        const int number = error.code().value();
        give_up(number, refusal_text(config, *place.chip, place.offset, number));
    }
}

}  // namespace

GpioChips& kernel_chips() {
    static KernelChips chips;
    return chips;
}

std::string_view to_string(Bias bias) {
    switch (bias) {
        case Bias::as_is: return "as_is";
        case Bias::disabled: return "disabled";
        case Bias::pull_up: return "pull_up";
        case Bias::pull_down: return "pull_down";
    }
    return "invalid";
}

std::string to_string(const GpioLineConfig& config) {
    std::string text = "GPIO line ";
    text += config.offset ? std::to_string(*config.offset) : "\"" + config.name + "\"";
    if (!config.chip.empty()) text += " of " + config.chip;
    return text;
}

// ---- input ---------------------------------------------------------------------------------

GpioInput::GpioInput(GpioLineConfig config, std::string consumer, GpioChips& chips)
    : config_(std::move(config)),
      consumer_(std::move(consumer)),
      chips_(chips),
      line_(request_line(config_, false, consumer_, chips_)) {}

GpioInput::~GpioInput() = default;

Result<bool> GpioInput::active() {
    try {
        if (!line_) line_ = request_line(config_, false, consumer_, chips_);
    } catch (const GpioError& error) {
        return fail(Errc::disconnected, error.error().vendor_code);
    }
    // Before the level: an edge after it stays to be seen.
    line_->forget_edges();
    const int value = line_->value();
    if (value >= 0) return value == 1;
    line_.reset();
    return fail(Errc::disconnected, -value);
}

int GpioInput::edge_descriptor() const { return line_ ? line_->descriptor() : -1; }

// ---- output --------------------------------------------------------------------------------

GpioOutput::GpioOutput(GpioLineConfig config, std::string consumer, GpioChips& chips)
    : config_(std::move(config)),
      consumer_(std::move(consumer)),
      chips_(chips),
      line_(request_line(config_, true, consumer_, chips_)) {}

GpioOutput::~GpioOutput() {
    // Some drivers keep the last level of a line that is given back.
    static_cast<void>(set(false));
}

Result<void> GpioOutput::set(bool active) {
    if (!line_) return fail(Errc::disconnected, ENODEV);
    const int done = line_->set(active);
    if (done >= 0) return {};
    line_.reset();
    return fail(Errc::disconnected, -done);
}

Result<bool> GpioOutput::driven() {
    if (!line_) return fail(Errc::disconnected, ENODEV);
    const int value = line_->value();
    if (value >= 0) return value == 1;
    line_.reset();
    return fail(Errc::disconnected, -value);
}

Result<void> GpioOutput::reopen() {
    if (line_) return {};
    try {
        line_ = request_line(config_, true, consumer_, chips_);
        return {};
    } catch (const GpioError& error) {
        return fail(Errc::disconnected, error.error().vendor_code);
    }
}

}  // namespace strongroom::pi
