#include <string>

#include "catch.h"
#include "face_model/embedded_pack.h"

using namespace strongroom;
using Catch::Matchers::Contains;

namespace {

// What loading says, as one text.
std::string refusal(std::string_view landmarks, std::string_view embedder) {
    try {
        (void)face_model::pack_with({landmarks, embedder});
    } catch (const vision::PackError& error) {
        return error.what();
    }
    return "loaded";
}

}  // namespace

TEST_CASE("face model: the weights fit into two megabytes and load") {
    const auto weights = face_model::embedded_weights();
    CHECK(weights.landmarks.size() + weights.embedder.size() <= 2'000'000);
    CHECK(refusal(weights.landmarks, weights.embedder) == "loaded");
}

TEST_CASE("face model: truncated weights are refused by name") {
    const auto weights = face_model::embedded_weights();
    for (const std::size_t kept :
         {std::size_t{0}, std::size_t{10}, std::size_t{150}, weights.embedder.size() - 1}) {
        INFO(kept << " bytes kept");
        const auto text = refusal(weights.landmarks, weights.embedder.substr(0, kept));
        CHECK_THAT(text, Contains("embedder of the embedded face model"));
        CHECK_THAT(text, Contains("train_face_model"));
    }
    CHECK_THAT(refusal(weights.landmarks.substr(0, weights.landmarks.size() / 2), weights.embedder),
               Contains("landmarks of the embedded face model") && Contains("cut short"));
}

TEST_CASE("face model: altered weights are refused") {
    const auto weights = face_model::embedded_weights();
    std::string embedder(weights.embedder);
    embedder[embedder.size() / 2] = static_cast<char>(embedder[embedder.size() / 2] ^ 1);
    CHECK_THAT(refusal(weights.landmarks, embedder), Contains("altered"));

    std::string landmarks(weights.landmarks);
    landmarks.back() = static_cast<char>(landmarks.back() ^ 0x40);
    CHECK_THAT(refusal(landmarks, weights.embedder), Contains("altered"));

    CHECK_THAT(refusal(weights.landmarks, std::string(weights.embedder) + "more"),
               Contains("altered"));
}

TEST_CASE("face model: weights of another architecture are refused, naming both") {
    const auto weights = face_model::embedded_weights();
    CHECK_THAT(refusal(weights.embedder, weights.embedder), Contains("another architecture") &&
                                                                Contains("regression trees") &&
                                                                Contains("conv"));
    CHECK_THAT(refusal(weights.landmarks, weights.landmarks), Contains("another architecture"));
    CHECK_THAT(refusal(weights.landmarks, "a text that somebody took for weights\n"),
               Contains("these are no weights"));
}
