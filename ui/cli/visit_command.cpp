#include "visit_command.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "faces.h"
#include "home.h"
#include "pi/system.h"
#include "pi/v4l2_camera.h"
#include "picture_observer.h"
#include "scenarios/player.h"
#include "sim/finger_reader.h"
#include "sim/score_observer.h"
#include "sim_camera/image_camera.h"
#include "sim_camera/video_camera.h"
#include "vision/threads.h"
#include "visit.h"

namespace strongroom::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr TerminalId door{1};
constexpr std::uint64_t stranger = 1'000'000;  // a simulated face that nobody enrols
using Facts = std::vector<std::pair<std::string, std::string>>;

struct Options {
    fs::path home;
    std::uint64_t customer = 0;
    std::uint64_t locker = 0;
    std::string policy = "locker";
    std::vector<fs::path> images;
    fs::path video;
    int webcam = -1;
    PackChoice pack;
    std::string face = "self";
    std::string finger = "self";
    bool yes = false;
    std::string code;
    bool no_key = false;
    bool no_sms = false;
    std::uint64_t seed = 1;
    bool json = false;
};

// Answers by asking on the terminal; what she takes to answer passes in the world too.
class AskingVisitor final : public Visitor {
public:
    // `out`: where the questions go.
    explicit AskingVisitor(std::ostream& out) : out_(out) {}
    std::string code(const std::string& message, const std::string&) override {
        if (message.empty()) {
            out_ << "\n  your phone stays silent\n";
        } else {
            out_ << "\n  your phone: \"" << message << "\"\n";
        }
        return ask("  code (r: send another, empty: give up): ", "r", "resend");
    }
    std::string authenticator_code(const std::string& digits) override {
        out_ << "\n  the authenticator on your phone shows " << digits << "\n";
        return ask("  code (empty: give up): ", "", "");
    }
    bool turn_key() override {
        const std::string answer = ask("\n  turn your key? [Y/n] ", "", "y");
        return answer == "y" || answer == "Y" || answer == "yes";
    }
    Duration taken() override { return taken_; }

private:
    std::string ask(const std::string& question, const std::string& shorthand,
                    const std::string& meaning) {
        out_ << question << std::flush;
        const auto begin = std::chrono::steady_clock::now();
        std::string line;
        if (!std::getline(std::cin, line)) {
            line.clear();
            out_ << "(no answer: the input has ended; --yes answers for you)\n";
        } else {
            if (isatty(STDIN_FILENO) == 0) out_ << "\n";  // nobody's Enter did it
            if (line == shorthand) line = meaning;
        }
        taken_ = std::chrono::steady_clock::now() - begin;
        return line;
    }
    std::ostream& out_;
    Duration taken_{};
};

// Answers from options, as a person of average speed.
class DecidedVisitor final : public Visitor {
public:
    explicit DecidedVisitor(const Options& options) : options_(options) {}
    std::string code(const std::string&, const std::string& digits) override {
        // Somebody who types a fixed code has it once; a phone's owner reads each.
        if (!options_.code.empty()) return std::exchange(typed_, true) ? "" : options_.code;
        return digits;
    }
    std::string authenticator_code(const std::string& digits) override {
        return code({}, std::exchange(read_, true) && options_.code.empty() ? "" : digits);
    }
    bool turn_key() override { return !options_.no_key; }
    Duration taken() override { return std::chrono::milliseconds(3500); }

private:
    const Options& options_;
    bool typed_ = false;
    bool read_ = false;  // the authenticator: the same code twice is of no use
};

bool has_pictures(const Options& options) {
    return !options.images.empty() || !options.video.empty() || options.webcam >= 0;
}

