// A small town for the tests: one site, a customer with a key and a phone, a stranger.
#pragma once

#include <string>

#include "sim/sms_network.h"
#include "sim/world.h"

namespace strongroom::sim {

struct Town {
    explicit Town(std::uint64_t seed = 1, bool keyless = false)
        : scheduler(seed), world(scheduler), network(world) {
        alice = world.add_person({"alice", CustomerId{11}, 0, true});
        mallory = world.add_person({"mallory", {}, 0, true});
        SiteSetup setup;
        setup.name = "vault";
        setup.terminal = TerminalId{1};
        setup.locker = LockerId{5};
        setup.keyless = keyless;
        site = world.add_site(setup);
        key = world.add_key("key 5", LockerId{5}, alice);
        wrong_key = world.add_key("key 6", LockerId{6}, mallory);
        phone = world.add_phone("her phone", "+15550111", alice);
    }

    // Kinds of the facts so far, of those that are not about the cast.
    [[nodiscard]] std::string story() const {
        std::string text;
        for (const Fact& fact : world.facts()) {
            if (fact.kind <= FactKind::cast_site) continue;
            if (!text.empty()) text += ' ';
            text += to_string(fact.kind);
        }
        return text;
    }
    [[nodiscard]] std::size_t count(FactKind kind) const {
        std::size_t found = 0;
        for (const Fact& fact : world.facts()) found += fact.kind == kind ? 1U : 0U;
        return found;
    }
    [[nodiscard]] const Fact* last(FactKind kind) const {
        const Fact* found = nullptr;
        for (const Fact& fact : world.facts()) {
            if (fact.kind == kind) found = &fact;
        }
        return found;
    }

    Scheduler scheduler;
    World world;
    SmsNetwork network;
    PersonId alice;
    PersonId mallory;
    SiteId site;
    KeyId key;
    KeyId wrong_key;
    PhoneId phone;
};

}  // namespace strongroom::sim
