#!/usr/bin/env bash
#
# Shows what happens in containers that permit less than a whole machine does, and what an operator reads there: little
# or no lockable memory, file systems that are read-only or noexec, seccomp profiles that deny calls, a limit of memory,
# and -Xrs. The containers are made by platforms/containers/container, without Docker.
#
# Each case has an outcome that is expected; if another one comes, the case is printed and the check fails. Needs root,
# and a memory cgroup of version 1. Takes about eight minutes.

. "$(dirname "$0")/../lib.sh"

CONTAINER=$ROOT/platforms/containers/container
CGROUP=/sys/fs/cgroup/memory/securememory-$$
OUTPUT=$WORK/output.txt
READY='Secure memory has in force|Secure memory lacks'
UNEXPECTED=0

# Whatever was made is undone. The containers' mounts end with them.
undo() {
    if [ -n "${RUNNING:-}" ]; then
        kill -KILL "$(innermost "$RUNNING")" 2> /dev/null || true
        wait "$RUNNING" 2> /dev/null || true
    fi
    [ ! -d "$CGROUP" ] || rmdir "$CGROUP"
}

java_home() {
    [ "$1" = 17 ] && echo "$JAVA_17" || echo "$JAVA_25"
}

# java_command VERSION: prints the command, which may call native code.
java_command() {
    printf '%s ' /java/bin/java -XX:+UseSerialGC -Xmx64m -XX:TieredStopAtLevel=1
    [ "$1" = 17 ] || printf '%s ' --enable-native-access=ALL-UNNAMED
}

access() {
    [ "$1" = 17 ] && echo 17 JNA || echo 25 FFM
}

# trial VERSION CONTAINER-OPTION... -- ARGUMENT...: runs the program Trial to its end; sets CODE.
trial() {
    local version=$1 options=()
    shift
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    CODE=0
    # shellcheck disable=SC2046
    timeout --foreground --signal KILL 120 "$CONTAINER" --bind "$(java_home "$version")=/java" --bind "$APPLICATIONS=/app" "${options[@]}" -- \
        $(java_command "$version") -cp "$PROGRAM_PATH" Trial "$@" > "$OUTPUT" 2>&1 || CODE=$?
}

# sample VERSION SIGNAL CONTAINER-OPTION... -- JVM-OPTION... -- ARGUMENT...: starts the sample, sends the signal when it
# is ready, and waits for its end; sets CODE.
sample() {
    local version=$1 signal=$2 options=() jvm=()
    shift 2
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    while [ "$1" != -- ]; do jvm+=("$1"); shift; done
    shift
    : > "$OUTPUT"
    # shellcheck disable=SC2046
    WEBHOOK_KEY_FILE=/key/key timeout --foreground --signal KILL 120 "$CONTAINER" --bind "$(java_home "$version")=/java" \
        --bind "$APPLICATIONS=/app" --bind "$WORK/key=/key" "${options[@]}" -- \
        $(java_command "$version") "${jvm[@]}" -jar /app/sample-app.jar --server.port=0 "$@" > "$OUTPUT" 2>&1 &
    RUNNING=$!
    await_sample "$signal"
    CODE=0
    wait "$RUNNING" || CODE=$?
    RUNNING=
}

# Waits until the sample is ready or has ended, and sends the signal in the first case.
await_sample() {
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        grep -qE "$READY" "$OUTPUT" && break
        kill -0 "$RUNNING" 2> /dev/null || return 0
        sleep 0.1
    done
    kill "-$1" "$(innermost "$RUNNING")" || true
    [ "$1" = TERM ] || await_purge
}

# Waits for the purge that a signal asks for, and then ends the sample, which goes on.
await_purge() {
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        grep -q 'Secure memory purged' "$OUTPUT" && break
        sleep 0.1
    done
    kill -TERM "$(innermost "$RUNNING")" || true
}

# innermost PROCESS: prints the last process of a chain of processes that start each other.
innermost() {
    local process=$1 next
    next=$(cut -d ' ' -f 1 "/proc/$process/task/$process/children" 2> /dev/null || true)
    while [ -n "$next" ]; do
        process=$next
        next=$(cut -d ' ' -f 1 "/proc/$process/task/$process/children" 2> /dev/null || true)
    done
    echo "$process"
}

