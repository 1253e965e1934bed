#include "parts/parts.h"

#include <algorithm>
#include <cstring>

#include "parts/part_names.h"

namespace strongroom::scenarios::parts {
namespace {

void put(std::vector<std::byte>& out, std::span<const std::byte> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

const std::vector<std::string>& part_names() {
    static const std::vector<std::string> names{
        "unkeyed-chain",         "anchor-beside-store", "unbound-sealer",   "plain-sealer",
        "echoing-strike",        "memory-counts",       "logging-gateway",  "single-gateway",
        "naive-liveness",        "any-camera",          "old-frames",       "naive-enrolment",
        "naive-finger-liveness", "unverified-tls",      "unsigned-reports", "status-only-answers",
        "naive-relay-init",      "value-after-request", "no-guard",         "line-kept-by-driver"};
    return names;
}

// ---- audit ---------------------------------------------------------------------------------

Digest UnkeyedChain::first(const store::StoreId& store) const { return keyed_hash({}, store); }

Digest UnkeyedChain::next(const Digest& previous, std::span<const std::byte> row) const {
    std::vector<std::byte> bytes;
    put(bytes, previous);
    put(bytes, row);
    return keyed_hash({}, bytes);
}

Result<std::optional<store::AnchorMark>> AnchorBesideStore::read() {
    const std::vector<std::byte> bytes = disk_.read(file);
    store::AnchorMark mark;
    constexpr std::size_t size =
        sizeof mark.store + sizeof mark.sequence + sizeof mark.authenticator;
    if (bytes.size() != size) return std::nullopt;
    const std::byte* at = bytes.data();
    std::memcpy(mark.store.data(), at, sizeof mark.store);
    std::memcpy(&mark.sequence, at + sizeof mark.store, sizeof mark.sequence);
    std::memcpy(mark.authenticator.data(), at + sizeof mark.store + sizeof mark.sequence,
                sizeof mark.authenticator);
    return mark;
}

Result<void> AnchorBesideStore::write(const store::AnchorMark& mark) {
    std::vector<std::byte> bytes;
    put(bytes, mark.store);
    put(bytes, std::as_bytes(std::span(&mark.sequence, 1)));
    put(bytes, mark.authenticator);
    disk_.write(file, bytes);
    return {};
}

// ---- sealing -------------------------------------------------------------------------------

namespace {
constexpr store::SealPlace anywhere{"anywhere", "anything", 0, 0};
}

Result<std::vector<std::byte>> UnboundSealer::seal(hal::Entropy& entropy, const store::SealPlace&,
                                                   std::span<const std::byte> plain) {
    return inner_.seal(entropy, anywhere, plain);
}

Result<Secret> UnboundSealer::open(const store::SealPlace&, std::span<const std::byte> sealed) {
    return inner_.open(anywhere, sealed);
}

Result<std::vector<std::byte>> PlainSealer::seal(hal::Entropy&, const store::SealPlace&,
                                                 std::span<const std::byte> plain) {
    return std::vector<std::byte>(plain.begin(), plain.end());
}

Result<Secret> PlainSealer::open(const store::SealPlace&, std::span<const std::byte> sealed) {
    return Secret(sealed);
}

// ---- devices -------------------------------------------------------------------------------

Result<void> EchoingStrike::pulse(Duration hold) {
    Result<void> taken = inner_.pulse(hold);
    if (taken) told_until_ = clock_.now() + hold;
    return taken;
}

Result<void> EchoingStrike::lock() {
    told_until_ = Instant::min();
    return inner_.lock();
}

Result<hal::BoltState> EchoingStrike::sense() {
    return clock_.now() < told_until_ ? hal::BoltState::released : hal::BoltState::secured;
}

Result<void> LoggingGateway::submit(const hal::SmsMessage& message) {
    log_ += "sms to ";
    log_ += masked_tail(message.to.reveal_text());
    log_ += ": ";
    log_ += message.text.reveal_text();
    log_ += '\n';
    return inner_.submit(message);
}

// ---- counts --------------------------------------------------------------------------------

MemoryCounts::Kept& MemoryCounts::kept(Instant now, CustomerId customer) {
    Kept& k = kept_[customer];
    k.counts = auth::after_time(k.counts, now - std::exchange(k.as_of, now));
    return k;
}

Result<store::CustomerRecord> MemoryCounts::load(store::Moment moment, CustomerId customer,
                                                 LockerId locker) {
    auto record = inner_.load(moment, customer, locker);
    if (record) record->counts = kept(moment.now, customer).counts;
    return record;
}

Result<auth::CustomerCounts> MemoryCounts::commit(store::Moment moment, const auth::Record& record,
                                                  std::span<const auth::AuditEntry> earlier) {
    auth::CustomerCounts& counts = kept(moment.now, record.audit.customer).counts;
    const auto counted = [&](const auth::CustomerCounts& after) -> Result<auth::CustomerCounts> {
        std::vector<auth::AuditEntry> entries(earlier.begin(), earlier.end());
        entries.push_back(record.audit);
        if (auto noted = inner_.note(moment, entries); !noted) return tl::unexpected(noted.error());
        return counts = after;
    };
    if (std::holds_alternative<auth::ReserveTry>(record.body)) {
        if (!auth::may_reserve(counts, rule_)) return fail(Errc::denied);
        return counted(auth::after_reserve(counts));
    }
    if (std::holds_alternative<auth::SettleWrong>(record.body)) {
        return counted(auth::after_wrong(counts, rule_));
    }
    if (std::holds_alternative<auth::SettleRight>(record.body)) {
        return counted(auth::after_right(counts));
    }
    auth::Record rest = record;
    if (auto* grant = std::get_if<auth::Grant>(&rest.body)) grant->settles_hold = false;
    const auto done = inner_.commit(moment, rest, earlier);
    if (!done) return done;
    if (std::holds_alternative<auth::Grant>(record.body)) {
        counts = auth::after_full_success(counts);
        counts.holds = 0;
    }
    counts.codes = done->codes;
    counts.unproven = done->unproven;
    return counts;
}

// ---- fingers -------------------------------------------------------------------------------

devices::FingerImageResult CredulousImageCheck::check(const devices::FingerImage&) {
    return {.score = 1, .quality = FingerQuality::good};
}

}  // namespace strongroom::scenarios::parts
