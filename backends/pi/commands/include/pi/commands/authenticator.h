// Puts an authenticator on a customer's phone, as the commands of both programs do it. While
// composing only: everything throws InputError.
#pragma once

#include <iosfwd>

#include "hal/clock.h"
#include "hal/entropy.h"
#include "store/sqlite_records.h"

namespace strongroom::pi {

// Makes a seed, shows it once on `out` (an otpauth:// URI, and for typing), and asks on `in` for
// the code that her phone makes of it. Only a right one enrols it, in place of the one before. The
// caller has asked two members of staff. Three codes may be typed.
void enrol_authenticator(store::SqliteRecords& records, CustomerId customer,
                         const hal::Clock& clock, hal::Entropy& entropy, std::istream& in,
                         std::ostream& out);

// Her codes open nothing any more.
void remove_authenticator(store::SqliteRecords& records, CustomerId customer,
                          const hal::Clock& clock);

}  // namespace strongroom::pi
