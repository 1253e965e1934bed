// Records: what the store of the strongroom holds, page by page.
#include <algorithm>
#include <string>
#include <vector>

#include "records_parts.h"
#include "views.h"

namespace strongroom::panel {
namespace {

class Records final : public View {
public:
    [[nodiscard]] std::string_view title() const override { return "Records"; }
    [[nodiscard]] std::string_view purpose() const override {
        return "Lockers, customers, alarms and the audit, as the store has them.";
    }
    void draw(const Snapshot& snapshot, Context& context) override;

private:
    int page_ = 0;
    LockerWall lockers_;
    CustomerTable customers_;
    AlarmTable alarms_;
    AuditBrowser audit_;
};

void Records::draw(const Snapshot& snapshot, Context& context) {
    const auto open = std::count_if(snapshot.alarms.begin(), snapshot.alarms.end(),
                                    [](const AlarmRow& row) { return !row.acknowledged; });
    // What follows "##" keeps the page the same while its count changes.
    const std::string alarms =
        open == 0 ? "Alarms###alarms" : "Alarms (" + std::to_string(open) + ")###alarms";
    const std::vector<std::string> pages{"Lockers", "Customers", alarms, "Audit"};
    options("##page", page_, pages);
    switch (page_) {
        case 0: lockers_.draw(snapshot, context); return;
        case 1: customers_.draw(snapshot, context); return;
        case 2: alarms_.draw(snapshot, context); return;
        default: audit_.draw(snapshot, context); return;
    }
}

}  // namespace

std::unique_ptr<View> records_view() { return std::make_unique<Records>(); }

}  // namespace strongroom::panel
