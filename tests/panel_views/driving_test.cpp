// The views as a person uses them: a control is pressed, and what it asks for is looked at.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "catch.h"
#include "examples.h"
#include "screen.h"
#include "views/next_step.h"
#include "views/views.h"

using namespace strongroom;
using namespace strongroom::panel;
using namespace strongroom::panel::test;
using namespace std::chrono_literals;

namespace {

// The one order that was posted; fails when there is another number of them, or of another kind.
template <class Wanted>
Wanted only_order(const Screen& screen) {
    REQUIRE(screen.posted.orders.size() == 1);
    const auto* order = std::get_if<Wanted>(&screen.posted.orders.front());
    REQUIRE(order != nullptr);
    return *order;
}

template <class Wanted>
Wanted only_time_order(const Screen& screen) {
    REQUIRE(screen.posted.times.size() == 1);
    const auto* order = std::get_if<Wanted>(&screen.posted.times.front());
    REQUIRE(order != nullptr);
    return *order;
}

template <class Wanted>
Wanted order_of(const NextStep& step) {
    const auto* order = std::get_if<Order>(&step.order);
    REQUIRE(order != nullptr);
    const auto* wanted = std::get_if<Wanted>(order);
    REQUIRE(wanted != nullptr);
    return *wanted;
}

}  // namespace

TEST_CASE("next step: a newcomer is led from an empty room to an open locker and out again") {
    Snapshot s = idle();
    CHECK(order_of<Arrive>(next_step(s, "")).who == "Ada");

    s.people[0].here = true;
    s.people[0].shows_face = true;
    const Claim claim = order_of<Claim>(next_step(s, ""));
    CHECK(claim.who == "Ada");
    CHECK(claim.customer == CustomerId{1});
    CHECK(claim.locker == LockerId{101});

    s.terminal.session.state = auth::State::face;
    s.terminal.prompt.message = Prompt::Message::look_at_camera;
    CHECK(next_step(s, "").button.empty());

    s.terminal.session.state = auth::State::challenge;
    s.terminal.prompt.message = Prompt::Message::turn_left;
    CHECK(next_step(s, "").button.empty());  // she does it by herself
    s.terminal.follow_prompts = false;
    CHECK(order_of<Perform>(next_step(s, "")).gesture == Gesture::turn_left);

    s.terminal.session.state = auth::State::code;
    s.terminal.prompt.message = Prompt::Message::enter_code;
    CHECK(next_step(s, "").button.empty());  // no message yet
    s.phones[0].messages = {{Instant{} + 70s, "primary", "123456 is your code", "123456"}};
    CHECK(order_of<TypeCode>(next_step(s, "")).digits.empty());

    s.terminal.session.state = auth::State::key;
    s.terminal.prompt.message = Prompt::Message::turn_key;
    CHECK(order_of<TurnKey>(next_step(s, "")).who == "Ada");

    s.terminal.session.state = auth::State::released;
    s.terminal.prompt.message = Prompt::Message::open_door;
    CHECK(order_of<AtDoor>(next_step(s, "")).action == DoorAction::pull);

    s.door.door_open = true;
    CHECK(order_of<AtDoor>(next_step(s, "")).action == DoorAction::close);

    s.door.door_open = false;
    s.terminal.session.state = auth::State::idle;
    s.terminal.session.last = auth::Outcome::opened;
    s.terminal.prompt.message = Prompt::Message::welcome;
    CHECK(order_of<Leave>(next_step(s, "")).who == "Ada");
}

TEST_CASE("next step: what keeps the terminal from serving anybody comes first") {
    Snapshot s = idle();
    s.door.powered = false;
    CHECK(order_of<SetPower>(next_step(s, "")).on);
    s = idle();
    s.terminal.running = false;
    CHECK(order_of<SetProcess>(next_step(s, "")).running);
    s = idle();
    s.time.running = false;
    CHECK(std::holds_alternative<TimeOrder>(next_step(s, "").order));
    s = asked_for_code();
    s.phones[0].messages.clear();
    s.door.network = false;
    CHECK(order_of<SetNetwork>(next_step(s, "")).up);
    s = idle();
    s.attached = true;
    CHECK(std::holds_alternative<std::monostate>(next_step(s, "").order));
}

