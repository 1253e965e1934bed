// Full visits a second at level scores, in memory and on disk, each beside raw SQLite doing equal
// commits of equal rows in the same run.
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "raw_sqlite.h"
#include "spent.h"
#include "visit_loop.h"

namespace {

using namespace strongroom::bench;

// Where databases on disk go: STRONGROOM_BENCH_DIR, or the system's directory for temporary files,
// which may be memory.
class Directory {
public:
    Directory() {
        const char* chosen = std::getenv("STRONGROOM_BENCH_DIR");
        const auto parent = chosen != nullptr ? std::filesystem::path(chosen)
                                              : std::filesystem::temp_directory_path();
        std::string pattern = (parent / "strongroom-bench-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("bench: cannot make a directory in " + parent.string());
        }
        path_ = pattern;
    }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    ~Directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

constexpr std::uint64_t warm_up = 20;

// The baseline's turns come between the visits, so that both see the same machine.
void visits(benchmark::State& state, bool on_disk) {
    const Directory directory;
    const auto where = on_disk ? directory.path() : std::filesystem::path();
    VisitLoop loop(where);
    RawSqlite raw(where, false);
    RawSqlite marked(where, on_disk);
    for (std::uint64_t i = 0; i < warm_up; ++i) {
        if (!loop.visit()) {
            state.SkipWithError("a visit did not open");
            return;
        }
    }
    const StoreWork work = loop.work();
    Spent own;
    Spent of_raw;
    Spent of_marked;
    for (auto _ : state) {
        bool opened = false;
        const double before = own.wall;
        own.add([&] { opened = loop.visit(); });
        state.SetIterationTime(own.wall - before);
        if (!opened) {
            state.SkipWithError("a visit did not open");
            return;
        }
        of_raw.add([&] { raw.visit(work, warm_up); });
        if (on_disk) of_marked.add([&] { marked.visit(work, warm_up); });
    }
    const auto count = static_cast<double>(state.iterations());
    const auto played = count + static_cast<double>(warm_up);
    const StoreWork total = loop.work();
    state.counters["visits/s"] = count / own.wall;
    state.counters["visits/cpu-s"] = count / own.processor;
    state.counters["raw/s"] = count / of_raw.wall;
    state.counters["raw/cpu-s"] = count / of_raw.processor;
    state.counters["vs_raw"] = on_disk ? own.wall / of_raw.wall : own.processor / of_raw.processor;
    if (on_disk) {
        state.counters["raw+mark/s"] = count / of_marked.wall;
        state.counters["vs_raw+mark"] = own.wall / of_marked.wall;
    }
    state.counters["commits"] = static_cast<double>(total.transactions()) / played;
    state.counters["rows"] = static_cast<double>(total.audit_rows) / played;
    state.counters["marks"] = static_cast<double>(total.anchored) / played;
    state.counters["steps"] = static_cast<double>(loop.steps()) / played;
}

BENCHMARK_CAPTURE(visits, in_memory, false)->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(visits, on_disk, true)->UseManualTime()->Unit(benchmark::kMicrosecond);

}  // namespace
