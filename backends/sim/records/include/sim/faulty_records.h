// Faulty<store::Records>: the store's calls, with the faults of a FaultPlan before them. Apart from
// faulty.h, because only who includes this needs strongroom::store.
//
// Calls fail before anything is done, as the contract of Records promises. A disk that lies or
// stops half-way belongs to the failing disk (backends/sim/disk), where the store itself meets it.
#pragma once

#include "sim/faulty.h"
#include "store/records.h"

namespace strongroom::sim {

template <>
class Faulty<store::Records> final : public store::Records {
public:
    Faulty(store::Records& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}

    [[nodiscard]] Result<store::CustomerRecord> load(store::Moment moment, CustomerId customer,
                                                     LockerId locker) override {
        if (const auto fault = plan_.ask(Call::records_load)) return fail(fault->error);
        return inner_.load(moment, customer, locker);
    }
    [[nodiscard]] Result<auth::CustomerCounts> commit(
        store::Moment moment, const auth::Record& record,
        std::span<const auth::AuditEntry> earlier) override {
        if (const auto fault = plan_.ask(Call::records_commit)) return fail(fault->error);
        return inner_.commit(moment, record, earlier);
    }
    [[nodiscard]] Result<void> note(store::Moment moment,
                                    std::span<const auth::AuditEntry> entries) override {
        if (const auto fault = plan_.ask(Call::records_note)) return fail(fault->error);
        return inner_.note(moment, entries);
    }
    [[nodiscard]] Result<void> keep_time(store::Moment moment) override {
        if (const auto fault = plan_.ask(Call::records_keep_time)) return fail(fault->error);
        return inner_.keep_time(moment);
    }

private:
    store::Records& inner_;
    FaultPlan& plan_;
};

}  // namespace strongroom::sim
