# shellcheck shell=bash
# Sourced by the other scripts: where the project is, how they speak, how many jobs they use.

project_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Colour only for a person: on a terminal, and not when NO_COLOR is set (no-color.org).
if [[ -t 1 && -z "${NO_COLOR:-}" && "${TERM:-dumb}" != dumb ]]; then
    style_step=$'\033[1;34m' style_bad=$'\033[1;31m' style_off=$'\033[0m'
else
    style_step='' style_bad='' style_off=''
fi

# say TEXT: one line of progress.  die TEXT: what went wrong and what to do; ends the script.
say() { printf '%s==>%s %s\n' "$style_step" "$style_off" "$*"; }
die() {
    printf '%serror:%s %s\n' "$style_bad" "$style_off" "$*" >&2
    exit 1
}

# usage_error TEXT: an option that makes no sense; exit status 2, as for the strongroom program.
usage_error() {
    printf '%serror:%s %s (see %s --help)\n' "$style_bad" "$style_off" "$*" "$0" >&2
    exit 2
}

# show_help: the comment at the top of the calling script, without its comment signs.
show_help() { sed -n '2,/^[^#]*$/{s/^# \{0,1\}//p}' "$0"; }

# elapsed SECONDS: "3 min 07 s".
elapsed() {
    if (($1 < 60)); then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi
}

# One compiler a processor, but no more than memory allows: the files that use dlib or OpenCV take
# over a gigabyte each, and a small Pi would swap for hours.
default_jobs() {
    local processors gigabytes
    processors=$(nproc)
    gigabytes=$(awk '/^MemTotal:/ {print int($2 / 1500000)}' /proc/meminfo)
    ((gigabytes >= 1)) || gigabytes=1
    echo $((processors < gigabytes ? processors : gigabytes))
}

# build_directory PRESET: where CMakePresets.json puts it.
build_directory() {
    case "$1" in
        release) echo "$project_root/build" ;;
        *) echo "$project_root/build-$1" ;;
    esac
}

# run_quietly LOGFILE COMMAND...: the output goes to the log, and to the screen only on failure.
run_quietly() {
    local log="$1"
    shift
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        die "failed: $*"
    fi
}

# configure_and_build PRESET JOBS [TARGET...]: everything when no target is named.
configure_and_build() {
    local preset="$1" jobs="$2" directory started=$SECONDS
    shift 2
    directory="$(build_directory "$preset")"
    mkdir -p "$directory"
    say "configuring (preset $preset)"
    (cd "$project_root" && run_quietly "$directory/configure.log" cmake --preset "$preset")
    say "building ${*:-everything} with $jobs job(s); the first time takes a while"
    cmake --build "$directory" --parallel "$jobs" ${1:+--target "$@"}
    say "built in $(elapsed $((SECONDS - started)))"
}
