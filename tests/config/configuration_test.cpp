// The configuration: what is read, and what is refused.
#include "config/configuration.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

#include "catch.h"

using namespace strongroom;
using namespace strongroom::config;
namespace fs = std::filesystem;

namespace {

fs::path source() { return std::getenv("STRONGROOM_SOURCE_DIR"); }
fs::path example(const char* name) { return source() / "backends/pi/examples" / name; }

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files{fs::directory_iterator(folder), {}};
    std::sort(files.begin(), files.end());
    return files;
}

std::string refusal(const std::function<void()>& act) {
    try {
        act();
    } catch (const yaml::ReadError& error) {
        return error.what();
    }
    return "accepted";
}

PolicyChoice::Change change(const std::string& name, const std::string& value) {
    PolicyChoice::Change one;
    one.place = {"door.yaml", 5};
    one.name = name;
    one.value = value;
    return one;
}

// Settings that are fit for a door.
Settings fit() { return {auth::locker({0.5, 0.0001, 0.001}), {}}; }

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "strongroom-config-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() { fs::remove_all(path_); }
    [[nodiscard]] fs::path file(const char* name, const std::string& text, mode_t mode) const {
        const fs::path path = path_ / name;
        std::ofstream(path) << text;
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        return path;
    }
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

}  // namespace

TEST_CASE("config: the examples are read") {
    for (const fs::path& file : files_in(source() / "backends/pi/examples")) {
        INFO(file);
        CHECK(refusal([&] { (void)load(file); }) == "accepted");
    }
}

TEST_CASE("config: every bad example is refused with its place and what to do") {
    const auto files = files_in(source() / "core/config/rejected");
    REQUIRE(files.size() > 15);
    for (const fs::path& file : files) {
        const std::string text = text_of(file);
        const std::string mark = "# refused: ";
        REQUIRE(text.starts_with(mark));
        const std::string wanted = text.substr(mark.size(), text.find('\n') - mark.size());
        const std::string said = refusal([&] { (void)load(file); });
        INFO(said);
        CHECK(said.starts_with(file.string() + ":"));
        CHECK(said.find(wanted) != std::string::npos);
    }
}

TEST_CASE("config: what stands there is what is meant") {
    const Configuration c = load(example("cash-terminal.yaml"));
    CHECK(c.terminal == TerminalId{2});
    CHECK(c.policy.name == PolicyName::atm_access);
    REQUIRE(c.fingerprint);
    CHECK(c.fingerprint->pin.system_id == 9);
    CHECK(c.fingerprint->sensor == SensorId{1});
    CHECK(c.fingerprint->canary_first == 990);
    CHECK(c.camera->pin.driver == "uvcvideo");
    CHECK(c.camera->pin.serial.empty());
    REQUIRE(c.tamper.line);
    CHECK(c.tamper.line->chip == "pinctrl-bcm2711");
    CHECK(c.tamper.line->offset == 13);
    CHECK(c.tamper.line->active_low);
    CHECK(c.tamper.line->bias == Line::Bias::pull_up);
    CHECK(c.exit_button.kind == Contact::Kind::absent);
    REQUIRE(c.sms.providers.size() == 2);
    CHECK(c.sms.providers[1].template_id == "111111");
    CHECK(c.sms.patience == std::chrono::seconds(15));
    CHECK(simulated_parts(c).empty());
    CHECK(simulated_parts(load(example("laptop.yaml"))).size() == 10);
}

TEST_CASE("config: a siren has one line for all alarms, or several for some each") {
    const Configuration one = load(example("raspberry-pi-5.yaml"));
    CHECK(one.board == "raspberry-pi-5");
    REQUIRE(one.siren.outputs.size() == 1);
    CHECK(one.siren.outputs[0].line.offset == 26);
    CHECK(one.siren.outputs[0].alarms.empty());
    const Configuration two = load(example("cash-terminal.yaml"));
    REQUIRE(two.siren.outputs.size() == 2);
    CHECK(two.siren.outputs[0].alarms.empty());
    CHECK(two.siren.outputs[1].alarms ==
          std::vector{Alarm::finger_reader_untrusted, Alarm::camera_untrusted});
}

TEST_CASE("config: whether the longest pulse was said is known, with its place") {
    const Configuration silent = load(example("raspberry-pi-5.yaml"));
    CHECK_FALSE(silent.strike.hold_max_said);
    CHECK(silent.strike.hold_max == std::chrono::seconds(6));
    std::string text = text_of(example("raspberry-pi-5.yaml"));
    const std::string socket = "  socket: /run/strongroom/guard.sock\n";
    const std::size_t at = text.find(socket);
    REQUIRE(at != std::string::npos);
    text.insert(at + socket.size(), "  hold_max: 4s\n");
    const Configuration said = parse(text, "/etc/strongroom/door.yaml");
    REQUIRE(said.strike.hold_max_said);
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    CHECK(said.strike.hold_max_said->text() ==
          "/etc/strongroom/door.yaml:" + std::to_string(line + 2));
    CHECK(said.strike.hold_max == std::chrono::seconds(4));
}

TEST_CASE("config: a relative path is relative to the folder of the configuration") {
    const Configuration c = parse(text_of(example("laptop.yaml")), "/etc/strongroom/door.yaml");
    CHECK(c.store.database.string().starts_with("/etc/strongroom/"));
    CHECK(c.store.key.name.starts_with("/etc/strongroom/"));
}

