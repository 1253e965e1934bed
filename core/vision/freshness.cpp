#include "vision/freshness.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include <sodium.h>

#include "base/assert.h"

namespace strongroom::vision {

namespace {

// SipHash-2-4. The key need not be secret: whoever finds two pictures with one digest has made a
// frame that is refused.
std::uint64_t digest_of(std::span<const std::uint8_t> pixels) {
    constexpr std::array<unsigned char, crypto_shorthash_KEYBYTES> key{"strongroom-fram"};
    std::array<unsigned char, crypto_shorthash_BYTES> digest{};
    crypto_shorthash(digest.data(), pixels.data(), pixels.size(), key.data());
    std::uint64_t number = 0;
    std::memcpy(&number, digest.data(), sizeof number);
    return number;
}

}  // namespace

FreshnessGuard::FreshnessGuard(const FreshnessRules& rules) : rules_(rules) {
    STRONGROOM_ASSERT(rules.frames_remembered >= 1);
    if (rules.refuse_repeated) seen_.reserve(rules.frames_remembered);
}

void FreshnessGuard::begin(Instant now) {
    begun_ = now;
    first_ = true;
}

FreshnessGuard::Verdict FreshnessGuard::judge(const hal::Frame& frame, Instant now) {
    if (frame.captured < begun_) return Verdict::early;
    if (frame.captured > now) return Verdict::of_the_future;
    const bool rises = first_ || (frame.sequence > sequence_ && frame.captured >= captured_);
    if (!rises) return Verdict::out_of_order;
    first_ = false;
    sequence_ = frame.sequence;
    captured_ = frame.captured;
    return rules_.refuse_repeated && seen_before(frame) ? Verdict::repeated : Verdict::fresh;
}

bool FreshnessGuard::seen_before(const hal::Frame& frame) {
    if (!frame.pixels || frame.pixels->empty()) return false;  // damaged: refused further on
    const std::vector<std::uint8_t>& pixels = *frame.pixels;
    const bool even =
        std::adjacent_find(pixels.begin(), pixels.end(), std::not_equal_to<>()) == pixels.end();
    if (even) return false;
    const std::uint64_t digest = digest_of(pixels);
    if (std::find(seen_.begin(), seen_.end(), digest) != seen_.end()) return true;
    if (seen_.size() < rules_.frames_remembered) {
        seen_.push_back(digest);
    } else {
        seen_[next_] = digest;
        next_ = (next_ + 1) % seen_.size();
    }
    return false;
}

}  // namespace strongroom::vision
