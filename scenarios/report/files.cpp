#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/report.h"

namespace strongroom::report {

namespace fs = std::filesystem;

void write_whole(const fs::path& target, std::string_view content) {
    std::string name = target.string() + ".XXXXXX";
    const int file = ::mkstemp(name.data());
    int problem = file < 0 ? errno : 0;
    for (std::size_t at = 0; problem == 0 && at < content.size();) {
        const ssize_t count = ::write(file, content.data() + at, content.size() - at);
        if (count > 0) at += static_cast<std::size_t>(count);
        if (count < 0 && errno != EINTR) problem = errno;
        if (count == 0) problem = ENOSPC;
    }
    if (problem == 0 && (::fchmod(file, 0644) != 0 || ::fsync(file) != 0)) problem = errno;
    if (file >= 0 && ::close(file) != 0 && problem == 0) problem = errno;
    if (problem == 0 && ::rename(name.c_str(), target.c_str()) != 0) problem = errno;
    if (problem == 0) return;
    if (file >= 0) ::unlink(name.c_str());
    throw std::runtime_error(target.string() + ": cannot be written: " + std::strerror(problem));
}

void expect_writable(const fs::path& target) {
    fs::path folder = target.parent_path();
    if (folder.empty()) folder = ".";
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        throw std::runtime_error(target.string() + ": its folder does not exist: create it first");
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0 || fs::is_directory(target, error)) {
        throw std::runtime_error(target.string() +
                                 ": cannot be written there: name a file in a folder of yours");
    }
}

}  // namespace strongroom::report
