#include "auth/challenge.h"

#include <cmath>

#include "base/assert.h"

namespace strongroom::auth {

namespace {

bool finite(const FaceExpression& e) {
    return std::isfinite(e.eyes_open) && std::isfinite(e.mouth_open) && std::isfinite(e.smile);
}

// Uniform numbers out of a key: bytes of keyed hashes with a counter.
class Draw {
public:
    Draw(const Key256& seed, std::uint32_t number)
        : key_(seed.derive("gestures")), number_(number) {}

    // Below `limit`, 1 to 256.
    std::size_t below(std::size_t limit) {
        const std::size_t usable = 256 - 256 % limit;
        for (;;) {
            const auto byte = std::to_integer<std::size_t>(next());
            if (byte < usable) return byte % limit;
        }
    }

private:
    std::byte next() {
        if (at_ == block_.size()) {
            const std::array<std::uint32_t, 2> message{number_, ++blocks_};
            std::array<std::byte, 8> bytes{};
            for (std::size_t i = 0; i < bytes.size(); ++i) {
                bytes.at(i) = static_cast<std::byte>(message.at(i / 4) >> (8 * (i % 4)) & 0xffU);
            }
            block_ = keyed_hash(key_, bytes);
            at_ = 0;
        }
        return block_.at(at_++);
    }

    Key256 key_;
    std::uint32_t number_;
    std::uint32_t blocks_ = 0;
    Digest block_{};
    std::size_t at_ = std::tuple_size_v<Digest>;
};

}  // namespace

// ---- her own bearing -----------------------------------------------------------------------

void Bearing::add(const FaceObservation& o) {
    if (!std::isfinite(o.yaw) || !std::isfinite(o.pitch)) return;
    yaw_ += o.yaw;
    pitch_ += o.pitch;
    ++frames_;
    if (!o.expression || !finite(*o.expression)) return;
    expression_.eyes_open += o.expression->eyes_open;
    expression_.mouth_open += o.expression->mouth_open;
    expression_.smile += o.expression->smile;
    ++expressions_;
}

std::optional<FaceExpression> Bearing::expression() const {
    if (frames_ == 0 || expressions_ != frames_) return std::nullopt;
    return FaceExpression{mean(expression_.eyes_open), mean(expression_.mouth_open),
                          mean(expression_.smile)};
}

GestureSet measurable(GestureSet allowed, const Bearing& bearing) {
    if (bearing.expression()) return allowed;
    return allowed.without(Gesture::blink).without(Gesture::smile);
}

GestureList draw_gestures(const Key256& seed, std::uint32_t number, int count, GestureSet from) {
    STRONGROOM_ASSERT(count >= 1 && static_cast<std::size_t>(count) <= from.size());
    GestureList left;
    for (const Gesture gesture : all_gestures) {
        if (from.contains(gesture)) left.gestures.at(left.size++) = gesture;
    }
    Draw draw(seed, number);
    GestureList drawn;
    while (drawn.size < static_cast<std::size_t>(count)) {
        const std::size_t at = draw.below(left.size);
        drawn.gestures.at(drawn.size++) = left.gestures.at(at);
        left.gestures.at(at) = left.gestures.at(--left.size);
    }
    return drawn;
}

// ---- the demanded gesture ------------------------------------------------------------------

// How a frame differs from her bearing. Missing expressions are no numbers, which no comparison
// takes for anything.
struct Challenge::Movement {
    float yaw;         // degrees
    float pitch;       // degrees
    float eyes;        // share of her own opening
    float smile;       // above her own
    bool expressions;  // both are known
};

Challenge::Movement Challenge::movement(const FaceObservation& o) const {
    Movement m{o.yaw - bearing_.yaw(), o.pitch - bearing_.pitch(), NAN, NAN, false};
    const std::optional<FaceExpression> own = bearing_.expression();
    if (!own || !o.expression || !finite(*o.expression) || !(own->eyes_open > 0)) return m;
    m.eyes = o.expression->eyes_open / own->eyes_open;
    m.smile = o.expression->smile - own->smile;
    m.expressions = true;
    return m;
}

bool Challenge::neutral(const ChallengeRule& rule, const Movement& m) const {
    return std::abs(m.yaw) <= rule.neutral_max && std::abs(m.pitch) <= rule.neutral_max;
}

bool Challenge::shows(const ChallengeRule& rule, const Movement& m) const {
    switch (gestures_.gestures.at(index_)) {
        case Gesture::turn_left: return m.yaw >= rule.turn_min;
        case Gesture::turn_right: return m.yaw <= -rule.turn_min;
        case Gesture::nod: return std::abs(m.pitch) >= rule.nod_min;
        case Gesture::blink: return m.eyes <= rule.eyes_shut_max;
        case Gesture::smile: return m.smile >= rule.smile_min;
    }
    return false;
}

// A clear movement of the head that was not asked for: a film that goes through all of them in turn
// must not pass because the demanded one comes by.
bool Challenge::contradicts(const ChallengeRule& rule, const Movement& m) const {
    const bool left = m.yaw >= rule.turn_min;
    const bool right = m.yaw <= -rule.turn_min;
    const bool nods = std::abs(m.pitch) >= rule.nod_min && std::abs(m.yaw) <= rule.neutral_max;
    switch (gestures_.gestures.at(index_)) {
        case Gesture::turn_left: return right || nods;
        case Gesture::turn_right: return left || nods;
        case Gesture::nod: return left || right;
        case Gesture::blink:
        case Gesture::smile: return left || right || nods;
    }
    return false;
}

void Challenge::begin(const GestureList& gestures, const Bearing& bearing, Instant now) {
    STRONGROOM_ASSERT(gestures.size >= 1);
    gestures_ = gestures;
    index_ = 0;
    step_ = Step::asked;
    bearing_ = bearing;
    demanded_at_ = now;
}

void Challenge::demand_next(Instant now) {
    STRONGROOM_ASSERT(under_way());
    step_ = Step::asked;
    demanded_at_ = now;
}

void Challenge::interrupt() { step_ = Step::asked; }

std::optional<Gesture> Challenge::demanded() const {
    if (!under_way()) return std::nullopt;
    return gestures_.gestures.at(index_);
}

Challenge::Progress Challenge::see(const ChallengeRule& rule, const FaceObservation& o,
                                   bool matching) {
    STRONGROOM_ASSERT(under_way());
    if (o.captured < demanded_at_) return Progress::nothing;
    const Movement m = movement(o);
    const Gesture demanded = gestures_.gestures.at(index_);
    const bool of_expression = demanded == Gesture::blink || demanded == Gesture::smile;
    if (step_ == Step::asked) {
        // Her own bearing, and not the demanded expression already.
        const bool rest = demanded == Gesture::blink   ? m.eyes >= rule.eyes_open_min
                          : demanded == Gesture::smile ? m.smile <= rule.smile_min / 2
                                                       : true;
        if (neutral(rule, m) && rest) step_ = Step::ready;
        return Progress::nothing;
    }
    if (step_ == Step::ready) {
        if (contradicts(rule, m)) return Progress::wrong;
        if (of_expression && !m.expressions) return Progress::nothing;
        if (!shows(rule, m)) return Progress::nothing;
        step_ = Step::shown;
        return Progress::shown;
    }
    const bool eyes_open = demanded != Gesture::blink || m.eyes >= rule.eyes_open_min;
    if (!matching || !neutral(rule, m) || !eyes_open) return Progress::nothing;
    ++index_;
    step_ = Step::asked;
    return under_way() ? Progress::performed : Progress::passed;
}

}  // namespace strongroom::auth
