// libgpiod 1.6 (Debian 12).
#include <array>
#include <cerrno>
#include <system_error>

#include <gpiod.h>

#include "kernel_chip.h"

namespace strongroom::pi {
namespace {

using ChipHandle = std::shared_ptr<gpiod_chip>;

[[nodiscard]] int flags_of(const LineRequest& request) {
    unsigned long flags = 0;
    if (request.active_low) flags |= GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW;
    switch (request.bias) {
        case Bias::as_is: break;
        case Bias::disabled: flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE; break;
        case Bias::pull_up: flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP; break;
        case Bias::pull_down: flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN; break;
    }
    return static_cast<int>(flags);
}

class LineV1 final : public RequestedLine {
public:
    // The chip stays open as long as the line: closing it would release the line.
    LineV1(ChipHandle chip, gpiod_line* line, bool edges)
        : chip_(std::move(chip)), line_(line), edges_(edges) {}
    LineV1(const LineV1&) = delete;
    LineV1& operator=(const LineV1&) = delete;
    ~LineV1() override { gpiod_line_release(line_); }

    int value() override {
        const int value = gpiod_line_get_value(line_);
        return value < 0 ? -errno : value;
    }
    int set(bool active) override {
        return gpiod_line_set_value(line_, active ? 1 : 0) < 0 ? -errno : 0;
    }
    [[nodiscard]] int descriptor() const override {
        return edges_ ? gpiod_line_event_get_fd(line_) : -1;
    }
    void forget_edges() override {
        // The kernel keeps 16 edges at most; more may come meanwhile, and wait for the next call.
        const timespec at_once{};
        for (int i = 0; i < 16 && gpiod_line_event_wait(line_, &at_once) == 1; ++i) {
            gpiod_line_event edge{};
            if (gpiod_line_event_read(line_, &edge) < 0) return;
        }
    }

private:
    ChipHandle chip_;
    gpiod_line* line_;
    bool edges_;
};

class ChipV1 final : public GpioChip {
public:
    explicit ChipV1(ChipHandle chip) : chip_(std::move(chip)) {}

    [[nodiscard]] std::string name() const override { return gpiod_chip_name(chip_.get()); }
    [[nodiscard]] std::string label() const override { return gpiod_chip_label(chip_.get()); }
    [[nodiscard]] unsigned line_count() const override { return gpiod_chip_num_lines(chip_.get()); }
    std::optional<unsigned> find(const std::string& line_name) override {
        gpiod_line* line = gpiod_chip_find_line(chip_.get(), line_name.c_str());
        if (line == nullptr) return std::nullopt;
        return gpiod_line_offset(line);
    }
    std::string user_of(unsigned offset) override {
        gpiod_line* line = gpiod_chip_get_line(chip_.get(), offset);
        if (line == nullptr || !gpiod_line_is_used(line)) return {};
        const char* consumer = gpiod_line_consumer(line);
        return consumer != nullptr ? consumer : "";
    }
    std::unique_ptr<RequestedLine> request(const LineRequest& request) override {
        gpiod_line* line = gpiod_chip_get_line(chip_.get(), request.offset);
        if (line == nullptr) throw std::system_error(errno, std::generic_category());
        const gpiod_line_request_config config{request.consumer.c_str(),
                                               request.output ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT
                                                              : GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES,
                                               flags_of(request)};
        constexpr int inactive = 0;
        if (gpiod_line_request(line, &config, inactive) < 0) {
            throw std::system_error(errno, std::generic_category());
        }
        return std::make_unique<LineV1>(chip_, line, !request.output);
    }

private:
    ChipHandle chip_;
};

}  // namespace

std::unique_ptr<GpioChip> open_kernel_chip(const std::string& device) {
    ChipHandle chip(gpiod_chip_open(device.c_str()), [](gpiod_chip* open) {
        if (open != nullptr) gpiod_chip_close(open);
    });
    if (!chip) throw std::system_error(errno, std::generic_category());
    return std::make_unique<ChipV1>(std::move(chip));
}

std::string gpio_library() { return std::string("libgpiod ") + gpiod_version_string(); }

}  // namespace strongroom::pi
