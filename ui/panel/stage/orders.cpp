#include "panel/orders.h"

namespace strongroom::panel {

namespace {

std::string possessive(const std::string& who) { return who + "'s"; }

struct Words {
    std::string operator()(const Arrive& o) const { return o.who + " walks up"; }
    std::string operator()(const Leave& o) const { return o.who + " leaves"; }
    std::string operator()(const ShowFace& o) const {
        if (o.how.presentation == sim::Presentation::bona_fide && o.whose.empty()) {
            return o.who + " shows her face";
        }
        const std::string face = o.whose.empty() ? "her own" : possessive(o.whose);
        const std::string what = o.how.species.empty() ? "an artefact" : o.how.species;
        return o.who + " holds up " + face + " face: " + what;
    }
    std::string operator()(const HideFace& o) const { return o.who + " hides her face"; }
    std::string operator()(const StandBeside& o) const { return o.who + " stands beside"; }
    std::string operator()(const Perform& o) const {
        return o.who + ": " + std::string(to_string(o.gesture));
    }
    std::string operator()(const FollowPrompts& o) const {
        return o.follow ? "people follow the screen" : "people wait to be told";
    }
    std::string operator()(const Claim& o) const {
        return o.who + " claims to be customer " + std::to_string(o.customer.value) +
               " at locker " + std::to_string(o.locker.value);
    }
    std::string operator()(const TypeCode& o) const { return o.who + " types a code"; }
    std::string operator()(const PressResend& o) const { return o.who + " asks for another code"; }
    std::string operator()(const PressCancel& o) const { return o.who + " cancels"; }
    std::string operator()(const LayFinger& o) const {
        return o.who + (o.whose.empty()
                            ? " lays down a finger"
                            : " lays down a cast of " + possessive(o.whose) + " finger");
    }
    std::string operator()(const TurnKey& o) const { return o.who + " turns a key"; }
    std::string operator()(const AtDoor& o) const {
        switch (o.action) {
            case DoorAction::pull: return o.who + " pulls the door";
            case DoorAction::close: return o.who + " closes the door";
            case DoorAction::push: return o.who + " pushes the door from inside";
            case DoorAction::force: return o.who + " takes a crowbar to the door";
            case DoorAction::take_contents: return o.who + " takes what is in the locker";
            case DoorAction::press_exit: return o.who + " presses the exit button";
        }
        return o.who;
    }
    std::string operator()(const SetWilling& o) const {
        return o.who + (o.willing ? " is willing" : " is not willing");
    }
    std::string operator()(const StealPhone& o) const {
        return o.thief + " has " + possessive(o.owner) + " phone now";
    }
    std::string operator()(const StealKey& o) const {
        return o.thief + " has " + possessive(o.owner) + " key now";
    }
    std::string operator()(const SwapSim& o) const {
        return "the carrier gives " + possessive(o.owner) + " number to " + o.to;
    }
    std::string operator()(const SetLight& o) const {
        return "light: " + std::string(to_string(o.light));
    }
    std::string operator()(const SetCable& o) const {
        return "cable " + std::string(to_string(o.cable)) + (o.plugged ? " plugged" : " unplugged");
    }
    std::string operator()(const SetPower& o) const {
        return o.on ? "power returns" : "the power is cut";
    }
    std::string operator()(const SetEnclosure& o) const {
        return o.open ? "the enclosure is opened" : "the enclosure is closed";
    }
    std::string operator()(const SetMagnet& o) const {
        return o.placed ? "a magnet is put on the door contact" : "the magnet is taken away";
    }
    std::string operator()(const SetRelayWelded& o) const {
        return o.welded ? "the relay's contact welds" : "the relay is repaired";
    }
    std::string operator()(const ReplaceCamera& o) const {
        return o.kind == sim::CameraKind::own
                   ? std::string("the terminal's own camera is back")
                   : o.who +
                         " puts something in the camera's place: " + std::string(to_string(o.kind));
    }
    std::string operator()(const SetNetwork& o) const {
        return o.up ? "the message network works" : "the message network is cut";
    }
    std::string operator()(const SetProcess& o) const {
        return o.running ? "the terminal's program is started" : "the terminal's program is killed";
    }
    std::string operator()(const SetFault& o) const {
        return "fault " + o.rule.call + ":" + std::string(to_string(o.rule.kind)) +
               (o.active ? " on" : " off");
    }
    std::string operator()(const Acknowledge& o) const {
        return "alarm " + std::string(to_string(o.alarm)) + " acknowledged";
    }
    std::string operator()(const VerifyAudit&) const { return "the audit is verified"; }
    std::string operator()(const AddLocker& o) const {
        return "locker " + std::to_string(o.locker.value) + " is added";
    }
    std::string operator()(const AddCustomer& o) const {
        return "a customer is added for locker " + std::to_string(o.locker.value);
    }
    std::string operator()(const RemoveTemplates& o) const {
        return "the face of customer " + std::to_string(o.customer.value) + " is removed";
    }
    std::string operator()(const ReleaseCustomer& o) const {
        return "two staff release customer " + std::to_string(o.customer.value);
    }
};

}  // namespace

std::string describe(const Order& order) { return std::visit(Words{}, order); }

}  // namespace strongroom::panel
