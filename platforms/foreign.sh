# Functions for checks that need Debian packages of other processors. This machine's apt is not changed: another one is used,
# whose directories are below target/platforms/foreign, where packages are kept for the next run.
# shellcheck shell=bash

FOREIGN=$ROOT/target/platforms/foreign

# foreign_apt PROCESSOR SUITE COMMAND...: runs apt-get or apt-cache for another processor and another suite of Debian.
foreign_apt() {
    local own=$FOREIGN/apt/$1-$2 architecture=$1 suite=$2 mirror
    shift 2
    # shellcheck disable=SC2016 # apt expands it.
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | head -n 1)
    [ -n "$mirror" ] || fail "apt has no mirror of Debian" "add one to /etc/apt/sources.list.d, and run apt-get update"
    mkdir -p "$own/lists/partial" "$own/cache/archives/partial" "$own/etc"
    touch "$own/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$own/etc/sources.list"
    "$@" -o APT::Architecture="$architecture" -o APT::Architectures::="$architecture" -o APT::Sandbox::User=root \
        -o Dir::Etc::sourcelist="$own/etc/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
        -o Dir::State::lists="$own/lists" -o Dir::State::status="$own/status" -o Dir::Cache="$own/cache"
}

# unpack PROCESSOR SUITE DIRECTORY PACKAGE...: unpacks packages, without what they depend on. A directory that is complete
# is used again. Returns 1 if the suite does not have them all, which is remembered for a day.
unpack() {
    local architecture=$1 suite=$2 directory=$3 packages log=$WORK/apt.log
    shift 3
    packages="$suite $*"
    [ "$(cat "$directory.complete" 2> /dev/null)" != "$packages" ] || return 0
    [ -z "$(find "$directory.missing" -mtime -1 2> /dev/null)" ] || return 1
    rm -rf "$directory" "$directory.packages"
    mkdir -p "$directory" "$directory.packages"
    foreign_apt "$architecture" "$suite" apt-get update > "$log" 2>&1 || true # The download says whether this was enough.
    (cd "$directory.packages" && foreign_apt "$architecture" "$suite" apt-get download "$@") >> "$log" 2>&1 \
        || { touch "$directory.missing"; return 1; }
    for package in "$directory.packages"/*.deb; do
        dpkg -x "$package" "$directory"
    done
    rm -rf "$directory.packages"
    keep_links_inside "$directory"
    echo "$packages" > "$directory.complete"
}

# Makes absolute links relative, and adds the links of the top directory that Debian's installer makes.
keep_links_inside() {
    local name link target
    for name in bin lib lib64 sbin; do
        [ -e "$1/$name" ] || [ ! -d "$1/usr/$name" ] || ln -s "usr/$name" "$1/$name"
    done
    find "$1" -type l -lname '/*' | while read -r link; do
        target=$1$(readlink "$link")
        [ ! -e "$target" ] || ln -sfnr "$target" "$link"
    done
}

# jre PROCESSOR VERSION: unpacks a JRE with the C library, and OpenSSL's libcrypto, which seals long secrets. It is taken from
# the oldest suite that has it. Sets JRE_ROOT to the directory of all, and JRE to that of the JRE below it.
jre() {
    local libraries=(libc6 libgcc-s1 libstdc++6 zlib1g libzstd1) suite libssl=libssl3
    for suite in bookworm trixie sid; do
        JRE_ROOT=$FOREIGN/jre-$1-$2-$suite
        JRE=$JRE_ROOT/usr/lib/jvm/java-$2-openjdk-$1
        if unpack "$1" "$suite" "$JRE_ROOT" "${libraries[@]}" "$libssl" "openjdk-$2-jre-headless"; then
            [ -e "$JRE/bin/java" ] || fail "there is no java in openjdk-$2-jre-headless of $1" "look into $JRE_ROOT"
            return
        fi
        libssl=libssl3t64
    done
    tail -n 5 "$WORK/apt.log"
    fail "Debian has no openjdk-$2-jre-headless for $1" "look at the messages of apt above"
}