// The facts of simulated scores, with the rate at which she herself is refused, and the counts of
// the evidence instead of all of its JSON.
Facts readable(Facts facts, const fs::path& file) {
    std::ifstream in(file);
    const Json scores = Json::parse(in, nullptr, false);
    if (scores.is_discarded() || !scores.contains("provenance")) return facts;
    const Json& evidence = scores["provenance"];
    const Json set = evidence.value("data_set", Json::object());
    std::ostringstream counts;
    counts << evidence.value("genuine", 0) << " genuine and " << evidence.value("impostor", 0)
           << " impostor comparisons on " << set.value("name", "unnamed pictures") << ", "
           << set.value("pictures", 0) << " pictures of " << set.value("persons", 0) << " persons";
    for (auto& [name, value] : facts) {
        if (name == "evidence") value = counts.str();
    }
    const Json threshold = scores.value("threshold", Json::object());
    if (threshold.contains("fnmr") && threshold["fnmr"].is_number()) {
        std::ostringstream rate;
        rate << std::setprecision(4) << threshold["fnmr"].get<double>() << " measured";
        facts.insert(facts.end() - 1, {"false non-match rate", rate.str()});
    }
    return facts;
}

// What the camera sees, and the model that compares it.
class Eyes {
public:
    explicit Eyes(const Options& options) : options_(options) {
        if (!pictures()) {
            const fs::path file = default_scores();
            scores_ = sim::ScoreModel::load(file);
            const auto source = scenarios::score_source(file);
            threshold_ = source->threshold();
            model_ = scores_->id;
            facts_ = readable(source->facts(), file);
            return;
        }
        vision::use_one_thread();
        pack_.emplace(load_comparing_pack(options.pack));
        threshold_ = threshold_of(*pack_);
        model_ = pack_->model();
        facts_ = {{"vision", "pictures through the real pipeline"},
                  {"face model", pack_->summary()},
                  {"liveness", "declared: NOT MEASURED"}};
        if (!answers()) facts_.emplace_back("challenge", "NOT DEMANDED: pictures answer nothing");
    }

    [[nodiscard]] bool pictures() const { return has_pictures(options_); }
    // Whether somebody is there who can do what the screen asks for.
    [[nodiscard]] bool answers() const { return !pictures() || options_.webcam >= 0; }
    [[nodiscard]] const sim::ScoreModel* scores() const { return scores_ ? &*scores_ : nullptr; }
    [[nodiscard]] const auth::FaceThreshold& threshold() const { return threshold_; }
    [[nodiscard]] FaceModelId model() const { return model_; }
    // What the visit rests on: model, threshold, measured error rates, how liveness is known.
    [[nodiscard]] const Facts& facts() const { return facts_; }

    [[nodiscard]] VisitStage::MakeFace make_face() {
        if (!pictures()) return {};
        return [this](sim::World& world, sim::SiteId site, sim::PersonId visitor,
                      const hal::Clock& clock) -> std::unique_ptr<hal::FaceObserver> {
            return std::make_unique<PictureObserver>(
                camera(world, site, visitor, clock), clock, *pack_, sim::DeclaredLiveness(1.0),
                answers() ? PictureObserver::Repeats::refused : PictureObserver::Repeats::allowed);
        };
    }

private:
    std::unique_ptr<hal::Camera> camera(sim::World& world, sim::SiteId site, sim::PersonId visitor,
                                        const hal::Clock& clock) {
        if (!options_.video.empty()) return sim::open_video(options_.video, clock);
        if (options_.webcam >= 0) {
            pi::V4l2CameraConfig webcam;
            webcam.device = "/dev/video" + std::to_string(options_.webcam);
            return std::make_unique<pi::V4l2Camera>(webcam, clock);
        }
        shown_[visitor] = sim::load_images(pictures_in(options_.images));
        return std::make_unique<sim::PeopleCamera>(world, site, clock, shown_);
    }

    const Options& options_;
    std::optional<sim::ScoreModel> scores_;
    std::optional<vision::ModelPack> pack_;
    sim::PeopleCamera::Pictures shown_;
    auth::FaceThreshold threshold_;
    FaceModelId model_;
    Facts facts_;
};