TEST_CASE(
    "config: values of the policy are changed by name, and never to what is unfit for a door") {
    PolicyChoice choice;
    choice.place = {"door.yaml", 3};
    choice.changes.push_back(change("code.lifetime", "90s"));
    Settings settings = fit();
    apply(choice, settings);
    CHECK(settings.policy.code.lifetime == std::chrono::seconds(90));

    const auto said = [&](const std::string& name, const std::string& value) {
        choice.changes.assign(1, change(name, value));
        Settings fresh = fit();
        return refusal([&] { apply(choice, fresh); });
    };
    CHECK(said("code.lifetme", "90s") ==
          "door.yaml:5: unknown setting 'code.lifetme': did you mean 'code.lifetime'?");
    CHECK(said("code.lifetime", "soon").starts_with("door.yaml:5: code.lifetime: 'soon'"));
    CHECK(
        said("code.lifetime", "2h").starts_with("door.yaml:5: not fit for a door: code.lifetime"));
    CHECK(said("code.authenticator.delay_steps", "2")
              .starts_with("door.yaml:5: not fit for a door: code.authenticator.delay_steps"));
    CHECK(said("presence.required", "false").starts_with("door.yaml:5: not fit for a door"));
}

TEST_CASE("config: a secret is read from its own file, and only from a private one") {
    const Folder folder;
    const auto reference = [](const fs::path& path) {
        SecretReference secret;
        secret.place = {"door.yaml", 7};
        secret.name = path.string();
        return secret;
    };
    const fs::path good = folder.file("good", "hunter2\n", 0600);
    CHECK(read_secret(reference(good), {}).reveal_text() == "hunter2");

    const auto said = [&](const fs::path& path) {
        return refusal([&] { (void)read_secret(reference(path), {}); });
    };
    CHECK(said(folder.path() / "none").find("cannot be read") != std::string::npos);
    CHECK(said(folder.file("open", "hunter2", 0644)).find("chmod 600") != std::string::npos);
    CHECK(said(folder.file("empty", "\n", 0600)).find("is empty") != std::string::npos);
    CHECK(said(folder.file("large", std::string(5000, 'x'), 0600)).find("4 KiB") !=
          std::string::npos);
    CHECK(said(folder.path()).find("is no file") != std::string::npos);
    fs::create_symlink(good, folder.path() / "link");
    CHECK(said(folder.path() / "link").find("symbolic link") != std::string::npos);
    for (const fs::path& path : {folder.path() / "open", folder.path() / "none"}) {
        CHECK(said(path).starts_with("door.yaml:7: "));
        CHECK(said(path).find("hunter2") == std::string::npos);
    }
}

TEST_CASE("config: a secret is written once, for its owner alone, and never over another") {
    const Folder folder;
    SecretReference reference;
    reference.place = {"door.yaml", 7};
    reference.source = SecretReference::Source::credential;
    reference.name = "fingerprint-password";
    const fs::path path = folder.path() / reference.name;
    // What a power cut left behind is in nobody's way.
    (void)folder.file("fingerprint-password.new", "half", 0400);
    write_secret(reference, folder.path(), Secret(std::string_view("0badcafe")));
    CHECK(fs::status(path).permissions() == fs::perms::owner_read);
    CHECK_FALSE(fs::exists(path.string() + ".new"));
    CHECK(read_secret(reference, folder.path()).reveal_text() == "0badcafe");

    const std::string again = refusal(
        [&] { write_secret(reference, folder.path(), Secret(std::string_view("1badcafe"))); });
    CHECK(again.starts_with("door.yaml:7: "));
    CHECK(again.find("move it away") != std::string::npos);
    CHECK(again.find("badcafe") == std::string::npos);
    CHECK(read_secret(reference, folder.path()).reveal_text() == "0badcafe");
    CHECK_FALSE(fs::exists(path.string() + ".new"));
    CHECK(refusal([&] {
              write_secret(reference, folder.path() / "none", Secret(std::string_view("x")));
          }).find("make its folder") != std::string::npos);
}

TEST_CASE("config: a sensor that is not commissioned has no pin yet") {
    std::string text = text_of(example("cash-terminal.yaml"));
    const auto drop = [&](const std::string& key) {
        const std::size_t at = text.find("  " + key + ": {");
        REQUIRE(at != std::string::npos);
        text.erase(at, text.find('\n', at) + 1 - at);
    };
    const std::size_t section = text.find("fingerprint:\n");
    REQUIRE(section != std::string::npos);
    const std::string before = text.substr(0, section);
    text.erase(0, section);
    drop("pin");
    drop("canary");
    const Configuration c = parse(before + text, "/etc/strongroom/door.yaml");
    REQUIRE(c.fingerprint);
    CHECK(c.fingerprint->pin.capacity == 0);
    CHECK(c.fingerprint->canary_count == 0);
}

TEST_CASE("config: a credential comes from the directory that systemd names") {
    const Folder folder;
    (void)folder.file("twilio-token", "hunter2", 0400);
    SecretReference reference;
    reference.source = SecretReference::Source::credential;
    reference.name = "twilio-token";
    CHECK(refusal([&] {
              (void)read_secret(reference, {});
          }).find("LoadCredential=twilio-token:FILE") != std::string::npos);
    CHECK(read_secret(reference, folder.path()).reveal_text() == "hunter2");
}
