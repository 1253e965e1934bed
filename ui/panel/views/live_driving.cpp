#include "live_driving.h"

#include <algorithm>
#include <array>
#include <vector>

#include "parts.h"
#include "words.h"

namespace strongroom::panel {
namespace {

using Act = NextStep::Control;

constexpr std::string_view as_asked = "does as asked";
constexpr float labels = 3.3F;  // letters

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
    return all;
}

// Beside the last control of a row if there is room, and below it in the same column otherwise.
void flow_in_row_by(float width) {
    const float edge = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
    const float begin = ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x;
    if (begin + width <= edge) {
        ImGui::SameLine();
    } else {
        row_label("", labels);
    }
}

void flow_in_row(std::string_view button_label) { flow_in_row_by(button_width(button_label)); }

std::string hands(const PersonSnapshot& person) {
    std::string all;
    if (!person.keys.empty()) {
        all = person.keys.size() == 1 ? "key" : std::to_string(person.keys.size()) + " keys";
    }
    if (!person.phones.empty()) {
        all += all.empty() ? "" : ", ";
        all +=
            person.phones.size() == 1 ? "phone" : std::to_string(person.phones.size()) + " phones";
    }
    return all.empty() ? "nothing" : all;
}

std::string who_she_is(const PersonSnapshot& person) {
    if (!person.customer) return "a stranger";
    std::string words = "customer " + std::to_string(person.customer.value);
    if (person.locker) words += ", locker " + std::to_string(person.locker->value);
    return words;
}

std::string about(const PersonSnapshot& person) {
    std::string words = person.name + ", " + who_she_is(person) + ".";
    if (!person.story.empty()) words += " " + person.story;
    if (!person.keys.empty()) words += " Keys: " + joined(person.keys) + ".";
    if (!person.phones.empty()) words += " Phones: " + joined(person.phones) + ".";
    if (!person.willing) words += " Not willing: asleep, or forced.";
    return words;
}

std::string where(const PersonSnapshot& person) {
    if (!person.here) return "away";
    if (!person.shows_face) return "here, face hidden";
    if (person.instrument.empty()) return "here, face shown";
    return "here: " + std::string(species_words(person.instrument));
}

std::vector<std::string> names_of(const Snapshot& snapshot) {
    std::vector<std::string> names;
    names.reserve(snapshot.people.size());
    for (const PersonSnapshot& person : snapshot.people) names.push_back(person.name);
    return names;
}

std::string refusal_of_key(const PersonSnapshot& actor) {
    return actor.keys.empty() ? actor.name + " has no key in her hand." : std::string();
}

void draw_gestures(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
                   const NextStep& next) {
    row_label("Head", labels);
    bool is_first = true;
    for (const Gesture gesture : all_gestures) {
        if (!is_first) flow_in_row(gesture_words(gesture));
        is_first = false;
        const bool asked = next.control == Act::gesture && next.gesture == gesture;
        if (offer(gesture_words(gesture), {}, asked)) {
            context.outbox.post(Perform{actor.name, gesture});
        }
    }
    flow_in_row_by(ImGui::GetFrameHeight() + ImGui::GetStyle().ItemInnerSpacing.x +
                   size_of(as_asked).x);
    bool follow = snapshot.terminal.follow_prompts;
    if (toggle(as_asked, follow)) context.outbox.post(FollowPrompts{follow});
    tooltip("Customers turn, nod, blink and smile by themselves when the screen asks for it.");
}

void draw_door(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
               const NextStep& next) {
    const auto at_door = [&](std::string_view label, DoorAction action, std::string_view refusal,
                             bool is_next) {
        if (offer(label, refusal, is_next)) context.outbox.post(AtDoor{actor.name, action});
    };
    const bool open = snapshot.door.door_open;
    constexpr std::string_view is_open = "The door is open.";
    constexpr std::string_view is_shut = "The door is shut.";
    row_label("Door", labels);
    if (!snapshot.door.keyless) {
        if (offer("Turn the key", refusal_of_key(actor), next.control == Act::key)) {
            context.outbox.post(TurnKey{actor.name});
        }
        ImGui::SameLine();
    }
    at_door("Pull", DoorAction::pull, open ? is_open : "", next.control == Act::pull);
    flow_in_row("Close");
    at_door("Close", DoorAction::close, open ? "" : is_shut, next.control == Act::close);
    row_label("", labels);
    at_door("Take contents", DoorAction::take_contents, open ? "" : is_shut, false);
    flow_in_row("Crowbar");
    at_door("Crowbar", DoorAction::force, open ? is_open : "", false);
    row_label("", labels);
    at_door("Push from inside", DoorAction::push, open ? is_open : "", false);
    flow_in_row("Exit button");
    at_door("Exit button", DoorAction::press_exit, "", false);
    row_label("Will", labels);
    bool willing = actor.willing;
    if (toggle("is willing", willing)) context.outbox.post(SetWilling{actor.name, willing});
    tooltip(
        "Whether she wants the locker to open: not when she sleeps, or is forced. Only the "
        "judge knows.");
}

}  // namespace

