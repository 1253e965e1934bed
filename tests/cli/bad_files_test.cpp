// A store, a key or a disk that is not as it should be: nothing opens, nothing is lost.
#include <fstream>
#include <iostream>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catch.h"
#include "program.h"

using namespace strongroom::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

void overwrite(const fs::path& file, std::streamoff offset, const std::string& bytes) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(offset);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    REQUIRE(stream.good());
}

// Neither visit nor enrolment works; both name the file and say `why`.
void expect_refused(const Program& program, const fs::path& file, const std::string& why) {
    for (const Answer& answer :
         {program.visit(), program.run({"enroll", "--name", "Bo", "--phone", "+15550100143",
                                        "--locker", "13", "--simulated"})}) {
        INFO(answer.err);
        CHECK(answer.status == 2);
        CHECK_THAT(answer.out, !Contains("strike"));
        CHECK_THAT(answer.err, Contains("error: ") && Contains(file.string()) && Contains(why));
    }
}

void expect_as_before(const Program& program) {
    CHECK(program.visit().status == 0);
    CHECK(program.run({"audit", "verify"}).status == 0);
}

// A small disk of the test's own at `folder`, in a namespace that dies with this process. False
// where the system does not allow it.
bool mount_small_disk(const fs::path& folder) {
    const int who = static_cast<int>(::getuid());
    if (::unshare(CLONE_NEWNS) != 0) {
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        std::ofstream("/proc/self/uid_map") << who << " " << who << " 1";
    }
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
    return ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=2m,mode=0700") == 0;
}

class SmallDisk {
public:
    explicit SmallDisk(const fs::path& folder) : folder_(folder) {
        fs::create_directory(folder);
        mounted_ = mount_small_disk(folder);
        if (!mounted_) std::cout << "SKIPPED: this system does not let a test mount a disk\n";
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (mounted_) (void)::umount2(folder_.c_str(), MNT_DETACH);
    }
    [[nodiscard]] bool mounted() const { return mounted_; }

