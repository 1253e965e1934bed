// Which files are compared with which: lists of pairs, folders of people, simulated visits.
//
// Reading throws ProtocolError, whose text begins with "file:line:" and says what to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace strongroom::biometrics {

class ProtocolError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Picture {
    std::string file;  // relative to the folder of images
    std::uint32_t person = 0;
};

struct Pair {
    std::size_t a = 0;  // positions in Protocol::pictures
    std::size_t b = 0;
};

// Pictures with who is on them, and the pairs to compare. A pair is genuine when both show the same
// person.
struct PairProtocol {
    std::vector<Picture> pictures;
    std::vector<Pair> pairs;
    std::uint32_t persons = 0;
};

// Columns file_a, file_b, same (1 or 0), in any order, the first line naming them. Who is who
// follows from the names ("PERSON/x.jpg", "PERSON_0001.jpg") where that agrees with `same`
// everywhere, else from `same` alone.
[[nodiscard]] PairProtocol read_pairs(const std::filesystem::path& csv);

// A folder a person, pictures in it; both in natural order (2 before 10). Only names that end like
// a picture's are taken.
[[nodiscard]] PairProtocol read_people(const std::filesystem::path& folder);

// Every picture with every other.
[[nodiscard]] std::vector<Pair> all_pairs(const PairProtocol& people);

// One person's references, and the pictures that claim to be her: her own others (genuine) and all
// of everybody else (impostor).
struct Visits {
    std::uint32_t person = 0;
    std::vector<std::size_t> references;
    std::vector<std::size_t> genuine;
    std::vector<std::size_t> impostor;
};

// For each person `rotations` enrolments of `references` neighbouring pictures, beginning at
// another picture each time and wrapping round. People without a picture to spare are left out as
// claimed customers. Asserts references >= 1 and rotations >= 1; more rotations than pictures are
// not made.
[[nodiscard]] std::vector<Visits> plan_visits(const PairProtocol& people, std::size_t references,
                                              std::size_t rotations);

}  // namespace strongroom::biometrics
