#include "panel/stage.h"

namespace strongroom::panel {

namespace {

using scenarios::CastMember;
using scenarios::Defence;

CastMember customer(const char* name, std::uint64_t number, std::uint64_t locker) {
    CastMember member;
    member.name = name;
    member.customer = number;
    member.locker = locker;
    member.phone = true;
    member.key = true;
    return member;
}

Defence by_value(const char* name, std::vector<std::pair<std::string, std::string>> values) {
    Defence defence;
    defence.name = name;
    defence.removed_by.kind = scenarios::Removal::Kind::value;
    defence.removed_by.values = std::move(values);
    return defence;
}

Defence by_part(const char* name, std::vector<std::string> parts,
                std::vector<std::pair<std::string, std::string>> values = {}) {
    Defence defence;
    defence.name = name;
    defence.removed_by.kind = scenarios::Removal::Kind::part;
    defence.removed_by.parts = std::move(parts);
    defence.removed_by.values = std::move(values);
    return defence;
}

}  // namespace

scenarios::Scenario showroom() {
    scenarios::Scenario room;
    room.file = "showroom";
    room.id = "showroom";
    room.title = "A strongroom to try things in";
    room.story =
        "Ada holds locker 101 behind the door, Ben locker 102. Mallory is up to no good and has a "
        "copy of Ada's key.";
    room.honest = true;
    room.policy = scenarios::PolicyName::locker;
    room.levels = {scenarios::Level::scores, scenarios::Level::render};
    room.until = std::chrono::hours(24);
    room.difficulty = 0.1;
    room.cast = {customer("Ada", 1, 101), customer("Ben", 2, 102)};
    CastMember mallory;
    mallory.name = "Mallory";
    mallory.phone = true;
    mallory.keys = {"Ada"};
    room.cast.push_back(mallory);
    scenarios::SiteDeclaration site;
    site.name = "door";
    site.locker = 101;
    site.terminal = 1;
    room.sites = {site};
    room.gateways = {{"primary"}, {"secondary"}};
    // Presentation attack detection is two parts that look at one track: the detector, and the
    // gestures that nobody knows beforehand.
    room.defences = {
        by_part("presentation attack detection", {"naive-liveness"},
                {{"challenge.required", "false"}}),
        by_value("the same face at the end", {{"presence.required", "false"}}),
        by_part("the camera's identity", {"any-camera"}),
        by_part("two message gateways", {"single-gateway"}),
        by_part("counts that outlive a restart", {"memory-counts"}),
    };
    return room;
}

}  // namespace strongroom::panel
