#include <algorithm>

#include "parts.h"
#include "records_parts.h"
#include "words.h"

namespace strongroom::panel {
namespace {

struct Standing {
    std::string words;
    Meaning meaning = Meaning::good;
};

Standing standing(const CustomerRow& row) {
    if (row.staff_only) return {"only staff release", Meaning::bad};
    if (row.penalty) return {"waits " + span_words(*row.penalty), Meaning::warning};
    if (row.templates == 0) return {"not enrolled", Meaning::warning};
    return {"may open", Meaning::good};
}

std::string lockers_of(const CustomerRow& row) {
    std::string words;
    for (const LockerId locker : row.lockers) {
        words += (words.empty() ? "" : ", ") + std::to_string(locker.value);
    }
    return words.empty() ? "none" : words;
}

void draw_row(const CustomerRow& row) {
    const auto cell = [](std::string_view words, Meaning meaning = Meaning::text) {
        ImGui::TableNextColumn();
        write_on_line(fitted(words, ImGui::GetContentRegionAvail().x), meaning);
    };
    cell(row.phone_tail.empty() ? "" : "\u2026" + row.phone_tail, Meaning::quiet);
    cell(lockers_of(row));
    cell(std::to_string(row.templates), row.templates == 0 ? Meaning::warning : Meaning::text);
    cell(std::to_string(row.fingers));
    cell(std::to_string(row.failures), row.failures == 0 ? Meaning::text : Meaning::warning);
    const Standing now = standing(row);
    cell(now.words, now.meaning);
}

}  // namespace

void CustomerTable::sift(const Snapshot& snapshot) {
    if (sifted_of_ == snapshot.customers && sifted_for_ == filter_) return;
    sifted_of_ = snapshot.customers;
    sifted_for_ = filter_;
    passing_.clear();
    for (std::size_t i = 0; i < sifted_of_->size(); ++i) {
        const CustomerRow& row = (*sifted_of_)[i];
        if (contains_words(row.name, filter_) || std::to_string(row.id.value) == filter_ ||
            contains_words(lockers_of(row), filter_)) {
            passing_.push_back(i);
        }
    }
}

void CustomerTable::draw_table(const std::vector<CustomerRow>& rows) {
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                      ImGuiTableFlags_PadOuterX | ImGuiTableFlags_SizingStretchProp;
    if (!ImGui::BeginTable("customers", 7, flags)) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableSetupColumn("Customer", 0, 2.2F);
    ImGui::TableSetupColumn("Phone", 0, 0.8F);
    ImGui::TableSetupColumn("Lockers", 0, 1.1F);
    ImGui::TableSetupColumn("Faces", 0, 0.8F);
    ImGui::TableSetupColumn("Fingers", 0, 0.9F);
    ImGui::TableSetupColumn("Failures", 0, 0.95F);
    ImGui::TableSetupColumn("Standing", 0, 1.9F);
    ImGui::TableHeadersRow();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(passing_.size()));
    while (clipper.Step()) {
        for (int line = clipper.DisplayStart; line < clipper.DisplayEnd; ++line) {
            const CustomerRow& row = rows[passing_[static_cast<std::size_t>(line)]];
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            const std::string number = std::to_string(row.id.value);
            const std::string label = number + "  " + row.name + "##" + number;
            if (selectable(label, chosen_ == row.id)) chosen_ = row.id;
            draw_row(row);
        }
    }
    ImGui::EndTable();
}

void CustomerTable::draw_chosen(const std::vector<CustomerRow>& rows, Context& context) {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const CustomerRow& row) { return row.id == chosen_; });
    if (!chosen_ || found == rows.end()) {
        text("Choose a row to act on a customer.", Meaning::quiet);
        return;
    }
    const CustomerRow& row = *found;
    heading(row.name);
    const Standing now = standing(row);
    badge(now.words, now.meaning);
    caption("Failures since her last success: " + std::to_string(row.failures) +
            ". At 3 she waits, at 10 only two staff release her.");
    const bool free = row.failures == 0 && !row.penalty && !row.staff_only;
    if (offer("Release", free ? "Nothing holds her back." : "")) {
        context.outbox.post(ReleaseCustomer{row.id});
    }
    tooltip("Two members of staff set her count back.");
    flow_button("Remove the templates");
    if (offer("Remove the templates", row.templates == 0 ? "There are none." : "")) {
        removing_.ask("Of " + row.name + ", " + std::to_string(row.templates) +
                      " templates of the face are erased. She cannot open anything until she is "
                      "enrolled again. This cannot be undone.");
    }
    if (removing_.draw()) context.outbox.post(RemoveTemplates{row.id});
}

void CustomerTable::draw_adding(const Snapshot& snapshot, Context& context) {
    std::vector<std::string> lockers;
    std::vector<LockerId> numbers;
    if (snapshot.lockers != nullptr) {
        for (const LockerRow& row : *snapshot.lockers) {
            if (row.holders > 0) continue;
            lockers.push_back(std::to_string(row.locker.value));
            numbers.push_back(row.locker);
        }
    }
    text_field("Name", name_, "given and family name", 11);
    text_field("Phone", phone_, "+15551234567", 11);
    choice("Locker", locker_, lockers, 7);
    const bool has_locker = locker_ >= 0 && static_cast<std::size_t>(locker_) < numbers.size();
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool has_phone = phone_.size() >= 8 && phone_.front() == '+' &&
                           std::all_of(phone_.begin() + 1, phone_.end(), digit);
    const std::string_view refusal = name_.empty() ? "Type a name first."
                                     : !has_phone  ? "The phone: + and 7 digits or more."
                                     : !has_locker ? "No locker is free: add one under Lockers."
                                                   : "";
    if (!offer("Add and enrol", refusal)) return;
    context.outbox.post(AddCustomer{name_, phone_, numbers[static_cast<std::size_t>(locker_)]});
    name_.clear();
}

void CustomerTable::draw(const Snapshot& snapshot, Context& context) {
    if (snapshot.customers == nullptr) {
        empty_state("The customers have not been read",
                    "The process that serves the terminal reads them: start it under "
                    "Surroundings.");
        return;
    }
    sift(snapshot);
    const bool wide = ImGui::GetContentRegionAvail().x > em(55);
    const float beside = em(19) + ImGui::GetStyle().ItemSpacing.x;
    const float height = wide ? rest_height(26) : em(20);
    {
        const float width = wide ? ImGui::GetContentRegionAvail().x - beside : 0;
        ImGui::BeginChild("table", {width, height}, false, ImGuiWindowFlags_NavFlattened);
        text_field("Find", filter_, "name, number or locker", 14);
        flow(em(8));
        ImGui::AlignTextToFramePadding();
        write_on_line(
            std::to_string(passing_.size()) + " of " + std::to_string(snapshot.customers->size()),
            Meaning::quiet);
        if (snapshot.customers->empty()) {
            empty_state("There is no customer", "Add one: her face is enrolled at once.");
        } else if (passing_.empty()) {
            empty_state("Nobody is found", "Look for other words.");
        } else {
            draw_table(*snapshot.customers);
        }
        ImGui::EndChild();
    }
    if (wide) ImGui::SameLine();
    ImGui::BeginChild("aside", {0, wide ? height : em(26)}, false, ImGuiWindowFlags_NavFlattened);
    const Disabled watched(snapshot.attached, "This terminal is watched, not steered.");
    {
        const Card card("Customer", 0, 12.5F);
        draw_chosen(*snapshot.customers, context);
    }
    {
        const Card card("Add a customer");
        draw_adding(snapshot, context);
    }
    ImGui::EndChild();
}

}  // namespace strongroom::panel