TEST_CASE("next step: whoever is made to wait is told so until the wait is over") {
    Snapshot s = idle();
    s.people[0].here = true;
    s.people[0].shows_face = true;
    // It stays on the screen until the next claim.
    s.terminal.prompt = {Prompt::Message::refused_until, 30, 0};
    s.terminal.session.throttle_wait = 29500ms;
    const NextStep step = next_step(s, "");
    CHECK(step.button == "Skip 30 s");
    const auto* order = std::get_if<TimeOrder>(&step.order);
    REQUIRE(order != nullptr);
    CHECK(std::get<Step>(*order).by == 30s);
    s.terminal.session.throttle_wait = 0s;
    CHECK(order_of<Claim>(next_step(s, "")).who == "Ada");

    auto customers = std::make_shared<std::vector<CustomerRow>>(*s.customers);
    (*customers)[0].penalty = 4min;
    s.customers = customers;
    CHECK(next_step(s, "").button == "Skip 240 s");
}

TEST_CASE("live view: the button on top does what it says") {
    Screen screen;
    const auto view = live_view();
    screen.press(*view, asked_for_code(), "Type the code");
    const auto order = only_order<TypeCode>(screen);
    CHECK(order.who == "Ada");
    CHECK(order.digits.empty());
}

TEST_CASE("live view: digits pressed on the keypad are entered together") {
    Screen screen;
    const auto view = live_view();
    for (const char* key : {"4", "8", "0", "Enter"}) screen.press(*view, asked_for_code(), key);
    CHECK(only_order<TypeCode>(screen).digits == "480");
}

TEST_CASE("live view: a code that is typed by keyboard is entered as far as it is digits") {
    Screen screen;
    const auto view = live_view();
    screen.press(*view, asked_for_code(), "Code");
    screen.type(*view, asked_for_code(), "4a81");
    screen.press(*view, asked_for_code(), "Enter");
    CHECK(only_order<TypeCode>(screen).digits == "481");
}

TEST_CASE("live view: nobody at the terminal, nothing on its keypad") {
    Screen screen;
    const auto view = live_view();
    screen.show(*view, idle());
    REQUIRE(screen.control("5") != nullptr);
    CHECK_FALSE(screen.control("5")->enabled);
    CHECK_FALSE(screen.control("Leave")->enabled);
    CHECK(screen.control("Walk up")->enabled);
}

TEST_CASE("live view: whoever is chosen in the list acts") {
    Screen screen;
    const auto view = live_view();
    screen.press(*view, idle(), "Mallory");
    screen.press(*view, idle(), "Walk up");
    CHECK(only_order<Arrive>(screen).who == "Mallory");
}

TEST_CASE("live view: a print of somebody's face is held up with its species and quality") {
    Screen screen;
    const auto view = live_view();
    screen.press(*view, print_attack(), "what is shown to the camera");
    screen.press(*view, print_attack(), "matte print");
    screen.press(*view, print_attack(), "Show");
    const auto order = only_order<ShowFace>(screen);
    CHECK(order.who == "Mallory");
    CHECK(order.whose == "Ada");
    CHECK(order.how.presentation == sim::Presentation::artefact);
    CHECK(order.how.species == "print_matte");
}

TEST_CASE("live view: a terminal that is attached can be watched and not steered") {
    Screen screen;
    const auto view = live_view();
    Snapshot s = asked_for_code();
    s.attached = true;
    screen.show(*view, s);
    for (const Control& control : screen.registry().controls()) {
        if (control.kind == "row" || control.kind == "picture") continue;
        INFO(control.label);
        CHECK_FALSE(control.enabled);
    }
}

