#!/usr/bin/env bash
#
# Shows which core dumps the kernel makes of a process with securememory.core-dumps=disable-process, and what the library
# reports: with dumps to files, to a pipe (as for systemd-coredump and apport), and to a socket (Linux 6.16 and later),
# under an unlimited hard limit and one of 0, for SIGABRT and for SIGSEGV. The control is a process without the option.
#
# Changes kernel.core_pattern of the whole machine, and restores it in every case: other programs that crash meanwhile
# are dumped to the directory of this check. Needs root. Takes about three minutes.

. "$(dirname "$0")/../lib.sh"

PATTERN=/proc/sys/kernel/core_pattern
DUMPS=$WORK/dumps
OUTPUT=$WORK/output.txt
PROGRAM='' LISTENER=''
RIGHT=0 WRONG=0

undo() {
    printf '%s' "$BEFORE" > "$PATTERN"
    [ -z "$PROGRAM" ] || kill -KILL "$PROGRAM" 2> /dev/null || true
    if [ -n "$LISTENER" ]; then
        kill -KILL "$LISTENER" 2> /dev/null || true
        wait "$LISTENER" 2> /dev/null || true
    fi
    rm -rf "$DUMPS"
}

# The program that the kernel starts for a pipe. It gets the process and the dump.
handler() {
    cat > "$DUMPS/handler" << 'HANDLER'
#!/bin/sh
exec /bin/cat > "$(/usr/bin/dirname "$0")/dump.$1"
HANDLER
    chmod 755 "$DUMPS/handler"
}

# Listens on a socket, to which the kernel writes dumps.
listen() {
    socat -u "UNIX-LISTEN:$DUMPS/socket,fork" "SYSTEM:cat > $DUMPS/dump.\$\$" &
    LISTENER=$!
    until_true 100 test -S "$DUMPS/socket" || fail "nothing listens on a socket" "see whether socat works here"
}

# until_true TENTHS COMMAND...: waits until a command succeeds.
until_true() {
    local tries=$1
    shift
    while ! "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

# start VERSION HARD-LIMIT OPTION: starts the program, and waits until it has reported.
start() {
    local options=()
    [ "$1" = 17 ] || options=(--enable-native-access=ALL-UNNAMED)
    rm -f "$WORK/input" "$OUTPUT"
    mkfifo "$WORK/input"
    : > "$OUTPUT"
    (
        cd "$DUMPS" || exit
        exec prlimit "--core=$2:$2" "$(jdk "$1")/bin/java" -XX:+UseSerialGC -Xmx32m -XX:TieredStopAtLevel=1 \
            -XX:ErrorFile="$WORK/hs_err.log" "${options[@]}" -cp "$PROGRAM_PATH" Trial wait "dumps=$3" \
            < "$WORK/input" > "$OUTPUT" 2>&1
    ) &
    PROGRAM=$!
    exec 3> "$WORK/input"
    until_true 600 grep -q '^waiting' "$OUTPUT" || { cat "$OUTPUT"; fail "the program does not run" "see its output"; }
}

# A dump is complete when its writer has closed it: nobody has it open, and its size stays.
dumped() {
    find "$DUMPS" -name 'dump.*' -size +1M | grep -q .
}

# crash VERSION HARD-LIMIT OPTION SIGNAL: lets a program crash; sets DUMPED to the number of dumps, 0 or 1, and STATE to
# what the library has reported.
crash() {
    rm -f "$DUMPS"/dump.*
    start "$1" "$2" "$3"
    STATE=$(sed -n 's/^core-dumps-disabled \([A-Z]*\):.*/\1/p' "$OUTPUT")
    kill "-$4" "$PROGRAM"
    wait "$PROGRAM" 2> /dev/null || true
    PROGRAM=
    exec 3>&-
    # The kernel has written a file when the process has ended. What a handler got, it writes within this time.
    DUMPED=0
    if until_true 30 dumped; then
        DUMPED=1
    fi
}

# judge EXPECTED-DUMPED EXPECTED-STATE NAME: compares and prints the last crash.
judge() {
    local verdict='as expected'
    if [ "$DUMPED $STATE" = "$1 $2" ]; then
        RIGHT=$((RIGHT + 1))
    else
        verdict="UNEXPECTED, expected dumps: $1, report: $2"
        WRONG=$((WRONG + 1))
        cat "$OUTPUT"
    fi
    echo "$3: dumps: $DUMPED, report: $STATE ($verdict)"
}

# cases VERSION TARGET UNLIMITED-STATE: all cases of a target. Whether 0 is effective depends on the target.
cases() {
    local signal
    for signal in ABRT SEGV; do
        crash "$1" unlimited EXCLUDE_REGIONS "$signal"
        judge 1 OFF "Java $1, $2, SIG$signal, without the option (control)"
    done
    for signal in ABRT SEGV; do
        crash "$1" unlimited DISABLE_PROCESS "$signal"
        case $2 in
            socket) judge 1 FAILED "Java $1, $2, SIG$signal, disabled" ;;
            *) judge 0 ACTIVE "Java $1, $2, SIG$signal, disabled" ;;
        esac
    done
    crash "$1" 0 DISABLE_PROCESS ABRT
    case $2 in
        file) judge 0 ACTIVE "Java $1, $2, SIGABRT, disabled, hard limit 0" ;;
        *) judge 1 FAILED "Java $1, $2, SIGABRT, disabled, hard limit 0" ;;
    esac
}

# target NAME PATTERN RESULT: all cases of one pattern on each Java, and their row.
target() {
    echo
    echo "== core_pattern is a $1"
    RIGHT=0 WRONG=0
    printf '%s' "$2" > "$PATTERN" || fail "core_pattern cannot be set to a $1" "run this as root on a machine of its own"
    cases 17 "$1"
    cases 25 "$1"
    grep -A 1 '^core-dumps-disabled' "$OUTPUT"
    printf '%s' "$BEFORE" > "$PATTERN"
    row "Linux $(uname -m), core dumps to a $1" '17 JNA and 25 FFM' 'run natively' \
        "$RIGHT of $((RIGHT + WRONG)) cases as expected: $3"
    [ "$WRONG" = 0 ] || fail "$WRONG cases had another outcome than expected" 'see UNEXPECTED above'
}

main() {
    [ "$(id -u)" = 0 ] || fail "core_pattern is for root only" "run this as root"
    debian socat=socat prlimit=util-linux
    applications "$WORK/applications"
    BEFORE=$(cat "$PATTERN")
    trap undo EXIT
    rm -rf "$DUMPS"
    mkdir -p "$DUMPS"
    handler
    target file "$DUMPS/dump.%p" 'none if disabled'
    target pipe "|$DUMPS/handler %p" 'none if disabled; with a hard limit of 0 the handler gets one, and the report says so'
    # Kernels with sockets refuse one that is not absolute. To older ones this is a file.
    if ! printf '@relative' 2> /dev/null > "$PATTERN"; then
        listen
        target socket "@$DUMPS/socket" 'the kernel applies no limit, and the report says so'
    else
        row "Linux $(uname -m), core dumps to a socket" '17 JNA and 25 FFM' 'not run' "Linux $(uname -r) has no such core dumps"
    fi
}

main