    void fill() const {
        const int file = ::open((folder_ / "filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        REQUIRE(file >= 0);
        const std::string block(512, 'x');
        while (::write(file, block.data(), block.size()) > 0) {
        }
        ::close(file);
    }
    void make_room() const { fs::remove(folder_ / "filler"); }
    void set_read_only(bool on) const {
        const unsigned long flags = on ? MS_REMOUNT | MS_RDONLY : MS_REMOUNT;
        REQUIRE(::mount("tmpfs", folder_.c_str(), "tmpfs", flags, "size=2m,mode=0700") == 0);
    }

private:
    fs::path folder_;
    bool mounted_ = false;
};

}  // namespace

TEST_CASE("cli: a store of a newer version is refused and not touched") {
    const Program program;
    program.enrol();
    const std::string before = read_file(program.store());
    overwrite(program.store(), 60, std::string("\0\0\1\0", 4));  // SQLite's user_version
    const std::string newer = read_file(program.store());
    expect_refused(program, program.store(), "newer");
    CHECK(read_file(program.store()) == newer);
    overwrite(program.store(), 60, before.substr(60, 4));
    expect_as_before(program);
}

TEST_CASE("cli: a corrupt page of the store is found before anything opens") {
    const Program program;
    program.enrol();
    const std::string before = read_file(program.store());
    REQUIRE(before.size() > 3 * 4096);
    for (std::size_t page = 1; page < before.size() / 4096; ++page) {
        const auto at = static_cast<std::streamoff>(page * 4096);
        overwrite(program.store(), at, std::string(64, 'x'));
        const Answer answer = program.visit();
        INFO("page " << page << ": " << answer.err);
        CHECK(answer.status == 2);
        CHECK_THAT(answer.err, Contains(program.store().string()));
        CHECK_THAT(answer.out, !Contains("strike"));
        overwrite(program.store(), at, before.substr(page * 4096, 64));
    }
    expect_as_before(program);
}

TEST_CASE("cli: a store that is no database is refused by name") {
    const Program program;
    program.enrol();
    const std::string before = read_file(program.store());
    std::ofstream(program.store(), std::ios::binary | std::ios::trunc) << std::string(9000, 'x');
    expect_refused(program, program.store(), "not a");
    std::ofstream(program.store(), std::ios::binary | std::ios::trunc) << before;
    expect_as_before(program);
}

TEST_CASE("cli: a key that is missing, others can read, or belongs elsewhere is refused") {
    const Program program;
    program.enrol();
    REQUIRE(::chmod(program.key().c_str(), 0640) == 0);
    expect_refused(program, program.key(), "chmod 600");
    REQUIRE(::chmod(program.key().c_str(), 0600) == 0);
    const fs::path away = program.folder() / "away.key";
    fs::rename(program.key(), away);
    expect_refused(program, program.key(), "missing");
    CHECK_FALSE(fs::exists(program.key()));
    fs::rename(away, program.key());
    expect_as_before(program);

    const Program other;
    other.enrol();
    fs::copy_file(other.key(), program.key(), fs::copy_options::overwrite_existing);
    const Answer foreign = program.visit();
    CHECK(foreign.status == 2);
    CHECK_THAT(foreign.err, Contains("key"));
}

TEST_CASE("cli: an older copy of the store is refused") {
    const Program program;
    program.enrol();
    const std::string older = read_file(program.store());
    REQUIRE(program.visit({"--code", "000000"}).status == 1);
    for (const char* suffix : {"-wal", "-shm"}) fs::remove(program.store().string() + suffix);
    std::ofstream(program.store(), std::ios::binary | std::ios::trunc) << older;
    expect_refused(program, program.store(), "anchor");
    CHECK(program.run({"audit", "verify"}).status == 1);
}

TEST_CASE("cli: without a store the way to one is told") {
    const Program program;
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"visit", "--customer", "1", "--locker", "12", "--yes"},
             {"audit", "verify"},
             {"audit", "tail"}}) {
        const Answer answer = program.run(words);
        CHECK(answer.status == 2);
        CHECK_THAT(answer.err, Contains("strongroom enroll") && Contains("--home"));
    }
    CHECK_FALSE(fs::exists(program.home()));
}

TEST_CASE("cli: on a full disk nothing opens and nothing is lost") {
    const Program program;
    const SmallDisk disk(program.home());
    if (!disk.mounted()) return;
    program.enrol();
    disk.fill();
    const Answer visit = program.visit();
    INFO(visit.out << visit.err);
    CHECK((visit.status == 1 || visit.status == 2));
    CHECK_THAT(visit.out, !Contains("strike") && !Contains("The locker was opened"));
    const Answer enrolment = program.run(
        {"enroll", "--name", "Bo", "--phone", "+15550100143", "--locker", "13", "--simulated"});
    INFO(enrolment.err);
    CHECK(enrolment.status == 2);
    CHECK_THAT(enrolment.err, Contains("disk is full"));
    disk.make_room();
    expect_as_before(program);
}

TEST_CASE("cli: on a disk that cannot be written nothing opens and nothing is lost") {
    const Program program;
    const SmallDisk disk(program.home());
    if (!disk.mounted()) return;
    program.enrol();
    disk.set_read_only(true);
    const Answer visit = program.visit();
    INFO(visit.out << visit.err);
    CHECK(visit.status == 2);
    CHECK_THAT(visit.err, Contains(program.store().string()) && Contains("read-only"));
    CHECK_THAT(visit.out, !Contains("strike"));
    disk.set_read_only(false);
    expect_as_before(program);
}

TEST_CASE("cli: an export to a full device is said to be incomplete") {
    const Program program;
    program.enrol();
    const Answer answer = program.run({"audit", "export", "-o", "/dev/full"});
    CHECK(answer.status == 2);
    CHECK_THAT(answer.err, Contains("incomplete"));
    CHECK_THAT(program.run({"audit", "export", "-o", program.store().string()}).err,
               Contains("belongs to the store"));
    expect_as_before(program);
}
