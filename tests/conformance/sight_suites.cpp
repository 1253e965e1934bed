// Face observer and camera.
#include "catch.h"
#include "rig.h"

namespace strongroom::conformance {
namespace {

using namespace std::chrono_literals;

// Lets time pass until an observation comes; none when it takes longer than the rig states.
std::optional<FaceObservation> next_observation(FaceRig& rig) {
    const Duration step = 10ms;
    for (Duration waited{}; waited <= rig.observes_within(); waited += step) {
        const auto result = rig.device().poll();
        REQUIRE(result);
        if (*result) return *result;
        rig.advance(step);
    }
    return std::nullopt;
}

TEST_CASE("conformance: a face observer that was not started denies") {
    FOR_EACH_RIG(rig, face_observers) {
        CHECK(rig->device().poll().error().code == Errc::denied);
        rig->device().stop();
        CHECK(rig->device().poll().error().code == Errc::denied);
        REQUIRE(rig->device().start(rig->templates()));
        CHECK(rig->device().poll());
        rig->device().stop();
        rig->device().stop();
        CHECK(rig->device().poll().error().code == Errc::denied);
    }
}

TEST_CASE("conformance: a face observer refuses templates of another model, and none at all") {
    FOR_EACH_RIG(rig, face_observers) {
        CHECK(rig->device().start({}).error().code == Errc::unsupported);
        auto templates = rig->templates();
        REQUIRE(templates.front().model == rig->device().model());
        templates.back().model.value ^= 1U;
        CHECK(rig->device().start(templates).error().code == Errc::unsupported);
        CHECK(rig->device().poll().error().code == Errc::denied);
    }
}

TEST_CASE("conformance: observations are in order, each once, and of frames after start") {
    FOR_EACH_RIG(rig, face_observers) {
        rig->show(0);
        rig->advance(1s);
        const Instant started = rig->now();
        REQUIRE(rig->device().start(rig->templates()));
        Instant captured = started;
        std::uint64_t sequence = 0;
        for (int i = 0; i < 5; ++i) {
            const auto seen = next_observation(*rig);
            REQUIRE(seen);
            CHECK(seen->captured >= captured);
            CHECK(seen->captured <= rig->now());
            CHECK(seen->sequence > sequence);
            CHECK(seen->faces == 1);
            CHECK(seen->track);
            CHECK(seen->model == rig->device().model());
            captured = seen->captured;
            sequence = seen->sequence;
        }
        // Started anew, nothing of before is returned.
        rig->advance(rig->observes_within());
        const Instant again = rig->now();
        REQUIRE(rig->device().start(rig->templates()));
        const auto seen = next_observation(*rig);
        REQUIRE(seen);
        CHECK(seen->captured >= again);
    }
}

TEST_CASE("conformance: a face observer compares who stands there with the templates") {
    FOR_EACH_RIG(rig, face_observers) {
        double genuine = 0;
        double impostor = 0;
        REQUIRE(rig->device().start(rig->templates()));
        for (int i = 0; i < 10; ++i) {
            rig->show(0);
            rig->device().stop();
            REQUIRE(rig->device().start(rig->templates()));
            const auto hers = next_observation(*rig);
            REQUIRE(hers);
            REQUIRE(hers->distance);
            genuine += static_cast<double>(*hers->distance);
            rig->show(1);
            rig->device().stop();
            REQUIRE(rig->device().start(rig->templates()));
            const auto other = next_observation(*rig);
            REQUIRE(other);
            REQUIRE(other->distance);
            impostor += static_cast<double>(*other->distance);
        }
        CHECK(genuine < impostor);
    }
}

TEST_CASE("conformance: a frame without a face says so, and another face is another track") {
    FOR_EACH_RIG(rig, face_observers) {
        rig->show_nobody();
        REQUIRE_FALSE(rig->observed().somebody);
        REQUIRE(rig->device().start(rig->templates()));
        const auto empty = next_observation(*rig);
        REQUIRE(empty);
        CHECK(empty->faces == 0);
        CHECK_FALSE(empty->track);
        CHECK_FALSE(empty->distance);

        const auto track_of = [&](int person) {
            rig->show(person);
            const Instant shown = rig->now();
            auto seen = next_observation(*rig);
            while (seen && seen->captured < shown) seen = next_observation(*rig);
            REQUIRE(seen);
            REQUIRE(seen->faces == 1);
            return seen->track;
        };
        const TrackId first = track_of(0);
        const TrackId second = track_of(1);
        CHECK(first != second);
        rig->show_nobody();
        rig->advance(rig->observes_within());
        while (rig->device().poll().value()) {
        }
        CHECK(track_of(1) != second);
    }
}

TEST_CASE("conformance: an observer without its camera is disconnected until it is started again") {
    FOR_EACH_RIG(rig, face_observers) {
        if (!rig->can(Capability::unplug)) continue;
        rig->show(0);
        REQUIRE(rig->device().start(rig->templates()));
        REQUIRE(next_observation(*rig));
        rig->advance(rig->observes_within());  // frames wait
        rig->unplug();
        for (int i = 0; i < 3; ++i) {
            CHECK(rig->device().poll().error().code == Errc::disconnected);
            rig->advance(100ms);
        }
        CHECK(rig->device().start(rig->templates()).error().code == Errc::disconnected);
        rig->plug();
        const Instant plugged = rig->now();
        REQUIRE(rig->device().start(rig->templates()));
        const auto seen = next_observation(*rig);
        REQUIRE(seen);
        CHECK(seen->captured >= plugged);
    }
}

TEST_CASE("conformance: next_poll says when something new can be there") {
    FOR_EACH_RIG(rig, face_observers) {
        rig->show(0);
        REQUIRE(rig->device().start(rig->templates()));
        for (int i = 0; i < 5; ++i) {
            const Instant hint = rig->device().next_poll();
            if (hint == never) break;  // it will wake the runner
            if (hint > rig->now()) {
                rig->advance(hint - rig->now() - 1ns);
                CHECK(rig->device().poll().value() == std::nullopt);
                rig->advance(1ns);
            }
            static_cast<void>(rig->device().poll());
        }
    }
}

std::optional<hal::Frame> next_frame(CameraRig& rig) {
    const Duration step = rig.frame_interval() / 4;
    for (int i = 0; i < 100; ++i) {
        const auto result = rig.device().poll();
        REQUIRE(result);
        if (*result) return *result;
        rig.advance(step);
    }
    return std::nullopt;
}

TEST_CASE("conformance: a camera that was not started denies") {
    FOR_EACH_RIG(rig, cameras) {
        CHECK(rig->device().poll().error().code == Errc::denied);
        REQUIRE(rig->device().start());
        REQUIRE(rig->device().start());
        REQUIRE(next_frame(*rig));
        rig->device().stop();
        rig->device().stop();
        CHECK(rig->device().poll().error().code == Errc::denied);
    }
}

TEST_CASE("conformance: a camera's frames are whole, in order, and none comes twice") {
    FOR_EACH_RIG(rig, cameras) {
        REQUIRE(rig->device().start());
        Instant captured{};
        std::uint64_t sequence = 0;
        for (int i = 0; i < 8; ++i) {
            if (i == 5) {  // also over a restart
                rig->device().stop();
                REQUIRE(rig->device().start());
            }
            const auto frame = next_frame(*rig);
            REQUIRE(frame);
            if (i > 0) CHECK(frame->sequence > sequence);
            CHECK(frame->captured >= captured);
            sequence = frame->sequence;
            captured = frame->captured;
            REQUIRE(frame->width >= 1);
            REQUIRE(frame->height >= 1);
            REQUIRE(frame->pixels);
            CHECK(frame->pixels->size() ==
                  static_cast<std::size_t>(frame->width) * static_cast<std::size_t>(frame->height) *
                      static_cast<std::size_t>(hal::bytes_per_pixel(frame->format)));
            CHECK(rig->device().poll().value() == std::nullopt);
        }
    }
}

TEST_CASE("conformance: a camera says which one it is, and stays that one while it captures") {
    FOR_EACH_RIG(rig, cameras) {
        REQUIRE(rig->device().start());
        const hal::CameraIdentity identity = rig->device().identity();
        CHECK_FALSE(identity.driver.empty());
        for (int i = 0; i < 3; ++i) {
            REQUIRE(next_frame(*rig));
            CHECK(rig->device().identity() == identity);
        }
        rig->device().stop();
        REQUIRE(rig->device().start());
        CHECK(rig->device().identity() == identity);
    }
}

TEST_CASE("conformance: an unplugged camera is disconnected and start recovers it") {
    FOR_EACH_RIG(rig, cameras) {
        if (!rig->can(Capability::unplug)) continue;
        REQUIRE(rig->device().start());
        REQUIRE(next_frame(*rig));
        rig->advance(2 * rig->frame_interval());
        rig->unplug();
        CHECK(rig->device().poll().error().code == Errc::disconnected);
        CHECK(rig->device().poll().error().code == Errc::disconnected);
        CHECK(rig->device().start().error().code == Errc::disconnected);
        rig->plug();
        REQUIRE(rig->device().start());
        CHECK(next_frame(*rig));
    }
}

}  // namespace
}  // namespace strongroom::conformance
