// Private: what the models are trained on: pictures of simulated people as a terminal's camera
// would take them, and close-ups that are cheaper to render.
#pragma once

#include <cstddef>
#include <functional>

#include "base/rng.h"
#include "people/renderer.h"
#include "people/sets.h"
#include "people/shot.h"

namespace strongroom::face_model {

// The `index`th person of a set. In the training set every third is a look-alike of the one before:
// whoever can tell these apart can tell strangers apart.
[[nodiscard]] people::Head person_of(people::Set set, std::size_t index);

// A shot of one visit and moment. `expressive`: blinks, open mouths and smiles are as frequent as
// calm faces, and heads turn further.
[[nodiscard]] people::Shot draw_shot(Rng& rng, double difficulty, bool expressive);

// The same picture at `scale`, cut to the face: fewer pixels, and noise and blur as they would be
// after reducing the whole picture.
void close_in(people::Shot& shot, double scale);

// Calls work(index, thread) for every index below `count`, on `threads` threads; index modulo
// threads is the thread, so that what each does is the same every time. What work throws comes out.
void in_parallel(std::size_t count, std::size_t threads,
                 const std::function<void(std::size_t index, std::size_t thread)>& work);

}  // namespace strongroom::face_model
