#include "next_step.h"

#include <algorithm>

namespace strongroom::panel {
namespace {

using Act = NextStep::Control;

NextStep wait(std::string words) { return {Act::none, std::move(words), {}, {}, {}}; }

template <class Posted>
NextStep act(Act control, std::string words, std::string button, Posted order) {
    NextStep step{control, std::move(words), std::move(button), {}, {}};
    if constexpr (std::is_constructible_v<Order, Posted>) {
        step.order = Order{std::move(order)};
    } else {
        step.order = TimeOrder{std::move(order)};
    }
    return step;
}

bool is_sounding(const Snapshot& snapshot) { return !snapshot.door.sounding.empty(); }

const CustomerRow* row_of(const Snapshot& snapshot, CustomerId customer) {
    if (snapshot.customers == nullptr) return nullptr;
    const auto found = std::find_if(snapshot.customers->begin(), snapshot.customers->end(),
                                    [&](const CustomerRow& row) { return row.id == customer; });
    return found == snapshot.customers->end() ? nullptr : &*found;
}

// How long a claim would still be refused: after failures at this terminal, or of the customer
// whose number is typed. The screen says it once and does not count.
Duration refused_for(const Snapshot& snapshot, const PersonSnapshot& person) {
    Duration wait = snapshot.terminal.session.throttle_wait;
    const CustomerRow* row = row_of(snapshot, likely_claim(snapshot, person));
    if (row != nullptr && row->penalty) wait = std::max(wait, *row->penalty);
    return wait;
}

// What keeps the terminal from serving anybody; none when nothing does.
std::optional<NextStep> obstacle(const Snapshot& snapshot) {
    if (!snapshot.door.powered) {
        return act(Act::power, "The terminal has no power. Without it the door stays locked.",
                   "Restore the power", SetPower{true});
    }
    if (!snapshot.terminal.refused.empty()) {
        return wait("The terminal refuses to start: " + snapshot.terminal.refused);
    }
    if (!snapshot.terminal.running) {
        return act(Act::process, "The process that serves the terminal is not running.",
                   "Start the process", SetProcess{true});
    }
    if (!snapshot.time.running) {
        return act(Act::time, "Time stands still. Nothing happens until it runs.", "Let time run",
                   Run{1});
    }
    return std::nullopt;
}

NextStep at_idle(const Snapshot& snapshot, const PersonSnapshot& person) {
    const auto& session = snapshot.terminal.session;
    if (snapshot.door.door_open) {
        return act(Act::close,
                   is_sounding(snapshot)
                       ? "The door stands open and the siren sounds."
                       : "The locker is open. When " + person.name + " is done, she closes it.",
                   "Close the door", AtDoor{person.name, DoorAction::close});
    }
    if (!person.here) {
        return act(Act::arrive, person.name + " walks up to the terminal.",
                   person.name + " walks up", Arrive{person.name});
    }
    if (session.last == auth::Outcome::opened && !is_sounding(snapshot)) {
        return act(Act::leave,
                   "The locker was opened and is locked again. " + person.name + " can leave.",
                   person.name + " leaves", Leave{person.name});
    }
    const CustomerId customer = likely_claim(snapshot, person);
    if (const CustomerRow* row = row_of(snapshot, customer); row != nullptr && row->staff_only) {
        return wait("Only staff can help: release the customer under Records.");
    }
    if (const Duration left = refused_for(snapshot, person); left > Duration::zero()) {
        const std::int64_t seconds = (milliseconds(left) + 999) / 1000;
        return act(Act::time, "The terminal makes people wait after failures.",
                   "Skip " + std::to_string(seconds) + " s", Step{std::chrono::seconds(seconds)});
    }
    if (!customer) return wait("Nobody holds this locker: let it to a customer under Records.");
    const std::string who = customer == person.customer
                                ? person.name + " types her number, "
                                : person.name + " is a stranger and types somebody's number, ";
    return act(Act::claim,
               who + std::to_string(customer.value) + ", at the keypad to claim locker " +
                   std::to_string(snapshot.door.locker.value) + ".",
               "Claim locker " + std::to_string(snapshot.door.locker.value),
               Claim{person.name, customer, snapshot.door.locker});
}

NextStep for_face(const Snapshot& snapshot, const PersonSnapshot& person, std::string wish) {
    if (!person.shows_face || !wish.empty()) {
        if (wish.empty()) wish = person.name + " shows her face to the camera.";
        return act(Act::face, std::move(wish), "Show her own face", ShowFace{person.name, {}, {}});
    }
    const bool compared = snapshot.camera.observation && snapshot.camera.observation->distance;
    return wait(compared ? "The terminal compares the face: watch the curves on the left."
                         : "The terminal looks for a face. Wait a moment.");
}

NextStep for_gesture(const Snapshot& snapshot, const PersonSnapshot& person, Gesture gesture) {
    if (snapshot.terminal.follow_prompts && person.customer) {
        return wait("The screen asks for a gesture; " + person.name + " does it by herself.");
    }
    NextStep step =
        act(Act::gesture, "The screen asks for a gesture.", "Do it", Perform{person.name, gesture});
    step.gesture = gesture;
    return step;
}

NextStep for_code(const Snapshot& snapshot, const PersonSnapshot& person) {
    if (newest_code(snapshot, person) != nullptr) {
        return act(Act::code, person.name + " types the code from the message on the phone.",
                   "Type the code", TypeCode{person.name, {}});
    }
    if (!snapshot.door.network) {
        return act(Act::network, "No message comes: the network is cut.", "Bring the network back",
                   SetNetwork{true});
    }
    if (person.phones.empty()) {
        return wait(person.name + " has no phone in her hand: the code went to somebody else's.");
    }
    return wait("A message with the code is on its way to the phone.");
}

NextStep for_key(const Snapshot& snapshot, const PersonSnapshot& person) {
    if (snapshot.door.key_turned) return wait("The key is turned.");
    if (person.keys.empty()) {
        return wait(person.name +
                    " has no key in her hand. A key can be stolen under "
                    "Surroundings.");
    }
    return act(Act::key, person.name + " turns her key.", "Turn the key", TurnKey{person.name});
}

// What the screen asks for; none for messages that ask for nothing.
std::optional<NextStep> as_the_screen_asks(const Snapshot& snapshot, const PersonSnapshot& person) {
    using enum Prompt::Message;
    const Prompt& prompt = snapshot.terminal.prompt;
    if (const auto gesture = gesture_of(prompt.message)) {
        return for_gesture(snapshot, person, *gesture);
    }
    switch (prompt.message) {
        case please_wait: return wait("The terminal is busy. Wait a moment.");
        case look_at_camera: return for_face(snapshot, person, {});
        case move_closer: return for_face(snapshot, person, person.name + " comes closer.");
        case hold_still: return for_face(snapshot, person, person.name + " holds still.");
        case face_forward: return for_face(snapshot, person, person.name + " looks ahead.");
        case open_eyes: return for_face(snapshot, person, person.name + " opens her eyes.");
        case more_light:
            return act(Act::light, "It is too dark or too bright for the camera.", "Normal light",
                       SetLight{sim::Light::normal});
        case one_person_only:
            for (const PersonSnapshot& other : snapshot.people) {
                if (!other.here || other.name == person.name) continue;
                return act(Act::leave, "Only one person may stand there.", other.name + " leaves",
                           Leave{other.name});
            }
            return wait("The camera sees more than one face.");
        case enter_code:
        case code_not_accepted: return for_code(snapshot, person);
        case place_finger:
        case clean_finger:
        case centre_finger:
        case finger_not_accepted:
            return act(Act::finger, person.name + " lays her finger on the sensor.",
                       "Lay down the finger", LayFinger{person.name, {}, {}});
        case turn_key: return for_key(snapshot, person);
        case open_door:
            if (snapshot.door.door_open) return std::nullopt;
            return act(Act::pull,
                       "The bolt is free for a few seconds. " + person.name + " pulls the door.",
                       "Pull the door", AtDoor{person.name, DoorAction::pull});
        default: return std::nullopt;
    }
}

}  // namespace

const PersonSnapshot* person_named(const Snapshot& snapshot, std::string_view name) {
    const auto found = std::find_if(snapshot.people.begin(), snapshot.people.end(),
                                    [&](const PersonSnapshot& p) { return p.name == name; });
    return found == snapshot.people.end() ? nullptr : &*found;
}

const PersonSnapshot* person_meant(const Snapshot& snapshot, std::string_view chosen) {
    if (const PersonSnapshot* named = person_named(snapshot, chosen)) return named;
    const auto first = [&](auto&& wanted) -> const PersonSnapshot* {
        const auto found = std::find_if(snapshot.people.begin(), snapshot.people.end(), wanted);
        return found == snapshot.people.end() ? nullptr : &*found;
    };
    if (const auto* showing = first([](const auto& p) { return p.here && p.shows_face; })) {
        return showing;
    }
    if (const auto* here = first([](const auto& p) { return p.here; })) return here;
    if (const auto* holder =
            first([&](const auto& p) { return p.customer && p.locker == snapshot.door.locker; })) {
        return holder;
    }
    return first([](const auto&) { return true; });
}

const MessageRow* newest_code(const Snapshot& snapshot, const PersonSnapshot& person) {
    const MessageRow* newest = nullptr;
    for (const PhoneSnapshot& phone : snapshot.phones) {
        if (phone.holder != person.name) continue;
        for (const MessageRow& message : phone.messages) {
            if (message.digits.empty()) continue;
            if (newest == nullptr || message.at >= newest->at) newest = &message;
        }
    }
    return newest;
}

CustomerId likely_claim(const Snapshot& snapshot, const PersonSnapshot& person) {
    if (person.customer) return person.customer;
    for (const PersonSnapshot& other : snapshot.people) {
        if (other.customer && other.locker == snapshot.door.locker) return other.customer;
    }
    return {};
}

NextStep next_step(const Snapshot& snapshot, std::string_view chosen) {
    if (snapshot.attached) {
        return wait("This terminal serves a real door: it can be watched here, not steered.");
    }
    if (const auto step = obstacle(snapshot)) return *step;
    const PersonSnapshot* person = person_meant(snapshot, chosen);
    if (person == nullptr) return wait("Nobody is here: add a customer under Records.");
    if (snapshot.terminal.out_of_service) {
        return wait("Out of service: see cables and network under Surroundings, and Faults.");
    }
    if (snapshot.terminal.session.state != auth::State::idle) {
        if (const auto step = as_the_screen_asks(snapshot, *person)) return *step;
    }
    if (snapshot.terminal.session.state == auth::State::idle || snapshot.door.door_open) {
        return at_idle(snapshot, *person);
    }
    return wait("The terminal is busy. Wait a moment.");
}

}  // namespace strongroom::panel
