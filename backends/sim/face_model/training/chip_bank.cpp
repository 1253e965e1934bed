#include "chip_bank.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>

#include <opencv2/imgproc.hpp>

#include "network.h"
#include "scenes.h"
#include "vision/stages.h"

namespace strongroom::face_model {

namespace {

constexpr std::size_t chip_bytes = std::size_t{chip_size} * chip_size * 3;

// Renders one person again and again.
class ChipMaker {
public:
    ChipMaker(const ChipPlan& plan, const LandmarkModel& model, const BoxHabit& habit)
        : plan_(plan), model_(model), habit_(habit) {}

    void make(std::size_t person, std::uint8_t* chips, float* numbers) {
        const people::Head head = person_of(plan_.set, person);
        const auto all = people::numbers_of(head);
        std::copy(all.begin(), all.end(), numbers);
        Rng rng = Rng(plan_.seed + person * 6007).fork("chips");
        for (std::size_t i = 0; i < plan_.each; ++i) {
            const auto chip = one(head, rng);
            std::copy(chip.begin(), chip.end(), chips + i * chip_bytes);
        }
    }

private:
    std::vector<std::uint8_t> one(const people::Head& head, Rng& rng) {
        for (int attempt = 0; attempt < 50; ++attempt) {
            const double difficulty = std::min(0.75, rng.uniform(0, 0.9));
            people::Shot shot = draw_shot(rng, difficulty, rng.uniform() < 0.15);
            close_in(shot, 0.6);
            people::Picture picture = renderer_.render(head, shot);
            if (!picture.face) continue;
            const vision::Box box = habit_.draw(*picture.face, rng);
            hal::Frame frame;
            frame.width = picture.width;
            frame.height = picture.height;
            frame.pixels =
                std::make_shared<const std::vector<std::uint8_t>>(std::move(picture.pixels));
            const cv::Mat bgr(frame.height, frame.width, CV_8UC3,
                              const_cast<std::uint8_t*>(frame.pixels->data()));
            cv::Mat grey;
            cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
            const Shape shape =
                model_.forest.place({grey.data, grey.cols, grey.rows, grey.step[0]}, box);
            auto chip = vision::align(frame, landmarks_of(shape), chip_template, chip_size);
            if (chip) return std::move(chip->pixels);
        }
        throw std::runtime_error("no picture of person " + std::to_string(head.seed) +
                                 " gives a chip");
    }

    const ChipPlan& plan_;
    const LandmarkModel& model_;
    const BoxHabit& habit_;
    people::Renderer renderer_{1};
};

}  // namespace

const std::uint8_t* ChipBank::chip(std::size_t person, std::size_t which) const {
    return &pixels[(person * each + which) * chip_bytes];
}

ChipBank make_chips(const ChipPlan& plan, const LandmarkModel& model, const BoxHabit& habit) {
    ChipBank bank;
    bank.persons = plan.persons;
    bank.each = plan.each;
    bank.pixels.resize(plan.persons * plan.each * chip_bytes);
    bank.numbers.resize(plan.persons);
    std::vector<std::unique_ptr<ChipMaker>> makers;
    for (std::size_t i = 0; i < plan.threads; ++i) {
        makers.push_back(std::make_unique<ChipMaker>(plan, model, habit));
    }
    std::atomic<std::size_t> done{0};
    in_parallel(plan.persons, plan.threads, [&](std::size_t person, std::size_t thread) {
        makers[thread]->make(person, &bank.pixels[person * plan.each * chip_bytes],
                             bank.numbers[person].data());
        const std::size_t so_far = ++done;
        if (so_far % 200 == 0) {
            std::printf("chips: %zu of %zu people\n", so_far, plan.persons);
            std::fflush(stdout);
        }
    });
    return bank;
}

void save(const ChipBank& bank, const std::string& file) {
    std::ofstream out(file, std::ios::binary);
    const std::array<std::uint64_t, 2> head{bank.persons, bank.each};
    out.write(reinterpret_cast<const char*>(head.data()), sizeof head);
    out.write(reinterpret_cast<const char*>(bank.numbers.data()),
              static_cast<std::streamsize>(bank.numbers.size() * sizeof bank.numbers[0]));
    out.write(reinterpret_cast<const char*>(bank.pixels.data()),
              static_cast<std::streamsize>(bank.pixels.size()));
    if (!out.flush()) throw std::runtime_error(file + ": cannot be written");
}

ChipBank load_chips(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::array<std::uint64_t, 2> head{};
    in.read(reinterpret_cast<char*>(head.data()), sizeof head);
    if (!in || head[0] > 1'000'000 || head[1] > 10'000) {
        throw std::runtime_error(file + ": is no file of chips");
    }
    ChipBank bank;
    bank.persons = head[0];
    bank.each = head[1];
    bank.numbers.resize(bank.persons);
    bank.pixels.resize(bank.persons * bank.each * chip_bytes);
    in.read(reinterpret_cast<char*>(bank.numbers.data()),
            static_cast<std::streamsize>(bank.numbers.size() * sizeof bank.numbers[0]));
    in.read(reinterpret_cast<char*>(bank.pixels.data()),
            static_cast<std::streamsize>(bank.pixels.size()));
    if (!in) throw std::runtime_error(file + ": is cut short");
    return bank;
}

}  // namespace strongroom::face_model
