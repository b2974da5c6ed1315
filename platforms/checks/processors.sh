#!/usr/bin/env bash
#
# The contracts of calls, buffers, views, secrets, sealed secrets, formats and cryptography on other processors: Debian's JREs
# of these processors under qemu-user, with JNA on Java 17 and with FFM and JNA on Java 25. s390x is big-endian.
#
# qemu-user emulates the processor and hands system calls to the kernel of this machine. Tests of what it does not hand on are
# left out by name: platforms/tests/left-out-qemu-user.txt. The tests: platforms/tests/contracts.txt.
#
# Takes half an hour on two processors. Without a record and for some processors only:
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
    local options=() classes
    [ "$1" -lt 22 ] || options=(--enable-native-access=ALL-UNNAMED)
    mapfile -t classes < <(test_names "$1" "$ROOT/platforms/tests/contracts.txt")
    mkdir -p "$WORK/tmp"
    (cd "$WORK" && nice -n 10 timeout 1800 "$JRE/bin/java" "${options[@]}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -Djava.io.tmpdir="$WORK/tmp" -Djunit.jupiter.execution.timeout.default='300 s' -Dtests.silence-limit=600 \
        "${EFFORT[@]}" -cp "$(class_path "$1")" io.securememory.testing.ChosenTests "$LEFT_OUT" "${classes[@]}") > "$2" 2>&1
}

# try SYSTEM DEBIAN-NAME QEMU VERSION: runs the tests on one Java, and prints their outcome and a row.
try() {
    local log=$WORK/$2-$4.log access=JNA result
    [ "$4" -lt 22 ] || access='FFM and JNA'
    if ! grep -rq "\"$3\"" "$PLATFORMS"; then
        row "$1" "Java $4, $access" 'not run' 'the library does not know this processor'
        return
    fi
    jre "$2" "$4"
    emulate "$3"
    echo
    echo "== $1: $("$JRE/bin/java" -version 2>&1 | tail -n 1), from Debian ${JRE_ROOT##*-}"
    run_tests "$4" "$log" || failures=1
    grep -E '^(left out|skipped|result): ' "$log" || true
    grep -A 15 '^failed: ' "$log" || true
    result=$(sed -n 's/^result: //p' "$log")
    if [ -z "$result" ]; then
        tail -n 20 "$log"
        result='FAILED: the tests did not end'
    elif ! grep -q ', 0 failed,' <<< "$result"; then
        result="FAILED: $result"
    fi
    row "$1" "Java $4, $access" 'run emulated' "$result"
}

main() {
    local processor qemu system versions version
    debian qemu-aarch64-static=qemu-user-static
    compile_tests
    echo "emulator: $(qemu-aarch64-static --version | head -n 1)"
    while read -r processor qemu system versions; do
        [ -n "$processor" ] || continue
        [[ " ${PROCESSORS:-$processor} " == *" $processor "* ]] || continue
        for version in $versions; do
            try "${system//_/ }" "$processor" "$qemu" "$version"
        done
    done <<< "$TABLE"
    [ $failures = 0 ] || fail 'tests failed' 'see the lines that begin with "failed:" above'
}

main "$@"
