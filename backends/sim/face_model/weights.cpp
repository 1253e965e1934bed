// The weight files, as bytes of this object.
#include <cstddef>

#include "face_model/embedded_pack.h"

__asm__(
    ".section .rodata\n"
    ".balign 16\n"
    "strongroom_face_landmarks:\n"
    ".incbin \"" STRONGROOM_FACE_WEIGHTS
    "/landmarks.bin\"\n"
    "strongroom_face_landmarks_end:\n"
    ".balign 16\n"
    "strongroom_face_embedder:\n"
    ".incbin \"" STRONGROOM_FACE_WEIGHTS
    "/embedder.bin\"\n"
    "strongroom_face_embedder_end:\n"
    ".previous\n"
    ".globl strongroom_face_landmarks, strongroom_face_landmarks_end\n"
    ".globl strongroom_face_embedder, strongroom_face_embedder_end\n"
    ".hidden strongroom_face_landmarks, strongroom_face_landmarks_end\n"
    ".hidden strongroom_face_embedder, strongroom_face_embedder_end\n");

extern "C" {
extern const char strongroom_face_landmarks[];
extern const char strongroom_face_landmarks_end[];
extern const char strongroom_face_embedder[];
extern const char strongroom_face_embedder_end[];
}

namespace strongroom::face_model {

namespace {

std::string_view between(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

Weights embedded_weights() {
    return {between(strongroom_face_landmarks, strongroom_face_landmarks_end),
            between(strongroom_face_embedder, strongroom_face_embedder_end)};
}

}  // namespace strongroom::face_model
