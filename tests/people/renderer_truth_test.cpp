// The truth that comes with a picture agrees with what is in it.
#include <functional>

#include "catch.h"
#include "people/renderer.h"
#include "pictures.h"

using namespace strongroom;
using namespace strongroom::people;
using namespace strongroom::test;

namespace {

Shot quiet() {
    Shot shot;
    shot.lens.noise = 0;
    shot.place.distance = 0.45;
    return shot;
}

vision::Point eye_of(const Picture& picture, bool left) {
    const auto marks = picture.face->landmarks();
    return marks.points[left ? 0 : 1];
}

}  // namespace

TEST_CASE("people truth: eyes are dark in the middle and change where they are said to blink") {
    Renderer renderer;
    for (std::uint64_t person = 1; person <= 12; ++person) {
        Head head = make_head(person);
        head.skin = {0.55, 0.37, 0.29};
        head.iris = {0.02, 0.011, 0.008};
        Shot shot = quiet();
        const Picture open = renderer.render(head, shot);
        shot.expression.eyes_open = 0;
        const Picture shut = renderer.render(head, shot);
        for (const bool left : {true, false}) {
            const vision::Point eye = eye_of(open, left);
            INFO("person " << person << (left ? " left" : " right"));
            CHECK(mean_around(open, eye, 2) < 0.85 * mean_around(shut, eye, 2));
            CHECK(difference_around(open, shut, eye, 4) > 15);
        }
        CHECK(difference_around(open, shut, point_of(open, Point::nose_tip), 4) < 0.5);
        const double open_height =
            point_of(open, Point::left_eye_lower).y - point_of(open, Point::left_eye_upper).y;
        const double shut_height =
            point_of(shut, Point::left_eye_lower).y - point_of(shut, Point::left_eye_upper).y;
        CHECK(open_height > 4);
        CHECK(std::abs(shut_height) < 1.5);
    }
}

TEST_CASE("people truth: an open mouth is dark between its inner points") {
    Renderer renderer;
    for (std::uint64_t person = 1; person <= 8; ++person) {
        Shot shot = quiet();
        const Picture shut = renderer.render(make_head(person), shot);
        shot.expression.mouth_open = 1;
        const Picture open = renderer.render(make_head(person), shot);
        const vision::Point upper = point_of(open, Point::mouth_inner_upper);
        const vision::Point lower = point_of(open, Point::mouth_inner_lower);
        INFO("person " << person);
        CHECK(lower.y - upper.y > 15);
        CHECK(point_of(shut, Point::mouth_inner_lower).y -
                  point_of(shut, Point::mouth_inner_upper).y <
              4);
        const vision::Point dark{(upper.x + lower.x) / 2, lower.y - 0.3 * (lower.y - upper.y)};
        CHECK(mean_around(open, dark, 2) < 60);
        CHECK(point_of(open, Point::chin).y > point_of(shut, Point::chin).y + 8);
    }
}

TEST_CASE("people truth: points move with yaw, pitch and roll as a camera sees them") {
    Renderer renderer;
    const Head head = make_head(12);
    Shot shot = quiet();
    const auto nose_from_eyes = [&] {
        const Picture p = renderer.render(head, shot);
        const auto marks = p.face->landmarks().points;
        return vision::Point{marks[2].x - (marks[0].x + marks[1].x) / 2,
                             marks[2].y - (marks[0].y + marks[1].y) / 2};
    };
    const vision::Point straight = nose_from_eyes();
    CHECK(std::abs(straight.x) < 1);
    shot.pose.yaw = 20;
    CHECK(nose_from_eyes().x > 8);
    shot.pose.yaw = -20;
    CHECK(nose_from_eyes().x < -8);
    shot.pose = {};
    shot.pose.pitch = 15;
    CHECK(nose_from_eyes().y < straight.y - 4);
    shot.pose.pitch = -15;
    CHECK(nose_from_eyes().y > straight.y + 4);
    shot.pose = {};
    shot.pose.roll = 15;
    const auto marks = renderer.render(head, shot).face->landmarks().points;
    const double angle = std::atan2(marks[1].y - marks[0].y, marks[1].x - marks[0].x) * 57.29578;
    CHECK(std::abs(angle - 15) < 2);
}

TEST_CASE("people truth: vision's own estimate agrees with the yaw that was asked for") {
    Renderer renderer;
    Shot shot = quiet();
    for (const double yaw : {-20.0, 0.0, 20.0}) {
        shot.pose.yaw = yaw;
        const auto pose =
            vision::estimate_pose(renderer.render(make_head(5), shot).face->landmarks());
        CHECK(std::abs(pose.yaw - yaw) < 12);
    }
}

TEST_CASE("people truth: twice the distance is half the size") {
    Renderer renderer;
    Shot shot = quiet();
    const auto eyes = [&](double distance) {
        shot.place.distance = distance;
        const auto marks = renderer.render(make_head(5), shot).face->landmarks().points;
        return std::hypot(marks[1].x - marks[0].x, marks[1].y - marks[0].y);
    };
    const double ratio = eyes(0.5) / eyes(1.0);
    CHECK(ratio > 1.95);
    CHECK(ratio < 2.2);  // the eyes are nearer than the head's centre
}

TEST_CASE("people truth: the face is where she is put, and none when out of the frame") {
    Renderer renderer;
    Shot shot = quiet();
    const Head head = make_head(5);
    const double middle = renderer.render(head, shot).face->box.x;
    shot.place.right = 0.05;
    CHECK(renderer.render(head, shot).face->box.x > middle + 40);
    shot.place.right = 0;
    shot.place.up = 0.05;
    CHECK(renderer.render(head, shot).face->box.y < 240);
    const std::vector<std::function<void(Shot&)>> outside{
        [](Shot& s) { s.place.right = 1; }, [](Shot& s) { s.place.right = -1; },
        [](Shot& s) { s.place.up = 1; }, [](Shot& s) { s.place.up = -1; }};
    for (const auto& put_out : outside) {
        Shot away = quiet();
        put_out(away);
        CHECK_FALSE(renderer.render(head, away).face);
    }
    CHECK_FALSE(renderer.expose(renderer.render_background(shot), shot).face);
}

TEST_CASE("people truth: the box holds the face's points") {
    Renderer renderer;
    Rng rng(15);
    for (std::uint64_t person = 0; person < 10; ++person) {
        const Picture picture = renderer.render(make_head(person), random_shot(rng, 0.5));
        const FaceTruth& face = picture.face.value();
        for (const vision::Point& p : face.points) {
            CHECK(p.x > face.box.x - 3);
            CHECK(p.x < face.box.x + face.box.width + 3);
            CHECK(p.y > face.box.y - 3);
            CHECK(p.y < face.box.y + face.box.height + 3);
        }
    }
}
