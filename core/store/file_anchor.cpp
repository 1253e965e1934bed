#include "store/file_anchor.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "row_seal.h"

namespace strongroom::store {
namespace {

// One slot in a block of the medium of its own, so that a torn write spoils one slot at most.
constexpr std::size_t slot_distance = 4096;
constexpr std::size_t slots = 2;
constexpr std::size_t body_size = 16 + 8 + 32;
constexpr std::size_t slot_size = body_size + 32;
using Slot = std::array<std::byte, slot_size>;

Error failure_of(int number) {
    switch (number) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return {Errc::exhausted, number};
        case EACCES:
        case EPERM:
        case EROFS: return {Errc::denied, number};
        default: return {Errc::disconnected, number};
    }
}

tl::unexpected<Error> failed() { return tl::unexpected(failure_of(errno)); }

Slot slot_of(const AnchorMark& mark, const Key256& key) {
    Canonical<body_size> body;
    body.add(mark.store).add(mark.sequence).add(mark.authenticator);
    const Digest check = keyed_hash(key, body.bytes());
    Slot out{};
    const auto end = std::copy(body.bytes().begin(), body.bytes().end(), out.begin());
    std::copy(check.begin(), check.end(), end);
    return out;
}

std::optional<AnchorMark> mark_of(const Slot& slot, const Key256& key) {
    const auto bytes = std::span(slot);
    if (!equal_in_constant_time(keyed_hash(key, bytes.first(body_size)),
                                bytes.subspan(body_size))) {
        return {};
    }
    AnchorMark mark;
    std::copy_n(slot.begin(), mark.store.size(), mark.store.begin());
    for (std::size_t i = 0; i < 8; ++i) {
        mark.sequence |= std::to_integer<std::uint64_t>(slot[mark.store.size() + i]) << (8 * i);
    }
    std::copy_n(slot.begin() + 24, mark.authenticator.size(), mark.authenticator.begin());
    return mark;
}

bool write_whole(int file, const Slot& slot, off_t offset) {
    std::size_t done = 0;
    while (done < slot.size()) {
        const ssize_t wrote =
            pwrite(file, slot.data() + done, slot.size() - done, offset + static_cast<off_t>(done));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        done += static_cast<std::size_t>(wrote);
    }
    return fdatasync(file) == 0;
}

off_t offset_of(unsigned slot) { return static_cast<off_t>(slot * slot_distance); }

// The entry of a new file is durable only with its directory.
bool sync_directory(const std::filesystem::path& path) {
    const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
    const int directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return false;
    const bool good = fsync(directory) == 0;
    close(directory);
    return good;
}

}  // namespace

FileAnchor::FileAnchor(std::filesystem::path path, const Key256& master)
    : path_(std::move(path)), key_(master.derive("strongroom anchor v1")) {}

FileAnchor::~FileAnchor() {
    if (file_ >= 0) close(file_);
}

Result<std::optional<AnchorMark>> FileAnchor::read() {
    const std::lock_guard guard(mutex_);
    auto found = read_file();
    if (found) {
        held_ = *found;
        known_ = true;
    }
    return found;
}

Result<std::optional<AnchorMark>> FileAnchor::read_file() const {
    const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        if (errno == ENOENT) return std::optional<AnchorMark>{};
        return failed();
    }
    std::optional<AnchorMark> newest;
    bool trouble = false;
    int number = 0;
    for (unsigned i = 0; i < slots; ++i) {
        Slot slot{};
        const ssize_t size = pread(file, slot.data(), slot.size(), offset_of(i));
        if (size < 0) {
            trouble = true;
            number = errno;
        }
        if (size != static_cast<ssize_t>(slot.size())) continue;
        const auto mark = mark_of(slot, key_);
        if (mark && (!newest || mark->sequence >= newest->sequence)) newest = mark;
    }
    close(file);
    if (trouble) return tl::unexpected(failure_of(number));
    if (!newest) return fail(Errc::corrupt);
    return newest;
}

Result<void> FileAnchor::open_for_writing() {
    if (file_ >= 0) return {};
    if (!known_) {
        auto found = read_file();
        if (!found) return tl::unexpected(found.error());
        held_ = *found;
        known_ = true;
    }
    if (!held_) {
        // The first mark: made whole under another name, so that a file without a mark is never
        // there. Both slots hold it.
        return {};
    }
    file_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file_ < 0) return failed();
    // The next write goes to the slot that does not hold the newest mark.
    Slot first{};
    const int reader = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (reader < 0) return failed();
    const ssize_t size = pread(reader, first.data(), first.size(), 0);
    close(reader);
    const bool in_first =
        size == static_cast<ssize_t>(first.size()) && mark_of(first, key_) == held_;
    slot_ = in_first ? 1 : 0;
    return {};
}

Result<void> FileAnchor::write(const AnchorMark& mark) {
    const std::lock_guard guard(mutex_);
    if (auto opened = open_for_writing(); !opened) return opened;
    if (held_ && held_->store == mark.store && held_->sequence > mark.sequence) return {};
    const Slot slot = slot_of(mark, key_);
    if (!held_) {
        std::filesystem::path fresh = path_;
        fresh += ".new";
        const int file =
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                   S_IRUSR | S_IWUSR);
        if (file < 0) return failed();
        const bool good =
            write_whole(file, slot, offset_of(0)) && write_whole(file, slot, offset_of(1));
        const int number = errno;
        close(file);
        if (!good) return tl::unexpected(failure_of(number));
        if (::rename(fresh.c_str(), path_.c_str()) != 0) return failed();
        if (!sync_directory(path_)) return failed();
    } else {
        if (!write_whole(file_, slot, offset_of(slot_))) return failed();
        slot_ = 1 - slot_;
    }
    held_ = mark;
    return {};
}

}  // namespace strongroom::store
