#include "pi/commands/audit_command.h"

#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "store/audit_reader.h"
#include "store/file_anchor.h"
#include "store/master_key.h"

namespace strongroom::pi {

namespace {

struct Options {
    std::shared_ptr<StoreOptions> places;
    bool json = false;
    std::uint64_t count = 20;
    std::uint64_t from = 1;
    std::uint64_t customer = 0;
    std::string format = "jsonl";
    std::filesystem::path output;
};

store::AuditReader open_reader(const Options& options, const StorePaths& paths) {
    std::error_code absent;
    if (!std::filesystem::exists(paths.store, absent)) {
        throw InputError("the store '" + paths.store.string() +
                         "' is missing: " + options.places->advice());
    }
    auto reader = store::AuditReader::open(paths.store.string());
    if (!reader) throw InputError(reader.error().message);
    return std::move(*reader);
}

// Colour is for people at a terminal who have not said no to it (https://no-color.org).
bool colours() {
    const char* refused = std::getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) != 0 && (refused == nullptr || *refused == '\0');
}

std::string time_text(WallTime wall) {
    using namespace std::chrono;
    const auto since = wall.time_since_epoch();
    const auto whole = floor<seconds>(since);
    const std::time_t number = static_cast<std::time_t>(whole.count());
    std::tm parts{};
    if (gmtime_r(&number, &parts) == nullptr) return std::to_string(since.count()) + " ns";
    std::array<char, 40> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    const std::string fraction =
        std::to_string(1000 + duration_cast<std::chrono::milliseconds>(since - whole).count());
    return std::string(text.data(), size) + "." + fraction.substr(1) + "Z";
}

// Session numbers use all 64 bits, which JSON numbers do not keep.
std::string session_text(SessionId session) {
    std::ostringstream out;
    out << std::hex << std::setw(16) << std::setfill('0') << session.value;
    return out.str();
}

nlohmann::ordered_json json_of(const store::AuditRow& row) {
    const auth::AuditEntry& entry = row.entry;
    return {{"sequence", row.sequence},         {"time", time_text(row.wall)},
            {"kind", to_string(entry.kind)},    {"session", session_text(entry.session)},
            {"terminal", entry.terminal.value}, {"customer", entry.customer.value},
            {"locker", entry.locker.value},     {"detail", entry.detail}};
}

// No field can hold a comma or a quotation mark.
std::string csv_of(const store::AuditRow& row) {
    const auth::AuditEntry& entry = row.entry;
    std::ostringstream out;
    out << row.sequence << ',' << time_text(row.wall) << ',' << to_string(entry.kind) << ','
        << session_text(entry.session) << ',' << entry.terminal.value << ',' << entry.customer.value
        << ',' << entry.locker.value << ',' << entry.detail;
    return out.str();
}

std::string line_of(const store::AuditRow& row) {
    const auth::AuditEntry& entry = row.entry;
    std::ostringstream out;
    out << std::setw(7) << row.sequence << "  " << time_text(row.wall) << "  " << std::left
        << std::setw(20) << to_string(entry.kind);
    if (entry.terminal) out << " terminal " << entry.terminal.value;
    if (entry.customer) out << " customer " << entry.customer.value;
    if (entry.locker) out << " locker " << entry.locker.value;
    if (entry.detail != 0) out << " detail " << entry.detail;
    if (entry.session) out << " session " << session_text(entry.session);
    return out.str();
}

void read(store::AuditReader& reader, const StorePaths& paths, const store::AuditQuery& query,
          const std::function<void(const store::AuditRow&)>& each) {
    const auto done = reader.read(query, each);
    if (done) return;
    throw InputError("the store '" + paths.store.string() + "' cannot be read to the end (" +
                     std::string(to_string(done.error().code)) +
                     "): examine it with 'strongroom audit verify'");
}

int verify(const Options& options) {
    const StorePaths paths = options.places->paths();
    if (paths.key.empty()) throw InputError("verify needs the master key: give --key FILE");
    if (paths.anchor.empty()) throw InputError("verify needs the anchor: give --anchor FILE");
    auto reader = open_reader(options, paths);
    const auto master = store::load_master_key(paths.key, paths.store.parent_path());
    if (!master) throw InputError(master.error().message);
    const store::KeyedChain chain(*master);
    store::FileAnchor anchor(paths.anchor, *master);
    if (const auto mark = anchor.read(); !mark) {
        throw InputError("the anchor '" + paths.anchor.string() + "' cannot be used (" +
                         std::string(to_string(mark.error().code)) +
                         "): it is damaged, unreadable, or was written under another key");
    }
    const auto verdict = reader.verify(*master, chain, anchor);
    if (!verdict) {
        if (verdict.error().code == Errc::denied) {
            throw InputError("the master key '" + paths.key.string() +
                             "' is not the one that the store '" + paths.store.string() +
                             "' was made with: give the right key file");
        }
        throw InputError("the store '" + paths.store.string() + "' cannot be read to the end (" +
                         std::string(to_string(verdict.error().code)) +
                         "): it is damaged or in use; try again, or put the newest copy back");
    }
    if (options.json) {
        std::cout << nlohmann::ordered_json{{"store", paths.store.string()},
                                            {"intact", verdict->intact()},
                                            {"finding", to_string(verdict->finding)},
                                            {"rows_verified", verdict->rows},
                                            {"first_bad", verdict->first_bad},
                                            {"text", store::describe(*verdict)}}
                         .dump(2)
                  << "\n";
    } else {
        const char* colour = verdict->intact() ? "\033[32m" : "\033[1;31m";
        std::cout << (colours() ? colour : "") << (verdict->intact() ? "good: " : "BROKEN: ")
                  << store::describe(*verdict) << (colours() ? "\033[0m" : "") << "\n";
        if (!verdict->intact()) {
            std::cout
                << "Keep this store for examination and put the newest copy back. Rows before "
                   "the first bad one are as they were written ("
                << verdict->rows << " verified).\n";
        }
    }
    return verdict->intact() ? 0 : 1;
}

int tail(const Options& options) {
    const StorePaths paths = options.places->paths();
    auto reader = open_reader(options, paths);
    // No rows wanted is not "all".
    if (options.count == 0) return 0;
    read(reader, paths, {options.from, options.count, CustomerId{options.customer}},
         [&](const store::AuditRow& row) {
             std::cout << (options.json ? json_of(row).dump() : line_of(row)) << "\n";
         });
    return 0;
}

int export_rows(const Options& options) {
    const StorePaths paths = options.places->paths();
    auto reader = open_reader(options, paths);
    std::ofstream file;
    if (!options.output.empty()) {
        for (const auto& own : {paths.store, paths.key, paths.anchor}) {
            std::error_code absent;
            if (std::filesystem::equivalent(options.output, own, absent)) {
                throw InputError("'" + options.output.string() +
                                 "' belongs to the store: write the export somewhere else");
            }
        }
        file.open(options.output, std::ios::binary | std::ios::trunc);
        if (!file) {
            throw InputError("cannot write '" + options.output.string() +
                             "': check that its directory exists and may be written");
        }
    }
    std::ostream& out = options.output.empty() ? std::cout : file;
    const bool csv = options.format == "csv";
    if (csv) out << "sequence,time,kind,session,terminal,customer,locker,detail\n";
    read(reader, paths, {options.from, 0, CustomerId{options.customer}},
         [&](const store::AuditRow& row) {
             out << (csv ? csv_of(row) : json_of(row).dump()) << "\n";
         });
    out.flush();
    if (!out) throw InputError("the export is incomplete: the disk is full or the pipe was closed");
    return 0;
}

void add_filters(CLI::App& command, Options& options) {
    command.add_option("--from", options.from, "First row wanted, by its number")
        ->check(CLI::PositiveNumber);
    command.add_option("--customer", options.customer, "Only rows of this customer (a number)")
        ->check(CLI::PositiveNumber);
}

}  // namespace

