// The protocol of the Common Criteria for presentation attack instruments (the biometrics
// collaborative protection profile's toolbox): of each species three subjects, three artefacts of
// each, ten presentations of each artefact.
//
// Of an artefact's ten presentations none or one may be accepted; two ask for ten more, of which
// then none may be; three fail. So no artefact that passes was accepted in more than 10 % of its
// presentations. A species passes when all its artefacts do. A state machine: it says which
// presentation comes next and is told what came of it. Values, no I/O; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "biometrics/error_rates.h"

namespace strongroom::biometrics {

enum class CriteriaVerdict : std::uint8_t { running, passed, failed };
[[nodiscard]] const char* to_string(CriteriaVerdict verdict);

// One artefact.
class ArtefactTrial {
public:
    // Asserts that the trial is running.
    void record(bool accepted);
    [[nodiscard]] CriteriaVerdict verdict() const;
    // Whether two acceptances have asked for ten more presentations.
    [[nodiscard]] bool extended() const;
    [[nodiscard]] Count count() const { return count_; }  // errors: presentations accepted

private:
    Count count_;
};

// One species.
class SpeciesTrial {
public:
    // Asserts that both are 1 or more.
    explicit SpeciesTrial(std::size_t subjects = 3, std::size_t artefacts = 3);

    struct Next {
        std::size_t subject = 0;   // 0 to subjects - 1
        std::size_t artefact = 0;  // of that subject, 0 to artefacts - 1
        std::size_t attempt = 0;   // with that artefact, 0 to 19
    };
    // None when every artefact has its verdict. A failed artefact does not end the others' trials:
    // which ones pass is worth knowing.
    [[nodiscard]] std::optional<Next> next() const;
    // Of the presentation that next() gives. Asserts that there is one.
    void record(bool accepted);

    // failed as soon as one artefact has; passed when all have.
    [[nodiscard]] CriteriaVerdict verdict() const;
    [[nodiscard]] const ArtefactTrial& artefact(std::size_t subject, std::size_t artefact) const;
    [[nodiscard]] std::size_t subjects() const { return subjects_; }
    [[nodiscard]] std::size_t artefacts() const { return artefacts_; }
    [[nodiscard]] Count count() const;  // over all artefacts

private:
    std::size_t subjects_;
    std::size_t artefacts_;
    std::vector<ArtefactTrial> trials_;
};

}  // namespace strongroom::biometrics
