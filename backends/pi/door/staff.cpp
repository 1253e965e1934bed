#include "staff.h"

#include <charconv>
#include <iostream>

#include "pi/commands/open_store.h"
#include "staff_prompt.h"

namespace strongroom::door {

namespace {

StaffId ask_number(const std::string& question) {
    const std::string text = ask(question);
    StaffId staff;
    const char* end = text.data() + text.size();
    if (std::from_chars(text.data(), end, staff.value).ptr != end) return {};
    return staff;
}

}  // namespace

std::string words_for(Error error) {
    switch (error.code) {
        case Errc::exhausted: return "the disk is full: make room and try again";
        case Errc::busy:
            return "another process is using the store: stop the service first "
                   "(systemctl stop strongroom-door)";
        case Errc::corrupt: return "a record is damaged: see `strongroom-door audit verify`";
        case Errc::disconnected:
            return "its files cannot be read or written: check disk and rights";
        case Errc::denied:
            return error.vendor_code == store::two_staff_needed
                       ? "two members of staff have to agree"
                       : "it is not allowed";
        case Errc::timeout:
        case Errc::out_of_range:
        case Errc::unsupported: break;
    }
    return std::string(to_string(error.code));
}

void authorise_two(store::SqliteRecords& records, store::Moment moment) {
    constexpr int tries = 3;
    for (int i = 0; i < tries; ++i) {
        const StaffId first = ask_number("First member of staff, number");
        const Secret first_password = ask_password("Password");
        const StaffId second = ask_number("Second member of staff, number");
        const Secret second_password = ask_password("Password");
        const Result<void> done =
            records.authorise(moment, {first, first_password}, {second, second_password});
        if (done) return;
        if (done.error().code != Errc::denied) {
            throw pi::InputError("the store cannot be asked: " + words_for(done.error()));
        }
        std::cerr << "These are not two members of staff with their passwords.\n";
    }
    throw pi::InputError("two members of staff have to agree, and did not");
}

void require_commissioned(store::SqliteRecords& records) {
    const Result<bool> commissioned = records.commissioned();
    if (!commissioned) {
        throw pi::InputError("the store cannot be asked: " + words_for(commissioned.error()));
    }
    if (!*commissioned) {
        throw pi::InputError(
            "the store has fewer than two members of staff, so that one person alone could enrol: "
            "commission it with `strongroom-door commission`");
    }
}

}  // namespace strongroom::door
