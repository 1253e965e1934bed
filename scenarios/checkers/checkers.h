// The single checkers, one function each; all_checkers() makes them all.
#pragma once

#include <memory>

#include "checkers/checker.h"

namespace strongroom::checkers {

// I1a: the entitled customer is there, willing, at every factor.
[[nodiscard]] std::unique_ptr<Checker> presence_checker(const Reference& reference);
// I1b: every step of the reference policy was met.
[[nodiscard]] std::unique_ptr<Checker> policy_checker(const Reference& reference);
// I3: grants are recorded first, and tampering with records is found.
[[nodiscard]] std::unique_ptr<Checker> records_checker(const Reference& reference);
// I4: no secret was found anywhere.
[[nodiscard]] std::unique_ptr<Checker> secrets_checker();
// I5: the rightful customer is served.
[[nodiscard]] std::unique_ptr<Checker> service_checker(const Reference& reference);
// I6: the alarm table.
[[nodiscard]] std::unique_ptr<Checker> alarms_checker(const Reference& reference);
// I7: every fault ends locked.
[[nodiscard]] std::unique_ptr<Checker> strike_checker(const Reference& reference);
// I8: a code opens once.
[[nodiscard]] std::unique_ptr<Checker> codes_checker(const Reference& reference);
// I9: failures are counted.
[[nodiscard]] std::unique_ptr<Checker> counts_checker(const Reference& reference);
// I11: late, repeated, forged and out-of-order input adds nothing.
[[nodiscard]] std::unique_ptr<Checker> input_checker(const Reference& reference);

}  // namespace strongroom::checkers