# expect CODE TEXT...: the outcome of the last run. A text that begins with ! must be missing. Sets OUTCOME.
expect() {
    local code=$1 text wrong=''
    shift
    [ "$CODE" = "$code" ] || wrong="it ended with $CODE, expected $code"
    for text in "$@"; do
        if [ "${text#!}" != "$text" ]; then
            ! grep -qF -- "${text#!}" "$OUTPUT" || wrong="it said: ${text#!}"
        else
            grep -qF -- "$text" "$OUTPUT" || wrong="it did not say: $text"
        fi
    done
    OUTCOME=$wrong
}

# conclude NAME VERSION RESULT: prints what the operator reads in a case, and counts it.
conclude() {
    echo
    echo "== $1, Java $(access "$2"): ${OUTCOME:+UNEXPECTED: }${OUTCOME:-$3}"
    told | sed 's/^/    /'
    CASES=$((CASES + 1))
    [ -z "$OUTCOME" ] || { FAILED=$((FAILED + 1)); sed 's/^/    | /' "$OUTPUT"; }
}

# group FUNCTION NAME: runs the cases of a function, and prints their row.
group() {
    CASES=0 FAILED=0
    "$1"
    echo
    row "Linux $(uname -m), containers: $2" '17 JNA and 25 FFM' 'run natively' \
        "$((CASES - FAILED)) of $CASES cases as expected"
    UNEXPECTED=$((UNEXPECTED + FAILED))
}

# What an operator reads: the analysis of a start that failed, or the log without the banner and without what is in order.
told() {
    if grep -q '^Description:' "$OUTPUT"; then
        sed -n '/^Description:/,$p' "$OUTPUT" | grep -v '^$'
        return
    fi
    sed -E -e '/ RISK: /{N;d}' -e '/ UNKNOWN: /d' -e 's/^[0-9T:.Z-]+ +(\[main\] )?//' -e 's/ [0-9]+ --- \[[^]]*\] \[[^]]*\]//' "$OUTPUT" \
        | grep -E 'REFUSED|WARN |FAILED|^Java |Remedy|Cannot|cannot|refused|signal|Signal' \
        | grep -vE 'ConfigServletWeb|LoggingFailure' || true
}

# both NAME RESULT EXPECTED-CODE EXPECTED-TEXT... -- CONTAINER-OPTION... -- ARGUMENT...: a case of the program on each Java.
both() {
    local name=$1 result=$2 expected=() version
    shift 2
    while [ "$1" != -- ]; do expected+=("$1"); shift; done
    shift
    for version in 17 25; do
        trial "$version" "$@"
        expect "${expected[@]}"
        conclude "$name" "$version" "$result"
    done
}

IN_FORCE=('memory-lock ACTIVE' 'dump-exclusion ACTIVE' 'fork-exclusion ACTIVE' 'no-access-at-rest ACTIVE' 'unlocked 0' 'done')
LIMIT=('MemoryLimitException' 'Docker: --ulimit memlock' "Kubernetes: raise the node runtime's memlock limit"
    'for root only, add the capability IPC_LOCK' 'Or set the lock policy to best-effort')

limits() {
    both 'nobody, no capabilities, limit 8 MiB, read-only root' 'all protections are in force' \
        0 "${IN_FORCE[@]}" -- --memlock 8388608 --
    both 'limit 64 KiB' 'all protections are in force' 0 "${IN_FORCE[@]}" -- --memlock 65536 --
    both 'limit 64 KiB, more secrets than fit' 'a secret that does not fit is refused with the remedies' \
        3 "${LIMIT[@]}" 'the limit is 65536 bytes' -- --memlock 65536 -- fill=2
    both 'limit 0' 'refused with the remedies' 3 "${LIMIT[@]}" 'the limit is 0 bytes' '!done' -- --memlock 0 --
    both 'limit 0, policy best-effort' 'works, and reports that memory may be swapped' \
        0 'memory-lock FAILED: Not in force: pages with secrets may be written to swap' 'Docker: --ulimit memlock' \
        '!unlocked 0' 'done' -- --memlock 0 -- policy=BEST_EFFORT
    both 'root with its capabilities, limit 0' 'all protections are in force' \
        0 "${IN_FORCE[@]}" -- --user root --memlock 0 --
}

file_systems() {
    local refused=('UnsupportedPlatformException: JNA' 'cannot load its native library' 'set -Djna.tmpdir to another one')
    trial 17 --tmp noexec --
    expect 3 "${refused[@]}" 'is mounted noexec'
    conclude '/tmp mounted noexec' 17 'JNA cannot unpack its library: refused with the remedies'
    trial 25 --tmp noexec --
    expect 0 "${IN_FORCE[@]}"
    conclude '/tmp mounted noexec' 25 'all protections are in force'
    trial 17 --tmp none --
    expect 3 "${refused[@]}" 'cannot be written'
    conclude 'no directory can be written' 17 'JNA cannot unpack its library: refused with the remedies'
    trial 25 --tmp none --
    expect 0 "${IN_FORCE[@]}"
    conclude 'no directory can be written' 25 'all protections are in force'
}

