// The strongroom program as a caller sees it: arguments in; exit status and two streams out. Each
// Program has a folder and a store of its own and nothing of the caller's environment.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/temporary_folder.h"

namespace strongroom::test {

struct Answer {
    int status = -1;  // exit status; 128 + N when signal N ended it
    std::string out;
    std::string err;
};

class Program {
public:
    // Runs it to its end; `input` is what is typed.
    [[nodiscard]] Answer run(const std::vector<std::string>& arguments,
                             const std::string& input = {}) const;
    // Types the code that the phone shows, once it shows one, and then Enter for the key.
    [[nodiscard]] Answer run_as_phone_owner(const std::vector<std::string>& arguments) const;
    // Presses Ctrl-C as soon as the program handles it. REQUIREs that it comes to handle it.
    [[nodiscard]] Answer run_interrupted(const std::vector<std::string>& arguments) const;

    // What the program finds in STRONGROOM_MODELS.
    void use_models(const std::filesystem::path& models) { models_ = models; }

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
    [[nodiscard]] std::filesystem::path home() const { return folder() / "home"; }
    [[nodiscard]] std::filesystem::path store() const { return home() / "store/strongroom.db"; }
    [[nodiscard]] std::filesystem::path key() const { return home() / "secret/master.key"; }
    std::filesystem::path write(const std::string& name, const std::string& content) const {
        return folder_.write(name, content);
    }

    // Customer 1 with a simulated face, who holds locker 12.
    void enrol() const;
    [[nodiscard]] Answer visit(std::vector<std::string> more = {"--yes"}) const;

private:
    [[nodiscard]] int start(const std::vector<std::string>& arguments, int in, int out,
                            int err) const;
    sim::TemporaryFolder folder_;
    std::filesystem::path models_;
};

// The folder `inside` of the real data. None: said, so that the test counts as skipped.
[[nodiscard]] std::optional<std::filesystem::path> data(const std::string& inside);

[[nodiscard]] std::string read_file(const std::filesystem::path& file);

// Writes a photograph (PGM) that shows `pictures` side by side.
void write_side_by_side(const std::vector<std::filesystem::path>& pictures,
                        const std::filesystem::path& file);

}  // namespace strongroom::test
