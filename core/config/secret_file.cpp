#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/configuration.h"

namespace strongroom::config {

namespace fs = std::filesystem;

fs::path path_of(const SecretReference& reference, const fs::path& credentials) {
    if (reference.source == SecretReference::Source::file) return reference.name;
    if (credentials.empty()) {
        throw yaml::ReadError(reference.place,
                              "the credential '" + reference.name +
                                  "' is passed by systemd, which did not start this program: add "
                                  "LoadCredential=" +
                                  reference.name + ":FILE to the unit, or name a 'file' here");
    }
    return credentials / reference.name;
}

namespace {

class File {
public:
    explicit File(const fs::path& path, int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
                  mode_t mode = 0)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

}  // namespace

Secret read_secret(const SecretReference& reference, const fs::path& credentials) {
    const fs::path path = path_of(reference, credentials);
    const auto refuse = [&](const std::string& what) {
        throw yaml::ReadError(reference.place, path.string() + " " + what);
    };
    const File file(path);
    if (file.get() < 0) {
        refuse(errno == ELOOP ? "is a symbolic link: name the file itself"
                              : std::string("cannot be read: ") + std::strerror(errno));
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) refuse("is no file");
    // systemd passes a credential as root's own file whose group bits are an access list's mask.
    const bool credential =
        status.st_uid == 0 && status.st_gid == 0 && (status.st_mode & ALLPERMS) == 0440;
    if (!credential && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        refuse("can be read by others: chmod 600 it, and change the secret");
    }
    std::array<char, 4096 + 1> text{};
    const ssize_t got = ::read(file.get(), text.data(), text.size());
    std::size_t size = got > 0 ? static_cast<std::size_t>(got) : 0;
    if (size == text.size()) refuse("has more than 4 KiB: is it the right file?");
    if (size > 0 && text[size - 1] == '\n') --size;
    Secret secret(std::string_view(text.data(), size));
    wipe(std::as_writable_bytes(std::span(text)));
    if (secret.empty()) refuse("is empty");
    return secret;
}

namespace {

// errno of the step that failed; 0: the bytes are on the medium.
int write_new(const fs::path& path, std::span<const std::byte> bytes) {
    const File file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, S_IRUSR);
    if (file.get() < 0) return errno;
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0) return errno;
    if (static_cast<std::size_t>(written) != bytes.size()) return ENOSPC;
    return ::fsync(file.get()) == 0 ? 0 : errno;
}

// A name is on the medium when its folder is.
int settle_folder(const fs::path& folder) {
    const File file(folder.empty() ? fs::path(".") : folder, O_RDONLY | O_DIRECTORY);
    if (file.get() < 0) return errno;
    return ::fsync(file.get()) == 0 ? 0 : errno;
}

}  // namespace

void write_secret(const SecretReference& reference, const fs::path& credentials,
                  const Secret& text) {
    const fs::path path = path_of(reference, credentials);
    const fs::path beside = path.string() + ".new";
    std::vector<std::byte> bytes(text.reveal().begin(), text.reveal().end());
    bytes.push_back(static_cast<std::byte>('\n'));
    ::unlink(beside.c_str());  // left behind by a power cut: it was never used
    int error = write_new(beside, bytes);
    wipe(bytes);
    // What is there already is never replaced.
    if (error == 0 &&
        ::renameat2(AT_FDCWD, beside.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0) {
        error = errno;
    }
    if (error != 0) ::unlink(beside.c_str());
    if (error == 0) error = settle_folder(path.parent_path());
    if (error == 0) return;
    const char* remedy = "make room on its disk, and see that its folder can be written";
    if (error == ENOENT) remedy = "make its folder, of mode 0700";
    if (error == EACCES || error == EPERM) {
        remedy = "run this as the user who owns its folder";
    }
    if (error == EEXIST) remedy = "move it away if nothing uses it";
    throw yaml::ReadError(reference.place, path.string() + " cannot be written: " +
                                               std::strerror(error) + "; " + remedy);
}

}  // namespace strongroom::config
