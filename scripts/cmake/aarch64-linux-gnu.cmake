# Toolchain file: programs for 64-bit ARM (a Raspberry Pi 4 or 5) by Debian's cross compiler, against
# the libraries of a sysroot that scripts/cross-arm64 makes. The sysroot is named by the variable
# STRONGROOM_SYSROOT, of CMake or of the environment. Programs that a build or a test starts run in
# QEMU's user mode.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

# CMake reads this file again for each of its trial compilations, which see no cache.
if(NOT STRONGROOM_SYSROOT)
    set(STRONGROOM_SYSROOT "$ENV{STRONGROOM_SYSROOT}")
endif()
if(NOT IS_DIRECTORY "${STRONGROOM_SYSROOT}/usr/include")
    message(FATAL_ERROR "STRONGROOM_SYSROOT names no sysroot ('${STRONGROOM_SYSROOT}'): "
        "scripts/cross-arm64 makes one and builds in it")
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES STRONGROOM_SYSROOT)
set(CMAKE_SYSROOT "${STRONGROOM_SYSROOT}")

set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

# Headers and libraries come from the sysroot alone, programs from this machine alone.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${CMAKE_SYSROOT}")
set(ENV{PKG_CONFIG_LIBDIR}
    "${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig")

find_program(QEMU_AARCH64 NAMES qemu-aarch64-static qemu-aarch64)
if(QEMU_AARCH64)
    set(CMAKE_CROSSCOMPILING_EMULATOR "${QEMU_AARCH64};-L;${CMAKE_SYSROOT}")
endif()

# What cpack writes into the name and the fields of a package; by itself it would ask this machine.
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
