#include "store/master_key.h"

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "catch.h"
#include "rig.h"
#include "temporary_directory.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;
using Catch::Matchers::Contains;

namespace {

hal::Entropy& entropy() {
    static SeededEntropy seeded(1);
    return seeded;
}

bool same(const Key256& a, const Key256& b) {
    return equal_in_constant_time(a.reveal(), b.reveal());
}

void expect_refused(const Opened<Key256>& key, const std::filesystem::path& path,
                    const char* words) {
    REQUIRE_FALSE(key);
    CHECK_THAT(key.error().message, Contains(words) && Contains(path.string()));
}

}  // namespace

TEST_CASE("master key: a new key is random, private and read back") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "master.key";
    const auto made = create_master_key(path, entropy());
    REQUIRE(made);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0600U);
    CHECK(status.st_size == 32);
    const auto loaded = load_master_key(path, directory.path() / "store");
    REQUIRE(loaded);
    CHECK(same(*loaded, *made));
    CHECK_FALSE(same(*create_master_key(directory.path() / "other.key", entropy()), *made));
}

TEST_CASE("master key: an existing file is never overwritten") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "master.key";
    const auto made = create_master_key(path, entropy());
    REQUIRE(made);
    expect_refused(create_master_key(path, entropy()), path, "never overwritten");
    CHECK(same(*load_master_key(path), *made));
}

TEST_CASE("master key: without random bytes there is no file") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "master.key";
    SeededEntropy broken(1);
    broken.broken = true;
    expect_refused(create_master_key(path, broken), path, "random generator");
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("master key: a file that others can reach is refused") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "master.key";
    REQUIRE(create_master_key(path, entropy()));
    for (const ::mode_t mode : {0640U, 0620U, 0610U, 0604U, 0602U, 0601U, 0666U}) {
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        expect_refused(load_master_key(path), path, "chmod 600");
    }
    for (const ::mode_t mode : {0600U, 0400U}) {
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        CHECK(load_master_key(path));
    }
}

TEST_CASE("master key: a missing, short, long or linked file is refused") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "master.key";
    expect_refused(load_master_key(path), path, "no such file");
    for (const std::size_t size : {0U, 31U, 33U}) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << std::string(size, 'k');
        REQUIRE(::chmod(path.c_str(), 0600) == 0);
        expect_refused(load_master_key(path), path, "instead of 32");
    }
    std::filesystem::remove(path);
    REQUIRE(create_master_key(directory.path() / "real.key", entropy()));
    std::filesystem::create_symlink(directory.path() / "real.key", path);
    expect_refused(load_master_key(path), path, "symbolic link");
    std::filesystem::remove(path);
    std::filesystem::create_directory(path);
    expect_refused(load_master_key(path), path, "not a regular file");
}

TEST_CASE("master key: a key in the store's directory is refused") {
    const TemporaryDirectory directory;
    const auto store = directory.path() / "store";
    std::filesystem::create_directories(store / "deeper");
    for (const auto& path : {store / "master.key", store / "deeper" / "master.key"}) {
        REQUIRE(create_master_key(path, entropy()));
        expect_refused(load_master_key(path, store), path, "directory of the store");
        expect_refused(load_master_key(path, store / ""), path, "directory of the store");
        CHECK(load_master_key(path));
    }
    // A name that only begins alike is another directory.
    std::filesystem::create_directory(directory.path() / "store2");
    const auto beside = directory.path() / "store2" / "master.key";
    REQUIRE(create_master_key(beside, entropy()));
    CHECK(load_master_key(beside, store));
}

TEST_CASE("master key: another user's file is refused") {
    if (::geteuid() != 0) {
        std::puts("SKIPPED: only root can give a file away");
        return;
    }
    const TemporaryDirectory directory;
    const auto path = directory.path() / "master.key";
    REQUIRE(create_master_key(path, entropy()));
    REQUIRE(::chown(path.c_str(), 12345, 12345) == 0);
    expect_refused(load_master_key(path), path, "another user");
}
