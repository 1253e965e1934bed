// The stages between a frame and a comparison, each usable alone: detect, align, measure, embed.
//
// Frames are bgr8 as normalise() leaves them. Detectors and embedders hold buffers: one thread at a
// time each. Equal input gives equal output. What a library throws ends here as an Error.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "hal/camera.h"
#include "hal/face_observer.h"
#include "vision/geometry.h"

namespace strongroom::vision {

struct Detection {
    Box box;
    Landmarks landmarks;
    double score = 0;  // the detector's own scale
    // Of detectors that know more than five points; none: estimate_pose() tells it from these.
    std::optional<HeadPose> pose{};
};

class FaceDetector {
public:
    virtual ~FaceDetector() = default;
    // All faces, largest box first; ties by position, so that the order is the same every time.
    // A frame too small to hold a face has none. Errors: corrupt (not a bgr8 frame, or the model
    // failed on it).
    [[nodiscard]] virtual Result<std::vector<Detection>> detect(const hal::Frame& frame) = 0;
};

// Leaves the faces whose box is at least `ratio` times as wide as the largest: detectors give a few
// small second boxes, and people in the background are not at the terminal. 0 <= ratio <= 1.
void drop_small(std::vector<Detection>& detections, double ratio);

// Where the five points go in the chip that an embedder takes.
enum class ChipTemplate : std::uint8_t {
    dlib,     // dlib's chips, padding 0.25, at any size
    arcface,  // the 112 x 112 template of ArcFace and its relatives, scaled to any size
};

// A square of the face, upright; size * size * 3 bytes, BGR.
struct FaceChip {
    int size = 0;
    std::vector<std::uint8_t> pixels;
};

// Cuts the face out. Outside the frame its edge goes on. Reduces by area first when it shrinks by
// more than half, so that fine texture does not alias. Errors: corrupt (not a bgr8 frame),
// out_of_range (points that coincide or are not finite, size not within 16 to 512).
[[nodiscard]] Result<FaceChip> align(const hal::Frame& frame, const Landmarks& landmarks,
                                     ChipTemplate chip_template, int size);

// How good a picture of the face it is, in the units of hal::FaceObservation. Grey values are
// measured on an ArcFace chip of 112 pixels, whatever the embedder takes, so that a limit means the
// same with every model pack.
struct Quality {
    double eye_distance = 0;  // pixels
    double sharpness = 0;
    double brightness = 0;
    double contrast = 0;
    HeadPose pose;
};
// Errors: those of align().
[[nodiscard]] Result<Quality> measure_quality(const hal::Frame& frame, const Landmarks& landmarks);

enum class Metric : std::uint8_t {
    euclidean,  // 0 and more
    cosine,     // 1 - cos of the angle: 0 to 2
};

// Lower is more alike. Infinite when the lengths differ, are zero, or a number is not finite: such
// a pair is never alike.
[[nodiscard]] float distance(Metric metric, std::span<const float> a, std::span<const float> b);

class FaceEmbedder {
public:
    virtual ~FaceEmbedder() = default;
    // The chip it takes.
    [[nodiscard]] virtual ChipTemplate chip_template() const = 0;
    [[nodiscard]] virtual int chip_size() const = 0;
    // 64 to 2048 finite numbers, always as many. Errors: out_of_range (a chip of another size),
    // corrupt (the model failed, or gave numbers that are not finite).
    [[nodiscard]] virtual Result<std::vector<float>> embed(const FaceChip& chip) = 0;
};

// Reads what a face does. Packs with five landmarks alone have none.
class ExpressionReader {
public:
    virtual ~ExpressionReader() = default;
    // Errors: corrupt (not a bgr8 frame, or the model failed on it), out_of_range (no face can be
    // read from where `face` is).
    [[nodiscard]] virtual Result<hal::FaceExpression> read(const hal::Frame& frame,
                                                           const Detection& face) = 0;
};

// Presentation attack detection (ISO/IEC 30107-3's PAD subsystem), over the frames of one track.
struct LivenessReading {
    hal::Liveness kind = hal::Liveness::measured;
    double score =
        0;  // 0 (attack) to 1 (live): of the frames since begin_track(), this one included
};
class LivenessDetector {
public:
    virtual ~LivenessDetector() = default;
    // What follows may be another face: forget the frames before. Also before single pictures.
    virtual void begin_track() {}
    // Looks at `face` in its surroundings. Frames of one track come in the order in which they were
    // captured. Errors: corrupt; the observation then scores 0.
    [[nodiscard]] virtual Result<LivenessReading> assess(const hal::Frame& frame,
                                                         const Detection& face) = 0;
};

}  // namespace strongroom::vision
