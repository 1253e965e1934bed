// How long the program takes to start: `strongroom --help`, from its being spawned to its end.
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char** environ;

namespace {

// Of all children so far, in milliseconds.
double processor_time() {
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    const auto in_ms = [](const timeval& time) {
        return 1e3 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_usec);
    };
    return in_ms(used.ru_utime) + in_ms(used.ru_stime);
}

void help(benchmark::State& state) {
    const auto program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "strongroom";
    if (!std::filesystem::exists(program)) {
        state.SkipWithError("build the program first: strongroom, beside this one");
        return;
    }
    std::string name = program.string();
    std::string option = "--help";
    char* const arguments[] = {name.data(), option.data(), nullptr};
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    const double before = processor_time();
    for (auto _ : state) {
        pid_t process = 0;
        int status = 0;
        if (posix_spawn(&process, name.c_str(), &quiet, nullptr, arguments, environ) != 0 ||
            waitpid(process, &status, 0) != process || status != 0) {
            state.SkipWithError("strongroom --help failed");
            break;
        }
    }
    posix_spawn_file_actions_destroy(&quiet);
    // What it needs of a processor, whatever else the machine is doing.
    state.counters["processor_ms"] =
        (processor_time() - before) / static_cast<double>(state.iterations());
}

BENCHMARK(help)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
