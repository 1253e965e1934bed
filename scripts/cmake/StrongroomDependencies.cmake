# Every library comes from the distribution: docs/dependencies.md says why each is here.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# tl::expected's CMake package calls its target tl::expected.
find_package(tl-expected CONFIG REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET GLOBAL libsodium)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET GLOBAL sqlite3)
pkg_check_modules(gpiod REQUIRED IMPORTED_TARGET GLOBAL libgpiod)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED)

# No highgui: it costs 200 ms of loading and is not needed.
find_package(OpenCV REQUIRED COMPONENTS core imgproc imgcodecs objdetect dnn videoio)
find_package(dlib REQUIRED)

if(STRONGROOM_TESTS)
    find_package(Catch2 REQUIRED)
    include(Catch)
endif()
if(STRONGROOM_BENCH)
    find_package(benchmark REQUIRED)
endif()