# Numbers of madvise: 16 DONTDUMP, 18 WIPEONFORK, 10 DONTFORK.
denials() {
    local error
    for error in EPERM ENOSYS; do
        both "mlock denied by $error" 'refused with the remedies' 3 "mlock failed with errno" "$error" 'seccomp' \
            'Or set the lock policy to best-effort' '!--ulimit' -- --deny "mlock=$error" --
        both "mlock denied by $error, policy best-effort" 'works, and reports that memory may be swapped' 0 \
            'memory-lock FAILED' "$error" '!unlocked 0' 'done' -- --deny "mlock=$error" -- policy=BEST_EFFORT
        both "memfd_secret denied by $error, backing memfd-secret" 'anonymous memory instead, with a warning' 0 \
            'memfd_secret cannot be used here; secrets are kept in locked anonymous memory' 'memory anonymous' \
            "${IN_FORCE[@]}" -- --deny "memfd_secret=$error" -- backing=MEMFD_SECRET
        both "madvise DONTDUMP denied by $error" 'refused with the reason' 3 'madvise(DONTDUMP) failed with errno' \
            "$error" 'seccomp' '!lock policy' -- --deny "madvise:16=$error" --
        both "madvise WIPEONFORK denied by $error" 'all protections are in force, by DONTFORK' 0 \
            'VmFlags has dc' "${IN_FORCE[@]}" -- --deny "madvise:18=$error" --
        both "madvise DONTFORK denied by $error" 'all protections are in force, by WIPEONFORK' 0 \
            'VmFlags has wf' "${IN_FORCE[@]}" -- --deny "madvise:10=$error" --
        both "madvise WIPEONFORK and DONTFORK denied by $error" 'refused with the reason' 3 \
            'madvise(DONTFORK) failed with errno' "$error" 'seccomp' -- \
            --deny "madvise:18=$error" --deny "madvise:10=$error" --
        both "every madvise denied by $error" 'refused with the reason' 3 'madvise(DONTDUMP) failed with errno' \
            "$error" 'seccomp' -- --deny "madvise=$error" --
    done
    both 'backing memfd-secret' 'all protections are in force, in memory that the kernel cannot read' 0 \
        'memory memfd-secret' "${IN_FORCE[@]}" -- -- backing=MEMFD_SECRET
}

# Prints how many processes the kernel has ended in the cgroup for lack of memory.
ended() {
    sed -n 's/^oom_kill //p' "$CGROUP/memory.oom_control"
}

# Locked memory counts against the cgroup. If it is full, the kernel ends the process, of which nothing is told.
memory_limit() {
    local version before
    mkdir "$CGROUP"
    echo $((192 << 20)) > "$CGROUP/memory.limit_in_bytes"
    both 'memory limit of 192 MiB' 'all protections are in force' 0 "${IN_FORCE[@]}" -- --cgroup "$CGROUP" --
    for version in 17 25; do
        before=$(ended)
        trial "$version" --cgroup "$CGROUP" --user root -- fill=4096
        echo "REFUSED: the kernel ended $(($(ended) - before)) process for lack of memory" >> "$OUTPUT"
        expect 1 'ok: a protected secret is read' 'the kernel ended 1 process' '!done' '!WRONG'
        conclude 'memory limit of 192 MiB, 256 MiB of secrets, root' "$version" \
            'the kernel ends the process at the limit of the container'
    done
    both 'memory limit of 192 MiB, 256 MiB of secrets, root, own limit of 32 MiB' \
        'a secret that does not fit is refused with the remedies' 3 MemoryLimitException 'the limit is 33554432 bytes' -- \
        --cgroup "$CGROUP" --user root -- fill=4096 limit=33554432 when=FAIL
}

# starter NAME VERSION RESULT EXPECTED... = SIGNAL CONTAINER-OPTION... -- JVM-OPTION... -- ARGUMENT...: a case of the sample.
starter() {
    local name=$1 version=$2 result=$3 expected=()
    shift 3
    while [ "$1" != = ]; do expected+=("$1"); shift; done
    shift
    sample "$version" "$@"
    expect "${expected[@]}"
    conclude "$name, Spring Boot" "$version" "$result"
}

