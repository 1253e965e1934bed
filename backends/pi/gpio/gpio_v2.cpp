// libgpiod 2 (Debian 13 and the Raspberry Pi OS made from it).
#include <cerrno>
#include <system_error>

#include <gpiod.h>

#include "kernel_chip.h"

namespace strongroom::pi {
namespace {

template <class Handle, void (*free_it)(Handle*)>
struct Free {
    void operator()(Handle* handle) const { free_it(handle); }
};
template <class Handle, void (*free_it)(Handle*)>
using Owned = std::unique_ptr<Handle, Free<Handle, free_it>>;

using ChipHandle = Owned<gpiod_chip, gpiod_chip_close>;
using ChipInfo = Owned<gpiod_chip_info, gpiod_chip_info_free>;
using LineInfo = Owned<gpiod_line_info, gpiod_line_info_free>;
using LineSettings = Owned<gpiod_line_settings, gpiod_line_settings_free>;
using LineConfig = Owned<gpiod_line_config, gpiod_line_config_free>;
using RequestConfig = Owned<gpiod_request_config, gpiod_request_config_free>;
using Request = Owned<gpiod_line_request, gpiod_line_request_release>;
using EdgeBuffer = Owned<gpiod_edge_event_buffer, gpiod_edge_event_buffer_free>;

constexpr std::size_t edges_kept = 16;

[[nodiscard]] gpiod_line_bias bias_of(Bias bias) {
    switch (bias) {
        case Bias::as_is: return GPIOD_LINE_BIAS_AS_IS;
        case Bias::disabled: return GPIOD_LINE_BIAS_DISABLED;
        case Bias::pull_up: return GPIOD_LINE_BIAS_PULL_UP;
        case Bias::pull_down: return GPIOD_LINE_BIAS_PULL_DOWN;
    }
    return GPIOD_LINE_BIAS_AS_IS;
}

[[noreturn]] void throw_errno() { throw std::system_error(errno, std::generic_category()); }

class LineV2 final : public RequestedLine {
public:
    LineV2(Request request, unsigned offset, EdgeBuffer edges)
        : request_(std::move(request)), offset_(offset), edges_(std::move(edges)) {}

    int value() override {
        const gpiod_line_value value = gpiod_line_request_get_value(request_.get(), offset_);
        if (value == GPIOD_LINE_VALUE_ERROR) return -errno;
        return value == GPIOD_LINE_VALUE_ACTIVE ? 1 : 0;
    }
    int set(bool active) override {
        const auto value = active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
        return gpiod_line_request_set_value(request_.get(), offset_, value) < 0 ? -errno : 0;
    }
    [[nodiscard]] int descriptor() const override {
        return edges_ ? gpiod_line_request_get_fd(request_.get()) : -1;
    }
    void forget_edges() override {
        if (!edges_ || gpiod_line_request_wait_edge_events(request_.get(), 0) != 1) return;
        // As many as the kernel keeps; what comes meanwhile waits for the next call.
        static_cast<void>(
            gpiod_line_request_read_edge_events(request_.get(), edges_.get(), edges_kept));
    }

private:
    Request request_;
    unsigned offset_;
    EdgeBuffer edges_;  // of an input only
};

class ChipV2 final : public GpioChip {
public:
    explicit ChipV2(ChipHandle chip)
        : chip_(std::move(chip)), info_(gpiod_chip_get_info(chip_.get())) {
        if (!info_) throw_errno();
    }

    [[nodiscard]] std::string name() const override {
        return gpiod_chip_info_get_name(info_.get());
    }
    [[nodiscard]] std::string label() const override {
        return gpiod_chip_info_get_label(info_.get());
    }
    [[nodiscard]] unsigned line_count() const override {
        return static_cast<unsigned>(gpiod_chip_info_get_num_lines(info_.get()));
    }
    std::optional<unsigned> find(const std::string& line_name) override {
        const int offset = gpiod_chip_get_line_offset_from_name(chip_.get(), line_name.c_str());
        if (offset < 0) return std::nullopt;
        return static_cast<unsigned>(offset);
    }
    std::string user_of(unsigned offset) override {
        const LineInfo line(gpiod_chip_get_line_info(chip_.get(), offset));
        if (!line || !gpiod_line_info_is_used(line.get())) return {};
        const char* consumer = gpiod_line_info_get_consumer(line.get());
        return consumer != nullptr ? consumer : "";
    }
    std::unique_ptr<RequestedLine> request(const LineRequest& request) override {
        const LineSettings settings(gpiod_line_settings_new());
        const LineConfig lines(gpiod_line_config_new());
        const RequestConfig config(gpiod_request_config_new());
        EdgeBuffer edges(request.output ? nullptr : gpiod_edge_event_buffer_new(edges_kept));
        if (!settings || !lines || !config || (!request.output && !edges)) throw_errno();

        gpiod_line_settings_set_active_low(settings.get(), request.active_low);
        bool said = gpiod_line_settings_set_bias(settings.get(), bias_of(request.bias)) == 0;
        if (request.output) {
            said = said &&
                   gpiod_line_settings_set_direction(settings.get(), GPIOD_LINE_DIRECTION_OUTPUT) ==
                       0 &&
                   gpiod_line_settings_set_output_value(settings.get(),
                                                        GPIOD_LINE_VALUE_INACTIVE) == 0;
        } else {
            said =
                said &&
                gpiod_line_settings_set_direction(settings.get(), GPIOD_LINE_DIRECTION_INPUT) ==
                    0 &&
                gpiod_line_settings_set_edge_detection(settings.get(), GPIOD_LINE_EDGE_BOTH) == 0;
            gpiod_request_config_set_event_buffer_size(config.get(), edges_kept);
        }
        said = said && gpiod_line_config_add_line_settings(lines.get(), &request.offset, 1,
                                                           settings.get()) == 0;
        if (!said) throw_errno();
        gpiod_request_config_set_consumer(config.get(), request.consumer.c_str());
        Request held(gpiod_chip_request_lines(chip_.get(), config.get(), lines.get()));
        if (!held) throw_errno();
        return std::make_unique<LineV2>(std::move(held), request.offset, std::move(edges));
    }

private:
    ChipHandle chip_;
    ChipInfo info_;
};

}  // namespace

std::unique_ptr<GpioChip> open_kernel_chip(const std::string& device) {
    ChipHandle chip(gpiod_chip_open(device.c_str()));
    if (!chip) throw_errno();
    return std::make_unique<ChipV2>(std::move(chip));
}

std::string gpio_library() { return std::string("libgpiod ") + gpiod_api_version(); }

}  // namespace strongroom::pi
