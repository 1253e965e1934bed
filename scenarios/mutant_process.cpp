#include "mutant_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace strongroom::scenarios {
namespace {

// Runs a program to its end and returns what it wrote to its standard output.
[[nodiscard]] std::string output_of(std::vector<std::string> words, int& status) {
    std::array<int, 2> ends{};
    // Closed in other children that are started meanwhile, or this one would never end for them.
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw PlayError(std::string("no pipe: ") + std::strerror(errno));
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int failed =
        posix_spawn(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed != 0) {
        close(ends[0]);
        throw PlayError("'" + words.front() + "' cannot be run (" + std::strerror(failed) +
                        "): build the target 'mutants'");
    }
    std::string output;
    std::array<char, 65536> buffer{};
    while (true) {
        const ssize_t got = read(ends[0], buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        output.append(buffer.data(), static_cast<std::size_t>(got));
    }
    close(ends[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return output;
}

}  // namespace

std::string mutant_for(const Scenario& scenario, const ArmPlan& plan) {
    std::string name;
    for (const Defence& defence : scenario.defences) {
        const bool removed =
            std::find(plan.removed.begin(), plan.removed.end(), defence.name) != plan.removed.end();
        if (!removed || defence.removed_by.mutant.empty()) continue;
        if (!name.empty()) name += '+';
        name += defence.removed_by.mutant;
    }
    return name;
}

ArmOutcome play_in_mutant(const std::string& mutant, const Scenario& scenario, const ArmPlan& plan,
                          std::uint64_t seed, const Options& options) {
    ArmOutcome outcome;
    outcome.kind = plan.kind;
    outcome.restored = plan.restored;
    outcome.removed = plan.removed;
    try {
        const std::filesystem::path program = options.mutants / ("mutant-" + mutant);
        std::error_code ignored;
        if (!std::filesystem::exists(program, ignored)) {
            throw PlayError("'" + program.string() + "' is not there: build the target 'mutants'");
        }
        std::vector<std::string> words{
            program.string(),
            scenario.file,
            std::string(to_string(plan.kind)),
            plan.restored,
            std::to_string(seed),
            options.faces->level() == Level::render ? "render" : options.score_file.string()};
        int status = 0;
        const std::string output = output_of(std::move(words), status);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            const bool signalled = WIFSIGNALED(status);
            throw PlayError("'" + program.string() + "' ended " +
                            (signalled ? "by signal " + std::to_string(WTERMSIG(status))
                                       : "with status " + std::to_string(WEXITSTATUS(status))));
        }
        return arm_from_json(output);
    } catch (const std::exception& error) {
        outcome.error = error.what();
    }
    return outcome;
}

}  // namespace strongroom::scenarios