started() {
    local version failed='APPLICATION FAILED TO START'
    for version in 17 25; do
        starter 'limit 8 MiB' "$version" 'all protections are in force, and SIGTERM wipes the key' 143 \
            'has in force: memory-lock, dump-exclusion, fork-exclusion, guard-pages, no-access-at-rest' 'closed: 1 secret wiped' '!WARN ' \
            = TERM -- --
        starter 'limit 0' "$version" 'the start fails with the remedies' 1 "$failed" \
            "The secret 'webhook-key'" 'the limit is 0 bytes' 'Docker: --ulimit memlock' securememory.mlock.policy \
            = TERM --memlock 0 -- --
        starter 'mlock denied by EPERM' "$version" 'the start fails with the remedies' 1 "$failed" \
            'mlock failed with error number 1 (EPERM)' seccompProfile securememory.mlock.policy '!--ulimit' \
            = TERM --deny mlock=EPERM -- --
        starter 'madvise DONTDUMP denied by EPERM' "$version" 'the start fails with the reason' 1 "$failed" \
            'madvise(DONTDUMP) failed with error number 1 (EPERM)' '!securememory.mlock.policy' \
            = TERM --deny madvise:16=EPERM -- --
        starter '-Xrs and securememory.signals' "$version" 'the start fails, and names the signal and -Xrs' 1 "$failed" \
            "Invalid value 'HUP' for configuration property 'securememory.signals.names'" 'the JVM was started with -Xrs' \
            securememory.signals.enabled=false 'closed: 1 secret wiped' = TERM -- -Xrs -- --securememory.signals.enabled=true
        starter '-Xrs and securememory.signals for USR1' "$version" 'the start fails, and names the signal and -Xrs' 1 \
            "$failed" "Invalid value 'USR1' for configuration property 'securememory.signals.names'" \
            'the JVM was started with -Xrs' 'closed: 1 secret wiped' \
            = TERM -- -Xrs -- --securememory.signals.enabled=true --securememory.signals.names=USR1
        starter 'securememory.signals for USR1' "$version" 'SIGUSR1 wipes the key, and the sample goes on' 143 \
            'Signal USR1: everything in Secure Memory is wiped now' 'Secure memory purged: 1 wiped' \
            = USR1 -- -- --securememory.signals.enabled=true --securememory.signals.names=USR1
    done
    starter '/tmp mounted noexec' 17 'the start fails with the remedies' 1 "$failed" \
        'is mounted noexec' '-Djna.tmpdir=<directory>' 'Docker mounts --tmpfs noexec unless exec is added' '-Djna.nosys=false' \
        = TERM --tmp noexec -- --
    starter '/tmp mounted noexec' 25 'works, and SIGTERM wipes the key' 143 'closed: 1 secret wiped' '!WARN ' \
        = TERM --tmp noexec -- --
}

# A key that only the user of the container may read.
key() {
    mkdir -p "$WORK/key"
    head -c 24 /dev/urandom | base64 > "$WORK/key/key"
    chown 65534:65534 "$WORK/key/key"
    chmod 400 "$WORK/key/key"
}

main() {
    [ "$(id -u)" = 0 ] || fail "containers are made by root only" "run this as root"
    [ -f /sys/fs/cgroup/memory/memory.limit_in_bytes ] \
        || fail "there is no memory cgroup of version 1" "start the kernel with systemd.unified_cgroup_hierarchy=0"
    debian gcc=gcc setpriv=util-linux
    debian_packages libseccomp-dev libc6-dev
    JAVA_17=$(jdk 17)
    JAVA_25=$(jdk 25)
    trap undo EXIT
    applications /app
    key
    mkdir -p "$WORK/deny"
    export DENY=$WORK/deny/deny
    gcc -Wall -Wextra -Werror -o "$DENY" "$ROOT/platforms/containers/deny.c" -lseccomp
    group limits 'limits of locked memory, for nobody and for root'
    group file_systems 'read-only file systems, noexec'
    group denials 'seccomp profiles that deny mlock, memfd_secret, or advices of madvise, by EPERM and by ENOSYS'
    group memory_limit 'limit of the memory cgroup'
    group started 'the sample with Spring Boot, limits, seccomp profiles, noexec, -Xrs'
    [ "$UNEXPECTED" = 0 ] || fail "$UNEXPECTED cases had another outcome than expected" 'see UNEXPECTED above'
}

main
