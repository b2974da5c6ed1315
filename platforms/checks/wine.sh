#!/usr/bin/env bash
#
# The calls of Windows, as Wine implements them: first a C program with the sequence of calls, cross-compiled, then the contract
# of the memory calls, and those of buffers, views, secrets, sealed secrets, enclaves, formats and HMAC. The tests run in a Linux
# JVM inside a Wine process (platforms/wine/host.c). They call Wine's functions through the same classes as on Windows, but find
# them by address, not by name. FFM uses the JDK's linker for Windows. At last, an application with the starter starts there.
#
# Takes ten minutes on two processors. With another number of runs of the contract of the memory calls (the default is 20):
#   RUNS=100 platforms/checks/wine.sh

# shellcheck source=platforms/lib.sh
. "$(dirname "$0")/../lib.sh"

readonly RUNS=${RUNS:-20}
# Each Java thread that calls Wine's functions borrows what Wine keeps of a thread, until it ends.
readonly THREADS=64 MANY_THREADS=1024
readonly SYSTEM='Windows calls, x86-64'
readonly TESTS=$ROOT/platforms/tests/wine.txt
readonly LEFT_OUT=$ROOT/platforms/tests/left-out-wine.txt
readonly CALLS=io.securememory.memcall.XWineMemCallContractTest
export WINEPREFIX=$WORK/prefix WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
failures=0

