// Fingers: what lies on a site's fingerprint sensor, and what is stored in it.
#include "base/assert.h"
#include "sim/world.h"

namespace strongroom::sim {

void World::store_finger(SiteId at, FingerSlot slot, PersonId whose) {
    site_ref(at).library[slot] = person(whose).finger;
    witness(FactKind::finger_enrolled, at, name_of(whose), {}, slot);
}

void World::erase_finger(SiteId at, FingerSlot slot) { site_ref(at).library.erase(slot); }

void World::lay_finger(PersonId who, SiteId at, ShownFinger shown, Duration held_for) {
    STRONGROOM_ASSERT(who && held_for > Duration::zero());
    constexpr std::size_t fingers_kept = 8;
    be_at(who, at);
    Site& site = site_ref(at);
    if (!shown.whose) shown.whose = who;
    const bool living = shown.presentation == Presentation::bona_fide;
    witness(FactKind::finger_presented, at, name_of(who), name_of(shown.whose),
            milliseconds(held_for), living ? 1 : 0);
    if (!shown.species.empty()) {
        witness(FactKind::instrument_shown, at, name_of(who), shown.species);
    }
    const std::uint64_t serial = ++site.fingers_laid;
    site.finger = LaidFinger{serial, who, std::move(shown)};
    site.fingers.emplace_back(scheduler_.now(), who);
    if (site.fingers.size() > fingers_kept) site.fingers.pop_front();
    changed(at);
    scheduler_.after(held_for, [this, at, serial] {
        Site& later = site_ref(at);
        if (!later.finger || later.finger->serial != serial) return;
        later.finger.reset();
        changed(at);
    });
}

PersonId World::finger_at(SiteId id, Instant at) const {
    PersonId who;
    for (const auto& [since, by] : site(id).fingers) {
        if (since > at) break;
        who = by;
    }
    return who;
}

}  // namespace strongroom::sim
