// The number of threads that OpenCV and BLAS may use: a program's choice, so it is not made by the
// stages themselves.
#pragma once

namespace strongroom::vision {

// One thread for both. Call it once, before the first frame: equal input then gives equal output,
// bit for bit, and several terminals do not fight for cores.
void use_one_thread();

}  // namespace strongroom::vision