// `answers`: somebody is there; pictures are not asked for gestures.
auth::Policy make_policy(const Options& options, const auth::FaceThreshold& threshold,
                         bool answers) {
    auth::Policy policy = auth::locker(threshold);
    if (options.policy == "locker-keyless") policy = auth::locker_keyless(threshold);
    if (options.policy == "atm-access") policy = auth::atm_access(threshold);
    std::string problems;
    for (const std::string& problem : policy.check()) problems += "\n  " + problem;
    if (!problems.empty()) throw InputError("the policy is not fit for a door:" + problems);
    policy.challenge.required = answers;
    return policy;
}

// A throw-away strongroom for whoever just wants to see a visit.
struct Demonstration {
    store::MemoryAnchor anchor;
    std::unique_ptr<store::AeadSealer> sealer;
    std::unique_ptr<store::KeyedChain> chain;
    std::unique_ptr<store::SqliteRecords> records;
};

constexpr CustomerId demo_customer{1};
constexpr LockerId demo_locker{12};
constexpr FingerSlot demo_slot = 5;
constexpr std::string_view demo_phone = "+15550100142";

std::unique_ptr<Demonstration> make_demonstration(const sim::ScoreModel& scores,
                                                  const auth::Policy& policy, const Key256& master,
                                                  hal::Entropy& entropy, store::Moment moment) {
    auto demo = std::make_unique<Demonstration>();
    demo->sealer = std::make_unique<store::AeadSealer>(master);
    demo->chain = std::make_unique<store::KeyedChain>(master);
    auto records = store::SqliteRecords::open({.path = ":memory:",
                                               .vfs = {},
                                               .master = master,
                                               .sealer = *demo->sealer,
                                               .chain = *demo->chain,
                                               .anchor = demo->anchor,
                                               .entropy = entropy,
                                               .lockout = policy.lockout,
                                               .sends = policy.code.sends,
                                               .terminal = door,
                                               .opened = moment});
    if (!records) throw InputError(records.error().message);
    demo->records = std::move(*records);
    bool well = demo->records->add_customer(moment, "Ada", demo_phone, demo_customer).has_value() &&
                demo->records->add_locker(moment, demo_locker).has_value() &&
                demo->records->assign(moment, demo_locker, demo_customer).has_value();
    for (int i = 0; i < 3 && well; ++i) {
        well = demo->records
                   ->add_template(moment, demo_customer,
                                  sim::make_template(demo_customer.value, i, scores.id))
                   .has_value();
    }
    well = well && demo->records
                       ->add_finger(moment, demo_customer,
                                    {simulated_sensor,
                                     sim::make_finger_reference(demo_slot, demo_customer.value)})
                       .has_value();
    std::array<std::byte, auth::AuthenticatorSeed::size> seed{};
    well =
        well && entropy.fill(seed) &&
        demo->records->set_authenticator(moment, demo_customer, {auth::AuthenticatorSeed(seed), {}})
            .has_value();
    if (!well) throw InputError("the demonstration's store could not be made");
    return demo;
}

void print(const Options& options, const VisitResult& result, const Facts& facts) {
    if (options.json) {
        Json json{{"opened", result.opened},
                  {"last_prompt", result.last_prompt},
                  {"seconds", static_cast<double>(milliseconds(result.played)) / 1000}};
        for (const auto& [name, value] : facts) json["rests_on"][name] = value;
        json["story"] = result.story;
        std::cout << json.dump(2) << "\n";
        return;
    }
    std::cout << "\n";
    for (const auto& [name, value] : facts) std::cout << name << ": " << value << "\n";
    std::cout << (result.opened ? "The locker was opened.\n" : "The locker stayed closed.\n");
}

