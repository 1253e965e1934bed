// What a stage is made of, shared by the files that implement it. Private to the stage.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "panel/stage.h"
#include "scenarios/live_arm.h"
#include "sim_camera/render_camera.h"
#include "tape.h"
#include "vision/face_pipeline.h"

namespace strongroom::panel {

struct Stage::Implementation {
    explicit Implementation(StageSetup given);
    ~Implementation();
    Implementation(const Implementation&) = delete;
    Implementation& operator=(const Implementation&) = delete;

    // ---- building and time (stage.cpp) --------------------------------------------------------
    void build();
    void take_down();
    void fill_tables();
    void see(const sim::Fact& fact);
    void follow_prompt(const sim::Fact& fact);
    bool advance(Instant until);
    [[nodiscard]] sim::SiteId site() const { return sim::SiteId{1}; }  // the first
    [[nodiscard]] Instant now() const { return arm->scheduler().now(); }

    // ---- orders (stage_orders.cpp) ------------------------------------------------------------
    std::string obey(const Order& order);

    // ---- how it looks (stage_snapshot.cpp) ----------------------------------------------------
    [[nodiscard]] Snapshot look(bool tables);
    void look_at_camera(CameraSnapshot& camera);
    void look_at_people(Snapshot& snapshot);
    void read_tables();
    void read_audit();
    void add_score(const sim::Fact& fact);

    StageSetup setup;
    std::unique_ptr<scenarios::FaceSource> faces;
    std::deque<Tape> tapes;
    std::unique_ptr<TapedSource> taped;
    std::unique_ptr<scenarios::LiveArm> arm;

    // The recording.
    std::vector<std::pair<Instant, Order>> orders;
    std::size_t next_order = 0;
    Instant recorded{};

    // What was seen since the world began.
    Ledger<EventRow> events;
    std::vector<AlarmRow> alarms;  // oldest first
    std::optional<vision::Look> latest_look;
    std::vector<Score> scores;
    std::optional<hal::FaceObservation> observation;
    bool follows = true;
    std::vector<sim::FaultRule> fault_rules;
    std::string complaint;

    // A bystander's view while the terminal's camera is off.
    std::optional<sim::VirtualClock> preview_clock;
    std::unique_ptr<sim::RenderCamera> preview;
    std::optional<hal::Frame> preview_frame;
    Instant preview_due{};

    // Tables, as they were read last.
    std::set<std::uint64_t> known_lockers;
    std::shared_ptr<const std::vector<LockerRow>> lockers;
    std::shared_ptr<const std::vector<CustomerRow>> customers;
    std::shared_ptr<const std::vector<FaultRow>> faults;
    Ledger<AuditLine> audit;
    std::uint64_t audit_read = 0;  // sequence of the last row
    std::string verdict;
    bool broken = false;
    std::size_t facts_when_read = 0;
};

// The policy's steps and how far the session has come in them. `now` on the terminal's clock.
[[nodiscard]] std::vector<FactorStep> steps_of(const auth::Policy& policy,
                                               const auth::SessionSnapshot& session, Instant now);

}  // namespace strongroom::panel