TEST_CASE("surroundings view: every switch asks for the other state than the one it shows") {
    const auto view = surroundings_view();
    {
        INFO("cut the network");
        Screen screen;
        screen.press(*view, idle(), "Network");
        CHECK_FALSE(only_order<SetNetwork>(screen).up);
    }
    {
        INFO("bring it back");
        Screen screen;
        screen.press(*view, forced(), "Network");
        CHECK(only_order<SetNetwork>(screen).up);
    }
    {
        INFO("put a cable back");
        Screen screen;
        screen.press(*view, forced(), "Bolt monitor");
        const auto order = only_order<SetCable>(screen);
        CHECK(order.cable == sim::Cable::bolt_monitor);
        CHECK(order.plugged);
    }
    {
        INFO("glare");
        Screen screen;
        screen.press(*view, idle(), "glare");
        CHECK(only_order<SetLight>(screen).light == sim::Light::glare);
    }
    {
        INFO("SIM swap");
        Screen screen;
        screen.press(*view, idle(), "Swap the SIM");
        const auto order = only_order<SwapSim>(screen);
        CHECK(order.owner == "Ada");
        CHECK(order.to == "Mallory");
    }
}

TEST_CASE("defences view: time begins anew only after it was confirmed") {
    const auto view = defences_view();
    Screen screen;
    screen.press(*view, idle(), "presentation attack detection");
    screen.press(*view, idle(), "Begin again with these");
    CHECK(screen.posted.times.empty());
    screen.press(*view, idle(), "Cancel");
    CHECK(screen.posted.times.empty());
    screen.press(*view, idle(), "Begin again with these");
    screen.press(*view, idle(), "Begin again");
    CHECK(only_time_order<Restart>(screen).removed ==
          std::vector<std::string>{"presentation attack detection"});
}

TEST_CASE("defences view: what is played without a defence says so, and can be put back") {
    const auto view = defences_view();
    Screen screen;
    screen.press(*view, print_attack(), "Put all back");
    screen.press(*view, print_attack(), "Begin again with these");
    screen.press(*view, print_attack(), "Begin again");
    CHECK(only_time_order<Restart>(screen).removed.empty());
}

TEST_CASE("fault table: each switch posts a rule that its device accepts") {
    const auto view = defences_view();
    Screen screen;
    screen.press(*view, idle(), "Faults of devices");
    screen.press(*view, idle(), "strike.sense stick");
    const auto stuck = only_order<SetFault>(screen);
    CHECK(stuck.active);
    CHECK(stuck.rule.call == "strike.sense");
    CHECK(stuck.rule.kind == sim::FaultKind::stick);
    CHECK(stuck.rule.from_then_on);

    screen.posted.orders.clear();
    // It cannot be "disconnected": the first error that it can give is taken.
    screen.press(*view, idle(), "sms.submit drop");
    CHECK_FALSE(only_order<SetFault>(screen).active);  // it was on

    screen.show(*view, idle());
    REQUIRE(screen.control("strike.pulse delay") != nullptr);
    CHECK_FALSE(screen.control("strike.pulse delay")->enabled);
}

TEST_CASE("events view: a row is a moment to go back to") {
    const auto view = events_view();
    Screen screen;
    const Snapshot visit = asked_for_code();
    screen.press(*view, visit, "01:04.0");
    screen.press(*view, visit, "Go back to 01:04.0");
    CHECK(only_time_order<Rewind>(screen).to == Instant{} + 64s);
}

TEST_CASE("events view: a source that is not wanted is left out, and so are other words") {
    const auto view = events_view();
    Screen screen;
    screen.show(*view, asked_for_code());
    CHECK(screen.control("01:06.0") != nullptr);
    screen.press(*view, asked_for_code(), "network");
    CHECK(screen.control("01:06.0") == nullptr);
    CHECK(screen.control("01:04.0") != nullptr);
    screen.press(*view, asked_for_code(), "words");
    screen.type(*view, asked_for_code(), "TERMINAL");
    CHECK(screen.control("01:04.0") == nullptr);
    CHECK(screen.control("00:00.0") != nullptr);
}

