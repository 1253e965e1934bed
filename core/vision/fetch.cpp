#include "vision/fetch.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>

#include <bzlib.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vision/digest.h"

namespace strongroom::vision {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t fetch_bytes_max = std::size_t{1} << 30U;

struct Download {
    std::string bytes;
    const FetchProgress* progress = nullptr;
};

std::size_t on_bytes(char* data, std::size_t size, std::size_t count, void* context) {
    auto& download = *static_cast<Download*>(context);
    if (download.bytes.size() + size * count > fetch_bytes_max) return 0;
    download.bytes.append(data, size * count);
    return size * count;
}

int on_progress(void* context, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t) {
    const auto& download = *static_cast<Download*>(context);
    if (download.progress != nullptr && *download.progress) (*download.progress)(now, total);
    return 0;
}

std::string download(const std::string& url, const FetchProgress& progress) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    if (!curl) throw PackError("cannot start a transfer");
    Download result;
    result.progress = &progress;
    std::array<char, CURL_ERROR_SIZE> text{};
    CURL* handle = curl.get();
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(handle, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 20L);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1000L);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 30L);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, text.data());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &result);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &result);
    const CURLcode code = curl_easy_perform(handle);
    if (code != CURLE_OK) {
        const std::string why = text[0] != '\0' ? text.data() : curl_easy_strerror(code);
        throw PackError(url + ": cannot be fetched: " + why +
                        "; check the network, or copy the file into the model directory by hand");
    }
    return std::move(result.bytes);
}

std::string unpacked(const std::string& archive, const std::string& url) {
    bz_stream stream{};
    if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) throw PackError("out of memory");
    const std::unique_ptr<bz_stream, int (*)(bz_stream*)> end(&stream, BZ2_bzDecompressEnd);
    stream.next_in = const_cast<char*>(archive.data());
    stream.avail_in = static_cast<unsigned>(archive.size());
    std::string bytes;
    std::array<char, 1 << 16> block{};
    int state = BZ_OK;
    while (state == BZ_OK) {
        stream.next_out = block.data();
        stream.avail_out = static_cast<unsigned>(block.size());
        state = BZ2_bzDecompress(&stream);
        const std::size_t got = block.size() - stream.avail_out;
        bytes.append(block.data(), got);
        if (bytes.size() > fetch_bytes_max || (state == BZ_OK && got == 0)) break;
    }
    if (state != BZ_STREAM_END) throw PackError(url + ": what came is no bzip2 file, or cut short");
    return bytes;
}

void expect_digest(const std::string& bytes, const std::string& expected, const std::string& url) {
    const std::string actual = sha256(bytes);
    if (actual == expected) return;
    throw PackError(url + ": what came has SHA-256 " + actual + ", the manifest states " +
                    expected + "; nothing was written");
}

// Writes beside the target, flushes to the disk and renames: the name never holds half a file.
void put_in_place(const std::string& bytes, const fs::path& target) {
    std::string name = target.string() + ".XXXXXX";
    const auto broken = [&](const char* what) {
        return PackError(target.string() + ": " + what + ": " + std::strerror(errno));
    };
    const int file = mkstemp(name.data());
    if (file < 0) throw broken("cannot be written");
    std::size_t written = 0;
    bool good = true;
    while (good && written < bytes.size()) {
        const ssize_t count = ::write(file, bytes.data() + written, bytes.size() - written);
        good = count > 0 || (count < 0 && errno == EINTR);
        if (count > 0) written += static_cast<std::size_t>(count);
    }
    good = good && ::fchmod(file, 0644) == 0 && ::fsync(file) == 0;
    good = ::close(file) == 0 && good;
    if (good && ::rename(name.c_str(), target.c_str()) == 0) return;
    const auto error = broken("cannot be written");
    ::unlink(name.c_str());
    throw error;
}

}  // namespace

void fetch_file(const PackFile& file, const fs::path& folder, const FetchProgress& progress) {
    if (file.url.empty()) {
        throw PackError(file.name +
                        ": the manifest states no url: get it from its author and put "
                        "it into " +
                        folder.string());
    }
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw PackError(folder.string() + ": cannot be created: " + error.message());
    std::string bytes = download(file.url, progress);
    if (!file.archive_sha256.empty()) expect_digest(bytes, file.archive_sha256, file.url);
    if (file.url.ends_with(".bz2")) bytes = unpacked(bytes, file.url);
    expect_digest(bytes, file.sha256, file.url);
    put_in_place(bytes, folder / file.name);
}

}  // namespace strongroom::vision
