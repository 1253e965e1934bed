#include "session.h"

#include <algorithm>
#include <atomic>
#include <iostream>

#include <imgui.h>
#include <time.h>

#include "frame_times.h"
#include "gl_textures.h"
#include "panel/attachment.h"
#include "panel/director.h"
#include "screenshot.h"
#include "shell.h"

namespace strongroom::panel {

namespace {

// ImGui needs some frames until a page stands as it will stay.
constexpr int frames_to_settle = 5;
constexpr int frames_after_input = 3;

// That this process has used, on all processors.
double processor_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

class Session {
public:
    explicit Session(const SessionSetup& setup);
    int run();

private:
    // Nobody sits there: nothing is remembered, nothing is asked.
    [[nodiscard]] bool unattended() const { return setup_.bench || !setup_.screenshot.empty(); }
    [[nodiscard]] bool attached() const { return !setup_.attach.empty(); }
    static LoadedSettings remembered(const SessionSetup& setup);
    std::unique_ptr<Feed> make_feed();
    // There is something new to be drawn; any thread.
    void tell() {
        news_ = true;
        Window::wake();
    }
    void draw(Picture* copy = nullptr);
    void obey_settings();
    void attend();
    int photograph();
    int measure();
    FrameTimes measure_view(const std::string& title);
    bool wait_until_built();
    void remember();