TEST_CASE("records view: alarms are acknowledged one by one or all at once") {
    const auto view = records_view();
    {
        Screen screen;
        screen.press(*view, forced(), screen.begins_with(*view, forced(), "Alarms"));
        screen.press_nth(*view, forced(), "Acknowledge", 1);
        CHECK(only_order<Acknowledge>(screen).alarm == Alarm::door_forced);
    }
    {
        Screen screen;
        screen.press(*view, forced(), "Acknowledge all");
        CHECK(screen.posted.orders.size() == 2);  // what was acknowledged stays so
    }
}

TEST_CASE("records view: a locker that is there is shown, another can be added") {
    const auto view = records_view();
    Screen screen;
    screen.press(*view, large(), "Locker 3");
    screen.show(*view, large());
    CHECK(screen.posted.orders.empty());
    screen.show(*view, idle());
    CHECK_FALSE(screen.control("Add locker")->enabled);
}

TEST_CASE("records view: a customer is added with name, phone and a free locker") {
    const auto view = records_view();
    Screen screen;
    screen.press(*view, idle(), "Customers");
    CHECK_FALSE(screen.control("Add and enrol")->enabled);
    screen.press(*view, idle(), "Name");
    screen.type(*view, idle(), "Cleo");
    screen.press(*view, idle(), "Phone");
    screen.type(*view, idle(), "+15550100009");
    screen.press(*view, idle(), "Add and enrol");
    const auto order = only_order<AddCustomer>(screen);
    CHECK(order.name == "Cleo");
    CHECK(order.locker == LockerId{103});
}

TEST_CASE("records view: templates are removed only after it was confirmed") {
    const auto view = records_view();
    Screen screen;
    screen.press(*view, idle(), "Customers");
    screen.press(*view, idle(), "2  Ben");
    screen.press(*view, idle(), "Remove the templates");
    CHECK(screen.posted.orders.empty());
    // The question stands above the page and repeats the words.
    screen.press_nth(*view, idle(), "Remove the templates", 1);
    CHECK(only_order<RemoveTemplates>(screen).customer == CustomerId{2});
}

TEST_CASE("records view: audit rows that pass the filter are written to a file") {
    const auto file =
        std::filesystem::temp_directory_path() /
        ("strongroom-audit-" +
         std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) + ".csv");
    const auto view = records_view();
    Screen screen;
    screen.press(*view, idle(), "Audit");
    screen.press(*view, idle(), "Verify the chain");
    static_cast<void>(only_order<VerifyAudit>(screen));
    screen.press(*view, idle(), "Kind");
    screen.type(*view, idle(), "ENROLLED");
    screen.press(*view, idle(), "To file");
    screen.select_all();
    screen.type(*view, idle(), file.string());
    screen.press(*view, idle(), "Export these rows");
    // It is written by another thread; the view says when it is done.
    for (int tries = 0; tries < 1000 && screen.control("Export these rows")->enabled == false;
         ++tries) {
        std::this_thread::sleep_for(5ms);
        screen.show(*view, idle(), 1);
    }
    std::ifstream in(file);
    std::string line;
    int lines = 0;
    while (std::getline(in, line)) ++lines;
    CHECK(lines == 3);  // names of the columns, and two
    std::filesystem::remove(file);
}

TEST_CASE("panel views: a hundred thousand rows are drawn with no more triangles than fit") {
    const Snapshot full = large();
    for (const char* page : {"Customers", "Alarms", "Audit"}) {
        INFO(page);
        const auto view = records_view();
        Screen screen;
        screen.press(*view, full, screen.begins_with(*view, full, page));
        CHECK(screen.vertices() < 40'000);
    }
    for (const auto& view : {events_view().release(), records_view().release()}) {
        const std::unique_ptr<View> owned(view);
        Screen screen;
        screen.show(*owned, full);
        CHECK(screen.vertices() < 40'000);
    }
}
