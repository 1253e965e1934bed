#include "views.h"

namespace strongroom::panel {

std::vector<std::unique_ptr<View>> all_views() {
    std::vector<std::unique_ptr<View>> views;
    views.push_back(live_view());
    views.push_back(surroundings_view());
    views.push_back(defences_view());
    views.push_back(events_view());
    views.push_back(records_view());
    views.push_back(scenarios_view());
    views.push_back(numbers_view());
    return views;
}

}  // namespace strongroom::panel
