# Functions for checks that boot an emulated machine with a kernel of Debian. Its only file system is its initrd, which holds
# busybox, util-linux, a JRE, the tests, and platforms/guest-init, which runs them and turns the machine off.
# shellcheck shell=bash

# kernel PROCESSOR SUITE PACKAGE: fetches the kernel that a package depends on, or is. Sets KERNEL to its file.
kernel() {
    local directory=$FOREIGN/kernel-$1-$2-$3 package log=$WORK/apt.log
    KERNEL=$directory/kernel
    [ ! -e "$KERNEL" ] || return 0
    rm -rf "$directory"
    mkdir -p "$directory"
    foreign_apt "$1" "$2" apt-get update > "$log" 2>&1 || true # The download says whether this was enough.
    package=$(foreign_apt "$1" "$2" apt-cache depends "$3" 2>> "$log" | sed -n 's/^ *Depends: \(linux-image-\)/\1/p' | head -n 1)
    (cd "$directory" && foreign_apt "$1" "$2" apt-get download "${package:-$3}") >> "$log" 2>&1 \
        || { tail -n 5 "$log"; fail "Debian $2 has no kernel $3 for $1" "look at the messages of apt above"; }
    for package in "$directory"/*.deb; do
        dpkg --fsys-tarfile "$package" | tar -x -C "$directory" --wildcards './boot/vmlinu*'
    done
    mv "$directory"/boot/vmlinu* "$KERNEL"
    rm -rf "$directory"/*.deb "${directory:?}/boot"
}

# system PROCESSOR SUITE VERSION LIBSSL: unpacks what the machine runs, and sets SYSTEM to its directory.
system() {
    SYSTEM=$FOREIGN/system-$1-$2-$3
    unpack "$1" "$2" "$SYSTEM" libc6 libgcc-s1 libstdc++6 zlib1g libzstd1 "$4" busybox-static util-linux libcap-ng0 \
        libsmartcols1 "openjdk-$3-jre-headless" \
        || { tail -n 5 "$WORK/apt.log"; fail "Debian $2 lacks a package for $1" "look at the messages of apt above"; }
    ln -sfn "/usr/lib/jvm/java-$3-openjdk-$1/bin/java" "$SYSTEM/usr/bin/java"
}

# initrd VERSION TEST-LIST LEFT-OUT: packs the system, its first program, and the tests of a list for that Java, without those
# that are left out. Sets INITRD to the file.
initrd() {
    local tree=$WORK/tree entry name number=0 path=
    INITRD=$WORK/initrd
    rm -rf "$tree"
    mkdir -p "$tree/tests/target"
    cp -a "$SYSTEM/." "$tree/"
    rm -rf "${tree:?}/usr/share"
    while read -r entry; do
        number=$((number + 1))
        name=$number
        [ -d "$entry" ] || name=$number.jar
        cp -r "$entry" "$tree/tests/$name"
        path=$path:/tests/$name
    done < <(class_path "$1" | tr ':' '\n')
    echo "${path#:}" > "$tree/tests/class-path"
    test_names "$1" "$2" > "$tree/tests/classes"
    cp "$3" "$tree/tests/left-out"
    cp "$ROOT/platforms/guest-init" "$tree/init"
    (cd "$tree" && find . | cpio -o -H newc --quiet) > "$INITRD"
    rm -rf "$tree"
}

# boot COMMAND...: runs a machine until it is off, for at most 40 minutes. Sets CONSOLE to the file of what it says.
boot() {
    CONSOLE=$WORK/console.log
    nice -n 10 timeout 2400 "$@" -kernel "$KERNEL" -initrd "$INITRD" -nographic -no-reboot -nic none < /dev/null 2>&1 \
        | sed -u 's/\r$//' > "$CONSOLE" || true # What the machine said tells whether it came to its end.
    rm -f "$INITRD"
}

# said NAME: prints what the machine said of itself.
said() {
    sed -n "s/^guest: $1 //p" "$CONSOLE"
}

# outcome SYSTEM JAVA-AND-NATIVE-ACCESS KIBIBYTES: prints what the machine showed, and a row. Fails unless all tests passed, on
# pages of that size, and without the right to lock more than the limit.
outcome() {
    local result
    grep -E '^(guest|left out|skipped|result): ' "$CONSOLE" || true
    grep -A 15 '^failed: ' "$CONSOLE" || true
    result=$(sed -n 's/^result: //p' "$CONSOLE")
    [ -n "$result" ] || { tail -n 20 "$CONSOLE"; fail 'the tests did not end' "look into $CONSOLE"; }
    [ "$(said pages)" = "$3" ] || fail "the kernel has pages of $(said pages) KiB, not $3" 'choose another kernel'
    # CAP_IPC_LOCK is bit 14.
    [ $((0x$(said capabilities) >> 14 & 1)) = 0 ] || fail 'the tests have CAP_IPC_LOCK' 'see platforms/guest-init'
    if [ "$(said 'the tests ended with')" != 0 ]; then
        row "$1" "$2" 'run emulated' "FAILED: $result"
        fail 'tests failed' 'see the lines that begin with "failed:" above'
    fi
    row "$1" "$2" 'run emulated' "$result; limit of locked memory $(said limit), no CAP_IPC_LOCK"
}