// Options that contradict each other or would be ignored.
void check(const Options& options) {
    const bool pictures = has_pictures(options);
    const int cameras = (options.images.empty() ? 0 : 1) + (options.video.empty() ? 0 : 1) +
                        (options.webcam >= 0 ? 1 : 0);
    if (cameras > 1) {
        throw InputError("there is one camera: give one of --images, --video and --webcam");
    }
    if (pictures && options.customer == 0) {
        throw InputError(
            "pictures show a real person: enrol her with `strongroom enroll --images`, then give "
            "--customer and --locker");
    }
    if (pictures && options.face != "self") {
        throw InputError("--face is for simulated faces: who stands there is in the pictures");
    }
    if (options.finger != "self" && options.policy != "atm-access") {
        throw InputError("--finger needs --policy atm-access: the others ask for no finger");
    }
    if (options.customer == 0 && options.locker != 0) {
        throw InputError("--locker needs --customer: who wants to open it?");
    }
    if (options.customer == 0 && !options.home.empty()) {
        throw InputError("--home needs --customer and --locker: who wants to open what?");
    }
    if (options.customer != 0 && options.locker == 0) {
        throw InputError("--customer needs --locker: which one does she want?");
    }
}

// Where the simulated sensor holds her finger.
std::optional<FingerSlot> simulated_slot(const store::CustomerRecord& customer) {
    for (const store::FingerEnrolment& finger : customer.fingers) {
        if (finger.sensor == simulated_sensor) return finger.reference.slot;
    }
    return std::nullopt;
}

// A terminal tells a stranger nothing of who is a customer. Whoever tries the program out wants to
// know why the door stayed closed.
void explain(const Options& options, const store::CustomerRecord& customer, FaceModelId model) {
    const std::string who = "customer " + std::to_string(options.customer);
    if (!customer.known) {
        std::cerr << "note: the store has no " << who << " (`strongroom enroll` adds one)\n";
        return;
    }
    if (!customer.entitled) {
        std::cerr << "note: " << who << " does not hold locker " << options.locker << "\n";
    }
    if (options.policy == "atm-access" && !simulated_slot(customer)) {
        std::cerr << "note: " << who
                  << " has no finger in the simulated sensor: enrol her with --finger\n";
    }
    const bool comparable =
        std::any_of(customer.templates.begin(), customer.templates.end(),
                    [&](const hal::FaceTemplate& face) { return face.model == model; });
    if (!comparable) {
        std::cerr << "note: " << who
                  << " is enrolled with another face model than this camera's: give --images, "
                     "--video or --webcam when she was enrolled from pictures, with the same "
                     "--pack, and none of them when she was enrolled with --simulated\n";
    }
}

int visit(const Options& options) {
    pi::SystemClock system_clock;
    pi::SystemEntropy entropy;
    check(options);
    Eyes eyes(options);
    const auth::Policy policy = make_policy(options, eyes.threshold(), eyes.answers());
    // The simulated clock starts at zero; the store is opened in the same time.
    const store::Moment moment{Instant{}, system_clock.wall()};
    VisitSetup setup;
    setup.policy = policy;
    setup.entropy = &entropy;
    setup.start = moment.wall;
    setup.seed = options.seed;
    setup.out = options.json ? nullptr : &std::cout;

    std::unique_ptr<Demonstration> demo;
    OpenStore opened;
    store::SqliteRecords* records = nullptr;
    if (options.customer == 0) {
        std::array<std::byte, Key256::size> bytes{};
        if (!entropy.fill(bytes)) throw InputError("the system gives no random bytes");
        opened.master = Key256(bytes);
        demo = make_demonstration(*eyes.scores(), policy, opened.master, entropy, moment);
        records = demo->records.get();
        setup.customer = demo_customer;
        setup.locker = demo_locker;
        if (!options.json) {
            std::cout << "A strongroom for this visit only: you are Ada, customer 1, and hold the "
                         "key to locker 12.\n(To keep one: strongroom enroll --help)\n\n";
        }
    } else {
        opened = open_store(Home::find(options.home), false, policy, door, moment, entropy);
        records = opened.records.get();
        setup.customer = CustomerId{options.customer};
        setup.locker = LockerId{options.locker};
    }
    setup.code_key = opened.master.derive("one-time codes");
    const auto customer = records->load(moment, setup.customer, setup.locker);
    setup.phone =
        std::string(customer && customer->known ? customer->phone.reveal_text() : demo_phone);
    if (customer && customer->authenticator) setup.authenticator = customer->authenticator->seed;
    setup.no_sms = options.no_sms;
    setup.face_identity = options.face == "self" ? setup.customer.value : stranger;

    if (customer) setup.finger_slot = simulated_slot(*customer);
    if (options.finger == "stranger") setup.finger = ShownFinger::strangers;
    if (options.finger == "cast") setup.finger = ShownFinger::cast;
    setup.real_time = options.webcam >= 0;
    VisitStage stage(setup, *records, eyes.scores(), eyes.make_face());
    AskingVisitor asking(options.json ? std::cerr : std::cout);
    DecidedVisitor decided(options);
    const bool ask = !options.yes && options.code.empty() && !options.no_key;
    const VisitResult result = stage.play(ask ? static_cast<Visitor&>(asking) : decided);
    print(options, result, eyes.facts());
    if (!result.opened && customer && options.customer != 0) {
        explain(options, *customer, eyes.model());
    }
    return result.opened ? 0 : 1;
}

}  // namespace

