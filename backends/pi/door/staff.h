// The two members of staff whom a commissioned store asks for.
#pragma once

#include "store/sqlite_records.h"

namespace strongroom::door {

// Asks for two numbers and passwords, and has the store check them. Throws pi::InputError: not two
// members of staff, or a wrong password (three times).
void authorise_two(store::SqliteRecords& records, store::Moment moment);

// Throws pi::InputError on a store that one person alone could change.
void require_commissioned(store::SqliteRecords& records);

// What an error of the store means for an operator.
[[nodiscard]] std::string words_for(Error error);

}  // namespace strongroom::door
