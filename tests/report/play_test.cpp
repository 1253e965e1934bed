// `strongroom play` and `strongroom evaluate` as a user calls them.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "catch.h"
#include "play_command.h"
#include "sample.h"

using namespace strongroom;
namespace fs = std::filesystem;

namespace {

// Exit code of the command; 2 for a wrong command line, as in the program.
int run(std::vector<std::string> arguments) {
    CLI::App app("strongroom");
    int code = -1;
    cli::add_play_command(app, code);
    app.require_subcommand(1);
    std::reverse(arguments.begin(), arguments.end());
    try {
        app.parse(arguments);
    } catch (const CLI::ParseError&) {
        return 2;
    }
    return code;
}

fs::path source() { return std::getenv("STRONGROOM_SOURCE_DIR"); }

std::string scenario(const std::string& name) {
    return (source() / "scenarios/catalogue" / (name + ".yaml")).string();
}

class Folder {
public:
    Folder()
        : path_(fs::temp_directory_path() / ("strongroom-play-" + std::to_string(::getpid()))) {
        fs::create_directories(path_);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string file(const std::string& name) const {
        return (path_ / name).string();
    }
    [[nodiscard]] std::ptrdiff_t files() const {
        return std::distance(fs::directory_iterator(path_), {});
    }

private:
    fs::path path_;
};

std::string text_of(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

std::vector<std::string> play(const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> arguments{"play", scenario(name), "--scores", STRONGROOM_SCORES};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

}  // namespace

TEST_CASE("play command: an honest visit is played, reported in all formats, and gives 0") {
    const Folder folder;
    REQUIRE(run(play("H1-locker", {"--json", folder.file("o.json"), "--junit", folder.file("o.xml"),
                                   "--html", folder.file("o.html")})) == 0);
    const auto json = nlohmann::json::parse(text_of(folder.file("o.json")));
    CHECK(json["summary"]["held"] == 1);
    CHECK(json["scenarios"][0]["id"] == "H1");
    CHECK(json["complete"] == true);
    CHECK(text_of(folder.file("o.xml")).find("failures=\"0\"") != std::string::npos);
    CHECK(text_of(folder.file("o.html")).find("The scenario held.") != std::string::npos);
    CHECK(folder.files() == 3);
}

TEST_CASE("play command: the trace of an arm is read back as facts") {
    const Folder folder;
    const std::string file = folder.file("t.jsonl");
    REQUIRE(run(play("H1-locker", {"--arm", "defended", "--trace", file})) == 0);
    sim::FactLog log;
    std::ifstream in(file);
    sim::read_json_lines(in, file, log);
    CHECK(std::any_of(log.begin(), log.end(), [](const sim::Fact& fact) {
        return fact.kind == sim::FactKind::code_typed;
    }));
}

TEST_CASE("play command: one seed gives one trace, another one another") {
    const Folder folder;
    const auto hash = [&](const std::string& seed, const std::string& jobs) {
        const std::string file = folder.file("o.json");
        REQUIRE(run(play("H1-locker", {"--seed", seed, "--jobs", jobs, "--json", file})) == 0);
        const auto json = nlohmann::json::parse(text_of(file));
        return json["scenarios"][0]["trace_hash"].get<std::string>();
    };
    CHECK(hash("5", "1") == hash("5", "2"));
    CHECK(hash("5", "1") != hash("6", "1"));
}

TEST_CASE("play command: invalid input gives 2 and writes nothing") {
    const Folder folder;
    const std::string out = folder.file("o.json");
    CHECK(run({"play"}) == 2);
    CHECK(run({"play", folder.file("none.yaml"), "--json", out}) == 2);
    CHECK(run(play("H1-locker", {"--arm", "sideways", "--json", out})) == 2);
    CHECK(run(play("H1-locker", {"--jobs", "0", "--json", out})) == 2);
    CHECK(run(play("H1-locker", {"--level", "images", "--json", out})) == 2);
    CHECK(run(play("O03-expired-code", {"--trace", folder.file("t.jsonl"), "--json", out})) == 2);
    CHECK(run(play("H1-locker", {"--json", out, "--html", folder.file("none") + "/o.html"})) == 2);
    CHECK(run({"play", scenario("H1-locker"), "--scores", folder.file("none.json"), "--json",
               out}) == 2);
    CHECK(run({"evaluate", "--catalogue", folder.file("none"), "--json", out}) == 2);
    const fs::path rejected = source() / "scenarios/rejected";
    for (const auto& entry : fs::directory_iterator(rejected)) {
        INFO(entry.path());
        CHECK(run({"play", entry.path().string(), "--scores", STRONGROOM_SCORES, "--json", out}) ==
              2);
    }
    CHECK(folder.files() == 0);
}

TEST_CASE("play command: a scenario whose mutant is missing is inconclusive and gives 1") {
    const Folder folder;
    const std::string out = folder.file("o.json");
    REQUIRE(run(play("K01-key-first", {"--mutants", folder.file("none"), "--json", out})) == 1);
    const auto json = nlohmann::json::parse(text_of(out));
    CHECK(json["summary"]["inconclusive"] == 1);
}