void draw_people(const Snapshot& snapshot, const PersonSnapshot* actor, std::string& chosen) {
    if (snapshot.attached && snapshot.people.empty()) {
        text("Nobody is simulated: this terminal serves a real door.", Meaning::quiet);
        return;
    }
    if (snapshot.people.empty()) {
        empty_state("Nobody is here", "Add a customer under Records.");
        return;
    }
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_RowBg;
    if (!ImGui::BeginTable("people", 3, flags)) return;
    ImGui::TableSetupColumn("Who", ImGuiTableColumnFlags_WidthFixed);
    ImGui::TableSetupColumn("Where", ImGuiTableColumnFlags_WidthStretch);
    ImGui::TableSetupColumn("In her hands", ImGuiTableColumnFlags_WidthFixed);
    for (const PersonSnapshot& person : snapshot.people) {
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        if (selectable(person.name, actor == &person)) chosen = person.name;
        tooltip(about(person));
        if (person.locker) {
            ImGui::SameLine();
            write_on_line(std::to_string(person.locker->value), Meaning::quiet);
        }
        ImGui::TableNextColumn();
        const std::string place = where(person) + (person.willing ? "" : ", unwilling");
        write_on_line(fitted(place, ImGui::GetContentRegionAvail().x),
                      person.here ? Meaning::accent : Meaning::quiet);
        ImGui::TableNextColumn();
        write_on_line(hands(person), Meaning::quiet);
    }
    ImGui::EndTable();
}

void Driving::draw_place(Context& context, const PersonSnapshot& actor, const NextStep& next) {
    row_label("Place", labels);
    const std::string here = actor.here ? actor.name + " is here." : std::string();
    const std::string away = actor.here ? std::string() : actor.name + " is not here.";
    if (offer("Walk up", here, next.control == Act::arrive)) {
        context.outbox.post(Arrive{actor.name});
    }
    flow_in_row("Leave");
    if (offer("Leave", away, next.control == Act::leave)) {
        context.outbox.post(Leave{actor.name});
    }
    flow_in_row("Stand beside");
    if (offer("Stand beside")) context.outbox.post(StandBeside{actor.name});
    tooltip("Beside whoever shows her face: one face more in the picture.");
}

void Driving::draw_claim(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
                         const NextStep& next) {
    std::vector<std::string> customers;
    std::vector<CustomerId> numbers;
    std::vector<std::string> lockers;
    std::vector<LockerId> doors;
    for (const PersonSnapshot& person : snapshot.people) {
        if (!person.customer) continue;
        customers.push_back(std::to_string(person.customer.value) + " " + person.name);
        numbers.push_back(person.customer);
    }
    lockers.push_back(std::to_string(snapshot.door.locker.value));
    doors.push_back(snapshot.door.locker);
    for (const PersonSnapshot& person : snapshot.people) {
        if (!person.locker ||
            std::find(doors.begin(), doors.end(), *person.locker) != doors.end()) {
            continue;
        }
        lockers.push_back(std::to_string(person.locker->value));
        doors.push_back(*person.locker);
    }
    if (claimed_for_ != actor.name) {
        claimed_for_ = actor.name;
        const auto likely =
            std::find(numbers.begin(), numbers.end(), likely_claim(snapshot, actor));
        claimed_ = likely == numbers.end() ? -1 : static_cast<int>(likely - numbers.begin());
        locker_ = 0;
    }
    row_label("Claim", labels);
    choice("##customer who is claimed", claimed_, customers, 6.5F);
    ImGui::SameLine();
    choice("##locker that is claimed", locker_, lockers, 5);
    flow_in_row("Claim");
    const bool known = claimed_ >= 0 && static_cast<std::size_t>(claimed_) < numbers.size() &&
                       locker_ >= 0 && static_cast<std::size_t>(locker_) < doors.size();
    const std::string refusal = known ? std::string() : "Choose a customer's number first.";
    if (!offer("Claim", refusal, next.control == Act::claim)) return;
    context.outbox.post(Claim{actor.name, numbers[static_cast<std::size_t>(claimed_)],
                              doors[static_cast<std::size_t>(locker_)]});
}

