# Writes a C file that asserts what the library takes for granted about a system: one assertion a line, with its subject in a
# comment at the end.
#
#   awk -f assertions.awk -v target=SYSTEM -v loose=0|1 names.txt functions.txt NUMBERS
#
# NUMBERS is what PlatformNumbers prints. With loose=1, const is left out of declarations.

FILENAME ~ /names.txt$/ {
    if (NF >= 3 && $1 !~ /^#/ && ($1 == "*" || $1 == target)) {
        ours = $2
        own = $1 != "*"
        $1 = $2 = ""
        if (own || !(ours in expressions)) {
            expressions[ours] = trim($0)
        }
    }
    next
}

FILENAME ~ /functions.txt$/ {
    if ($1 !~ /^#/ && split($0, parts, "|") == 3) {
        name = trim(parts[1])
        results[name] = trim(parts[2])
        parameters[name] = loose ? without_const(trim(parts[3])) : trim(parts[3])
    }
    next
}

$1 == "number" && $2 == target {
    value = $3 ~ /^-?9223372036854775807$/ ? "0x7fffffffffffffffLL" : $3 "LL"
    $1 = $2 = $3 = ""
    subject = trim($0)
    expression = subject in expressions ? expressions[subject] : subject
    assert("(long long)(" expression ") == " value, subject == expression ? subject : subject " = " expression)
}

$1 == "function" && $2 == target {
    name = $3
    if (!(name in results)) {
        print "#error platforms/headers/functions.txt has no " name
        next
    }
    symbol = name
    sub(/^.*\./, "", symbol)
    assert("__builtin_types_compatible_p(__typeof__(" symbol "), " results[name] " (" parameters[name] "))", symbol "()")
    # A word holds whatever is declared. Where less is declared than passed, as of functions for random bytes, the rest is ignored.
    declared = parameters[name] == "void" ? 0 : split(parameters[name], types, /, */)
    most = NF - 4
    if ($4 == "word" || results[name] != "ssize_t" && symbol ~ /^(getentropy|arc4random_buf)$/) {
        assert(declared " <= " most, symbol "() takes no more than is passed")
    } else {
        assert(declared " == " most, symbol "() takes as much as is passed")
        assert("sizeof(" results[name] ") == sizeof(" $4 ")", symbol "(), size of the result")
    }
    for (i = 1; i <= declared && i <= most; i++) {
        if (types[i] != "...") {
            size = $(i + 4) == "word" ? " <= sizeof(long long)" : " == sizeof(" $(i + 4) ")"
            assert("sizeof(" types[i] ")" size, symbol "(), size of parameter " i)
        }
    }
}

function assert(condition, subject) {
    print "_Static_assert(" condition ", \"\"); /* " subject " */"
}

function trim(text) {
    gsub(/^[ \t]+|[ \t]+$/, "", text)
    return text
}

function without_const(text) {
    gsub(/const /, "", text)
    return text
}
