# Functions that the checks of platforms share. Each check begins with:  . "$(dirname "$0")/../lib.sh"
# shellcheck shell=bash

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Working files of the check that runs. What is fetched is kept here, for the next run.
WORK=$ROOT/target/platforms/$(basename "$0" .sh)
export ROOT WORK
mkdir -p "$WORK"

# fail REASON REMEDY: ends the check, which is then recorded as failed.
fail() {
    echo "FAILED: $1"
    echo "Remedy: $2"
    exit 1
}

# row SYSTEM JAVA-AND-NATIVE-ACCESS HOW RESULT: a row of the table. docs/platforms.md says what HOW may be.
row() {
    echo "@row $1 | $2 | $3 | $4"
}

# debian COMMAND=PACKAGE...: installs the Debian package of each command that is missing.
debian() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%=*}" > /dev/null || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} -eq 0 ] || debian_packages "${missing[@]}"
}

# debian_packages PACKAGE...: installs Debian packages that are not there yet.
debian_packages() {
    local name missing=()
    for name in "$@"; do
        dpkg-query -W -f '${Status}' "$name" 2> /dev/null | grep -q 'ok installed' || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return
    [ "$(id -u)" = 0 ] || fail "these Debian packages are missing: ${missing[*]}" "apt-get install ${missing[*]}"
    local log=$WORK/apt.log
    apt-get -o DPkg::Lock::Timeout=600 update > "$log" 2>&1 || true # The installation says whether this was enough.
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends \
        "${missing[@]}" >> "$log" 2>&1 \
        || { tail -n 5 "$log"; fail "apt-get cannot install ${missing[*]}" "apt-get install ${missing[*]}"; }
}

# jdk VERSION: prints the home of a JDK on this machine: that of JAVA<VERSION>_HOME, or one of /usr/lib/jvm.
jdk() {
    local variable=JAVA$1_HOME home
    for home in "${!variable:-}" /usr/lib/jvm/*; do
        if [ -x "$home/bin/javac" ] && grep -q "^JAVA_VERSION=\"$1[.\"]" "$home/release" 2> /dev/null; then
            echo "$home"
            return
        fi
    done
    echo "FAILED: there is no JDK $1 in $variable or /usr/lib/jvm. Remedy: install one, and set $variable" >&2
    return 1
}

# compile_tests: compiles the core, its tests and their support from this checkout, and sets
#   CLASSES   directories, those for Java 22 and later first (a directory is never multi-release)
#   LIBRARIES the jars that the core's tests need
compile_tests() {
    local core=$ROOT/securememory-core list=$WORK/libraries.txt log=$WORK/compile.log
    (cd "$ROOT" && nice -n 10 ./mvnw -q test-compile dependency:build-classpath \
        -pl securememory-test-support,securememory-core -Dmdep.outputFile="$list" -Dmdep.includeScope=test) \
        > "$log" 2>&1 || { tail -n 40 "$log"; fail "the tests do not compile" "./mvnw test-compile"; }
    CLASSES_17=$core/target/classes
    CLASSES_22=$core/target/classes/META-INF/versions/22
    TEST_CLASSES=$core/target/test-classes:$ROOT/securememory-test-support/target/classes
    LIBRARIES=$(tr ':' '\n' < "$list" | grep '\.jar$' | paste -sd :)
    export CLASSES_17 CLASSES_22 TEST_CLASSES LIBRARIES
}

# test_names JAVA-VERSION LIST: prints the classes of a list: of those for one kind of native access, those for what this library
# uses on that Java.
test_names() {
    local other=Ffm
    [ "$1" -lt 22 ] || other=Jna
    grep -v '^#' "$2" | grep . | grep -vF ".$other"
}

# class_path JAVA-VERSION: prints the class path of the core's tests on that Java, after compile_tests.
class_path() {
    local newest=$CLASSES_22:
    [ "$1" -ge 22 ] || newest=
    echo "$newest$CLASSES_17:$TEST_CLASSES:$LIBRARIES"
}

# applications: packages the sample of this checkout, compiles the programs of platforms/programs, and sets
#   APPLICATIONS  a directory with sample-app.jar, lib (the jars that it needs) and classes (the programs)
#   PROGRAM_PATH  the class path of the programs below that directory, which is named by the first argument
applications() {
    local below=$1 log=$WORK/package.log
    APPLICATIONS=$WORK/applications
    package_sample "$log"
    rm -rf "$APPLICATIONS"
    "$(jdk 25)/bin/java" -Djarmode=tools -jar "$ROOT/sample-app/target/sample-app.jar" extract \
        --destination "$APPLICATIONS" > "$log"
    mkdir "$APPLICATIONS/classes"
    PROGRAM_PATH=$(cd "$APPLICATIONS" && printf ":$below/%s" classes lib/{securememory-core,slf4j-api,jspecify,logback}-*.jar \
        lib/jna-[0-9]*.jar)
    PROGRAM_PATH=${PROGRAM_PATH#:}
    "$(jdk 17)/bin/javac" --release 17 -Xlint:all -Werror -d "$APPLICATIONS/classes" \
        -cp "${PROGRAM_PATH//"$below"/"$APPLICATIONS"}" "$ROOT"/platforms/programs/*.java
    chmod -R a+rX "$APPLICATIONS"
    export APPLICATIONS PROGRAM_PATH
}

# package_sample LOG: packages the sample, unless nothing has changed since a check did so.
package_sample() {
    local jar=$ROOT/sample-app/target/sample-app.jar packaged=$ROOT/target/platforms/packaged
    if [ -e "$jar" ] && [ -e "$packaged" ] && [ -z "$(find "$ROOT" -name target -prune -o -name .git -prune \
        -o \( -path '*/src/main/*' -o -name pom.xml \) -newer "$packaged" -print -quit)" ]; then
        return
    fi
    touch "$packaged.now"
    (cd "$ROOT" && nice -n 10 ./mvnw -q -DskipTests package -pl sample-app -am) > "$1" 2>&1 \
        || { tail -n 40 "$1"; fail "the sample cannot be packaged" "./mvnw -DskipTests package"; }
    mv "$packaged.now" "$packaged"
}
