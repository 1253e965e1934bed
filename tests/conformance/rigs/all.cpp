#include "rigs/rigs.h"

// Who takes part: a line for each backend.
namespace strongroom::conformance {

const Registry& registry() {
    static const Registry all = [] {
        Registry made;
        add_sim(made);
#ifdef STRONGROOM_WITH_SIM_CAMERA
        add_sim_camera(made);
#else
        made.cameras.push_back({"sim", nullptr, "built without the camera of the simulator"});
#endif
        return made;
    }();
    return all;
}

}  // namespace strongroom::conformance
