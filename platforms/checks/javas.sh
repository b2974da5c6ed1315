#!/usr/bin/env bash
#
# Shows the builds and the images of Java that the library runs on, without a warning at the start: Temurin 25 and Debian's
# 17 and 21, images of jlink and jpackage, an archive of classes (AppCDS) and an ahead-of-time cache (Java 25). The program
# creates, reads, seals, signs and purges. The archives are made by a run with secrets, and must not hold them.
#
# jlink images are checked by the tests that the build has for them. Takes about ten minutes.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../foreign.sh"

OUTPUT=$WORK/output.txt

# run NAME COMMAND...: runs the program, which must do everything and warn of nothing.
run() {
    local name=$1 code=0
    shift
    "$@" > "$OUTPUT" 2>&1 || code=$?
    echo
    echo "== $name"
    sed -e '/ RISK: /{N;d}' -e '/ OFF: /d' -e 's/^[0-9:.]* \[main\] //' "$OUTPUT"
    [ "$code" = 0 ] || fail "$name: the program ended with $code" "see its output above"
    grep -q '^done$' "$OUTPUT" || fail "$name: the program was not done" "see its output above"
    ! grep -qiE 'warn' "$OUTPUT" || fail "$name: it warns at the start" "see its output above"
    ! grep -qE ' FAILED: |WRONG' "$OUTPUT" || fail "$name: not all protections are in force" "see its output above"
}

# native VERSION: prints the options of a Java that may call native code.
native() {
    [ "$1" -lt 22 ] || echo --enable-native-access=ALL-UNNAMED
}

result() {
    sed -n 's/^\(Java .* by [a-z]*\),.*/\1: everything works, without a warning/p' "$OUTPUT"
}

# name_of HOME: prints vendor and version of a Java.
name_of() {
    sed -n -E 's/^(IMPLEMENTOR|JAVA_RUNTIME_VERSION)="(.*)"/\2/p' "$1/release" | paste -sd ' '
}

installed() {
    local version home
    for version in 17 25; do
        home=$(jdk "$version")
        # shellcheck disable=SC2046
        run "$(name_of "$home")" "$home/bin/java" $(native "$version") -cp "$PROGRAM_PATH" Trial
        row "Linux $(uname -m), $(name_of "$home")" "$(native_name "$version")" 'run natively' "$(result)"
    done
}

native_name() {
    [ "$1" -lt 22 ] && echo "$1 JNA" || echo "$1 FFM"
}

# The Java 21 of Debian, from the oldest release of Debian that has one, in a root directory with its own C library. What is
# mounted there is in a mount namespace, and gone at the end.
debian_21() {
    jre "$(dpkg --print-architecture)" 21
    # shellcheck disable=SC2016
    run "Debian's OpenJDK 21" unshare --mount --propagation private bash -c '
        set -e
        root=$1 java=$2 applications=$3 path=$4
        mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/applications"
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount --bind "$applications" "$root/applications"
        exec chroot "$root" "$java/bin/java" -cp "$path" Trial
        ' - "$JRE_ROOT" "${JRE#"$JRE_ROOT"}" "$APPLICATIONS" "${PROGRAM_PATH//"$APPLICATIONS"//applications}"
    row "Linux $(uname -m), $(name_of "$JRE")" '21 JNA' 'run natively' "$(result)"
}

# The tests of the build over the packaged jar: on the class path, on the module path, and in images of jlink.
linked() {
    local log=$WORK/linked.log
    (cd "$ROOT" && nice -n 10 ./mvnw verify -Dboth.javas.required -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
        -Dit.test='LinkedImageIT,PackagedJarIT' -Dfailsafe.failIfNoSpecifiedTests=false \
        -pl securememory-test-support,securememory-core) > "$log" 2>&1 || { tail -n 40 "$log"; fail "the tests fail" "see $log"; }
    echo
    echo "== images of jlink and the packaged jar"
    grep -E 'Tests run: [1-9].* in io' "$log" | sed 's/.*Tests run/Tests run/'
    [ "$(grep -cE 'Tests run: [1-9].* in io.securememory.LinkedImageIT' "$log")" = 2 ] \
        || fail "the tests of images did not run on both Javas" "see $log"
    row "Linux $(uname -m), images of jlink, class path and module path" '17 JNA and 25 FFM' 'run natively' \
        "$(grep -E 'Tests run: [1-9].* in io' "$log" \
            | awk -F '[:,]' '{ run += $2 - $8; failed += $4 + $6 } END { print run " tests, " failed " failed" }')"
}

