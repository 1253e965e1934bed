# Sourced by tests/hil/prepare and tests/hil/run: where the cache is, and how absence is reported.

cache="${STRONGROOM_HIL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/strongroom/hil}"

say() { printf 'hil: %s\n' "$*" >&2; }
# What cannot be had here is neither passed nor failed. CTest looks for the word.
skip() {
    printf 'SKIPPED: %s\n' "$*"
    exit 77
}

need_tools() {
    command -v qemu-system-x86_64 >/dev/null ||
        skip "no qemu-system-x86_64 (Debian: qemu-system-x86)"
    command -v busybox >/dev/null || skip "no busybox (Debian: busybox-static)"
    ! ldd "$(command -v busybox)" >/dev/null 2>&1 ||
        skip "busybox is not the static one (Debian: busybox-static)"
    command -v flock >/dev/null || skip "no flock (Debian: util-linux)"
}
