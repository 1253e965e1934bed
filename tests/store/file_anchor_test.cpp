#include "store/file_anchor.h"

#include <fstream>
#include <vector>

#include <sys/stat.h>

#include "catch.h"
#include "rig.h"
#include "temporary_directory.h"

using namespace strongroom;
using namespace strongroom::store;
using namespace strongroom::store::test;

namespace {

AnchorMark mark_at(std::uint64_t sequence) {
    AnchorMark mark;
    mark.store.fill(std::byte{3});
    mark.sequence = sequence;
    mark.authenticator.fill(static_cast<std::byte>(sequence));
    return mark;
}

void alter(const std::filesystem::path& path, std::streamoff offset) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(offset);
    const auto byte = static_cast<char>(file.get() ^ 1);
    file.seekp(offset);
    file.put(byte);
    REQUIRE(file);
}

constexpr std::streamoff second_slot = 4096;

}  // namespace

TEST_CASE("anchor: a file keeps the newest mark over restarts") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "anchor";
    CHECK_FALSE(FileAnchor(path, key_of(1)).read()->has_value());
    for (std::uint64_t sequence = 0; sequence < 7; ++sequence) {
        FileAnchor anchor(path, key_of(1));
        REQUIRE(anchor.write(mark_at(sequence)));
        CHECK(anchor.read()->value() == mark_at(sequence));
        CHECK(FileAnchor(path, key_of(1)).read()->value() == mark_at(sequence));
    }
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("anchor: a file never goes back") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "anchor";
    FileAnchor anchor(path, key_of(1));
    REQUIRE(anchor.write(mark_at(9)));
    REQUIRE(anchor.write(mark_at(8)));
    CHECK(anchor.read()->value() == mark_at(9));
    CHECK(FileAnchor(path, key_of(1)).read()->value() == mark_at(9));
}

TEST_CASE("anchor: a slot spoilt by a cut leaves the mark before") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "anchor";
    for (std::uint64_t newest = 3; newest < 5; ++newest) {
        {
            FileAnchor anchor(path, key_of(1));
            REQUIRE(anchor.write(mark_at(newest - 1)));
            REQUIRE(anchor.write(mark_at(newest)));
        }
        // One of the two slots holds the newest mark: altering it must show the older one.
        FileAnchor before(path, key_of(1));
        REQUIRE(before.read()->value() == mark_at(newest));
        alter(path, 20);
        const bool was_first = FileAnchor(path, key_of(1)).read()->value() != mark_at(newest);
        if (!was_first) {
            alter(path, 20);
            alter(path, second_slot + 20);
        }
        FileAnchor after(path, key_of(1));
        CHECK(after.read()->value() == mark_at(newest - 1));
        // And the next write repairs it.
        REQUIRE(after.write(mark_at(newest)));
        CHECK(FileAnchor(path, key_of(1)).read()->value() == mark_at(newest));
    }
}

TEST_CASE("anchor: an altered, foreign or emptied file is corrupt, not absent") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "anchor";
    REQUIRE(FileAnchor(path, key_of(1)).write(mark_at(4)));
    SECTION("another key") {
        CHECK(FileAnchor(path, key_of(2)).read().error().code == Errc::corrupt);
        CHECK(FileAnchor(path, key_of(2)).write(mark_at(5)).error().code == Errc::corrupt);
    }
    SECTION("both slots altered") {
        alter(path, 3);
        alter(path, second_slot + 60);
        CHECK(FileAnchor(path, key_of(1)).read().error().code == Errc::corrupt);
    }
    SECTION("emptied") {
        std::filesystem::resize_file(path, 0);
        CHECK(FileAnchor(path, key_of(1)).read().error().code == Errc::corrupt);
    }
}

TEST_CASE("anchor: a directory that is not there is an error") {
    const TemporaryDirectory directory;
    FileAnchor anchor(directory.path() / "absent" / "anchor", key_of(1));
    const auto written = anchor.write(mark_at(1));
    REQUIRE_FALSE(written);
    CHECK(written.error().code == Errc::disconnected);
}

TEST_CASE("anchor: a store works with an anchor in a file") {
    const TemporaryDirectory directory;
    const auto rig = media_rigs().front()();
    FileAnchor file(directory.path() / "anchor", rig->master);
    const auto open = [&] {
        const auto o = rig->options();
        auto store =
            SqliteRecords::open({o.path, o.vfs, o.master, o.sealer, o.chain, file, o.entropy,
                                 o.lockout, o.sends, o.terminal, o.opened, o.role});
        if (!store) FAIL(store.error().message);
        return std::move(*store);
    };
    auto store = open();
    REQUIRE(store->add_customer(rig->moment(), alice_name, alice_phone, alice));
    REQUIRE(commit(*store, *rig, reserve()));
    CHECK(file.read()->value().sequence == rows_of(*store).back().sequence);
    store.reset();
    store = open();
    CHECK(verdict_of(*store).intact());
}
