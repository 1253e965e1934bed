// The pages of the records view, one file each. They keep what was typed, chosen and sifted, and
// nothing of the records themselves. The window's thread, within a frame.
#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "panel/view.h"
#include "panel/widgets.h"

namespace strongroom::panel {

// Lockers as a wall of doors, each in the colour of its state and with its word.
class LockerWall {
public:
    void draw(const Snapshot& snapshot, Context& context);

private:
    void draw_legend(const std::vector<LockerRow>& rows);
    void draw_wall(const std::vector<LockerRow>& rows);
    void draw_chosen(const Snapshot& snapshot, Context& context);

    std::optional<LockerId> chosen_;
    std::optional<int> sought_;  // its row is to be scrolled to
    int number_ = 101;           // to look for, or to add
};

// Customers with what is enrolled of them and how they stand; one can be added.
class CustomerTable {
public:
    void draw(const Snapshot& snapshot, Context& context);

private:
    void sift(const Snapshot& snapshot);
    void draw_table(const std::vector<CustomerRow>& rows);
    void draw_chosen(const std::vector<CustomerRow>& rows, Context& context);
    void draw_adding(const Snapshot& snapshot, Context& context);

    std::string filter_;
    std::shared_ptr<const std::vector<CustomerRow>> sifted_of_;
    std::string sifted_for_;
    std::vector<std::size_t> passing_;
    std::optional<CustomerId> chosen_;
    Confirmation removing_{"Remove the templates?", "Remove the templates"};
    std::string name_;
    std::string phone_;
    int locker_ = 0;
};

// Alarms, newest first, to be acknowledged.
class AlarmTable {
public:
    void draw(const Snapshot& snapshot, Context& context);
};

// The audit: to be searched, verified and written to a file.
class AuditBrowser {
public:
    void draw(const Snapshot& snapshot, Context& context);

private:
    void sift(const Ledger<AuditLine>::View& lines);
    void draw_filter(const Ledger<AuditLine>::View& lines);
    void draw_export(const Ledger<AuditLine>::View& lines);
    void draw_table(const Ledger<AuditLine>::View& lines);

    std::string kind_;
    int customer_ = 0;  // 0: any
    int locker_ = 0;
    bool follow_ = true;
    std::vector<std::size_t> passing_;
    std::size_t sifted_ = 0;
    std::uint64_t sifted_of_ = 0;  // identity of the list
    std::size_t drawn_ = 0;
    std::string file_ = "audit.csv";
    std::future<std::string> writing_;  // what became of it, in words
    std::string written_;
};

}  // namespace strongroom::panel