void add_visit_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("visit", "Be the customer: show your face, type the code, turn the key");
    command
        ->add_option("--customer", options->customer,
                     "An enrolled customer's number (default: a demonstration customer)")
        ->check(CLI::PositiveNumber)
        ->type_name("NUMBER");
    command->add_option("--locker", options->locker, "The locker she wants")
        ->check(CLI::PositiveNumber)
        ->type_name("NUMBER");
    command->add_option("--policy", options->policy, "What has to be shown")
        ->check(CLI::IsMember({"locker", "locker-keyless", "atm-access"}))
        ->capture_default_str();
    command
        ->add_option(
            "--face", options->face,
            "Whose face the simulated camera sees: the customer's own, or one never enrolled")
        ->check(CLI::IsMember({"self", "stranger"}))
        ->capture_default_str();
    command
        ->add_option("--finger", options->finger,
                     "With atm-access: what is laid on the simulated sensor; her own finger, a "
                     "stranger's, or a cast of hers")
        ->check(CLI::IsMember({"self", "stranger", "cast"}))
        ->capture_default_str();
    command
        ->add_option("--images", options->images,
                     "What the camera sees: pictures, or folders of them")
        ->type_name("FILE|DIR");
    command->add_option("--video", options->video, "What the camera sees: a video file")
        ->type_name("FILE");
    command->add_option("--webcam", options->webcam, "Look through this machine's camera")
        ->check(CLI::NonNegativeNumber)
        ->type_name("NUMBER");
    add_pack_options(*command, options->pack);
    command->add_flag("--yes", options->yes,
                      "Ask nothing: type the code from the phone and turn the key");
    command->add_option("--code", options->code, "Ask nothing: type this code instead")
        ->type_name("DIGITS");
    command->add_flag("--no-key", options->no_key, "Ask nothing: do not turn the key");
    command->add_flag("--no-sms", options->no_sms,
                      "No provider can be reached: her authenticator's code is asked for, if she "
                      "has one (`strongroom authenticator`)");
    command->add_option("--seed", options->seed, "Of the simulated world")->capture_default_str();
    add_home_option(*command, options->home);
    command->add_flag("--json", options->json, "Say how it went as JSON");
    command->footer(
        "Examples:\n"
        "  strongroom visit                          you are asked for code and key\n"
        "  strongroom visit --yes                    the whole visit without questions\n"
        "  strongroom visit --yes --face stranger    somebody else tries\n"
        "  strongroom visit --policy atm-access --yes --finger cast    face, a finger's cast, "
        "code\n"
        "  strongroom visit --code 000000            a guess instead of the code\n"
        "  strongroom visit --customer 1 --locker 12 --images photos/ada --models models/\n"
        "The terminal, the session and the store are those of a real door; camera, phone, lock "
        "and\n"
        "time are simulated. Pictures are what a print attack shows, so liveness is declared, and\n"
        "said to be NOT MEASURED. Wrong codes count in the store, as they would at the door.\n"
        "Exit status: 0 the locker was opened, 1 it was not, 2 invalid input.");
    command->callback([options, &exit_code] { exit_code = visit(*options); });
}

}  // namespace strongroom::cli