void Driving::draw_face(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
                        const NextStep& next) {
    std::vector<std::string> instruments{"own face"};
    for (const std::string_view species : sim::instrument_species) {
        instruments.emplace_back(species_words(species));
    }
    const std::vector<std::string> names = names_of(snapshot);
    row_label("Face", labels);
    choice("##what is shown to the camera", instrument_, instruments, 8.5F);
    if (instrument_ > 0) {
        ImGui::SameLine();
        choice("of", whose_, names, 6);
    }
    row_label("", labels);
    constexpr std::array looks{"seen well", "from afar", "turned away", "blurred", "eyes shut"};
    const std::vector<std::string> look_names(looks.begin(), looks.end());
    choice("##how it is seen", look_, look_names, 7);
    flow_in_row("Show");
    if (offer("Show", {}, next.control == Act::face)) {
        ShowFace order{actor.name, {}, {}};
        order.how.far_away = look_ == 1;
        order.how.turned_away = look_ == 2;
        order.how.blurred = look_ == 3;
        order.how.eyes_shut = look_ == 4;
        if (instrument_ > 0 && static_cast<std::size_t>(whose_) < names.size()) {
            order.whose = names[static_cast<std::size_t>(whose_)];
            order.how.presentation = sim::Presentation::artefact;
            order.how.species = sim::instrument_species[static_cast<std::size_t>(instrument_ - 1)];
            order.how.quality = quality_;
        }
        context.outbox.post(order);
    }
    flow_in_row("Hide");
    if (offer("Hide", actor.shows_face ? "" : "No face is shown.")) {
        context.outbox.post(HideFace{actor.name});
    }
    if (instrument_ == 0) return;
    row_label("", labels);
    slider("made how well", quality_, 0, 1, "%.2f", 8);
    tooltip("0: in a minute; 1: as well as anybody can.");
}

void Driving::draw_finger(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
                          const NextStep& next) {
    if (!snapshot.door.fingers) return;
    const std::vector<std::string> names = names_of(snapshot);
    std::vector<std::string> fingers{"own finger"};
    for (const std::string& name : names) fingers.push_back("cast of " + name + "'s");
    row_label("Finger", labels);
    choice("##which finger", finger_, fingers, 9);
    flow_in_row("Lay down");
    if (!offer("Lay down", {}, next.control == Act::finger)) return;
    LayFinger order{actor.name, {}, {}};
    if (finger_ > 0 && static_cast<std::size_t>(finger_) <= names.size()) {
        order.whose = names[static_cast<std::size_t>(finger_ - 1)];
        order.species = "silicone";
    }
    context.outbox.post(order);
}

void Driving::draw(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
                   const NextStep& next) {
    const Disabled disabled(snapshot.attached, "This terminal is watched, not steered.");
    draw_place(context, actor, next);
    draw_claim(snapshot, context, actor, next);
    draw_face(snapshot, context, actor, next);
    draw_gestures(snapshot, context, actor, next);
    draw_finger(snapshot, context, actor, next);
    draw_door(snapshot, context, actor, next);
}

std::string phone_title(const Snapshot& snapshot, const PersonSnapshot& actor) {
    const PhoneSnapshot* only = nullptr;
    for (const PhoneSnapshot& phone : snapshot.phones) {
        if (phone.holder != actor.name) continue;
        if (only != nullptr) return "Phones in " + actor.name + "'s hand";
        only = &phone;
    }
    return only == nullptr ? actor.name + "'s phone" : only->name;
}

void draw_phones(const Snapshot& snapshot, Context& context, const PersonSnapshot& actor,
                 const NextStep& next) {
    if (actor.phones.empty()) {
        text(actor.name + " has no phone in her hand.");
        caption("One can be stolen under Surroundings.");
        return;
    }
    const MessageRow* newest = newest_code(snapshot, actor);
    const Disabled disabled(snapshot.attached || !actor.here,
                            actor.name + " is not at the terminal.");
    for (const PhoneSnapshot& phone : snapshot.phones) {
        if (phone.holder != actor.name) continue;
        const Group group(phone.name);
        if (phone.ported)
            text(phone.name + ": its number was given to another phone", Meaning::warning);
        if (phone.messages.empty()) {
            text(actor.phones.size() > 1 ? phone.name + ": no message yet" : "No message yet.");
            caption("Codes arrive here.");
        }
        for (std::size_t i = phone.messages.size(); i-- > 0;) {
            const MessageRow& message = phone.messages[i];
            ImGui::PushID(static_cast<int>(i));
            if (!message.digits.empty()) {
                const bool is_next = next.control == Act::code && &message == newest;
                if (button("Type this code", is_next ? Weight::primary : Weight::plain)) {
                    context.outbox.post(TypeCode{actor.name, message.digits});
                }
                ImGui::SameLine();
                ImGui::AlignTextToFramePadding();
            }
            caption(moment_words(message.at) + " by " + message.gateway);
            text(message.text);
            ImGui::PopID();
            ImGui::Separator();
        }
    }
}

}  // namespace strongroom::panel
