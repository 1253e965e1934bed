#include <array>
#include <cerrno>
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
    explicit File(const fs::path& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {}
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

}  // namespace strongroom::config
