#include <chrono>
#include <filesystem>
#include <fstream>

#include "parts.h"
#include "records_parts.h"
#include "words.h"

namespace strongroom::panel {
namespace {

bool passes(const AuditLine& line, const std::string& kind, int customer, int locker) {
    if (customer > 0 && line.customer != static_cast<std::uint64_t>(customer)) return false;
    if (locker > 0 && line.locker != static_cast<std::uint64_t>(locker)) return false;
    return contains_words(line.kind, kind);
}

std::string or_none(std::uint64_t number) { return number == 0 ? "" : std::to_string(number); }

// Comma separated, one line a row; on a thread of its own. Says what became of it.
std::string write_file(const Ledger<AuditLine>::View& lines, const std::vector<std::size_t>& rows,
                       const std::string& file) {
    std::ofstream out(file, std::ios::trunc);
    out << "sequence,wall,kind,customer,locker,detail\n";
    for (const std::size_t row : rows) {
        const AuditLine& line = lines[row];
        out << line.sequence << ',' << calendar_words(line.wall) << ',' << line.kind << ','
            << line.customer << ',' << line.locker << ',' << line.detail << '\n';
    }
    out.flush();
    if (!out) return "The file " + file + " cannot be written: choose another folder.";
    std::error_code error;
    const auto whole = std::filesystem::absolute(file, error);
    return std::to_string(rows.size()) + " rows are in " + (error ? file : whole.string());
}

}  // namespace

void AuditBrowser::sift(const Ledger<AuditLine>::View& lines) {
    if (lines.identity() != sifted_of_) sifted_ = 0;
    sifted_of_ = lines.identity();
    if (sifted_ == 0) passing_.clear();
    for (; sifted_ < lines.size(); ++sifted_) {
        if (passes(lines[sifted_], kind_, customer_, locker_)) passing_.push_back(sifted_);
    }
}

void AuditBrowser::draw_filter(const Ledger<AuditLine>::View& lines) {
    bool changed = text_field("Kind", kind_, "code, granted, ...", 10);
    flow(em(13));
    changed |= number_field("Customer", customer_, 0, 1'000'000, 7);
    tooltip("0: any");
    flow(em(12));
    changed |= number_field("Locker", locker_, 0, 1'000'000, 7);
    tooltip("0: any");
    if (changed) sifted_ = 0;
    flow(em(12));
    toggle("follow the newest", follow_);
    const std::string count =
        std::to_string(passing_.size()) + " of " + std::to_string(lines.size()) + " rows";
    flow(size_of(count).x);
    ImGui::AlignTextToFramePadding();
    write_on_line(count, Meaning::quiet);
}

void AuditBrowser::draw_export(const Ledger<AuditLine>::View& lines) {
    const bool busy = writing_.valid();
    text_field("To file", file_, "audit.csv", 16);
    flow_button("Export these rows");
    {
        const Disabled waits(busy || file_.empty(),
                             busy ? "The file is being written." : "Name a file first.");
        if (button("Export these rows")) {
            written_.clear();
            writing_ = std::async(std::launch::async, [lines, rows = passing_, file = file_] {
                return write_file(lines, rows, file);
            });
        }
    }
    if (busy && writing_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
        written_ = writing_.get();
    }
    if (written_.empty()) return;
    flow(size_of(written_).x);
    ImGui::AlignTextToFramePadding();
    text(written_, Meaning::quiet);
}

void AuditBrowser::draw_table(const Ledger<AuditLine>::View& lines) {
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                      ImGuiTableFlags_PadOuterX | ImGuiTableFlags_BordersInnerH;
    if (!ImGui::BeginTable("audit", 6, flags, {0, rest_height(10)})) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableSetupColumn("Row", ImGuiTableColumnFlags_WidthFixed, em(5));
    ImGui::TableSetupColumn("Date and time (UTC)", ImGuiTableColumnFlags_WidthFixed, em(12));
    ImGui::TableSetupColumn("What", ImGuiTableColumnFlags_WidthStretch);
    ImGui::TableSetupColumn("Customer", ImGuiTableColumnFlags_WidthFixed, em(6));
    ImGui::TableSetupColumn("Locker", ImGuiTableColumnFlags_WidthFixed, em(5));
    ImGui::TableSetupColumn("Detail", ImGuiTableColumnFlags_WidthFixed, em(6));
    ImGui::TableHeadersRow();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(passing_.size()));
    while (clipper.Step()) {
        for (int at = clipper.DisplayStart; at < clipper.DisplayEnd; ++at) {
            const AuditLine& line = lines[passing_[static_cast<std::size_t>(at)]];
            const auto cell = [](std::string_view words, Meaning meaning = Meaning::text) {
                ImGui::TableNextColumn();
                write_on_line(fitted(words, ImGui::GetContentRegionAvail().x), meaning);
            };
            ImGui::TableNextRow();
            cell(std::to_string(line.sequence), Meaning::quiet);
            cell(calendar_words(line.wall), Meaning::quiet);
            cell(line.kind);
            cell(or_none(line.customer));
            cell(or_none(line.locker));
            cell(std::to_string(line.detail), Meaning::quiet);
        }
    }
    if (ImGui::IsWindowHovered() && ImGui::GetIO().MouseWheel > 0) follow_ = false;
    if (follow_ && passing_.size() != drawn_) ImGui::SetScrollY(ImGui::GetScrollMaxY() + em(4));
    drawn_ = passing_.size();
    ImGui::EndTable();
}

void AuditBrowser::draw(const Snapshot& snapshot, Context& context) {
    const auto& lines = snapshot.audit.lines;
    {
        const Disabled watched(snapshot.attached, "This terminal is watched, not steered.");
        if (button("Verify the chain")) context.outbox.post(VerifyAudit{});
    }
    tooltip(
        "Each row is bound to the one before by a keyed hash, and the last one to an anchor "
        "outside the store.");
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    if (snapshot.audit.verdict.empty()) {
        write_on_line("not verified yet", Meaning::quiet);
    } else {
        badge(snapshot.audit.broken ? "BROKEN" : "whole",
              snapshot.audit.broken ? Meaning::bad : Meaning::good);
        ImGui::SameLine();
        text(snapshot.audit.verdict);
    }
    sift(lines);
    draw_filter(lines);
    draw_export(lines);
    if (lines.empty()) {
        empty_state("There is no audit row yet",
                    "The first is written when the terminal starts with a new store.");
    } else if (passing_.empty()) {
        empty_state("No row passes the filter", "Take less into it; 0 means any number.");
    } else {
        draw_table(lines);
    }
}

}  // namespace strongroom::panel