void add_audit_command(CLI::App& app, std::shared_ptr<StoreOptions> places, int& exit_code) {
    const auto options = std::make_shared<Options>();
    options->places = std::move(places);
    CLI::App* command =
        app.add_subcommand("audit", "Read and verify what the store has written down");
    command->require_subcommand(1);
    const std::string name = app.get_name();
    command->footer(
        "The store is only read. Rows name kinds, numbers and times; no name, phone number,\n"
        "template or code is in them.\n"
        "Examples:\n"
        "  " +
        name +
        " audit tail -n 5                    the newest rows\n"
        "  " +
        name +
        " audit tail --customer 1 --json     what concerns her, a JSON object a line\n"
        "  " +
        name +
        " audit verify\n"
        "  " +
        name +
        " audit export --format csv -o audit.csv\n"
        "Exit status: 0 good, 1 broken (verify), 2 invalid input.");

    CLI::App* verifying = command->add_subcommand(
        "verify",
        "Find edited, removed, reordered and cut-off rows, older copies, and changed counters");
    options->places->add(*verifying, true);
    verifying->add_flag("--json", options->json, "Answer as JSON");
    verifying->callback([options, &exit_code] { exit_code = verify(*options); });

    CLI::App* tailing = command->add_subcommand("tail", "Show the newest rows");
    options->places->add(*tailing, false);
    add_filters(*tailing, *options);
    tailing->add_option("-n,--count", options->count, "How many (default 20)")
        ->check(CLI::NonNegativeNumber);
    tailing->add_flag("--json", options->json, "One JSON object a line");
    tailing->callback([options, &exit_code] { exit_code = tail(*options); });

    CLI::App* exporting = command->add_subcommand("export", "Write all rows as JSON Lines or CSV");
    options->places->add(*exporting, false);
    add_filters(*exporting, *options);
    exporting->add_option("--format", options->format, "jsonl or csv (default jsonl)")
        ->check(CLI::IsMember({"jsonl", "csv"}));
    exporting
        ->add_option("-o,--output", options->output, "File to write (default: standard output)")
        ->type_name("FILE");
    exporting->callback([options, &exit_code] { exit_code = export_rows(*options); });
}

}  // namespace strongroom::pi
