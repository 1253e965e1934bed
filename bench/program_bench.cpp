// How long the program takes to start: `strongroom --help`, from its being spawned to its end.
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

extern char** environ;

namespace {

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
}

BENCHMARK(help)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
