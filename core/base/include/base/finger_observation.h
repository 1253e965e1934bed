// What one presentation of a finger showed: the words that the reader (hal) and the decision (auth)
// share.
#pragma once

#include <cstdint>
#include <optional>

#include "base/face_observation.h"
#include "base/time.h"

namespace strongroom {

// A place in the library of a sensor that compares by itself: 0 to its capacity - 1.
using FingerSlot = std::uint16_t;

// Why a reader refuses to work with its sensor: Error::vendor_code beside Errc::denied.
enum class SensorRefusal : std::int32_t {
    sensor_changed = 1,    // password, identifier, address or capacity are not the pinned ones
    factory_password = 2,  // it takes the password that every such sensor is sold with
    template_changed = 3,  // the digest of the customer's template is not the enrolled one
    link_forged = 4,       // it matched where nothing is stored, or faster than it can
};

// Why an image cannot be compared; `good` when it can. None but `good` costs a try.
enum class FingerQuality : std::uint8_t {
    good,
    messy,   // smeared, too wet or too dry
    sparse,  // too few minutiae: only the edge of the finger lay on the sensor
};

// One finger, laid down once.
struct FingerObservation {
    Instant captured{};          // when the sensor took the image
    std::uint64_t sequence = 0;  // rises by one an observation; one finger laid down gives one
    FingerQuality quality = FingerQuality::good;

    // Of the image, before anything was compared: 0 (an artefact) to 1 (a living finger).
    Liveness liveness = Liveness::measured;
    float liveness_score = 0;

    // The comparison, as the sensor tells it. Absent when the image was not compared (bad quality,
    // or refused as an artefact) or matched nothing.
    std::optional<FingerSlot> matched_slot;
    std::uint16_t score = 0;  // the sensor's own, 0 to 65535: higher is more alike
};

}  // namespace strongroom