prepare() {
    debian wine=wine winegcc=wine64-tools x86_64-w64-mingw32-gcc=gcc-mingw-w64-x86-64
    debian_packages libwine-dev
    newest=$(jdk 25)
    compile_tests
    echo "$(wine --version 2> /dev/null), $(x86_64-w64-mingw32-gcc --version | head -n 1)"
    trap 'wineserver -k 2> /dev/null || true' EXIT
    timeout 300 wineboot -i > "$WORK/wineboot.log" 2>&1 || { cat "$WORK/wineboot.log"; fail 'Wine does not start' 'see above'; }
    winegcc -m64 -O1 -Wall -I"$newest/include" -I"$newest/include/linux" \
        -o "$WORK/host.exe" "$ROOT/platforms/wine/host.c" -lpthread
    mkdir -p "$WORK/classes"
    "$newest/bin/javac" --release 17 -proc:none -d "$WORK/classes" -cp "$(class_path 17)" "$ROOT/platforms/wine/SystemLibraries.java"
    mapfile -t functions < <("$newest/bin/java" --enable-native-access=ALL-UNNAMED -cp "$(class_path 17)" \
        io.securememory.memcall.PlatformNumbers | sed -n 's/^function windows \([^ ]*\).*/\1/p')
    [ ${#functions[@]} -gt 0 ] || fail 'the library calls no function of Windows' 'see PlatformNumbers'
}

# The C program says itself what is not as expected.
sequence() {
    local log=$WORK/sequence.log result
    echo
    echo "== The sequence of calls, in C"
    x86_64-w64-mingw32-gcc -O1 -Wall -Wextra -Werror -o "$WORK/sequence.exe" "$ROOT/platforms/wine/sequence.c"
    timeout 120 wine "$WORK/sequence.exe" 2> /dev/null | tr -d '\r' > "$log" || failures=1
    cat "$log"
    result=$(sed -n 's/^result: //p' "$log")
    ! grep -q '^WRONG' "$log" || result="FAILED: $result"
    row "$SYSTEM" 'a C program, cross-compiled by mingw' 'called through Wine' "${result:-FAILED: it did not end}"
}

# in_wine VERSION THREADS LOG CLASS-PATH MAIN-CLASS ARGUMENT...: runs a program in a JVM inside a Wine process.
in_wine() {
    local version=$1 threads=$2 log=$3 path=$4 home options=()
    shift 4
    home=$(jdk "$version")
    [ "$version" -lt 22 ] || options=(-Djdk.internal.foreign.CABI=WIN_64 --enable-native-access=ALL-UNNAMED)
    (cd "$WORK" && nice -n 10 timeout 900 ./host.exe "$home/lib/server/libjvm.so" "$threads" "${functions[@]}" -- \
        "-Djava.class.path=$WORK/classes:$path" "-XX:ErrorFile=$WORK/crash.log" "${options[@]}" -- \
        io/securememory/memcall/InWine "$@") > "$log" 2>&1
}

# tests VERSION THREADS LOG CLASS...: runs test classes.
tests() {
    in_wine "$1" "$2" "$3" "$(class_path "$1")" io.securememory.testing.ChosenTests "$LEFT_OUT" "${@:4}"
}

# Prints what a failed run left.
show() {
    { grep -A 15 '^failed: ' "$1" || tail -n 20 "$1"; } | head -n 60
    [ ! -e "$WORK/crash.log" ] || head -n 40 "$WORK/crash.log"
    rm -f "$WORK/crash.log"
}

# calls VERSION Ffm|Jna: runs the contract of the memory calls often, and sets `outcome`.
calls() {
    local i log=$WORK/calls-$1-$2.log good=0
    for ((i = 1; i <= RUNS; i++)); do
        if tests "$1" "$THREADS" "$log" "${CALLS/X/$2}"; then
            good=$((good + 1))
        else
            echo "run $i:"
            show "$log"
            failures=1
        fi
    done
    grep -E '^(host|left out|skipped|result): ' "$log" || true
    outcome="memory calls: $good of $RUNS runs ($(sed -n 's/^result: //p' "$log"))"
    [ "$good" = "$RUNS" ] || outcome="FAILED: $outcome"
}

# all_contracts VERSION Ffm|Jna: runs all of them once, and adds to `outcome`.
all_contracts() {
    local log=$WORK/all-$1-$2.log classes result
    mapfile -t classes < <(grep -v '^#' "$TESTS" | grep . | grep -v "\.$(other "$2")")
    tests "$1" "$MANY_THREADS" "$log" "${classes[@]}" || { show "$log"; failures=1; }
    grep -E '^(left out|skipped|result): ' "$log" || true
    result=$(sed -n 's/^result: //p' "$log")
    outcome+="; all contracts: ${result:-did not end}"
    grep -q '^result: .* 0 failed' "$log" || outcome="FAILED: ${outcome#FAILED: }"
}

other() {
    if [ "$1" = Ffm ]; then echo Jna; else echo Ffm; fi
}

# try VERSION Ffm|Jna NAME: a row of the table.
try() {
    echo
    echo "== Java $1, $3"
    calls "$1" "$2"
    all_contracts "$1" "$2"
    row "$SYSTEM" "Java $1, $3" 'called through Wine' "$outcome"
}

# starter_path: prints the class path of the starter's tests, without the core.
starter_path() {
    local starter=$ROOT/securememory-spring-boot-starter list=$WORK/starter.txt log=$WORK/starter-compile.log
    (cd "$ROOT" && nice -n 10 ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile="$list" -Dmdep.includeScope=test \
        -pl securememory-test-support,securememory-core,securememory-jca,securememory-spring-boot-starter) > "$log" 2>&1 \
        || { tail -n 40 "$log" >&2; fail "the starter's tests do not compile" './mvnw test-compile' >&2; }
    echo "$starter/target/classes:$starter/target/test-classes:$ROOT/securememory-jca/target/classes:$(tr ':' '\n' < "$list" | grep '\.jar$' | paste -sd :)"
}

# starter VERSION NAME PATH: starts an application that uses a secret, shows its protection and its health, and ends.
starter() {
    local log=$WORK/starter-$1.log line missing=() result='the context starts, a secret is used, health is UP, the context closes'
    echo
    echo "== The starter's context on Java $1, $2"
    in_wine "$1" "$THREADS" "$log" "$3:$(class_path "$1")" io.securememory.spring.boot.autoconfigure.SimulatedPlatform \
        'Windows 10' amd64 --securememory.secrets.key.generate=32 --spring.main.banner-mode=off || missing+=('an end without error')
    for line in 'length 32' 'equal true' 'backing anonymous' 'protected 1' 'item memory-lock ACTIVE' 'health UP' closed; do
        grep -q "^$line" "$log" || missing+=("$line")
    done
    grep -E '^(length|equal|backing|protected|item|health|closed)' "$log" || true
    if [ ${#missing[@]} -gt 0 ]; then
        show "$log"
        failures=1
        result="FAILED, it lacks: $(printf '%s, ' "${missing[@]}")"
    fi
    row "$SYSTEM" "Java $1, $2, Spring Boot" 'called through Wine' "${result%, }"
}

limits() {
    cat << 'END'

What Wine cannot show of Windows:
- VirtualProtect to PAGE_NOACCESS takes the lock from pages on Windows. Wine keeps it, as Linux does. Which pages Wine has locked is
  seen in /proc; Windows shows it to nobody.
- VirtualLock may use the minimum working set on Windows. Wine's SetProcessWorkingSetSize changes nothing; RLIMIT_MEMLOCK limits.
- WerRegisterExcludedMemoryBlock does not exist in this Wine. The library goes on without it, as on old versions of Windows.
- Error numbers are Wine's, see the lines that begin with "shown": freeing twice is another error, unlocking twice none.
- Functions are found by the addresses that the host hands in, not by name; JNA uses its call flag for the Windows convention.
- JVM, garbage collection and signals are those of Linux.
END
}

main() {
    local path
    prepare
    sequence
    try 25 Ffm FFM
    try 25 Jna JNA
    try 17 Jna JNA
    path=$(starter_path)
    starter 25 FFM "$path"
    starter 17 JNA "$path"
    limits
    [ $failures = 0 ] || fail 'something is not as expected' 'see the lines above that begin with "failed:" or "WRONG"'
}

main "$@"
