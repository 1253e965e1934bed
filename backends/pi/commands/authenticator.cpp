#include "pi/commands/authenticator.h"

#include <array>
#include <istream>
#include <ostream>
#include <string>

#include "auth/authenticator.h"
#include "pi/commands/open_store.h"

namespace strongroom::pi {

namespace {

constexpr int tries = 3;
const auth::AuthenticatorRule rule;  // every door's: 6 digits, one step either way

store::Moment moment(const hal::Clock& clock) { return {clock.now(), clock.wall()}; }

std::string named(CustomerId customer) { return "customer " + std::to_string(customer.value); }

[[noreturn]] void refuse(const std::string& what, Error error, CustomerId customer) {
    if (error.code == Errc::out_of_range) {
        throw InputError("there is no " + named(customer) + ", or she has no authenticator");
    }
    if (error == Error{Errc::denied, store::two_staff_needed}) {
        throw InputError(what + ": two members of staff have to agree");
    }
    throw InputError(what + " (" + std::string(to_string(error.code)) + ")");
}

bool known(store::SqliteRecords& records, CustomerId customer, const hal::Clock& clock) {
    const auto all = records.customers(moment(clock));
    if (!all) refuse("the store cannot be read", all.error(), customer);
    for (const store::CustomerSummary& one : *all) {
        if (one.id == customer) return true;
    }
    return false;
}

auth::AuthenticatorSeed make_seed(hal::Entropy& entropy) {
    std::array<std::byte, auth::AuthenticatorSeed::size> bytes{};
    if (!entropy.fill(bytes)) {
        throw InputError("no random bytes: the system's generator cannot be read");
    }
    const auth::AuthenticatorSeed seed(bytes);
    wipe(bytes);
    return seed;
}

void show(const auth::AuthenticatorSeed& seed, CustomerId customer, std::ostream& out) {
    const Secret uri = auth::provisioning_uri(seed, "strongroom", named(customer), rule.digits);
    const Secret typed = auth::seed_in_base32(seed);
    out << "In her authenticator app: add an account, and give it\n  " << uri.reveal_text()
        << "\nor type the key\n  " << typed.reveal_text()
        << "\n(time based, SHA-1, 6 digits, 30 seconds). It is shown this once: clear the screen "
           "when it is done.\n";
}

}  // namespace

void enrol_authenticator(store::SqliteRecords& records, CustomerId customer,
                         const hal::Clock& clock, hal::Entropy& entropy, std::istream& in,
                         std::ostream& out) {
    if (!known(records, customer, clock)) throw InputError("there is no " + named(customer));
    const auth::AuthenticatorSeed seed = make_seed(entropy);
    show(seed, customer, out);
    for (int i = 0; i < tries; ++i) {
        out << "The code that it shows now: " << std::flush;
        std::string line;
        if (!std::getline(in, line)) {
            throw InputError("the input ended where a code was asked for; nothing was enrolled");
        }
        // The calendar need not be trusted here: a phone that agrees with it is what is shown.
        const auto step = auth::step_of_code(seed, CodeDigits(line), auth::time_step(clock.wall()),
                                             rule.delay_steps, rule.digits);
        if (!step) {
            out << "It is not right. Are the clocks of the phone and of this machine right?\n";
            continue;
        }
        const auto done = records.set_authenticator(moment(clock), customer, {seed, *step});
        if (!done) refuse("the authenticator cannot be enrolled", done.error(), customer);
        return;
    }
    throw InputError(
        "no right code was typed, and nothing was enrolled: set the clocks, and begin "
        "again");
}

void remove_authenticator(store::SqliteRecords& records, CustomerId customer,
                          const hal::Clock& clock) {
    const auto done = records.remove_authenticator(moment(clock), customer);
    if (!done) refuse("the authenticator cannot be removed", done.error(), customer);
}

}  // namespace strongroom::pi
