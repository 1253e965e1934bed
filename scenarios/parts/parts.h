// Naive parts: what stands in for a defence in the arms that take it away. They live here and in no
// product; nothing in core knows of them. Runner thread only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "auth/counts.h"
#include "devices/finger_image.h"
#include "hal/clock.h"
#include "hal/sms_gateway.h"
#include "hal/strike.h"
#include "sim/disk.h"
#include "store/audit.h"
#include "store/records.h"
#include "store/sealer.h"

namespace strongroom::scenarios::parts {

// A hash that everybody can compute: rows hang together, and so do forged ones.
class UnkeyedChain final : public store::AuditChain {
public:
    [[nodiscard]] Digest first(const store::StoreId& store) const override;
    [[nodiscard]] Digest next(const Digest& previous,
                              std::span<const std::byte> row) const override;
};

// The mark in a plain file beside the database, for whoever can write the one to write the other.
class AnchorBesideStore final : public store::Anchor {
public:
    static constexpr const char* file = "/store.anchor";
    explicit AnchorBesideStore(sim::Disk& disk) : disk_(disk) {}
    [[nodiscard]] Result<std::optional<store::AnchorMark>> read() override;
    [[nodiscard]] Result<void> write(const store::AnchorMark& mark) override;

private:
    sim::Disk& disk_;
};

// Encrypts well, and says nothing of where the field belongs: it opens in any other row.
class UnboundSealer final : public store::Sealer {
public:
    explicit UnboundSealer(const Key256& master) : inner_(master) {}
    [[nodiscard]] Result<std::vector<std::byte>> seal(hal::Entropy& entropy,
                                                      const store::SealPlace& place,
                                                      std::span<const std::byte> plain) override;
    [[nodiscard]] Result<Secret> open(const store::SealPlace& place,
                                      std::span<const std::byte> sealed) override;

private:
    store::AeadSealer inner_;
};

// Seals nothing.
class PlainSealer final : public store::Sealer {
public:
    [[nodiscard]] Result<std::vector<std::byte>> seal(hal::Entropy& entropy,
                                                      const store::SealPlace& place,
                                                      std::span<const std::byte> plain) override;
    [[nodiscard]] Result<Secret> open(const store::SealPlace& place,
                                      std::span<const std::byte> sealed) override;
};

// A strike without a monitor contact: it reports what it was told.
class EchoingStrike final : public hal::Strike {
public:
    EchoingStrike(hal::Strike& inner, const hal::Clock& clock) : inner_(inner), clock_(clock) {}
    [[nodiscard]] Result<void> pulse(Duration hold) override;
    [[nodiscard]] Result<void> lock() override;
    [[nodiscard]] Result<hal::BoltState> sense() override;
    [[nodiscard]] Duration max_hold() const override { return inner_.max_hold(); }

private:
    hal::Strike& inner_;
    const hal::Clock& clock_;
    Instant told_until_ = Instant::min();
};

// Writes every message that it sends into the log, as a debugging aid would.
class LoggingGateway final : public hal::SmsGateway {
public:
    LoggingGateway(hal::SmsGateway& inner, std::string& log) : inner_(inner), log_(log) {}
    [[nodiscard]] Result<void> submit(const hal::SmsMessage& message) override;
    [[nodiscard]] Result<std::optional<hal::SmsDelivery>> poll_delivery() override {
        return inner_.poll_delivery();
    }

private:
    hal::SmsGateway& inner_;
    std::string& log_;
};

// Counts failures in memory only: everything else is the inner store's.
class MemoryCounts final : public store::Records {
public:
    MemoryCounts(store::Records& inner, const auth::LockoutRule& rule)
        : inner_(inner), rule_(rule) {}
    [[nodiscard]] Result<store::CustomerRecord> load(store::Moment moment, CustomerId customer,
                                                     LockerId locker) override;
    [[nodiscard]] Result<auth::CustomerCounts> commit(
        store::Moment moment, const auth::Record& record,
        std::span<const auth::AuditEntry> earlier) override;
    [[nodiscard]] Result<void> note(store::Moment moment,
                                    std::span<const auth::AuditEntry> entries) override {
        return inner_.note(moment, entries);
    }
    [[nodiscard]] Result<void> keep_time(store::Moment moment) override {
        return inner_.keep_time(moment);
    }

private:
    struct Kept {
        auth::CustomerCounts counts;
        Instant as_of{};
    };
    [[nodiscard]] Kept& kept(Instant now, CustomerId customer);

    store::Records& inner_;
    auth::LockoutRule rule_;
    std::map<CustomerId, Kept> kept_;
};

// Takes every image for a living finger's, as a sensor does that has no attack detection.
class CredulousImageCheck final : public devices::FingerImageCheck {
public:
    [[nodiscard]] devices::FingerImageResult check(const devices::FingerImage& image) override;
};

}  // namespace strongroom::scenarios::parts
