// A list that one thread appends to while others read what has been published: for tables that grow
// for ever and are looked at sixty times a second. Publishing copies a pointer for each thousand
// rows and no row.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace strongroom::panel {

template <class Row>
class Ledger {
    static constexpr std::size_t chunk_size = 1024;
    using Chunk = std::array<Row, chunk_size>;

public:
    // The rows that were there when it was published. Any thread; a value, cheap to copy.
    class View {
    public:
        [[nodiscard]] std::size_t size() const { return size_; }
        [[nodiscard]] bool empty() const { return size_ == 0; }
        // Of the list since it was last cleared: views of one identity only grow. 0: of no list.
        [[nodiscard]] std::uint64_t identity() const { return identity_; }
        // index < size(). Valid while this view, or a later one, lives.
        [[nodiscard]] const Row& operator[](std::size_t index) const {
            return (*chunks_[index / chunk_size])[index % chunk_size];
        }

    private:
        friend class Ledger;
        std::vector<std::shared_ptr<const Chunk>> chunks_;
        std::size_t size_ = 0;
        std::uint64_t identity_ = 0;
    };

    // One thread; the rows of views that were given out do not change.
    void append(Row row) {
        if (size_ % chunk_size == 0) {
            newest_ = std::make_shared<Chunk>();
            chunks_.push_back(newest_);
        }
        (*newest_)[size_ % chunk_size] = std::move(row);
        ++size_;
    }
    void clear() {
        chunks_.clear();
        newest_.reset();
        size_ = 0;
        identity_ = next_identity();
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    // To be handed to other threads by something that synchronises (a mutex, a queue).
    [[nodiscard]] View publish() const {
        View view;
        view.chunks_ = chunks_;
        view.size_ = size_;
        view.identity_ = identity_;
        return view;
    }

private:
    static std::uint64_t next_identity() {
        static std::atomic<std::uint64_t> last{0};
        return ++last;
    }
    std::vector<std::shared_ptr<const Chunk>> chunks_;
    std::shared_ptr<Chunk> newest_;
    std::size_t size_ = 0;
    std::uint64_t identity_ = next_identity();
};

}  // namespace strongroom::panel
