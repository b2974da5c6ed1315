#!/usr/bin/env bash
#
# Shows what reaches the swap file of a machine that is short of memory: plain pages do, protected and sealed secrets do
# not. A program in a memory cgroup fills both with patterns, the limit of the cgroup is lowered so that the kernel has to
# swap, and the swap file is read with direct I/O while the program still runs.
#
# That the search would find secrets is shown by the same run with the lock policy off: then protected secrets are in the
# swap file. The swap file and the cgroup are removed in every case. Needs root, a memory cgroup of version 1, and 512 MiB
# of disk. Takes about five minutes.

. "$(dirname "$0")/../lib.sh"

CGROUP=/sys/fs/cgroup/memory/securememory-swap-$$
SWAP=$WORK/swap.img
SIZE_MIB=512
LIMIT=$((24 << 20))
PROGRAM=

undo() {
    if [ -n "$PROGRAM" ]; then
        kill -KILL "$PROGRAM" 2> /dev/null || true
        wait "$PROGRAM" 2> /dev/null || true
    fi
    grep -qF "$SWAP" /proc/swaps && swapoff "$SWAP"
    rm -f "$SWAP" "$WORK/input"
    [ ! -d "$CGROUP" ] || rmdir "$CGROUP"
}

swap_file() {
    rm -f "$SWAP"
    dd if=/dev/zero of="$SWAP" bs=1M count="$SIZE_MIB" status=none
    chmod 600 "$SWAP"
    mkswap "$SWAP" > "$WORK/mkswap.txt"
    swapon "$SWAP" || fail "swapon refuses a file here" "run this on a file system and a kernel that take swap files"
}

# start VERSION POLICY SEED: starts the program in the cgroup, and waits until it has filled its memory.
start() {
    local options=() tries
    [ "$1" = 17 ] || options=(--enable-native-access=ALL-UNNAMED)
    rm -f "$WORK/input" "$WORK/output.txt"
    mkfifo "$WORK/input"
    touch "$WORK/output.txt"
    (
        echo "$BASHPID" > "$CGROUP/cgroup.procs"
        exec prlimit --memlock=8388608:8388608 setpriv --bounding-set=-ipc_lock --inh-caps=-ipc_lock \
            "$(jdk "$1")/bin/java" -XX:+UseSerialGC -Xmx64m -XX:TieredStopAtLevel=1 "${options[@]}" -cp "$PROGRAM_PATH" \
            Swapped fill "$2" "$3" < "$WORK/input" > "$WORK/output.txt" 2>&1
    ) &
    PROGRAM=$!
    exec 3> "$WORK/input"
    for ((tries = 0; tries < 600; tries++)); do
        grep -q '^filled' "$WORK/output.txt" && return
        kill -0 "$PROGRAM" 2> /dev/null || break
        sleep 0.1
    done
    cat "$WORK/output.txt"
    fail "the program did not fill its memory" "see its output above"
}

# Lowers the limit until the cgroup has little left in memory. The kernel may refuse single steps while it writes.
force_swapping() {
    local tries
    for ((tries = 0; tries < 60; tries++)); do
        if echo "$LIMIT" 2> /dev/null > "$CGROUP/memory.limit_in_bytes"; then
            break
        fi
        sleep 0.5
    done
    echo "in memory: $(cat "$CGROUP/memory.usage_in_bytes") bytes, limit: $(cat "$CGROUP/memory.limit_in_bytes")"
    echo "in swap: $(sed -n 's/^swap //p' "$CGROUP/memory.stat") bytes"
}

# search SEED: counts the patterns in the swap file, past the page cache; sets PLAIN, PROTECTED and SEALED.
search() {
    sync
    dd if="$SWAP" iflag=direct bs=1M status=none \
        | "$(jdk 25)/bin/java" -cp "$PROGRAM_PATH" Swapped search "$1" > "$WORK/found.txt"
    PLAIN=$(sed -n 's/^PLAIN //p' "$WORK/found.txt")
    PROTECTED=$(sed -n 's/^PROTECTED //p' "$WORK/found.txt")
    SEALED=$(sed -n 's/^SEALED //p' "$WORK/found.txt")
    [ "$(sed -n 's/^BYTES //p' "$WORK/found.txt")" = $((SIZE_MIB << 20)) ] \
        || fail "the swap file was not read to its end" "see $WORK/found.txt"
    echo "found in the swap file: plain $PLAIN, protected $PROTECTED, sealed $SEALED times 64 bytes"
}

# Lets the program read all its memory again, and end.
finish() {
    echo $((1 << 30)) > "$CGROUP/memory.limit_in_bytes"
    exec 3>&-
    wait "$PROGRAM" || fail "the program failed" "see $WORK/output.txt"
    PROGRAM=
    grep -q '^everything is still there' "$WORK/output.txt" || fail "the program lost content" "see $WORK/output.txt"
}

# run VERSION POLICY: one run on a new swap file.
run() {
    local seed
    seed=$(od -An -N6 -tu8 /dev/urandom | tr -d ' ')
    echo
    echo "== Java $1, lock policy $2"
    mkdir "$CGROUP"
    echo 100 > "$CGROUP/memory.swappiness"
    echo $((1 << 30)) > "$CGROUP/memory.limit_in_bytes"
    swap_file
    start "$1" "$2" "$seed"
    force_swapping
    search "$seed"
    finish
    undo
}

# judge VERSION NAME: the row of the two runs of a Java.
judge() {
    run "$1" REQUIRE
    [ "$PLAIN" -ge 100000 ] || fail "only $PLAIN pieces of plain pages were swapped" "run this where nothing else needs memory"
    [ "$PROTECTED" = 0 ] || fail "protected secrets are in the swap file" "find out why they are not locked"
    [ "$SEALED" = 0 ] || fail "the plaintext of sealed secrets is in the swap file" "find out where it was left"
    local plain=$PLAIN
    run "$1" OFF
    [ "$PROTECTED" -ge 1000 ] || fail "without locks, secrets are not found: the search proves nothing" "see the counts above"
    row "Linux $(uname -m), swap forced in a memory cgroup" "$2" 'run natively' \
        "in the swap file: plain pages $plain times, secrets 0 times; control without locks: secrets $PROTECTED times"
}

main() {
    [ "$(id -u)" = 0 ] || fail "swap files are for root only" "run this as root"
    [ -f /sys/fs/cgroup/memory/memory.limit_in_bytes ] \
        || fail "there is no memory cgroup of version 1" "start the kernel with systemd.unified_cgroup_hierarchy=0"
    [ "$(cat /sys/module/zswap/parameters/enabled 2> /dev/null || echo N)" = N ] \
        || fail "zswap keeps pages from the swap file" "echo N > /sys/module/zswap/parameters/enabled"
    [ "$(wc -l < /proc/swaps)" = 1 ] || fail "there is other swap, which pages may go to" "swapoff --all"
    debian mkswap=mount setpriv=util-linux
    applications "$WORK/applications"
    trap undo EXIT
    judge 17 '17 JNA'
    judge 25 '25 FFM'
}

main
