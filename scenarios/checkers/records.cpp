// I3: grants are recorded before anything moves, tampering is found. I4: no secret was found.
#include <optional>

#include "checkers.h"
#include "scene.h"

namespace strongroom::checkers {
namespace {

using sim::Fact;
using sim::FactKind;

// The harness reads the durable disk by itself in the very instant in which a strike is energised.
class RecordsChecker final : public Checker {
public:
    explicit RecordsChecker(const Reference& reference)
        : Checker(Invariant::audit, "I3"), reference_(reference) {}

    void see(const Fact& fact) override {
        switch (fact.kind) {
            case FactKind::strike_energised:
                if (fact.what != "pulse" || !reference_.reads_records) return;
                miss_unread();
                ++pulses_;
                unread_ = fact.at;
                return;
            case FactKind::grant_recorded: judge_reading(fact); return;
            case FactKind::record_missing:
                if (!missing_) missing_ = fact;
                return;
            case FactKind::audit_broken:
                found_ = true;
                if (!reference_.records_attacked && !missing_) {
                    broken(fact.at, "the audit breaks at entry " + std::to_string(fact.number) +
                                        " and nobody had touched it");
                }
                return;
            default: return;
        }
    }

    void finish(Instant end) override {
        miss_unread();
        if (missing_ && !found_) {
            broken(end, "a committed record is gone (" + missing_->what +
                            ") and the audit does not show it");
        }
    }

private:
    void miss_unread() {
        if (!unread_) return;
        broken(*unread_, "the strike was released and no record of the grant was on the disk");
        unread_.reset();
    }

    void judge_reading(const Fact& fact) {
        if (!unread_) {
            recorded_ = fact.number;
            return;
        }
        if (fact.at == *unread_ && fact.number >= pulses_ && fact.number > recorded_) {
            unread_.reset();
        } else {
            miss_unread();
        }
        recorded_ = fact.number;
    }

    Reference reference_;
    std::int64_t pulses_ = 0;
    std::int64_t recorded_ = 0;
    std::optional<Instant> unread_;  // a pulse whose reading has not come
    std::optional<Fact> missing_;
    bool found_ = false;
};

class SecretsChecker final : public Checker {
public:
    SecretsChecker() : Checker(Invariant::secret, "I4") {}
    void see(const Fact& fact) override {
        if (fact.kind == FactKind::leak_found) broken(fact.at, "found in clear: " + fact.what);
    }
    void finish(Instant) override {}
};

}  // namespace

std::unique_ptr<Checker> records_checker(const Reference& reference) {
    return std::make_unique<RecordsChecker>(reference);
}
std::unique_ptr<Checker> secrets_checker() { return std::make_unique<SecretsChecker>(); }

}  // namespace strongroom::checkers
