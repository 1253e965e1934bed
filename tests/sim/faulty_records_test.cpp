#include "sim/faulty_records.h"

#include "catch.h"
#include "setting.h"

namespace strongroom::sim {
namespace {

// Answers everything and counts what reached it.
class CountingRecords final : public store::Records {
public:
    Result<store::CustomerRecord> load(store::Moment, CustomerId, LockerId) override {
        ++reached;
        return store::CustomerRecord{};
    }
    Result<auth::CustomerCounts> commit(store::Moment, const auth::Record&,
                                        std::span<const auth::AuditEntry>) override {
        ++reached;
        return auth::CustomerCounts{};
    }
    Result<void> note(store::Moment, std::span<const auth::AuditEntry>) override {
        ++reached;
        return {};
    }
    Result<void> keep_time(store::Moment) override {
        ++reached;
        return {};
    }
    int reached = 0;
};

TEST_CASE("faulty records: each call fails before anything is done, and only that call") {
    const std::string call =
        GENERATE("records.load", "records.commit", "records.note", "records.keep_time");
    Town town;
    CountingRecords real;
    FaultRule full;
    full.call = call;
    full.error = Errc::exhausted;
    full.nth = 1;
    FaultPlan plan(town.world, town.site, {full});
    Faulty<store::Records> records(real, plan);
    const auto run = [&] {
        std::string failed;
        const auto check = [&](const char* name, const auto& result) {
            if (result) return;
            CHECK(result.error().code == Errc::exhausted);
            failed += name;
        };
        check("records.load", records.load({}, CustomerId{1}, LockerId{1}));
        check("records.commit", records.commit({}, {}, {}));
        check("records.note", records.note({}, {}));
        check("records.keep_time", records.keep_time({}));
        return failed;
    };
    CHECK(run() == call);
    CHECK(real.reached == 3);
    CHECK(run().empty());
    CHECK(real.reached == 7);
    CHECK(town.last(FactKind::fault_injected)->what == call + ":fail");
}

}  // namespace
}  // namespace strongroom::sim