# An application of jpackage, with the image of Java that it makes.
packaged() {
    local input=$WORK/input target=$WORK/jpackage version=25 home
    home=$(jdk "$version")
    rm -rf "$input" "$target"
    mkdir -p "$input"
    cp "$APPLICATIONS"/lib/*.jar "$input"
    "$home/bin/jar" --create --file "$input/trial.jar" -C "$APPLICATIONS/classes" .
    "$home/bin/jpackage" --type app-image --name trial --dest "$target" --input "$input" --main-jar trial.jar \
        --main-class Trial --java-options "$(native "$version")" --add-modules java.base,java.logging,java.naming,java.xml
    run "an application of jpackage" "$target/trial/bin/trial"
    row "Linux $(uname -m), jpackage (app-image)" "$(native_name "$version")" 'run natively' "$(result)"
}

# An archive of the classes, made at the end of a run.
archived() {
    local version home archive=$WORK/classes.jsa
    for version in 17 25; do
        home=$(jdk "$version")
        rm -f "$archive"
        # shellcheck disable=SC2046
        run "Java $version that makes an archive of classes" "$home/bin/java" -XX:ArchiveClassesAtExit="$archive" \
            -Xlog:cds=off -Xlog:cds+dynamic=off $(native "$version") -cp "$JARS" Trial
        # shellcheck disable=SC2046
        run "Java $version with the archive" "$home/bin/java" -XX:SharedArchiveFile="$archive" -Xshare:on \
            -Xlog:class+load:file="$WORK/loaded.txt" $(native "$version") -cp "$JARS" Trial
        grep -q 'io.securememory.SecureMemory source: shared objects file (top)' "$WORK/loaded.txt" \
            || fail "the library was not loaded from the archive" "see $WORK/loaded.txt"
        row "Linux $(uname -m), archive of classes (AppCDS)" "$(native_name "$version")" 'run natively' \
            "$(result); $(from_archive 'shared objects file (top)') of its classes come from the archive"
    done
}

from_archive() {
    grep -cF "source: $1" <(grep ' io\.securememory\.' "$WORK/loaded.txt")
}

# A cache of loaded and linked classes and of profiles, made at the end of a run.
cached() {
    local home cache=$WORK/trial.aot
    home=$(jdk 25)
    rm -f "$cache"
    run 'Java 25 that makes an ahead-of-time cache' "$home/bin/java" -XX:AOTCacheOutput="$cache" -Xlog:aot=off -Xlog:cds=off \
        "$(native 25)" -cp "$JARS" Trial
    [ -s "$cache" ] || fail "Java 25 made no cache" "see its output above"
    run 'Java 25 with the cache' "$home/bin/java" -XX:AOTCache="$cache" -XX:AOTMode=on \
        -Xlog:class+load:file="$WORK/loaded.txt" "$(native 25)" -cp "$JARS" Trial
    row "Linux $(uname -m), ahead-of-time cache" '25 FFM' 'run natively' \
        "$(result); $(from_archive 'shared objects file') of its classes come from the cache"
}

# start_and_end HOME CACHE: starts the sample with a cache, and ends it when it has said what is in force.
start_and_end() {
    local sample tries
    : > "$OUTPUT"
    (
        cd "$APPLICATIONS" || exit
        WEBHOOK_KEY_FILE=$WORK/key exec "$1/bin/java" -XX:AOTCache="$2" -XX:AOTMode=on -jar sample-app.jar --server.port=0
    ) > "$OUTPUT" 2>&1 &
    sample=$!
    for ((tries = 0; tries < 600; tries++)); do
        grep -q 'Secure memory has in force' "$OUTPUT" && break
        kill -0 "$sample" 2> /dev/null || break
        sleep 0.1
    done
    kill "$sample" 2> /dev/null || true
    wait "$sample" || [ $? = 143 ] || { cat "$OUTPUT"; fail "the sample does not start with the cache" "see its output above"; }
}

# The sample: the key that it has loaded while the archive is made is not in the archive.
sample_archived() {
    local home key archive=$WORK/sample.aot count control
    home=$(jdk 25)
    key=$(head -c 24 /dev/urandom | base64)
    (umask 077 && printf '%s' "$key" > "$WORK/key")
    rm -f "$archive"
    (cd "$APPLICATIONS" && WEBHOOK_KEY_FILE=$WORK/key "$home/bin/java" -XX:AOTCacheOutput="$archive" \
        -Dspring.context.exit=onRefresh -jar sample-app.jar --server.port=0) \
        > "$OUTPUT" 2>&1 || { cat "$OUTPUT"; fail "the sample makes no ahead-of-time cache" "see its output above"; }
    count=$(grep -cF -- "$key" "$archive" || true)
    control=$(grep -cF -- 'io/securememory/sample/SampleApplication' "$archive" || true)
    [ "$count" = 0 ] || fail "the key is in the cache" "find out how it came there"
    [ "$control" -ge 1 ] || fail "not even the name of a class is found in the cache" "look at the form of $archive"
    start_and_end "$home" "$archive"
    ! grep -q 'WARN' "$OUTPUT" || { cat "$OUTPUT"; fail "the sample warns at the start" "see its output above"; }
    grep -q 'closed: 1 secret wiped' "$OUTPUT" || { cat "$OUTPUT"; fail "the sample did not wipe its key" "see above"; }
    echo
    echo '== the sample with an ahead-of-time cache'
    grep -E 'Started|in force|closed' "$OUTPUT"
    row "Linux $(uname -m), ahead-of-time cache of the sample with Spring Boot" '25 FFM' 'run natively' \
        "starts without a warning; its key is in the cache $count times"
}

main() {
    [ "$(id -u)" = 0 ] || fail "Debian's Java 21 is run in a root directory of its own" "run this as root"
    applications "$WORK/applications"
    # Archives take classes from jars only.
    "$(jdk 17)/bin/jar" --create --file "$APPLICATIONS/trial.jar" -C "$APPLICATIONS/classes" .
    JARS=$APPLICATIONS/trial.jar:${PROGRAM_PATH#*:}
    installed
    debian_21
    packaged
    archived
    cached
    sample_archived
    linked
}

main
