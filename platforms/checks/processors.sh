#!/usr/bin/env bash
#
# The contracts of calls, buffers, views, secrets, sealed secrets, formats and cryptography on other processors: Debian's JREs
# of these processors under qemu-user, with JNA on Java 17 and with FFM on Java 25. s390x is big-endian.
#
# qemu-user emulates the processor and hands system calls to the kernel of this machine. Tests of what it does not hand on are
# left out by name: platforms/tests/left-out-qemu-user.txt. The tests: platforms/tests/contracts.txt.
#
# Takes half an hour on two processors; JOBS=N runs N at once. Without a record and for some processors only:
#   PROCESSORS='s390x riscv64' platforms/checks/processors.sh

# shellcheck source=platforms/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=platforms/foreign.sh
. "$ROOT/platforms/foreign.sh"

# Debian's name, qemu's name, name for readers, Java versions
readonly TABLE='
arm64   aarch64 Linux,_arm64                17 25
s390x   s390x   Linux,_s390x_(big-endian)   17 25
riscv64 riscv64 Linux,_riscv64              25
ppc64el ppc64le Linux,_ppc64le              17 25
'
readonly LEFT_OUT=$ROOT/platforms/tests/left-out-qemu-user.txt
# Emulated processors are slow: fewer random inputs than in a build.
readonly EFFORT=(-Dsealing.runs=200 -Dsealing.around=4 -Dcopy.places=2 -Dsha256.messages=200 -Dblake2b.digests=100)
readonly PLATFORMS=$ROOT/securememory-core/src/main/java/io/securememory/memcall
failures=0

# emulate QEMU: puts scripts in the place of the JRE's programs, so that child processes are emulated, too.
emulate() {
    local program
    for program in "$JRE/bin/java" "$JRE/lib/jspawnhelper"; do
        [ -e "$program.emulated" ] || mv "$program" "$program.emulated"
        printf '#!/bin/sh\nexec %s -L %s %s.emulated "$@"\n' \
            "$(command -v "qemu-$1-static")" "$JRE_ROOT" "$program" > "$program"
        chmod +x "$program"
    done
}

# run_tests VERSION LOG: runs all contracts in the JRE.
run_tests() {
    local options=() classes temporary=${2%.log}
    [ "$1" -lt 22 ] || options=(--enable-native-access=ALL-UNNAMED)
    mapfile -t classes < <(test_names "$1" "$ROOT/platforms/tests/contracts.txt")
    rm -rf "$temporary"
    mkdir -p "$temporary"
    (cd "$WORK" && nice -n 10 timeout 2400 "$JRE/bin/java" "${options[@]}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -Djava.io.tmpdir="$temporary" -Djunit.jupiter.execution.timeout.default='600 s' -Dtests.silence-limit=900 \
        -Dtests.wait-limit=300 "${EFFORT[@]}" -cp "$(class_path "$1")" \
        io.securememory.testing.ChosenTests "$LEFT_OUT" "${classes[@]}") > "$2" 2>&1
}

# native_access VERSION: prints what the tests call native code with on that Java.
native_access() {
    [ "$1" -lt 22 ] && echo JNA || echo FFM
}

# start SYSTEM DEBIAN-NAME QEMU VERSION: begins the tests on one Java, once fewer than JOBS others run.
start() {
    local log=$WORK/$2-$4.log
    rm -f "$log"
    grep -rq "\"$3\"" "$PLATFORMS" || return 0
    jre "$2" "$4"
    emulate "$3"
    echo "$("$JRE/bin/java" -version 2>&1 | tail -n 1), from Debian ${JRE_ROOT##*-}" > "$log.java"
    while [ "$(jobs -r | wc -l)" -ge "${JOBS:-$(nproc)}" ]; do
        wait -n || true # The logs tell how it ended.
    done
    run_tests "$4" "$log" &
}

# outcome SYSTEM DEBIAN-NAME QEMU VERSION: prints what the tests on one Java showed, and a row.
outcome() {
    local log=$WORK/$2-$4.log access result
    access="Java $4, $(native_access "$4")"
    if [ ! -e "$log" ]; then
        row "$1" "$access" 'not run' 'the library does not know this processor'
        return
    fi
    echo
    echo "== $1: $(cat "$log.java")"
    grep -E '^(left out|skipped|result): ' "$log" || true
    grep -A 15 '^failed: ' "$log" || true
    result=$(sed -n 's/^result: //p' "$log")
    if ! grep -q ', 0 failed,' <<< "$result"; then
        failures=1
        [ -n "$result" ] || tail -n 20 "$log"
        result="FAILED: ${result:-the tests did not end}"
    fi
    row "$1" "$access" 'run emulated' "$result"
}

# each FUNCTION: calls it for each Java of the processors that were chosen: SYSTEM DEBIAN-NAME QEMU VERSION.
each() {
    local processor qemu system versions version
    while read -r processor qemu system versions; do
        [[ -n $processor && " ${PROCESSORS:-$processor} " == *" $processor "* ]] || continue
        for version in $versions; do
            "$1" "${system//_/ }" "$processor" "$qemu" "$version"
        done
    done <<< "$TABLE"
}

main() {
    debian qemu-aarch64-static=qemu-user-static
    compile_tests
    echo "emulator: $(qemu-aarch64-static --version | head -n 1)"
    each start
    wait || true # The logs tell how it ended.
    each outcome
    [ $failures = 0 ] || fail 'tests failed' 'see the lines that begin with "failed:" above'
}

main "$@"
