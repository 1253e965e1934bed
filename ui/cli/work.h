// Long work on all cores: many equal items, a line of progress on a terminal, an end by Ctrl-C.
#pragma once

#include <csignal>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>

namespace strongroom::cli {

// Ctrl-C (or SIGTERM) ended the work: nothing was written.
class Interrupted : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Makes one worker, called on the worker's own thread: what it holds (renderers, networks) is that
// thread's alone. The worker is then called once for each of its items.
using MakeWorker = std::function<std::function<void(std::size_t item)>()>;

// Does the items 0 to count - 1 on `jobs` threads (1 or more), each exactly once, in no order: what
// an item gives must not depend on the others. `what` names the items in the progress line:
// "people". What a worker throws ends the work and is thrown again here. Throws Interrupted after
// the first Ctrl-C, when the items under way have ended; the second one kills the program.
void do_all(std::size_t count, unsigned jobs, const std::string& what, const MakeWorker& make);

// As many as the machine has cores, at least 1.
[[nodiscard]] unsigned default_jobs();

}  // namespace strongroom::cli
