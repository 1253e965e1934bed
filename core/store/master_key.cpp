#include "store/master_key.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace strongroom::store {
namespace {

using Bytes = std::array<std::byte, Key256::size>;

struct File {
    explicit File(int number) : descriptor(number) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor >= 0) close(descriptor);
    }
    int descriptor;
};

tl::unexpected<OpenError> refuse(Errc code, int number, const std::filesystem::path& path,
                                 const std::string& text) {
    return tl::unexpected(OpenError{code, number, "master key '" + path.string() + "': " + text});
}

tl::unexpected<OpenError> refuse_errno(int number, const std::filesystem::path& path) {
    switch (number) {
        case ENOENT:
            return refuse(Errc::disconnected, number, path,
                          "there is no such file; make one once, and keep a copy in a safe");
        case ELOOP:
            return refuse(Errc::denied, number, path,
                          "it is a symbolic link; name the file itself");
        case EACCES:
        case EPERM:
        case EROFS:
            return refuse(Errc::denied, number, path,
                          "permission denied; run as the user who owns it");
        case EEXIST:
            return refuse(Errc::denied, number, path,
                          "it exists and is never overwritten; use it, or choose another path");
        default:
            return refuse(number == ENOSPC ? Errc::exhausted : Errc::disconnected, number, path,
                          std::generic_category().message(number));
    }
}

bool below(const std::filesystem::path& path, const std::filesystem::path& directory) {
    std::error_code error;
    const auto inside = std::filesystem::weakly_canonical(path, error);
    if (error) return true;  // what cannot be placed is not taken for safe
    const auto outside = std::filesystem::weakly_canonical(directory, error);
    if (error) return true;
    const auto [left, right] =
        std::mismatch(outside.begin(), outside.end(), inside.begin(), inside.end());
    static_cast<void>(right);
    return left == outside.end() || (left->empty() && std::next(left) == outside.end());
}

// What the file's metadata forbid; empty when nothing.
std::string objection(const struct stat& status) {
    if (!S_ISREG(status.st_mode)) return "it is not a regular file";
    // systemd passes a credential as root's own file whose group bits are an access list's mask.
    const bool credential =
        status.st_uid == 0 && status.st_gid == 0 && (status.st_mode & ALLPERMS) == 0440;
    if (!credential && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return "others than its owner have access; run: chmod 600";
    }
    if (status.st_uid != geteuid() && status.st_uid != 0) {
        return "it belongs to another user; it must belong to the user who runs this, or to root";
    }
    if (status.st_size != static_cast<off_t>(Key256::size)) {
        return "it has " + std::to_string(status.st_size) +
               " bytes instead of 32: it is no key, or "
               "it is damaged; use the copy from the safe";
    }
    return {};
}

}  // namespace

Opened<Key256> load_master_key(const std::filesystem::path& path,
                               const std::filesystem::path& store_directory) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.descriptor < 0) return refuse_errno(errno, path);
    struct stat status {};
    if (fstat(file.descriptor, &status) != 0) return refuse_errno(errno, path);
    if (const std::string text = objection(status); !text.empty()) {
        return refuse(Errc::denied, 0, path, text);
    }
    if (!store_directory.empty() && below(path, store_directory)) {
        return refuse(Errc::denied, 0, path,
                      "it lies in the directory of the store, so that a copy of the store would "
                      "bring its key along; move it elsewhere");
    }
    Bytes bytes{};
    const ssize_t got = read(file.descriptor, bytes.data(), bytes.size());
    if (got != static_cast<ssize_t>(bytes.size())) {
        return refuse(Errc::corrupt, got < 0 ? errno : 0, path, "it cannot be read");
    }
    const Key256 key{std::span<const std::byte, Key256::size>(bytes)};
    wipe(bytes);
    return key;
}

Opened<Key256> create_master_key(const std::filesystem::path& path, hal::Entropy& entropy) {
    Bytes bytes{};
    if (!entropy.fill(bytes)) {
        return refuse(Errc::disconnected, 0, path,
                      "the system's random generator cannot be read; nothing was made");
    }
    const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                           S_IRUSR | S_IWUSR));
    if (file.descriptor < 0) return refuse_errno(errno, path);
    // Whatever the umask says: the mode is exactly this.
    if (fchmod(file.descriptor, S_IRUSR | S_IWUSR) != 0 ||
        write(file.descriptor, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
        fsync(file.descriptor) != 0) {
        const int number = errno;
        ::unlink(path.c_str());
        return refuse_errno(number, path);
    }
    const Key256 key{std::span<const std::byte, Key256::size>(bytes)};
    wipe(bytes);
    return key;
}

}  // namespace strongroom::store
