# shellcheck shell=bash
# Sourced by scripts/cross-arm64: the libraries of 64-bit ARM, unpacked into a folder, with a list of
# packages of their own. Nothing is installed and no program of the packages runs, so no root is
# needed and this machine's packages stay as they are.

# debian_codename: of this machine, whose cross compiler makes for the same release.
debian_codename() {
    local name
    # shellcheck disable=SC1091
    name="$(source /etc/os-release && echo "${VERSION_CODENAME:-}")"
    case "$name" in
        bookworm | trixie) echo "$name" ;;
        *) die "this is neither Debian 12 nor 13, whose compiler fits the Pi's libraries." \
            "scripts/debian13 makes a Debian 13 to build in" ;;
    esac
}

# need_space FOLDER GIGABYTES
need_space() {
    local free
    free="$(df --output=avail --block-size=1G "$1" | tail -n 1)"
    ((free >= $2)) || die "$1 has $((free)) GB free, and $2 GB are needed"
}

# write_apt_configuration CACHE MIRROR CODENAME: an apt of its own, beside this machine's.
write_apt_configuration() {
    local cache="$1" mirror="$2" codename="$3" keys=/usr/share/keyrings/debian-archive-keyring.gpg
    [[ -r "$keys" ]] || die "no $keys to verify Debian's packages with: scripts/deps --cross"
    mkdir -p "$cache"/apt/{sources.d,preferences.d,state/lists/partial,archives/partial}
    : >"$cache/apt/status"
    : >"$cache/apt/preferences"
    cat >"$cache/apt/sources.list" <<EOF
deb [signed-by=$keys] $mirror $codename main
deb [signed-by=$keys] $mirror $codename-updates main
deb [signed-by=$keys] ${mirror%/debian*}/debian-security $codename-security main
EOF
    cat >"$cache/apt/apt.conf" <<EOF
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::Etc::SourceList "$cache/apt/sources.list";
Dir::Etc::SourceParts "$cache/apt/sources.d";
Dir::Etc::Preferences "$cache/apt/preferences";
Dir::Etc::PreferencesParts "$cache/apt/preferences.d";
Dir::State "$cache/apt/state";
Dir::State::status "$cache/apt/status";
Dir::Cache "$cache/apt";
Dir::Cache::archives "$cache/apt/archives";
EOF
}

# unpack_package FILE ROOT: its files, and what dpkg would know of it.
unpack_package() {
    local file="$1" root="$2" name architecture info
    # shellcheck disable=SC2016
    read -r name architecture < <(dpkg-deb --show --showformat '${Package} ${Architecture}\n' "$file")
    info="$root/var/lib/dpkg/info/$name"
    if dpkg-deb --field "$file" Multi-Arch | grep -qx same; then info="$info:$architecture"; fi
    dpkg-deb --fsys-tarfile "$file" | tar -x -C "$root" --keep-directory-symlink --no-same-owner \
        --exclude './usr/share/doc/*' --exclude './usr/share/man/*' --exclude './usr/share/locale/*' \
        --exclude './dev/*' --verbose | sed "s|^\.|$root|; s|/\$||" >"$info.list"
    # A library in /lib is found in /usr/lib, where /lib leads.
    sed -n "s|^$root/lib/|$root/usr/lib/|p" "$info.list" >"$info.more"
    cat "$info.more" >>"$info.list"
    rm "$info.more"
    for kind in symbols shlibs; do
        dpkg-deb --info "$file" "$kind" >"$info.$kind" 2>/dev/null || rm "$info.$kind"
    done
    { dpkg-deb --field "$file"; printf 'Status: install ok installed\n\n'; } \
        >>"$root/var/lib/dpkg/status"
}

# finish_sysroot ROOT: what the packages' own programs would have done, as far as a compiler needs it.
finish_sysroot() {
    local root="$1" link target library
    local libraries="$root/usr/lib/aarch64-linux-gnu"
    # Links from the root of the Pi's disk would lead into this machine's.
    while IFS= read -r -d '' link; do
        target="$(readlink "$link")"
        ln -sfn "$(realpath -m -s --relative-to="$(dirname "$link")" "$root$target")" "$link"
    done < <(find "$root" -type l -lname '/*' -print0)
    # BLAS and LAPACK are chosen by Debian's alternatives: OpenBLAS.
    for library in "$libraries"/openblas-pthread/*.{so,so.*}; do
        ln -sf "openblas-pthread/$(basename "$library")" "$libraries/$(basename "$library")"
    done
    # dlib's CMake package names libraries by their place on the Pi.
    # shellcheck disable=SC2016
    sed -i 's|\([";]\)/usr/|\1${CMAKE_SYSROOT}/usr/|g' "$libraries"/cmake/dlib/*.cmake
}

# make_sysroot CACHE MIRROR REFRESH: CACHE/root, unless it is there and of the same packages. What was
# downloaded is kept, so that an interrupted run goes on.
make_sysroot() {
    local cache="$1" mirror="$2" refresh="$3" codename wanted log root="$1/root" new="$1/root.new"
    codename="$(debian_codename)"
    # shellcheck disable=SC2154
    mapfile -t packages < <("$project_root/scripts/deps" --libraries --list)
    packages+=(libc6-dev)
    wanted="1 ${packages[*]}"
    if ! "$refresh" && [[ "$(cat "$root/.complete" 2>/dev/null)" == "$wanted" ]]; then
        say "libraries of 64-bit ARM: $root"
        return
    fi
    mkdir -p "$cache"
    exec 9>"$cache/lock"
    flock --nonblock 9 || die "another scripts/cross-arm64 is at work in $cache"
    need_space "$cache" 4
    write_apt_configuration "$cache" "$mirror" "$codename"
    log="$cache/apt.log"
    say "asking $mirror for Debian's $codename on arm64"
    (APT_CONFIG="$cache/apt/apt.conf" run_quietly "$log" apt-get -q --error-on=any update) ||
        die "Debian's mirror does not answer as it should: is the network there? --mirror names another"
    say "downloading the libraries (0.4 GB when none is there yet)"
    rm -rf "$new" "$cache/wanted"
    APT_CONFIG="$cache/apt/apt.conf" run_quietly "$log" apt-get -q -y autoclean
    APT_CONFIG="$cache/apt/apt.conf" run_quietly "$log" \
        apt-get -q -y --download-only install "${packages[@]}"
    say "unpacking them into $root"
    mkdir -p "$new"/usr/{bin,sbin,lib} "$new/var/lib/dpkg/info"
    for folder in bin sbin lib; do ln -s "usr/$folder" "$new/$folder"; done
    echo 1 >"$new/var/lib/dpkg/info/format"
    local file
    for file in "$cache"/apt/archives/*.deb; do unpack_package "$file" "$new"; done
    finish_sysroot "$new"
    # The packages' files are listed by their final place.
    sed -i "s|^$new/|$root/|" "$new"/var/lib/dpkg/info/*.list
    echo "$wanted" >"$new/.complete"
    rm -rf "$root"
    mv "$new" "$root"
    flock --unlock 9
}
