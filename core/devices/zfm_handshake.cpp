#include "devices/zfm_handshake.h"

#include <algorithm>
#include <stdexcept>

namespace strongroom::devices {

namespace {

constexpr std::size_t password_size = 4;

tl::unexpected<Error> refuse(SensorRefusal why) {
    return fail(Errc::denied, static_cast<std::int32_t>(why));
}

std::uint32_t number(const Secret& password) {
    return zfm_u32(password.reveal().first<password_size>());
}

}  // namespace

ZfmQuestion zfm_verify(std::uint32_t password) {
    ZfmQuestion question{.instruction = ZfmInstruction::verify_password};
    zfm_put_u32(question.arguments, password);
    return question;
}

ZfmHandshake::ZfmHandshake(const ZfmPin& pin, const Secret& password)
    : pin_(pin), password_(password.clone()) {
    if (!zfm_valid(pin)) {
        throw std::invalid_argument(
            "fingerprint sensor: its pinned parameters are out of range: capacity 1 or more, "
            "security level 1 to 5, packet size 32, 64, 128 or 256, baud rate 9600 times 1 to 12");
    }
    if (password.size() != password_size) {
        throw std::invalid_argument("fingerprint sensor: its password has four bytes, not " +
                                    std::to_string(password.size()));
    }
    const auto& factory = zfm_factory_passwords;
    if (std::find(factory.begin(), factory.end(), number(password)) != factory.end()) {
        throw std::invalid_argument(
            "fingerprint sensor: its password is one that every such sensor is sold with; "
            "provision the sensor with another");
    }
}

ZfmQuestion ZfmHandshake::question() const {
    switch (step_) {
        case Step::factory_first: return zfm_verify(zfm_factory_passwords[0]);
        case Step::factory_second: return zfm_verify(zfm_factory_passwords[1]);
        case Step::password: return zfm_verify(number(password_));
        case Step::parameters: break;
    }
    return {.instruction = ZfmInstruction::read_parameters, .answer_size = zfm_parameters_size};
}

Result<bool> ZfmHandshake::take(const ZfmAnswer& answer) {
    const bool done = answer.confirmation == ZfmConfirmation::done;
    switch (step_) {
        case Step::factory_first:
        case Step::factory_second:
            if (done) return refuse(SensorRefusal::factory_password);
            if (answer.confirmation != ZfmConfirmation::wrong_password) {
                return refuse(SensorRefusal::sensor_changed);
            }
            step_ = step_ == Step::factory_first ? Step::factory_second : Step::password;
            return false;
        case Step::password:
            // Last of the three: a wrong password ends what a right one before it began.
            if (!done) return refuse(SensorRefusal::sensor_changed);
            step_ = Step::parameters;
            return false;
        case Step::parameters: break;
    }
    if (answer.confirmation == ZfmConfirmation::verify_first) return fail(Errc::busy);
    if (!done ||
        zfm_parse_parameters(std::span(answer.content).first<zfm_parameters_size>()) != pin_) {
        return refuse(SensorRefusal::sensor_changed);
    }
    return true;
}

}  // namespace strongroom::devices
