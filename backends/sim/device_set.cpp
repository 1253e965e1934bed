#include "sim/device_set.h"

#include "base/assert.h"

namespace strongroom::sim {

DeviceSet::Wrapped::Wrapped(DeviceSet& set, FaultPlan& plan)
    : clock(set.clock_, plan),
      entropy(set.entropy_, plan),
      face(*set.face_, plan, set.clock_),
      strike(*set.strike_, plan),
      key(set.key_, plan),
      door(set.door_, plan),
      tamper(set.tamper_, plan),
      exit_button(set.exit_, plan),
      keypad(set.keypad_, plan),
      display(set.display_, plan),
      siren(set.siren_, plan),
      sms(*set.sms_, plan) {
    if (set.reader_ != nullptr) reader.emplace(*set.reader_, plan, set.clock_);
}

DeviceSet::DeviceSet(const Parts& parts)
    : clock_(parts.world.scheduler(), parts.clock_origin),
      entropy_(
          parts.world.scheduler().rng("entropy").fork(parts.world.site(parts.site).setup.name)),
      strike_(parts.strike),
      key_(parts.world, parts.site),
      door_(parts.world, parts.site),
      tamper_(parts.world, parts.site),
      exit_(parts.world, parts.site),
      keypad_(parts.world, parts.site),
      display_(parts.world, parts.site),
      siren_(parts.world, parts.site),
      sms_(parts.sms),
      face_(parts.face),
      reader_(parts.reader) {
    STRONGROOM_ASSERT(parts.scores != nullptr || parts.face != nullptr);
    if (strike_ == nullptr) strike_ = &own_strike_.emplace(parts.world, parts.site);
    if (sms_ == nullptr) sms_ = &own_sms_.emplace(parts.network, parts.site, parts.gateway);
    if (face_ == nullptr) {
        face_ = &own_face_.emplace(parts.world, parts.site, clock_, *parts.scores, parts.observer);
    }
    if (reader_ == nullptr && parts.finger) {
        reader_ = &own_reader_.emplace(parts.world, parts.site, clock_, *parts.finger);
    }
    if (parts.faults != nullptr) wrapped_.emplace(*this, *parts.faults);
    hal::FaceObserver& seen = wrapped_ ? static_cast<hal::FaceObserver&>(wrapped_->face) : *face_;
    witness_.emplace(parts.world, parts.site, clock_, seen, parts.witness);
    if (reader_ == nullptr) return;
    hal::FingerprintReader& felt =
        wrapped_ ? static_cast<hal::FingerprintReader&>(*wrapped_->reader) : *reader_;
    finger_witness_.emplace(parts.world, parts.site, clock_, felt);
}

hal::Devices DeviceSet::devices() {
    hal::FingerprintReader* finger = finger_witness_ ? &*finger_witness_ : nullptr;
    if (!wrapped_) {
        return {clock_, entropy_, *witness_, *strike_, key_,  door_, tamper_,
                exit_,  keypad_,  display_,  siren_,   *sms_, finger};
    }
    Wrapped& w = *wrapped_;
    return {w.clock,       w.entropy, *witness_, w.strike, w.key, w.door, w.tamper,
            w.exit_button, w.keypad,  w.display, w.siren,  w.sms, finger};
}

void DeviceSet::process_died(Instant origin) {
    witness_->stop();
    if (finger_witness_) finger_witness_->stop();
    if (own_sms_) own_sms_->restart();
    clock_.reboot(origin);
}

}  // namespace strongroom::sim
