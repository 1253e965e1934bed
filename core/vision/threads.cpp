#include "vision/threads.h"

#include <dlfcn.h>
#include <opencv2/core/utility.hpp>

namespace strongroom::vision {

void use_one_thread() {
    cv::setNumThreads(1);
    // Whichever BLAS the system has installed serves dlib; OpenBLAS alone has this call.
    using SetThreads = void (*)(int);
    void* symbol = dlsym(RTLD_DEFAULT, "openblas_set_num_threads");
    if (symbol != nullptr) reinterpret_cast<SetThreads>(symbol)(1);
}

}  // namespace strongroom::vision