    SessionSetup setup_;
    LoadedSettings loaded_;
    Window window_;
    Registry registry_;
    GlTextures textures_;
    std::atomic<bool> news_{true};
    // Destroyed before the window that their threads wake.
    std::unique_ptr<Feed> feed_;
    std::unique_ptr<Campaign> campaign_;          // null: attached
    std::unique_ptr<Measurements> measurements_;  // likewise
    Shell shell_;
    std::optional<LabelFile> labels_;
    ThemeName theme_;
    Settings saved_;
    std::shared_ptr<const Snapshot> shown_;
};

LoadedSettings Session::remembered(const SessionSetup& setup) {
    const bool unattended = setup.bench || !setup.screenshot.empty();
    LoadedSettings loaded = unattended ? LoadedSettings{} : load_settings(settings_file());
    Settings& settings = loaded.settings;
    if (setup.width) settings.width = *setup.width;
    if (setup.height) settings.height = *setup.height;
    if (setup.scale) settings.scale = *setup.scale;
    if (!setup.view.empty()) settings.view = setup.view;
    if (!setup.theme.empty()) settings.theme = theme_named(setup.theme).value();
    use_theme(settings.theme);
    return loaded;
}

StageSetup stage_of(const SessionSetup& setup) {
    StageSetup stage = setup.stage;
    if (setup.bench) {
        stage.further_lockers = 1000;
        stage.further_audit_rows = 100'000;
    }
    return stage;
}

MeasurementsSetup measurements_of(const SessionSetup& setup) {
    return {setup.campaign.scores, setup.campaign.catalogue / "H1-locker.yaml"};
}

std::unique_ptr<Feed> Session::make_feed() {
    if (attached()) return std::make_unique<Attachment>(setup_.attach, [this] { tell(); });
    return std::make_unique<Director>(stage_of(setup_), [this] { tell(); });
}

Session::Session(const SessionSetup& setup)
    : setup_(setup),
      loaded_(remembered(setup)),
      window_({loaded_.settings.width, loaded_.settings.height,
               static_cast<float>(loaded_.settings.scale), !unattended()}),
      feed_(make_feed()),
      campaign_(attached() ? nullptr
                           : std::make_unique<Campaign>(setup.campaign, [this] { tell(); })),
      measurements_(
          attached() ? nullptr
                     : std::make_unique<Measurements>(measurements_of(setup), [this] { tell(); })),
      shell_(all_views(), loaded_.settings,
             Context{*feed_, textures_, 1, campaign_.get(), measurements_.get()}),
      theme_(loaded_.settings.theme),
      saved_(loaded_.settings) {
    if (!setup_.labels.empty()) labels_.emplace(setup_.labels);
    if (!loaded_.settings.layout.empty()) {
        ImGui::LoadIniSettingsFromMemory(loaded_.settings.layout.c_str(),
                                         loaded_.settings.layout.size());
    }
    shell_.complain(loaded_.complaint);
    if (!unattended() && !loaded_.settings.tour_seen) shell_.start_tour();
}

int Session::run() {
    if (setup_.bench) return measure();
    if (!setup_.screenshot.empty()) return photograph();
    attend();
    return 0;
}

void Session::obey_settings() {
    const Settings& settings = shell_.settings();
    window_.set_scale(static_cast<float>(settings.scale));
    if (settings.theme == theme_) return;
    theme_ = settings.theme;
    use_theme(theme_);
    window_.restyle();
}

void Session::draw(Picture* copy) {
    obey_settings();
    shown_ = feed_->latest();
    window_.begin_frame();
    registry_.begin_frame();
    shell_.draw(shown_.get(), feed_->failure(), window_.scale());
    registry_.end_frame();
    window_.end_frame(copy);
    if (labels_) {
        const bool written =
            labels_->write(registry_, shell_.view().title(), window_.width(), window_.height(),
                           shown_ ? shown_->serial : 0, window_.seconds());
        if (!written) shell_.complain("The labels could not be written to the file named.");
    }
}

void Session::attend() {
    int due = frames_to_settle;
    double drawn_at = 0;
    bool notice_given = false;
    while (!shell_.closing()) {
        // While nothing changes nothing is drawn, except the cursor where somebody types.
        const bool unwritten = labels_ && labels_->pending();
        const bool touched = window_.wait(due > 0 ? 0 : unwritten ? 0.05 : 0.25);
        if (unwritten) due = std::max(due, 1);
        if (touched) due = std::max(due, frames_after_input);
        if (news_.exchange(false)) due = std::max(due, 1);
        if (ImGui::GetIO().WantTextInput && window_.seconds() - drawn_at > 0.25) due = 1;
        for (const KeyPress& key : window_.take_keys()) shell_.press(key, shown_.get());
        if (window_.take_close_request()) {
            shell_.want_to_close();
            due = frames_after_input;
        }
        if (due == 0) continue;
        --due;
        draw();
        drawn_at = window_.seconds();
        if (!notice_given) shell_.complain(window_.font_notice());
        notice_given = true;
        Settings now = shell_.settings();
        now.layout = saved_.layout;
        now.width = saved_.width;
        now.height = saved_.height;
        if (now != saved_) remember();
    }
    remember();
}

void Session::remember() {
    Settings settings = shell_.settings();
    settings.width = std::clamp(window_.width(), 320, 3840);
    settings.height = std::clamp(window_.height(), 240, 2160);
    settings.layout = ImGui::SaveIniSettingsToMemory();
    if (settings == saved_) return;
    saved_ = settings;
    shell_.complain(save_settings(settings_file(), settings));
}

// False when it cannot be built; that is said.
bool Session::wait_until_built() {
    while (feed_->latest() == nullptr) {
        if (!feed_->failure().empty()) {
            std::cerr << "error: " << feed_->failure() << "\n";
            return false;
        }
        window_.wait(0.1);
    }
    return true;
}

int Session::photograph() {
    // Given before the first moment passes, so that the picture is the same each time.
    if (!attached()) {
        feed_->post(TimeOrder{Pause{}});
        feed_->post(TimeOrder{Step{
            std::chrono::duration_cast<Duration>(std::chrono::duration<double>(setup_.after))}});
    }
    if (!wait_until_built()) return 1;
    const auto is_read = [](const auto& snapshot) { return snapshot && snapshot->serial > 0; };
    while (!attached() && feed_->failure().empty() &&
           (feed_->latest()->serial < 2 || !is_read(campaign_->latest()) ||
            !is_read(measurements_->latest()))) {
        window_.wait(0.1);
    }
    Picture picture;
    for (int i = 0; i < frames_to_settle; ++i) {
        window_.poll();
        draw(i + 1 == frames_to_settle ? &picture : nullptr);
    }
    write_picture(picture, setup_.screenshot);
    return feed_->failure().empty() ? 0 : 1;
}

FrameTimes Session::measure_view(const std::string& title) {
    FrameTimes times;
    times.view = title;
    shell_.show_view(title);
    for (int i = 0; i < frames_to_settle; ++i) draw();
    const double end = window_.seconds() + setup_.bench_seconds;
    const double worked = processor_seconds();
    while (window_.seconds() < end) {
        const double begin = window_.seconds();
        window_.poll();
        draw();
        times.milliseconds.push_back((window_.seconds() - begin) * 1000);
    }
    times.processor_milliseconds =
        (processor_seconds() - worked) * 1000 /
        static_cast<double>(std::max<std::size_t>(times.milliseconds.size(), 1));
    return times;
}

int Session::measure() {
    if (!wait_until_built()) return 1;
    BenchResult result;
    result.renderer = window_.renderer();
    const std::vector<std::string> views =
        setup_.view.empty() ? shell_.titles() : std::vector<std::string>{setup_.view};
    for (const std::string& view : views) result.views.push_back(measure_view(view));
    result.width = window_.width();
    result.height = window_.height();
    const Snapshot& shown = *shown_;
    result.content = std::string(shown.camera.pixels ? "camera with pictures" : "scores alone") +
                     ", time runs, " + std::to_string(shown.lockers ? shown.lockers->size() : 0) +
                     " lockers, " + std::to_string(shown.audit.lines.size()) + " audit rows";
    std::cout << (setup_.json ? bench_json(result) : bench_table(result));
    return feed_->failure().empty() ? 0 : 1;
}

// Throws WindowError when there is none of that name.
void expect_view(const std::string& name) {
    std::string names;
    for (const auto& view : all_views()) {
        if (view->title() == name) return;
        names += (names.empty() ? "" : ", ") + std::string(view->title());
    }
    throw WindowError("there is no view '" + name + "'; the views are " + names);
}

}  // namespace

int run_session(const SessionSetup& setup) {
    if (!setup.view.empty()) expect_view(setup.view);
    if (!setup.screenshot.empty()) expect_picture_file(setup.screenshot);
    Session session(setup);
    return session.run();
}

}  // namespace strongroom::panel
