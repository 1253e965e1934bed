#include "owner_lock.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace strongroom::store {
namespace {

Errc code_of(int number) {
    switch (number) {
        case EWOULDBLOCK: return Errc::busy;
        case ENOSPC:
        case EDQUOT: return Errc::exhausted;
        case EACCES:
        case EPERM:
        case EROFS:
        case ELOOP: return Errc::denied;
        default: return Errc::disconnected;
    }
}

tl::unexpected<OpenError> refusal(int number, const std::string& database,
                                  const std::string& file) {
    if (number == EWOULDBLOCK) {
        return tl::unexpected(OpenError{
            Errc::busy, number,
            "the store '" + database +
                "' is in use by another strongroom process: stop that one first (reading the audit "
                "needs no stop)"});
    }
    return tl::unexpected(OpenError{code_of(number), number,
                                    "the store '" + database +
                                        "' cannot be locked against other processes: '" + file +
                                        "': " + std::generic_category().message(number) +
                                        "; check the permissions of its directory and its medium"});
}

}  // namespace

OwnerLock::~OwnerLock() {
    if (file_ >= 0) close(file_);
}

Opened<void> OwnerLock::take(const std::string& database) {
    // By whatever link the store is reached, its lock is the same file.
    std::error_code unresolved;
    const std::filesystem::path resolved = std::filesystem::weakly_canonical(database, unresolved);
    const std::string file = (unresolved ? database : resolved.string()) + "-owner";
    const int opened =
        ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (opened < 0) return refusal(errno, database, file);
    if (flock(opened, LOCK_EX | LOCK_NB) != 0) {
        const int number = errno;
        close(opened);
        return refusal(number, database, file);
    }
    file_ = opened;
    return {};
}

}  // namespace strongroom::store
