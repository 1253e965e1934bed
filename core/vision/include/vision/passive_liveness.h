// Passive liveness: what tells a face from a picture or a mask of one, without asking anything of
// the person.
//
// Some hundred measurements of each frame (texture, frequencies, colour, edges around the face,
// motion since earlier frames) go through a sum of small decision trees, and the sums of a track's
// last frames are averaged. The trees come as bytes, from whoever trained them; docs/liveness.md
// says what each measurement sees. One thread at a time; equal input gives equal output.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/result.h"
#include "vision/stages.h"

namespace strongroom::vision {

// The measurements of the frames of one track.
class PassiveFeatures {
public:
    PassiveFeatures();
    ~PassiveFeatures();
    PassiveFeatures(PassiveFeatures&&) noexcept;
    PassiveFeatures& operator=(PassiveFeatures&&) noexcept;

    // Forgets the frames before.
    void begin_track();
    // As many finite numbers as names(). Those about time are `no_history` in a track's first
    // frame. Errors: corrupt (not a bgr8 frame), out_of_range (landmarks that coincide, are not
    // finite or far outside the frame).
    [[nodiscard]] Result<std::vector<float>> measure(const hal::Frame& frame,
                                                     const Detection& face);

    // Such as "texture.face.lbp1.0"; always the same.
    [[nodiscard]] static const std::vector<std::string>& names();
    static constexpr float no_history = -1000;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

// Bytes that are no such model, or one for other measurements; the text says what and what to do.
class LivenessModelError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// A sum of binary decision trees over named numbers: log-odds of a live face.
class TreeModel {
public:
    // value <= limit goes to `left`, else (also what is not a number) to `right`; a leaf has
    // feature -1 and its value in `limit`.
    struct Node {
        std::int16_t feature = -1;
        std::uint16_t left = 0;
        std::uint16_t right = 0;
        float limit = 0;
    };
    using Tree = std::vector<Node>;  // the first node is the root; children come after parents

    struct Parts {
        std::vector<std::string> names;  // of the numbers that it takes
        double bias = 0;
        std::vector<Tree> trees;
        double threshold = 0;  // mean log-odds of a track that count as a score of 0.5
        double slope = 1;      // of the score's log-odds, above 0
        std::string origin;    // how it was made, one line
    };

    // Throws LivenessModelError for parts that do not hang together.
    explicit TreeModel(Parts parts);
    // Reads what bytes() gives. Throws LivenessModelError for bytes that are cut short, altered, or
    // of another kind or version.
    [[nodiscard]] static TreeModel read(std::span<const std::uint8_t> bytes);
    [[nodiscard]] std::vector<std::uint8_t> bytes() const;

    [[nodiscard]] const Parts& parts() const { return parts_; }
    // Asserts as many numbers as names.
    [[nodiscard]] double log_odds(std::span<const float> numbers) const;

private:
    Parts parts_;
};

class PassiveLiveness final : public LivenessDetector {
public:
    // Throws LivenessModelError when `model` takes other numbers than PassiveFeatures gives.
    explicit PassiveLiveness(TreeModel model);
    ~PassiveLiveness() override;

    void begin_track() override;
    [[nodiscard]] Result<LivenessReading> assess(const hal::Frame& frame,
                                                 const Detection& face) override;
    // Frames of a track that its score speaks of: a face shown earlier earns no credit that lasts.
    static constexpr std::size_t window = 20;

private:
    TreeModel model_;
    PassiveFeatures features_;
    std::vector<double> frames_;  // log-odds of the last ones
};

}  // namespace strongroom::vision
