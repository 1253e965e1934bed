#include "witness.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "insider.h"
#include "store/audit_reader.h"

namespace strongroom::scenarios {
namespace {

constexpr std::uint64_t any_seed = 1;  // no power is cut on a witness's copy

}  // namespace

void Witness::see_relay(const sim::Fact& fact) {
    Relay& relay = relays_[fact.site];
    const sim::SiteId site{fact.site};
    const auto tell = [&](sim::FactKind what, Instant since) {
        arena_.world().witness(what, site, {}, {}, milliseconds(fact.at - since));
    };
    switch (fact.kind) {
        case sim::FactKind::power_restored: relay = {fact.at, false, {}, false}; return;
        case sim::FactKind::terminal_started:
            relay.dead = false;
            if (relay.powered && !relay.energised) tell(sim::FactKind::no_pulse, *relay.powered);
            relay.powered.reset();
            return;
        case sim::FactKind::terminal_died: relay.dead = true; return;
        case sim::FactKind::strike_energised:
            relay.energised = true;
            if (fact.what == "pulse") relay.pulse = fact.at;
            return;
        case sim::FactKind::strike_released: {
            const auto since = std::exchange(relay.pulse, std::nullopt);
            if (!since || !relay.dead) return;
            if (fact.at - *since > arena_.world().site(site).setup.strike_max_hold) return;
            tell(sim::FactKind::pulse_cut, *since);
            return;
        }
        default: return;
    }
}

void Witness::see(const sim::Fact& fact) {
    if (arena_.scenario().strike && fact.site != 0) see_relay(fact);
    if (fact.kind != sim::FactKind::strike_energised || fact.what != "pulse") return;
    // What a power cut in this instant would leave, not what readers of the file see.
    const std::vector<Row> rows = rows_of(arena_.disk().durable_image());
    remember(rows);
    const auto grants = std::count_if(rows.begin(), rows.end(), [](const Row& row) {
        return std::get<1>(row) == static_cast<int>(auth::AuditKind::granted);
    });
    arena_.world().witness(sim::FactKind::grant_recorded,
                           sim::SiteId{static_cast<std::uint64_t>(fact.site)}, {}, {}, grants);
}

void Witness::look() { remember(rows_of(arena_.disk().durable_image())); }

std::vector<Witness::Row> Witness::rows_of(const sim::DiskImage& image) const {
    std::vector<Row> rows;
    sim::Disk copy(any_seed);
    copy.restore(image);
    auto reader = store::AuditReader::open(database, copy.vfs());
    if (!reader) return rows;
    (void)reader->read({}, [&](const store::AuditRow& row) {
        rows.emplace_back(row.wall.time_since_epoch().count(), static_cast<int>(row.entry.kind),
                          row.entry.session.value, row.entry.terminal.value,
                          row.entry.customer.value, row.entry.locker.value, row.entry.detail);
    });
    return rows;
}

void Witness::remember(const std::vector<Row>& rows) {
    const std::multiset<Row> now(rows.begin(), rows.end());
    for (const Row& row : now) {
        audited_.emplace(auth::to_string(static_cast<auth::AuditKind>(std::get<1>(row))));
        const std::size_t there = now.count(row);
        while (seen_.count(row) < there) seen_.insert(row);
    }
}

void Witness::finish() {
    const sim::DiskImage image = arena_.disk().image();
    const std::vector<Row> rows = rows_of(image);
    const std::multiset<Row> now(rows.begin(), rows.end());
    std::set<std::string> missing;
    for (const Row& row : seen_) {
        if (now.count(row) < seen_.count(row)) {
            missing.emplace(auth::to_string(static_cast<auth::AuditKind>(std::get<1>(row))));
        }
    }
    remember(rows);
    for (const std::string& what : missing) {
        arena_.world().witness(sim::FactKind::record_missing, {}, {}, what);
    }
    verify(image);
    search();
}

void Witness::verify(const sim::DiskImage& image) {
    sim::Disk copy(any_seed);
    copy.restore(image);
    auto reader = store::AuditReader::open(database, copy.vfs());
    if (!reader) {
        arena_.world().witness(sim::FactKind::audit_broken, {}, {}, "unreadable", 1);
        return;
    }
    const auto verdict =
        reader->verify(arena_.master(), arena_.chain(), arena_.anchor(), arena_.sealer());
    if (verdict && verdict->intact()) {
        arena_.world().witness(sim::FactKind::audit_verified, {}, {}, {},
                               static_cast<std::int64_t>(verdict->rows));
    } else if (verdict) {
        arena_.world().witness(sim::FactKind::audit_broken, {}, {}, to_string(verdict->finding),
                               static_cast<std::int64_t>(verdict->first_bad));
    } else {
        arena_.world().witness(sim::FactKind::audit_broken, {}, {}, to_string(verdict.error().code),
                               0);
    }
}

void Witness::search() {
    Insider searcher(arena_);
    searcher.search_disk();
    searcher.search_log();
    const auto tell = [&](std::string_view text, const char* where) {
        for (const std::string& what : find_private_data(arena_, text)) {
            arena_.world().witness(sim::FactKind::leak_found, {}, {}, what + where);
        }
    };
    tell(arena_.trace(), " in the trace");
    std::ostringstream facts;
    arena_.world().facts().write_json_lines(facts);
    tell(facts.str(), " in the facts");
}

}  // namespace strongroom::scenarios
