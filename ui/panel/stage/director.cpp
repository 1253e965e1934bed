#include "panel/director.h"

#include <algorithm>

#include "scenarios/loader.h"
#include "scenarios/player.h"

namespace strongroom::panel {

namespace {

using Wall = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds slice{12};  // between two snapshots
constexpr milliseconds tables_every{250};

}  // namespace

Director::Director(StageSetup setup, std::function<void()> published)
    : setup_(std::move(setup)), published_(std::move(published)) {
    thread_ = std::thread([this] { work(); });
}

Director::~Director() {
    {
        const std::lock_guard guard(mutex_);
        ends_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

std::shared_ptr<const Snapshot> Director::latest() const {
    const std::lock_guard guard(mutex_);
    return latest_;
}

std::string Director::failure() const {
    const std::lock_guard guard(mutex_);
    return failure_;
}

void Director::post(Order order) {
    {
        const std::lock_guard guard(mutex_);
        inbox_.emplace_back(std::move(order));
    }
    wake_.notify_all();
}

void Director::post(TimeOrder order) {
    {
        const std::lock_guard guard(mutex_);
        inbox_.emplace_back(std::move(order));
    }
    wake_.notify_all();
}

void Director::work() try {
    auto stage = std::make_unique<Stage>(setup_);
    paced_from_ = measured_at_ = Wall::now();
    publish(*stage);
    while (true) {
        std::deque<std::variant<Order, TimeOrder>> orders;
        {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, running_ ? slice : milliseconds(500),
                           [&] { return ends_ || !inbox_.empty(); });
            if (ends_) return;
            orders.swap(inbox_);
        }
        for (const auto& order : orders) carry_out(stage, order);
        const bool idle = !running_ && orders.empty();
        if (running_) pass(*stage);
        if (!orders.empty()) tables_due_ = {};
        if (!idle) publish(*stage);
    }
} catch (const std::exception& problem) {
    const std::lock_guard guard(mutex_);
    failure_ = problem.what();
    if (published_) published_();
}

void Director::carry_out(std::unique_ptr<Stage>& stage,
                         const std::variant<Order, TimeOrder>& order) {
    complaint_.clear();
    if (const auto* done = std::get_if<Order>(&order)) {
        static_cast<void>(stage->carry_out(*done));
        return;
    }
    const TimeOrder& of_time = std::get<TimeOrder>(order);
    if (const auto* other = std::get_if<OpenScenario>(&of_time)) {
        open(stage, *other);
    } else {
        obey(*stage, of_time);
        return;
    }
    from_ = measured_from_ = stage->now();
    paced_from_ = measured_at_ = Wall::now();
    achieved_ = 0;
}

// The stage that is there goes only when the other one stands.
void Director::open(std::unique_ptr<Stage>& stage, const OpenScenario& order) {
    StageSetup setup = setup_;
    try {
        setup.scenario = order.file.empty() ? showroom() : scenarios::load_scenario(order.file);
        setup.seed = order.file.empty() ? setup_.seed : setup.scenario.seed;
        setup.removed = order.removed;
        stage = std::make_unique<Stage>(std::move(setup));
        running_ = true;
    } catch (const std::exception& problem) {
        complaint_ = problem.what();
    }
}

void Director::obey(Stage& stage, const TimeOrder& order) {
    if (const auto* run = std::get_if<Run>(&order)) {
        running_ = true;
        speed_ = std::clamp(run->speed, 0.1, 1000.0);
    } else if (std::holds_alternative<Pause>(order)) {
        running_ = false;
    } else if (const auto* step = std::get_if<Step>(&order)) {
        running_ = false;
        const Instant until = saturating_add(stage.now(), std::max(Duration{}, step->by));
        while (stage.advance(until)) {
        }
    } else if (const auto* back = std::get_if<Rewind>(&order)) {
        running_ = false;
        stage.rewind(std::clamp(back->to, Instant{}, stage.recorded()));
    } else if (const auto* anew = std::get_if<Restart>(&order)) {
        try {
            stage.restart(anew->removed);
            running_ = true;
        } catch (const scenarios::PlayError& refusal) {
            complaint_ = refusal.what();
        }
    }
    from_ = measured_from_ = stage.now();
    paced_from_ = measured_at_ = Wall::now();
    achieved_ = 0;
}

void Director::pass(Stage& stage) {
    const Wall::time_point begin = Wall::now();
    const double wall = std::chrono::duration<double>(begin - paced_from_).count();
    const Instant target =
        from_ + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(wall * speed_));
    while (stage.advance(std::max(target, stage.now()))) {
        if (Wall::now() - begin < slice) continue;
        // It cannot keep up: what was missed is not made up for.
        from_ = stage.now();
        paced_from_ = Wall::now();
        break;
    }
    const Wall::time_point end = Wall::now();
    if (end - measured_at_ < seconds(1)) return;
    achieved_ = std::chrono::duration<double>(stage.now() - measured_from_).count() /
                std::chrono::duration<double>(end - measured_at_).count();
    measured_at_ = end;
    measured_from_ = stage.now();
}

void Director::publish(Stage& stage) {
    const Wall::time_point now = Wall::now();
    const bool tables = now >= tables_due_;
    if (tables) tables_due_ = now + tables_every;
    auto snapshot = std::make_shared<Snapshot>(stage.snapshot(tables));
    snapshot->serial = ++serial_;
    if (!complaint_.empty()) snapshot->complaint = complaint_;
    snapshot->time.running = running_;
    snapshot->time.speed = speed_;
    snapshot->time.achieved = achieved_;
    {
        const std::lock_guard guard(mutex_);
        latest_ = std::move(snapshot);
    }
    if (published_) published_();
}

}  // namespace strongroom::panel
