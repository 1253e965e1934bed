#include <cstdlib>
#include <string_view>

#include "rigs/rigs.h"

// Who takes part: a line for each backend.
namespace strongroom::conformance {
namespace {

// With STRONGROOM_RIGS=pi in the environment only rigs whose names begin so: in the virtual machine
// of tests/hil everything else is slow, and has been run outside of it.
template <class RigType>
void keep_wanted(std::vector<Maker<RigType>>& makers) {
    const char* wanted = std::getenv("STRONGROOM_RIGS");
    if (wanted == nullptr) return;
    std::erase_if(makers, [&](const Maker<RigType>& maker) {
        return !std::string_view(maker.name).starts_with(wanted);
    });
}

void keep_wanted_of_each(Registry& all) {
    keep_wanted(all.strikes);
    keep_wanted(all.key_switches);
    keep_wanted(all.door_contacts);
    keep_wanted(all.tamper_loops);
    keep_wanted(all.exit_buttons);
    keep_wanted(all.keypads);
    keep_wanted(all.displays);
    keep_wanted(all.sirens);
    keep_wanted(all.byte_links);
    keep_wanted(all.sms_gateways);
    keep_wanted(all.face_observers);
    keep_wanted(all.cameras);
    keep_wanted(all.clocks);
    keep_wanted(all.entropies);
}

}  // namespace

const Registry& registry() {
    static const Registry all = [] {
        Registry made;
        add_sim(made);
        add_pi(made);
        add_pi_uart(made);
        add_pi_panel(made);
        add_pi_sms(made);
#ifdef STRONGROOM_WITH_SIM_CAMERA
        add_sim_camera(made);
#else
        made.cameras.push_back({"sim", nullptr, "built without the camera of the simulator"});
#endif
        keep_wanted_of_each(made);
        return made;
    }();
    return all;
}

}  // namespace strongroom::conformance
