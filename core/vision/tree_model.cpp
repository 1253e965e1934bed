// Sums of decision trees, and the bytes that they are kept as.
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "base/assert.h"
#include "vision/digest.h"
#include "vision/passive_liveness.h"

namespace strongroom::vision {

namespace {

constexpr std::string_view magic = "strongroom trees 1\n";
constexpr std::size_t digest_size = 64;
constexpr std::size_t names_max = 4096;
constexpr std::size_t trees_max = 10000;
constexpr std::size_t nodes_max = 4096;
constexpr std::size_t text_max = 4096;

[[noreturn]] void refuse(const std::string& what) {
    throw LivenessModelError("the liveness model " + what + ": train it again with liveness_train");
}

// Numbers are written little-endian on every machine.
class Writer {
public:
    void whole(std::uint64_t value, int size) {
        for (int i = 0; i < size; ++i) bytes_ += static_cast<char>((value >> (8 * i)) & 0xffU);
    }
    void text(const std::string& value) {
        whole(value.size(), 4);
        bytes_ += value;
    }
    void real(double value) { whole(std::bit_cast<std::uint64_t>(value), 8); }
    void real32(float value) { whole(std::bit_cast<std::uint32_t>(value), 4); }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    std::uint64_t whole(int size) {
        if (bytes_.size() < static_cast<std::size_t>(size)) refuse("is cut short");
        std::uint64_t value = 0;
        for (int i = 0; i < size; ++i) {
            value |= static_cast<std::uint64_t>(bytes_[static_cast<std::size_t>(i)]) << (8 * i);
        }
        bytes_ = bytes_.subspan(static_cast<std::size_t>(size));
        return value;
    }
    std::size_t count(std::size_t most) {
        const std::uint64_t value = whole(4);
        if (value > most)
            refuse("states " + std::to_string(value) + " of what can be at most " +
                   std::to_string(most));
        return static_cast<std::size_t>(value);
    }
    std::string text() {
        const std::size_t size = count(text_max);
        if (bytes_.size() < size) refuse("is cut short");
        std::string value(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size));
        bytes_ = bytes_.subspan(size);
        return value;
    }
    double real() { return std::bit_cast<double>(whole(8)); }
    float real32() { return std::bit_cast<float>(static_cast<std::uint32_t>(whole(4))); }
    [[nodiscard]] bool done() const { return bytes_.empty(); }

private:
    std::span<const std::uint8_t> bytes_;
};

std::string digest_of(std::span<const std::uint8_t> bytes) {
    return sha256({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void check_tree(const TreeModel::Tree& tree, std::size_t names) {
    if (tree.empty() || tree.size() > nodes_max) refuse("has a tree of an impossible size");
    for (std::size_t i = 0; i < tree.size(); ++i) {
        const auto& node = tree[i];
        if (!std::isfinite(node.limit)) refuse("has a number that is none");
        if (node.feature < -1 || node.feature >= static_cast<int>(names)) {
            refuse("asks for a measurement that it does not name");
        }
        // Children after their parents: walking down ends.
        const bool leaf = node.feature == -1;
        if (!leaf && (node.left <= i || node.right <= i || node.left >= tree.size() ||
                      node.right >= tree.size())) {
            refuse("has a tree that leads nowhere");
        }
    }
}

}  // namespace

TreeModel::TreeModel(Parts parts) : parts_(std::move(parts)) {
    if (parts_.names.empty() || parts_.names.size() > names_max) refuse("has no names");
    if (parts_.trees.empty() || parts_.trees.size() > trees_max) refuse("has no trees");
    if (!std::isfinite(parts_.bias) || !std::isfinite(parts_.threshold) || !(parts_.slope > 0) ||
        !std::isfinite(parts_.slope)) {
        refuse("has an impossible bias, threshold or slope");
    }
    for (const auto& tree : parts_.trees) check_tree(tree, parts_.names.size());
}

TreeModel TreeModel::read(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < magic.size() + digest_size ||
        std::memcmp(bytes.data(), magic.data(), magic.size()) != 0) {
        refuse("is none, or of another version");
    }
    const auto content = bytes.subspan(magic.size() + digest_size);
    const std::string stated(
        bytes.begin() + static_cast<std::ptrdiff_t>(magic.size()),
        bytes.begin() + static_cast<std::ptrdiff_t>(magic.size() + digest_size));
    if (digest_of(content) != stated) refuse("is altered or cut short");
    Reader reader(content);
    Parts parts;
    parts.origin = reader.text();
    parts.bias = reader.real();
    parts.threshold = reader.real();
    parts.slope = reader.real();
    const std::size_t names = reader.count(names_max);
    for (std::size_t i = 0; i < names; ++i) parts.names.push_back(reader.text());
    const std::size_t trees = reader.count(trees_max);
    for (std::size_t i = 0; i < trees; ++i) {
        Tree tree(reader.count(nodes_max));
        for (auto& node : tree) {
            node.feature = static_cast<std::int16_t>(reader.whole(2));
            node.left = static_cast<std::uint16_t>(reader.whole(2));
            node.right = static_cast<std::uint16_t>(reader.whole(2));
            node.limit = reader.real32();
        }
        parts.trees.push_back(std::move(tree));
    }
    if (!reader.done()) refuse("is longer than it states");
    return TreeModel(std::move(parts));
}

std::vector<std::uint8_t> TreeModel::bytes() const {
    Writer content;
    content.text(parts_.origin);
    content.real(parts_.bias);
    content.real(parts_.threshold);
    content.real(parts_.slope);
    content.whole(parts_.names.size(), 4);
    for (const auto& name : parts_.names) content.text(name);
    content.whole(parts_.trees.size(), 4);
    for (const auto& tree : parts_.trees) {
        content.whole(tree.size(), 4);
        for (const auto& node : tree) {
            content.whole(static_cast<std::uint16_t>(node.feature), 2);
            content.whole(node.left, 2);
            content.whole(node.right, 2);
            content.real32(node.limit);
        }
    }
    const std::string all = std::string(magic) + sha256(content.bytes()) + content.bytes();
    return {all.begin(), all.end()};
}

double TreeModel::log_odds(std::span<const float> numbers) const {
    STRONGROOM_ASSERT(numbers.size() == parts_.names.size());
    double sum = parts_.bias;
    for (const auto& tree : parts_.trees) {
        std::size_t at = 0;
        while (tree[at].feature >= 0) {
            const auto& node = tree[at];
            const float value = numbers[static_cast<std::size_t>(node.feature)];
            at = value <= node.limit ? node.left : node.right;
        }
        sum += static_cast<double>(tree[at].limit);
    }
    return sum;
}

}  // namespace strongroom::vision
