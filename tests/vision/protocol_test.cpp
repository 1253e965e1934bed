#include "biometrics/protocol.h"

#include <algorithm>
#include <set>
#include <string>

#include "catch.h"
#include "support.h"

using namespace strongroom;
using namespace strongroom::biometrics;

namespace {

std::string complaint(const std::string& csv) {
    const test::TemporaryFolder folder;
    try {
        (void)read_pairs(folder.write("pairs.csv", csv));
        return {};
    } catch (const ProtocolError& problem) {
        return std::string(problem.what()).substr(folder.path().string().size() + 1);
    }
}

}  // namespace

TEST_CASE("protocol: pairs are read with who is on the pictures") {
    const test::TemporaryFolder folder;
    const auto protocol = read_pairs(folder.write(
        "pairs.csv",
        "same,file_b,file_a\r\n1,Ann_0002.jpg,Ann_0001.jpg\r\n0,Bob_0001.jpg,Ann_0001.jpg\n"));
    REQUIRE(protocol.pictures.size() == 3);
    REQUIRE(protocol.pairs.size() == 2);
    CHECK(protocol.persons == 2);
    CHECK(protocol.pictures[protocol.pairs[0].a].file == "Ann_0001.jpg");
    CHECK(protocol.pictures[0].person == protocol.pictures[1].person);
    CHECK(protocol.pictures[0].person != protocol.pictures[2].person);
}

TEST_CASE("protocol: names that say nothing leave it to the pairs") {
    const test::TemporaryFolder folder;
    const auto protocol = read_pairs(folder.write(
        "pairs.csv",
        "file_a,file_b,same\na.jpg,b.jpg,1\nb.jpg,c.jpg,1\nc.jpg,d.jpg,0\n\"x,y.jpg\",d.jpg,0\n"));
    CHECK(protocol.persons == 3);
    CHECK(protocol.pictures[0].person == protocol.pictures[2].person);
    CHECK(protocol.pictures[4].file == "x,y.jpg");
}

TEST_CASE("protocol: a wrong list is refused with its line") {
    CHECK(complaint("a,b,c\n1,2,3\n").find("pairs.csv:1: column 'file_a' is missing") == 0);
    CHECK(complaint("file_a,file_b,same\na,b,yes\n").find("pairs.csv:2: same is 'yes'") == 0);
    CHECK(complaint("file_a,file_b,same\na,b,1\na\n").find("pairs.csv:3: has 1 cells") == 0);
    CHECK(complaint("file_a,file_b,same\n,b,1\n").find("pairs.csv:2: the name of a file") == 0);
    CHECK(complaint("file_a,file_b,same\n").find("holds no pairs") != std::string::npos);
    CHECK(complaint("").find("holds no pairs") != std::string::npos);
    CHECK(complaint("file_a,file_b,same\na,b,1\nb,c,1\na,c,0\n").find("different people") !=
          std::string::npos);
    CHECK_THROWS_AS(read_pairs("/nonexistent/pairs.csv"), ProtocolError);
}

TEST_CASE("protocol: a folder a person is read in natural order") {
    const test::TemporaryFolder folder;
    for (const char* name : {"s10/1.pgm", "s2/10.pgm", "s2/9.pgm", "s2/notes.txt", "README"}) {
        folder.write(name, "x");
    }
    const auto people = read_people(folder.path());
    REQUIRE(people.pictures.size() == 3);
    CHECK(people.persons == 2);
    CHECK(people.pictures[0].file == "s2/9.pgm");
    CHECK(people.pictures[1].file == "s2/10.pgm");
    CHECK(people.pictures[2].file == "s10/1.pgm");
    CHECK(all_pairs(people).size() == 3);
    CHECK_THROWS_AS(read_people(folder.path() / "s2"), ProtocolError);
    CHECK_THROWS_AS(read_people(folder.path() / "none"), ProtocolError);
}

TEST_CASE("protocol: a visit never meets the picture that was enrolled") {
    PairProtocol people;
    people.persons = 3;
    for (std::uint32_t person = 0; person < 3; ++person) {
        const int count = person == 2 ? 2 : 5;  // the third has no picture to spare
        for (int i = 0; i < count; ++i) {
            people.pictures.push_back({std::to_string(person) + "/" + std::to_string(i), person});
        }
    }
    const auto plan = plan_visits(people, 2, 100);
    CHECK(plan.size() == 10);  // two people, five beginnings each
    std::set<std::vector<std::size_t>> choices;
    for (const auto& visits : plan) {
        CHECK(visits.references.size() == 2);
        CHECK(visits.genuine.size() == 3);
        CHECK(visits.impostor.size() == 7);
        choices.insert(visits.references);
        for (const auto reference : visits.references) {
            CHECK(people.pictures[reference].person == visits.person);
            CHECK(std::find(visits.genuine.begin(), visits.genuine.end(), reference) ==
                  visits.genuine.end());
        }
        for (const auto probe : visits.impostor) {
            CHECK(people.pictures[probe].person != visits.person);
        }
    }
    CHECK(choices.size() == 10);
    CHECK(plan_visits(people, 2, 1).size() == 2);
}
