#include "face_attacks.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <utility>

#include "home.h"
#include "pad_kind.h"
#include "pad_result.h"
#include "report/report.h"
#include "sim_camera/video_camera.h"
#include "vision/face_pipeline.h"
#include "vision/image.h"
#include "vision/threads.h"
#include "work.h"

namespace strongroom::cli {

namespace fs = std::filesystem;
using namespace biometrics;

namespace {

constexpr auto video_step = std::chrono::milliseconds(100);
constexpr int video_steps = 100;

class SteppedClock final : public hal::Clock {
public:
    [[nodiscard]] Instant now() const override { return now_; }
    [[nodiscard]] WallTime wall() const override { return {}; }
    void step() { now_ += video_step; }

private:
    Instant now_{};
};

bool is_picture(const fs::path& file) {
    std::string extension = file.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::array known{".jpg", ".jpeg", ".png", ".bmp", ".pgm", ".ppm", ".pbm", ".pnm"};
    return std::find(known.begin(), known.end(), extension) != known.end();
}

// What the detector says of the longest track of a film, or of a picture; none: no face, or it
// failed.
class Scores {
public:
    explicit Scores(Pad& pad) : analyser_(pad.pack, pad.detector()) {}
    void look(const hal::Frame& frame) {
        const auto seen = analyser_.analyse_next(frame);
        if (!seen || seen->faces == 0 || !std::isfinite(seen->liveness.score)) return;
        Track& track = tracks_[seen->track.value];
        ++track.frames;
        track.score = seen->liveness.score;
    }
    [[nodiscard]] std::optional<double> longest() const {
        const Track* best = nullptr;
        for (const auto& [id, track] : tracks_) {
            if (best == nullptr || track.frames > best->frames) best = &track;
        }
        return best == nullptr ? std::nullopt : std::optional(best->score);
    }

private:
    struct Track {
        int frames = 0;
        double score = 0;
    };
    vision::FaceAnalyser analyser_;
    std::map<std::uint64_t, Track> tracks_;
};

std::optional<double> score_picture(Pad& pad, const fs::path& file) {
    const auto frame = vision::read_image(file);
    if (!frame) {
        throw InputError(file.string() + " " + std::string(vision::describe(frame.error())));
    }
    Scores scores(pad);
    scores.look(*frame);
    return scores.longest();
}

std::optional<double> score_video(Pad& pad, const fs::path& file) {
    SteppedClock clock;
    Scores scores(pad);
    int frames = 0;
    try {
        const auto camera = sim::open_video(file, clock);
        if (!camera->start()) throw InputError(file.string() + " cannot be played as a video");
        for (int i = 0; i < video_steps; ++i) {
            clock.step();
            const auto frame = camera->poll();
            if (!frame && frame.error().code == Errc::disconnected) break;  // its end
            if (!frame || !*frame) continue;
            ++frames;
            scores.look(**frame);
        }
    } catch (const sim::VideoError& error) {
        throw InputError(error.what());
    }
    if (frames == 0) {
        throw InputError(file.string() +
                         " holds no frame that can be decoded: convert it, for instance to MP4 "
                         "with H.264");
    }
    return scores.longest();
}

// Numbers for names, in order of appearance; what has no name is of its own.
class Numbers {
public:
    std::uint32_t of(const std::string& name) {
        if (name.empty()) return next_++;
        const auto [at, added] = numbers_.try_emplace(name, next_);
        if (added) ++next_;
        return at->second;
    }

private:
    std::map<std::string, std::uint32_t> numbers_;
    std::uint32_t next_ = 1;
};

PadCampaign label(const std::vector<LabelledFile>& files) {
    PadCampaign campaign;
    Numbers subjects;
    Numbers artefacts;
    for (const LabelledFile& file : files) {
        Presentation presentation;
        presentation.species = campaign.species_position(file.species);
        presentation.subject = subjects.of(file.subject);
        if (presentation.species != 0) {
            presentation.artefact =
                artefacts.of(file.artefact.empty() ? "" : file.species + "/" + file.artefact);
        }
        presentation.label =
            file.file.filename().string() + (file.label.empty() ? "" : " (" + file.label + ")");
        campaign.presentations.push_back(std::move(presentation));
    }
    return campaign;
}

void expect_outputs(const AttackOutputs& outputs) {
    for (const auto& target : {outputs.json, outputs.scores, outputs.html}) {
        if (!target.empty()) report::expect_writable(target);
    }
}

void tell(const PadReport& report, const AttackOutputs& outputs) {
    const PadFindings findings = findings_of(report);
    print_report(std::cout, report, findings);
    if (!outputs.scores.empty()) {
        std::ostringstream csv;
        write_csv(csv, report.campaign, report.threshold);
        report::write_whole(outputs.scores, csv.str());
    }
    if (!outputs.html.empty()) report::write_whole(outputs.html, html_of(report, findings));
    if (!outputs.json.empty()) report::write_whole(outputs.json, json_of(report, findings));
}

std::string command_of(const PadCampaignOptions& options, bool common_criteria) {
    std::ostringstream out;
    out << "strongroom face evaluate --liveness";
    if (common_criteria) {
        out << " --protocol common-criteria";
    } else {
        out << " --simulated " << options.people << " --bona-fide " << options.bona_fide
            << " --artefacts " << options.artefacts << " --presentations " << options.presentations;
    }
    for (std::size_t i = 0; i < options.species.size(); ++i) {
        out << (i == 0 ? " --species " : ",") << people::to_string(options.species[i]);
    }
    if (options.set != people::Set::test) out << " --set " << people::to_string(options.set);
    if (options.pad != "embedded") out << " --pad " << options.pad;
    if (options.threshold >= 0) out << " --pad-threshold " << options.threshold;
    if (!options.thresholds.empty()) out << " --thresholds " << options.thresholds.string();
    if (!options.whole_system) out << " --passive-only";
    if (!options.challenge) out << " --no-challenge";
    out << " --difficulty " << options.difficulty << " --seconds " << options.seconds << " --seed "
        << options.seed;
    return out.str();
}

std::string describe_campaign(const PadCampaignOptions& options, const PadOutcome& outcome,
                              bool common_criteria) {
    const auto attacks =
        std::count_if(outcome.campaign.presentations.begin(), outcome.campaign.presentations.end(),
                      [](const Presentation& p) { return p.species != 0; });
    std::ostringstream out;
    out << (common_criteria ? std::size_t{3} : options.people) << " people of the "
        << people::to_string(options.set) << " set; " << attacks << " attacks and "
        << static_cast<std::ptrdiff_t>(outcome.campaign.presentations.size()) - attacks
        << " visits of living people, each a film; artefacts that no detector was trained on";
    return out.str();
}

}  // namespace

int evaluate_attacks(const AttackFolder& options) {
    vision::use_one_thread();
    expect_outputs(options.outputs);
    const std::vector<LabelledFile> files = read_labels(options.folder);
    const PadKind kind = pad_kind(options.pad, options.pack);
    PadReport report;
    report.campaign = label(files);
    // One after the other: the video library keeps a state of its own.
    do_all(files.size(), 1, "files", [&] {
        auto pad = std::shared_ptr<Pad>(kind.make());
        return [&, pad](std::size_t item) {
            const fs::path& file = files[item].file;
            report.campaign.presentations[item].liveness =
                is_picture(file) ? score_picture(*pad, file) : score_video(*pad, file);
        };
    });
    report.threshold = options.threshold < 0 ? kind.threshold : options.threshold;
    report.source = options.folder.string() + ": " + std::to_string(files.size()) +
                    " presentations, measured on the files themselves";
    report.facts = {{"detector", kind.name + ": " + kind.model},
                    {"threshold", std::to_string(report.threshold)}};
    std::ostringstream command;
    command << "strongroom face evaluate --attacks " << options.folder.string() << " --pad "
            << options.pad;
    if (options.threshold >= 0) command << " --pad-threshold " << options.threshold;
    report.command = command.str();
    report.options = {options.outputs.rounds, options.seed};
    tell(report, options.outputs);
    return 0;
}

int evaluate_liveness(const PadCampaignOptions& options, const AttackOutputs& outputs,
                      bool common_criteria) {
    vision::use_one_thread();
    expect_outputs(outputs);
    PadReport report;
    PadOutcome outcome;
    if (common_criteria) {
        CriteriaOutcome criteria = run_common_criteria(options);
        for (auto& species : criteria.species) {
            report.criteria.push_back({species.name, species.trial});
        }
        outcome = std::move(criteria.outcome);
    } else {
        outcome = run_campaign(options);
    }
    report.source = describe_campaign(options, outcome, common_criteria);
    report.campaign = std::move(outcome.campaign);
    report.threshold = outcome.threshold;
    report.facts = {{"detector", outcome.detector},
                    {"threshold", std::to_string(outcome.threshold)}};
    if (!outcome.policy.empty()) report.facts.push_back({"whole system", outcome.policy});
    if (outcome.not_enrolled > 0) {
        report.facts.push_back({"people who could not be enrolled",
                                std::to_string(outcome.not_enrolled) + ", left out"});
    }
    report.command = command_of(options, common_criteria);
    report.options = {outputs.rounds, options.seed};
    report.seconds = outcome.seconds;
    tell(report, outputs);
    return 0;
}

}  // namespace strongroom::cli
